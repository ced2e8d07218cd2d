# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PUT, a PATCH and a DELETE do to what was there."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, frontend, rule

SPACE = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}


async def test_a_subnet_put_replaces_everything(cloud: Cloud) -> None:
    await cloud.put("networkSecurityGroups/g")
    await cloud.put("routeTables/t")
    await cloud.network()
    full = {
        "addressPrefix": "10.1.0.0/24",
        "networkSecurityGroup": cloud.ref("networkSecurityGroups/g"),
        "routeTable": cloud.ref("routeTables/t"),
        "serviceEndpoints": [{"service": "Microsoft.Storage"}],
        "delegations": [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
    }
    found = (await cloud.put("virtualNetworks/v/subnets/s", full))["properties"]
    assert found["networkSecurityGroup"] == full["networkSecurityGroup"]
    assert found["routeTable"] == full["routeTable"]
    assert found["serviceEndpoints"] == [
        {"service": "Microsoft.Storage", "locations": ["westeurope", "northeurope"], "provisioningState": "Succeeded"}
    ]
    delegation = found["delegations"][0]
    assert delegation["id"] == cloud.id("virtualNetworks/v/subnets/s/delegations/d")
    assert delegation["type"] == "Microsoft.Network/virtualNetworks/subnets/delegations"
    assert delegation["properties"] == {
        "provisioningState": "Succeeded",
        "serviceName": "Microsoft.Web/serverFarms",
        "actions": ["Microsoft.Network/virtualNetworks/subnets/action"],
    }
    bare = (await cloud.put("virtualNetworks/v/subnets/s", {"addressPrefix": "10.1.0.0/24"}))["properties"]
    assert {"networkSecurityGroup", "routeTable", "serviceEndpoints"}.isdisjoint(bare)
    assert bare["delegations"] == []


async def test_a_network_put_without_its_subnets_deletes_them(cloud: Cloud) -> None:
    await cloud.network(a="10.1.0.0/24", b="10.1.1.0/24")
    await cloud.put("virtualNetworks/v", SPACE)
    assert (await cloud.get("virtualNetworks/v"))["properties"]["subnets"] == []


async def test_a_network_put_without_a_used_subnet_is_refused(cloud: Cloud) -> None:
    await cloud.network(a="10.1.0.0/24", b="10.1.1.0/24")
    subnet = cloud.id("virtualNetworks/v/subnets/a")
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [frontend("f", subnet)]}, sku={"name": "Standard"})
    only_b = [{"name": "b", "properties": {"addressPrefix": "10.1.1.0/24"}}]
    body = {"location": LOCATION, "properties": {**SPACE, "subnets": only_b}}
    status, code, message = await cloud.refused("PUT", "virtualNetworks/v", body)
    assert (status, code) == (400, "InUseSubnetCannotBeDeleted")
    assert message == (
        f"Subnet a is in use by {cloud.id('loadBalancers/l/frontendIPConfigurations/f')} and cannot be deleted. In "
        "order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet."
    )
    assert len((await cloud.get("virtualNetworks/v"))["properties"]["subnets"]) == 2


async def test_subnets_can_be_kept_by_a_setting(cloud: Cloud) -> None:
    cloud.arm.settings.options["network.vnet-put-keeps-subnets"] = True
    await cloud.network(a="10.1.0.0/24")
    await cloud.put("virtualNetworks/v", SPACE, tags={"a": "b"})
    assert [one["name"] for one in (await cloud.get("virtualNetworks/v"))["properties"]["subnets"]] == ["a"]
    await cloud.put("virtualNetworks/v", {**SPACE, "subnets": []})
    assert (await cloud.get("virtualNetworks/v"))["properties"]["subnets"] == []


async def test_a_change_of_a_subnet_changes_the_etag_of_its_network(cloud: Cloud) -> None:
    await cloud.network(a="10.1.0.0/24")
    before = await cloud.get("virtualNetworks/v")
    again = await cloud.put("virtualNetworks/v/subnets/a", {"addressPrefix": "10.1.0.0/24"})
    assert again["etag"] == before["etag"]
    changed = await cloud.put("virtualNetworks/v/subnets/a", {"addressPrefix": "10.1.0.0/25"})
    after = await cloud.get("virtualNetworks/v")
    assert changed["etag"] == after["etag"] == after["properties"]["subnets"][0]["etag"] != before["etag"]
    assert after["etag"].startswith('W/"')


async def test_tags_are_all_that_a_patch_can_change(cloud: Cloud) -> None:
    await cloud.put("networkSecurityGroups/g", {"securityRules": [rule("r", 100)]}, tags={"old": "1"})
    answer = await cloud.call("PATCH", "networkSecurityGroups/g", {"tags": {"new": "2"}, "properties": {"x": 1}})
    assert (answer.status, answer.body["tags"]) == (200, {"new": "2"})
    assert header(answer, "Azure-AsyncOperation") is None
    found = await cloud.get("networkSecurityGroups/g")
    assert found["tags"] == {"new": "2"}
    assert [one["name"] for one in found["properties"]["securityRules"]] == ["r"]
    assert "x" not in found["properties"]


async def test_parts_have_no_patch(cloud: Cloud) -> None:
    await cloud.network(a="10.1.0.0/24")
    assert (await cloud.refused("PATCH", "virtualNetworks/v/subnets/a", {"tags": {}}))[0] == 405


async def test_a_part_is_deleted_out_of_its_resource(cloud: Cloud) -> None:
    await cloud.network(a="10.1.0.0/24", b="10.1.1.0/24")
    await cloud.delete("virtualNetworks/v/subnets/a")
    assert [one["name"] for one in (await cloud.get("virtualNetworks/v"))["properties"]["subnets"]] == ["b"]
    assert (await cloud.call("DELETE", "virtualNetworks/v/subnets/a")).status == 204


async def test_parts_are_written_by_their_own_url_and_read_in_the_whole(cloud: Cloud) -> None:
    await cloud.put("networkSecurityGroups/g", {"securityRules": [rule("one", 100)]})
    added = await cloud.put("networkSecurityGroups/g/securityRules/two", rule("two", 200)["properties"])
    assert added["properties"]["sourceAddressPrefixes"] == []
    whole = (await cloud.get("networkSecurityGroups/g"))["properties"]["securityRules"]
    assert [one["name"] for one in whole] == ["one", "two"]
    assert whole[1] == added
    await cloud.delete("networkSecurityGroups/g/securityRules/one")
    left = (await cloud.call("GET", "networkSecurityGroups/g/securityRules")).body["value"]
    assert [one["name"] for one in left] == ["two"]


async def test_what_only_the_service_sets_is_accepted_and_ignored(cloud: Cloud) -> None:
    found = await cloud.network(a="10.1.0.0/24")
    found["properties"]["resourceGuid"] = "mine"
    found["properties"]["provisioningState"] = "Failed"
    found["properties"]["subnets"][0]["properties"]["ipConfigurations"] = [{"id": "/subscriptions/x"}]
    answer = await cloud.call("PUT", "virtualNetworks/v", found)
    assert answer.status == 200
    after = await cloud.get("virtualNetworks/v")
    assert after["properties"]["provisioningState"] == "Succeeded"
    assert after["properties"]["resourceGuid"] not in ("mine", None)
    assert "ipConfigurations" not in after["properties"]["subnets"][0]["properties"]


async def test_nulls_say_nothing_and_names_of_properties_have_no_case(cloud: Cloud) -> None:
    await cloud.network()
    body = {"properties": {"AddressPrefix": "10.1.0.0/24", "networkSecurityGroup": None, "delegations": None}}
    assert (await cloud.call("PUT", "virtualNetworks/v/subnets/a", body)).status == 201
    found = (await cloud.get("virtualNetworks/v/subnets/a"))["properties"]
    assert found["addressPrefix"] == "10.1.0.0/24"
    assert found["delegations"] == []
    assert "networkSecurityGroup" not in found


async def test_a_pool_of_the_address_manager_gives_the_ranges(cloud: Cloud) -> None:
    pool = cloud.ref("networkManagers/m/ipamPools/p")
    parts = [{"name": "s", "properties": {"ipamPoolPrefixAllocations": [{"pool": pool, "numberOfIpAddresses": "80"}]}}]
    space = {"ipamPoolPrefixAllocations": [{"pool": pool, "numberOfIpAddresses": "65536"}]}
    found = (await cloud.put("virtualNetworks/v", {"addressSpace": space, "subnets": parts}))["properties"]
    assert found["addressSpace"]["addressPrefixes"] == ["10.200.0.0/16"]
    assert found["subnets"][0]["properties"]["addressPrefixes"] == ["10.200.0.0/25"]


@pytest.mark.parametrize(
    "allocations",
    [
        5, "x", {}, [5], [{}], [{"numberOfIpAddresses": "80"}], [{"pool": "x", "numberOfIpAddresses": "8"}],
        *([{"pool": {"id": "/subscriptions/s"}, "numberOfIpAddresses": n}] for n in ("many", "-1", "0", [], 10**12)),
    ],
)  # fmt: skip
async def test_an_invalid_allocation_from_a_pool_is_refused(cloud: Cloud, allocations: Any) -> None:
    await cloud.network()
    body = {"properties": {"ipamPoolPrefixAllocations": allocations}}
    status, dummy, dummy = await cloud.refused("PUT", "virtualNetworks/v/subnets/a", body)
    assert status == 400
    space = {"addressSpace": {"ipamPoolPrefixAllocations": allocations}}
    status, dummy, dummy = await cloud.refused("PUT", "virtualNetworks/w", {"location": LOCATION, "properties": space})
    assert status == 400


async def test_a_pool_gives_nothing_larger_than_the_network(cloud: Cloud) -> None:
    await cloud.network()
    wanted = [{"pool": cloud.ref("networkManagers/m/ipamPools/p"), "numberOfIpAddresses": str(2**20)}]
    body = {"properties": {"ipamPoolPrefixAllocations": wanted}}
    status, code, dummy = await cloud.refused("PUT", "virtualNetworks/v/subnets/a", body)
    assert (status, code) == (400, "NetcfgInvalidSubnet")


async def test_an_empty_reference_is_none(cloud: Cloud) -> None:
    await cloud.network()
    inner = {"addressPrefix": "10.1.0.0/24", "networkSecurityGroup": {}}
    found = await cloud.put("virtualNetworks/v/subnets/a", inner)
    assert "networkSecurityGroup" not in found["properties"]


async def test_an_empty_value_of_an_enumeration_is_none(cloud: Cloud) -> None:
    """terraform-provider-azurerm 5.2 sends one with every subnet."""
    await cloud.network()
    found = await cloud.put("virtualNetworks/v/subnets/a", {"addressPrefixes": ["10.1.0.0/24"], "sharingScope": ""})
    assert "sharingScope" not in found["properties"]


async def test_ids_and_types_have_no_case_and_keep_their_first_spelling(cloud: Cloud) -> None:
    await cloud.network("Vnet", a="10.1.0.0/24")
    path = cloud.id("virtualNetworks/Vnet/subnets/a")
    answer = await cloud.call("GET", path.lower())
    assert answer.body["id"] == path
    answer = await cloud.call("PUT", path.lower(), {"properties": {"addressPrefix": "10.1.0.0/24"}})
    assert (answer.status, answer.body["id"]) == (200, path)
    assert len((await cloud.call("GET", "VIRTUALNETWORKS")).body["value"]) == 1


async def test_a_location_is_shown_by_its_plain_name_and_cannot_change(cloud: Cloud) -> None:
    found = await cloud.put("routeTables/t", location="West Europe")
    assert found["location"] == "westeurope"
    status, code, message = await cloud.refused("PUT", "routeTables/t", {"location": "eastus"})
    assert (status, code) == (409, "InvalidResourceLocation")
    assert "already exists in location 'westeurope'" in message
    assert (await cloud.refused("PUT", "routeTables/new", {"properties": {}}))[:2] == (400, "LocationRequired")


async def test_a_refused_put_changes_nothing(cloud: Cloud) -> None:
    before = await cloud.network(a="10.1.0.0/24")
    body = {"properties": {"addressPrefix": "10.9.0.0/24"}}
    assert (await cloud.refused("PUT", "virtualNetworks/v/subnets/b", body))[0] == 400
    assert await cloud.get("virtualNetworks/v") == before


@pytest.mark.parametrize("etag", ["*", "current", "bare"])
async def test_if_match_takes_the_etag_in_each_form(cloud: Cloud, etag: str) -> None:
    found = await cloud.network(a="10.1.0.0/24")
    value = {"*": "*", "current": found["etag"], "bare": found["etag"].removeprefix("W/").strip('"')}[etag]
    body = {"properties": {"addressPrefix": "10.1.0.0/25"}}
    answer = await cloud.call("PUT", "virtualNetworks/v/subnets/a", body, headers={"If-Match": value})
    assert answer.status == 200
    stale = {"If-Match": found["etag"]}
    assert (await cloud.call("DELETE", "virtualNetworks/v/subnets/a", headers=stale)).status == 412


async def test_if_none_match_creates_only(cloud: Cloud) -> None:
    headers = {"If-None-Match": "*"}
    body = {"location": LOCATION}
    assert (await cloud.call("PUT", "routeTables/t", body, headers=headers)).status == 201
    assert (await cloud.call("PUT", "routeTables/t", body, headers=headers)).status == 412


async def test_lists_are_of_the_group_or_of_the_subscription(cloud: Cloud) -> None:
    other = f"/subscriptions/{cloud.arm.subscription_id}/resourceGroups/other"
    await cloud.arm.call("PUT", other, {"location": LOCATION})
    await cloud.put("routeTables/here")
    await cloud.put(f"{other}/providers/Microsoft.Network/routeTables/there")
    mine = (await cloud.call("GET", "routeTables")).body
    assert [one["name"] for one in mine["value"]] == ["here"]
    assert "nextLink" not in mine
    everywhere = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/routeTables"
    assert {one["name"] for one in (await cloud.call("GET", everywhere)).body["value"]} == {"here", "there"}


async def test_lists_are_in_the_order_of_names(cloud: Cloud) -> None:
    for name in ("b", "C", "a"):
        await cloud.put(f"routeTables/{name}")
    assert [one["name"] for one in (await cloud.call("GET", "routeTables")).body["value"]] == ["a", "b", "C"]


async def test_a_resource_group_goes_with_networks_that_hang_together(cloud: Cloud) -> None:
    await cloud.put("networkSecurityGroups/g")
    await cloud.network(a="10.1.0.0/24")
    inner = {"addressPrefix": "10.1.0.0/24", "networkSecurityGroup": cloud.ref("networkSecurityGroups/g")}
    subnet = (await cloud.put("virtualNetworks/v/subnets/a", inner))["id"]
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [frontend("f", subnet)]}, sku={"name": "Standard"})
    await cloud.put("privateEndpoints/e", {"subnet": {"id": subnet}})
    answer = await cloud.arm.call("DELETE", cloud.arm.group)
    assert (await cloud.arm.poll(str(header(answer, "Location")))).status == 200
    assert cloud.arm.store.find(under=cloud.arm.group) == []
