# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks before a service is connected to a subnet. Pure: what is known in, findings out.

Sources: Microsoft Learn, api-management virtual-network-injection-resources, virtual-network-prerequisites,
inject-vnet-v2, integrate-vnet-outbound, howto-ip-addresses and stv1-platform-retirement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import plan, tiers
from ansible_collections.innergate.azure.plugins.module_utils._network.check_public_ip import public_ip
from ansible_collections.innergate.azure.plugins.module_utils._network.check_rules import rules
from ansible_collections.innergate.azure.plugins.module_utils._network.finding import ERROR, WARNING, Finding
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import (
    Situation,
    properties,
    same_place,
)
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import Kind

JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
_BUSY = ("Created", "Activating", "Updating", "Deleting", "Terminating")


@dataclass
class Result:
    """All findings, and whether the service is connected already."""

    findings: list[Finding]
    connected: bool

    @property
    def errors(self) -> list[Finding]:
        return [item for item in self.findings if not item.ok and item.severity == ERROR]

    def as_dicts(self) -> list[dict[str, Any]]:
        return [asdict(item) for item in self.findings]


def examine(situation: Situation) -> Result:
    """Make all checks that what is known allows."""
    if situation.connected:
        message = f"the service is connected to {situation.wanted.subnet.title} in the mode {situation.wanted.mode}"
        return Result([Finding("connected", True, ERROR, message)], True)
    findings: list[Finding] = []
    for check in _CHECKS:
        if situation.wanted.planned and check in _MENDABLE:
            continue
        found = list(check(situation))
        findings += found
        if check in _DECISIVE and any(not item.ok and item.severity == ERROR for item in found):
            break
    return Result(findings, False)


def tier(situation: Situation) -> Iterator[Finding]:
    """Which tiers can be connected, and how."""
    refusal = tiers.refusal(situation.sku, situation.wanted.mode)
    if refusal:
        yield Finding("tier", False, ERROR, refusal, "move the service to another tier, or choose another mode")
        return
    connection = situation.connection
    if connection and connection.kind is Kind.INJECTION_V2 and situation.service is not None:
        yield Finding(
            "tier",
            False,
            ERROR,
            f"a service of the tier {situation.sku} can be put into a VNET (Internal) only when it is created",
            "create a new service in the subnet, or connect this one for outgoing calls (External)",
        )
        return
    yield Finding("tier", True, ERROR, f"{situation.sku} can be connected in the mode {situation.wanted.mode}")


def state(situation: Situation) -> Iterator[Finding]:
    """Whether the service takes changes now."""
    if situation.service is None:
        return
    found = properties(situation.service)
    doing = str(found.get("provisioningState") or "Succeeded")
    if doing in _BUSY:
        yield Finding(
            "service_state",
            False,
            ERROR,
            f"the service is busy ({doing})",
            "wait until it is done, and run the task again",
        )
    elif doing != "Succeeded":
        yield Finding(
            "service_state", False, WARNING, f"the service is in the state {doing}", "see its activity log in Azure"
        )
    else:
        yield Finding("service_state", True, ERROR, "the service is ready for changes")
    if str(found.get("platformVersion") or "").lower() == "stv1":
        yield Finding(
            "platform",
            False,
            ERROR,
            "the service runs on the platform stv1, which is retired",
            "migrate it to stv2 first",
        )


def subscription(situation: Situation) -> Iterator[Finding]:
    """Service and subnet must be in one subscription."""
    wanted = situation.wanted
    same = wanted.subscription.lower() == wanted.subnet.subscription.lower()
    message = f"{wanted.subnet.title} is in the subscription {wanted.subnet.subscription}"
    if same:
        yield Finding("subscription", True, ERROR, message)
    else:
        advice = "use a subnet in the subscription of the service"
        yield Finding("subscription", False, ERROR, f"{message}, the service in {wanted.subscription}", advice)


def exists(situation: Situation) -> Iterator[Finding]:
    """VNET and subnet must be there and readable."""
    subnet = situation.wanted.subnet
    if "subnet" in situation.denied:
        yield Finding(
            "subnet", False, ERROR, f"{subnet.title} can't be read: {situation.denied['subnet']}", _role(subnet)
        )
    elif situation.vnet is None:
        where = f"resource group {subnet.resource_group}"
        message = f"there is no virtual network {subnet.virtual_network} in {where}"
        yield Finding("subnet", False, ERROR, message, "create it, or correct the option subnet")
    elif situation.subnet is None and situation.wanted.planned:
        yield Finding("subnet", True, ERROR, f"{subnet.title} is still to be made")
    elif situation.subnet is None:
        names = [str(item.get("name")) for item in properties(situation.vnet).get("subnets") or []]
        message = f"there is no {subnet.title} (only {', '.join(names) or 'none'})"
        yield Finding("subnet", False, ERROR, message, "create it with the module innergate.azure.vnet_subnet")
    else:
        yield Finding("subnet", True, ERROR, f"{subnet.title} exists")


def region(situation: Situation) -> Iterator[Finding]:
    """Service and VNET must be in one region."""
    place = str((situation.vnet or {}).get("location") or "")
    name = situation.wanted.subnet.virtual_network
    if not situation.location or same_place(place, situation.location):
        yield Finding("region", True, ERROR, f"the virtual network {name} is in {place}")
        return
    yield Finding(
        "region",
        False,
        ERROR,
        f"the virtual network {name} is in {place}, the service in {situation.location}",
        f"use a virtual network in {situation.location}, and peer it with the one of the cluster if that is elsewhere",
    )


def size(situation: Situation) -> Iterator[Finding]:
    """The subnet must have room for the service."""
    connection, networks, ranges = situation.connection, situation.networks, plan.prefixes(situation.subnet or {})
    if connection is None or not ranges:
        return
    wanted = situation.wanted
    needed = tiers.prefix_for_service(situation.sku, wanted.mode, situation.units)
    if not networks:  # "Azure doesn't support IPv6-only subnets" (Microsoft Learn: ipv6-overview), but takes them
        yield Finding(
            "subnet_size",
            False,
            ERROR,
            f"{wanted.subnet.title} ({', '.join(ranges)}) has no IPv4 range, and API Management takes IPv4 addresses",
            f"use a subnet that has an IPv4 range of a /{needed} or larger, with or without an IPv6 one",
        )
        return
    network = min(networks, key=lambda item: item.prefixlen)
    takes = tiers.addresses(situation.sku, wanted.mode, situation.units)
    units = f"{situation.units} unit{'s' if situation.units > 1 else ''}"
    what = f"{situation.sku} with {units} in the mode {wanted.mode}"
    if network.prefixlen > needed:
        yield Finding(
            "subnet_size",
            False,
            ERROR,
            f"{wanted.subnet.title} ({network}) is too small: {what} needs a /{needed} or larger",
            f"create another subnet with a /{needed} (the module innergate.azure.vnet_subnet_plan finds room)",
        )
        return
    usable = tiers.usable(network.prefixlen)
    yield Finding(
        "subnet_size",
        True,
        ERROR,
        f"{wanted.subnet.title} ({network}) has {usable} addresses to assign, {what} takes {takes}",
    )
    used = len(properties(situation.subnet).get("ipConfigurations") or [])
    here = situation.current_subnet.lower() == str(wanted.subnet).lower()
    if used and usable - used < takes and not here:
        # Beside other ranges nobody says which of them an address is of.
        yield Finding(
            "free_addresses",
            False,
            ERROR if len(ranges) == 1 else WARNING,
            f"{wanted.subnet.title} ({network}) has {usable - used} free addresses, {what} takes {takes}",
            "free addresses in it, or use another subnet",
        )
    elif not connection.dedicated and network.prefixlen == 29:
        yield Finding("room_to_scale", False, WARNING, f"{network} has no room for more units", "a /28 or larger has")


def delegation(situation: Situation) -> Iterator[Finding]:
    """Classic tiers take no delegated subnet, v2 tiers only one delegated to them."""
    connection = situation.connection
    if connection is None:
        return
    found = [
        str(properties(item).get("serviceName") or "") for item in properties(situation.subnet).get("delegations") or []
    ]
    title, wanted = situation.wanted.subnet.title, connection.delegation
    others = [name for name in found if name.lower() != wanted.lower()]
    if others:
        yield Finding(
            "delegation",
            False,
            ERROR,
            f"{title} is delegated to {', '.join(others)}, the tier {situation.sku} needs "
            + (f"one delegated to {wanted}" if wanted else "one that is not delegated"),
            "use another subnet, or change its delegations if nothing uses them",
        )
    elif wanted and not found:
        yield Finding(
            "delegation", False, ERROR, f"{title} is not delegated to {wanted}", f"set its delegations to {wanted}"
        )
    else:
        yield Finding("delegation", True, ERROR, f"{title} is delegated to {', '.join(found) or 'nobody'}")


def occupation(situation: Situation) -> Iterator[Finding]:
    """A subnet for a v2 tier must be empty; no subnet may belong to another service."""
    connection, found = situation.connection, properties(situation.subnet)
    here = situation.current_subnet.lower() == str(situation.wanted.subnet).lower()
    if connection is None or situation.subnet is None or here:
        return
    links = [
        str(properties(item).get("linkedResourceType") or item.get("id") or "")
        for key in ("serviceAssociationLinks", "resourceNavigationLinks")
        for item in found.get(key) or []
    ]
    users = [
        str(item.get("id") or "") for key in ("ipConfigurations", "privateEndpoints") for item in found.get(key) or []
    ]
    title = situation.wanted.subnet.title
    foreign = [link for link in links if connection.dedicated or not link.lower().startswith("microsoft.apimanagement")]
    if foreign:
        message = f"{title} is in use by {', '.join(sorted(set(foreign)))}"
        yield Finding("occupation", False, ERROR, message, "use another subnet")
    elif users and connection.dedicated:
        yield Finding(
            "occupation",
            False,
            ERROR,
            f"{title} must be empty for the tier {situation.sku}, but is in use by {users[0]}"
            + (f" and {len(users) - 1} others" if len(users) > 1 else ""),
            "use a subnet of its own for the service",
        )
    else:
        yield Finding("occupation", True, ERROR, f"{title} can be used")


def rights(situation: Situation) -> Iterator[Finding]:
    """The caller needs the right to join the subnet, as far as that can be seen."""
    if situation.permissions is None:
        return
    title = situation.wanted.subnet.title
    if allows(situation.permissions, JOIN):
        yield Finding("rights", True, ERROR, f"you may do {JOIN} on {title}")
    else:
        yield Finding("rights", False, ERROR, f"you may not do {JOIN} on {title}", _role(situation.wanted.subnet))


def allows(permissions: Any, action: str) -> bool:
    """Whether role permissions (as Microsoft.Authorization answers them) allow an action."""
    return any(
        _matches(item.get("actions"), action) and not _matches(item.get("notActions"), action) for item in permissions
    )


def _matches(patterns: Any, action: str) -> bool:
    return any(
        re.fullmatch(".*".join(map(re.escape, str(pattern).split("*"))), action, re.IGNORECASE)
        for pattern in patterns or ()
    )


def _role(subnet: Any) -> str:
    return f"ask for the role Network Contributor (or one with {JOIN}) on {subnet}"


_CHECKS: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    tier,
    state,
    subscription,
    exists,
    region,
    size,
    delegation,
    occupation,
    rules,
    public_ip,
    rights,
)
#: Without these, the checks after them have nothing to look at.
_DECISIVE = (tier, subscription, exists)
#: What a later task may still set right, as the roles vnet_subnets and apim_vnet_join do.
_MENDABLE = (delegation, rules, public_ip)
