# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who uses what: shown on both sides, asked for by name, and a reason not to delete."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, frontend

STANDARD = {"name": "Standard"}


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """A subnet with a security group, a route table and a NAT gateway."""
    await cloud.put("networkSecurityGroups/g")
    await cloud.put("routeTables/t")
    await cloud.put("natGateways/n", sku=STANDARD)
    await cloud.network()
    inner = {
        "addressPrefix": "10.1.0.0/24",
        "networkSecurityGroup": cloud.ref("networkSecurityGroups/g"),
        "routeTable": cloud.ref("routeTables/t"),
        "natGateway": cloud.ref("natGateways/n"),
    }
    found = await cloud.put("virtualNetworks/v/subnets/s", inner)
    return str(found["id"])


@pytest.mark.parametrize("path", ["networkSecurityGroups/g", "routeTables/t", "natGateways/n"])
async def test_what_a_subnet_uses_shows_the_subnet(cloud: Cloud, subnet: str, path: str) -> None:
    used = await cloud.get(path)
    assert used["properties"]["subnets"] == [{"id": subnet}]
    await cloud.put("virtualNetworks/v/subnets/s", {"addressPrefix": "10.1.0.0/24"})
    free = await cloud.get(path)
    assert "subnets" not in free["properties"]
    assert free["etag"] != used["etag"]


REASONS = {
    "networkSecurityGroups/g": (
        "InUseNetworkSecurityGroupCannotBeDeleted",
        (
            "Network security group ~/networkSecurityGroups/g cannot be deleted because it is in use by the following "
            "resources: ~/virtualNetworks/v/subnets/s. In order to delete the Network security group, remove the "
            "association with the resource(s). To learn how to do this, see aka.ms/deletensg."
        ),
    ),
    "routeTables/t": ("InUseRouteTableCannotBeDeleted", "Route table t is in use and cannot be deleted."),
    "natGateways/n": ("InUseNatGatewayCannotBeDeleted", ""),
    "virtualNetworks/v": ("", ""),
}


@pytest.mark.parametrize("path", REASONS)
async def test_what_a_subnet_uses_cannot_be_deleted(cloud: Cloud, subnet: str, path: str) -> None:
    code, message = REASONS[path]
    if not code:  # the network itself may go, with all its subnets
        await cloud.delete(path)
        assert "subnets" not in (await cloud.get("routeTables/t"))["properties"]
        return
    answer = await cloud.refused("DELETE", path)
    assert answer[:2] == (400, code)
    assert not message or answer[2] == message.replace("~", cloud.home)


async def test_a_network_with_a_used_subnet_cannot_be_deleted(cloud: Cloud, subnet: str) -> None:
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [frontend("f", subnet)]}, sku=STANDARD)
    for path in ("virtualNetworks/v", "virtualNetworks/v/subnets/s"):
        assert (await cloud.refused("DELETE", path))[:2] == (400, "InUseSubnetCannotBeDeleted")
    await cloud.delete("loadBalancers/l")
    await cloud.delete("virtualNetworks/v/subnets/s")


async def test_a_used_public_address_cannot_be_deleted(cloud: Cloud) -> None:
    await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku=STANDARD)
    inner = {"name": "f", "properties": {"publicIPAddress": cloud.ref("publicIPAddresses/p")}}
    await cloud.put("loadBalancers/l", {"frontendIPConfigurations": [inner]}, sku=STANDARD)
    front = cloud.ref("loadBalancers/l/frontendIPConfigurations/f")
    assert (await cloud.get("publicIPAddresses/p"))["properties"]["ipConfiguration"] == front
    message = (
        f"Public IP address {cloud.id('publicIPAddresses/p')} can not be deleted since it is still allocated to "
        f"resource {front['id']}. In order to delete the public IP, disassociate/detach the Public IP address from "
        "the resource.  To learn how to do this, see aka.ms/deletepublicip."
    )
    answer = await cloud.refused("DELETE", "publicIPAddresses/p")
    assert answer == (400, "PublicIPAddressCannotBeDeleted", message)


async def test_an_application_group_with_members_cannot_be_deleted(cloud: Cloud) -> None:
    await cloud.put("applicationSecurityGroups/a")
    await cloud.network(s="10.1.0.0/24")
    inner = {
        "subnet": cloud.ref("virtualNetworks/v/subnets/s"),
        "applicationSecurityGroups": [cloud.ref("applicationSecurityGroups/a")],
    }
    await cloud.put("networkInterfaces/n", {"ipConfigurations": [{"name": "ipconfig1", "properties": inner}]})
    status, dummy, message = await cloud.refused("DELETE", "applicationSecurityGroups/a")
    text = "Application Security Group a cannot be deleted because it is referenced by IpConfiguration(s) ipconfig1."
    assert (status, message) == (400, text)


async def test_a_pool_with_a_rule_cannot_be_taken_away_by_itself(cloud: Cloud, subnet: str) -> None:
    lb = cloud.id("loadBalancers/l")
    fields = {
        "protocol": "Tcp",
        "frontendPort": 80,
        "backendPort": 80,
        "frontendIPConfiguration": {"id": f"{lb}/frontendIPConfigurations/f"},
        "backendAddressPool": {"id": f"{lb}/backendAddressPools/p"},
    }
    inner = {
        "frontendIPConfigurations": [frontend("f", subnet)],
        "backendAddressPools": [{"name": "p"}],
        "loadBalancingRules": [{"name": "r", "properties": fields}],
    }
    await cloud.put("loadBalancers/l", inner, sku=STANDARD)
    assert (await cloud.refused("DELETE", "loadBalancers/l/backendAddressPools/p"))[0] == 400


async def test_a_caller_without_the_right_to_join_a_subnet(cloud: Cloud, subnet: str) -> None:
    cloud.arm.faults.add(path="/subnets/s$", then={"deny": "Microsoft.Network/virtualNetworks/subnets/join/action"})
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    answer = await cloud.call(
        "PUT", "loadBalancers/l", {"location": LOCATION, "sku": STANDARD, "properties": inner}, identity="cluster"
    )
    who = cloud.arm.settings.identities["cluster"]
    assert answer.status == 403
    assert header(answer, "x-ms-failure-cause") == "gateway"
    assert answer.body["error"] == {
        "code": "LinkedAuthorizationFailed",
        "message": f"The client '{who.client_id}' with object id '{who.object_id}' has permission to perform action "
        f"'Microsoft.Network/loadBalancers/write' on scope '{cloud.id('loadBalancers/l')}'; however, it does not have "
        f"permission to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) "
        f"'{subnet}' or the linked scope(s) are invalid.",
    }
    assert (await cloud.call("GET", "loadBalancers/l")).status == 404


async def test_a_caller_without_the_right_to_use_a_security_group(cloud: Cloud, subnet: str) -> None:
    cloud.arm.faults.add(then={"deny": "Microsoft.Network/networkSecurityGroups/join/action"})
    inner = {"addressPrefix": "10.1.0.0/24", "networkSecurityGroup": cloud.ref("networkSecurityGroups/g")}
    answer = await cloud.refused("PUT", "virtualNetworks/v/subnets/s", {"properties": inner})
    assert answer[:2] == (403, "LinkedAuthorizationFailed")
    assert "'Microsoft.Network/virtualNetworks/subnets/write'" in answer[2]
    bare = {"properties": {"addressPrefix": "10.1.0.0/24"}}
    assert (await cloud.call("PUT", "virtualNetworks/v/subnets/s", bare)).status == 200
