# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network security group's verdict on one TCP flow.

Rules are taken by priority, the first that matches decides; behind them stand the six default rules that every group
has (Microsoft Learn: network-security-groups-overview).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from innergate_sandbox.dataplane.inventory import Address, Network

INBOUND, OUTBOUND = "Inbound", "Outbound"


def _default(name: str, priority: int, direction: str, access: str, source: str, destination: str) -> dict[str, Any]:
    return {
        "name": name,
        "priority": priority,
        "direction": direction,
        "access": access,
        "protocol": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "destinationPortRange": "*",
    }


DEFAULT_RULES = [
    _default("AllowVnetInBound", 65000, INBOUND, "Allow", "VirtualNetwork", "VirtualNetwork"),
    _default("AllowAzureLoadBalancerInBound", 65001, INBOUND, "Allow", "AzureLoadBalancer", "*"),
    _default("DenyAllInBound", 65500, INBOUND, "Deny", "*", "*"),
    _default("AllowVnetOutBound", 65000, OUTBOUND, "Allow", "VirtualNetwork", "VirtualNetwork"),
    _default("AllowInternetOutBound", 65001, OUTBOUND, "Allow", "*", "Internet"),
    _default("DenyAllOutBound", 65500, OUTBOUND, "Deny", "*", "*"),
]


@dataclass(frozen=True)
class End:
    """One end of a flow: what is known of its address, and the service tags it belongs to.

    networks: the addresses it may have (a single one as /32, or its subnet when the machine is not known).
    """

    networks: tuple[Network, ...] = ()
    tags: frozenset[str] = frozenset()

    @classmethod
    def of(cls, address: Address, *tags: str) -> End:
        """Make the end of a single known address."""
        return cls((ip_network(address),), frozenset(tag.lower() for tag in tags))

    def matches(self, prefix: str) -> bool:
        """Say whether an address prefix of a rule (*, a tag, an address or a range) covers this end."""
        text = prefix.strip().lower()
        if text in ("*", "any", "0.0.0.0/0"):
            return True
        if text in self.tags:
            return True
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return False  # some other service tag
        return any(network.version == own.version and network.overlaps(own) for own in self.networks)


@dataclass(frozen=True)
class Flow:
    """One TCP connection as a rule sees it."""

    source: End
    destination: End
    port: int


def verdict(rules: list[dict[str, Any]], direction: str, flow: Flow) -> tuple[bool, str]:
    """Return whether a group lets the flow pass, and the name of the rule that said so.

    rules: the group's own security rules in any order, each its `properties` with its `name`.
    """
    own = sorted(rules, key=lambda rule: int(rule.get("priority", 4096)))
    for rule in [*own, *DEFAULT_RULES]:
        if str(rule.get("direction", "")).lower() == direction.lower() and _applies(rule, flow):
            return str(rule.get("access", "")).lower() == "allow", str(rule.get("name"))
    return False, "no rule"


def _applies(rule: dict[str, Any], flow: Flow) -> bool:
    if str(rule.get("protocol", "*")).lower() not in ("*", "tcp"):
        return False
    sources = _values(rule, "sourceAddressPrefix", "sourceAddressPrefixes")
    destinations = _values(rule, "destinationAddressPrefix", "destinationAddressPrefixes")
    ports = _values(rule, "destinationPortRange", "destinationPortRanges")
    return (
        any(flow.source.matches(item) for item in sources)
        and any(flow.destination.matches(item) for item in destinations)
        and any(_port_in(item, flow.port) for item in ports)
    )


def _values(rule: dict[str, Any], single: str, several: str) -> list[str]:
    found = list(rule.get(several) or [])
    if rule.get(single):
        found.append(rule[single])
    return found


def _port_in(text: str, port: int) -> bool:
    if text.strip() == "*":
        return True
    low, dummy, high = text.partition("-")
    return int(low) <= port <= int(high or low)
