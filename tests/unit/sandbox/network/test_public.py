# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public IP prefixes, the addresses from them, and what a delegation allows."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from unit.sandbox.network.cloud import LOCATION, Cloud

STATIC = {"publicIPAllocationMethod": "Static"}
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"


async def test_addresses_come_from_their_prefix(cloud: Cloud) -> None:
    found = (await cloud.put("publicIPPrefixes/p", {"prefixLength": 31}))["properties"]
    whole = ip_network(found["ipPrefix"])
    other = (await cloud.put("publicIPPrefixes/q", {}))["properties"]
    assert (other["prefixLength"], ip_network(other["ipPrefix"]).overlaps(whole)) == (28, False)
    from_it = {**STATIC, "publicIPPrefix": cloud.ref("publicIPPrefixes/p")}
    for name in ("a", "b"):
        made = await cloud.put(f"publicIPAddresses/{name}", from_it, sku={"name": "Standard"})
        assert ip_address(made["properties"]["ipAddress"]) in whole
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": from_it}
    assert (await cloud.refused("PUT", "publicIPAddresses/c", body))[1] == "PublicIpPrefixOutOfIpAddresses"
    users = (await cloud.get("publicIPPrefixes/p"))["properties"]["publicIPAddresses"]
    assert [one["id"].rpartition("/")[2] for one in users] == ["a", "b"]
    assert (await cloud.refused("DELETE", "publicIPPrefixes/p"))[1] == "InUsePublicIpPrefixCannotBeDeleted"


async def test_a_basic_address_becomes_standard_while_nothing_uses_it(cloud: Cloud) -> None:
    made = await cloud.put("publicIPAddresses/a", STATIC, sku={"name": "Basic"})
    upgraded = await cloud.put("publicIPAddresses/a", STATIC, sku={"name": "Standard"})
    assert upgraded["sku"]["name"] == "Standard"
    assert upgraded["properties"]["ipAddress"] == made["properties"]["ipAddress"]
    back = {"location": LOCATION, "sku": {"name": "Basic"}, "properties": STATIC}
    assert (await cloud.refused("PUT", "publicIPAddresses/a", back))[1] == "PublicIPAddressSkuCannotBeChanged"
    await cloud.put("publicIPAddresses/b", STATIC, sku={"name": "Basic"})
    front = {"name": "f", "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/b")}}
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [front]}, sku={"name": "Basic"})
    used = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": STATIC}
    assert (await cloud.refused("PUT", "publicIPAddresses/b", used))[1] == "PublicIPAddressSkuCannotBeChanged"


@pytest.mark.parametrize(("version", "length"), [("IPv4", 32), ("IPv4", 20), ("IPv6", 123), ("IPv6", 128)])
async def test_lengths_of_prefixes(cloud: Cloud, version: str, length: int) -> None:
    body = {"location": LOCATION, "properties": {"prefixLength": length, "publicIPAddressVersion": version}}
    assert (await cloud.refused("PUT", "publicIPPrefixes/p", body))[1] == "PublicIPPrefixInvalidPrefixLength"
    body["properties"] = {"publicIPAddressVersion": version}
    first = await cloud.put("publicIPPrefixes/p", body["properties"])
    again = await cloud.put("publicIPPrefixes/p", first["properties"])
    assert again["properties"]["ipPrefix"] == first["properties"]["ipPrefix"]


async def test_a_plan_shows_what_it_protects(cloud: Cloud) -> None:
    await cloud.put("ddosProtectionPlans/p")
    space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}
    protected = {"enableDdosProtection": True, "ddosProtectionPlan": cloud.ref("ddosProtectionPlans/p")}
    await cloud.put("virtualNetworks/v", {**space, **protected})
    found = (await cloud.get("ddosProtectionPlans/p"))["properties"]
    assert found["virtualNetworks"] == [cloud.ref("virtualNetworks/v")]
    assert (await cloud.refused("DELETE", "ddosProtectionPlans/p"))[1] == "DdosProtectionPlanInUseCannotBeDeleted"


@pytest.mark.parametrize(
    ("service", "actions"),
    [
        ("Microsoft.Web/serverFarms", [f"{SUBNETS}/action"]),
        ("Microsoft.ApiManagement/service", [f"{SUBNETS}/join/action"]),
        ("Oracle.Database/networkAttachments", ["Microsoft.Network/networkinterfaces/*", f"{SUBNETS}/join/action"]),
        (
            "Microsoft.Databricks/workspaces",
            [f"{SUBNETS}/{word}/action" for word in ("join", "prepareNetworkPolicies", "unprepareNetworkPolicies")],
        ),
    ],
)
async def test_what_a_delegation_allows(cloud: Cloud, service: str, actions: list[str]) -> None:
    """As azurerm's acceptance tests want them back (TestAccSubnet_delegation, _updateServiceDelegation)."""
    await cloud.network()
    delegation = {"name": "d", "properties": {"serviceName": service}}
    made = await cloud.put("virtualNetworks/v/subnets/s", {"addressPrefix": "10.1.0.0/24", "delegations": [delegation]})
    assert made["properties"]["delegations"][0]["properties"]["actions"] == actions
