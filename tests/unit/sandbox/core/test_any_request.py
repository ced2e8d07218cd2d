# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is asked at whatever address of whatever provider: the answer is never an error of the sandbox."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from innergate_sandbox.arm.message import ArmError, parse
from innergate_sandbox.testing import sandbox

JUNK: list[Any] = [
    None, True, 0, 2.5, "", "x", "10.0.0.0/33", [], {}, [None], [{}], ["a"], {"id": 5}, {"id": "/subscriptions/x"},
    [{"name": "a", "properties": []}], {"a": {"b": 1}}, 10**20,
]  # fmt: skip
KEYS = (
    "properties", "location", "tags", "sku", "identity", "name", "id", "subnets", "addressSpace", "addressPrefix",
    "securityRules", "ipConfigurations", "subnet", "agentPoolProfiles", "networkProfile", "virtualMachineProfile",
    "roleDefinitionId", "principalId", "level", "operation", "aRecords", "virtualNetwork", "loadBalancers", "restore",
)  # fmt: skip
NETWORK, AKS = "GROUP/providers/Microsoft.Network", "GROUP/providers/Microsoft.ContainerService/managedClusters"
PLACES = (
    "/", "//", "/%00", "/subscriptions/%2e%2e", "/tenants", "/providers", "SUB", "SUB/", "SUB//providers/",
    "SUB/resources", "SUB/resourceGroups", "SUB/resourceGroups/new", "SUB/resourceGroups/bad%20name!", "GROUP",
    "GROUP/resources", "SUB/providers/Microsoft.X/register", "SUB/locations", "SUB/tagNames",
    "SUB/operationresults/e30", "GROUP/providers", "SUB/operationresults/NQ",
    "GROUP/providers/Microsoft.Authorization/locks/l", "GROUP/providers/Microsoft.Network",
    "GROUP/providers/Microsoft.Authorization/roleAssignments/r",
    "SUB/providers/Microsoft.Authorization/roleDefinitions", "GROUP/providers/Microsoft.Resources/tags/default",
    "SUB/providers/Microsoft.Network/locations/x/operations/y",
    "SUB/providers/Microsoft.Network/locations/x/setLoadBalancerFrontendPublicIpAddresses",
    f"{NETWORK}/virtualNetworks/v", f"{NETWORK}/virtualNetworks/v/subnets/s", f"{NETWORK}/privateDnsZones/z.net",
    f"{NETWORK}/privateDnsZones/z.net/A/a", f"{NETWORK}/loadBalancers/l/backendAddressPools/p", f"{AKS}/k",
    f"{AKS}/k/agentPools/p", f"{AKS}/k/stop", "GROUP/providers/Microsoft.Compute/virtualMachineScaleSets/s",
    "GROUP/providers/microsoft.apimanagement/SERVICE/x", "GROUP/providers/Microsoft.ApiManagement/service",
    "GROUP/providers/Microsoft.ApiManagement/gateways",
    "GROUP/providers/Microsoft.ApiManagement/gateways/g/configConnections/c",
    "SUB/providers/Microsoft.ApiManagement/service/x",
    f"{NETWORK}/virtualNetworks/v/providers/Microsoft.ApiManagement/service/x",
    "SUB/providers/Microsoft.ApiManagement/locations/x/deletedservices/y",
)  # fmt: skip
QUERIES = ("api-version=", "api-version=x", "api-version=2024-05-01&$filter=(((", "%E0%A4%A=1&api-version=2024-05-01")
METHODS = ("PUT", "PUT", "PUT", "GET", "PATCH", "POST", "HEAD", "OPTIONS", "TRACE")


def document(chance: random.Random, depth: int = 0) -> Any:
    """Some JSON with names that mean something."""
    if depth > 3 or chance.random() < 0.3:
        return chance.choice(JUNK)
    inner = {chance.choice(KEYS): document(chance, depth + 1) for dummy in range(chance.randint(1, 4))}
    return {"location": "westeurope", **inner} if depth == 0 else [inner] if chance.random() < 0.3 else inner


@pytest.mark.parametrize("seed", range(3))
async def test_everything_is_answered(seed: int) -> None:
    chance, statuses = random.Random(seed), Counter[int]()
    async with sandbox() as arm:
        for dummy in range(300):
            place = (
                chance.choice(PLACES)
                .replace("GROUP", arm.group)
                .replace("SUB", f"/subscriptions/{arm.subscription_id}")
            )
            path = f"{place}?{chance.choice(QUERIES)}" if chance.random() < 0.1 else place
            method = chance.choice(METHODS)
            sent = document(chance) if method in ("PUT", "PATCH", "POST") else None
            answer = await arm.call(method, path, sent)
            answer.payload()
            statuses[answer.status // 100] += 1
            assert answer.status < 500, (method, path, sent, answer.body)
    assert statuses[2] > 5
    assert statuses[4] > 20


@pytest.mark.parametrize(
    "target", ["", "?", "/?&&=", "/%", "/%zz/%25?%=%", "/subscriptions/é?api-version=é", "/" + "a/" * 5000]
)
def test_any_target_can_be_read(target: str) -> None:
    try:
        assert parse("GET", target).path.startswith("/")
    except ArmError as error:
        assert error.status == 400
