# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the cluster lives: names as AKS makes them, read from the managed cluster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from innergate_sandbox.kubernetes.node import objects
from innergate_sandbox.kubernetes.place import Place, Subnet, default_place, from_managed_cluster

SUB = "11111111-2222-3333-4444-555555555555"
ID = f"/subscriptions/{SUB}/resourceGroups/Demo-RG/providers/Microsoft.ContainerService/managedClusters/aks-demo"
SUBNET = f"/subscriptions/{SUB}/resourceGroups/Demo-RG/providers/Microsoft.Network/virtualNetworks/Net/subnets/Nodes"


def body(**pool: Any) -> dict[str, Any]:
    return {
        "location": "westeurope",
        "properties": {
            "nodeResourceGroup": "MC_demo",
            "agentPoolProfiles": [{"name": "pool1", "count": 2, **pool}],
            "networkProfile": {"serviceCidr": "10.100.0.0/16", "podCidr": "10.245.0.0/16"},
        },
    }


def test_a_cluster_in_a_network_of_the_users() -> None:
    found = from_managed_cluster(body(vnetSubnetID=SUBNET), ID, {SUBNET.lower(): Subnet("10.1.0.0/16", "/nsg")})
    assert found == Place(
        subscription=SUB,
        group="Demo-RG",
        cluster="aks-demo",
        location="westeurope",
        node_group="MC_demo",
        vnet_group="Demo-RG",
        vnet="Net",
        subnet="Nodes",
        node_prefix="10.1.0.0/16",
        service_cidr="10.100.0.0/16",
        pod_cidr="10.245.0.0/16",
        pool="pool1",
        nodes=2,
        security_group="/nsg",
    )


def test_a_cluster_in_a_network_of_its_own() -> None:
    group = f"/subscriptions/{SUB}/resourcegroups/mc_demo"
    own = f"{group}/providers/microsoft.network/virtualnetworks/aks-vnet-1/subnets/aks-subnet"
    found = from_managed_cluster(body(), ID, {own: Subnet("10.224.0.0/16")})
    assert found is not None and (found.vnet, found.subnet, found.vnet_group) == ("aks-vnet-1", "aks-subnet", "mc_demo")


def test_a_cluster_whose_subnet_is_missing_is_nowhere_yet() -> None:
    assert from_managed_cluster(body(vnetSubnetID=SUBNET), ID, {}) is None
    assert from_managed_cluster(body(), ID, {}) is None


def test_names_of_nodes() -> None:
    place = default_place(SUB, "westeurope")
    assert len(place.number) == 8 and place.number.isdigit()
    assert place.node_name(0) == f"aks-nodepool1-{place.number}-vmss000000"
    assert place.node_name(11).endswith("vmss00000b")
    assert place.node_address(0) == "10.224.0.4"
    assert place.provider_id(2).endswith(f"/virtualMachineScaleSets/{place.scale_set}/virtualMachines/2")


@pytest.mark.parametrize(
    ("size", "pods", "cpu", "memory"),
    [
        ("Standard_D2s_v5", 110, "1900m", "6044Mi"),
        ("Standard_D8s_v5", 30, "7820m", "32018Mi"),
        ("odd", 110, "1900m", "6044Mi"),
    ],
)
def test_a_machine_keeps_something_for_itself(size: str, pods: int, cpu: str, memory: str) -> None:
    dummy, allocatable = objects.machine(size, pods)
    assert (allocatable["cpu"], allocatable["memory"], allocatable["pods"]) == (cpu, memory, str(pods))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("MC_rg_aks_westeurope", "MC_rg_aks_westeurope"),
        ("MC_" + "g" * 77, "MC_" + "g" * 60),
        ("g" * 62 + "_" + "g" * 10, "g" * 62 + "z"),
        ("a(b)", "a-b-z"),
        ("ends.", "ends.z"),
    ],
)
def test_long_names_of_groups_become_labels(name: str, shown: str) -> None:
    """Azure/AgentBaker, normalizeResourceGroupNameForLabel; Kubernetes refuses a node with anything longer."""
    place = replace(default_place(SUB, "westeurope"), node_group=name, subnet=name)
    labels = objects.node(place, 0, known=True)["metadata"]["labels"]
    assert labels["kubernetes.azure.com/cluster"] == labels["kubernetes.azure.com/network-subnet"] == shown


def test_nodes_are_ready_and_know_where_they_are() -> None:
    place = default_place(SUB, "westeurope")
    node = objects.node(place, 1, known=True)
    assert node["metadata"]["labels"]["topology.kubernetes.io/zone"] == "westeurope-2"
    assert node["metadata"]["labels"]["kubernetes.azure.com/cluster"] == place.node_group
    assert node["spec"]["providerID"] == place.provider_id(1)
    assert "providerID" not in objects.node(place, 1, known=False)["spec"]
    status = objects.status(place, 1, "now", "then", "v1.36.3", 10250)
    assert {"type": "InternalIP", "address": "10.224.0.5"} in status["addresses"]
    assert [item["status"] for item in status["conditions"] if item["type"] == "Ready"] == ["True"]
