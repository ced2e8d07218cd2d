# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of whatever has an id: Microsoft.Resources/tags/default at any scope, and the tag names in use.

Written from the contract of azure-mgmt-resource (operations TagsOperations, api-version 2021-04-01).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from innergate_sandbox.arm import tag_rules
from innergate_sandbox.arm.errors import gateway_error, method_not_allowed, require_object, resource_group_not_found
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

TYPE = "Microsoft.Resources/tags"


def addresses(request: ArmRequest) -> bool:
    """Say whether a request is about the tags of a scope."""
    kinds = tuple(word.lower() for word in request.types)
    return (request.provider or "").lower() == "microsoft.resources" and kinds == ("tags",)


async def handle(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer GET, PUT, PATCH (Merge, Replace, Delete) and DELETE of the tags of a scope."""
    if request.names[0].lower() != "default":
        raise gateway_error(400, "InvalidTagResource", "The name of the tags of a resource is 'default'.")
    with ctx.store.transaction():
        found = _scope(request, ctx)
        held = dict(found.body.get("tags") or {}) if found else dict(ctx.store.kv_get(_key(request), {}))
        match request.method:
            case "GET":
                return ArmResponse.ok(_shown(request, held))
            case "PUT":
                return _keep(request, ctx, found, _sent(request))
            case "PATCH":
                return _keep(request, ctx, found, _merged(request, held))
            case "DELETE":
                _keep(request, ctx, found, {})
                return ArmResponse.ok()
    raise method_not_allowed(request)


def _key(request: ArmRequest) -> str:
    """Where the tags of the subscription itself are."""
    return f"tags:{request.scope.lower()}"


def _scope(request: ArmRequest, ctx: Context) -> Entity | None:
    """What the tags belong to; None is the subscription."""
    if request.scope.count("/") == 2:
        return None
    found = ctx.store.get(request.scope)
    if found is None and request.scope.count("/") == 4:
        raise resource_group_not_found(str(request.resource_group))
    if found is None:
        raise gateway_error(404, "ResourceNotFound", f"The resource '{request.scope}' could not be found.")
    if "location" not in found.body:
        raise gateway_error(400, "InvalidTagScope", f"The resource '{request.scope}' does not support tags.")
    return found


def _sent(request: ArmRequest) -> dict[str, str]:
    given = require_object(request).get("properties")
    if not isinstance(given, dict):
        message = "The request content was invalid and could not be deserialized: 'properties must be an object.'."
        raise gateway_error(400, "InvalidRequestContent", message)
    return tag_rules.read(given.get("tags"))


def _merged(request: ArmRequest, held: dict[str, str]) -> dict[str, str]:
    sent, operation = _sent(request), str(request.fields.get("operation"))
    match operation.lower():
        case "replace":
            return sent
        case "merge":
            names = {name.lower() for name in sent}
            return {name: value for name, value in held.items() if name.lower() not in names} | sent
        case "delete":
            gone = {(name.lower(), value) for name, value in sent.items()}
            return {name: value for name, value in held.items() if (name.lower(), value) not in gone}
    raise gateway_error(
        400, "InvalidTagOperation", f"The operation '{operation}' is not one of Merge, Replace, Delete."
    )


def _keep(request: ArmRequest, ctx: Context, found: Entity | None, tags: dict[str, str]) -> ArmResponse:
    tags = tag_rules.read(tags)
    if found is None:
        ctx.store.kv_set(_key(request), tags or None)
    else:
        found.body["tags"] = tags
        ctx.store.put(found)
    return ArmResponse.ok(_shown(request, tags))


def _shown(request: ArmRequest, tags: dict[str, str]) -> dict[str, Any]:
    return {"id": request.id, "name": "default", "type": TYPE, "properties": {"tags": tags}}


async def names(request: ArmRequest, ctx: Context) -> ArmResponse:
    """GET tagNames: the names in use in the subscription, with their values and how often each occurs."""
    if request.method != "GET":
        raise ArmError(405, "UnsupportedHttpMethod", "Tag names come and go with the tags of resources.")
    home = f"/subscriptions/{request.subscription}"
    used: dict[str, Counter[str]] = {}
    for entity in ctx.store.find(under=home):
        for name, value in (entity.body.get("tags") or {}).items() if "location" in entity.body else ():
            used.setdefault(str(name), Counter())[str(value)] += 1
    return ArmResponse.ok({"value": [_name(home, name, values) for name, values in sorted(used.items())]})


def _name(home: str, name: str, values: Counter[str]) -> dict[str, Any]:
    here = f"{home}/tagNames/{name}"
    return {
        "id": here,
        "tagName": name,
        "count": {"type": "Total", "value": values.total()},
        "values": [
            {"id": f"{here}/tagValues/{value}", "tagValue": value, "count": {"type": "Total", "value": count}}
            for value, count in values.items()
        ],
    }
