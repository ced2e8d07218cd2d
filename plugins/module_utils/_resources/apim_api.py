# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/apis, with revisions and import.

C(api_revision) is part of the id (C(orders;rev=2)); without it the current revision is meant. Display name, path,
description, protocols, subscription_required and api_version are shared by all revisions of an API and can be changed
on the current one only; service_url, key names, operations and policies belong to each revision
(Microsoft Learn: api-management-revisions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import UNREADABLE, is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    Items,
    Obstacle,
    Reference,
    ResourceType,
    Scope,
    Segment,
    Together,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._api_positions import place
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import address
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service

#: Where the key is looked for, unless an API says otherwise (azure-cli recording test_apim_api).
_KEY_HEADER, _KEY_QUERY = "Ocp-Apim-Subscription-Key", "subscription-key"

AUTHENTICATION_SETTINGS = Field(
    "authentication_settings",
    "dict",
    fields=(
        Field(
            "oauth2",
            "dict",
            wire="oAuth2",
            echo="oAuth2AuthenticationSettings",
            fields=(
                Field("authorization_server_id", required=True),
                Field("scope"),
            ),
        ),
        Field(
            "openid",
            "dict",
            echo="openidAuthenticationSettings",
            fields=(
                Field("openid_provider_id", required=True),
                Field(
                    "bearer_token_sending_methods",
                    "list",
                    elements="str",
                    choices=("authorizationHeader", "query"),
                    items=Items.SET,
                ),
            ),
        ),
    ),
)

#: Read by an import, never answered by GET.
SPECIFICATION = Field(
    "specification",
    "dict",
    wire="properties",
    write_only=True,
    compare=Compare.SPECIFICATION,
    fields=(
        Field(
            "format",
            required=True,
            choices=(
                "openapi",
                "openapi+json",
                "openapi-link",
                "openapi+json-link",
                "swagger-json",
                "swagger-link-json",
                "wsdl",
                "wsdl-link",
                "wadl-xml",
                "wadl-link-json",
                "graphql-link",
                "odata",
                "odata-link",
                "grpc",
                "grpc-link",
            ),
        ),
        Field("content", wire="value", to_azure=without_mark),
        Field("link", address=True, wire="value", well_formed=address),
        Field(
            "wsdl_selector",
            "dict",
            fields=(
                Field("service_name", wire="wsdlServiceName"),
                Field("endpoint_name", wire="wsdlEndpointName"),
            ),
        ),
        Field(
            "soap_api_type",
            wire="apiType",
            choices=("http", "soap", "websocket", "graphql", "odata", "grpc"),
        ),
        Field(
            "translate_required_query_parameters",
            choices=("template", "query"),
        ),
    ),
)


def without_slashes(path: Any) -> Any:
    """Azure takes a slash at the beginning of a path away, and a caller can't tell whether there is one at its end."""
    return path.strip("/") if isinstance(path, str) else path


def kind(value: Any) -> Any:
    """The service leaves the type out for plain HTTP APIs (azure-cli recording test_apim_api)."""
    return "http" if value is None else value


def _document_is_somewhere(wanted: Mapping[str, Any]) -> str | None:
    specification = wanted.get("specification")
    if not specification:
        return None
    given = [option for option in ("content", "link") if specification.get(option)]
    if len(given) != 1:
        return "specification needs either content (the document) or link (its address)"
    by_link = is_link(specification["format"])
    if by_link != (given == ["link"]):
        other = "link" if by_link else "content"
        return f"specification.format {specification['format']} is given by {other}, not by {given[0]}"
    becomes, kind = specification.get("soap_api_type"), wanted.get("api_type")
    if becomes and kind and not same(Compare.CASELESS, becomes, kind):
        return f"api_type {kind} and specification.soap_api_type {becomes} contradict each other"
    return None


def _can_be_new(wanted: Mapping[str, Any]) -> str | None:
    """A revision has the display name of its API (Microsoft Learn: api-management-revisions), which nobody knows here.

    A specification or the API that it is made of brings one along.
    """
    named = wanted.get("display_name") or wanted.get("specification") or wanted.get("source_api")
    if wanted.get("api_revision") and not named:
        return "a new revision needs the display_name of its API, or a specification or a source_api to take it from"
    return _version_in_a_set(wanted) or _carries_websockets(wanted)


def _version_in_a_set(wanted: Mapping[str, Any]) -> str | None:
    """A version is one of a set (azure-cli recording test_apim_api_version_set)."""
    if wanted.get("api_version") and not wanted.get("api_version_set") and not wanted.get("source_api"):
        return "api_version needs api_version_set, the set that it is a version of"
    return None


def _carries_websockets(wanted: Mapping[str, Any]) -> str | None:
    """What a new WebSocket API needs (Microsoft Learn: websocket-api; terraform-provider-azurerm issue 29624)."""
    if same(Compare.CASELESS, wanted.get("api_type"), "websocket") and not wanted.get("source_api"):
        if not wanted.get("service_url"):
            return "a new API of api_type websocket needs service_url"
        if not {str(name).lower() for name in wanted.get("protocols") or ["https"]} <= {"ws", "wss"}:
            return "a new API of api_type websocket needs protocols, ws, wss or both"
    return None


def _stays_in_its_set(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    given = {name: wanted[name] for name in ("api_version", "api_version_set") if wanted.get(name) is not None}
    return _version_in_a_set({**found, **given, "source_api": None}) if given else None


def _possible(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    beside = wanted.get("api_revision") and not found.get("is_current")
    return (_shared_stays(found, wanted) if beside else None) or _stays_in_its_set(found, wanted)


def _shared_stays(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Only the current revision takes changes of what all share (Microsoft Learn: api-management-revisions).

    What that is: azure-cli recording test_apim_api_revision. C(found): any revision.
    """
    for field in (field for field in RESOURCE.fields if field.shared):
        option = field.name
        new, old = wanted.get(option), found.get(option)
        if isinstance(new, list):
            new, old = sorted(set(new)), sorted(old or [])
        if new is not None and not same(field.compare, new, "" if old is None else old):
            return (
                f"{option} is {old!r} and can't become {new!r} on revision {wanted['api_revision']}, which is not the "
                "current one: all revisions share it, so change it there (without api_revision)"
            )
    return None


def _path_is_taken(apis: Any, after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A path is that of one API, or of the versions of a set (Azure/apiops issue 343)."""
    own, path = str(after["name"]).partition(";")[0], str(after["path"] or "").strip("/")
    for other in apis:
        name, has = str(other.get("name")).partition(";")[0], other.get("properties") or {}
        if same(Compare.CASELESS, name, own) or place(has.get("path")) != place(path):
            continue
        in_set = after["api_version_set"] and same(Compare.ARM_ID, after["api_version_set"], has.get("apiVersionSetId"))
        if not in_set:
            yield str(other.get("id")), f"path {path!r} is that of the API {name}, which is no version of the same set"
        elif same(Compare.CASELESS, after["api_version"] or "", has.get("apiVersion") or ""):
            yield (
                str(other.get("id")),
                f"api_version {after['api_version']!r} is that of the API {name} in the same set",
            )


RESOURCE = ResourceType(
    name="apim_api",
    arm_type="Microsoft.ApiManagement/service/apis",
    client="apimanagement",
    title="API",
    scopes=(
        Scope(
            "api",
            below_service(Segment("apis", "name", pattern=SAFE, max_length=256, revision="api_revision")),
            list_sdk="list_by_service",
        ),
    ),
    keep_wire=("properties.apiRevision", "properties.isCurrent"),
    fields=(
        Field(
            "display_name",
            default_on_create=OWN_NAME,
            default_unless=("specification", "source_api"),
            min_length=1,
            max_length=300,
            shared=True,
        ),
        Field(
            "path",
            compare=Compare.PATH,
            required_on_create=True,
            empty_is_value=True,
            max_length=400,
            to_azure=without_slashes,
            shared=True,
        ),
        Field(
            "protocols",
            "list",
            elements="str",
            choices=("http", "https", "ws", "wss"),
            compare=Compare.CASELESS,
            items=Items.SET,
            min_items=1,  # Azure makes https of none
            shared=True,
        ),
        Field("service_url", address=True, max_length=2000),
        Field("description", shared=True),
        Field(
            "api_type",
            wire="properties.type",
            choices=("http", "soap", "websocket", "graphql", "odata", "grpc"),
            compare=Compare.CASELESS,
            from_azure=kind,
        ),
        Field("api_revision", read_only=True),
        Field("api_revision_description", max_length=256),
        Field("api_version", max_length=100, shared=True),
        Field("api_version_description", max_length=256),
        Field(
            "api_version_set",
            aliases=("api_version_set_id",),
            wire="properties.apiVersionSetId",
            compare=Compare.ARM_ID,
            reference=Reference("{service}/apiVersionSets/{name}"),
            echo="properties.apiVersionSet",
            shared=True,
        ),
        Field(
            "source_api",
            aliases=("source_api_id",),
            wire="properties.sourceApiId",
            write_only=True,
            compare=Compare.NEVER,
            reference=Reference("{service}/apis/{name}", form="relative"),
        ),
        Field("subscription_required", "bool", shared=True),
        Field(
            "subscription_key_parameter_names",
            "dict",
            vacant={"header": _KEY_HEADER, "query": _KEY_QUERY},
            fields=(Field("header", vacant=_KEY_HEADER), Field("query", vacant=_KEY_QUERY)),
        ),
        AUTHENTICATION_SETTINGS,
        Field("terms_of_service_url"),
        Field("contact", "dict", fields=(Field("name"), Field("url"), Field("email"))),
        Field("license", "dict", fields=(Field("name"), Field("url"))),
        SPECIFICATION,
        Field("is_current", "bool", read_only=True),
        Field("is_online", "bool", read_only=True),
        Field("provisioning_state", read_only=True),
    ),
    absent_options=(Field("delete_revisions", "bool"), Field("unreadable_link", choices=UNREADABLE)),
    queries={"delete": {"delete_revisions": "{delete_revisions}"}},
    # (Microsoft Learn: api-management-revisions; azure-cli recording test_apim_api)
    together=Together(
        leads="properties.isCurrent",
        sdk="api_revision",
        list="list_by_service",
        each="apiRevision",
        option="delete_revisions",
        title="revision",
        check=_shared_stays,
    ),
    left_out={"properties.apiVersionSet": "the same as apiVersionSetId, and a way to make a version set on the side"},
    check=_document_is_somewhere,
    check_create=_can_be_new,
    check_update=_possible,
    obstacles=(
        Obstacle(
            _path_is_taken,
            sdk="api",
            operation="list_by_service",
            names=2,
            beside="",
            watched=("path", "api_version", "api_version_set"),
        ),
    ),
)
