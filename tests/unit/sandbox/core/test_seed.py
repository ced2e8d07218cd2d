# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `--seed demo` makes, with the real providers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from innergate_sandbox.failures import SeedFailed
from innergate_sandbox.seed import CLUSTER, GROUP, NETWORK, SERVICE, SUBNET, sow
from innergate_sandbox.testing import TestSandbox, sandbox


@pytest.fixture
async def sown() -> AsyncIterator[TestSandbox]:
    """A sandbox after sowing, at Azure's own pace: a seed does not wait for Azure's durations."""
    async with sandbox(listen=True, group=False, time_scale=1) as it:
        await sow("demo", it)
        yield it


def path(it: TestSandbox, rest: str) -> str:
    """A path in the seed's group."""
    return f"/subscriptions/{it.subscription_id}/resourceGroups/{GROUP}/providers/{rest}"


async def test_there_is_a_network_a_cluster_and_a_service_beside_it(sown: TestSandbox) -> None:
    service = (await sown.call("GET", path(sown, f"Microsoft.ApiManagement/service/{SERVICE}"))).body
    assert service["sku"]["name"] == "Developer"
    assert service["properties"]["provisioningState"] == "Succeeded"
    assert service["properties"]["virtualNetworkType"] == "None"
    network = (await sown.call("GET", path(sown, f"Microsoft.Network/virtualNetworks/{NETWORK}"))).body
    assert network["properties"]["addressSpace"]["addressPrefixes"] == ["10.224.0.0/12"]
    (subnet,) = network["properties"]["subnets"]
    assert subnet["name"] == SUBNET
    assert subnet["properties"]["routeTable"]["id"].endswith("-routetable")
    assert subnet["properties"]["networkSecurityGroup"]["id"].endswith("-nsg")
    cluster = (await sown.call("GET", path(sown, f"Microsoft.ContainerService/managedClusters/{CLUSTER}"))).body
    assert cluster["properties"]["provisioningState"] == "Succeeded"
    assert cluster["properties"]["agentPoolProfiles"][0]["vnetSubnetID"] == subnet["id"]


async def test_its_requests_are_not_in_the_log(sown: TestSandbox) -> None:
    assert list(sown.log.read()) == []


async def test_it_is_sown_once_so_what_was_deleted_stays_deleted(sown: TestSandbox) -> None:
    versions = {entity.id: entity.version for entity in sown.store.find()}
    service = path(sown, f"Microsoft.ApiManagement/service/{SERVICE}")
    await sown.call("DELETE", service, headers={"If-Match": "*"})
    for operation in sown.ctx.operations.running_for(service):
        sown.ctx.operations.finish(operation)
    await sow("demo", sown)
    assert (await sown.call("GET", service)).status == 404
    left = {entity.id: entity.version for entity in sown.store.find() if "ApiManagement" not in entity.id}
    assert left.items() <= versions.items()


async def test_what_an_interrupted_start_made_is_kept(sown: TestSandbox) -> None:
    sown.store.kv_set("seed", None)
    versions = {entity.id: entity.version for entity in sown.store.find()}
    await sow("demo", sown)
    assert {entity.id: entity.version for entity in sown.store.find()} == versions


async def test_a_refusal_says_what_arm_said() -> None:
    async with sandbox(listen=True, group=False) as it:
        it.faults.add(method="PUT", path="virtualNetworks", then={"status": 403})
        with pytest.raises(SeedFailed, match=r"virtualNetworks/aks-vnet: 403 .*AuthorizationFailed"):
            await sow("demo", it)
