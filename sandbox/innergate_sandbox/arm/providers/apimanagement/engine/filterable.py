# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields $filter knows in which list (SDK: parameter filter of the operations that list).

All know the name. A list that is not here is not documented, and takes any field. The region of gateways is documented
and refused (GitHub issue Azure/azure-sdk-for-net 35695).
"""

from __future__ import annotations

_NAME = frozenset({"name"})
_PERSON = "firstName lastName email registrationDate note"
_SUBSCRIPTION = "displayName stateComment ownerId scope userId productId"
#: Collections as they are named below the service, without the names of items.
_FIELDS = {
    "apis": "displayName description serviceUrl path isCurrent",
    "apis/diagnostics": "",
    "apis/issues": "userId state",
    "apis/issues/attachments": "userId",
    "apis/issues/comments": "userId",
    "apis/operations": "displayName method description urlTemplate",
    "apis/operations/tags": "displayName",
    "apis/products": "displayName",
    "apis/releases": "notes",
    "apis/resolvers": "displayName description path",
    "apis/revisions": "apiRevision",
    "apis/schemas": "contentType",
    "apis/tagDescriptions": "displayName",
    "apis/tags": "displayName",
    "apis/wikis": "",
    "authorizationProviders": "displayName",
    "authorizationProviders/authorizations": "displayName",
    "authorizationProviders/authorizations/accessPolicies": "displayName",
    "authorizationServers": "displayName",
    "backends": "title url",
    "certificates": "subject thumbprint expirationDate",
    "diagnostics": "",
    "documentations": "",
    "gateways": "description",
    "gateways/apis": "",
    "gateways/certificateAuthorities": "",
    "gateways/hostnameConfigurations": "hostname",
    "groups": "displayName description externalId",
    "groups/users": _PERSON,
    "issues": "apiId title description authorName state",
    "loggers": "description loggerType resourceId",
    "namedValues": "tags displayName",
    "openidConnectProviders": "displayName",
    "policyFragments": "description value",
    "products": "displayName description terms state",
    "products/apiLinks": "apiId",
    "products/apis": "displayName description serviceUrl path",
    "products/groupLinks": "groupId",
    "products/groups": "displayName description",
    "products/subscriptions": f"{_SUBSCRIPTION} state",
    "products/tags": "displayName",
    "products/wikis": "",
    "schemas": "",
    "subscriptions": f"{_SUBSCRIPTION} state",
    "tags": "displayName",
    "tags/apiLinks": "apiId",
    "tags/operationLinks": "operationId",
    "tags/productLinks": "productId",
    "templates": "",
    "users": f"{_PERSON} state",
    "users/groups": "displayName description",
    "users/subscriptions": _SUBSCRIPTION,
    "workspaces": "displayName description",
}
FIELDS = {collection: _NAME | set(names.split()) for collection, names in _FIELDS.items()}


def known(segments: tuple[str, ...]) -> frozenset[str] | None:
    """The fields that $filter knows in the list of a resource with this path; None if any may be."""
    return FIELDS.get("/".join(segment for segment in segments if not segment.startswith("{")))
