# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security rules: what they must say, and which cannot stand beside each other."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import Document

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write

PROTOCOLS = ("*", "Tcp", "Udp", "Icmp", "Esp", "Ah")
LISTS = ("sourcePortRanges", "destinationPortRanges", "sourceAddressPrefixes", "destinationAddressPrefixes")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*")


def _default(name: str, what: str, ends: tuple[str, str], access: str, priority: int, direction: str) -> Document:
    properties: Document = {
        "description": what, "protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*",
        "sourceAddressPrefix": ends[0], "destinationAddressPrefix": ends[1], "access": access, "priority": priority,
        "direction": direction, **{key: [] for key in LISTS},
    }  # fmt: skip
    return {"name": name, "properties": properties}


_VNET, _ANY = ("VirtualNetwork", "VirtualNetwork"), ("*", "*")
# The six of every security group (cloud-provider-azure recording securitygroupclient).
DEFAULTS = (
    _default("AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", _VNET, "Allow", 65000, "Inbound"),
    _default(
        "AllowAzureLoadBalancerInBound",
        "Allow inbound traffic from azure load balancer",
        ("AzureLoadBalancer", "*"),
        "Allow",
        65001,
        "Inbound",
    ),
    _default("DenyAllInBound", "Deny all inbound traffic", _ANY, "Deny", 65500, "Inbound"),
    _default(
        "AllowVnetOutBound", "Allow outbound traffic from all VMs to all VMs in VNET", _VNET, "Allow", 65000, "Outbound"
    ),
    _default(
        "AllowInternetOutBound",
        "Allow outbound traffic from all VMs to Internet",
        ("*", "Internet"),
        "Allow",
        65001,
        "Outbound",
    ),
    _default("DenyAllOutBound", "Deny all outbound traffic", _ANY, "Deny", 65500, "Outbound"),
)


def check(write: Write) -> None:
    """Check all rules of a group."""
    seen: dict[tuple[int, str], str] = {}
    for item in write.properties.get("securityRules", []):
        _rule(write, item)
        key = item["properties"]["priority"], item["properties"]["direction"]
        other = seen.setdefault(key, item["name"])
        if other != item["name"]:
            # text: jenkins-infra/azure#439
            message = (
                f"Security rule {other} conflicts with rule {item['name']}. Rules cannot have the same Priority and "
                "Direction. To learn more, see aka.ms/nsgrules."
            )
            raise faults.refused("SecurityRuleConflict", message)


def _rule(write: Write, item: Document) -> None:
    properties, where = item["properties"], write.part_id("securityRules", item["name"])
    for name in ("protocol", "access", "direction", "priority"):
        if name not in properties:
            raise faults.unparsable(f"Required property '{name}' not found in JSON. Path '{where}'.")
    if properties["protocol"].lower() not in [known.lower() for known in PROTOCOLS]:
        message = (
            f"Security rule has invalid protocol. Value provided: {properties['protocol']}. Allowed values: "
            f"{', '.join(PROTOCOLS)}."
        )
        raise faults.refused("SecurityRuleInvalidProtocol", message)
    if not 100 <= properties["priority"] <= 4096:
        given = properties["priority"]
        message = f"Security rule has invalid Priority. Value provided: {given}. Allowed range 100-4096."
        raise faults.refused("SecurityRuleInvalidPriority", message)
    for end in ("source", "destination"):
        ports = _either(properties, f"{end}PortRange", where, f"{end}PortRanges")
        for text in ports:
            _port(text)
        groups = properties.get(f"{end}ApplicationSecurityGroups")
        prefixes = _either(properties, f"{end}AddressPrefix", where, f"{end}AddressPrefixes", bool(groups))
        for text in prefixes:
            _prefix(text, where)


def _either(properties: Document, scalar: str, where: str, plural: str, optional: bool = False) -> list[str]:
    """Return what the scalar or the list says; exactly one of them may."""
    values = properties.get(plural) or []
    if properties.get(scalar) not in (None, "") and values:
        name = f"{scalar[:1].upper()}{scalar[1:]}"
        message = f"Security rule {where} cannot specify both {name} and {plural[:1].upper()}{plural[1:]}."
        raise faults.refused("SecurityRuleParameterConflict", message)
    if properties.get(scalar) not in (None, ""):
        return [str(properties[scalar])]
    if not values and not optional:
        name = f"{scalar[:1].upper()}{scalar[1:]}"
        message = (
            f"Required security rule parameters are missing for security rule with Id: {where}. Security rule must "
            f"specify {name}s or {name}."
        )
        raise faults.refused("SecurityRuleMissingParameters", message)
    return [str(value) for value in values]


def _port(text: str) -> None:
    """Refuse what is neither a port nor a range of ports (Azure/azure-cli#23499)."""
    ends = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", text)
    numbers = [int(end) for end in ends.groups() if end] if ends else []
    if text != "*" and not (numbers and all(number <= 65535 for number in numbers) and numbers == sorted(numbers)):
        message = (
            f"Security rule has invalid Port range. Value provided: {text}. Value should be an integer OR integer "
            "range with '-' delimiter. Valid range 0-65535."
        )
        raise faults.refused("SecurityRuleInvalidPortRange", message)


def _prefix(text: str, where: str) -> None:
    """Refuse what is neither an address, a range nor a service tag (Azure/azure-powershell#4557)."""
    if text == "*" or _TAG.fullmatch(text):
        return
    try:
        ip_network(text)
    except ValueError:
        message = f"Security rule {where} has invalid Address prefix. Value provided: {text}"
        raise faults.refused("SecurityRuleInvalidAddressPrefix", message) from None


def routes(write: Write) -> None:
    """Check the routes of a table: a range or service tag for each alone, an address where the hop is an appliance."""
    seen: dict[str, str] = {}
    for item in write.properties.get("routes", []):
        properties, where = item["properties"], write.part_id("routes", item["name"])
        prefix = str(properties.get("addressPrefix", ""))
        if not _TAG.fullmatch(prefix):
            try:
                ip_network(prefix)
            except ValueError:
                message = (
                    f"Address prefix {prefix} of resource {where} is not formatted correctly. It should follow CIDR "
                    "notation, for example 10.0.0.0/24."
                )
                raise faults.refused("InvalidAddressPrefixFormat", message) from None
        other = seen.setdefault(prefix.lower(), item["name"])
        if other != item["name"]:  # (Microsoft Learn: manage-route-table; code and text are not known)
            message = f"Routes {other} and {item['name']} of one route table have the same address prefix {prefix}."
            raise faults.refused("BadRequest", message)
        appliance = properties.get("nextHopType") == "VirtualAppliance"
        if appliance != bool(properties.get("nextHopIpAddress")):
            said = "must" if appliance else "cannot"
            kind = properties["nextHopType"]
            message = f"Route {where} {said} specify a next hop IP address with next hop type {kind}."
            raise faults.refused("RouteNextHopIpAddressMismatch", message)
        if appliance:
            _address(str(properties["nextHopIpAddress"]), where)
        several, hops = properties.get("nextHopType") == "VirtualApplianceEcmp", properties.get("nextHop") or {}
        count = len(hops.get("nextHopIpAddresses") or ())
        if several != bool(hops) or (several and not 2 <= count <= 64):  # (SDK: RouteNextHopEcmp)
            message = (
                f"Route {where} must specify 2 to 64 next hop IP addresses if next hop type is VirtualApplianceEcmp."
            )
            raise faults.refused("RouteNextHopIpAddressMismatch", message)
        for address in hops.get("nextHopIpAddresses") or ():
            _address(str(address), where)


def _address(text: str, where: str) -> None:
    """Refuse what is no address. (The code: tests of routes in Azure/azure-powershell; the text is not known.)"""
    try:
        ip_address(text)
    except ValueError:
        message = f"Route {where} has an invalid next hop IP address. Value provided: {text}"
        raise faults.refused("InvalidNextHopIpAddress", message) from None
