# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating, changing and deleting a service."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm import regions
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine import schema
from ..engine.address import TYPE
from ..engine.call import etag
from ..engine.faults import Flaw, incorrect, locked, precondition, service_not_found, validation
from ..engine.write import merge
from ..resources.revisions import moment
from ..settings import Settings
from . import composing, deletion, names, operations, placement, shape
from .tiers import TIERS

Json = dict[str, Any]
IDLE = ("Succeeded", "Failed", "Stopped", "TerminationFailed")
# changes that take effect at once, without an operation
REQUIRED = ("publisherEmail", "publisherName")
QUICK = ("publisherEmail", "publisherName", "notificationSenderEmail", "apiVersionConstraint")


def find(request: ArmRequest, ctx: Context) -> Entity:
    """The addressed service; ARM's 404 if there is none."""
    name = request.names[0]
    service_id = (
        f"/subscriptions/{request.subscription}/resourceGroups/{request.resource_group}/providers/{TYPE}/{name}"
    )
    entity = ctx.store.get(service_id)
    if entity is None:
        raise service_not_found(name, str(request.resource_group))
    return entity


def get(request: ArmRequest, ctx: Context) -> ArmResponse:
    """GET of a service."""
    entity = find(request, ctx)
    return ArmResponse(200, shape.show(entity, request.api_version, request.id), {"etag": etag(entity.version)})


def put(request: ArmRequest, ctx: Context, settings: Settings) -> ArmResponse:
    """Create a service, replace the settings of one, or restore a deleted one."""
    with ctx.store.transaction():
        before = ctx.store.get(request.id)
        if before is not None:
            _changeable(request, before, settings)
        regions.of(request, before.body["location"] if before else None)
        if before is None and request.properties.get("restore") is True:
            return deletion.restore(request, ctx, settings, request.fields)
        clean, flaws = schema.read("ApiManagementServiceResource", request.body)
        if flaws:
            raise validation(flaws)
        body = composing.complete(request, ctx, settings, clean, before)
        placement.check(request, ctx, settings, request.id, body, before.body if before else None)
        if before is None:
            return _create(request, ctx, settings, body)
        return _update(request, ctx, settings, before, body)


def patch(request: ArmRequest, ctx: Context, settings: Settings) -> ArmResponse:
    """Merge into the settings of a service."""
    with ctx.store.transaction():
        before = find(request, ctx)
        _changeable(request, before, settings)
        clean, flaws = schema.read("ApiManagementServiceUpdateParameters", request.body or {}, partial=True)
        if flaws:
            raise validation(flaws)
        old = copy.deepcopy(before.body)
        merged = {name: old.get(name) for name in ("location", "sku", "identity", "zones", "tags")}
        merged |= {name: value for name, value in clean.items() if name in ("sku", "identity", "zones", "tags")}
        sent = clean.get("properties") or {}
        # The constraint is replaced: azurerm takes the lowest version away with an empty object. So are the switches:
        # what a PATCH omits of them has its default again (SDK: ServiceProperties.custom_properties).
        replaced = {name: sent[name] for name in ("apiVersionConstraint", "customProperties") if name in sent}
        properties = merge(old["properties"], sent) | replaced
        gone = [name for name in REQUIRED if properties.get(name) is None]
        if gone:
            raise validation([Flaw(name, f"{name[:1].upper()}{name[1:]} is required.") for name in gone])
        merged["properties"] = properties
        body = composing.complete(request, ctx, settings, {k: v for k, v in merged.items() if v is not None}, before)
        placement.check(request, ctx, settings, before.id, body, before.body)
        return _update(request, ctx, settings, before, body)


def _changeable(request: ArmRequest, entity: Entity, settings: Settings) -> None:
    if entity.body["properties"]["provisioningState"] not in IDLE:
        raise locked(entity.name)
    given = request.headers.get("If-Match")
    if given and given.strip() != "*" and given.strip() != etag(entity.version):
        raise precondition(settings.precondition_tail)


def _create(request: ArmRequest, ctx: Context, settings: Settings, body: Json) -> ArmResponse:
    name = request.names[0]
    wrong = names.problem(name)
    if wrong:
        raise incorrect("serviceName", wrong)
    gone = names.deleted(ctx, name)
    if gone:
        raise ArmError(
            settings.soft_deleted_name_status,
            "ServiceAlreadyExistsInSoftDeletedState",
            f"Api service {name} was soft-deleted. In order to create the new service with the same name, you "
            "have to either undelete the service or purge it. See https://aka.ms/apimsoftdelete.",
            details=None,
            extra={"innerError": None},
        )
    if names.owner(ctx, name):
        raise ArmError(
            409, "ServiceAlreadyExists", f"Api service already exists: {name}", details=None, extra={"innerError": None}
        )
    properties = body["properties"]
    properties |= {
        "provisioningState": "Created",
        "targetProvisioningState": "Activating",
        "createdAtUtc": moment(ctx.clock.time()),
        "gatewayUrl": f"https://{name}.azure-api.net",
    }
    entity = ctx.store.put(request.id, TYPE, body, {"custom": properties.pop("customProperties", None)})
    ctx.store.put(entity.id, TYPE, body, entity.hidden | {"born": entity.version})
    entity = ctx.store.require(entity.id)
    seconds = settings.create_seconds if TIERS[body["sku"]["name"]].hosted else settings.consumption_seconds
    operation = operations.start(ctx, entity.id, entity.name, body["location"], "Activate", seconds)
    return ArmResponse(
        201,
        shape.show(entity, request.api_version, request.id),
        {"etag": etag(entity.version), **operations.headers(request, operation, request.id)},
    )


def _update(request: ArmRequest, ctx: Context, settings: Settings, before: Entity, body: Json) -> ArmResponse:
    failed = before.body["properties"]["provisioningState"] == "Failed"
    if not failed and not _slow(before.body, body):
        same = {**before.body, "systemData": None} == {**body, "systemData": None}
        entity = before if same else ctx.store.put(before.id, TYPE, body, before.hidden)
        if not same:
            ctx.signal("apim-changed", service=entity.id)
        return ArmResponse(200, shape.show(entity, request.api_version, request.id), {"etag": etag(entity.version)})
    body["properties"] |= {"provisioningState": "Updating", "targetProvisioningState": "Activating"}
    moved = _network(before.body) != _network(body)
    # A service that has never been activated is activated now; there is no former state to go back to.
    undo = {} if failed else {"before": before.body, "moved": moved}
    entity = ctx.store.put(before.id, TYPE, body, before.hidden | undo)
    hosted = TIERS[body["sku"]["name"]].hosted
    seconds = settings.network_seconds if moved else settings.update_seconds
    operation = operations.start(
        ctx,
        entity.id,
        entity.name,
        body["location"],
        "Activate" if failed else "Update",
        seconds if hosted else settings.consumption_seconds,
    )
    ctx.signal("apim-changed", service=entity.id)
    return ArmResponse(
        202 if request.method == "PATCH" else 200,
        shape.show(entity, request.api_version, request.id),
        {"etag": etag(entity.version), **operations.headers(request, operation, request.id)},
    )


def _slow(old: Json, new: Json) -> bool:
    """Whether a change needs an operation."""
    if any(old.get(name) != new.get(name) for name in ("sku", "zones")):
        return True
    ours = ("provisioningState", "targetProvisioningState", "createdAtUtc")
    names_ = {*old["properties"], *new["properties"]} - {*QUICK, *ours}
    return any(old["properties"].get(name) != new["properties"].get(name) for name in names_)


def _network(body: Json) -> list[Any]:
    """Everything that makes a change of the network."""
    return [
        body["properties"].get("virtualNetworkType"),
        body.get("zones"),
        body["sku"]["name"],
        [(place.location, place.subnet, place.public_ip) for place in placement.places(body)],
    ]


def delete(request: ArmRequest, ctx: Context, settings: Settings) -> ArmResponse:
    """Delete a service: softly, as every deletion is since 2020-06-01-preview."""
    with ctx.store.transaction():
        entity = ctx.store.get(request.id)
        if entity is None:
            return ArmResponse(204)
        _changeable(request, entity, settings)
        entity.body["properties"] |= {"provisioningState": "Deleting", "targetProvisioningState": "Deleting"}
        entity = ctx.store.put(entity)
        hosted = TIERS[entity.body["sku"]["name"]].hosted
        seconds = settings.delete_seconds if hosted else settings.consumption_seconds
        operation = operations.start(ctx, entity.id, entity.name, entity.body["location"], "Delete", seconds)
        ctx.signal("apim-changed", service=entity.id)
    return ArmResponse(
        202, shape.show(entity, request.api_version, request.id), operations.headers(request, operation, request.id)
    )
