# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource groups: create, read, change, list, delete with everything in them."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

from innergate_sandbox.arm import group_deletion, odata, tag_rules
from innergate_sandbox.arm.errors import (
    GATEWAY,
    gateway_error,
    location_required,
    method_not_allowed,
    require_object,
    resource_group_not_found,
)
from innergate_sandbox.arm.locations import LOCATIONS, canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

TYPE = "Microsoft.Resources/resourceGroups"
_NAME = re.compile(r"[-\w._()]{0,89}[-\w_()]")


def group_id(request: ArmRequest) -> str:
    """Return the id of the resource group that a request is in."""
    return f"/subscriptions/{request.subscription}/resourceGroups/{request.resource_group}"


def shown(group: Entity) -> dict[str, Any]:
    """Return a group as ARM answers it."""
    return {"id": group.id, "name": group.name, "type": TYPE, **group.body}


async def handle(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a request for one group."""
    name = str(request.resource_group)
    group = ctx.store.get(group_id(request))
    match request.method:
        case "HEAD":
            return ArmResponse(204 if group else 404)
        case "PUT":
            return _put(request, ctx, group)
        case "GET" | "PATCH" | "DELETE" if group is None:
            raise resource_group_not_found(name)
        case "GET":
            return ArmResponse.ok(shown(ctx.store.require(group_id(request))))
        case "PATCH":
            return _patch(request, ctx, ctx.store.require(group_id(request)))
        case "DELETE":
            return _delete(request, ctx, ctx.store.require(group_id(request)))
    raise method_not_allowed(request)


def refuse_if_deleting(group: Entity) -> None:
    """Raise ARM's 409 for a write into a group that is being deleted."""
    if group.body["properties"]["provisioningState"] == "Deleting":
        message = f"The resource group '{group.name}' is in deprovisioning state and cannot perform this operation."
        raise gateway_error(409, "ResourceGroupBeingDeleted", message)


def _put(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    name, body = str(request.resource_group), require_object(request)
    if not _NAME.fullmatch(name):
        message = (
            f"The provided resource group name '{name}' has these invalid characters or is too long. The name can only "
            "be a letter, digit, '-', '.', '(', ')' or '_', cannot end with '.', and has 90 characters at most."
        )
        raise gateway_error(400, "InvalidResourceGroup", message)
    if not body.get("location"):
        raise location_required()
    location = canonical(str(body["location"]))
    if location not in LOCATIONS:
        message = (
            f"The provided location '{body['location']}' is not available for resource group. List of available "
            f"regions is '{','.join(LOCATIONS)}'."
        )
        raise gateway_error(400, "LocationNotAvailableForResourceGroup", message)
    if found:
        refuse_if_deleting(found)
        if found.body["location"] != location:
            message = (
                f"Invalid resource group location '{location}'. The Resource group already exists in location "
                f"'{found.body['location']}'."
            )
            raise gateway_error(409, "InvalidResourceGroupLocation", message)
    kept = {"managedBy": body["managedBy"]} if body.get("managedBy") is not None else {}
    kept |= {"tags": tag_rules.read(body["tags"])} if body.get("tags") is not None else {}
    written = {"location": location, **kept, "properties": {"provisioningState": "Succeeded"}}
    return ArmResponse(200 if found else 201, shown(ctx.store.put(group_id(request), TYPE, written)))


def _patch(request: ArmRequest, ctx: Context, group: Entity) -> ArmResponse:
    refuse_if_deleting(group)
    body = require_object(request)
    if "tags" in body:
        group.body["tags"] = tag_rules.read(body["tags"])
    return ArmResponse.ok(shown(ctx.store.put(group)))


def _delete(request: ArmRequest, ctx: Context, group: Entity) -> ArmResponse:
    group.body["properties"]["provisioningState"] = "Deleting"
    ctx.store.put(group)
    group_deletion.start(group, ctx, request.principal)
    return _still_running(request, group.name, ctx)


def _still_running(request: ArmRequest, name: str, ctx: Context) -> ArmResponse:
    job = {"jobId": f"RESOURCEGROUPDELETIONJOB-{name}", "jobLocation": ctx.settings.location}
    token = base64.urlsafe_b64encode(json.dumps(job).encode()).decode().rstrip("=")
    url = f"{request.base_url}/subscriptions/{request.subscription}/operationresults/{token}"
    headers = {"Location": f"{url}?api-version={request.api_version}", "Retry-After": "1"}
    return ArmResponse(202, None, headers)


async def operation_result(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a poll of a group's deletion: 202 while it runs, 200 when the group is gone, the error if it failed."""
    token = request.path.rpartition("/")[2]
    try:
        job = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        name = str(job["jobId"]).partition("-")[2]
    except (ValueError, KeyError, TypeError):
        raise ArmError(404, "OperationResultNotFound", "The operation was not found.", headers=dict(GATEWAY)) from None
    # The work is done in the background: give it a turn before answering "not yet".
    await asyncio.sleep(0)
    group = ctx.store.get(f"/subscriptions/{request.subscription}/resourceGroups/{name}")
    failure = group_deletion.failure(name, ctx)
    if failure:
        raise failure
    if group is not None and group.body["properties"]["provisioningState"] == "Deleting":
        return _still_running(request, group.name, ctx)
    return ArmResponse(200)


async def list_groups(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the list of groups; $filter knows tags and names, as ARM does."""
    if request.method != "GET":
        raise method_not_allowed(request)
    found = _filtered(request, [shown(group) for group in ctx.store.find(TYPE)], {"name", "location"})
    return ArmResponse.ok({"value": found})


def _filtered(request: ArmRequest, items: list[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    """Return the items that $filter lets through: by the fields in `known`, by tagName and tagValue."""
    expression = (request.lookup("$filter") or "").strip()
    if not expression:
        return items
    try:
        test = odata.read(expression)
        readable = odata.names(expression) <= {name.lower() for name in known} | {"tagname", "tagvalue"}
    except odata.Unreadable:
        readable = False
    if not readable:
        message = f"Invalid $filter '{expression}' specified in the query string."
        raise gateway_error(400, "InvalidFilterInQueryString", message)
    return [item for item in items if any(test(row) for row in _rows(item))]


def _rows(item: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for each tag of an item: a name and a value in a filter mean the same tag."""
    tags = {"": "", **(item.get("tags") or {})}
    row = {"resourceType": item.get("type"), "resourceGroup": item["id"].split("/")[4]} | item
    return [row | {"properties": {"tagName": name, "tagValue": value}} for name, value in tags.items()]


async def list_resources(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the resources of a group, or of all; $filter knows what Learn names of it."""
    if request.method != "GET":
        raise method_not_allowed(request)
    under = f"/subscriptions/{request.subscription}"
    if request.resource_group:
        under = group_id(request)
        if ctx.store.get(under) is None:
            raise resource_group_not_found(request.resource_group)
    value = []
    for entity in group_deletion.top_level(ctx, under):
        name = "/".join(entity.id.split("/")[8::2])
        named = {"id": entity.id, "name": name, "type": entity.type}
        keys = ("sku", "kind", "managedBy", "location", "identity", "zones", "tags")
        value.append(named | {key: entity.body[key] for key in keys if entity.body.get(key) is not None})
    known = {"name", "location", "resourceType", "resourceGroup", "kind", "managedBy"}
    return ArmResponse.ok({"value": _filtered(request, value, known)})
