# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scale sets as the cloud-controller-manager uses them (pool type nodeIPConfiguration)."""

from __future__ import annotations

import copy

import pytest
from unit.sandbox.network.cloud import LOCATION, Cloud, Json, frontend


def model(subnet: str, capacity: int = 2) -> Json:
    """The body of a scale set with one interface."""
    inner = {"name": "ipconfig1", "properties": {"primary": True, "subnet": {"id": subnet}}}
    interface = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [inner]}}
    profile = {
        "osProfile": {"computerNamePrefix": "aks-pool-1-vmss"},
        "networkProfile": {"networkInterfaceConfigurations": [interface]},
    }
    sku = {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": capacity}
    return {"location": LOCATION, "sku": sku, "properties": {"virtualMachineProfile": profile}}


@pytest.fixture
async def nodes(cloud: Cloud) -> str:
    """The path of a scale set of two machines in 10.1.0.0/29."""
    await cloud.network(s="10.1.0.0/29")
    path = f"{cloud.arm.group}/providers/Microsoft.Compute/virtualMachineScaleSets/nodes"
    answer = await cloud.call("PUT", path, model(cloud.id("virtualNetworks/v/subnets/s")))
    assert answer.status == 201
    return path


async def test_machines_take_addresses(cloud: Cloud, nodes: str) -> None:
    listed = (await cloud.call("GET", f"{nodes}/virtualMachines")).body["value"]
    assert [one["instanceId"] for one in listed] == ["0", "1"]
    assert listed[1]["properties"]["osProfile"]["computerName"] == "aks-pool-1-vmss000001"
    interfaces = (await cloud.call("GET", f"{nodes}/networkInterfaces")).body["value"]
    found = [one["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] for one in interfaces]
    assert found == ["10.1.0.4", "10.1.0.5"]
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))]}
    balancer = await cloud.put("loadBalancers/l", inner, sku={"name": "Standard"})
    address = balancer["properties"]["frontendIPConfigurations"][0]["properties"]["privateIPAddress"]
    assert address == "10.1.0.6"
    inside = (await cloud.get("virtualNetworks/v/subnets/s"))["properties"]["ipConfigurations"]
    assert {"id": f"{interfaces[0]['id']}/ipConfigurations/ipconfig1"} in inside
    refusal = await cloud.refused("DELETE", "virtualNetworks/v/subnets/s")
    assert refusal[:2] == (400, "InUseSubnetCannotBeDeleted")


async def test_more_machines_than_addresses(cloud: Cloud, nodes: str) -> None:
    body = model(cloud.id("virtualNetworks/v/subnets/s"), 4)
    assert (await cloud.refused("PUT", nodes, body))[:2] == (400, "SubnetIsFull")
    body["sku"]["capacity"] = 1
    assert (await cloud.call("PUT", nodes, body)).status == 200
    listed = (await cloud.call("GET", f"{nodes}/virtualMachines")).body["value"]
    assert [one["instanceId"] for one in listed] == ["0"]


async def test_the_controller_puts_machines_into_a_pool(cloud: Cloud, nodes: str) -> None:
    pools = [{"name": "kubernetes", "properties": {}}]
    inner = {"frontendIPConfigurations": [frontend("f", cloud.id("virtualNetworks/v/subnets/s"))]}
    await cloud.put("loadBalancers/l", {**inner, "backendAddressPools": pools}, sku={"name": "Standard"})
    pool = cloud.ref("loadBalancers/l/backendAddressPools/kubernetes")
    before = await cloud.get("loadBalancers/l")
    machine = (await cloud.call("GET", f"{nodes}/virtualMachines/0?$expand=instanceView")).body
    assert machine["properties"]["instanceView"]["statuses"][1]["code"] == "PowerState/running"
    sent = copy.deepcopy(machine)
    configuration = sent["properties"]["networkProfileConfiguration"]["networkInterfaceConfigurations"][0]
    configuration["properties"]["ipConfigurations"][0]["properties"]["loadBalancerBackendAddressPools"] = [pool]
    stale = await cloud.call("PUT", f"{nodes}/virtualMachines/0", sent, headers={"If-Match": '"0"'})
    assert stale.status == 412
    answer = await cloud.call("PUT", f"{nodes}/virtualMachines/0", sent, headers={"If-Match": machine["etag"]})
    assert answer.status == 200
    after = await cloud.get("loadBalancers/l")
    assert after["etag"] != before["etag"]
    members = after["properties"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"]
    own = f"{nodes}/virtualMachines/0/networkInterfaces/nic/ipConfigurations/ipconfig1"
    assert members == [{"id": own}]
    assert (await cloud.call("GET", own)).body["properties"]["loadBalancerBackendAddressPools"] == [pool]


async def test_a_scale_set_is_kept_as_it_was_sent_and_deleted(cloud: Cloud, nodes: str) -> None:
    found = (await cloud.call("GET", nodes)).body
    assert found["properties"]["provisioningState"] == "Succeeded"
    assert found["sku"]["capacity"] == 2
    everywhere = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Compute/virtualMachineScaleSets"
    assert [one["name"] for one in (await cloud.call("GET", everywhere)).body["value"]] == ["nodes"]
    assert (await cloud.call("DELETE", nodes)).status == 200
    assert (await cloud.call("DELETE", nodes)).status == 204
    await cloud.delete("virtualNetworks/v/subnets/s")


async def test_what_there_is_none_of(cloud: Cloud, nodes: str) -> None:
    compute = f"{cloud.arm.group}/providers/Microsoft.Compute"
    for path in (
        "virtualMachines",
        "cloudServices/c/networkInterfaces",
        "virtualMachineScaleSets/nodes/publicipaddresses",
    ):
        assert (await cloud.call("GET", f"{compute}/{path}")).body == {"value": []}
    assert (await cloud.refused("GET", f"{compute}/virtualMachines/m"))[:2] == (404, "ResourceNotFound")
    assert (await cloud.refused("GET", f"{nodes}/virtualMachines/9"))[:2] == (404, "ResourceNotFound")
    assert (await cloud.refused("GET", f"{compute}/unicorns"))[:2] == (404, "InvalidResourceType")
