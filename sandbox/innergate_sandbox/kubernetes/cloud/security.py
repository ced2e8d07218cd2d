# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that the controller keeps in the nodes' network security group. Pure.

A rule stands for protocol, sources and ports; Services that agree in these share it, each with its own destination.
"""

from __future__ import annotations

import copy
import hashlib

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud.wish import Wish

PREFIX = "k8s-azure-lb_"
FIRST_PRIORITY = 500


def wanted(wish: Wish) -> dict[str, tuple[str, list[str], list[str]]]:
    """Rule name -> (protocol, sources, ports). An internal Service without restrictions needs none."""
    sources = sorted(wish.source_prefixes())
    if not sources:
        if wish.internal:
            return {}
        sources = ["Internet"]
    found = {}
    for protocol in sorted({port.protocol for port in wish.ports}):
        ports = sorted(str(port.port) for port in wish.ports if port.protocol == protocol)
        shown = protocol.capitalize()
        digest = hashlib.md5("_".join([shown, ",".join(sources), ",".join(ports)]).encode(), usedforsecurity=False)
        found[f"{PREFIX}allow_IPv4_{digest.hexdigest()}"] = (shown, sources, ports)
    return found


def reconcile(group: Object, wish: Wish | None, address: str) -> Object | None:
    """The group with exactly the rules that the Service needs for its address; without a Service, with none for it.

    None if nothing is to be changed.
    """
    body = copy.deepcopy(group)
    rules: list[Object] = body["properties"].setdefault("securityRules", [])
    needed = wanted(wish) if wish is not None else {}
    for rule in list(rules):
        if not rule["name"].startswith(PREFIX) or rule["name"] in needed:
            continue
        before = _destinations(rule)
        if address in before:
            _set_destinations(rule, [item for item in before if item != address])
            if not _destinations(rule):
                rules.remove(rule)
    for name, (protocol, sources, ports) in needed.items():
        known = next((rule for rule in rules if rule["name"] == name), None)
        if known is None:
            known = _rule(name, protocol, sources, ports, _free_priority(rules))
            rules.append(known)
        if address not in _destinations(known):
            _set_destinations(known, [*_destinations(known), address])
    return body if body != group else None


def _rule(name: str, protocol: str, sources: list[str], ports: list[str], priority: int) -> Object:
    source = {"sourceAddressPrefix": sources[0]} if sources == ["Internet"] else {"sourceAddressPrefixes": sources}
    return {
        "name": name,
        "properties": {
            "protocol": protocol,
            "sourcePortRange": "*",
            "destinationPortRanges": ports,
            **source,
            "access": "Allow",
            "direction": "Inbound",
            "priority": priority,
        },
    }


def _destinations(rule: Object) -> list[str]:
    content = rule["properties"]
    single = content.get("destinationAddressPrefix")
    return [*([single] if single else []), *(content.get("destinationAddressPrefixes") or [])]


def _set_destinations(rule: Object, addresses: list[str]) -> None:
    content = rule["properties"]
    content.pop("destinationAddressPrefix", None)
    content.pop("destinationAddressPrefixes", None)
    if len(addresses) == 1:
        content["destinationAddressPrefix"] = addresses[0]
    elif addresses:
        content["destinationAddressPrefixes"] = sorted(addresses)


def _free_priority(rules: list[Object]) -> int:
    taken = {rule["properties"].get("priority") for rule in rules if rule["properties"].get("direction") == "Inbound"}
    return next(number for number in range(FIRST_PRIORITY, 4096) if number not in taken)
