# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever JSON a client sends, it gets an answer: the resource, or a refusal."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from unit.sandbox.network.cloud import LOCATION, Cloud, Json, frontend, rule

JUNK: list[Any] = [
    None, 0, -1, True, 3.5, "", "x", "10.0.0.0/33", [], {}, [None], [{}], ["a"], {"id": None}, {"id": 5},
    {"id": "/subscriptions/x"}, {"properties": None}, [{"name": "a", "properties": []}], [{"name": 5}],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def spoiled(chance: random.Random, body: Json) -> Json:
    """A body with junk in a few places."""
    found = copy.deepcopy(body)
    for dummy in range(chance.choice((1, 1, 2, 3))):
        path = chance.choice(list(places(found)))
        here: Any = found
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = copy.deepcopy(chance.choice(JUNK))
    return found


def bodies(cloud: Cloud) -> dict[str, Json]:
    """One full body of each kind of resource."""
    subnet = cloud.ref("virtualNetworks/v/subnets/s")
    fields = {
        "protocol": "Tcp",
        "frontendPort": 80,
        "frontendIPConfiguration": cloud.ref("loadBalancers/new/frontendIPConfigurations/f"),
        "backendAddressPool": cloud.ref("loadBalancers/new/backendAddressPools/p"),
    }
    part = {
        "addressPrefix": "10.2.0.0/24",
        "serviceEndpoints": [{"service": "Microsoft.Storage"}],
        "delegations": [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
    }
    peering = {"name": "p", "properties": {"remoteVirtualNetwork": cloud.ref("virtualNetworks/v")}}
    space = {"addressPrefixes": ["10.2.0.0/16"]}
    properties: dict[str, Json] = {
        "virtualNetworks": {
            "addressSpace": space,
            "subnets": [{"name": "s", "properties": part}],
            "virtualNetworkPeerings": [peering],
        },
        "networkSecurityGroups": {"securityRules": [rule("r", 100)]},
        "routeTables": {"routes": [{"name": "r", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "None"}}]},
        "publicIPAddresses": {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "web"}},
        "loadBalancers": {
            "frontendIPConfigurations": [frontend("f", subnet["id"], "10.1.0.9")],
            "backendAddressPools": [{"name": "p", "properties": {"loadBalancerBackendAddresses": []}}],
            "loadBalancingRules": [{"name": "r", "properties": fields}],
            "probes": [{"name": "p", "properties": {"protocol": "Tcp", "port": 80}}],
        },
        "networkInterfaces": {"ipConfigurations": [{"name": "c", "properties": {"subnet": subnet}}]},
        "privateEndpoints": {"subnet": subnet, "privateLinkServiceConnections": [{"properties": {"groupIds": ["g"]}}]},
        "natGateways": {"publicIpAddresses": [cloud.ref("publicIPAddresses/p")]},
    }
    head = {"location": LOCATION, "tags": {"a": "b"}}
    skus = {kind: {"sku": {"name": "Standard"}} for kind in ("publicIPAddresses", "loadBalancers", "natGateways")}
    return {kind: {**head, **skus.get(kind, {}), "properties": inner} for kind, inner in properties.items()}


@pytest.mark.parametrize("seed", range(4))
async def test_junk_is_refused_or_ignored(cloud: Cloud, seed: int) -> None:
    await cloud.network(s="10.1.0.0/24")
    await cloud.put("publicIPAddresses/p", {"publicIPAllocationMethod": "Static"}, sku={"name": "Standard"})
    chance, statuses = random.Random(seed), Counter[int]()
    for dummy in range(60):
        kind, body = chance.choice(list(bodies(cloud).items()))
        answer = await cloud.call("PUT", f"{kind}/new", spoiled(chance, body))
        statuses[answer.status] += 1
        assert answer.status in (200, 201, 400, 409), answer.body
        if answer.status < 300:
            assert (await cloud.call("GET", f"{kind}/new")).status == 200
            assert (await cloud.call("GET", "virtualNetworks/v")).status == 200
    assert statuses[400] and statuses[201]
