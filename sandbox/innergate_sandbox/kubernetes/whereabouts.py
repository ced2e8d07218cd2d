# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where ARM says that the cluster is, read from the sandbox's own state."""

from __future__ import annotations

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
                return place, True
    return default_place(settings.subscription_id, settings.location), False
