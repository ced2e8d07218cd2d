# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other providers get from the network: subnets, who is in them, addresses for their resources."""

from __future__ import annotations

import pytest
from innergate_sandbox.arm.message import ArmError, parse
from innergate_sandbox.arm.providers import network
from unit.sandbox.network.cloud import LOCATION, Cloud, frontend

SERVICE = "Microsoft.ApiManagement/service"


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """A /28 delegated to web apps."""
    await cloud.network(s="10.1.0.0/28")
    delegation = {"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    await cloud.put("virtualNetworks/v/subnets/s", {"addressPrefix": "10.1.0.0/28", "delegations": [delegation]})
    return cloud.id("virtualNetworks/v/subnets/s")


def service(cloud: Cloud, name: str = "apim", **properties: object) -> str:
    """An API Management service as its provider keeps it."""
    path = f"{cloud.arm.group}/providers/{SERVICE}/{name}"
    cloud.arm.store.put(path, SERVICE, {"location": "West Europe", "properties": properties})
    return path


async def test_a_subnet_is_found_whatever_the_case(cloud: Cloud, subnet: str) -> None:
    found = network.subnet(cloud.arm.store, subnet.upper())
    assert found is not None
    assert (found.id, found.name, found.location, found.prefix) == (subnet, "s", LOCATION, "10.1.0.0/28")
    assert found.delegations == ("Microsoft.Web/serverFarms",)
    assert found.usable() == 11
    assert found.linked("networkSecurityGroup") is None
    assert network.subnet(cloud.arm.store, f"{subnet}x") is None
    assert network.subnet(cloud.arm.store, "/nonsense") is None


async def test_addresses_for_a_service(cloud: Cloud, subnet: str) -> None:
    store, owner = cloud.arm.store, service(cloud)
    before = await cloud.get("virtualNetworks/v")
    assert network.reserve(store, subnet, owner, 2) == ["10.1.0.4", "10.1.0.5"]
    assert network.reserve(store, subnet, owner, name="vip") == ["10.1.0.6"]
    assert network.free_addresses(store, subnet) == 8
    assert network.occupants(store, subnet) == [owner]
    after = await cloud.get("virtualNetworks/v")
    assert after["etag"] != before["etag"]
    inside = after["properties"]["subnets"][0]["properties"]["ipConfigurations"]
    assert inside == [{"id": f"{owner}/ipConfigurations/{name}"} for name in ("ipconfig1", "ipconfig2", "vip3")]
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    found = await cloud.put("loadBalancers/l", inner, sku={"name": "Standard"})
    assert found["properties"]["frontendIPConfigurations"][0]["properties"]["privateIPAddress"] == "10.1.0.7"
    refusal = await cloud.refused("DELETE", "virtualNetworks/v/subnets/s")
    assert refusal[:2] == (400, "InUseSubnetCannotBeDeleted")
    assert owner in refusal[2]
    assert network.release(store, owner) == 3
    assert network.reserve(store, subnet, owner, keep=["10.1.0.9", "10.1.0.7"]) == ["10.1.0.9"]


async def test_a_subnet_without_room(cloud: Cloud, subnet: str) -> None:
    with pytest.raises(ArmError) as caught:
        network.reserve(cloud.arm.store, subnet, service(cloud), 12)
    assert (caught.value.status, caught.value.code) == (400, "SubnetIsFull")
    assert network.free_addresses(cloud.arm.store, subnet) == 11
    with pytest.raises(LookupError):
        network.reserve(cloud.arm.store, f"{subnet}x", service(cloud))


async def test_addresses_of_an_owner_that_has_gone_are_free(cloud: Cloud, subnet: str) -> None:
    store, owner = cloud.arm.store, service(cloud)
    network.reserve(store, subnet, owner, 11)
    store.delete(owner)
    assert network.free_addresses(store, subnet) == 11
    assert network.reserve(store, subnet, service(cloud, "other")) == ["10.1.0.4"]


async def test_a_joined_service_holds_its_subnet_and_its_public_address(cloud: Cloud, subnet: str) -> None:
    await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku={"name": "Standard"})
    join = {"subnetResourceId": subnet}
    owner = service(cloud, virtualNetworkConfiguration=join, publicIpAddressId=cloud.id("publicIPAddresses/p"))
    assert network.occupants(cloud.arm.store, subnet) == [owner]
    assert (await cloud.get("publicIPAddresses/p"))["properties"]["ipConfiguration"] == {"id": owner}
    refusal = await cloud.refused("DELETE", "publicIPAddresses/p")
    assert refusal[:2] == (400, "PublicIPAddressCannotBeDeleted")
    status, code, message = await cloud.refused("DELETE", "virtualNetworks/v/subnets/s")
    assert (status, code) == (400, "InUseSubnetCannotBeDeleted")
    assert f"is in use by {owner} and" in message


async def test_a_delegated_subnet_shows_the_service_that_took_it(cloud: Cloud, subnet: str) -> None:
    owner = service(cloud, virtualNetworkConfiguration={"subnetResourceId": subnet})
    links = (await cloud.get("virtualNetworks/v/subnets/s"))["properties"]["serviceAssociationLinks"]
    assert [one["properties"]["linkedResourceType"] for one in links] == ["Microsoft.Web/serverFarms"]
    assert links[0]["properties"]["link"] == owner
    assert links[0]["id"].startswith(f"{subnet}/serviceAssociationLinks/")
    listed = await cloud.call("GET", "virtualNetworks/v/subnets/s/ServiceAssociationLinks")
    assert listed.body == {"value": links}
    bare = {"properties": {"addressPrefix": "10.1.0.0/28"}}
    refusal = await cloud.refused("PUT", "virtualNetworks/v/subnets/s", bare)
    assert refusal[:2] == (400, "SubnetMissingRequiredDelegation")
    cloud.arm.store.delete(owner)
    assert "serviceAssociationLinks" not in (await cloud.get("virtualNetworks/v/subnets/s"))["properties"]


async def test_the_right_to_join(cloud: Cloud, subnet: str) -> None:
    path = f"{cloud.arm.group}/providers/{SERVICE}/apim"
    request = parse("PUT", f"{path}?api-version=2024-05-01")
    network.check_join(cloud.arm.ctx, request, subnet)
    cloud.arm.faults.add(path="subnets/s$", then={"deny": "Microsoft.Network/*/join/action"})
    with pytest.raises(ArmError) as caught:
        network.check_join(cloud.arm.ctx, request, subnet)
    assert (caught.value.status, caught.value.code) == (403, "LinkedAuthorizationFailed")
    assert "'Microsoft.ApiManagement/service/write' on scope" in caught.value.message
