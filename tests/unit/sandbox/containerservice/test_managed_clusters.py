# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed clusters: what they answer, and what they bring into the network."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import LOCATION, Cloud, Json, frontend


def path(cloud: Cloud, name: str = "aks") -> str:
    """The id of a cluster in the test's group."""
    return f"{cloud.arm.group}/providers/Microsoft.ContainerService/managedClusters/{name}"


def body(subnet: str | None = None, **network: Any) -> Json:
    """The least body of a cluster of three nodes."""
    pool: Json = {"name": "nodepool1", "count": 3, "mode": "System"}
    if subnet:
        pool["vnetSubnetID"] = subnet
    inner: Json = {"dnsPrefix": "aks", "agentPoolProfiles": [pool]}
    if network:
        inner["networkProfile"] = network
    return {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": inner}


async def make(cloud: Cloud, wanted: Json, name: str = "aks") -> Json:
    """A cluster, made to the end."""
    answer = await cloud.call("PUT", path(cloud, name), wanted)
    assert answer.status in (200, 201), answer.body
    ended = (await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body
    assert ended["status"] == "Succeeded"
    assert {"name", "startTime", "endTime"} <= set(ended)
    return await cloud.get(path(cloud, name))


@pytest.fixture
async def subnet(cloud: Cloud) -> str:
    """A subnet for nodes."""
    await cloud.network(space="10.224.0.0/12", nodes="10.224.0.0/16")
    return cloud.id("virtualNetworks/v/subnets/nodes")


OVERLAY = {"networkPlugin": "azure", "networkPluginMode": "overlay"}


async def test_a_cluster_in_a_network(cloud: Cloud, subnet: str) -> None:
    found = await make(cloud, body(subnet, **OVERLAY))
    properties = found["properties"]
    assert properties["provisioningState"] == "Succeeded"
    assert properties["nodeResourceGroup"] == "MC_rg_aks_westeurope"
    assert properties["fqdn"].startswith("aks-") and properties["fqdn"].endswith(".hcp.westeurope.azmk8s.io")
    assert found["identity"]["principalId"] == cloud.arm.settings.identities["cluster"].object_id
    network = properties["networkProfile"]
    assert (network["serviceCidr"], network["podCidr"]) == ("10.0.0.0/16", "10.244.0.0/16")
    assert network["networkPlugin"] == "azure"
    pool = properties["agentPoolProfiles"][0]
    assert (pool["count"], pool["vnetSubnetID"], pool["type"]) == (3, subnet, "VirtualMachineScaleSets")


async def test_the_node_resource_group(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    group = f"/subscriptions/{cloud.arm.subscription_id}/resourceGroups/MC_rg_aks_westeurope"
    assert (await cloud.get(group))["managedBy"] == path(cloud)
    kinds = sorted(one["type"] for one in (await cloud.call("GET", f"{group}/resources")).body["value"])
    assert kinds == ["Microsoft.Compute/virtualMachineScaleSets", "Microsoft.Network/networkSecurityGroups"]
    inside = (await cloud.get(subnet))["properties"]["ipConfigurations"]
    assert len(inside) == 3
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    balancer = await cloud.put("loadBalancers/l", inner, sku={"name": "Standard"})
    address = balancer["properties"]["frontendIPConfigurations"][0]["properties"]["privateIPAddress"]
    assert address == "10.224.0.7"


async def test_flat_networking_takes_an_address_for_every_pod_that_may_come(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, networkPlugin="azure"))
    assert len((await cloud.get(subnet))["properties"]["ipConfigurations"]) == 3 * 31
    await cloud.put("virtualNetworks/v/subnets/small", {"addressPrefix": "10.225.0.0/26"})
    small = body(cloud.id("virtualNetworks/v/subnets/small"), networkPlugin="azure")
    answer = await cloud.refused("PUT", path(cloud, "other"), small)
    message = (
        "Pre-allocated IPs 93 exceeds IPs available 59 in Subnet Cidr 10.225.0.0/26, Subnet Name small. "
        "http://aka.ms/aks/insufficientsubnetsize"
    )
    assert answer == (400, "InsufficientSubnetSize", message)
    assert (await cloud.call("GET", path(cloud, "other"))).status == 404


async def test_a_cluster_without_a_network_brings_one(cloud: Cloud) -> None:
    await make(cloud, body())
    networks = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/virtualNetworks"
    found = (await cloud.call("GET", networks)).body["value"]
    assert len(found) == 1
    assert "/resourceGroups/MC_rg_aks_westeurope/" in found[0]["id"]
    assert found[0]["properties"]["addressSpace"] == {"addressPrefixes": ["10.224.0.0/12"]}
    part = found[0]["properties"]["subnets"][0]
    assert (part["name"], part["properties"]["addressPrefix"]) == ("aks-subnet", "10.224.0.0/16")
    assert part["properties"]["networkSecurityGroup"]["id"].endswith("-nsg")


async def test_a_service_range_that_overlaps_a_subnet(cloud: Cloud) -> None:
    await cloud.network(space="10.0.0.0/16", nodes="10.0.239.0/24")
    wanted = body(cloud.id("virtualNetworks/v/subnets/nodes"), **OVERLAY)
    message = "The specified service CIDR 10.0.0.0/16 is conflicted with an existing subnet CIDR 10.0.239.0/24"
    answer = await cloud.call("PUT", path(cloud), wanted)
    assert answer.status == 400
    error = answer.body["error"]
    assert (error["code"], error["message"]) == ("ServiceCidrOverlapExistingSubnetsCidr", message)
    assert error["target"] == "networkProfile.serviceCIDR"


async def test_scaling_a_pool(cloud: Cloud, subnet: str) -> None:
    found = await make(cloud, body(subnet, **OVERLAY))
    found["properties"]["agentPoolProfiles"][0]["count"] = 5
    again = await make(cloud, found)
    assert again["properties"]["agentPoolProfiles"][0]["count"] == 5
    assert again["properties"]["fqdn"] == found["properties"]["fqdn"]
    assert len((await cloud.get(subnet))["properties"]["ipConfigurations"]) == 5


async def test_a_put_of_little_keeps_what_was_there(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY, serviceCidr="10.100.0.0/16", dnsServiceIP="10.100.0.10"))
    again = await make(cloud, body(subnet))
    assert again["properties"]["networkProfile"]["serviceCidr"] == "10.100.0.0/16"


async def test_credentials(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    refusal = await cloud.refused("POST", f"{path(cloud)}/listClusterUserCredential")
    assert refusal[:2] == (409, "OperationNotAllowed")
    cloud.arm.store.kv_set("kubernetes/kubeconfig", "apiVersion: v1\n")
    for word, name in (("User", "clusterUser"), ("Admin", "clusterAdmin")):
        answer = await cloud.call("POST", f"{path(cloud)}/listCluster{word}Credential")
        assert answer.status == 200
        (one,) = answer.body["kubeconfigs"]
        assert (one["name"], base64.b64decode(one["value"])) == (name, b"apiVersion: v1\n")


async def test_pools_are_read_by_themselves(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    (one,) = (await cloud.call("GET", f"{path(cloud)}/agentPools")).body["value"]
    assert one["type"] == "Microsoft.ContainerService/managedClusters/agentPools"
    assert one["properties"]["count"] == 3
    assert (await cloud.get(f"{path(cloud)}/agentPools/nodepool1")) == one
    assert (await cloud.refused("GET", f"{path(cloud)}/agentPools/none"))[:2] == (404, "NotFound")


async def test_tags_and_lists(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    answer = await cloud.call("PATCH", path(cloud), {"tags": {"a": "b"}})
    assert (answer.status, answer.body["tags"]) == (200, {"a": "b"})
    for above in (cloud.arm.group, f"/subscriptions/{cloud.arm.subscription_id}"):
        listed = await cloud.call("GET", f"{above}/providers/Microsoft.ContainerService/managedClusters")
        assert [one["name"] for one in listed.body["value"]] == ["aks"]


async def test_a_deleted_cluster_takes_its_group_along(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    answer = await cloud.call("DELETE", path(cloud))
    assert answer.status == 202
    assert header(answer, "Location")
    assert (await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Succeeded"
    assert (await cloud.call("GET", path(cloud))).status == 404
    group = f"/subscriptions/{cloud.arm.subscription_id}/resourceGroups/MC_rg_aks_westeurope"
    deletion = await cloud.call("DELETE", group)  # joins the deletion that goes on already
    if deletion.status == 202:
        await cloud.arm.poll(str(header(deletion, "Location")))
    assert (await cloud.call("GET", group)).status == 404
    await cloud.delete("virtualNetworks/v")
    assert (await cloud.call("DELETE", path(cloud))).status == 204


async def test_a_resource_group_goes_with_its_cluster_and_network(cloud: Cloud, subnet: str) -> None:
    await make(cloud, body(subnet, **OVERLAY))
    group = f"/subscriptions/{cloud.arm.subscription_id}/resourceGroups/MC_rg_aks_westeurope"
    balancer = f"{group}/providers/Microsoft.Network/loadBalancers/kubernetes-internal"
    inner = {"frontendIPConfigurations": [frontend("f", subnet)]}
    await cloud.put(balancer, inner, sku={"name": "Standard"})
    answer = await cloud.arm.call("DELETE", cloud.arm.group)
    assert (await cloud.arm.poll(str(header(answer, "Location")))).status == 200
    assert cloud.arm.store.find(under=f"/subscriptions/{cloud.arm.subscription_id}") == []


async def test_the_releases_of_kubernetes(cloud: Cloud, subnet: str) -> None:
    found = await make(cloud, body(subnet, **OVERLAY))
    place = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.ContainerService/locations/westeurope"
    # the contract 2019-08-01, which terraform-provider-azurerm 5.2.0 still asks for the versions
    older = await cloud.get(f"{place}/orchestrators")
    assert older["properties"]["orchestrators"] == [
        {"orchestratorType": "Kubernetes", "orchestratorVersion": "1.33.2", "default": True}
    ]
    assert older["id"].lower() == f"{place}/orchestrators".lower()
    (release,) = (await cloud.get(f"{place}/kubernetesVersions"))["values"]
    assert found["properties"]["currentKubernetesVersion"] in release["patchVersions"]


async def test_one_operation_at_a_time(slow: Cloud) -> None:
    answer = await slow.call("PUT", path(slow), body())
    assert answer.status == 201
    assert answer.body["properties"]["provisioningState"] == "Creating"
    running = await slow.call("GET", str(header(answer, "Azure-AsyncOperation")))
    assert running.body["status"] == "InProgress" and "endTime" not in running.body
    assert (await slow.refused("PUT", path(slow), body()))[:2] == (409, "OperationNotAllowed")
    clock = slow.arm.clock
    assert isinstance(clock, ManualClock)
    clock.advance(3600)
    assert (await slow.get(path(slow)))["properties"]["provisioningState"] == "Succeeded"


BAD = {
    "no pool": ({"agentPoolProfiles": None}, "InvalidParameter"),
    "no prefix": ({"dnsPrefix": None}, "InvalidParameter"),
    "bad pool name": ({"agentPoolProfiles": [{"name": "Pool_1"}]}, "InvalidParameter"),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_bodies(cloud: Cloud, case: str) -> None:
    change, code = BAD[case]
    wanted = body()
    wanted["properties"] |= change
    assert (await cloud.refused("PUT", path(cloud), wanted))[:2] == (400, code)


async def test_a_cluster_without_an_identity_and_names(cloud: Cloud) -> None:
    wanted = body()
    del wanted["identity"]
    assert (await cloud.refused("PUT", path(cloud), wanted))[:2] == (400, "ServicePrincipalNotFound")
    assert (await cloud.refused("PUT", path(cloud, "-x"), body()))[:2] == (400, "InvalidParameter")
    nowhere = body(cloud.id("virtualNetworks/none/subnets/s"))
    assert (await cloud.refused("PUT", path(cloud), nowhere))[:2] == (400, "InvalidResourceReference")


async def test_empty_texts_are_like_none(cloud: Cloud) -> None:
    """terraform-provider-azurerm 5.2.0 sends them so with every new cluster and pool."""
    wanted = body(podCidr="", networkPluginMode="")
    wanted["properties"] |= {"nodeResourceGroup": "", "kubernetesVersion": ""}
    wanted["properties"]["agentPoolProfiles"][0] |= {"kubeletDiskType": "", "vmSize": ""}
    wanted["tags"] = {"empty": ""}
    found = await make(cloud, wanted)
    properties = found["properties"]
    assert properties["nodeResourceGroup"] == "MC_rg_aks_westeurope"
    assert properties["kubernetesVersion"] == properties["currentKubernetesVersion"] == "1.33.2"
    assert properties["agentPoolProfiles"][0]["kubeletDiskType"] == "OS"
    assert properties["agentPoolProfiles"][0]["vmSize"] == "Standard_DS2_v2"
    assert found["tags"] == {"empty": ""}
    pool = f"{path(cloud)}/agentPools/more"
    answer = await cloud.call("PUT", pool, {"properties": {"count": 1, "kubeletDiskType": "", "vmSize": ""}})
    assert (answer.status, answer.body["properties"]["kubeletDiskType"]) == (201, "OS")
