# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peerings: two resources, one on each side, that know each other's state."""

from __future__ import annotations

import copy
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import Document
from innergate_sandbox.store import Entity, Store, id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write


def _towards(document: Document, vnet_id: str) -> list[Document]:
    """Return the peerings of a network that name another one."""
    items = document["properties"].get("virtualNetworkPeerings", [])
    return [item for item in items if id_key(_remote(item)) == id_key(vnet_id)]


def _remote(peering: Document) -> str:
    return str(peering["properties"].get("remoteVirtualNetwork", {}).get("id", ""))


def connect(write: Write) -> None:
    """Complete the peerings of a network: what the remote side is like, and whether it peers back."""
    peerings = write.properties.get("virtualNetworkPeerings", [])
    seen: dict[str, str] = {}
    for item in peerings:
        own = write.part_id("virtualNetworkPeerings", item["name"])
        if not _remote(item):
            message = f"Peering {own} does not reference a remote virtual network."
            raise faults.refused("RemoteVirtualNetworkMissing", message)
        twin = seen.setdefault(id_key(_remote(item)), item["name"])
        if twin != item["name"]:
            message = (
                f"Peering {write.part_id('virtualNetworkPeerings', twin)} already references remote virtual network "
                f"{_remote(item)}. Cannot add another peering {own} referencing the same remote virtual network."
            )
            raise faults.refused("AnotherPeeringAlreadyReferencesRemoteVnet", message)
        other = write.store.get(_remote(item))
        if other is not None:
            _check_overlap(write, own, other)
            _complete(write, item, other)


def _check_overlap(write: Write, own: str, other: Entity) -> None:
    mine = [ip_network(text) for text in write.properties["addressSpace"]["addressPrefixes"]]
    theirs = [ip_network(text) for text in other.body["properties"]["addressSpace"]["addressPrefixes"]]
    clashes = [f"{a}, {b}" for a in mine for b in theirs if a.version == b.version and a.overlaps(b)]
    if clashes:
        message = (
            f"Cannot create or update peering {own}. Virtual networks {write.root} and {other.id} cannot be peered "
            f"because their address spaces overlap. Overlapping address prefixes: {'; '.join(clashes)}."
        )
        raise faults.refused("VnetAddressSpacesOverlap", message)


def _complete(write: Write, item: Document, other: Entity) -> None:
    back = _towards(other.body, write.root)
    space = other.body["properties"]["addressSpace"]
    properties = item["properties"]
    properties["peeringState"] = "Connected" if back else "Initiated"
    properties["peeringSyncLevel"] = "FullyInSync"
    properties["remoteAddressSpace"] = {"addressPrefixes": list(space["addressPrefixes"])}
    properties["remoteVirtualNetworkAddressSpace"] = {"addressPrefixes": list(space["addressPrefixes"])}
    if not properties.get("peerCompleteVnets", True) or "enableOnlyIPv6Peering" in properties:
        mine = {"addressPrefixes": list(write.properties["addressSpace"]["addressPrefixes"])}
        properties["localAddressSpace"] = properties["localVirtualNetworkAddressSpace"] = mine
    encryption = other.body["properties"].get("encryption")
    if encryption:
        properties["remoteVirtualNetworkEncryption"] = encryption
    if back:
        write.after.append(lambda: _tell(write.store, other.id, write.root, "Connected"))


def _tell(store: Store, vnet_id: str, about: str, state: str) -> None:
    """Write a state into the peerings of a network that name another one."""
    entity = store.get(vnet_id)
    if entity is None:
        return
    document: dict[str, Any] = copy.deepcopy(entity.body)
    for item in _towards(document, about):
        item["properties"]["peeringState"] = state
    store.put(vnet_id, None, document)


def disconnect(ctx: Context, gone_id: str, document: Document) -> None:
    """Let the other side know that a peering, or the whole network, has gone."""
    vnet_id, dummy, peering = gone_id.partition("/virtualNetworkPeerings/")
    for item in [document] if peering else document["properties"].get("virtualNetworkPeerings", []):
        if _remote(item):
            _tell(ctx.store, _remote(item), vnet_id, "Disconnected")
