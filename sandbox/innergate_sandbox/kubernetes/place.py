# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the cluster lives in Azure: the names and ids that nodes, kubeconfig and load-balancer controller share."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from typing import Any

CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters"
_SUBNET = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Network/virtualNetworks/(?P<vnet>[^/]+)/subnets/(?P<subnet>[^/]+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """One managed cluster. `vnet_group` is the resource group of its virtual network."""

    subscription: str
    group: str
    cluster: str
    location: str
    node_group: str
    vnet_group: str
    vnet: str
    subnet: str
    node_prefix: str = "10.224.0.0/16"
    service_cidr: str = "10.0.0.0/16"
    pod_cidr: str = "10.244.0.0/16"
    pool: str = "nodepool1"
    nodes: int = 3
    size: str = "Standard_D2s_v5"
    max_pods: int = 110
    security_group: str | None = None
    """ARM id of the network security group of the nodes' subnet."""

    @property
    def number(self) -> str:
        """The eight digits that AKS puts into the names of a cluster's node pools and networks."""
        seed = f"{self.subscription}/{self.group}/{self.cluster}".lower().encode()
        return f"{int(hashlib.sha256(seed).hexdigest()[:12], 16) % 90_000_000 + 10_000_000}"

    @property
    def scale_set(self) -> str:
        """Name of the nodes' virtual machine scale set."""
        return f"aks-{self.pool}-{self.number}-vmss"

    @property
    def vnet_id(self) -> str:
        """ARM id of the virtual network."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.vnet_group}"
            f"/providers/Microsoft.Network/virtualNetworks/{self.vnet}"
        )

    def node_name(self, index: int) -> str:
        """Name of the nth node, counted from 0: the instance number in base 36, six digits."""
        return f"{self.scale_set}{_base36(index):0>6}"

    def provider_id(self, index: int) -> str:
        """The node's spec.providerID."""
        return (
            f"azure:///subscriptions/{self.subscription}/resourceGroups/{self.node_group.lower()}"
            f"/providers/Microsoft.Compute/virtualMachineScaleSets/{self.scale_set}/virtualMachines/{index}"
        )

    def node_address(self, index: int) -> str:
        """The node's address: Azure hands out the first free one, the four lowest are reserved."""
        first = ip_network(self.node_prefix, strict=False).network_address
        return str(IPv4Address(int(first) + 4 + index))


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
        if not number:
            return text


def default_place(subscription: str, location: str) -> Place:
    """A cluster as the portal would make it, for as long as ARM has none."""
    group = f"MC_rg-demo_aks-demo_{location}"
    return Place(subscription, "rg-demo", "aks-demo", location, group, group, "aks-vnet", "aks-subnet")


@dataclass(frozen=True)
class Subnet:
    """What matters of a subnet: its first prefix, and the id of its network security group."""

    prefix: str
    security_group: str | None = None


def from_managed_cluster(body: dict[str, Any], resource_id: str, subnets: dict[str, Subnet]) -> Place | None:
    """The place of a managedClusters resource (wire JSON); None while the subnet of its nodes does not exist.

    `subnets` has all subnets by lower-case id.
    """
    parts = resource_id.strip("/").split("/")
    subscription, group, cluster = parts[1], parts[3], parts[7]
    properties = body.get("properties") or {}
    pool: dict[str, Any] = next(iter(properties.get("agentPoolProfiles") or []), {})
    network = properties.get("networkProfile") or {}
    location = str(body.get("location", ""))
    node_group = properties.get("nodeResourceGroup") or f"MC_{group}_{cluster}_{location}"
    subnet_id = pool.get("vnetSubnetID") or _own_subnet(node_group, subnets)
    match = _SUBNET.match(subnet_id or "")
    subnet = subnets.get((subnet_id or "").lower())
    if match is None or subnet is None:
        return None
    return Place(
        subscription=subscription,
        group=group,
        cluster=cluster,
        location=location,
        node_group=node_group,
        vnet_group=match["group"],
        vnet=match["vnet"],
        subnet=match["subnet"],
        node_prefix=subnet.prefix,
        security_group=subnet.security_group,
        service_cidr=network.get("serviceCidr") or "10.0.0.0/16",
        pod_cidr=network.get("podCidr") or "10.244.0.0/16",
        pool=pool.get("name") or "nodepool1",
        nodes=int(pool.get("count") or 3),
        size=pool.get("vmSize") or "Standard_D2s_v5",
        max_pods=int(pool.get("maxPods") or 110),
    )


def _own_subnet(node_group: str, subnets: dict[str, Subnet]) -> str | None:
    """AKS makes a network in the node resource group if it was given none."""
    inside = f"/resourcegroups/{node_group.lower()}/providers/microsoft.network/virtualnetworks/"
    return next((subnet for subnet in subnets if inside in subnet), None)
