# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known before a service is connected to a subnet: what the task wants, and what Azure has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import plan, space, tiers

_SUBNET_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<resource_group>[^/]+)/providers/Microsoft\.Network/"
    r"virtualNetworks/(?P<virtual_network>[^/]+)/subnets/(?P<name>[^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SubnetId:
    """A subnet's ARM id, taken apart."""

    subscription: str
    resource_group: str
    virtual_network: str
    name: str

    def __str__(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}/providers/Microsoft.Network/"
            f"virtualNetworks/{self.virtual_network}/subnets/{self.name}"
        )

    @property
    def title(self) -> str:
        return f"subnet {self.name} of the virtual network {self.virtual_network}"


def subnet_id(text: str, subscription: str, resource_group: str) -> SubnetId:
    """The subnet that an option names: an ARM id, or C(virtual-network/subnet). Raises ValueError."""
    match = _SUBNET_ID.fullmatch(text.rstrip("/"))
    if match:
        return SubnetId(**match.groupdict())
    parts = text.split("/")
    if len(parts) == 2 and all(parts):
        return SubnetId(subscription, resource_group, parts[0], parts[1])
    raise ValueError(f"subnet '{text}' is neither an ARM id of a subnet nor virtual-network/subnet")


@dataclass(frozen=True)
class Wanted:
    """What the task asks for. C(sku), C(units) and C(location) are empty or 0 when the service tells."""

    service: str
    subscription: str
    subnet: SubnetId
    mode: str
    public_ip: str = ""  # ARM id
    sku: str = ""
    units: int = 0
    location: str = ""
    planned: bool = False  # the subnet, and what belongs to it, may yet be made or changed


@dataclass
class Situation:
    """Wire JSON of everything around; None for what does not exist or was not read.

    C(denied) holds, by the name of a check, what Azure said where the caller may not read.
    """

    wanted: Wanted
    service: Mapping[str, Any] | None = None
    vnet: Mapping[str, Any] | None = None
    group: Mapping[str, Any] | None = None
    routes: Mapping[str, Any] | None = None
    public_ip: Mapping[str, Any] | None = None
    permissions: Sequence[Mapping[str, Any]] | None = None
    denied: dict[str, str] = field(default_factory=dict)

    @property
    def sku(self) -> str:
        found = str(((self.service or {}).get("sku") or {}).get("name") or self.wanted.sku)
        return tiers.canonical(found)

    @property
    def units(self) -> int:
        capacity = ((self.service or {}).get("sku") or {}).get("capacity")
        return self.wanted.units or int(capacity or 1)

    @property
    def location(self) -> str:
        return str((self.service or {}).get("location") or self.wanted.location)

    @property
    def connection(self) -> tiers.Connection | None:
        return tiers.connection(self.sku, self.wanted.mode)

    @property
    def subnet(self) -> Mapping[str, Any] | None:
        name = self.wanted.subnet.name.lower()
        subnets = properties(self.vnet).get("subnets") or []
        return next((item for item in subnets if str(item.get("name")).lower() == name), None)

    @property
    def networks(self) -> list[IPv4Network]:
        return space.networks(plan.prefixes(self.subnet or {}))

    @property
    def current_mode(self) -> str:
        return str(properties(self.service).get("virtualNetworkType") or "None")

    @property
    def current_subnet(self) -> str:
        configuration = properties(self.service).get("virtualNetworkConfiguration") or {}
        return str(configuration.get("subnetResourceId") or "")

    @property
    def current_public_ip(self) -> str:
        return str(properties(self.service).get("publicIpAddressId") or "")

    @property
    def connected(self) -> bool:
        """Whether the service is what the task asks for already."""
        wanted = self.wanted
        return (
            self.current_mode == wanted.mode
            and self.current_subnet.lower() == str(wanted.subnet).lower()
            and wanted.public_ip.lower() in ("", self.current_public_ip.lower())
        )


def wire(service: Mapping[str, Any]) -> dict[str, Any]:
    """Of a service as apim_service_info answers it, the wire JSON of what a situation looks at."""
    values = {
        "provisioningState": service.get("provisioning_state"),
        "platformVersion": service.get("platform_version"),
        "virtualNetworkType": service.get("virtual_network_type"),
        "virtualNetworkConfiguration": {"subnetResourceId": service.get("subnet")},
        "publicIpAddressId": service.get("public_ip_address"),
    }
    return {"location": service.get("location"), "sku": service.get("sku"), "properties": values}


def properties(resource: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The properties of a resource; empty for none."""
    return (resource or {}).get("properties") or {}


def reference(resource: Mapping[str, Any] | None, key: str) -> str:
    """The ARM id that a property of a resource refers to; empty for none."""
    return str((properties(resource).get(key) or {}).get("id") or "")


def same_place(a: str, b: str) -> bool:
    """Whether two region names mean the same: C(westeurope) is C(West Europe)."""
    return a.replace(" ", "").lower() == b.replace(" ", "").lower()
