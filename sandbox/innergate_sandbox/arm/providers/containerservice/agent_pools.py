# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent pools by themselves: added, changed, scaled and removed below their cluster.

They are kept in the cluster's `agentPoolProfiles`, as AKS shows them in both places. The sandbox's Kubernetes has the
nodes of the first pool only; the others exist in ARM (scale sets, addresses).
"""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmRequest
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.containerservice import document, infrastructure
from innergate_sandbox.arm.providers.network import accept
from innergate_sandbox.store import Entity

PROVIDER = "Microsoft.ContainerService"
CREATE_SECONDS, UPDATE_SECONDS, SCALE_SECONDS, DELETE_SECONDS = 180.0, 60.0, 120.0, 120.0
FIXED = ("vmSize", "osType", "osDiskSizeGB", "osDiskType", "maxPods", "vnetSubnetID", "availabilityZones", "type")
"""What a pool keeps as it was made (Learn, "Agent Pools - Create Or Update"; azurerm makes a new one for those)."""


def find(cluster: Entity, name: str) -> dict[str, Any] | None:
    """Return a pool of a cluster, whatever the case of its name."""
    pools: list[dict[str, Any]] = cluster.body["properties"]["agentPoolProfiles"]
    return next((pool for pool in pools if pool["name"].lower() == name.lower()), None)


def put(request: ArmRequest, ctx: Context, cluster: Entity, old: dict[str, Any] | None) -> Entity:
    """Return the cluster with the pool as it is wished; an ArmError for what AKS refuses. Nothing is kept yet."""
    body = accept.whole(document.AGENT_POOL, document.told(errors.require_object(request)))
    given = {key: value for key, value in (body.get("properties") or {}).items() if value is not None}
    name = old["name"] if old else request.names[1]
    document.check_pool_name(name)
    if old is None and not given.get("vmSize"):
        given["vmSize"] = document.POOL["vmSize"]
    for key in FIXED if old else ():
        if key in given and not _same(given[key], (old or {}).get(key)):
            message = f"Changing property 'properties.{key}' is not allowed."
            raise document.refused("PropertyChangeNotAllowed", message, f"properties.{key}")
    found = copy.deepcopy(cluster)
    properties = found.body["properties"]
    wished = document.pool({**(old or {}), **given, "name": name}, properties)
    pools = properties["agentPoolProfiles"]
    properties["agentPoolProfiles"] = [wished if old and pool["name"] == name else pool for pool in pools]
    if old is None:
        properties["agentPoolProfiles"].append(wished)
    _check_system(properties["agentPoolProfiles"])
    found.hidden["failed_pools"] = [one for one in found.hidden.get("failed_pools", []) if one != name]
    return found


def _same(one: Any, other: Any) -> bool:
    return str(one).lower() == str(other).lower() if isinstance(one, str) else bool(one == other)


def _check_system(pools: list[dict[str, Any]]) -> None:
    """A cluster has at least one node in a pool of mode System (Learn: "Manage system node pools")."""
    system = [pool for pool in pools if pool["mode"].lower() == "system"]
    if not system:
        raise document.refused("InvalidParameter", "There has to be at least one system agent pool.", "mode")
    if not any(int(pool["count"]) for pool in system):
        raise document.refused("InvalidParameter", "System agent pools have at least one node.", "count")


def start(ctx: Context, cluster: Entity, name: str, old: dict[str, Any] | None) -> Operation:
    """Start the operation of a write; it is called Creating, Scaling or Updating."""
    pool = find(cluster, name) or {}
    scaled = bool(old and old["count"] != pool["count"])
    word = "Creating" if old is None else "Scaling" if scaled else "Updating"
    seconds = {"Creating": CREATE_SECONDS, "Scaling": SCALE_SECONDS, "Updating": UPDATE_SECONDS}[word]
    return _start(ctx, cluster, pool["name"], "Put", seconds, word)


def delete(ctx: Context, cluster: Entity, name: str) -> Operation:
    """Start to remove a pool; an ArmError if the cluster cannot do without it."""
    pools = cluster.body["properties"]["agentPoolProfiles"]
    pool = find(cluster, name) or {}
    _check_system([one for one in pools if one is not pool])
    return _start(ctx, cluster, pool["name"], "Delete", DELETE_SECONDS, "Deleting")


def _start(ctx: Context, cluster: Entity, pool: str, kind: str, seconds: float, word: str) -> Operation:
    data = {"location": cluster.body["location"], "name": word, "pool": pool}
    target = f"{cluster.id}/agentPools/{pool}"
    return ctx.operations.start(
        provider=PROVIDER, kind=kind, resource_id=target, azure_seconds=seconds, data=data
    )  # fmt: skip


def complete(operation: Operation, ctx: Context, cluster: Entity) -> None:
    """Apply the end of an operation on a pool."""
    name = operation.data["pool"]
    if operation.error:
        failed = {*cluster.hidden.get("failed_pools", []), name}
        ctx.store.put(cluster.id, None, None, {**cluster.hidden, "failed_pools": sorted(failed)})
    elif operation.kind == "Delete":
        properties = cluster.body["properties"]
        properties["agentPoolProfiles"] = [one for one in properties["agentPoolProfiles"] if one["name"] != name]
        ctx.store.put(cluster)
        infrastructure.forget(ctx, cluster, name)
