# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Soft deletion: a deleted service can be restored for 48 hours, and its name is reserved so long.

Microsoft Learn, soft-delete; the specification examples DeletedServicesPurge and Undelete.
"""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.locations import canonical, display_name
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine.address import TYPE
from ..engine.call import etag
from ..resources.revisions import moment
from ..settings import Settings
from . import names, operations, shape

Json = dict[str, Any]


def _id(subscription: str | None, name: str) -> str:
    return f"/subscriptions/{subscription}/providers/{names.DELETED}/{name}"


def keep(ctx: Context, service: Entity, settings: Settings) -> None:
    """Move a service and all that it holds out of sight."""
    content = [
        [entity.id[len(service.id) :], entity.type, entity.body, entity.hidden]
        for entity in ctx.store.find(under=service.id)
    ]
    subscription = service.id.split("/")[2]
    now = ctx.clock.time()
    body = {
        "location": service.body["location"],
        "properties": {
            "serviceId": service.id,
            "deletionDate": moment(now),
            "scheduledPurgeDate": moment(now + settings.retention_hours * 3600),
        },
    }
    ctx.store.delete(service.id)
    ctx.store.put(
        _id(subscription, service.name),
        names.DELETED,
        body,
        {"service": [service.id, service.body, service.hidden], "content": content, "at": now},
    )


def expire(ctx: Context, settings: Settings) -> None:
    """Forget deleted services whose time is over (on the sandbox's scaled clock)."""
    for entity in ctx.store.find(names.DELETED):
        if ctx.clock.time() > entity.hidden["at"] + ctx.clock.scaled(settings.retention_hours * 3600):
            ctx.store.delete(entity.id)


def show(entity: Entity) -> Json:
    """A deleted service in an answer."""
    parts = entity.id.split("/")
    location = canonical(entity.body["location"])
    shown = (
        f"/subscriptions/{parts[2]}/providers/Microsoft.ApiManagement/locations/{location}/deletedservices/"
        + entity.name
    )
    return {
        "id": shown,
        "name": entity.name,
        "type": names.DELETED,
        "location": display_name(location),
        "properties": entity.body["properties"],
    }


def list_all(request: ArmRequest, ctx: Context) -> ArmResponse:
    """GET deletedservices of a subscription."""
    found = [
        entity
        for entity in ctx.store.find(names.DELETED)
        if entity.id.split("/")[2].lower() == str(request.subscription).lower()
    ]
    return ArmResponse(200, {"value": [show(entity) for entity in found]})


def find(request: ArmRequest, ctx: Context, location: str, name: str) -> Entity | None:
    """A deleted service by location and name."""
    entity = ctx.store.get(_id(request.subscription, name))
    return entity if entity and canonical(entity.body["location"]) == canonical(location) else None


def get(request: ArmRequest, ctx: Context, location: str, name: str) -> ArmResponse:
    """GET of a deleted service."""
    entity = find(request, ctx, location, name)
    if entity is None:
        raise ArmError(
            404, "ServiceNotFound", f"Api service does not exist: {name}", details=None, extra={"innerError": None}
        )
    return ArmResponse(200, show(entity))


def purge(request: ArmRequest, ctx: Context, location: str, name: str) -> ArmResponse:
    """DELETE of a deleted service: for good."""
    entity = find(request, ctx, location, name)
    if entity is None:
        return ArmResponse(204)
    operation = operations.start(ctx, entity.id, entity.name, location, "Purge", 60, polls=0)
    group = str(entity.body["properties"]["serviceId"]).split("/")[4]
    home = (
        f"/subscriptions/{request.subscription}/resourceGroups/{group}/providers/Microsoft.ApiManagement/locations/"
        f"{location}/deletedservices/{entity.name}"
    )
    return ArmResponse(
        202, show(entity), operations.headers(request, operation, home, spelling="operationresults", location_only=True)
    )


def restore(request: ArmRequest, ctx: Context, settings: Settings, sent: Json) -> ArmResponse:
    """PUT with properties.restore: bring the service back as it was; everything else in the body is ignored."""
    name = request.names[0]
    entity = names.deleted(ctx, name)
    if entity is None or entity.body["properties"]["serviceId"].lower() != request.id.lower():
        raise ArmError(
            404,
            "ServiceNotFound",
            f"Api service does not exist or cannot be restored: {name}",
            details=None,
            extra={"innerError": None},
        )
    service_id, body, hidden = entity.hidden["service"]
    body["properties"] |= {"provisioningState": "Created", "targetProvisioningState": "Activating"}
    ctx.store.delete(entity.id)
    service = ctx.store.put(service_id, TYPE, body, hidden | {"restored": True})
    for path, type_, inner, secret in entity.hidden["content"]:
        ctx.store.put(service_id + path, type_, inner, secret)
    operation = operations.start(ctx, service.id, service.name, body["location"], "Activate", settings.create_seconds)
    return ArmResponse(
        201,
        shape.show(service, request.api_version, request.id),
        {"etag": etag(service.version), **operations.headers(request, operation, request.id)},
    )
