# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure answered about load balancers and public addresses (recordings of cloud-provider-azure's azclient)."""

from __future__ import annotations

from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import Cloud
from unit.sandbox.network.recordings import E_TAG, announced, blank


async def test_a_static_public_address_has_its_address_after_the_answer(cloud: Cloud) -> None:
    body = {"location": "eastus", "sku": {"name": "Standard", "tier": "Regional"}}
    answer = await cloud.call(
        "PUT", "publicIPAddresses/p", {**body, "properties": {"publicIPAllocationMethod": "Static"}}
    )
    told = {
        "provisioningState": "Updating",
        "resourceGuid": "0",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "idleTimeoutInMinutes": 4,
        "ipTags": [],
        "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
    }
    assert answer.status == 201
    assert blank(answer.body["properties"], cloud.home) == told
    found = (await cloud.get("publicIPAddresses/p"))["properties"]
    assert blank(found, cloud.home) == {**told, "provisioningState": "Succeeded", "ipAddress": found["ipAddress"]}


async def test_a_public_address_without_wishes_is_basic_and_dynamic(cloud: Cloud) -> None:
    answer = await cloud.call("PUT", "publicIPAddresses/p", {"location": "eastus"})
    assert answer.body["sku"] == {"name": "Basic", "tier": "Regional"}
    assert blank(answer.body["properties"], cloud.home) == {
        "provisioningState": "Updating",
        "resourceGuid": "0",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Dynamic",
        "idleTimeoutInMinutes": 4,
        "ipTags": [],
    }


async def test_a_load_balancer_is_ready_at_once(cloud: Cloud) -> None:
    pip = await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku={"name": "Standard"})
    item = {"name": "f", "properties": {"publicIPAddress": pip}}  # clients send the whole object
    body = {"location": "eastus", "properties": {"frontendIPConfigurations": [item]}, "sku": {"name": "Standard"}}
    answer = await cloud.call("PUT", "loadBalancers/l", body)
    assert answer.status == 201
    announced(answer)
    expected = {
        "name": "l",
        "id": "~/loadBalancers/l",
        "etag": E_TAG,
        "type": "Microsoft.Network/loadBalancers",
        "location": "eastus",
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": "0",
            "frontendIPConfigurations": [
                {
                    "name": "f",
                    "id": "~/loadBalancers/l/frontendIPConfigurations/f",
                    "etag": E_TAG,
                    "type": "Microsoft.Network/loadBalancers/frontendIPConfigurations",
                    "properties": {
                        "provisioningState": "Succeeded",
                        "privateIPAllocationMethod": "Dynamic",
                        "publicIPAddress": {"id": "~/publicIPAddresses/p"},
                    },
                }
            ],
            "backendAddressPools": [],
            "loadBalancingRules": [],
            "probes": [],
            "inboundNatRules": [],
            "outboundRules": [],
            "inboundNatPools": [],
        },
        "sku": {"name": "Standard", "tier": "Regional"},
    }
    assert blank(answer.body, cloud.home) == expected
    assert blank(await cloud.get("loadBalancers/l"), cloud.home) == expected
    again = await cloud.call("PUT", "loadBalancers/l", body)
    assert (again.status, blank(again.body, cloud.home)) == (200, expected)
    announced(again)


async def test_a_load_balancer_is_deleted(cloud: Cloud) -> None:
    await cloud.put("loadBalancers/l", {}, location="eastus", sku={"name": "Standard"})
    answer = await cloud.call("DELETE", "loadBalancers/l")
    assert (answer.status, answer.body) == (202, None)
    announced(answer)
    announced(answer, "Location", "operationResults")
    assert (await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body == {"status": "Succeeded"}
    assert (await cloud.call("DELETE", "loadBalancers/l")).status == 204
