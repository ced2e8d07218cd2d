# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating, changing and deleting a service."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine import schema
from ..engine.address import TYPE
from ..engine.call import etag
from ..engine.faults import incorrect, locked, precondition, service_not_found, validation
from ..engine.write import merge
from ..resources.revisions import moment
from ..settings import Settings
from . import deletion, names, operations, placement, shape
from .tiers import TIERS

Json = dict[str, Any]
IDLE = ("Succeeded", "Failed", "Stopped", "TerminationFailed")
# changes that take effect at once, without an operation
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
        sent = request.body if isinstance(request.body, dict) else {}
        if before is None and (sent.get("properties") or {}).get("restore") is True:
            return deletion.restore(request, ctx, settings, sent)
        clean, flaws = schema.read("ApiManagementServiceResource", request.body)
        if flaws:
            raise validation(flaws)
        body = _complete(request, ctx, clean, before)
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
        merged["properties"] = merge(old["properties"], clean.get("properties") or {})
        body = _complete(request, ctx, {k: v for k, v in merged.items() if v is not None}, before)
        placement.check(request, ctx, settings, before.id, body, before.body)
        return _update(request, ctx, settings, before, body)


def _changeable(request: ArmRequest, entity: Entity, settings: Settings) -> None:
    if entity.body["properties"]["provisioningState"] not in IDLE:
        raise locked(entity.name)
    given = request.headers.get("If-Match")
    if given and given.strip() != "*" and given.strip() != etag(entity.version):
        raise precondition(settings.precondition_tail)


def _complete(request: ArmRequest, ctx: Context, clean: Json, before: Entity | None) -> Json:
    """A whole body from what a client sent: defaults, and what only the service sets."""
    name, old = request.names[0], before.body if before else {}
    location = shape.place(str(clean["location"]))
    if before and old["location"] != location:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{name}' already exists in location "
            f"'{old['location']}' in resource group '{request.resource_group}'. A resource with the same "
            f"name cannot be created in location '{location}'. Please select a new resource name.",
        )
    sku = dict(clean["sku"])
    sku.setdefault("capacity", TIERS[sku["name"]].least)
    sent = clean.get("properties") or {}
    properties: Json = {k: v for k, v in (shape.DEFAULTS | sent).items() if v is not None and k != "restore"}
    properties.setdefault("notificationSenderEmail", shape.SENDER)
    properties["hostnameConfigurations"] = shape.hosts(name, sent.get("hostnameConfigurations"))
    properties["apiVersionConstraint"] = {"minApiVersion": None} | (sent.get("apiVersionConstraint") or {})
    kept = old.get("properties") or {}
    for key in (
        "provisioningState",
        "targetProvisioningState",
        "createdAtUtc",
        "gatewayUrl",
        "gatewayRegionalUrl",
        "portalUrl",
        "developerPortalUrl",
        "managementApiUrl",
        "scmUrl",
        "publicIPAddresses",
        "privateIPAddresses",
        "outboundPublicIPAddresses",
        "privateEndpointConnections",
        "customProperties",
    ):
        if key in kept and key not in sent:
            properties[key] = kept[key]
    if kept.get("customProperties") is not None:
        properties["customProperties"] = shape.CUSTOM | (sent.get("customProperties") or {})
    properties["platformVersion"] = TIERS[sku["name"]].platform
    if properties["virtualNetworkType"] == "None":
        properties.pop("virtualNetworkConfiguration", None)
    extra = [_location(name, item, properties) for item in sent.get("additionalLocations") or []]
    properties["additionalLocations"] = extra or None
    if properties["additionalLocations"] is None:
        properties.pop("additionalLocations")
    for part in (properties, *extra):
        network = part.get("virtualNetworkConfiguration")
        if network:
            part["virtualNetworkConfiguration"] = {"subnetResourceId": network.get("subnetResourceId")}
    body: Json = {"location": location, "sku": sku, "properties": properties, "tags": clean.get("tags") or {}}
    if clean.get("zones"):
        body["zones"] = [str(zone) for zone in clean["zones"]]
    identity = _identity(ctx, clean.get("identity"), old.get("identity"))
    if identity:
        body["identity"] = identity
    body["systemData"] = _system_data(request, ctx, old.get("systemData"))
    return body


def _location(name: str, item: Json, properties: Json) -> Json:
    place = shape.place(str(item["location"]))
    region = canonical(place)
    defaults = {
        "disableGateway": False,
        "natGatewayState": "Disabled",
        "zones": None,
        "publicIpAddressId": None,
        "virtualNetworkConfiguration": None,
        "publicIPAddresses": None,
        "privateIPAddresses": None,
        "outboundPublicIPAddresses": None,
        "platformVersion": "stv2.1",
        "gatewayRegionalUrl": f"https://{name}-{region}-01.regional.azure-api.net",
    }
    return defaults | {k: v for k, v in item.items() if v is not None} | {"location": place}


def _identity(ctx: Context, wanted: Json | None, old: Json | None) -> Json | None:
    """A managed identity with the ids that Entra gives it, which stay as long as it exists."""
    kind = str((wanted or {}).get("type") or "None")
    if wanted is None or kind == "None":
        return {"type": "None", "principalId": None, "tenantId": None} if wanted else None
    found: Json = {"type": kind, "tenantId": ctx.settings.tenant_id}
    if "SystemAssigned" in kind:
        found["principalId"] = (old or {}).get("principalId") or str(uuid.uuid4())
    known = {k.lower(): v for k, v in ((old or {}).get("userAssignedIdentities") or {}).items()}
    if "UserAssigned" in kind:
        found["userAssignedIdentities"] = {
            key: known.get(key.lower()) or {"principalId": str(uuid.uuid4()), "clientId": str(uuid.uuid4())}
            for key in wanted.get("userAssignedIdentities") or {}
        }
    return found


def _system_data(request: ArmRequest, ctx: Context, old: Json | None) -> Json:
    who, now = request.principal.name or request.principal.app_id, moment(ctx.clock.time())
    change = {"lastModifiedBy": who, "lastModifiedByType": "Application", "lastModifiedAt": now}
    return ({"createdBy": who, "createdByType": "Application", "createdAt": now} if old is None else old) | change


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
    if not _slow(before.body, body):
        same = {**before.body, "systemData": None} == {**body, "systemData": None}
        entity = before if same else ctx.store.put(before.id, TYPE, body, before.hidden)
        if not same:
            ctx.signal("apim-changed", service=entity.id)
        return ArmResponse(200, shape.show(entity, request.api_version, request.id), {"etag": etag(entity.version)})
    body["properties"] |= {"provisioningState": "Updating", "targetProvisioningState": "Activating"}
    moved = _network(before.body) != _network(body)
    entity = ctx.store.put(before.id, TYPE, body, before.hidden | {"before": before.body, "moved": moved})
    hosted = TIERS[body["sku"]["name"]].hosted
    seconds = settings.network_seconds if moved else settings.update_seconds
    operation = operations.start(
        ctx, entity.id, entity.name, body["location"], "Update", seconds if hosted else settings.consumption_seconds
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
