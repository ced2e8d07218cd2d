# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in a network: what is refused, what it takes, what networkstatus says."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import TestSandbox, header
from unit.sandbox.apimanagement.console import Console, etag, flaws

Json = dict[str, Any]
NETWORK = "providers/Microsoft.Network"
TARGET = "virtualNetworkConfiguration.subnetResourceId"
MANAGEMENT: Json = {
    "name": "management", "properties": {
        "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*",
        "sourceAddressPrefix": "ApiManagement", "destinationAddressPrefix": "VirtualNetwork",
        "destinationPortRange": "3443"},
}  # fmt: skip
V2 = {"name": "StandardV2", "capacity": 1}
FARMS = [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]


class Place:
    """A virtual network with one subnet, its security group and a public address."""

    def __init__(self, arm: TestSandbox, mark: str = "") -> None:
        """Take the sandbox and something to tell names apart."""
        self.arm, self.mark = arm, mark
        self.vnet = f"{arm.group}/{NETWORK}/virtualNetworks/v{mark}"
        self.subnet = f"{self.vnet}/subnets/apim"
        self.group = f"{arm.group}/{NETWORK}/networkSecurityGroups/nsg{mark}"
        self.address = f"{arm.group}/{NETWORK}/publicIPAddresses/ip{mark}"

    async def put(self, path: str, body: Json) -> None:
        """Write a network resource."""
        answer = await self.arm.call("PUT", path, body)
        assert answer.status < 300, answer.body

    async def build(
        self, prefix: str = "10.0.1.0/27", location: str = "westeurope", rules: list[Json] | None = None, **subnet: Any
    ) -> Place:
        """Make everything; `subnet` is added to the properties of the subnet."""
        await self.put(
            self.group,
            {"location": location, "properties": {"securityRules": [MANAGEMENT] if rules is None else rules}},
        )
        inner = {"addressPrefix": prefix, "networkSecurityGroup": {"id": self.group}} | subnet
        await self.put(self.vnet, {"location": location, "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "apim", "properties": {k: v for k, v in inner.items() if v}}]}})  # fmt: skip
        await self.put(self.address, {"location": location, "sku": {"name": "Standard"}, "properties": {
            "publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": f"gate{self.mark}"}}})  # fmt: skip
        return self

    def joined(self, kind: str = "Internal", **more: Any) -> Json:
        """The properties of a service in the subnet."""
        return {"virtualNetworkType": kind, "virtualNetworkConfiguration": {"subnetResourceId": self.subnet}} | more


async def test_internal_mode_has_a_private_address(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    gate = await Console(arm).ready(properties=place.joined())
    found = await gate.properties()
    assert found["privateIPAddresses"] == ["10.0.1.5"]
    assert found["virtualNetworkConfiguration"]["subnetResourceId"] == place.subnet
    assert found["virtualNetworkConfiguration"]["subnetname"] == "apim"
    subnet = (await arm.call("GET", place.subnet)).body["properties"]
    assert len(subnet["ipConfigurations"]) >= 2
    refused = await arm.call("DELETE", place.subnet)
    assert refused.body["error"]["code"] == "InUseSubnetCannotBeDeleted"
    await gate.finish(await gate.delete())
    assert (await arm.call("DELETE", place.subnet)).status in (202, 204)


async def test_a_running_service_joins_and_leaves(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    gate = await Console(arm).ready()
    answer = await gate.call("PATCH", "", {"properties": place.joined("External", publicIpAddressId=place.address)})
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (202, "Updating")
    assert (await gate.finish(answer)).body == {"status": "Succeeded"}
    found = await gate.properties()
    address = (await arm.call("GET", place.address)).body["properties"]["ipAddress"]
    assert (found["publicIPAddresses"], found["privateIPAddresses"]) == ([address], None)
    left = await gate.call("PATCH", "", {"properties": {"virtualNetworkType": "None"}})
    await gate.finish(left)
    assert (await gate.properties())["virtualNetworkConfiguration"] is None
    assert (await arm.call("DELETE", place.subnet)).status in (202, 204)


@pytest.mark.parametrize("tier", ["Basic", "Standard", "BasicV2", "Consumption"])
async def test_tiers_without_networks(arm: TestSandbox, tier: str) -> None:
    place = await Place(arm).build()
    sku = {"name": tier, "capacity": 0 if tier == "Consumption" else 1}
    found = flaws(await Console(arm).create(sku=sku, properties=place.joined()))
    assert f"not supported in the {tier} tier" in found["virtualNetworkType"]


async def test_internal_mode_needs_a_tier_that_has_it(arm: TestSandbox) -> None:
    place = await Place(arm).build(delegations=FARMS)
    found = flaws(await Console(arm).create(sku=V2, properties=place.joined("Internal")))
    assert "Supported: External" in found["virtualNetworkType"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"location": "northeurope"}, "must be in the same location"),
        ({"prefix": "10.0.1.0/29", "delegations": FARMS}, "is delegated to Microsoft.Web/serverFarms"),
    ],
)
async def test_subnets_that_do_not_fit(arm: TestSandbox, change: Json, text: str) -> None:
    place = await Place(arm).build(**change)
    assert text in flaws(await Console(arm).create(properties=place.joined()))[TARGET]


async def test_a_subnet_must_exist_in_the_same_subscription(arm: TestSandbox) -> None:
    place = Place(arm)
    assert "does not exist" in flaws(await Console(arm).create(properties=place.joined()))[TARGET]
    other = place.subnet.replace(arm.subscription_id, "11111111-1111-1111-1111-111111111111")
    body = {"virtualNetworkType": "Internal", "virtualNetworkConfiguration": {"subnetResourceId": other}}
    assert "same subscription" in flaws(await Console(arm).create(properties=body))[TARGET]
    bare = flaws(await Console(arm).create(properties={"virtualNetworkType": "Internal"}))
    assert "virtualNetworkConfiguration" in bare


async def test_v2_tiers_need_a_delegated_subnet_of_27(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    gate = Console(arm)
    assert "must be delegated" in flaws(await gate.create(sku=V2, properties=place.joined("External")))[TARGET]
    small = await Place(arm).build("10.0.1.0/28", delegations=FARMS)
    assert "at least a /27" in flaws(await gate.create(sku=V2, properties=small.joined("External")))[TARGET]
    good = await Place(arm).build(delegations=FARMS)
    await gate.ready(sku=V2, properties=good.joined("External"))
    second = flaws(await Console(arm, "second").create(sku=V2, properties=good.joined("External")))
    assert "subnet of its own" in second[TARGET]


async def test_addresses_of_the_subnet_are_counted(arm: TestSandbox) -> None:
    """A /29 has three: one unit of Premium in Internal mode takes all of them (Learn, injection resources)."""
    place = await Place(arm).build("10.0.1.0/29")
    two = {"name": "Premium", "capacity": 2}
    assert "need 5" in flaws(await Console(arm).create(sku=two, properties=place.joined()))[TARGET]
    await Console(arm).ready(sku={"name": "Premium", "capacity": 1}, properties=place.joined())
    full = flaws(await Console(arm, "second").create(properties=place.joined()))
    assert "has 0 free addresses" in full[TARGET]


async def test_the_right_to_join_is_needed(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    arm.faults.add(path="/subnets/apim", then={"deny": "Microsoft.Network/virtualNetworks/subnets/join/action"})
    answer = await Console(arm).create(properties=place.joined())
    assert (answer.status, answer.body["error"]["code"]) == (403, "LinkedAuthorizationFailed")
    assert place.subnet in answer.body["error"]["message"]


async def test_external_mode_needs_a_public_address(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    gate = Console(arm)
    assert "publicIpAddressId" in flaws(await gate.create(properties=place.joined("External")))
    missing = place.joined("External", publicIpAddressId=place.address + "2")
    assert "does not exist" in flaws(await gate.create(properties=missing))["publicIpAddressId"]
    await place.put(place.address + "2", {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {
        "publicIPAllocationMethod": "Static"}})  # fmt: skip
    assert "DNS name label" in flaws(await gate.create(properties=missing))["publicIpAddressId"]
    await gate.ready(properties=place.joined("External", publicIpAddressId=place.address))
    switch = await gate.call("PATCH", "", {"properties": {"virtualNetworkType": "Internal"}})
    assert "different public IP" in flaws(switch)["publicIpAddressId"]
    taken = await Console(arm, "second").create(properties=place.joined("External", publicIpAddressId=place.address))
    assert "is used by" in flaws(taken)["publicIpAddressId"]


async def test_a_closed_management_port_fails_the_activation(arm: TestSandbox) -> None:
    place = await Place(arm).build(rules=[])
    gate = Console(arm)
    answer = await gate.create(properties=place.joined())
    assert answer.status == 201
    end = await gate.finish(answer)
    assert (end.body["status"], end.body["error"]["code"]) == ("Failed", "ManagementApiRequestFailed")
    assert "gate.management.azure-api.net:3443" in end.body["error"]["message"]
    assert "'nsg' blocks port 3443" in end.body["error"]["message"]
    assert (await gate.properties())["provisioningState"] == "Failed"


async def test_an_update_that_fails_leaves_the_service_as_it_was(arm: TestSandbox) -> None:
    deny = {
        **MANAGEMENT,
        "properties": {**MANAGEMENT["properties"], "access": "Deny", "destinationPortRange": "1-4000"},
    }
    place = await Place(arm).build(rules=[deny])
    gate = await Console(arm).ready()
    answer = await gate.call("PATCH", "", {"properties": place.joined()})
    assert (await gate.finish(answer)).body["status"] == "Failed"
    found = await gate.properties()
    assert (found["provisioningState"], found["virtualNetworkType"]) == ("Succeeded", "None")
    assert await gate.names("apis") == ["echo-api"]


async def test_networkstatus(arm: TestSandbox) -> None:
    place = await Place(arm).build()
    gate = await Console(arm).ready(properties=place.joined())
    answer = (await gate.get("networkstatus")).body
    assert [item["location"] for item in answer] == ["West Europe"]
    items = answer[0]["networkStatus"]["connectivityStatus"]
    assert {item["status"] for item in items} == {"success"}
    assert {item["resourceType"] for item in items if not item["isOptional"]} >= {
        "BlobStorage",
        "TableStorage",
        "SQLDatabase",
    }
    one = (await gate.get("locations/West%20Europe/networkstatus")).body
    assert one["dnsServers"] == ["168.63.129.16"]
    assert (await gate.get("locations/westus/networkstatus")).status == 404
    await place.put(place.group, {"location": "westeurope", "properties": {"securityRules": []}})
    items = (await gate.get("networkstatus")).body[0]["networkStatus"]["connectivityStatus"]
    assert [(item["name"], item["isOptional"]) for item in items if item["status"] == "failure"] == [
        ("gate.management.azure-api.net:3443", False)
    ]


async def test_a_subnet_without_security_group_is_unhealthy(arm: TestSandbox) -> None:
    place = await Place(arm).build(networkSecurityGroup=None)
    gate = await Console(arm).ready(properties=place.joined())
    items = (await gate.get("networkstatus")).body[0]["networkStatus"]["connectivityStatus"]
    assert ["no network security group" in item["error"] for item in items if item["status"] == "failure"] == [True]


async def test_applying_network_configuration(gate: Console) -> None:
    answer = await gate.post("applynetworkconfigurationupdates", {"location": "west europe"})
    assert (answer.status, answer.body) == (202, None)
    assert "Azure-AsyncOperation" not in answer.headers
    assert (await gate.properties())["provisioningState"] == "Updating"
    end = await gate.finish(answer)
    assert (end.status, end.body["properties"]["provisioningState"]) == (200, "Succeeded")
    assert (await gate.post("applynetworkconfigurationupdates", {"location": "westus"})).status == 404


async def test_an_equal_put_of_a_joined_service_changes_nothing(arm: TestSandbox) -> None:
    place, north = await Place(arm).build(), await Place(arm, "north").build(location="northeurope")
    sku = {"name": "Premium", "capacity": 1}
    other = {"location": "northeurope", "sku": sku, "virtualNetworkConfiguration": {"subnetResourceId": north.subnet}}
    body = place.joined(additionalLocations=[other])
    gate = await Console(arm).ready(sku=sku, properties=body)
    before = await gate.get()
    for again in (await gate.create(sku=sku, properties=body), await gate.call("PATCH", "", {"tags": {}})):
        assert (again.status, header(again, "Location"), etag(again)) == (200, None, etag(before))
        assert again.body["properties"] == before.body["properties"]


async def test_additional_locations(arm: TestSandbox) -> None:
    extra = {"location": "northeurope", "sku": {"name": "Premium", "capacity": 1}}
    gate = await Console(arm).ready(sku={"name": "Premium", "capacity": 1}, properties={"additionalLocations": [extra]})
    found = (await gate.properties())["additionalLocations"][0]
    assert (found["location"], found["disableGateway"]) == ("North Europe", False)
    assert found["gatewayRegionalUrl"] == "https://gate-northeurope-01.regional.azure-api.net"
    assert len(found["publicIPAddresses"]) == 1
    assert [item["location"] for item in (await gate.get("networkstatus")).body] == ["West Europe", "North Europe"]
