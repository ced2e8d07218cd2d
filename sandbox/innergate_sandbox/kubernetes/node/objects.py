# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Node objects as AKS makes them."""

from __future__ import annotations

import re

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.place import Place

_MIB = 1024
OWNER = "innergate.azure/sandbox"
"""Label of virtual nodes: the subscription of the sandbox that they belong to."""
LONGEST_LABEL = 63


def machine(size: str, max_pods: int) -> tuple[Object, Object]:
    """(capacity, allocatable) of a VM size, as far as its name tells: the D series has 4 GiB for each virtual CPU.

    AKS keeps 60 to 260 millicores and a quarter of the memory, or less if few pods are allowed, for itself
    (Microsoft Learn: aks node-resource-reservations).
    """
    match = re.match(r"Standard_[A-Z]+(\d+)", size)
    cpus = int(match[1]) if match else 2
    kept = next(cost for limit, cost in ((1, 60), (2, 100), (4, 140), (8, 180), (1 << 30, 260)) if cpus <= limit)
    memory = cpus * 4 * _MIB
    kept_memory = min(20 * max_pods + 50, memory // 4)
    common = {"pods": str(max_pods), "hugepages-2Mi": "0"}
    return (
        {"cpu": str(cpus), "memory": f"{memory}Mi", "ephemeral-storage": "129886128Ki", **common},
        {
            "cpu": f"{cpus * 1000 - kept}m",
            "memory": f"{memory - kept_memory - 100}Mi",  # 100 MiB: the eviction threshold
            "ephemeral-storage": "119703055367",
            **common,
        },
    )


def label(name: str) -> str:
    """The name of an Azure resource as the value of a label: at most 63 characters, and a letter or digit at the end.

    AKS does so with the node resource group (Azure/AgentBaker, `normalizeResourceGroupNameForLabel`).
    """
    found = name.replace("(", "-").replace(")", "-")[:LONGEST_LABEL]
    return f"{found[: LONGEST_LABEL - 1]}z" if found.endswith(("-", "_", ".")) else found


def node(place: Place, index: int, *, known: bool, routed: bool = True) -> Object:
    """The Node without its status.

    `known` is false while ARM has no cluster: then there is no providerID. `routed` is false in a user's cluster:
    without a podCIDR, its network does not try to route to pods that are local processes.
    """
    name, pool = place.node_name(index), place.pool
    zone = f"{place.location}-{index % 3 + 1}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                OWNER: place.subscription,
                "agentpool": pool,
                "kubernetes.azure.com/agentpool": pool,
                "kubernetes.azure.com/cluster": label(place.node_group),
                "kubernetes.azure.com/mode": "system",
                "kubernetes.azure.com/nodepool-type": "VirtualMachineScaleSets",
                "kubernetes.azure.com/os-sku": "Ubuntu",
                "kubernetes.azure.com/role": "agent",
                "kubernetes.azure.com/network-name": label(place.vnet),
                "kubernetes.azure.com/network-resourcegroup": label(place.vnet_group),
                "kubernetes.azure.com/network-subnet": label(place.subnet),
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "beta.kubernetes.io/arch": "amd64",
                "beta.kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": place.size,
                "beta.kubernetes.io/instance-type": place.size,
                "topology.kubernetes.io/region": place.location,
                "topology.kubernetes.io/zone": zone,
                "failure-domain.beta.kubernetes.io/region": place.location,
                "failure-domain.beta.kubernetes.io/zone": zone,
            },
        },
        "spec": ({"podCIDR": pod_cidr(place, index), "podCIDRs": [pod_cidr(place, index)]} if routed else {})
        | ({"providerID": place.provider_id(index)} if known else {}),
    }


def status(place: Place, index: int, now: str, since: str, version: str, kubelet_port: int | None) -> Object:
    """The Node's status: Ready. Times are timestamps; `kubelet_port` is where logs can be had, None: nowhere."""
    conditions = [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ]
    capacity, allocatable = machine(place.size, place.max_pods)
    return {
        "capacity": capacity,
        "allocatable": allocatable,
        "addresses": [
            {"type": "InternalIP", "address": place.node_address(index)},
            {"type": "Hostname", "address": place.node_name(index)},
        ],
        "conditions": [
            {
                "type": kind,
                "status": value,
                "reason": reason,
                "message": message,
                "lastHeartbeatTime": now,
                "lastTransitionTime": since,
            }
            for kind, value, reason, message in conditions
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet_port or 0}},
        "nodeInfo": {
            "architecture": "amd64",
            "bootID": "",
            "containerRuntimeVersion": "innergate://0.1",
            "kernelVersion": "5.15.0-1081-azure",
            "kubeProxyVersion": version,
            "kubeletVersion": version,
            "machineID": "",
            "operatingSystem": "linux",
            "osImage": "Ubuntu 22.04.5 LTS",
            "systemUUID": "",
        },
    }


def pod_cidr(place: Place, index: int) -> str:
    """The /24 of the pod network that belongs to the nth node."""
    first, second, *dummy = place.pod_cidr.split(".")
    return f"{first}.{second}.{index}.0/24"


def owner(item: Object) -> str | None:
    """The subscription of the sandbox that a Node belongs to, None for nodes of others."""
    found: str | None = (item["metadata"].get("labels") or {}).get(OWNER)
    return found
