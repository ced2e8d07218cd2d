# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where ARM says that the cluster is, read from the sandbox's own state."""

from __future__ import annotations

import dataclasses
from typing import Protocol

from innergate_sandbox.dataplane.inventory import Inventory
from innergate_sandbox.kubernetes.place import CLUSTER_TYPE, Place, Subnet, default_place, from_managed_cluster
from innergate_sandbox.settings import Settings
from innergate_sandbox.store import Store


class Network(Protocol):
    """The data plane's view of ARM's network."""

    @property
    def inventory(self) -> Inventory:
        """As it is now."""


def find_place(store: Store, network: Network, settings: Settings) -> tuple[Place, bool]:
    """(place of the oldest managed cluster, True), or (what a cluster would be called, False) while there is none."""
    clusters = store.find(type=CLUSTER_TYPE)
    if clusters:
        subnets = {
            subnet.id: Subnet(str(subnet.prefixes[0]), subnet.nsg)
            for subnet in network.inventory.subnets.values()
            if subnet.prefixes
        }
        for cluster in clusters:
            place = from_managed_cluster(cluster.body, cluster.id, subnets)
            if place is not None:
                return _with_security_group(place, store), True
    return default_place(settings.subscription_id, settings.location), False


def _with_security_group(place: Place, store: Store) -> Place:
    """AKS keeps its rules in a group of its own, unless the nodes' subnet has one here."""
    own = (
        f"/subscriptions/{place.subscription}/resourceGroups/{place.node_group}"
        f"/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-{place.number}-nsg"
    )
    if place.security_group is not None or store.get(own) is None:
        return place
    return dataclasses.replace(place, security_group=own)
