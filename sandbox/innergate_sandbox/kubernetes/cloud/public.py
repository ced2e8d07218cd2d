# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public IP addresses of Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import Wish

if TYPE_CHECKING:
    from innergate_sandbox.kubernetes.cloud.provider import Arm

CLUSTER_TAG = "k8s-azure-cluster-name"
SERVICE_TAG = "k8s-azure-service"


class MissingAddress(CloudError):
    """The address that a public Service asks for does not exist."""


class Addresses:
    """The public IP addresses in the node resource group."""

    def __init__(self, arm: Arm, config: CloudConfig) -> None:
        """Reads nothing yet."""
        self._arm = arm
        self._config = config

    async def ensure(self, wish: Wish) -> Object:
        """The Service's own address, made if need be; or the one it asks for by name or by address."""
        listed = await self._list()
        if wish.address:
            for item in listed:
                if item["properties"].get("ipAddress") == wish.address:
                    return item
            raise MissingAddress(
                f"findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address {wish.address} in resource "
                f"group {self._config.group.lower()}"
            )
        name = wish.annotation("azure-pip-name") or f"{self._config.cluster}-{wish.base}"
        for item in listed:
            if item["name"].lower() == name.lower() and item["properties"].get("ipAddress"):
                return item
        return await self._arm.put(f"{self._config.network}/publicIPAddresses/{name}", self._body(wish, name))

    async def drop_unused(self, wish: Wish, keep: str | None) -> None:
        """Delete the address that was made for the Service, unless it still serves it."""
        owner = f"{wish.namespace}/{wish.name}"
        name = f"{self._config.cluster}-{wish.base}"
        for item in await self._list():
            mine = item["name"].lower() == name.lower() and (item.get("tags") or {}).get(SERVICE_TAG) == owner
            if mine and item["id"].lower() != (keep or "").lower():
                await self._arm.delete(f"{self._config.network}/publicIPAddresses/{name}")

    async def address(self, reference: Object | None) -> str | None:
        """The address of a reference to a public IP."""
        found = await self._arm.find(reference["id"]) if reference else None
        value: str | None = found["properties"].get("ipAddress") if found else None
        return value

    async def _list(self) -> list[Object]:
        answer = await self._arm.get(f"{self._config.network}/publicIPAddresses")
        listed: list[Object] = answer.get("value") or []
        return listed

    def _body(self, wish: Wish, name: str) -> Object:
        properties: Object = {"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4"}
        label = wish.annotation("azure-dns-label-name")
        if label:
            properties["dnsSettings"] = {"domainNameLabel": label}
        return {
            "name": name,
            "location": self._config.location,
            "sku": {"name": "Standard"},
            "zones": list(self._config.zones),
            "tags": {CLUSTER_TAG: self._config.cluster, SERVICE_TAG: f"{wish.namespace}/{wish.name}"},
            "properties": properties,
        }
