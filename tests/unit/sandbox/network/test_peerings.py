# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peerings: one on each side."""

from __future__ import annotations

import pytest
from unit.sandbox.network.cloud import Cloud


@pytest.fixture(autouse=True)
async def networks(cloud: Cloud) -> None:
    """Two networks apart, and one that overlaps with the first."""
    await cloud.network("one", "10.1.0.0/16")
    await cloud.network("two", "10.2.0.0/16")
    await cloud.network("twin", "10.1.128.0/17")


async def state(cloud: Cloud, path: str) -> str:
    """The peeringState."""
    return str((await cloud.get(f"virtualNetworks/{path}"))["properties"]["peeringState"])


async def test_two_peerings_connect(cloud: Cloud) -> None:
    to_two = {"remoteVirtualNetwork": cloud.ref("virtualNetworks/two")}
    found = await cloud.put("virtualNetworks/one/virtualNetworkPeerings/p", to_two)
    properties = found["properties"]
    assert properties["peeringState"] == "Initiated"
    assert properties["remoteAddressSpace"] == {"addressPrefixes": ["10.2.0.0/16"]}
    assert properties["allowVirtualNetworkAccess"] is True
    assert properties["allowForwardedTraffic"] is properties["useRemoteGateways"] is False
    back = {"remoteVirtualNetwork": cloud.ref("virtualNetworks/one")}
    await cloud.put("virtualNetworks/two/virtualNetworkPeerings/q", back)
    assert await state(cloud, "one/virtualNetworkPeerings/p") == "Connected"
    assert await state(cloud, "two/virtualNetworkPeerings/q") == "Connected"
    await cloud.delete("virtualNetworks/two/virtualNetworkPeerings/q")
    assert await state(cloud, "one/virtualNetworkPeerings/p") == "Disconnected"


async def test_a_network_put_leaves_its_peerings_alone(cloud: Cloud) -> None:
    to_two = {"remoteVirtualNetwork": cloud.ref("virtualNetworks/two")}
    await cloud.put("virtualNetworks/one/virtualNetworkPeerings/p", to_two)
    found = await cloud.network("one", "10.1.0.0/16", s="10.1.0.0/24")
    assert [one["name"] for one in found["properties"]["virtualNetworkPeerings"]] == ["p"]


async def test_networks_that_overlap_cannot_be_peered(cloud: Cloud) -> None:
    body = {"properties": {"remoteVirtualNetwork": cloud.ref("virtualNetworks/twin")}}
    status, code, message = await cloud.refused("PUT", "virtualNetworks/one/virtualNetworkPeerings/p", body)
    assert (status, code) == (400, "VnetAddressSpacesOverlap")
    assert "10.1.0.0/16, 10.1.128.0/17" in message


async def test_a_remote_network_must_exist_and_is_peered_once(cloud: Cloud) -> None:
    body = {"properties": {"remoteVirtualNetwork": cloud.ref("virtualNetworks/none")}}
    refusal = await cloud.refused("PUT", "virtualNetworks/one/virtualNetworkPeerings/p", body)
    assert refusal[:2] == (400, "InvalidResourceReference")
    to_two = {"remoteVirtualNetwork": cloud.ref("virtualNetworks/two")}
    await cloud.put("virtualNetworks/one/virtualNetworkPeerings/p", to_two)
    refusal = await cloud.refused("PUT", "virtualNetworks/one/virtualNetworkPeerings/q", {"properties": to_two})
    assert refusal[:2] == (400, "AnotherPeeringAlreadyReferencesRemoteVnet")
