# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked beside reading and writing."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, Json, frontend, rule

STANDARD = {"name": "Standard"}


async def asked(cloud: Cloud, path: str, body: object = None) -> Json | None:
    """The result of an action that is an operation."""
    answer = await cloud.call("POST", path, body)
    assert answer.status == 202, answer.body
    assert (await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body == {"status": "Succeeded"}
    result = await cloud.arm.poll(str(header(answer, "Location")))
    assert result.status in (200, 204)
    found: Json | None = result.body
    return found


@pytest.fixture(autouse=True)
async def balancer(cloud: Cloud) -> None:
    """A subnet 10.1.0.0/29 with a load balancer in it."""
    await cloud.network(s="10.1.0.0/29")
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))]}
    await cloud.put("loadBalancers/l", inner, sku=STANDARD)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.0.5", {"available": True, "isPlatformReserved": False}),
        (
            "10.1.0.4",
            {"available": False, "availableIPAddresses": ["10.1.0.5", "10.1.0.6"], "isPlatformReserved": False},
        ),
        (
            "10.1.0.1",
            {"available": False, "availableIPAddresses": ["10.1.0.5", "10.1.0.6"], "isPlatformReserved": True},
        ),
        ("10.9.0.4", {"available": False, "availableIPAddresses": [], "isPlatformReserved": False}),
    ],
)
async def test_whether_an_address_is_free(cloud: Cloud, address: str, expected: Json) -> None:
    answer = await cloud.call("GET", f"virtualNetworks/v/CheckIPAddressAvailability?ipAddress={address}")
    assert (answer.status, answer.body) == (200, expected)


async def test_whether_nonsense_is_free(cloud: Cloud) -> None:
    assert (await cloud.refused("GET", "virtualNetworks/v/CheckIPAddressAvailability?ipAddress=x"))[0] == 400


async def test_how_full_subnets_are(cloud: Cloud) -> None:
    answer = await cloud.call("GET", "virtualNetworks/v/usages")
    assert answer.body["value"] == [
        {
            "id": cloud.id("virtualNetworks/v/subnets/s"),
            "name": {"localizedValue": "Subnet size and usage", "value": "SubnetSpace"},
            "currentValue": 1,
            "limit": 3,
            "unit": "Count",
        }
    ]


async def test_network_policies(cloud: Cloud) -> None:
    for word in ("PrepareNetworkPolicies", "UnprepareNetworkPolicies"):
        body = {"serviceName": "Microsoft.Sql/managedInstances"}
        assert await asked(cloud, f"virtualNetworks/v/subnets/s/{word}", body) is None


async def test_ddos_status(cloud: Cloud) -> None:
    assert await asked(cloud, "virtualNetworks/v/ddosProtectionStatus") == {"value": []}
    pip = await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku=STANDARD)
    assert await asked(cloud, "publicIPAddresses/p/ddosProtectionStatus") == {
        "publicIpAddressId": pip["id"],
        "publicIpAddress": pip["properties"]["ipAddress"],
        "isWorkloadProtected": "False",
    }


async def test_pools_of_addresses(cloud: Cloud) -> None:
    pools = [{"name": "a"}, {"name": "b"}]
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))]}
    await cloud.put("loadBalancers/l", {**inner, "backendAddressPools": pools}, sku=STANDARD)
    answer = await cloud.call("POST", "loadBalancers/l/migrateToIpBased", {"pools": ["a", "b"]})
    assert (answer.status, answer.body) == (200, {"migratedPools": ["a", "b"]})
    assert (await cloud.refused("POST", "loadBalancers/l/migrateToIpBased", {"pools": ["c"]}))[0] == 404


async def test_ports_of_inbound_nat_rules(cloud: Cloud) -> None:
    lb = cloud.id("loadBalancers/l")
    members = [{"name": name, "properties": {"ipAddress": f"10.1.0.{n}"}} for n, name in ((5, "x"), (6, "y"))]
    fields = {
        "protocol": "Tcp",
        "backendPort": 22,
        "frontendPortRangeStart": 500,
        "frontendPortRangeEnd": 600,
        "frontendIPConfiguration": {"id": f"{lb}/frontendIPConfigurations/f"},
        "backendAddressPool": {"id": f"{lb}/backendAddressPools/p"},
    }
    inner = {
        "frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))],
        "backendAddressPools": [{"name": "p", "properties": {"loadBalancerBackendAddresses": members}}],
        "inboundNatRules": [{"name": "ssh", "properties": fields}],
    }
    await cloud.put("loadBalancers/l", inner, sku=STANDARD)
    path = "loadBalancers/l/backendAddressPools/p/queryInboundNatRulePortMapping"
    mapping = {"inboundNatRuleName": "ssh", "frontendPort": 501, "backendPort": 22, "protocol": "Tcp"}
    assert await asked(cloud, path, {"ipAddress": "10.1.0.6"}) == {"inboundNatRulePortMappings": [mapping]}


async def test_frontends_change_their_public_addresses(cloud: Cloud) -> None:
    for name in ("p", "q"):
        await cloud.put(f"publicIPAddresses/{name}", {"publicIPAllocationMethod": "Static"}, sku=STANDARD)
    inner = {"name": "f", "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/p")}}
    await cloud.put("loadBalancers/pub", {"frontendIPConfigurations": [inner]}, sku=STANDARD)
    front = cloud.ref("loadBalancers/pub/frontendIPConfigurations/f")
    wanted = {**front, "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/q")}}
    body = {"loadBalancers": [{**cloud.ref("loadBalancers/pub"), "properties": {"frontendIPConfigurations": [wanted]}}]}
    place = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/{LOCATION}"
    await asked(cloud, f"{place}/setLoadBalancerFrontendPublicIpAddresses", body)
    assert (await cloud.get("publicIPAddresses/q"))["properties"]["ipConfiguration"] == front
    assert "ipConfiguration" not in (await cloud.get("publicIPAddresses/p"))["properties"]


async def test_what_acts_on_an_interface(cloud: Cloud) -> None:
    await cloud.put("networkSecurityGroups/g", {"securityRules": [rule("web", 100)]})
    routes = [{"name": "all", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}}]
    await cloud.put("routeTables/t", {"routes": routes})
    links = {
        "networkSecurityGroup": cloud.ref("networkSecurityGroups/g"),
        "routeTable": cloud.ref("routeTables/t"),
    }
    await cloud.put("virtualNetworks/v/subnets/s", {"addressPrefix": "10.1.0.0/29", **links})
    inner = {"subnet": cloud.ref("virtualNetworks/v/subnets/s")}
    await cloud.put("networkInterfaces/n", {"ipConfigurations": [{"name": "c", "properties": inner}]})
    groups = await asked(cloud, "networkInterfaces/n/effectiveNetworkSecurityGroups")
    assert groups is not None
    names = [one["name"] for one in groups["value"][0]["effectiveSecurityRules"]]
    assert names[0] == "securityRules/web" and len(names) == 7
    found = await asked(cloud, "networkInterfaces/n/effectiveRouteTable")
    assert found is not None
    assert [one["source"] for one in found["value"]] == ["Default", "User", "Default"]


async def test_what_a_region_offers(cloud: Cloud) -> None:
    place = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/West Europe".replace(
        " ", "%20"
    )
    offered = (await cloud.call("GET", f"{place}/availableDelegations")).body["value"]
    assert "Microsoft.Web/serverFarms" in {one["serviceName"] for one in offered}
    label = {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "web"}}
    await cloud.put("publicIPAddresses/p", label, sku=STANDARD)
    for name, free in (("web", False), ("other", True)):
        answer = await cloud.call("GET", f"{place}/CheckDnsNameAvailability?domainNameLabel={name}")
        assert answer.body == {"available": free}
    counts = {
        one["name"]["value"]: one["currentValue"] for one in (await cloud.call("GET", f"{place}/usages")).body["value"]
    }
    assert (counts["VirtualNetworks"], counts["LoadBalancers"], counts["RouteTables"]) == (1, 1, 0)
