# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that Azure gave, word by word (recordings of cloud-provider-azure's azclient, api-version 2025-05-01)."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import Cloud
from unit.sandbox.network.recordings import E_TAG, announced, blank

VNET = {
    "name": "v",
    "id": "~/virtualNetworks/v",
    "etag": E_TAG,
    "type": "Microsoft.Network/virtualNetworks",
    "location": "eastus",
    "properties": {
        "provisioningState": "Updating",
        "resourceGuid": "0",
        "addressSpace": {"addressPrefixes": ["10.1.0.0/16"]},
        "privateEndpointVNetPolicies": "Disabled",
        "subnets": [],
        "virtualNetworkPeerings": [],
        "enableDdosProtection": False,
    },
}
SUBNET: dict[str, Any] = {
    "name": "s",
    "id": "~/virtualNetworks/v/subnets/s",
    "etag": E_TAG,
    "properties": {
        "provisioningState": "Updating",
        "addressPrefix": "10.1.0.0/24",
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    },
    "type": "Microsoft.Network/virtualNetworks/subnets",
}
SPACE = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}


async def test_a_virtual_network_is_created(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "virtualNetworks/v", {"location": "eastus", "properties": SPACE})
    assert answer.status == 201
    assert blank(answer.body, cloud.home) == VNET
    assert header(answer, "Azure-AsyncNotification") == "Enabled"
    assert header(answer, "ETag") is None and header(answer, "Retry-After") is None
    announced(answer)


async def test_a_subnet_is_created_read_listed_and_written_again(cloud: Cloud) -> None:
    await cloud.put("virtualNetworks/v", SPACE, location="eastus")
    answer = await cloud.call("PUT", "virtualNetworks/v/subnets/s", {"properties": {"addressPrefix": "10.1.0.0/24"}})
    assert (answer.status, blank(answer.body, cloud.home)) == (201, SUBNET)
    announced(answer)
    await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))
    ready = {**SUBNET, "properties": {**SUBNET["properties"], "provisioningState": "Succeeded"}}
    read = await cloud.call("GET", "virtualNetworks/v/subnets/s")
    assert blank(read.body, cloud.home) == ready
    assert header(read, "ETag") == read.body["etag"]
    listed = await cloud.call("GET", "virtualNetworks/v/subnets")
    assert blank(listed.body, cloud.home) == {"value": [ready]}
    assert header(listed, "ETag") is None
    again = await cloud.call("PUT", "virtualNetworks/v/subnets/s", {"properties": {"addressPrefix": "10.1.0.0/24"}})
    assert (again.status, blank(again.body, cloud.home)) == (200, ready)
    announced(again)


async def test_a_security_group_has_six_rules_of_its_own(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "networkSecurityGroups/g", {"location": "eastus"})
    body = blank(answer.body, cloud.home)
    assert set(body["properties"]) == {"provisioningState", "resourceGuid", "securityRules", "defaultSecurityRules"}
    rules = body["properties"]["defaultSecurityRules"]
    assert [(one["name"], one["properties"]["priority"]) for one in rules] == [
        ("AllowVnetInBound", 65000),
        ("AllowAzureLoadBalancerInBound", 65001),
        ("DenyAllInBound", 65500),
        ("AllowVnetOutBound", 65000),
        ("AllowInternetOutBound", 65001),
        ("DenyAllOutBound", 65500),
    ]
    assert rules[0] == {
        "name": "AllowVnetInBound",
        "id": "~/networkSecurityGroups/g/defaultSecurityRules/AllowVnetInBound",
        "etag": E_TAG,
        "type": "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
        "properties": {
            "provisioningState": "Updating",
            "description": "Allow inbound traffic from all VMs in VNET",
            "protocol": "*",
            "sourcePortRange": "*",
            "destinationPortRange": "*",
            "sourceAddressPrefix": "VirtualNetwork",
            "destinationAddressPrefix": "VirtualNetwork",
            "access": "Allow",
            "priority": 65000,
            "direction": "Inbound",
            "sourcePortRanges": [],
            "destinationPortRanges": [],
            "sourceAddressPrefixes": [],
            "destinationAddressPrefixes": [],
        },
    }


@pytest.mark.parametrize("path", ["virtualNetworks/v", "networkSecurityGroups/g"])
async def test_a_wrong_etag_is_refused(cloud: Cloud, path: str) -> None:
    await cloud.put(path, SPACE, location="eastus")
    etag = (await cloud.get(path))["etag"]
    body = {"etag": "invalid", "location": "eastus", "properties": SPACE}
    answer = await cloud.call("PUT", path, body, headers={"If-Match": "invalid"})
    message = (
        f'Etag provided in if-match header W/"invalid" does not match etag {etag} of resource {cloud.id(path)} in NRP '
        "data store."
    )
    assert answer.status == 412
    assert answer.body == {
        "error": {
            "code": "PreconditionFailed",
            "message": "Precondition failed.",
            "details": [{"code": "PreconditionFailedEtagMismatch", "message": message}],
        }
    }
    right = await cloud.call("PUT", path, body, headers={"If-Match": etag})
    assert right.status == 200


async def test_a_route_table_without_wishes(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "routeTables/t", {"location": "eastus"})
    assert blank(answer.body["properties"], cloud.home) == {
        "provisioningState": "Updating",
        "resourceGuid": "0",
        "disableBgpRoutePropagation": False,
        "routes": [],
    }


async def test_a_network_interface_is_written_without_an_operation(cloud: Cloud) -> None:
    await cloud.network(s="10.1.0.0/24")
    inner = {"privateIPAllocationMethod": "Dynamic", "subnet": await cloud.get("virtualNetworks/v/subnets/s")}
    body = {"location": "westeurope", "properties": {"ipConfigurations": [{"name": "ipConfig1", "properties": inner}]}}
    answer = await cloud.call("PUT", "networkInterfaces/n", body)
    assert answer.status == 201
    assert header(answer, "Azure-AsyncOperation") is None
    found = blank(answer.body, cloud.home)
    suffix = found["properties"]["dnsSettings"].pop("internalDomainNameSuffix")
    assert suffix.endswith(".bx.internal.cloudapp.net")
    assert found["kind"] == "Regular"
    assert found["properties"] == {
        "provisioningState": "Succeeded",
        "resourceGuid": "0",
        "ipConfigurations": [
            {
                "name": "ipConfig1",
                "id": "~/networkInterfaces/n/ipConfigurations/ipConfig1",
                "etag": E_TAG,
                "type": "Microsoft.Network/networkInterfaces/ipConfigurations",
                "properties": {
                    "provisioningState": "Succeeded",
                    "privateIPAddress": "10.1.0.4",
                    "privateIPAllocationMethod": "Dynamic",
                    "subnet": {"id": "~/virtualNetworks/v/subnets/s"},
                    "primary": True,
                    "privateIPAddressVersion": "IPv4",
                },
            }
        ],
        "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
        "enableAcceleratedNetworking": False,
        "vnetEncryptionSupported": False,
        "enableIPForwarding": False,
        "disableTcpStateTracking": False,
        "hostedWorkloads": [],
        "tapConfigurations": [],
        "nicType": "Standard",
        "allowPort25Out": True,
        "defaultOutboundConnectivityEnabled": False,
        "auxiliaryMode": "None",
        "auxiliarySku": "None",
    }


async def test_a_missing_resource_is_not_found_by_arm_and_a_missing_subnet_by_the_provider(cloud: Cloud) -> None:
    answer = await cloud.call("GET", "loadBalancers/none")
    assert answer.status == 404
    assert header(answer, "x-ms-failure-cause") == "gateway"
    assert answer.body == {
        "error": {
            "code": "ResourceNotFound",
            "message": "The Resource 'Microsoft.Network/loadBalancers/none' under resource group 'rg' was not found. "
            "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        }
    }
    await cloud.network()
    answer = await cloud.call("GET", "virtualNetworks/v/subnets/none")
    assert answer.status == 404
    assert answer.body["error"] == {
        "code": "NotFound",
        "message": f"Resource {cloud.id('virtualNetworks/v/subnets/none')} not found.",
        "details": [],
    }
