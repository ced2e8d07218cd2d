# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service's place in a network: what is asked for, and whether it can be had.

Sources: Microsoft Learn, virtual-network-injection-resources, inject-vnet-v2, integrate-vnet-outbound,
howto-ip-addresses. The texts of these refusals were not seen on the wire; their kind (400 with the reason) was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers import network
from innergate_sandbox.arm.providers.network import Subnet

from ..engine.address import TYPE
from ..engine.faults import incorrect
from ..settings import Settings
from .tiers import INJECTION, INTEGRATION, TIERS, WEB_ENVIRONMENTS, WEB_FARMS, addresses

Json = dict[str, Any]
SMALLEST = {False: 29, True: 27}  # longest prefix of classic and v2 tiers


@dataclass(frozen=True)
class Place:
    """One location of a service: the primary one or an additional one."""

    location: str
    units: int
    subnet: str | None
    public_ip: str | None


def places(body: Json) -> list[Place]:
    """All locations of a service's body, the primary one first."""
    properties = body["properties"]
    found = [_place(body["location"], body["sku"], properties)]
    found.extend(
        _place(extra["location"], extra.get("sku") or body["sku"], extra)
        for extra in properties.get("additionalLocations") or []
    )
    return found


def _place(location: str, sku: Json, properties: Json) -> Place:
    network = properties.get("virtualNetworkConfiguration") or {}
    return Place(
        location, int(sku.get("capacity") or 0), network.get("subnetResourceId"), properties.get("publicIpAddressId")
    )


def way(body: Json) -> str | None:
    """How a service is joined to its network: by injection, by integration, or not at all."""
    kind = body["properties"].get("virtualNetworkType") or "None"
    return TIERS[body["sku"]["name"]].networks.get(kind) if kind != "None" else None


def check(
    request: ArmRequest, ctx: Context, settings: Settings, service_id: str, body: Json, before: Json | None
) -> None:
    """Refuse a place that cannot be had: 400 with the reason, 403 without the right to join the subnet."""
    tier, properties = body["sku"]["name"], body["properties"]
    kind = properties.get("virtualNetworkType") or "None"
    _tier(body, before)
    if kind == "None":
        for place in places(body):
            if place.public_ip and TIERS[tier].v2:
                raise incorrect("publicIpAddressId", f"Public IP addresses are not supported in the {tier} tier.")
        return
    if not TIERS[tier].networks:
        raise incorrect(
            "virtualNetworkType",
            f"VirtualNetworkType '{kind}' is not supported in the {tier} tier. "
            "Virtual networks are available in the tiers Developer, Premium, "
            "StandardV2 and PremiumV2.",
        )
    if kind not in TIERS[tier].networks:
        raise incorrect(
            "virtualNetworkType",
            f"VirtualNetworkType '{kind}' is not supported in the {tier} tier. "
            f"Supported: {', '.join(TIERS[tier].networks)}.",
        )
    if (
        before is not None
        and before["sku"]["name"] == tier == "PremiumV2"
        and way(body) != way(before)
        and INJECTION in (way(body), way(before))
    ):
        raise incorrect(
            "virtualNetworkType",
            "Virtual network injection of a PremiumV2 service can only be chosen when the service is created.",
        )
    old = {place.location: place for place in places(before)} if before else {}
    for place in places(body):
        _subnet(request, ctx, settings, service_id, body, place)
        if way(body) == INJECTION and not TIERS[tier].v2:
            _public_ip(ctx, service_id, body, place, old.get(place.location), before)


def _tier(body: Json, before: Json | None) -> None:
    tier, units = body["sku"]["name"], int(body["sku"].get("capacity") or 0)
    row = TIERS[tier]
    if not row.least <= units <= row.most:
        raise incorrect(
            "sku.capacity",
            f"Capacity {units} is not valid for the {tier} tier. It must be "
            + (f"{row.least}." if row.least == row.most else f"between {row.least} and {row.most}."),
        )
    if body["properties"].get("additionalLocations") and not row.regions:
        raise incorrect("additionalLocations", f"Additional locations are not supported in the {tier} tier.")
    if body.get("zones") and not row.zones:
        raise incorrect("zones", f"Availability zones are not supported in the {tier} tier.")
    if before is not None and (tier == "Consumption") != (before["sku"]["name"] == "Consumption"):
        raise incorrect("sku.name", "A service cannot be moved to or from the Consumption tier.")
    if before is not None and TIERS[before["sku"]["name"]].v2 != row.v2:
        raise incorrect(
            "sku.name", f"A service cannot be moved from the {before['sku']['name']} tier to the {tier} tier."
        )


def _subnet(request: ArmRequest, ctx: Context, settings: Settings, service_id: str, body: Json, place: Place) -> None:
    target = "virtualNetworkConfiguration.subnetResourceId"
    if not place.subnet:
        raise incorrect(
            "virtualNetworkConfiguration",
            "VirtualNetworkConfiguration is required for location "
            f"'{place.location}' when VirtualNetworkType is not None.",
        )
    own = service_id.split("/")[2].lower()
    if place.subnet.lower().split("/")[1:3] != ["subscriptions", own]:
        raise incorrect(target, f"The subnet '{place.subnet}' must be in the same subscription as the service.")
    network.check_join(ctx, request, place.subnet)
    subnet = network.subnet(ctx.store, place.subnet)
    if subnet is None:
        raise incorrect(target, f"The subnet '{place.subnet}' does not exist.")
    if canonical(subnet.location) != canonical(place.location):
        raise incorrect(
            target,
            f"The virtual network of subnet '{place.subnet}' is in location '{subnet.location}', the "
            f"service in '{canonical(place.location)}'. They must be in the same location.",
        )
    _delegation(body, subnet, target)
    if settings.require_security_group and not subnet.linked("networkSecurityGroup"):
        raise incorrect(
            target,
            f"The subnet '{subnet.id}' has no network security group. Associate one with rules that "
            "allow the service's traffic.",
        )
    _size(ctx, service_id, body, place, subnet, target)


def _delegation(body: Json, subnet: Subnet, target: str) -> None:
    tier, joined = body["sku"]["name"], way(body)
    wanted = {INTEGRATION: WEB_FARMS, INJECTION: WEB_ENVIRONMENTS}[str(joined)] if TIERS[tier].v2 else None
    found = [name for name in subnet.delegations if name]
    if wanted is None and found:
        raise incorrect(
            target,
            f"The subnet '{subnet.id}' is delegated to {', '.join(found)}. A service of the {tier} "
            "tier needs a subnet without delegation.",
        )
    if wanted and wanted.lower() not in [name.lower() for name in found]:
        raise incorrect(target, f"The subnet '{subnet.id}' must be delegated to {wanted}.")


def _size(ctx: Context, service_id: str, body: Json, place: Place, subnet: Subnet, target: str) -> None:
    tier = body["sku"]["name"]
    networks = [network for network in subnet.prefixes if network.version == 4]
    longest = SMALLEST[TIERS[tier].v2]
    if not networks or min(network.prefixlen for network in networks) > longest:
        raise incorrect(
            target,
            f"The subnet '{subnet.id}' ({subnet.prefix}) is too small. The {tier} tier needs at least a /{longest}.",
        )
    wanted = needed(body, place)
    own = sum(
        use.root.lower() == service_id.lower() and use.address is not None for use in network.uses(ctx.store, subnet.id)
    )
    left = network.free_addresses(ctx.store, subnet.id) + own
    if wanted > left:
        raise incorrect(
            target,
            f"The subnet '{subnet.id}' ({subnet.prefix}) has {left} free addresses; {place.units} "
            f"unit(s) of the {tier} tier need {wanted}.",
        )
    others = [user for user in network.occupants(ctx.store, subnet.id) if user.lower() != service_id.lower()]
    if TIERS[tier].v2 and others:
        raise incorrect(
            target,
            f"The subnet '{subnet.id}' is in use by {others[0]}. A service of the {tier} tier needs a "
            "subnet of its own.",
        )


def needed(body: Json, place: Place) -> int:
    """How many addresses a service takes in one location."""
    tier = body["sku"]["name"]
    internal = body["properties"].get("virtualNetworkType") == "Internal"
    return 2 if TIERS[tier].v2 else addresses(tier, place.units, internal)


def _public_ip(ctx: Context, service_id: str, body: Json, place: Place, old: Place | None, before: Json | None) -> None:
    target, kind = "publicIpAddressId", body["properties"]["virtualNetworkType"]
    if not place.public_ip:
        if kind == "External":
            raise incorrect(target, "PublicIpAddressId is required when VirtualNetworkType is External.")
        return
    entity = ctx.store.get(place.public_ip)
    if entity is None or not entity.type.lower().endswith("/publicipaddresses"):
        raise incorrect(target, f"The public IP address '{place.public_ip}' does not exist.")
    properties = entity.body["properties"]
    if canonical(entity.body["location"]) != canonical(place.location):
        raise incorrect(target, f"The public IP address '{entity.id}' must be in location '{place.location}'.")
    if (
        (entity.body.get("sku") or {}).get("name") != "Standard"
        or properties.get("publicIPAllocationMethod") != "Static"
        or properties.get("publicIPAddressVersion", "IPv4") != "IPv4"
    ):
        raise incorrect(
            target, f"The public IP address '{entity.id}' must be a static IPv4 address of the Standard SKU."
        )
    if not (properties.get("dnsSettings") or {}).get("domainNameLabel"):
        raise incorrect(target, f"The public IP address '{entity.id}' must have a DNS name label.")
    for other in ctx.store.find(TYPE):
        if other.id.lower() != service_id.lower() and place.public_ip.lower() in [
            str(p.public_ip).lower() for p in places(other.body)
        ]:
            raise incorrect(target, f"The public IP address '{entity.id}' is used by '{other.id}'.")
    moved = (
        before is not None
        and old is not None
        and old.public_ip
        and (
            (old.subnet or "").lower() != (place.subnet or "").lower()
            or before["properties"].get("virtualNetworkType") != kind
            or before.get("zones") != body.get("zones")
        )
    )
    if moved and old is not None and str(old.public_ip).lower() == place.public_ip.lower():
        raise incorrect(
            target,
            "A different public IP address must be supplied when the subnet, the virtual network type "
            "or the zones are changed.",
        )


def failure(name: str, reason: str) -> ArmError:
    """What an activation ends with when the management endpoint cannot be reached."""
    return ArmError(
        422,
        "ManagementApiRequestFailed",
        "Failed to connect to management endpoint at "
        f"{name}.management.azure-api.net:3443 for a service deployed in a virtual network. Make sure to "
        f"follow guidance at https://aka.ms/apim-vnet-common-issues. {reason}",
        details=None,
    )
