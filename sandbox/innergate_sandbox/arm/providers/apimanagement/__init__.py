# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.ApiManagement: the control plane of API Management.

Every resource type is one declaration (`resources/`), one engine (`engine/`) serves them all. This is where things
are kept in the store, for whoever reads them (the gateway does). `~` is the id of a service,
`/subscriptions/S/resourceGroups/G/providers/Microsoft.ApiManagement/service/NAME`; ids are compared without case.
`Entity.type` is the ARM type, such as `Microsoft.ApiManagement/service/apis/operations`.

`~`
    body: the service as ARM shows it (location, sku, identity, zones, tags, properties with provisioningState). Only a
    service that is Succeeded or Updating serves calls. hidden: `join`, the addresses that the network gave it.
`~/...` of any other type
    body: `{"properties": {...}}` as a GET shows them. What a GET keeps back is in hidden under the same name.
`~/apis/A`
    What all revisions share: displayName, path, description, protocols, subscriptionRequired, apiVersion,
    apiVersionSetId, type... hidden: `current`, the number (a text) of the current revision.
`~/apis/A/revisions/N`
    What is a revision's own: apiRevision, serviceUrl, subscriptionKeyParameterNames, authenticationSettings, isOnline.
`~/apis/A/revisions/N/operations/O`, `.../policies/policy`, `.../operations/O/policies/policy`, ...
    Operations, schemas, policies, resolvers and tags lie below their revision (ARM shows them below `apis/A;rev=N`, and
    those of the current revision below `apis/A`); releases, diagnostics, issues and wikis lie below the API.
`~/policies/policy`, `~/products/P/policies/policy`, `~/policyFragments/F`, ...
    properties.value is the document as the service keeps it, in the form `rawxml` (C# expressions are not escaped, so
    it is not always XML), whatever form it was written in. `policies.document.parse` reads it.
`~/namedValues/V`
    properties.displayName is the token of `{{token}}`; hidden: `value`, of every named value, secret or not.
`~/subscriptions/S`
    properties.state and properties.scope (a full id: `~/products/P`, `~/apis/A` or `~/apis/A;rev=N`, `~/apis` for all
    APIs, `~/` for the built-in master subscription), properties.ownerId; hidden: `primaryKey`, `secondaryKey`.
`~/products/P/apis/A`, `~/products/P/groups/G`, `~/apis/A/revisions/N/tags/T`, `~/gateways/G/apis/A`, ...
    Links: entities without properties; hidden: `link`, the name under which the newer form (apiLinks) shows them.
`~/backends/B`
    properties.url, or properties.pool.services[].id (`/backends/B2` or a full id).
`~/certificates/C`
    hidden: `data` (base64, PFX or PEM), `password`.
`~/workspaces/W/...`
    The same types once more.
`/subscriptions/S/providers/Microsoft.ApiManagement/deletedservices/NAME`
    A soft-deleted service; hidden: what is needed to restore it.

Every change of anything below a service is announced by `ctx.signal("apim-changed", service=<id of the service>)`.
"""

from .provider import ApiManagement

PROVIDER = ApiManagement()

__all__ = ["PROVIDER", "ApiManagement"]
