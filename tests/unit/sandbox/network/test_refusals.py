# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad requests, and what Azure says to them."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, frontend, rule

SPACE = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}


def subnet(**more: Any) -> dict[str, Any]:
    """The body of a subnet."""
    return {"properties": {"addressPrefix": "10.1.2.0/24"} | more}


SUBNETS: dict[str, tuple[dict[str, Any], str, str]] = {
    "overlapping": (
        subnet(addressPrefix="10.1.0.128/25"),
        "NetcfgSubnetRangesOverlap",
        (
            "Subnet 'new' is not valid because its IP address range overlaps with that of an "
            "existing subnet in virtual "
            "network 'v'."
        ),
    ),
    "outside": (
        subnet(addressPrefix="10.2.0.0/24"),
        "NetcfgSubnetRangeOutsideVnet",
        (
            "Subnet 'new' is not valid because its IP address range is outside the IP address range of virtual network "
            "'v'."
        ),
    ),
    "too small": (
        subnet(addressPrefix="10.1.2.0/30"),
        "NetcfgInvalidSubnet",
        "Subnet 'new' is not valid in virtual network 'v'.",
    ),
    "no range": ({"properties": {}}, "NetcfgInvalidSubnet", "Subnet 'new' is not valid in virtual network 'v'."),
    "no length": (
        subnet(addressPrefix="10.1.2.0"),
        "InvalidAddressPrefixFormat",
        (
            "Address prefix 10.1.2.0 of resource ~/virtualNetworks/v/subnets/new is not formatted correctly. It should "
            "follow CIDR notation, for example 10.0.0.0/24."
        ),
    ),
    "host bits": (
        subnet(addressPrefix="10.1.2.5/24"),
        "InvalidCIDRNotation",
        (
            "The address prefix 10.1.2.5/24 in resource ~/virtualNetworks/v/subnets/new has an "
            "invalid CIDR notation. For "
            "the given prefix length, the address prefix should be 10.1.2.0/24."
        ),
    ),
    "missing group": (
        subnet(networkSecurityGroup={"id": "~/networkSecurityGroups/none"}),
        "InvalidResourceReference",
        (
            "Resource ~/networkSecurityGroups/none referenced by resource "
            "~/virtualNetworks/v/subnets/new was not found. "
            "Please make sure that the referenced resource exists, and that both resources are in the same region."
        ),
    ),
    "group of another region": (
        subnet(networkSecurityGroup={"id": "~/networkSecurityGroups/far"}),
        "InvalidResourceReference",
        (
            "Resource ~/networkSecurityGroups/far referenced by resource "
            "~/virtualNetworks/v/subnets/new was not found. "
            "Please make sure that the referenced resource exists, and that both resources are in the same region."
        ),
    ),
    "no id": (
        subnet(routeTable={"id": "table"}),
        "LinkedInvalidPropertyId",
        (
            "Property id 'table' at path 'properties.routeTable.id' is invalid. Expect fully "
            "qualified resource Id that "
            "start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'."
        ),
    ),
    "no reference": (
        subnet(routeTable={"name": "t"}),
        "MissingJsonReferenceId",
        "Value for reference id is missing. Path properties.routeTable.",
    ),
    "wrong kind": (subnet(addressPrefixes="10.1.2.0/24"), "InvalidRequestFormat", "Cannot parse the request."),
    "wrong enumeration": (
        subnet(privateEndpointNetworkPolicies="Perhaps"),
        "InvalidRequestFormat",
        "Cannot parse the request.",
    ),
    "two ranges in two ways": (
        subnet(addressPrefixes=["10.1.3.0/24"]),
        "InvalidSubnetConfiguration",
        (
            "Invalid configuration on subnet ~/virtualNetworks/v/subnets/new; cannot populate both address prefix and "
            "address prefixes."
        ),
    ),
}


@pytest.mark.parametrize("case", SUBNETS)
async def test_subnets(cloud: Cloud, case: str) -> None:
    await cloud.network(old="10.1.0.0/24")
    await cloud.put("networkSecurityGroups/far", location="eastus")
    body, code, message = SUBNETS[case]
    inner = {
        key: {"id": value["id"].replace("~", cloud.home)} if isinstance(value, dict) and "id" in value else value
        for key, value in body["properties"].items()
    }
    answer = await cloud.call("PUT", "virtualNetworks/v/subnets/new", {"properties": inner})
    assert answer.status == 400
    assert answer.body["error"]["code"] == code
    assert answer.body["error"]["message"] == message.replace("~", cloud.home)
    # What the provider says has details, what ARM says has none.
    assert ("details" in answer.body["error"]) == (header(answer, "x-ms-failure-cause") is None)


async def test_an_unknown_delegation_is_answered_with_the_known_ones(cloud: Cloud) -> None:
    await cloud.network()
    delegation = {"name": "d", "properties": {"serviceName": "Microsoft.Sql/servers"}}
    answer = await cloud.refused("PUT", "virtualNetworks/v/subnets/new", subnet(delegations=[delegation]))
    assert answer[:2] == (400, "InvalidServiceNameOnDelegation")
    where = cloud.id("virtualNetworks/v/subnets/new/delegations/d")
    start = f"The service name Microsoft.Sql/servers specified on delegation {where} is not valid. Valid value(s) are: "
    assert answer[2].startswith(start)
    assert {"Microsoft.Web/serverFarms", "Microsoft.Web/hostingEnvironments"} <= set(
        answer[2].removeprefix(start).rstrip(".").split(",")
    )


async def test_a_range_with_somebody_in_it_stays(cloud: Cloud) -> None:
    await cloud.network(s="10.1.0.0/24")
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))]}
    await cloud.put("loadBalancers/l", inner, sku={"name": "Standard"})
    answer = await cloud.refused("PUT", "virtualNetworks/v/subnets/s", subnet())
    message = "IpPrefix 10.1.0.0/24 on Subnet s has active allocations and cannot be deleted."
    assert answer == (400, "InUsePrefixCannotBeDeleted", message)


async def test_an_address_space_holds_its_subnets(cloud: Cloud) -> None:
    await cloud.network(s="10.1.9.0/24")
    parts = [{"name": "s", "properties": {"addressPrefix": "10.1.9.0/24"}}]
    shrunk = {"addressSpace": {"addressPrefixes": ["10.1.0.0/21"]}, "subnets": parts}
    body = {"location": LOCATION, "properties": shrunk}
    assert (await cloud.refused("PUT", "virtualNetworks/v", body))[:2] == (400, "NetcfgSubnetRangeOutsideVnet")


@pytest.mark.parametrize("prefix", ["224.0.0.0/8", "169.254.0.0/16", "127.0.0.0/8", "168.63.129.0/24"])
async def test_address_spaces_that_azure_keeps(cloud: Cloud, prefix: str) -> None:
    body = {"location": LOCATION, "properties": {"addressSpace": {"addressPrefixes": [prefix]}}}
    assert (await cloud.refused("PUT", "virtualNetworks/v", body))[0] == 400


async def test_a_network_without_address_space(cloud: Cloud) -> None:
    assert (await cloud.refused("PUT", "virtualNetworks/v", {"location": LOCATION}))[0] == 400


async def test_a_subnet_of_no_network(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "virtualNetworks/none/subnets/s", subnet())
    assert (answer.status, answer.body["error"]["code"]) == (404, "ParentResourceNotFound")
    assert (await cloud.call("GET", "virtualNetworks/none/subnets")).status == 404


@pytest.mark.parametrize("body", [None, [1], "text"])
async def test_bodies_that_are_no_objects(cloud: Cloud, body: Any) -> None:
    assert (await cloud.refused("PUT", "routeTables/t", body))[0] == 400


async def test_a_body_that_is_no_json(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "routeTables/t", raw=b"{")
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidRequestContent")


async def test_wrong_values_are_named_by_their_path(cloud: Cloud) -> None:
    rules = [rule("a", 100), {"name": "b", "properties": {"priority": "high"}}]
    body = {"location": LOCATION, "properties": {"securityRules": rules}}
    answer = await cloud.call("PUT", "networkSecurityGroups/g", body)
    detail = answer.body["error"]["details"][0]
    assert detail["code"] == "InvalidJson"
    assert "Path 'properties.securityRules[1].properties.priority'" in detail["message"]


async def test_names(cloud: Cloud) -> None:
    status, code, message = await cloud.refused("PUT", "routeTables/-x", {"location": LOCATION})
    assert (status, code) == (400, "InvalidResourceName")
    assert message.startswith("Resource name -x is invalid.")
    twins = {"securityRules": [rule("a", 100), rule("A", 200)]}
    body = {"location": LOCATION, "properties": twins}
    assert (await cloud.refused("PUT", "networkSecurityGroups/g", body))[:2] == (400, "DuplicateResourceName")


RULES: dict[str, tuple[dict[str, Any], str, str]] = {
    "priority": (
        {"priority": 99},
        "SecurityRuleInvalidPriority",
        "Security rule has invalid Priority. Value provided: 99. Allowed range 100-4096.",
    ),
    "port": (
        {"destinationPortRange": "636, 389"},
        "SecurityRuleInvalidPortRange",
        (
            "Security rule has invalid Port range. Value provided: 636, 389. Value should be an "
            "integer OR integer range "
            "with '-' delimiter. Valid range 0-65535."
        ),
    ),
    "range": ({"destinationPortRange": "90-80"}, "SecurityRuleInvalidPortRange", ""),
    "prefix": (
        {"sourceAddressPrefix": "50.206.209.68/27"},
        "SecurityRuleInvalidAddressPrefix",
        (
            "Security rule ~/networkSecurityGroups/g/securityRules/new has invalid Address prefix. Value provided: "
            "50.206.209.68/27"
        ),
    ),
    "protocol": ({"protocol": "Sctp"}, "SecurityRuleInvalidProtocol", ""),
    "nothing": ({"sourceAddressPrefix": None}, "SecurityRuleMissingParameters", ""),
    "both": ({"destinationPortRanges": ["80"]}, "SecurityRuleParameterConflict", ""),
    "conflict": (
        {"priority": 100},
        "SecurityRuleConflict",
        (
            "Security rule old conflicts with rule new. Rules cannot have the same Priority and "
            "Direction. To learn more, "
            "see aka.ms/nsgrules."
        ),
    ),
}


@pytest.mark.parametrize("case", RULES)
async def test_security_rules(cloud: Cloud, case: str) -> None:
    await cloud.put("networkSecurityGroups/g", {"securityRules": [rule("old", 100)]})
    change, code, message = RULES[case]
    body = {"properties": rule("new", 200)["properties"] | change}
    answer = await cloud.refused("PUT", "networkSecurityGroups/g/securityRules/new", body)
    assert answer[:2] == (400, code)
    assert not message or answer[2] == message.replace("~", cloud.home)


@pytest.mark.parametrize(
    ("kind", "hops", "fine"),
    [
        ("Internet", {}, True),
        ("VirtualAppliance", {"nextHopIpAddress": "10.0.0.4"}, True),
        ("VirtualAppliance", {}, False),
        ("Internet", {"nextHopIpAddress": "10.0.0.4"}, False),
        ("VirtualApplianceEcmp", {"nextHop": {"nextHopIpAddresses": ["10.0.0.4", "10.0.0.5"]}}, True),
        ("VirtualApplianceEcmp", {"nextHop": {"nextHopIpAddresses": ["10.0.0.4"]}}, False),
        ("VirtualApplianceEcmp", {}, False),
        ("Internet", {"nextHop": {"nextHopIpAddresses": ["10.0.0.4", "10.0.0.5"]}}, False),
    ],
)
async def test_routes_have_the_hops_of_their_kind(cloud: Cloud, kind: str, hops: dict[str, Any], fine: bool) -> None:
    """(SDK: RoutePropertiesFormat, RouteNextHopEcmp.)"""
    route = {"name": "r", "properties": {"addressPrefix": "10.9.0.0/16", "nextHopType": kind, **hops}}
    body = {"location": "westeurope", "properties": {"routes": [route]}}
    if fine:
        await cloud.put("routeTables/t", {"routes": [route]})
    else:
        answer = await cloud.refused("PUT", "routeTables/t", body)
        assert answer[:2] == (400, "RouteNextHopIpAddressMismatch")


@pytest.mark.parametrize("end", ["source", "destination"])
async def test_rules_name_application_groups_that_exist(cloud: Cloud, end: str) -> None:
    """In words that other missing references are refused with."""
    missing = cloud.id("applicationSecurityGroups/none")
    change = {f"{end}AddressPrefix": None, f"{end}ApplicationSecurityGroups": [{"id": missing}]}
    rules = [{"name": "a", "properties": rule("a", 100)["properties"] | change}]
    body = {"location": LOCATION, "properties": {"securityRules": rules}}
    status, code, message = await cloud.refused("PUT", "networkSecurityGroups/g", body)
    assert (status, code) == (400, "InvalidResourceReference") and message.startswith(f"Resource {missing} referenced")
    await cloud.put("applicationSecurityGroups/none")
    await cloud.put("networkSecurityGroups/g", {"securityRules": rules})


async def test_rules_of_two_directions_may_have_one_priority(cloud: Cloud) -> None:
    rules = [rule("in", 100), rule("out", 100, direction="Outbound")]
    await cloud.put("networkSecurityGroups/g", {"securityRules": rules})


@pytest.mark.parametrize("properties", [{}, {"publicIPAllocationMethod": "Dynamic"}])
async def test_standard_public_addresses_are_static(cloud: Cloud, properties: dict[str, Any]) -> None:
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": properties}
    answer = await cloud.refused("PUT", "publicIPAddresses/p", body)
    message = f"Standard sku publicIp {cloud.id('publicIPAddresses/p')} must have AllocationMethod set to Static."
    assert answer == (400, "StandardSkuPublicIPAddressesMustBeStatic", message)


async def test_a_dns_label_belongs_to_one_address(cloud: Cloud) -> None:
    label = {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "web"}}
    found = await cloud.put("publicIPAddresses/a", label, sku={"name": "Standard"})
    assert found["properties"]["dnsSettings"]["fqdn"] == "web.westeurope.cloudapp.azure.com"
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": label}
    message = "DNS record web.westeurope.cloudapp.azure.com is already used by another public IP."
    assert await cloud.refused("PUT", "publicIPAddresses/b", body) == (400, "DnsRecordInUse", message)
    assert (await cloud.call("PUT", "publicIPAddresses/b", {**body, "location": "eastus"})).status == 201


async def test_load_balancer_and_public_address_have_one_sku(cloud: Cloud) -> None:
    await cloud.put("publicIPAddresses/p")
    inner = {"name": "f", "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/p")}}
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": {"frontendIPConfigurations": [inner]}}
    assert (await cloud.refused("PUT", "loadBalancers/l", body))[:2] == (400, "PublicIPAndLBSkuDoNotMatch")


async def test_a_public_address_stays_in_its_zones(cloud: Cloud) -> None:
    static, standard = {"publicIPAllocationMethod": "Static"}, {"name": "Standard"}
    await cloud.put("publicIPAddresses/zonal", static, sku=standard, zones=["2", "1"])
    await cloud.put("publicIPAddresses/zonal", static, sku=standard, zones=["1", "2"])
    await cloud.put("publicIPAddresses/regional", static, sku=standard)
    for name, zones, said in (
        ("zonal", ["1"], "constraint 1, 2 and the request has availability zone constraint 1,"),
        ("zonal", None, "constraint 1, 2 and the request has availability zone constraint NoZone,"),
        ("regional", ["1"], "constraint NoZone and the request has availability zone constraint 1,"),
    ):
        body = {"location": LOCATION, "sku": standard, "properties": static, **({"zones": zones} if zones else {})}
        status, code, message = await cloud.refused("PUT", f"publicIPAddresses/{name}", body)
        assert (status, code) == (400, "ResourceAvailabilityZonesCannotBeModified")
        assert said in message


async def test_a_public_address_has_one_holder(cloud: Cloud) -> None:
    await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku={"name": "Standard"})
    gateway = {"publicIpAddresses": [cloud.ref("publicIPAddresses/p")]}
    await cloud.put("natGateways/a", gateway, sku={"name": "Standard"})
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": gateway}
    a, b, p = (cloud.id(path) for path in ("natGateways/a", "natGateways/b", "publicIPAddresses/p"))
    message = f"Resource {b} is referencing public IP address {p} that is already allocated to resource {a}."
    assert await cloud.refused("PUT", "natGateways/b", body) == (400, "PublicIPAddressInUse", message)


async def test_a_load_balancer_cannot_refer_to_what_it_lacks(cloud: Cloud) -> None:
    await cloud.network(s="10.1.0.0/24")
    missing = cloud.id("loadBalancers/l/backendAddressPools/none")
    inner = {
        "frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))],
        "loadBalancingRules": [{"name": "r", "properties": {"protocol": "Tcp", "backendAddressPool": {"id": missing}}}],
    }
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": inner}
    status, code, message = await cloud.refused("PUT", "loadBalancers/l", body)
    assert (status, code) == (400, "InvalidResourceReference")
    assert message.startswith(f"Resource {missing} referenced by resource {cloud.id('loadBalancers/l')} was not found.")


async def test_a_frontend_in_a_subnet_that_does_not_exist(cloud: Cloud) -> None:
    await cloud.network()
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/none"))]}
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": inner}
    assert (await cloud.refused("PUT", "loadBalancers/l", body))[:2] == (400, "InvalidResourceReference")


async def test_unknown_types_and_actions(cloud: Cloud) -> None:
    assert (await cloud.refused("GET", "unicorns"))[:2] == (404, "InvalidResourceType")
    assert (await cloud.refused("PUT", "unicorns/u", {}))[:2] == (404, "InvalidResourceType")
    await cloud.network()
    assert (await cloud.refused("POST", "virtualNetworks/v/dance"))[:2] == (404, "InvalidResourceType")
    assert (await cloud.refused("PUT", "virtualNetworks/v/subnets/s/delegations/d", {}))[0] == 404
    assert (await cloud.refused("POST", "virtualNetworks/v"))[0] == 405


@pytest.mark.parametrize(
    "hops",
    [
        {"nextHopType": "VirtualAppliance", "nextHopIpAddress": "nonsense"},
        {"nextHopType": "VirtualApplianceEcmp", "nextHop": {"nextHopIpAddresses": ["10.0.0.4", "10.0.0.256"]}},
    ],
)
async def test_next_hops_are_addresses(cloud: Cloud, hops: dict[str, Any]) -> None:
    route = {"name": "r", "properties": {"addressPrefix": "10.9.0.0/16", **hops}}
    body = {"location": "westeurope", "properties": {"routes": [route]}}
    answer = await cloud.refused("PUT", "routeTables/t", body)
    assert answer[:2] == (400, "InvalidNextHopIpAddress")


async def test_a_table_has_one_route_to_each_prefix(cloud: Cloud) -> None:
    """(Microsoft Learn: manage-route-table.)"""
    routes = [
        {"name": name, "properties": {"addressPrefix": "10.9.0.0/16", "nextHopType": kind}}
        for name, kind in (("a", "Internet"), ("b", "None"))
    ]
    answer = await cloud.refused("PUT", "routeTables/t", {"location": "westeurope", "properties": {"routes": routes}})
    assert answer[0] == 400 and "same address prefix" in answer[2]
    await cloud.put("routeTables/t", {"routes": routes[:1]})
