# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an API Management service gets into a subnet and out of it again: with which address, and back to what. Pure.

Services are in the shape that apim_service_info answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import tiers

_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Network/[^/]+/(?P<name>[^/]+)"
    r"(?:/subnets/(?P<subnet>[^/]+))?",
    re.IGNORECASE,
)
#: What a DNS label of a public IP address consists of: lower case, and 3 to 63 characters (azure-mgmt-network:
#: domainNameLabel; the pattern in Azure's refusal is ^[a-z][a-z0-9-]{1,61}[a-z0-9]$).
_SHORTEST_LABEL = 3


@dataclass(frozen=True)
class Position:
    """How a service is connected: mode, and ARM ids of subnet and public IP address; C(None) and empty if it is not."""

    mode: str = "None"
    subnet: str = ""
    public_ip_address: str = ""

    @classmethod
    def of(cls, service: Mapping[str, Any]) -> Position:
        """That of a service."""
        texts = (service.get(key) for key in ("virtual_network_type", "subnet", "public_ip_address"))
        mode, subnet, address = (str(text or "") for text in texts)
        return cls(mode or "None", subnet, address)

    @classmethod
    def read(cls, text: str) -> Position:
        """The position that C(str) has told; a service that was not connected has an empty text."""
        return cls(*text.split(", ")) if text else cls()

    def __str__(self) -> str:
        if self.mode == "None":
            return ""
        return ", ".join(part for part in (self.mode, self.subnet, self.public_ip_address) if part)

    def is_at(self, mode: str, subnet: str) -> bool:
        """Whether this is the mode and the subnet. Ids are compared as Azure does, whatever the case."""
        return self.mode == mode and self.subnet.lower() == subnet.lower()


@dataclass(frozen=True)
class Wish:
    """Where a service is to be. Public IP addresses are names in C(resource_group), empty for none."""

    service: str
    resource_group: str
    mode: str
    subnet: str  # ARM id
    address: str = ""
    other_address: str = ""

    @property
    def addresses(self) -> list[str]:
        """Those that are named."""
        return [name for name in (self.address, self.other_address) if name]


@dataclass(frozen=True)
class Join:
    """What to do. C(address) is the public IP address to take, empty for none, C(label) its DNS label.

    C(held) tells whether the service has that address already.
    """

    position: Position
    connected: bool
    address: str
    label: str
    reason: str
    held: bool = False


def plan(service: Mapping[str, Any], wish: Wish) -> Join:
    """Which of the addresses the service takes.

    A service that changes its mode or subnet needs another address than it has; one that stays keeps the one that it
    has (Microsoft Learn: api-management-howto-ip-addresses). So does one that somebody has taken out of the VNET and
    that has its address still.
    """
    now = Position.of(service)
    connected = now.is_at(wish.mode, wish.subnet)
    named = wish.addresses if _takes_address(service, wish.mode) else []
    held = [name for name in named if _is_named(now.public_ip_address, wish.resource_group, name)]
    others = [name for name in named if name not in held]
    choice = [*held, *named] if connected else [*others, *held]
    address = choice[0] if choice else ""
    why = _why(now, wish, connected, address, held)
    return Join(now, connected, address, label(wish, address), why, held=address in held)


def _takes_address(service: Mapping[str, Any], mode: str) -> bool:
    """Whether the tier has a public IP address of one's own in a VNET: the v2 tiers have none.

    (Microsoft Learn: api-management-howto-ip-addresses, integrate-vnet-outbound.)
    """
    connection = tiers.connection(str((service.get("sku") or {}).get("name") or ""), mode)
    return connection is None or connection.kind is tiers.Kind.INJECTION


def label(wish: Wish, address: str) -> str:
    """The DNS label of an address, empty for none."""
    return labels(wish)[address == wish.other_address] if address else ""


def labels(wish: Wish) -> tuple[str, str]:
    """Those of both addresses: made of the name of the service, which may have capitals and be a single letter."""
    text = wish.service.lower()
    if len(text) < _SHORTEST_LABEL:
        text += "-apim"
    return text, f"{text}-alternate"


def _why(now: Position, wish: Wish, connected: bool, address: str, held: Sequence[str]) -> str:
    there = f"subnet {last(wish.subnet)} ({wish.mode})"
    if connected:
        return f"{wish.service} is in {there}"
    with_address = f" with public IP address {address}" if address else ""
    from_where = f"moves from subnet {last(now.subnet)} ({now.mode}) to" if now.mode != "None" else "joins"
    text = f"{wish.service} {from_where} {there}{with_address}"
    if address and held and address not in held:
        text += f", for it can't keep {held[0]}"
    return text


@dataclass(frozen=True)
class Traces:
    """What is known of earlier runs. Names are C(group/name), those of subnets C(group/vnet/name).

    C(recorded) tells whether there is a record at all, or names are to do. C(addresses) are those to be removed,
    C(before) is where the service was found, C(subnets) are all that a run has made or found.
    """

    recorded: bool
    addresses: Sequence[Mapping[str, str]] = ()
    before: Position = field(default_factory=Position)
    subnets: Iterable[str] = ()


@dataclass(frozen=True)
class Departure:
    """Whether the service leaves, to where, and which addresses nobody needs then."""

    leaves: bool
    position: Position
    removable: Sequence[Mapping[str, str]]
    reason: str


def depart(service: Mapping[str, Any] | None, wish: Wish, traces: Traces) -> Departure:
    """How the service gets out again, or back to where it was found.

    It goes from the subnet of the wish and from those that an earlier run has put it into; one that somebody else has
    moved elsewhere is left alone. One that has left already may still hold its address, and gives it back.
    """
    if service is None:
        return Departure(False, Position(), traces.addresses, f"there is no {wish.service} any more")
    now = Position.of(service)
    ours = {wish.subnet.lower()}
    known = {name.lower() for name in traces.subnets}
    in_ours = now.subnet.lower() in ours or short(now.subnet) in known
    names = {f"{item['resource_group']}/{item['name']}".lower() for item in traces.addresses}
    holds = short(now.public_ip_address) in names
    leaves = traces.recorded and (in_ours if now.mode != "None" else holds)
    removable = [
        item
        for item in traces.addresses
        if leaves or f"{item['resource_group']}/{item['name']}".lower() != short(now.public_ip_address)
    ]
    return Departure(leaves, traces.before, removable, _why_not_there(now, wish, traces, leaves))


def _why_not_there(now: Position, wish: Wish, traces: Traces, leaves: bool) -> str:
    if leaves:
        if traces.before.mode == "None":
            return f"{wish.service} leaves the VNET"
        if str(now).lower() == str(traces.before).lower():
            return f"{wish.service} stays in subnet {last(now.subnet)} ({now.mode}), where it was before"
        address = last(traces.before.public_ip_address)
        with_address = f" with public IP address {address}" if address else ""
        return f"{wish.service} goes back to subnet {last(traces.before.subnet)} ({traces.before.mode}){with_address}"
    if now.mode == "None":
        return f"{wish.service} is in no VNET"
    if not traces.recorded:
        return f"it is not recorded that {wish.service} was put into subnet {last(now.subnet)}"
    return f"somebody else has put {wish.service} into subnet {last(now.subnet)}"


def _is_named(address: str, resource_group: str, name: str) -> bool:
    return short(address) == f"{resource_group}/{name}".lower()


def short(resource_id: str) -> str:
    """C(group/name) of a public IP address, C(group/vnet/name) of a subnet, in lower case; empty for anything else."""
    match = _ID.fullmatch(resource_id)
    return "/".join(part for part in match.groups() if part).lower() if match else ""


def last(resource_id: str) -> str:
    """The name at the end of an ARM id."""
    return resource_id.rpartition("/")[2]
