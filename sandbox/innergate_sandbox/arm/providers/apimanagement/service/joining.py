# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses in the subnet, and what the network lets through to the management endpoint."""

from __future__ import annotations

import ipaddress
from typing import Any

from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers import network
from innergate_sandbox.store import Entity

from .placement import Place, needed, places, way
from .tiers import INJECTION, TIERS

Json = dict[str, Any]
MANAGEMENT = 3443


def blocked(ctx: Context, body: Json) -> str:
    """Why the management endpoint cannot be reached in one of the locations; empty if it can."""
    if way(body) != INJECTION or TIERS[body["sku"]["name"]].v2:
        return ""
    for place in places(body):
        subnet = network.subnet(ctx.store, place.subnet) if place.subnet else None
        group = ctx.store.get(subnet.linked("networkSecurityGroup") or "") if subnet else None
        if subnet and group is None:
            return f"The subnet '{subnet.id}' has no network security group: nothing is let in."
        rule = _refusing(group, ("ApiManagement", "Internet", "*", "Any"), MANAGEMENT) if group else None
        if group and rule:
            return (
                f"Rule '{rule}' of network security group '{group.name}' blocks port {MANAGEMENT} for the service "
                "tag ApiManagement."
            )
    return ""


def guarded(ctx: Context, body: Json) -> bool:
    """Whether every subnet has a security group; without one a service comes up, and is unhealthy."""
    subnets = [network.subnet(ctx.store, place.subnet) for place in places(body) if place.subnet]
    return all(subnet is not None and subnet.linked("networkSecurityGroup") for subnet in subnets)


def _refusing(group: Entity, sources: tuple[str, ...], port: int) -> str | None:
    """The inbound rule that keeps TCP traffic out, None if a rule lets it in. Defaults let no ApiManagement in."""
    rules = [
        rule
        for rule in group.body["properties"].get("securityRules") or []
        if rule["properties"].get("direction") == "Inbound"
    ]
    for rule in sorted(rules, key=lambda rule: int(rule["properties"].get("priority", 65000))):
        own = rule["properties"]
        if (
            own.get("protocol", "*").lower() in ("*", "tcp")
            and _any(own, "sourceAddressPrefix", sources)
            and _port(own, port)
        ):
            return None if own.get("access") == "Allow" else str(rule["name"])
    return "DenyAllInBound"


def _values(rule: Json, name: str, plural: str) -> list[str]:
    return [str(v) for v in [rule.get(name), *(rule.get(plural) or [])] if v]


def _any(rule: Json, name: str, wanted: tuple[str, ...]) -> bool:
    for value in _values(rule, name, f"{name}es"):
        if value.lower() in [w.lower() for w in wanted] or value.lower().startswith("apimanagement."):
            return True
        if value in ("0.0.0.0/0", "::/0"):
            return True
    return False


def _port(rule: Json, port: int) -> bool:
    for value in _values(rule, "destinationPortRange", "destinationPortRanges"):
        first, dummy, last = value.partition("-")
        if value == "*" or (first.isdigit() and int(first) <= port <= int(last or first)):
            return True
    return False


def occupy(ctx: Context, service_id: str, body: Json, before: Json) -> Json:
    """Take addresses in the subnets; returns them by location: {"West Europe": {"addresses": [...], "vip": ...}}.

    `before`: what this function returned last. Addresses stay as long as service and subnet do.
    """
    network.release(ctx.store, service_id)
    found: Json = {}
    if way(body) is None:
        return found
    for place in places(body):
        count, internal = needed(body, place), body["properties"]["virtualNetworkType"] == "Internal"
        keep = (before.get(place.location) or {}).get("addresses") or []
        taken = network.reserve(ctx.store, place.subnet or "", service_id, count, name="unit", keep=keep)
        found[place.location] = {"addresses": taken, "vip": taken[-1] if internal and taken else None}
    return found


def leave(ctx: Context, service_id: str) -> None:
    """Give all addresses back."""
    network.release(ctx.store, service_id)


def public_address(ctx: Context, place: Place, own: str | None) -> str:
    """The public address of a location: the resource's, or one that belongs to the service."""
    entity = ctx.store.get(place.public_ip) if place.public_ip else None
    given = entity.body["properties"].get("ipAddress") if entity else None
    return str(given) if given else own or _made_up(ctx)


def _made_up(ctx: Context) -> str:
    number = ctx.store.next_number("apim-public-address")
    return str(ipaddress.ip_address(int(ipaddress.ip_address("198.18.64.0")) + number % 16000))
