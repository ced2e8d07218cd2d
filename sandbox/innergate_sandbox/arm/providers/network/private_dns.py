# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private DNS zones: record sets and links to virtual networks, as services in Internal mode need them.

Written from the contract of azure-mgmt-privatedns (2024-06-01). Zones and links are long-running there; a client takes
an answer without a URL to poll for the end of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import accept, faults
from innergate_sandbox.arm.providers.network.declaration import (
    Flag,
    Items,
    Json,
    Kind,
    Number,
    Ref,
    Struct,
    Text,
    Texts,
)
from innergate_sandbox.store import Entity

ZONE = "Microsoft.Network/privateDnsZones"
LINKS = "virtualNetworkLinks"
_CNAME, _SOA = Struct({"cname": Text()}), Struct({"host": Text(), "email": Text(), "serialNumber": Number(0)})
RECORDS: dict[str, tuple[str, Kind]] = {
    "A": ("aRecords", Items(Struct({"ipv4Address": Text()}))),
    "AAAA": ("aaaaRecords", Items(Struct({"ipv6Address": Text()}))),
    "CNAME": ("cnameRecord", _CNAME),
    "MX": ("mxRecords", Items(Struct({"preference": Number(0, 65535), "exchange": Text()}))),
    "PTR": ("ptrRecords", Items(Struct({"ptrdname": Text()}))),
    "SOA": ("soaRecord", _SOA),
    "SRV": (
        "srvRecords",
        Items(Struct({"priority": Number(), "weight": Number(), "port": Number(0, 65535), "target": Text()})),
    ),
    "TXT": ("txtRecords", Items(Struct({"value": Texts()}))),
}
"""Types of records: the property that holds them, and what stands in it."""

_LINK = {"virtualNetwork": Ref("virtualNetworks"), "registrationEnabled": Flag(), "resolutionPolicy": Text()}
_HEAD = {"location": Text(), "tags": Json()}
_START = {
    "email": "azureprivatedns-host.microsoft.com", "expireTime": 2419200, "host": "azureprivatedns.net",
    "minimumTtl": 10, "refreshTime": 3600, "retryTime": 300, "serialNumber": 1,
}  # fmt: skip


def addresses(request: ArmRequest) -> bool:
    """Say whether a request is about private zones."""
    first = request.types[0] if request.types else request.action
    return (first or "").lower() == "privatednszones"


def answer(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a request for a zone, a link, a record set, or a list of them."""
    with ctx.store.transaction():
        if not request.names:
            return _only_get(request, [_zone(ctx, entity) for entity in _zones(request, ctx)])
        zone = ctx.store.get("/".join(request.path.split("/")[:9]))
        if len(request.names) == 1 and not request.action:
            return _write_zone(request, ctx, zone)
        if zone is None:
            raise errors.parent_not_found(request) if request.method == "PUT" else errors.resource_not_found(request)
        if len(request.names) == 1:
            return _only_get(request, _below(request, ctx, zone))
        if len(request.names) > 2 or request.action:
            raise errors.invalid_type("Microsoft.Network", "/".join(request.types), request.api_version)
        if request.types[1].lower() == LINKS.lower():
            return _write_link(request, ctx)
        return _write_records(request, ctx, zone)


def _only_get(request: ArmRequest, value: list[dict[str, Any]]) -> ArmResponse:
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    return ArmResponse.ok({"value": value})


def _zones(request: ArmRequest, ctx: Context) -> list[Entity]:
    group = f"/resourceGroups/{request.resource_group}" if request.resource_group else ""
    return ctx.store.find(ZONE, f"/subscriptions/{request.subscription}{group}")


def _shown(entity: Entity, properties: dict[str, Any]) -> dict[str, Any]:
    """An entity with its etag: the version of it, in the form of a GUID."""
    etag = str(uuid.UUID(int=entity.version))
    head = {"id": entity.id, "name": entity.name, "type": entity.type, "etag": etag}
    return head | {**entity.body, "properties": properties}


def _reply(status: int, shown: dict[str, Any]) -> ArmResponse:
    return ArmResponse(status, shown, {"ETag": shown["etag"]})


def _check_match(request: ArmRequest, found: Entity | None) -> None:
    """If-Match and If-None-Match, which the clients send to write only what they know."""
    given, none = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    own = str(uuid.UUID(int=found.version)) if found else None
    if (none == "*" and found) or (given not in (None, "", "*") and given != own) or (given == "*" and not found):
        raise faults.refused(
            "PreconditionFailed", f"The condition of the request for {request.id} is not met.", status=412
        )


def _found(request: ArmRequest, found: Entity | None) -> Entity:
    if found is None:
        raise errors.resource_not_found(request)
    return found


# -- zones --------------------------------------------------------------------------------------------------------


def _zone(ctx: Context, zone: Entity) -> dict[str, Any]:
    links = ctx.store.children(zone.id, f"{ZONE}/{LINKS}")
    registering = sum(bool(link.body["properties"].get("registrationEnabled")) for link in links)
    counted = {
        "maxNumberOfRecordSets": 25000,
        "numberOfRecordSets": len(_records(ctx, zone)),
        "maxNumberOfVirtualNetworkLinks": 1000,
        "numberOfVirtualNetworkLinks": len(links),
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfVirtualNetworkLinksWithRegistration": registering,
        "provisioningState": "Succeeded",
    }
    return _shown(zone, counted)


def _write_zone(request: ArmRequest, ctx: Context, zone: Entity | None) -> ArmResponse:
    match request.method:
        case "GET":
            return _reply(200, _zone(ctx, _found(request, zone)))
        case "PUT" | "PATCH":
            if request.method == "PATCH":
                _found(request, zone)
            _check_match(request, zone)
            return _put_zone(request, ctx, zone)
        case "DELETE":
            if zone is None:
                return ArmResponse.no_content()
            _check_match(request, zone)
            if ctx.store.children(zone.id, f"{ZONE}/{LINKS}"):
                message = f"Cannot delete resource {zone.id} since there are nested virtual network links on it."
                raise faults.refused("CannotDeleteResource", message, status=409)
            ctx.store.delete(zone.id)
            return ArmResponse.ok()
    raise errors.method_not_allowed(request)


def _put_zone(request: ArmRequest, ctx: Context, zone: Entity | None) -> ArmResponse:
    body = accept.whole(Struct(_HEAD), errors.require_object(request))
    name = request.names[0]
    if name.count(".") < 1 or not all(0 < len(label) < 64 for label in name.split(".")):
        raise faults.refused("BadRequest", f"The zone name '{name}' is not valid: it needs two labels at least.")
    location = body.get("location", "global" if zone else None)
    if location is None:
        raise errors.location_required()
    if location.lower() != "global":
        message = f"The provided location '{location}' is not available for resource type 'privateDnsZones'."
        raise faults.refused("LocationNotAvailableForResourceType", message)
    held = (zone.body.get("tags") if zone else None) or {}
    tags = body.get("tags", held if request.method == "PATCH" else {})
    accept.check_tags(tags)
    written = ctx.store.put(request.id, ZONE, {"location": "global", "tags": tags})
    if zone is None:
        soa = {"properties": {"ttl": 3600, "soaRecord": dict(_START)}}
        ctx.store.put(f"{written.id}/SOA/@", f"{ZONE}/SOA", soa)
    return _reply(200 if zone else 201, _zone(ctx, written))


# -- links --------------------------------------------------------------------------------------------------------


def _link(link: Entity) -> dict[str, Any]:
    state = {"virtualNetworkLinkState": "Completed", "provisioningState": "Succeeded"}
    return _shown(link, {"registrationEnabled": False, **link.body["properties"], **state})


def _write_link(request: ArmRequest, ctx: Context) -> ArmResponse:
    link = ctx.store.get(request.id)
    match request.method:
        case "GET":
            return _reply(200, _link(_found(request, link)))
        case "PUT" | "PATCH":
            old = _found(request, link).body if request.method == "PATCH" else {}
            _check_match(request, link)
            return _put_link(request, ctx, link, old)
        case "DELETE":
            return _delete(request, ctx, link)
    raise errors.method_not_allowed(request)


def _put_link(request: ArmRequest, ctx: Context, link: Entity | None, old: dict[str, Any]) -> ArmResponse:
    body = accept.whole(Struct({**_HEAD, "properties": Struct(_LINK)}), errors.require_object(request))
    properties = {**old.get("properties", {}), **(body.get("properties") or {})}
    network = (properties.get("virtualNetwork") or {}).get("id")
    if not network:
        raise faults.refused("BadRequest", "The virtual network of the link is missing.")
    if ctx.store.get(network) is None:
        raise faults.refused("BadRequest", f"The virtual network '{network}' of the link could not be found.")
    if link and link.body["properties"]["virtualNetwork"]["id"].lower() != network.lower():
        raise faults.refused("BadRequest", "The virtual network of a link cannot be changed.")
    tags = body.get("tags", old.get("tags") or {})
    accept.check_tags(tags)
    written = ctx.store.put(
        request.id, f"{ZONE}/{LINKS}", {"location": "global", "tags": tags, "properties": properties}
    )
    return _reply(200 if link else 201, _link(written))


def _delete(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    if found is None:
        return ArmResponse.no_content()
    _check_match(request, found)
    ctx.store.delete(found.id)
    return ArmResponse.ok()


# -- record sets --------------------------------------------------------------------------------------------------


def _records(ctx: Context, zone: Entity, kind: str | None = None) -> list[Entity]:
    types = [kind] if kind else list(RECORDS)
    return [entity for one in types for entity in ctx.store.children(zone.id, f"{ZONE}/{one}")]


def _record(zone: Entity, entity: Entity) -> dict[str, Any]:
    head = "" if entity.name == "@" else f"{entity.name}."
    return _shown(
        entity, {"metadata": {}, **entity.body["properties"], "fqdn": f"{head}{zone.name}.", "isAutoRegistered": False}
    )


def _below(request: ArmRequest, ctx: Context, zone: Entity) -> list[dict[str, Any]]:
    """GET of the links, of the records of a type, or of ALL."""
    word = (request.action or "").upper()
    if word == LINKS.upper():
        return [_link(link) for link in ctx.store.children(zone.id, f"{ZONE}/{LINKS}")]
    if word not in (*RECORDS, "ALL"):
        raise errors.invalid_type("Microsoft.Network", f"privateDnsZones/{request.action}", request.api_version)
    found = _records(ctx, zone, None if word == "ALL" else word)
    suffix = (request.lookup("$recordsetnamesuffix") or "").lower()
    return [_record(zone, entity) for entity in found if entity.name.lower().endswith(suffix)]


def _write_records(request: ArmRequest, ctx: Context, zone: Entity) -> ArmResponse:
    kind, found = request.types[1].upper(), ctx.store.get(request.id)
    if kind not in RECORDS:
        raise errors.invalid_type("Microsoft.Network", "/".join(request.types), request.api_version)
    match request.method:
        case "GET":
            if found is None:
                message = f"The resource record '{request.names[1]}' does not exist in zone '{zone.name}'."
                raise faults.refused("NotFound", message, status=404)
            return _reply(200, _record(zone, found))
        case "PUT" | "PATCH":
            old = _found(request, found).body["properties"] if request.method == "PATCH" else {}
            _check_match(request, found)
            return _put_records(request, ctx, zone, kind, old)
        case "DELETE" if kind == "SOA":
            raise faults.refused("BadRequest", "The record set of type 'SOA' cannot be deleted.")
        case "DELETE":
            return _delete(request, ctx, found)
    raise errors.method_not_allowed(request)


def _put_records(request: ArmRequest, ctx: Context, zone: Entity, kind: str, old: dict[str, Any]) -> ArmResponse:
    name, what = RECORDS[kind]
    # An acceptance test of terraform-provider-azurerm (a CNAME to a subdomain) writes a TTL of 0.
    properties = Struct({"ttl": Number(0, 2147483647), "metadata": Json(), name: what})
    sent = accept.whole(Struct({"properties": properties}), errors.require_object(request)).get("properties") or {}
    kept: dict[str, Any] = {key: sent[key] for key in ("ttl", "metadata", name) if key in sent}
    wanted = {"ttl": 3600, **old, **kept}
    if not wanted.get(name):
        raise faults.refused("BadRequest", f"The record set of type '{kind}' must have a record at least.")
    existed = ctx.store.get(request.id) is not None
    if kind == "SOA":
        # Everything of it can be changed but the host (Microsoft Learn, dns-private-records); what is left out is as in
        # the beginning (terraform-provider-azurerm sends no serial number).
        wanted[name] = {**_START, **old.get(name, {}), **wanted[name], "host": _START["host"]}
    written = ctx.store.put(f"{zone.id}/{kind}/{request.names[1]}", f"{ZONE}/{kind}", {"properties": wanted})
    return _reply(200 if existed else 201, _record(zone, written))
