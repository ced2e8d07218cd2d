# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when an operation of a service ends."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine.address import TYPE
from ..settings import Settings
from . import deletion, gateways, joining, placement, samples, shape

Json = dict[str, Any]


def complete(operation: Operation, ctx: Context, settings: Settings) -> None:
    """Apply the end of an operation."""
    failed = operation.status != "Succeeded"
    if operation.kind == "entity":
        return  # the end of a write that was applied at once, or never will be
    if operation.kind == gateways.KIND:
        gateways.complete(operation, ctx)
        return
    if operation.kind == "Purge":
        if not failed:
            ctx.store.delete(operation.resource_id)
        return
    service = ctx.store.get(operation.resource_id)
    if service is None:
        return
    if operation.kind == "Delete":
        _deleted(ctx, service, settings, failed)
    elif operation.kind in ("Activate", "Update", "Network"):
        _changed(ctx, service, operation.kind, failed)
    ctx.signal("apim-changed", service=service.id)


def _deleted(ctx: Context, service: Entity, settings: Settings, failed: bool) -> None:
    if failed:
        service.body["properties"] |= {"provisioningState": "TerminationFailed", "targetProvisioningState": ""}
        ctx.store.put(service)
        return
    joining.leave(ctx, service.id)
    deletion.keep(ctx, service, settings)


def _changed(ctx: Context, service: Entity, kind: str, failed: bool) -> None:
    hidden, body = dict(service.hidden), service.body
    before = hidden.pop("before", None)
    moved = hidden.pop("moved", kind == "Activate")
    properties = body["properties"]
    if failed and before is not None:  # an update that fails leaves the service as it was
        before["properties"] |= {"provisioningState": "Succeeded", "targetProvisioningState": ""}
        ctx.store.put(service.id, TYPE, before, hidden)
        return
    properties["targetProvisioningState"] = ""
    if failed:
        properties["provisioningState"] = "Failed"
        ctx.store.put(service.id, TYPE, body, hidden)
        return
    reason = joining.blocked(ctx, body) if moved else ""
    if reason and joining.guarded(ctx, body):
        raise placement.failure(service.name, reason)
    properties["provisioningState"] = "Succeeded"
    properties |= shape.urls(service.name, body["location"], body["sku"]["name"])
    if properties.get("customProperties") is None:
        properties["customProperties"] = shape.CUSTOM | (hidden.pop("custom", None) or {})
    if moved or kind == "Network" or (before is not None and before["sku"] != body["sku"]):
        hidden["join"] = _joined(ctx, service, hidden.get("join") or {})
    fresh = kind == "Activate" and not hidden.pop("restored", False) and not hidden.get("filled")
    hidden["filled"] = True
    ctx.store.put(service.id, TYPE, body, hidden)
    if fresh:
        samples.fill(ctx, ctx.store.require(service.id))


def _joined(ctx: Context, service: Entity, old: Json) -> Json:
    """Take addresses in the subnets, and show them."""
    body = service.body
    taken = joining.occupy(ctx, service.id, body, old.get("addresses") or {})
    properties, found = body["properties"], {"addresses": taken, "public": {}}
    places = placement.places(body)
    parts = [properties, *(properties.get("additionalLocations") or [])]
    hosted = body["sku"]["name"] != "Consumption"
    for place, part in zip(places, parts, strict=True):
        own = (old.get("public") or {}).get(place.location)
        if hosted:
            address = joining.public_address(ctx, place, own)
            part["publicIPAddresses"] = [address]
            if not place.public_ip:
                found["public"][place.location] = address
        vip = (taken.get(place.location) or {}).get("vip")
        part["privateIPAddresses"] = [vip] if vip else None
        if part.get("virtualNetworkConfiguration"):
            vnet = (place.subnet or "").split("/subnets/")[0]
            entity = ctx.store.get(vnet)
            guid = entity.body["properties"].get("resourceGuid") if entity else None
            part["virtualNetworkConfiguration"] |= {
                "vnetid": guid,
                "subnetname": (place.subnet or "").rpartition("/")[2],
            }
    return found
