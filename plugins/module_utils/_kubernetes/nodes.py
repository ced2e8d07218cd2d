# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a Service of type NodePort can be reached. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def is_local(service: Mapping[str, Any]) -> bool:
    """Whether only nodes with a ready pod of the Service answer (externalTrafficPolicy Local)."""
    return (service.get("spec") or {}).get("externalTrafficPolicy") == "Local"


def is_ready(node: Mapping[str, Any]) -> bool:
    """Whether a node is ready and takes traffic of load balancers."""
    labels = (node.get("metadata") or {}).get("labels") or {}
    if "node.kubernetes.io/exclude-from-external-load-balancers" in labels:
        return False
    conditions = (node.get("status") or {}).get("conditions") or []
    return any(item.get("type") == "Ready" and item.get("status") == "True" for item in conditions)


def internal_address(node: Mapping[str, Any]) -> str:
    """The InternalIP of a node; empty if it has none."""
    addresses = (node.get("status") or {}).get("addresses") or []
    return next((str(item["address"]) for item in addresses if item.get("type") == "InternalIP"), "")


def with_endpoints(slices: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the nodes on which a ready pod of the Service runs, from its EndpointSlices."""
    found: set[str] = set()
    for item in slices:
        for endpoint in item.get("endpoints") or []:
            # A missing condition counts as ready (Kubernetes API: EndpointConditions).
            if (endpoint.get("conditions") or {}).get("ready") is not False and endpoint.get("nodeName"):
                found.add(str(endpoint["nodeName"]))
    return found


def addresses(
    service: Mapping[str, Any], nodes: Iterable[Mapping[str, Any]], slices: Iterable[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The nodes that answer: C(node) and C(address), by name. With the policy Local only those with a ready pod."""
    local, able = is_local(service), with_endpoints(slices)
    found = []
    for node in nodes:
        name = str((node.get("metadata") or {}).get("name") or "")
        if is_ready(node) and internal_address(node) and (not local or name in able):
            found.append({"node": name, "address": internal_address(node)})
    return sorted(found, key=lambda item: item["node"])


def why_none(
    service: Mapping[str, Any], nodes: Iterable[Mapping[str, Any]], slices: Iterable[Mapping[str, Any]]
) -> str:
    """Why no node answers, as a sentence without the Service's name."""
    nodes = list(nodes)
    ready = [node for node in nodes if is_ready(node)]
    if not nodes:
        return "the cluster has no nodes"
    if not ready:
        return f"none of the {len(nodes)} nodes of the cluster is ready"
    if not any(internal_address(node) for node in ready):
        return "no ready node has an InternalIP"
    if not with_endpoints(slices):
        return "it has no ready pod (and its externalTrafficPolicy is Local)"
    return "its ready pods are on nodes that are not ready (and its externalTrafficPolicy is Local)"
