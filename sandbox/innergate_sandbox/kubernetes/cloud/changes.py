# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Services concern the controller, and which changes of one do. Pure.

After the service controller of k8s.io/cloud-provider.
"""

from __future__ import annotations

from collections.abc import Iterable

from innergate_sandbox.kubernetes.api.client import Object

FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"


def wants_balancer(service: Object) -> bool:
    """Type LoadBalancer, and no class: one with a class is somebody else's."""
    return service["spec"].get("type") == "LoadBalancer" and not service["spec"].get("loadBalancerClass")


def has_finalizer(service: Object) -> bool:
    """Whether the Service waits for its load balancer to be cleaned up."""
    return FINALIZER in (service["metadata"].get("finalizers") or [])


def needs_cleanup(service: Object) -> bool:
    """It has a load balancer, but is being deleted or no longer wants one."""
    deleted = bool(service["metadata"].get("deletionTimestamp"))
    return has_finalizer(service) and (deleted or not wants_balancer(service))


def needs_update(old: Object, new: Object) -> tuple[bool, tuple[str, str] | None]:
    """(whether to look at the Service again, the event that says what changed: reason and message, or None)."""
    if not wants_balancer(old) and not wants_balancer(new):
        return False, None
    before, after = old["spec"], new["spec"]
    if wants_balancer(old) != wants_balancer(new):
        return True, ("Type", f"{before.get('type')} -> {after.get('type')}")
    ranges = [before.get("loadBalancerSourceRanges") or [], after.get("loadBalancerSourceRanges") or []]
    if ranges[0] != ranges[1]:
        return True, ("LoadBalancerSourceRanges", f"{_go(ranges[0])} -> {_go(ranges[1])}")
    if _ports(before) != _ports(after) or _differ(before, after, "sessionAffinity", "sessionAffinityConfig"):
        return True, None
    if _differ(before, after, "loadBalancerIP"):
        return True, ("LoadbalancerIP", f"{before.get('loadBalancerIP', '')} -> {after.get('loadBalancerIP', '')}")
    addresses = [before.get("externalIPs") or [], after.get("externalIPs") or []]
    if len(addresses[0]) != len(addresses[1]):
        return True, ("ExternalIP", f"Count: {len(addresses[0])} -> {len(addresses[1])}")
    for mine, theirs in zip(*addresses, strict=True):
        if mine != theirs:
            return True, ("ExternalIP", f"Added: {theirs}")
    if (old["metadata"].get("annotations") or {}) != (new["metadata"].get("annotations") or {}):
        return True, None
    for field, reason in (
        ("externalTrafficPolicy", "ExternalTrafficPolicy"),
        ("healthCheckNodePort", "HealthCheckNodePort"),
    ):
        if _differ(before, after, field):
            return True, (reason, f"{before.get(field, '')} -> {after.get(field, '')}")
    return _differ(before, after, "ipFamilies"), None


def balanced_nodes(nodes: Iterable[Object]) -> dict[str, str]:
    """Name -> address of the nodes that belong behind load balancers."""
    found: dict[str, str] = {}
    for node in nodes:
        meta, status = node["metadata"], node.get("status") or {}
        ready = any(item["type"] == "Ready" and item["status"] == "True" for item in status.get("conditions") or [])
        if not ready or meta.get("deletionTimestamp") or EXCLUDED in (meta.get("labels") or {}):
            continue
        for item in status.get("addresses") or []:
            if item["type"] == "InternalIP":
                found.setdefault(meta["name"], item["address"])
    return found


def _ports(spec: Object) -> list[tuple[object, ...]]:
    # Not targetPort: it is of no importance for the load balancer.
    return [
        (item.get("name"), item.get("protocol"), item.get("port"), item.get("nodePort"), item.get("appProtocol"))
        for item in spec.get("ports") or []
    ]


def _differ(before: Object, after: Object, *fields: str) -> bool:
    return any(before.get(field) != after.get(field) for field in fields)


def _go(items: list[str]) -> str:
    return f"[{' '.join(items)}]"
