# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which address ranges subnets get. Pure: VNET as ARM answers it in, plan out.

What exists keeps its range. The blocks that the subnets of others leave are gone through from the smallest to the
largest, and what is new goes to the first free place in them, one subnet after the other. This order of places does not
depend on which of the wanted subnets exist: a place that was the first free one for a subnet still is when others have
been created where the plan had put them. So a plan made again after some of its subnets have been created is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import space, tiers

#: The largest and the smallest IPv4 subnet that Azure has (Microsoft Learn: virtual-networks-faq).
LARGEST, SMALLEST = 2, 29


class PlanError(ValueError):
    """The subnets can't be had; the text says why and what is free."""


@dataclass(frozen=True)
class Wanted:
    """A subnet to plan. One of C(address_prefix) and C(prefix_length) is set for a subnet that may be new."""

    name: str
    address_prefix: str = ""
    prefix_length: int | None = None
    reason: str = ""  # why it needs that size, for messages


@dataclass(frozen=True)
class Planned:
    """One subnet of the plan."""

    name: str
    network: IPv4Network
    exists: bool


@dataclass
class Plan:
    """The plan, and what stays free after it."""

    subnets: list[Planned] = field(default_factory=list)
    free: list[IPv4Network] = field(default_factory=list)


def wanted(options: Mapping[str, Any]) -> Wanted:
    """A subnet to plan from the options of a task. Raises PlanError."""
    name = str(options["name"] or "").strip()
    if not name:
        raise PlanError("a subnet in the list has no name")
    prefix_length, reasons = options.get("prefix_length"), list[str]()
    if prefix_length is not None:
        _check_length(name, f"prefix_length {prefix_length}", prefix_length)
    needed = [] if prefix_length is None else [(prefix_length, "prefix_length")]
    if (size := options.get("size")) is not None:
        if size < 1:
            raise PlanError(f"subnet {name}: size {size} is no number of addresses: it is 1 or more")
        needed.append((tiers.prefix_for(size), f"size {size}"))
    service = options.get("for") or {}
    if service:
        sku, mode, units = service["sku"], service.get("mode") or "External", service.get("units")
        units = 1 if units is None else units
        if units < 1:
            raise PlanError(f"subnet {name}: for.units {units} is no number of units: it is 1 or more")
        try:
            fits = tiers.prefix_for_service(sku, mode, units)
        except ValueError as error:
            raise PlanError(f"subnet {name}: {error}") from None
        needed.append((fits, f"{sku} in the mode {mode} with {units} unit{'s' if units > 1 else ''}"))
    if prefix_length is not None:
        reasons = [f"{reason} needs /{prefix}" for prefix, reason in needed if prefix < prefix_length]
        if reasons:
            raise PlanError(f"subnet {name}: a /{prefix_length} is too small: {' and '.join(reasons)}")
    prefix, reason = min(needed, default=(None, ""))
    return Wanted(name, options.get("address_prefix") or "", prefix, reason)


def _check_length(name: str, what: str, prefix_length: int) -> None:
    if not LARGEST <= prefix_length <= SMALLEST:
        bounds = f"{LARGEST}, the largest subnet Azure has, and {SMALLEST}, the smallest"
        raise PlanError(f"subnet {name}: {what} is not between {bounds}")


def prefixes(subnet: Mapping[str, Any]) -> list[str]:
    """The address ranges of a subnet in an answer. Newer subnets fill the list, older ones the scalar."""
    properties = subnet.get("properties") or {}
    many = list(properties.get("addressPrefixes") or [])
    one = properties.get("addressPrefix")
    return many + ([one] if one and one not in many else [])


def peered(vnet: Mapping[str, Any]) -> list[str]:
    """The address ranges of the VNETs that are peered with this one."""
    found: list[str] = []
    for peering in (vnet.get("properties") or {}).get("virtualNetworkPeerings") or []:
        properties = peering.get("properties") or {}
        for key in ("remoteAddressSpace", "remoteVirtualNetworkAddressSpace"):
            found.extend((properties.get(key) or {}).get("addressPrefixes") or [])
    return list(dict.fromkeys(found))


def plan(vnet: Mapping[str, Any], subnets: Sequence[Wanted], avoid: Iterable[str] = ()) -> Plan:
    """Plan the subnets in a VNET (as GET answers it, with its subnets). Raises PlanError."""
    properties = vnet.get("properties") or {}
    address_space = space.networks((properties.get("addressSpace") or {}).get("addressPrefixes") or [])
    existing = {
        str(subnet.get("name", "")).lower(): space.networks(prefixes(subnet))
        for subnet in properties.get("subnets") or []
    }
    vnet_name = str(vnet.get("name") or "the virtual network")
    if not address_space:
        raise PlanError(f"virtual network {vnet_name} has no IPv4 address space")
    doubled = {item.name for item in subnets if sum(item.name.lower() == other.name.lower() for other in subnets) > 1}
    if doubled:
        raise PlanError(f"subnet {', '.join(sorted(doubled))} is in the list more than once")
    closed = _networks(avoid, "avoid")
    taken = [item for found in existing.values() for item in found]
    names = {item.name.lower() for item in subnets}
    others = [item for name, found in existing.items() if name not in names for item in found]
    others += [
        network for item in subnets for network in _networks(filter(None, [item.address_prefix]), f"subnet {item.name}")
    ]
    blocks = space.free_blocks(address_space, [*others, *closed])
    fixed: dict[str, Planned] = {}
    for item in subnets:
        if item.name.lower() in existing:
            fixed[item.name] = _kept(item, existing[item.name.lower()], vnet_name)
        elif item.address_prefix:
            chosen = _given(item, address_space, existing, closed, vnet_name)
            clash = [other.name for other in fixed.values() if not other.exists and other.network.overlaps(chosen)]
            if clash:
                raise PlanError(f"subnet {item.name}: {chosen} overlaps with {fixed[clash[0]].network} of {clash[0]}")
            fixed[item.name] = Planned(item.name, chosen, exists=False)
            taken.append(chosen)
    result = Plan()
    for item in subnets:
        planned = fixed.get(item.name) or _new(item, address_space, blocks, taken, closed, vnet_name)
        taken.append(planned.network)
        result.subnets.append(planned)
    result.free = space.free_blocks(address_space, [*taken, *closed])
    return result


def _networks(texts: Iterable[str], option: str) -> list[IPv4Network]:
    try:
        return space.networks(texts)
    except ValueError as error:
        raise PlanError(f"{option}: {error}") from None


def _kept(item: Wanted, found: list[IPv4Network], vnet: str) -> Planned:
    if not found:
        raise PlanError(f"subnet {item.name} exists in {vnet} but has no IPv4 address range")
    if item.address_prefix:
        asked = _networks([item.address_prefix], f"subnet {item.name}")
        if asked and asked[0] not in found:
            raise PlanError(
                f"subnet {item.name} exists in {vnet} with {found[0]}, not {asked[0]}. A subnet in use can't be moved: "
                "take its address range over, or choose another name"
            )
        return Planned(item.name, (asked or found)[0], exists=True)
    network = min(found, key=lambda candidate: candidate.prefixlen)
    if item.prefix_length is not None and network.prefixlen > item.prefix_length:
        why = f" ({item.reason})" if item.reason not in ("", "prefix_length") else ""
        raise PlanError(
            f"subnet {item.name} exists in {vnet} with {network}, which is too small: a /{item.prefix_length} is "
            f"wanted{why}. Choose another name, or remove the subnet if nothing is in it"
        )
    return Planned(item.name, network, exists=True)


def _given(
    item: Wanted,
    address_space: list[IPv4Network],
    existing: Mapping[str, list[IPv4Network]],
    closed: list[IPv4Network],
    vnet: str,
) -> IPv4Network:
    asked = _networks([item.address_prefix], f"subnet {item.name}")
    if not asked:
        raise PlanError(f"subnet {item.name}: {item.address_prefix} is no IPv4 range; only those are planned")
    chosen = asked[0]
    _check_length(item.name, f"the length of {chosen}", chosen.prefixlen)
    if not space.within(chosen, address_space):
        inside = ", ".join(map(str, address_space))
        raise PlanError(f"subnet {item.name}: {chosen} is not within one address prefix of {vnet} ({inside})")
    for name, networks in existing.items():
        clash = space.overlapping(chosen, networks)
        if clash:
            raise PlanError(f"subnet {item.name}: {chosen} overlaps with {clash[0]} of the subnet {name} in {vnet}")
    clash = space.overlapping(chosen, [*closed, *space.FORBIDDEN])
    if clash:
        raise PlanError(f"subnet {item.name}: {chosen} overlaps with {clash[0]}, which is to be avoided")
    if item.prefix_length is not None and chosen.prefixlen > item.prefix_length:
        raise PlanError(f"subnet {item.name}: {chosen} is too small: a /{item.prefix_length} is wanted ({item.reason})")
    return chosen


def _new(
    item: Wanted,
    address_space: list[IPv4Network],
    blocks: list[IPv4Network],
    taken: list[IPv4Network],
    closed: list[IPv4Network],
    vnet: str,
) -> Planned:
    if item.prefix_length is None:
        raise PlanError(
            f"subnet {item.name} does not exist in {vnet}, and nothing says how large it shall be: give prefix_length, "
            "size, for or address_prefix"
        )
    chosen = space.first_place(blocks, taken, item.prefix_length)
    if chosen is None:
        free = space.free_blocks(address_space, [*taken, *closed])
        message = f"{vnet} has no room for subnet {item.name} (/{item.prefix_length}). Free: {space.describe(free)}"
        if space.choose(space.free_blocks(address_space, taken), item.prefix_length):
            message += f". There would be room in what is to be avoided: {space.describe(closed)}"
        else:
            message += ". Add an address prefix to the virtual network, or ask for less"
        raise PlanError(message)
    return Planned(item.name, chosen, exists=False)
