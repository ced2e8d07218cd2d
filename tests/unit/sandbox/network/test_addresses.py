# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private addresses: the lowest free one, kept for good, or the wanted one, or the reason why not."""

from __future__ import annotations

import itertools
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from innergate_sandbox.arm.providers.network import addresses
from innergate_sandbox.store import Entity
from unit.sandbox.network.cloud import LOCATION, Cloud, Json, frontend


async def balancer(cloud: Cloud, name: str, *frontends: Json) -> list[str]:
    """A load balancer with these frontends; returns their addresses."""
    found = await cloud.put(f"loadBalancers/{name}", {"frontendIPConfigurations": list(frontends)}, sku=STANDARD)
    return [one["properties"]["privateIPAddress"] for one in found["properties"]["frontendIPConfigurations"]]


STANDARD = {"name": "Standard"}


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """The id of a subnet 10.1.0.0/28: eleven addresses, .4 to .14."""
    await cloud.network(s="10.1.0.0/28", other="10.1.1.0/24")
    return cloud.id("virtualNetworks/v/subnets/s")


async def test_the_first_address_is_the_fifth_and_the_next_one_the_lowest_free(cloud: Cloud, subnet: str) -> None:
    assert await balancer(cloud, "a", frontend("one", subnet), frontend("two", subnet)) == ["10.1.0.4", "10.1.0.5"]
    nic = {"ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": subnet}}}]}
    found = await cloud.put("networkInterfaces/n", nic)
    assert found["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.1.0.6"
    await balancer(cloud, "a", frontend("two", subnet))
    assert await balancer(cloud, "b", frontend("f", subnet)) == ["10.1.0.4"]


async def test_a_dynamic_address_stays_over_every_put(cloud: Cloud, subnet: str) -> None:
    assert await balancer(cloud, "a", frontend("one", subnet), frontend("two", subnet)) == ["10.1.0.4", "10.1.0.5"]
    assert await balancer(cloud, "a", frontend("two", subnet)) == ["10.1.0.5"]
    assert await balancer(cloud, "a", frontend("new", subnet), frontend("two", subnet)) == ["10.1.0.4", "10.1.0.5"]
    back = frontend("two", subnet)
    back["properties"]["privateIPAddress"] = "10.1.0.5"  # as it was read
    assert await balancer(cloud, "a", back) == ["10.1.0.5"]


async def test_static_and_dynamic_of_one_request_do_not_meet(cloud: Cloud, subnet: str) -> None:
    found = await balancer(cloud, "a", frontend("dynamic", subnet), frontend("static", subnet, "10.1.0.4"))
    assert found == ["10.1.0.5", "10.1.0.4"]


async def test_an_address_that_was_dynamic_can_be_made_static_and_back(cloud: Cloud, subnet: str) -> None:
    await balancer(cloud, "a", frontend("f", subnet, "10.1.0.9"))
    assert await balancer(cloud, "a", frontend("f", subnet)) == ["10.1.0.9"]
    assert await balancer(cloud, "a", frontend("f", subnet, "10.1.0.9")) == ["10.1.0.9"]


async def test_another_subnet_gives_another_address(cloud: Cloud, subnet: str) -> None:
    await balancer(cloud, "a", frontend("f", subnet))
    other = cloud.id("virtualNetworks/v/subnets/other")
    assert await balancer(cloud, "a", frontend("f", other)) == ["10.1.1.4"]


REFUSALS = {
    "10.226.0.50": (
        "PrivateIPAddressNotInSubnet",
        "Private static IP address 10.226.0.50 does not belong to the range of subnet prefix 10.1.0.0/28.",
    ),
    "10.1.0.3": (
        "PrivateIPAddressInReservedRange",
        "Private static IP address 10.1.0.3 falls within reserved IP range of subnet prefix 10.1.0.0/28.",
    ),
    "10.1.0.15": (
        "PrivateIPAddressInReservedRange",
        "Private static IP address 10.1.0.15 falls within reserved IP range of subnet prefix 10.1.0.0/28.",
    ),
    "10.1.0.4": (
        "PrivateIPAddressIsAllocated",
        (
            "IP configuration ~/b/frontendIPConfigurations/f is using the private IP address 10.1.0.4 which is already "
            "allocated to resource ~/a/frontendIPConfigurations/f."
        ),
    ),
}


@pytest.mark.parametrize("address", REFUSALS)
async def test_an_address_that_cannot_be_had(cloud: Cloud, subnet: str, address: str) -> None:
    await balancer(cloud, "a", frontend("f", subnet))
    inner = {"frontendIPConfigurations": [frontend("f", subnet, address)]}
    body = {"location": LOCATION, "sku": STANDARD, "properties": inner}
    answer = await cloud.call("PUT", "loadBalancers/b", body)
    code, message = REFUSALS[address]
    assert answer.status == 400
    told = {"code": code, "message": message.replace("~", cloud.id("loadBalancers")), "details": []}
    assert answer.body["error"] == told
    assert (await cloud.call("GET", "loadBalancers/b")).status == 404


async def test_two_frontends_of_one_request_cannot_have_the_same_address(cloud: Cloud, subnet: str) -> None:
    pair = [frontend("one", subnet, "10.1.0.9"), frontend("two", subnet, "10.1.0.9")]
    body = {"location": LOCATION, "sku": STANDARD, "properties": {"frontendIPConfigurations": pair}}
    status, code, message = await cloud.refused("PUT", "loadBalancers/a", body)
    assert (status, code) == (400, "MultipleIpConfigsRequestSamePrivateIpAddress")
    one, two = (cloud.id(f"loadBalancers/a/frontendIPConfigurations/{name}") for name in ("one", "two"))
    assert message == (
        f"IP configuration {two} is requesting the same private IP address 10.1.0.9 as IP Configurations {one}. "
        "Private IP address 10.1.0.9 from the subnet can be assigned to only one IP configuration."
    )


async def test_what_is_no_address_is_refused(cloud: Cloud, subnet: str) -> None:
    inner = {"frontendIPConfigurations": [frontend("f", subnet, "not-an-ip")]}
    body = {"location": LOCATION, "sku": STANDARD, "properties": inner}
    assert (await cloud.refused("PUT", "loadBalancers/a", body))[0] == 400


async def test_a_full_subnet(cloud: Cloud, subnet: str) -> None:
    await balancer(cloud, "a", *(frontend(f"f{number}", subnet) for number in range(11)))
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    body = {"location": LOCATION, "sku": STANDARD, "properties": inner}
    status, code, message = await cloud.refused("PUT", "loadBalancers/b", body)
    assert (status, code) == (400, "SubnetIsFull")
    start = f"Subnet {subnet} with address prefix 10.1.0.0/28 does not have enough capacity for 1 IP addresses"
    assert message.startswith(start)
    await cloud.delete("loadBalancers/a")
    assert await balancer(cloud, "b", frontend("f", subnet)) == ["10.1.0.4"]


async def test_a_private_endpoint_stands_in_its_subnet_by_an_interface(cloud: Cloud, subnet: str) -> None:
    link = {"name": "c", "properties": {"privateLinkServiceId": cloud.id("privateLinkServices/x"), "groupIds": ["g"]}}
    found = await cloud.put("privateEndpoints/e", {"subnet": {"id": subnet}, "privateLinkServiceConnections": [link]})
    interface = found["properties"]["networkInterfaces"][0]["id"]
    assert interface.startswith(cloud.id("networkInterfaces/e.nic."))
    inside = (await cloud.get("virtualNetworks/v/subnets/s"))["properties"]
    assert inside["privateEndpoints"] == [{"id": found["id"]}]
    assert inside["ipConfigurations"] == [{"id": f"{interface}/ipConfigurations/privateEndpointIpConfig"}]
    state = found["properties"]["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceConnectionState"]
    assert state == {"status": "Approved", "description": "Auto Approved", "actionsRequired": "None"}
    assert (await cloud.refused("DELETE", interface))[:2] == (400, "NicInUseWithPrivateEndpoint")
    await cloud.delete("privateEndpoints/e")
    assert (await cloud.call("GET", interface)).status == 404


async def test_a_block_of_addresses_in_the_subnet_of_the_first_configuration(cloud: Cloud, subnet: str) -> None:
    other = cloud.id("virtualNetworks/v/subnets/other")
    first = {"name": "ipconfig1", "properties": {"subnet": {"id": other}}}
    second = {"name": "ipconfig2", "properties": {"privateIPAddressPrefixLength": 28}}
    for dummy in range(2):  # it stays
        found = await cloud.put("networkInterfaces/n", {"ipConfigurations": [first, second]})
        inner = [one["properties"] for one in found["properties"]["ipConfigurations"]]
        assert [one["privateIPAddress"] for one in inner] == ["10.1.1.4", "10.1.1.16/28"]
        assert [one["primary"] for one in inner] == [True, False]
        assert inner[1]["subnet"] == {"id": other}
    inside = [frontend("a", other, "10.1.1.15"), frontend("b", other, "10.1.1.32")]
    assert await balancer(cloud, "l", *inside) == ["10.1.1.15", "10.1.1.32"]
    body = {
        "location": LOCATION,
        "sku": STANDARD,
        "properties": {"frontendIPConfigurations": [frontend("c", other, "10.1.1.20")]},
    }
    assert (await cloud.refused("PUT", "loadBalancers/m", body))[:2] == (400, "PrivateIPAddressIsAllocated")


@settings(deadline=None)  # a /16 is listed whole, which takes a while on a busy machine
@given(st.integers(16, 29), st.integers(0, 2**16 - 1), st.sets(st.integers(0, 40)))
def test_five_addresses_of_every_range_are_never_handed_out(length: int, place: int, used: set[int]) -> None:
    network = ip_network(f"10.{place >> 8}.{place & 255}.0/{length}", strict=False)
    document = {"name": "s", "properties": {"addressPrefix": str(network)}}
    subnet = addresses.Subnet("/s", "s", Entity("/v", "t"), document)
    held = {network[number] for number in used if number < network.num_addresses}
    found = list(itertools.islice(addresses.free(subnet, set(held)), 64))
    expected = (one for one in list(network)[4:-1] if one not in held)
    assert found == list(itertools.islice(expected, 64))
    assert subnet.usable() == network.num_addresses - 5


async def test_public_addresses_differ_and_are_routed_nowhere(cloud: Cloud) -> None:
    found = []
    for name in "ab":
        body = await cloud.put(f"publicIPAddresses/{name}", {"publicIPAllocationMethod": "Static"}, sku=STANDARD)
        found.append(body["properties"]["ipAddress"])
    assert found == ["203.0.113.1", "203.0.113.2"]


async def test_a_dynamic_public_address_comes_with_its_first_use(cloud: Cloud) -> None:
    await cloud.put("publicIPAddresses/p")
    assert "ipAddress" not in (await cloud.get("publicIPAddresses/p"))["properties"]
    inner = {"name": "f", "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/p")}}
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [inner]})
    found = (await cloud.get("publicIPAddresses/p"))["properties"]
    assert found["ipAddress"] == "203.0.113.1"
    assert found["ipConfiguration"] == cloud.ref("loadBalancers/l/frontendIPConfigurations/f")
    await cloud.put("loadBalancers/l", {})
    assert "ipAddress" not in (await cloud.get("publicIPAddresses/p"))["properties"]


async def test_ipv6_of_an_interface_may_be_without_a_subnet(cloud: Cloud) -> None:
    """azurerm's acceptance tests make such an interface in a subnet with IPv4 only."""
    await cloud.network(a="10.1.0.0/24")
    first = {"name": "one", "properties": {"subnet": cloud.ref("virtualNetworks/v/subnets/a"), "primary": True}}
    second = {"name": "two", "properties": {"privateIPAddressVersion": "IPv6"}}
    made = await cloud.put("networkInterfaces/n", {"ipConfigurations": [first, second]})
    four, six = (item["properties"] for item in made["properties"]["ipConfigurations"])
    assert (four["privateIPAddress"], "privateIPAddress" in six, "subnet" in six) == ("10.1.0.4", False, False)
