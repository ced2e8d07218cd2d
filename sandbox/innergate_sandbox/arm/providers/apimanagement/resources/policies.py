# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy documents of all scopes, and policy fragments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from ..engine.answers import load
from ..engine.call import Call
from ..engine.declaration import Properties, Resource
from ..engine.faults import incorrect, not_found, validation
from ..engine.fetch import download
from ..engine.items import refuse, refuse_fragment
from ..engine.write import Write
from ..policies import document, writing
from ..policies import validation as checks
from . import websockets

DEFAULT_VALUE = "\r\n".join(
    (
        "<!--",
        "    IMPORTANT:",
        "    - Policy elements can appear only within the <inbound>, <outbound>, <backend> section elements.",
        "    - Only the <forward-request> policy element can appear within the <backend> section element.",
        (
            "    - To apply a policy to the incoming request (before it is forwarded to the backend service), place a "
            "corresponding policy element within the <inbound> section element."
        ),
        (
            "    - To apply a policy to the outgoing response (before it is sent back to the caller), place a "
            "corresponding policy element within the <outbound> section element."
        ),
        (
            "    - To add a policy position the cursor at the desired insertion point and click on the round button "
            "associated with the policy."
        ),
        "    - To remove a policy, delete the corresponding policy statement from the policy document.",
        "    - Policies are applied in the order of their appearance, from the top down.",
        "-->",
        "<policies>",
        "  <inbound></inbound>",
        "  <backend>",
        "    <forward-request />",
        "  </backend>",
        "  <outbound></outbound>",
        "</policies>",
    )
)
LIMITS = {"Consumption": 16 * 1024}
LIMIT = 256 * 1024
WITHOUT = {"Consumption": ("rate-limit-by-key", "quota-by-key", "azure-openai-token-limit", "llm-token-limit")}
"""Policies that a tier does not have (Microsoft Learn: api-management-policies)."""


def scope_of(resource: Resource, workspace: bool) -> str:
    """The scope that a policy resource stands for."""
    scopes = {1: "workspace" if workspace else "global", 3: resource.segments[0].rstrip("s"), 5: "operation"}
    return scopes[len(resource.segments) - 1]


async def fetch(call: Call) -> None:
    """Get a document that the body names by a link (formats xml-link and rawxml-link)."""
    body = call.request.body if isinstance(call.request.body, dict) else {}
    properties = body.get("properties")
    form = str(properties.get("format", "")) if isinstance(properties, dict) else ""
    if isinstance(properties, dict) and form.lower().endswith("-link"):
        text = (await download(str(properties.get("value")), "value")).decode("utf-8-sig", errors="replace")
        inline = {**properties, "value": text, "format": form[: -len("-link")]}
        call.request = replace(call.request, body={**body, "properties": inline})


def prepare(write: Write) -> None:
    """Read, check and normalise a policy document; it is kept as rawxml."""
    call, given = write.call, write.properties
    text, escaped = str(given["value"]), given.get("format", "xml") == "xml"
    limit = LIMITS.get(call.service.body["sku"]["name"], LIMIT)
    if len(text.encode()) > limit:
        raise incorrect("value", f"Policy document exceeds the maximum size of {limit // 1024} KB.")
    try:
        parsed = document.parse(text, escaped=escaped)
    except document.Malformed as error:
        raise incorrect("representation", str(error)) from error
    if "resolvers" not in call.resource.path:
        fragment = call.resource.path.startswith("policyFragments")
        scope = "fragment" if fragment else scope_of(call.resource, call.route.workspace is not None)
        websockets.refuse_policy(call, scope)
        found = checks.findings(
            parsed, scope, lambda kind, name: exists(call, kind, name), parameters(call), refused(call, scope)
        )
        if found:
            raise validation(found)
    given["value"] = writing.write(parsed, escaped=False)
    given["format"] = "rawxml"
    write.hidden.pop("verbatim", None)
    # Sandboxes of earlier versions kept the format: the same document in the other one is no change.
    write.hidden.pop("written", None)


def refused(call: Call, scope: str) -> dict[str, str]:
    """The policies that the tier of the service or the type of the API rule out: name -> what is said about it.

    The words about the tier are those of azure-docs 57081; those about the type of an API were not seen.
    """
    tier = call.service.body["sku"]["name"]
    return dict.fromkeys(WITHOUT.get(tier, ()), f"Policy is not allowed in '{tier}' sku") | dict.fromkeys(
        websockets.forbidden(call, scope), "Policy is not allowed for 'WEBSOCKET' api type"
    )


def exists(call: Call, kind: str, name: str) -> bool:
    """Whether a policy may use a name: named values go by their display name, everything else by its id."""
    if not call.settings.check_policy_references:
        return True
    store, holders = call.ctx.store, dict.fromkeys((call.container, call.service.id))
    for holder in holders:
        if kind == "namedValues":
            type_ = "Microsoft.ApiManagement/service/" + "workspaces/" * ("/workspaces/" in holder) + kind
            names = [entity.body["properties"]["displayName"] for entity in store.children(holder, type_)]
            if name.lower() in [known.lower() for known in names]:
                return True
        elif store.get(f"{holder}/{kind}/{name}"):
            return True
    return False


def unknown_values(call: Call, texts: Iterable[Any]) -> list[str]:
    """The named values that texts name in double braces and that do not exist."""
    names = (name for text in texts if isinstance(text, str) for name in checks.NAMED_VALUE.findall(text))
    return [name for name in dict.fromkeys(names) if not exists(call, "namedValues", name)]


def parameters(call: Call) -> set[str] | None:
    """The template parameters of the operation that a policy belongs to."""
    if "operations" not in call.resource.path:
        return None
    operation = call.ctx.store.get(call.parent)
    template = operation.body["properties"]["urlTemplate"] if operation else ""
    return {name.lstrip("*") for name in re.findall(r"\{([^{}]+)\}", template)}


def show(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A document in the format asked for: as written by the answer to a PUT, xml by default otherwise."""
    asked = (call.request.lookup("format") or "").lower()
    if asked not in ("xml", "rawxml"):
        sent = str(call.request.properties.get("format") or "").lower()
        asked = "rawxml" if call.request.method == "PUT" and sent == "rawxml" else "xml"
    value = properties["value"]
    if asked == "xml" and not entity.hidden.get("verbatim"):
        value = writing.write(document.parse(value), escaped=True)
    order = {"value": value, "format": asked} if call.route.kind == "collection" else {"format": asked, "value": value}
    return order | {k: v for k, v in properties.items() if k not in order}


def references(call: Call) -> ArmResponse:
    """Which policies include a fragment."""
    if load(call) is None:
        raise not_found(call.resource.noun)
    value = [{"id": call.full_id(entity.id)} for entity in users(call, "policyFragments", call.name)]
    return ArmResponse(200, {"value": value, "count": len(value), "nextLink": ""})


def users(call: Call, kind: str, name: str) -> list[Entity]:
    """The policy documents that use something."""
    found = []
    for entity in call.ctx.store.find(under=call.container):
        if entity.type.lower().endswith(("/policies", "/policyfragments")) and "/resolvers/" not in entity.id.lower():
            used = checks.used_names(document.parse(entity.body["properties"]["value"]))
            if (kind.lower(), name.lower()) in used:
                found.append(entity)
    return found


def check_unused(kind: str, noun: str, by: str = "") -> Callable[[Call, Entity], None]:
    """A rule for deletions: refused while a policy uses the entity (under its name, or the property `by`)."""

    def check(call: Call, entity: Entity) -> None:
        if call.settings.refuse_delete_in_use:
            name = entity.body["properties"][by] if by else entity.name
            refuse(noun, entity.name, [user.id for user in users(call, kind, name)], noun[:1].lower() + noun[1:])

    return check


def check_not_included(call: Call, entity: Entity) -> None:
    """A fragment is not deleted while a policy includes it."""
    if call.settings.refuse_delete_in_use:
        refuse_fragment(entity, [_below(call, user.id) for user in users(call, "policyFragments", entity.name)])


def _below(call: Call, resource_id: str) -> str:
    """The path of a policy below the service: "/apis/a;rev=2/policies/policy", without ";rev=" of the current one."""
    found = re.match(r"(.*/apis/[^/]+)/revisions/([^/]+)(.*)", resource_id)
    if found:
        api, number, rest = found.groups()
        root = call.ctx.store.get(api)
        current = root is not None and number.lower() == str(root.hidden["current"]).lower()
        resource_id = f"{api}{'' if current else f';rev={number}'}{rest}"
    return resource_id[len(call.service.id) :]


def _policy(path: str, *, workspace: bool = True, noun: str = "PoliciesConfiguration") -> Resource:
    return Resource(
        path=path,
        noun=noun,
        put="PolicyContract",
        methods="PUT GET HEAD DELETE LIST",
        name="policy",
        required=("value",),
        defaults={"format": "xml"},
        paged=False,
        workspace=workspace,
        prepare=prepare,
        fetch=fetch,
        show=show,
    )


FRAGMENT = Resource(
    path="policyFragments/{id}",
    noun="PolicyFragment",
    put="PolicyFragmentContract",
    methods="PUT GET HEAD DELETE LIST",
    name=r"\w|\w[\w\-]*\w",
    required=("value",),
    defaults={"format": "xml"},
    asynchronous=True,
    workspace=True,
    prepare=prepare,
    show=show,
    actions={"POST listReferences": references},
    before_delete=check_not_included,
)

RESOURCES = [
    _policy("policies/{policyId}"),
    _policy("products/{productId}/policies/{policyId}"),
    _policy("apis/{apiId}/policies/{policyId}"),
    _policy("apis/{apiId}/operations/{operationId}/policies/{policyId}"),
    _policy("apis/{apiId}/resolvers/{resolverId}/policies/{policyId}", workspace=False),
    FRAGMENT,
]
