# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the real cloud-controller-manager, in its order, as it was seen to send them.

cloud-provider-azure 1.36 with the pool type nodeIP: the start, the first internal Service, a second one, deletion of
one, deletion of the last. It writes the resource group in lower case, sends back what it read, and takes If-Match from
the body's etag.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox import metadata
from innergate_sandbox.testing import TestSandbox, header, sandbox

VERSION = "api-version=2025-05-01"
Json = dict[str, Any]


class Controller:
    """Sends requests as the controller's identity."""

    def __init__(self, arm: TestSandbox) -> None:
        self.arm = arm
        self.network = f"{arm.group}/providers/Microsoft.Network".lower()

    async def __call__(self, method: str, path: str, body: Any = None, etag: str = "") -> tuple[int, Json]:
        """Status and body of one request below the network provider; a write is followed to its end."""
        url = f"{self.network}/{path}?{VERSION}"
        headers = {"If-Match": etag} if etag else {}
        answer = await self.arm.call(method, url, body, headers=headers, identity="cluster")
        operation = header(answer, "Azure-AsyncOperation")
        state = ((answer.body or {}).get("properties") or {}).get("provisioningState")
        if operation and (method == "DELETE" or state != "Succeeded"):
            ended = await self.arm.poll(operation, identity="cluster")
            assert ended.body["status"] == "Succeeded"
        return answer.status, answer.body or {}


@pytest.fixture
async def arm(tmp_path: Path) -> AsyncIterator[Controller]:
    """A group with a network and a security group; the controller may do what its role says."""
    async with sandbox(state=tmp_path) as it:
        found = Controller(it)
        prefix = {"addressPrefix": "10.224.0.0/16"}
        network = {
            "addressSpace": {"addressPrefixes": ["10.224.0.0/12"]},
            "subnets": [{"name": "s", "properties": prefix}],
        }
        for path, properties in (("virtualNetworks/v", network), ("networkSecurityGroups/aks-nsg", {})):
            body = {"location": "westeurope", "properties": properties}
            answer = await it.call("PUT", f"{it.group}/providers/Microsoft.Network/{path}", body)
            assert answer.status == 201, answer.body
            await it.poll(str(header(answer, "Azure-AsyncOperation")))
        yield found


def service(arm: Controller, base: str, port: int, pool: str) -> Json:
    """What one Service needs: frontend, rule and probe."""
    balancer = f"{arm.network}/loadBalancers/kubernetes-internal"
    subnet = {"id": f"{arm.network}/virtualNetworks/v/subnets/s", "name": "s"}
    rule = {
        "protocol": "Tcp", "frontendPort": port, "backendPort": port, "enableFloatingIP": True, "enableTcpReset": True,
        "idleTimeoutInMinutes": 4, "loadDistribution": "Default", "disableOutboundSnat": False,
        "frontendIPConfiguration": {"id": f"{balancer}/frontendIPConfigurations/{base}"},
        "backendAddressPool": {"id": pool}, "probe": {"id": f"{balancer}/probes/{base}-TCP-{port}"},
    }  # fmt: skip
    probe = {"protocol": "Tcp", "port": 30000 + port, "intervalInSeconds": 5, "probeThreshold": 2}
    frontend = {"privateIPAllocationMethod": "Dynamic", "subnet": subnet}
    return {
        "frontendIPConfigurations": [
            {
                "id": f"{balancer}/frontendIPConfigurations/{base}",
                "name": base,
                "zones": ["1", "2", "3"],
                "properties": frontend,
            }
        ],
        "loadBalancingRules": [{"name": f"{base}-TCP-{port}", "properties": rule}],
        "probes": [{"name": f"{base}-TCP-{port}", "properties": probe}],
    }


async def test_the_start(arm: Controller) -> None:
    (cloud,) = metadata.answer({"api-version": "2019-05-01"}, "https://localhost:1").body
    assert {"name", "resourceManager", "authentication", "suffixes"} <= set(cloud)
    assert cloud["authentication"]["loginEndpoint"] and cloud["authentication"]["audiences"][0]
    url = f"/subscriptions/{arm.arm.subscription_id}/providers/Microsoft.Compute?api-version=2021-04-01"
    found = (await arm.arm.call("GET", url, identity="cluster")).body
    machines = next(item for item in found["resourceTypes"] if item["resourceType"] == "virtualMachines")
    zones = {item["location"].replace(" ", "").lower(): item["zones"] for item in machines["zoneMappings"]}
    assert sorted(zones["westeurope"]) == ["1", "2", "3"]


async def test_the_life_of_two_services(arm: Controller) -> None:
    one, two = "a" * 32, "b" * 32
    name = "loadBalancers/kubernetes-internal"
    pool = f"{arm.network}/{name}/backendAddressPools/kubernetes"
    # The first Service of the cluster: LBs, subnet, PUT LB, LB, PUT pool, pool, NSG, LB, LBs, PIPs.
    assert await arm("GET", "loadBalancers") == (200, {"value": []})
    status, subnet = await arm("GET", "virtualNetworks/v/subnets/s")
    assert (status, subnet["properties"]["addressPrefix"]) == (200, "10.224.0.0/16")
    first = service(arm, one, 80, pool)
    body = {"location": "westeurope", "name": "kubernetes-internal", "sku": {"name": "Standard"}}
    body["properties"] = {"backendAddressPools": [{"name": "kubernetes", "properties": {}}], **first}  # type: ignore[assignment]
    assert (await arm("PUT", name, body))[0] == 201
    status, balancer = await arm("GET", name)
    frontend = balancer["properties"]["frontendIPConfigurations"][0]
    assert frontend["id"].lower() == f"{arm.network}/{name}/frontendIPConfigurations/{one}".lower()
    assert frontend["properties"]["privateIPAddress"] == "10.224.0.4"  # in the GET right after the PUT
    assert balancer["etag"].startswith('W/"')
    members = [{"name": "node-0", "properties": {"ipAddress": "10.224.0.100"}}]
    network = {"id": f"{arm.network}/virtualNetworks/v"}
    inside = {"virtualNetwork": network, "loadBalancerBackendAddresses": members}
    assert (await arm("PUT", f"{name}/backendAddressPools/kubernetes", {"properties": inside}))[0] == 200
    assert (await arm("GET", "networkSecurityGroups/aks-nsg"))[0] == 200
    before, (dummy, balancer) = balancer, await arm("GET", name)
    assert balancer["etag"] != before["etag"]
    assert await arm("GET", "publicIPAddresses") == (200, {"value": []})
    # An answer from before the pool was written is stale.
    status, refusal = await arm("PUT", name, before, etag=before["etag"])
    assert (status, refusal["error"]["details"][0]["code"]) == (412, "PreconditionFailedEtagMismatch")
    # A second Service: the whole load balancer as it was read, and the new items at the end.
    second, wanted = service(arm, two, 8080, pool), copy.deepcopy(balancer)
    for part, items in second.items():
        wanted["properties"][part] += items
    assert (await arm("PUT", name, wanted, etag=balancer["etag"]))[0] == 200
    dummy, balancer = await arm("GET", name)
    fronts = balancer["properties"]["frontendIPConfigurations"]
    assert [item["name"] for item in fronts] == [one, two]
    assert [item["properties"]["privateIPAddress"] for item in fronts] == ["10.224.0.4", "10.224.0.5"]
    assert {item["properties"]["privateIPAllocationMethod"] for item in fronts} == {"Dynamic"}
    for part, sent in (("loadBalancingRules", second), ("probes", second), ("loadBalancingRules", first)):
        shown = {item["name"]: item["properties"] for item in balancer["properties"][part]}[sent[part][0]["name"]]
        for field, value in sent[part][0]["properties"].items():
            same = shown[field]["id"].lower() == value["id"].lower() if "id" in str(value) else shown[field] == value
            assert same, (part, field)
    shown = balancer["properties"]["backendAddressPools"][0]["properties"]["loadBalancerBackendAddresses"]
    assert [item["properties"]["ipAddress"] for item in shown] == ["10.224.0.100"]
    # One Service goes: the load balancer without its items. The other's address stays.
    kept = copy.deepcopy(balancer)
    for part in second:
        kept["properties"][part] = [item for item in kept["properties"][part] if not item["name"].startswith(one)]
    assert await arm("GET", "privateLinkServices") == (200, {"value": []})
    assert (await arm("PUT", name, kept, etag=balancer["etag"]))[0] == 200
    dummy, balancer = await arm("GET", name)
    (left,) = balancer["properties"]["frontendIPConfigurations"]
    assert (left["name"], left["properties"]["privateIPAddress"]) == (two, "10.224.0.5")
    # The last one takes the load balancer along; its address is free again.
    assert (await arm("DELETE", name))[0] == 202
    assert (await arm("GET", name))[0] == 404
    assert await arm("GET", "loadBalancers") == (200, {"value": []})
    fixed = copy.deepcopy(body)
    content: Any = fixed["properties"]
    content["frontendIPConfigurations"][0]["properties"] |= {
        "privateIPAllocationMethod": "Static",
        "privateIPAddress": "10.224.0.5",
    }
    assert (await arm("PUT", name, fixed))[0] == 201


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.240.0.9", "PrivateIPAddressNotInSubnet"),
        ("10.224.0.3", "PrivateIPAddressInReservedRange"),
        ("10.224.255.255", "PrivateIPAddressInReservedRange"),
    ],
)
async def test_a_refused_write_changes_nothing(arm: Controller, address: str, code: str) -> None:
    name = "loadBalancers/kubernetes-internal"
    content = service(arm, "a" * 32, 80, f"{arm.network}/{name}/backendAddressPools/kubernetes")
    content["frontendIPConfigurations"][0]["properties"] |= {
        "privateIPAllocationMethod": "Static",
        "privateIPAddress": address,
    }
    content["backendAddressPools"] = [{"name": "kubernetes", "properties": {}}]
    status, refusal = await arm(
        "PUT", name, {"location": "westeurope", "sku": {"name": "Standard"}, "properties": content}
    )
    assert (status, refusal["error"]["code"]) == (400, code), refusal
    assert (await arm("GET", name))[0] == 404
