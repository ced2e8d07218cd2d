# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gateways of workspaces: resources of their own beside the services, and what connects them to workspaces."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine import schema
from ..engine.call import bare_etag
from ..engine.faults import incorrect, method_not_allowed, no_route, not_found, validation
from ..engine.write import merge
from ..resources.revisions import moment
from ..settings import Settings
from . import shape

Json = dict[str, Any]
TYPE = "Microsoft.ApiManagement/gateways"
CONNECTION = f"{TYPE}/configConnections"
KIND = "Gateway"
MODELS = {TYPE: "ApiManagementGatewayResource", CONNECTION: "ApiManagementGatewayConfigConnectionResource"}
SKUS = (("WorkspaceGatewayStandard", 4), ("WorkspaceGatewayPremium", 12))


def answer(request: ArmRequest, ctx: Context, settings: Settings, rest: list[str]) -> ArmResponse:
    """Answer a request for gateways, rest[0] is "gateways"."""
    if len(rest) == 1 and request.method == "GET":
        scope = f"/subscriptions/{request.subscription}" + (
            f"/resourceGroups/{request.resource_group}" if request.resource_group else ""
        )
        return _list(ctx.store.find(TYPE, scope))
    if request.resource_group is None or len(rest) > 4:
        raise no_route()
    if len(rest) == 1:
        raise method_not_allowed()
    if len(rest) == 3:
        return _below(request, ctx, rest)
    if len(rest) == 4 and rest[2].lower() != "configconnections":
        raise no_route()
    type_ = TYPE if len(rest) == 2 else CONNECTION
    entity = ctx.store.get(request.path)
    if len(rest) == 4 and ctx.store.get(request.path.rsplit("/", 2)[0]) is None:
        raise not_found("Gateway")
    if request.method in ("PUT", "PATCH"):
        return _write(request, ctx, settings, type_, entity)
    if request.method == "DELETE":
        return _delete(request, ctx, settings, entity)
    if request.method != "GET":
        raise method_not_allowed()
    if entity is None:
        raise not_found("Gateway" if type_ == TYPE else "ConfigConnection")
    return ArmResponse(200, _show(entity))


def _below(request: ArmRequest, ctx: Context, rest: list[str]) -> ArmResponse:
    head = request.path.rpartition("/")[0]
    if ctx.store.get(head) is None:
        raise not_found("Gateway")
    if request.method == "GET" and rest[2].lower() == "configconnections":
        return _list(ctx.store.children(head, CONNECTION))
    if request.method == "GET" and rest[2].lower() == "skus":
        value = [
            {
                "resourceType": TYPE,
                "sku": {"name": name},
                "capacity": {"minimum": 1, "maximum": most, "default": 1, "scaleType": "Manual"},
            }
            for name, most in SKUS
        ]
        return ArmResponse(200, {"value": value})
    raise no_route()


def _list(found: list[Entity]) -> ArmResponse:
    return ArmResponse(200, {"value": [_show(entity) for entity in found]})


def _show(entity: Entity) -> Json:
    return {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type,
        "etag": bare_etag(entity.version),
        **entity.body,
    }


def _write(request: ArmRequest, ctx: Context, settings: Settings, type_: str, before: Entity | None) -> ArmResponse:
    patch = request.method == "PATCH"
    if patch and before is None:
        raise not_found("Gateway")
    model = "ApiManagementGatewayUpdateParameters" if patch else MODELS[type_]
    clean, flaws = schema.read(model, request.body or {}, partial=patch)
    if flaws:
        raise validation(flaws)
    body: Json = merge(before.body, clean) if patch and before else clean
    name, now = request.names[0], moment(ctx.clock.time())
    properties = body.setdefault("properties", {})
    properties |= {"provisioningState": "Created" if before is None else "Updating"}
    if type_ == TYPE:
        body["location"] = shape.place(str(body["location"]))
        region = canonical(body["location"])
        created = before.body["properties"]["createdAtUtc"] if before else now
        properties |= {"targetProvisioningState": "Activating", "createdAtUtc": created}
        properties["frontend"] = {"defaultHostname": f"{name}.{region}.gateway.azure-api.net"}
        properties["configurationApi"] = {"hostname": f"{name}.{region}.configuration.gateway.azure-api.net"}
    else:
        wanted = str(properties.get("sourceId") or "")
        if "/service/" in wanted.lower() and ctx.store.get(wanted) is None:
            raise incorrect("sourceId", "Workspace not found")
        properties["defaultHostname"] = f"{request.names[1]}.{name}.gateway.azure-api.net"
    entity = ctx.store.put(request.path, type_, body, {})
    operation = _start(request, ctx, settings, entity)
    status = 202 if patch else 201 if before is None else 200
    return ArmResponse(status, _show(entity), _headers(request, ctx, operation, entity))


def _start(request: ArmRequest, ctx: Context, settings: Settings, entity: Entity) -> Operation:
    data = {"delete": request.method == "DELETE"}
    return ctx.operations.start(
        provider="Microsoft.ApiManagement",
        kind=KIND,
        resource_id=entity.id,
        azure_seconds=settings.update_seconds,
        data=data,
    )


def _headers(request: ArmRequest, ctx: Context, operation: Operation, entity: Entity) -> dict[str, str]:
    gateway = ctx.store.get("/".join(entity.id.split("/")[:9]))
    location = canonical(gateway.body["location"]) if gateway else "westus"
    scope = f"{request.base_url}/subscriptions/{request.subscription}"
    head = f"{scope}/providers/Microsoft.ApiManagement/locations/{location}"
    tail = f"{quote(operation.id)}?api-version={request.api_version}"
    return {
        "Azure-AsyncOperation": f"{head}/operationStatuses/{tail}",
        "location": f"{head}/operationResults/{tail}",
    }


def _delete(request: ArmRequest, ctx: Context, settings: Settings, entity: Entity | None) -> ArmResponse:
    if entity is None:
        return ArmResponse(204)
    entity.body["properties"]["provisioningState"] = "Deleting"
    ctx.store.put(entity)
    return ArmResponse(202, None, _headers(request, ctx, _start(request, ctx, settings, entity), entity))


def complete(operation: Operation, ctx: Context) -> None:
    """Apply the end of an operation."""
    entity = ctx.store.get(operation.resource_id)
    if entity is None:
        return
    if operation.data.get("delete") and operation.status == "Succeeded":
        ctx.store.delete(entity.id)
        return
    failed = operation.status != "Succeeded"
    entity.body["properties"]["provisioningState"] = "Failed" if failed else "Succeeded"
    if entity.type == TYPE:
        entity.body["properties"]["targetProvisioningState"] = ""
    ctx.store.put(entity)
