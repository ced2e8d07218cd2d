# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a network security group does with traffic: its rules by priority, then Azure's default ones. Pure.

A rule decides about a flow when it covers the flow as a whole. One that covers a part of it (some addresses of a
service tag, some source ports) is remembered, but does not decide: whether the part matters can't be known from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, ip_network
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network.flows import VNET, Flow

_ANY = frozenset(("*", "any", "0.0.0.0/0"))
# Tags within others (Microsoft Learn: service-tags-overview). Public addresses of Azure are part of Internet.
_IN_AZURE_CLOUD = frozenset(
    (
        "apimanagement",
        "azureactivedirectory",
        "azureconnectors",
        "azurekeyvault",
        "azuremonitor",
        "azuretrafficmanager",
        "eventhub",
        "sql",
        "storage",
    )
)
_IN_INTERNET = _IN_AZURE_CLOUD | {"internet", "azurecloud"}


class Cover(Enum):
    """How much of a flow a rule is about."""

    NONE = 0
    PART = 1
    ALL = 2


@dataclass(frozen=True)
class Decision:
    """C(allowed), by which rule, and the name of a rule of higher priority that says otherwise about a part of it."""

    allowed: bool
    rule: str
    partly: str = ""


def decide(
    rules: Sequence[Mapping[str, Any]], flow: Flow, port: int, subnet: Sequence[IPv4Network], region: str
) -> Decision:
    """What the rules (wire JSON: own and default ones) do with one port of a flow, for machines in the subnet."""
    direction = flow.direction.lower()
    mine = [
        (int(_properties(rule).get("priority") or 65500), rule)
        for rule in rules
        if str(_properties(rule).get("direction") or "").lower() == direction
    ]
    partly: dict[bool, str] = {}
    for dummy, rule in sorted(mine, key=lambda item: item[0]):
        cover = covers(rule, flow, port, subnet, region)
        allows = str(_properties(rule).get("access") or "").lower() == "allow"
        name = str(rule.get("name") or "without a name")
        if cover is Cover.ALL:
            return Decision(allows, name, partly.get(not allows, ""))
        if cover is Cover.PART:
            partly.setdefault(allows, name)
    return Decision(False, "none", partly.get(True, ""))


def all_rules(group: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rules of a network security group as GET answers it, with the default ones."""
    properties = _properties(group)
    defaults = properties.get("defaultSecurityRules") or DEFAULTS
    return [*(properties.get("securityRules") or []), *defaults]


def covers(rule: Mapping[str, Any], flow: Flow, port: int, subnet: Sequence[IPv4Network], region: str) -> Cover:
    """How much of the flow (to or from the subnet, one destination port) the rule is about."""
    properties = _properties(rule)
    if str(properties.get("protocol") or "*").lower() not in ("*", flow.protocol.lower()):
        return Cover.NONE
    if not any(_port_in(port, text) for text in _texts(properties, "destinationPortRange")):
        return Cover.NONE
    ends = {"Inbound": (flow.peer, VNET), "Outbound": (VNET, flow.peer)}[flow.direction]
    found = [
        _covers_source_ports(_texts(properties, "sourcePortRange")),
        _covers_end(properties, "source", ends[0], subnet, region),
        _covers_end(properties, "destination", ends[1], subnet, region),
    ]
    return min(found, key=lambda cover: cover.value)


def _covers_source_ports(texts: Sequence[str]) -> Cover:
    return Cover.ALL if not texts or any(text in ("*", "0-65535") for text in texts) else Cover.PART


def _covers_end(
    properties: Mapping[str, Any], side: str, tag: str, subnet: Sequence[IPv4Network], region: str
) -> Cover:
    if properties.get(f"{side}ApplicationSecurityGroups"):
        return Cover.PART if tag == VNET else Cover.NONE
    texts = _texts(properties, f"{side}AddressPrefix")
    found = [_covers_prefix(text, tag, subnet, region) for text in texts]
    return max(found, key=lambda cover: cover.value, default=Cover.NONE)


def _covers_prefix(text: str, tag: str, subnet: Sequence[IPv4Network], region: str) -> Cover:
    rule, wanted = text.strip().lower(), tag.lower()
    if rule in _ANY or rule == wanted:
        return Cover.ALL
    network = _network(rule)
    if network is not None:
        if wanted != VNET.lower():
            return Cover.PART if wanted in _IN_INTERNET else Cover.NONE
        if subnet and all(own.subnet_of(network) for own in subnet):
            return Cover.ALL
        return Cover.PART if any(own.overlaps(network) for own in subnet) else Cover.NONE
    base, dummy, place = rule.partition(".")
    if base == "internet":
        return Cover.ALL if wanted in _IN_INTERNET else Cover.NONE
    inside = base == wanted or (base == "azurecloud" and wanted in _IN_AZURE_CLOUD)
    if not inside:
        # Front Door and the like are a part of the Internet.
        return Cover.PART if wanted == "internet" and base not in (VNET.lower(), "azureloadbalancer") else Cover.NONE
    return Cover.ALL if place in ("", region.replace(" ", "").lower()) else Cover.PART


def _network(text: str) -> IPv4Network | None:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, IPv4Network) else None


def _port_in(port: int, text: str) -> bool:
    first, dummy, last = text.strip().partition("-")
    if first == "*":
        return True
    return first.isdigit() and int(first) <= port <= int(last if last.isdigit() else first)


def _texts(properties: Mapping[str, Any], key: str) -> list[str]:
    """The values of a rule's scalar and list form: answers have both, one of them empty."""
    plural = key + "es" if key.endswith("Prefix") else key + "s"
    one = properties.get(key)
    return [*([str(one)] if one else []), *(str(item) for item in properties.get(plural) or [])]


def _properties(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return item.get("properties") or {}


def _default(name: str, priority: int, direction: str, access: str, source: str, destination: str) -> dict[str, Any]:
    return {
        "name": name,
        "properties": {
            "priority": priority,
            "direction": direction,
            "access": access,
            "protocol": "*",
            "sourcePortRange": "*",
            "destinationPortRange": "*",
            "sourceAddressPrefix": source,
            "destinationAddressPrefix": destination,
        },
    }


#: The rules that every network security group has (cloud-provider-azure recordings, api-version 2025-05-01).
DEFAULTS = (
    _default("AllowVnetInBound", 65000, "Inbound", "Allow", VNET, VNET),
    _default("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    _default("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
    _default("AllowVnetOutBound", 65000, "Outbound", "Allow", VNET, VNET),
    _default("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
    _default("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
)
