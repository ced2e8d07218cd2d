# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""While an operation runs: states, who is turned away, and how operations end."""

from __future__ import annotations

from pathlib import Path

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.providers.network import PROVIDER
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import header, sandbox
from unit.sandbox.network.cloud import LOCATION, Cloud, frontend

SPACE = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}
NETWORK = {"location": LOCATION, "properties": SPACE}


def later(cloud: Cloud, seconds: float = 600.0) -> None:
    """Let time pass, as many of Azure's seconds as any network operation takes."""
    clock = cloud.arm.clock
    assert isinstance(clock, ManualClock)
    clock.advance(seconds)


async def made(cloud: Cloud, path: str, body: object) -> ArmResponse:
    """A PUT, and the time it takes."""
    answer = await cloud.call("PUT", path, body)
    assert answer.status in (200, 201), answer.body
    later(cloud)
    return answer


async def test_a_network_is_updating_until_its_operation_ends(slow: Cloud) -> None:
    answer = await slow.call("PUT", "virtualNetworks/v", NETWORK)
    operation = str(header(answer, "Azure-AsyncOperation"))
    assert (await slow.get("virtualNetworks/v"))["properties"]["provisioningState"] == "Updating"
    running = await slow.call("GET", operation)
    assert (running.status, running.body) == (200, {"status": "InProgress"})
    assert int(str(header(running, "Retry-After"))) >= 1
    later(slow)
    assert (await slow.call("GET", operation)).body == {"status": "Succeeded"}
    assert (await slow.get("virtualNetworks/v"))["properties"]["provisioningState"] == "Succeeded"


async def test_only_the_subnet_that_is_written_and_its_network_are_updating(slow: Cloud) -> None:
    parts = [{"name": "a", "properties": {"addressPrefix": "10.1.0.0/24"}}]
    await made(slow, "virtualNetworks/v", {"location": LOCATION, "properties": {**SPACE, "subnets": parts}})
    await slow.call("PUT", "virtualNetworks/v/subnets/b", {"properties": {"addressPrefix": "10.1.1.0/24"}})
    found = (await slow.get("virtualNetworks/v"))["properties"]
    assert found["provisioningState"] == "Updating"
    assert [one["properties"]["provisioningState"] for one in found["subnets"]] == ["Succeeded", "Updating"]


async def test_a_network_takes_one_write_at_a_time(slow: Cloud) -> None:
    await made(slow, "virtualNetworks/v", NETWORK)
    first = await slow.call("PUT", "virtualNetworks/v/subnets/a", {"properties": {"addressPrefix": "10.1.0.0/24"}})
    answer = await slow.call("PUT", "virtualNetworks/v/subnets/b", {"properties": {"addressPrefix": "10.1.1.0/24"}})
    assert answer.status == 429
    assert answer.body["error"] == {
        "code": "AnotherOperationInProgress",
        "message": "Another operation on this or dependent resource is in progress. To retrieve status of the "
        f"operation use uri: {header(first, 'Azure-AsyncOperation')}.",
        "details": [],
    }
    assert int(str(header(answer, "Retry-After"))) >= 1
    later(slow)
    again = await slow.call("PUT", "virtualNetworks/v/subnets/b", {"properties": {"addressPrefix": "10.1.1.0/24"}})
    assert again.status == 201


async def test_security_groups_of_a_changing_network_wait_with_it(slow: Cloud) -> None:
    await made(slow, "networkSecurityGroups/g", {"location": LOCATION})
    await made(slow, "networkSecurityGroups/free", {"location": LOCATION})
    await made(slow, "virtualNetworks/v", NETWORK)
    subnet = {"addressPrefix": "10.1.0.0/24", "networkSecurityGroup": slow.ref("networkSecurityGroups/g")}
    await made(slow, "virtualNetworks/v/subnets/a", {"properties": subnet})
    await slow.call("PUT", "virtualNetworks/v/subnets/b", {"properties": {"addressPrefix": "10.1.1.0/24"}})
    body = {"location": LOCATION, "tags": {"a": "b"}}
    assert (await slow.refused("PUT", "networkSecurityGroups/g", body))[:2] == (429, "AnotherOperationInProgress")
    assert (await slow.call("PUT", "networkSecurityGroups/free", body)).status == 200


async def test_what_is_still_changing_cannot_be_referred_to(slow: Cloud) -> None:
    await made(slow, "virtualNetworks/v", NETWORK)
    await slow.call("PUT", "virtualNetworks/v/subnets/a", {"properties": {"addressPrefix": "10.1.0.0/24"}})
    subnet = slow.id("virtualNetworks/v/subnets/a")
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": inner}
    answer = await slow.call("PUT", "loadBalancers/l", body)
    assert answer.status == 429
    assert answer.body["error"] == {
        "code": "RetryableError",
        "message": "A retryable error occured.",
        "details": [
            {
                "code": "ReferencedResourceNotProvisioned",
                "message": f"Cannot proceed with operation because resource {subnet} used by resource "
                f"{slow.id('loadBalancers/l')} is not in Succeeded state. Resource is in Updating state and the last "
                "operation that updated/is updating the resource is PutSubnetOperation.",
            }
        ],
    }
    assert header(answer, "Retry-After")
    later(slow)
    assert (await slow.call("PUT", "loadBalancers/l", body)).status == 201


async def test_a_resource_is_there_until_its_deletion_ends(slow: Cloud) -> None:
    await made(slow, "routeTables/t", {"location": LOCATION})
    first = await slow.call("DELETE", "routeTables/t")
    assert (await slow.get("routeTables/t"))["properties"]["provisioningState"] == "Deleting"
    result = await slow.call("GET", str(header(first, "Location")))
    assert result.status == 202
    again = await slow.call("DELETE", "routeTables/t")
    assert header(again, "Azure-AsyncOperation") == header(first, "Azure-AsyncOperation")
    refusal = await slow.refused("PUT", "routeTables/t", {"location": LOCATION})
    assert refusal[:2] == (429, "AnotherOperationInProgress")
    later(slow)
    assert (await slow.call("GET", "routeTables/t")).status == 404
    assert (await slow.call("GET", str(header(first, "Location")))).status == 204


async def test_a_failed_creation_leaves_nothing(slow: Cloud) -> None:
    error = {"code": "SubnetIsFull", "message": "no"}
    slow.arm.faults.add(method="PUT", path="virtualNetworks/v$", then={"operation": error})
    answer = await slow.call("PUT", "virtualNetworks/v", NETWORK)
    assert answer.status == 201
    later(slow)
    operation = await slow.call("GET", str(header(answer, "Azure-AsyncOperation")))
    assert operation.status == 200
    assert operation.body["status"] == "Failed"
    assert operation.body["error"]["code"] == "SubnetIsFull"
    assert (await slow.call("GET", "virtualNetworks/v")).status == 404


async def test_a_failed_change_is_taken_back(slow: Cloud) -> None:
    await made(slow, "virtualNetworks/v", NETWORK)
    slow.arm.faults.add(method="PUT", path="subnets/a$", then={"operation": {"code": "X", "message": "no"}})
    await slow.call("PUT", "virtualNetworks/v/subnets/a", {"properties": {"addressPrefix": "10.1.0.0/24"}})
    later(slow)
    found = await slow.get("virtualNetworks/v")
    assert found["properties"]["subnets"] == []
    assert found["properties"]["provisioningState"] == "Succeeded"


async def test_a_load_balancer_whose_operation_will_fail_says_that_it_runs(slow: Cloud) -> None:
    slow.arm.faults.add(method="PUT", path="loadBalancers/l$", then={"operation": {"code": "X", "message": "no"}})
    answer = await slow.call("PUT", "loadBalancers/l", {"location": LOCATION, "sku": {"name": "Standard"}})
    assert answer.body["properties"]["provisioningState"] == "Updating"
    assert (await slow.call("GET", str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Failed"
    assert (await slow.call("GET", "loadBalancers/l")).status == 404


async def test_a_deletion_that_somebody_got_in_the_way_of_fails(slow: Cloud) -> None:
    await made(slow, "networkSecurityGroups/g", {"location": LOCATION})
    await made(slow, "virtualNetworks/v", NETWORK)
    answer = await slow.call("DELETE", "networkSecurityGroups/g")
    entity = slow.arm.store.require(slow.id("virtualNetworks/v"))
    inner = {"addressPrefix": "10.1.0.0/24", "networkSecurityGroup": slow.ref("networkSecurityGroups/g")}
    entity.body["properties"]["subnets"] = [{"name": "a", "properties": inner}]
    slow.arm.store.put(entity)
    later(slow)
    operation = (await slow.call("GET", str(header(answer, "Azure-AsyncOperation")))).body
    assert operation["error"]["code"] == "InUseNetworkSecurityGroupCannotBeDeleted"
    assert (await slow.get("networkSecurityGroups/g"))["properties"]["provisioningState"] == "Succeeded"


async def test_an_operation_that_never_was(cloud: Cloud) -> None:
    path = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/x/operations/none"
    assert (await cloud.refused("GET", path))[0] == 404


async def test_a_poll_waits_for_an_operation_that_is_about_to_end(state: Path) -> None:
    async with sandbox(PROVIDER, state=state, time_scale=100.0) as arm:  # 2 s of Azure's are 20 ms
        answer = await arm.call("PUT", f"{arm.group}/providers/Microsoft.Network/virtualNetworks/v", NETWORK)
        polled = await arm.call("GET", str(header(answer, "Azure-AsyncOperation")))
        assert polled.body == {"status": "Succeeded"}
