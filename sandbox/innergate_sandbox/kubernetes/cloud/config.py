# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud controller's configuration: where it works."""

from __future__ import annotations

from dataclasses import dataclass

from innergate_sandbox.kubernetes.place import Place

VERSION = "2025-05-01"


@dataclass(frozen=True)
class CloudConfig:
    """As in the azure.json of a cluster. `cluster` is "kubernetes" in AKS, whatever the cluster's own name is."""

    subscription: str
    group: str
    location: str
    vnet_group: str
    vnet: str
    subnet: str
    security_group: str | None = None
    """Id of the network security group to keep rules in."""
    cluster: str = "kubernetes"
    zones: tuple[str, ...] = ("1", "2", "3")

    @property
    def group_path(self) -> str:
        """The node resource group; its name is lower-cased in every URL."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group.lower()}"

    @property
    def network(self) -> str:
        """Path of the node resource group's network resources."""
        return f"{self.group_path}/providers/Microsoft.Network"

    @property
    def vnet_id(self) -> str:
        """Id of the virtual network; its group is written as configured."""
        group = f"/subscriptions/{self.subscription}/resourceGroups/{self.vnet_group}"
        return f"{group}/providers/Microsoft.Network/virtualNetworks/{self.vnet}"

    def balancer_name(self, internal: bool) -> str:
        """Name of the load balancer of one kind."""
        return f"{self.cluster}-internal" if internal else self.cluster

    def balancer_id(self, internal: bool) -> str:
        """Its id."""
        return f"{self.network}/loadBalancers/{self.balancer_name(internal)}"


def from_place(place: Place) -> CloudConfig:
    """The configuration of a managed cluster."""
    return CloudConfig(
        subscription=place.subscription,
        group=place.node_group,
        location=place.location,
        vnet_group=place.vnet_group,
        vnet=place.vnet,
        subnet=place.subnet,
        security_group=place.security_group,
    )
