# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping and starting a managed cluster.

A stopped cluster keeps everything and takes no changes but to be started or deleted (Learn, "Stop and start an AKS
cluster"). The sandbox's Kubernetes goes on meanwhile.
"""

from __future__ import annotations

from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.containerservice.document import refused
from innergate_sandbox.store import Entity

ACTIONS = {"stop": ("Stop", "Stopping"), "start": ("Start", "Starting")}
KINDS = {"Stop": "Stopped", "Start": "Running"}
SECONDS = 240.0


def check(cluster: Entity) -> None:
    """Refuse a change of a stopped cluster (409; the words are not known)."""
    if cluster.body["properties"]["powerState"]["code"] == "Stopped":
        message = "Operation is not allowed: the managed cluster is stopped. Start it first."
        raise refused("OperationNotAllowed", message, status=409)


def act(ctx: Context, cluster: Entity, action: str) -> Operation:
    """Start to stop or to start it; what is in the wanted state already stays there."""
    kind, word = ACTIONS[action]
    data = {"location": cluster.body["location"], "name": word}
    return ctx.operations.start(
        provider="Microsoft.ContainerService", kind=kind, resource_id=cluster.id, azure_seconds=SECONDS, data=data
    )  # fmt: skip


def complete(operation: Operation, ctx: Context, cluster: Entity) -> None:
    """Apply the end; one that failed changes nothing."""
    if operation.error:
        return
    code = {"code": KINDS[operation.kind]}
    cluster.body["properties"]["powerState"] = code
    for pool in cluster.body["properties"]["agentPoolProfiles"]:
        pool["powerState"] = code
    ctx.store.put(cluster)
