# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real cloud-controller-manager expects of a load balancer (cloud-provider-azure, observed)."""

from __future__ import annotations

import copy

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, Json

NAME = "a0123456789abcdef0123456789abcde"


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """The id of the subnet of the frontends."""
    await cloud.network(s="10.1.0.0/24")
    return cloud.id("virtualNetworks/v/subnets/s")


def wanted(cloud: Cloud, subnet: str) -> Json:
    """The body of the first PUT of an internal load balancer."""
    lb = cloud.id("loadBalancers/kubernetes-internal")
    front = f"{lb}/frontendIPConfigurations/{NAME}"
    return {
        "location": LOCATION,
        "name": "kubernetes-internal",
        "sku": {"name": "Standard"},
        "properties": {
            "backendAddressPools": [{"name": "kubernetes", "properties": {}}],
            "frontendIPConfigurations": [
                {
                    "id": front,
                    "name": NAME,
                    "zones": ["1", "2", "3"],
                    "properties": {"privateIPAllocationMethod": "Dynamic", "subnet": {"id": subnet, "name": "s"}},
                }
            ],
            "loadBalancingRules": [
                {
                    "name": f"{NAME}-TCP-80",
                    "properties": {
                        "protocol": "Tcp",
                        "frontendPort": 80,
                        "backendPort": 80,
                        "enableFloatingIP": True,
                        "enableTcpReset": True,
                        "disableOutboundSnat": False,
                        "idleTimeoutInMinutes": 4,
                        "loadDistribution": "Default",
                        "frontendIPConfiguration": {"id": front},
                        "backendAddressPool": {"id": f"{lb}/backendAddressPools/kubernetes"},
                        "probe": {"id": f"{lb}/probes/{NAME}-TCP-80"},
                    },
                }
            ],
            "probes": [
                {
                    "name": f"{NAME}-TCP-80",
                    "properties": {"protocol": "Tcp", "port": 31234, "intervalInSeconds": 5, "probeThreshold": 2},
                }
            ],
        },
    }


async def test_everything_it_compares_comes_back(cloud: Cloud, subnet: str) -> None:
    body = wanted(cloud, subnet)
    answer = await cloud.call("PUT", cloud.id("loadBalancers/kubernetes-internal").lower(), body)
    assert answer.status == 201
    assert answer.body["properties"]["provisioningState"] == "Succeeded"  # so it does not poll
    found = (await cloud.get("loadBalancers/kubernetes-internal"))["properties"]
    front = found["frontendIPConfigurations"][0]
    assert front["id"].lower() == body["properties"]["frontendIPConfigurations"][0]["id"].lower()
    assert front["properties"]["privateIPAddress"] == "10.1.0.4"
    assert front["properties"]["privateIPAllocationMethod"] == "Dynamic"
    assert front["zones"] == ["1", "2", "3"]
    for collection in ("loadBalancingRules", "probes"):
        sent, got = body["properties"][collection][0]["properties"], found[collection][0]["properties"]
        assert {key: got.get(key) for key in sent} == sent


@pytest.mark.parametrize(
    ("collection", "field", "value", "status"),
    [
        ("probes", "intervalInSeconds", 4, 400),
        ("loadBalancingRules", "idleTimeoutInMinutes", 3, 400),
        ("loadBalancingRules", "idleTimeoutInMinutes", 101, 400),
        # More than the controller in the cluster takes.
        ("loadBalancingRules", "idleTimeoutInMinutes", 99, 201),
    ],
)
async def test_bounds_of_rules_and_probes(
    cloud: Cloud, subnet: str, collection: str, field: str, value: int, status: int
) -> None:
    body = wanted(cloud, subnet)
    body["properties"][collection][0]["properties"][field] = value
    answer = await cloud.call("PUT", "loadBalancers/kubernetes-internal", body)
    assert answer.status == status
    assert status == 201 or field in str(answer.body)


async def test_parts_show_the_rules_that_refer_to_them(cloud: Cloud, subnet: str) -> None:
    await cloud.call("PUT", "loadBalancers/kubernetes-internal", wanted(cloud, subnet))
    found = (await cloud.get("loadBalancers/kubernetes-internal"))["properties"]
    rule = {"id": cloud.id(f"loadBalancers/kubernetes-internal/loadBalancingRules/{NAME}-TCP-80")}
    for collection in ("frontendIPConfigurations", "backendAddressPools", "probes"):
        assert found[collection][0]["properties"]["loadBalancingRules"] == [rule]
    inside = (await cloud.get("virtualNetworks/v/subnets/s"))["properties"]["ipConfigurations"]
    assert inside == [{"id": found["frontendIPConfigurations"][0]["id"]}]


async def test_it_sends_back_what_it_read_with_more(cloud: Cloud, subnet: str) -> None:
    await cloud.call("PUT", "loadBalancers/kubernetes-internal", wanted(cloud, subnet))
    found = await cloud.get("loadBalancers/kubernetes-internal")
    body = copy.deepcopy(found)
    second = {"name": "b", "properties": {"privateIPAllocationMethod": "Dynamic", "subnet": {"id": subnet}}}
    body["properties"]["frontendIPConfigurations"].append(second)
    answer = await cloud.call(
        "PUT", "loadBalancers/kubernetes-internal", body, headers={"If-Match": str(found["etag"])}
    )
    assert answer.status == 200
    after = (await cloud.get("loadBalancers/kubernetes-internal"))["properties"]["frontendIPConfigurations"]
    assert [one["properties"]["privateIPAddress"] for one in after] == ["10.1.0.4", "10.1.0.5"]
    assert [one["name"] for one in after] == [NAME, "b"]
    stale = await cloud.call("PUT", "loadBalancers/kubernetes-internal", body, headers={"If-Match": found["etag"]})
    assert stale.status == 412


async def test_a_pool_is_written_by_itself_and_changes_the_etag_of_the_whole(cloud: Cloud, subnet: str) -> None:
    await cloud.call("PUT", "loadBalancers/kubernetes-internal", wanted(cloud, subnet))
    before = await cloud.get("loadBalancers/kubernetes-internal")
    members = [{"name": "node-0", "properties": {"ipAddress": "10.1.0.200"}}]
    network = {"id": cloud.id("virtualNetworks/v")}
    pool = {"name": "kubernetes", "properties": {"loadBalancerBackendAddresses": members, "virtualNetwork": network}}
    path = "loadBalancers/kubernetes-internal/backendAddressPools/kubernetes"
    answer = await cloud.call("PUT", path, pool)
    assert answer.status == 200
    assert header(answer, "Azure-AsyncOperation")
    found = (await cloud.get(path))["properties"]
    assert found["loadBalancerBackendAddresses"] == members
    assert found["virtualNetwork"] == network
    after = await cloud.get("loadBalancers/kubernetes-internal")
    assert after["etag"] != before["etag"]
    assert after["properties"]["loadBalancingRules"] == [
        {**one, "etag": after["etag"]} for one in before["properties"]["loadBalancingRules"]
    ]


async def test_an_interface_that_joins_a_pool_changes_the_etag(cloud: Cloud, subnet: str) -> None:
    await cloud.call("PUT", "loadBalancers/kubernetes-internal", wanted(cloud, subnet))
    before = await cloud.get("loadBalancers/kubernetes-internal")
    pool = cloud.ref("loadBalancers/kubernetes-internal/backendAddressPools/kubernetes")
    inner = {"subnet": {"id": subnet}, "loadBalancerBackendAddressPools": [pool]}
    await cloud.put("networkInterfaces/n", {"ipConfigurations": [{"name": "c", "properties": inner}]})
    after = await cloud.get("loadBalancers/kubernetes-internal")
    assert after["etag"] != before["etag"]
    found = after["properties"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"]
    assert found == [cloud.ref("networkInterfaces/n/ipConfigurations/c")]
    listed = (await cloud.call("GET", "loadBalancers/kubernetes-internal/networkInterfaces")).body["value"]
    assert [one["name"] for one in listed] == ["n"]


async def test_a_probe_on_port_0_is_taken(cloud: Cloud, subnet: str) -> None:
    body = wanted(cloud, subnet)
    body["properties"]["probes"][0]["properties"]["port"] = 0
    assert (await cloud.call("PUT", "loadBalancers/kubernetes-internal", body)).status == 201


async def test_lists_that_it_reads_are_there_when_empty(cloud: Cloud) -> None:
    for kind in ("loadBalancers", "publicIPAddresses", "privateLinkServices"):
        assert (await cloud.call("GET", kind)).body == {"value": []}


async def test_a_rule_shows_its_pool_in_both_ways(cloud: Cloud, subnet: str) -> None:
    await cloud.call("PUT", "loadBalancers/kubernetes-internal", wanted(cloud, subnet))
    found = (await cloud.get("loadBalancers/kubernetes-internal"))["properties"]["loadBalancingRules"][0]
    assert found["properties"]["backendAddressPools"] == [found["properties"]["backendAddressPool"]]
