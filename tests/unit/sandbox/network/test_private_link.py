# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private endpoints and the private link services that they lead to."""

from __future__ import annotations

from typing import Any

import pytest
from unit.sandbox.network.cloud import Cloud

SERVICE, ENDPOINT = "privateLinkServices/service", "privateEndpoints/endpoint"


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """A subnet that takes both."""
    await cloud.network(s="10.1.0.0/24")
    inner = {"addressPrefix": "10.1.0.0/24", "privateLinkServiceNetworkPolicies": "Disabled"}
    await cloud.put("virtualNetworks/v/subnets/s", inner)
    return cloud.id("virtualNetworks/v/subnets/s")


@pytest.fixture
async def service(cloud: Cloud, subnet: str) -> dict[str, Any]:
    """A private link service."""
    inner = {"ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": subnet}}}]}
    return await cloud.put(SERVICE, inner)


async def connect(cloud: Cloud, subnet: str, target: str, kind: str = "privateLinkServiceConnections") -> str:
    """Make an endpoint that leads to a service, and return its id."""
    link = {"name": "c", "properties": {"privateLinkServiceId": target, "requestMessage": "Please"}}
    return str((await cloud.put(ENDPOINT, {"subnet": {"id": subnet}, kind: [link]}))["id"])


async def connections(cloud: Cloud) -> list[dict[str, Any]]:
    """The connections that the service shows."""
    found: list[dict[str, Any]] = (await cloud.get(SERVICE))["properties"]["privateEndpointConnections"]
    return found


@pytest.mark.parametrize("by", ["id", "alias"])
async def test_a_service_shows_who_leads_to_it(cloud: Cloud, subnet: str, service: dict[str, Any], by: str) -> None:
    """What the data source azurerm_private_link_service_endpoint_connections of terraform-provider-azurerm reads."""
    assert await connections(cloud) == []
    endpoint = await connect(cloud, subnet, service["id"] if by == "id" else service["properties"]["alias"])
    (one,) = await connections(cloud)
    assert one["name"].startswith("endpoint.")
    assert one["id"] == f"{service['id']}/privateEndpointConnections/{one['name']}"
    assert one["type"] == "Microsoft.Network/privateLinkServices/privateEndpointConnections"
    assert one["properties"]["privateEndpoint"] == {"id": endpoint}
    state = {"status": "Approved", "description": "Approved", "actionsRequired": "None"}
    assert one["properties"]["privateLinkServiceConnectionState"] == state
    await cloud.delete(ENDPOINT)
    assert await connections(cloud) == []


async def test_a_connection_that_waits_for_approval_shows_what_was_asked(
    cloud: Cloud, subnet: str, service: dict[str, Any]
) -> None:
    await connect(cloud, subnet, service["id"], "manualPrivateLinkServiceConnections")
    (one,) = await connections(cloud)
    state = {"status": "Pending", "description": "Please", "actionsRequired": "None"}
    assert one["properties"]["privateLinkServiceConnectionState"] == state


async def test_connections_are_the_service_s_to_say(cloud: Cloud, subnet: str, service: dict[str, Any]) -> None:
    await connect(cloud, subnet, service["id"])
    shown = await cloud.get(SERVICE)
    again = await cloud.put(SERVICE, shown["properties"] | {"privateEndpointConnections": [{"name": "x"}]})
    found = again["properties"]["privateEndpointConnections"]
    assert [one["name"] for one in found] == [one["name"] for one in shown["properties"]["privateEndpointConnections"]]
