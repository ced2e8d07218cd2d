# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.ContainerService."""

from __future__ import annotations

import base64
import copy
import uuid
from datetime import UTC, datetime
from typing import Any

from innergate_sandbox.arm import errors, regions
from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.containerservice import (
    agent_pools,
    document,
    infrastructure,
    power,
    run_command,
)
from innergate_sandbox.arm.providers.network import accept, lro
from innergate_sandbox.arm.providers.network.route import scope
from innergate_sandbox.store import Entity

NAMESPACE = "Microsoft.ContainerService"
TYPE = f"{NAMESPACE}/managedClusters"
KUBECONFIG = "kubernetes/kubeconfig"  # the store's key under which the sandbox's Kubernetes tells how to reach it
CREATE_SECONDS, UPDATE_SECONDS, DELETE_SECONDS = 300.0, 60.0, 240.0
_CREDENTIALS = {
    "listclusterusercredential": "clusterUser",
    "listclusteradmincredential": "clusterAdmin",
    "listclustermonitoringusercredential": "clusterMonitoringUser",
}


class ContainerServiceProvider:
    """Managed clusters."""

    namespace = NAMESPACE
    api_version = "2025-05-01"

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        kind = request.types[0].lower() if request.types else (request.action or "").lower()
        if kind == "locations" and len(request.types) == 2:
            return _poll(request, ctx)
        if kind == "locations" and (request.action or "").lower() == "kubernetesversions" and request.method == "GET":
            return ArmResponse.ok({"values": [document.release()]})
        if kind == "locations" and (request.action or "").lower() == "orchestrators" and request.method == "GET":
            return ArmResponse.ok(document.orchestrators(request.id))
        if kind != "managedclusters":
            raise errors.invalid_type(NAMESPACE, "/".join(request.types) or str(request.action), request.api_version)
        if not request.types:
            under = f"/subscriptions/{request.subscription}"
            if request.resource_group:
                under += f"/resourceGroups/{request.resource_group}"
            return ArmResponse.ok({"value": [_shown(entity, ctx) for entity in ctx.store.find(TYPE, under)]})
        root = f"{scope(request, ctx.store)}/providers/{TYPE}/{request.names[0]}"
        entity = ctx.store.get(root)
        if len(request.types) == 1 and not request.action:
            return await self._cluster(request, ctx, root, entity)
        if entity is None and request.method == "PUT":
            raise errors.parent_not_found(request)
        if entity is None:
            raise errors.resource_not_found(request)
        return await _below(request, ctx, entity)

    async def _cluster(self, request: ArmRequest, ctx: Context, root: str, entity: Entity | None) -> ArmResponse:
        if request.method == "PUT":
            return await _put(request, ctx, root, entity)
        if request.method == "DELETE":
            return _delete(request, ctx, entity)
        if entity is None:
            raise errors.resource_not_found(request)
        if request.method == "GET":
            return ArmResponse.ok(_shown(entity, ctx))
        if request.method == "PATCH":
            body = accept.whole(document.CLUSTER, errors.require_object(request))
            kept = {**entity.body, **({"tags": body["tags"] or {}} if "tags" in body else {})}
            return ArmResponse.ok(_shown(ctx.store.put(root, None, kept), ctx))
        raise errors.method_not_allowed(request)

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Apply the end of an operation."""
        root = operation.resource_id.partition("/agentPools/")[0]
        entity = ctx.store.get(root)
        if entity is None:
            return
        if root != operation.resource_id:
            agent_pools.complete(operation, ctx, entity)
        elif operation.kind in power.KINDS:
            power.complete(operation, ctx, entity)
        elif operation.kind == "Delete" and not operation.error:
            ctx.store.delete(entity.id)
        elif operation.error and operation.kind == "Put":
            ctx.store.put(entity.id, None, None, {**entity.hidden, "failed": True})


# -- writing --------------------------------------------------------------------------------------------------------


async def _put(request: ArmRequest, ctx: Context, root: str, old: Entity | None) -> ArmResponse:
    sent = document.told(errors.require_object(request), "networkProfile", "agentPoolProfiles")
    location = regions.of(request, old.body["location"] if old else None)
    body = accept.whole(document.CLUSTER, sent)
    _idle(ctx, root)
    if old:
        power.check(old)
    document.check(request.names[0], body, new=old is None)
    before = old.body["properties"] if old else None
    properties = document.complete(root, {**body, "location": location}, before, ctx.settings)
    infrastructure.check(request, ctx, properties)
    identity = document.identity(body.get("identity"), ctx.settings) or (old.body.get("identity") if old else None)
    kept = {
        "location": location,
        **({"tags": body["tags"]} if body.get("tags") is not None else {}),
        "sku": {"name": "Base", "tier": "Free", **(body.get("sku") or {})},
        **({"identity": identity} if identity else {}),
        "properties": properties,
    }
    entity = ctx.store.put(
        root, TYPE, kept, {"guid": str(uuid.uuid4())} if old is None else {**old.hidden, "failed": False}
    )
    await infrastructure.build(request, ctx, entity)
    seconds = CREATE_SECONDS if old is None else UPDATE_SECONDS
    operation = _start(request, ctx, entity, "Put", seconds, created=old is None)
    return ArmResponse(200 if old else 201, _shown(entity, ctx), {"Azure-AsyncOperation": _url(request, operation)})


def _idle(ctx: Context, root: str) -> None:
    running = ctx.operations.running_for(root)
    if running:
        message = (
            f"Operation is not allowed: Another operation ({running[0].data['name']}) is in progress, please wait for "
            "it to finish before starting a new operation."
        )
        raise document.refused("OperationNotAllowed", message, status=409)


def _start(
    request: ArmRequest, ctx: Context, entity: Entity, kind: str, seconds: float, *, created: bool = False
) -> Operation:
    name = {"Put": "Creating" if created else "Updating", "Delete": "Deleting"}[kind]
    data = {"location": entity.body["location"], "name": name, "created": created}
    return ctx.operations.start(
        provider=NAMESPACE, kind=kind, resource_id=entity.id, azure_seconds=seconds, data=data
    )  # fmt: skip


def _accepted(request: ArmRequest, operation: Operation) -> ArmResponse:
    head = {"Azure-AsyncOperation": _url(request, operation), "Location": _url(request, operation, results=True)}
    return ArmResponse(202, None, head)


def _delete(request: ArmRequest, ctx: Context, entity: Entity | None) -> ArmResponse:
    if entity is None:
        return ArmResponse.no_content()
    running = [operation for operation in ctx.operations.running_for(entity.id) if operation.kind == "Delete"]
    if not running:
        infrastructure.tear_down(ctx, entity)
    return _accepted(request, running[0] if running else _start(request, ctx, entity, "Delete", DELETE_SECONDS))


# -- operations -----------------------------------------------------------------------------------------------------


def _url(request: ArmRequest, operation: Operation, *, results: bool = False) -> str:
    url = lro.url(request, operation, results=results).replace("Microsoft.Network", NAMESPACE)
    return url.replace("operationResults", "operationresults")


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _poll(request: ArmRequest, ctx: Context) -> ArmResponse:
    operation = ctx.operations.poll(request.names[1])
    if operation is None:
        raise gateway_error(404, "NotFound", f"The entity was not found. Operation {request.names[1]}.")
    if request.types[1].lower() == "operationresults":
        if operation.running:
            return ArmResponse(202, None, {"Location": request.url})
        return ArmResponse(204 if operation.kind == "Delete" else 200)
    body: dict[str, Any] = {"name": operation.id, "status": operation.status, "startTime": _moment(operation.started)}
    if operation.ended:
        body["endTime"] = _moment(operation.ended)
    if operation.error:
        body["error"] = operation.error
    return ArmResponse.ok(body)


# -- reading --------------------------------------------------------------------------------------------------------


def _shown(entity: Entity, ctx: Context) -> dict[str, Any]:
    running = {
        operation.resource_id.lower(): operation.data["name"] for operation in ctx.operations.running_for(entity.id)
    }
    own = running.get(entity.id.lower())
    state = own or ("Updating" if running else "Failed" if entity.hidden.get("failed") else "Succeeded")
    shown = {"id": entity.id, "name": entity.name, "type": TYPE, **copy.deepcopy(entity.body)}
    shown["properties"] = {"provisioningState": state, **shown["properties"]}
    failed = entity.hidden.get("failed_pools", [])
    for pool in shown["properties"]["agentPoolProfiles"]:
        at_rest = "Failed" if pool["name"] in failed or (entity.hidden.get("failed") and not running) else "Succeeded"
        pool["provisioningState"] = own or running.get(f"{entity.id}/agentPools/{pool['name']}".lower(), at_rest)
    return shown


async def _below(request: ArmRequest, ctx: Context, entity: Entity) -> ArmResponse:
    kinds, word = [kind.lower() for kind in request.types[1:]], (request.action or "").lower()
    if not kinds and word in _CREDENTIALS and request.method == "POST":
        return _credential(ctx, _CREDENTIALS[word])
    if kinds == ["accessprofiles"] and word == "listcredential" and request.method == "POST":
        return _credential(ctx, request.names[1])
    if not kinds and word in power.ACTIONS and request.method == "POST":
        _idle(ctx, entity.id)
        return _accepted(request, power.act(ctx, entity, word))
    if kinds == ["agentpools"] and not word and request.method in ("PUT", "DELETE"):
        return await _write_pool(request, ctx, entity)
    if not kinds and word == "runcommand" and request.method == "POST":
        power.check(entity)
        return run_command.begin(request, ctx, entity, _kubeconfig(ctx))
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    if kinds == ["commandresults"] and not word:
        return run_command.result(request, ctx, entity, request.names[1])
    pools = [_agent_pool(entity, pool) for pool in _shown(entity, ctx)["properties"]["agentPoolProfiles"]]
    if not kinds and word == "agentpools":
        return ArmResponse.ok({"value": pools})
    if kinds == ["agentpools"] and not word:
        found = [pool for pool in pools if pool["name"].lower() == request.names[1].lower()]
        if not found:
            raise document.refused("NotFound", f"Could not find the agentpool: {request.names[1]}.", status=404)
        return ArmResponse.ok(found[0])
    if kinds == ["upgradeprofiles"] and not word:
        return ArmResponse.ok(_upgrades(entity))
    if not kinds and word in ("maintenanceconfigurations", "privateendpointconnections", "trustedaccessrolebindings"):
        return ArmResponse.ok({"value": []})
    kind = "/".join([*request.types, *([request.action] if request.action else [])])
    raise errors.invalid_type(NAMESPACE, kind, request.api_version)


async def _write_pool(request: ArmRequest, ctx: Context, entity: Entity) -> ArmResponse:
    name = request.names[1]
    old = agent_pools.find(entity, name)
    if request.method == "DELETE" and old is None:
        return ArmResponse.no_content()
    _idle(ctx, entity.id)
    power.check(entity)
    if request.method == "DELETE":
        return _accepted(request, agent_pools.delete(ctx, entity, name))
    entity = agent_pools.put(request, ctx, entity, old)
    infrastructure.check(request, ctx, entity.body["properties"])
    entity = ctx.store.put(entity)
    await infrastructure.build(request, ctx, entity)
    operation = agent_pools.start(ctx, entity, name, old)
    shown = _shown(entity, ctx)["properties"]["agentPoolProfiles"]
    (pool,) = [pool for pool in shown if pool["name"].lower() == name.lower()]
    head = {"Azure-AsyncOperation": _url(request, operation)}
    return ArmResponse(200 if old else 201, _agent_pool(entity, pool), head)


def _agent_pool(entity: Entity, pool: dict[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in pool.items() if key != "name"}
    head = {"id": f"{entity.id}/agentPools/{pool['name']}", "name": pool["name"], "type": f"{TYPE}/agentPools"}
    return {**head, "properties": properties}


def _upgrades(entity: Entity) -> dict[str, Any]:
    version = entity.body["properties"]["kubernetesVersion"]
    plane = {"kubernetesVersion": version, "osType": "Linux", "upgrades": []}
    profile = {"controlPlaneProfile": plane, "agentPoolProfiles": []}
    own = f"{entity.id}/upgradeprofiles/default"
    return {"id": own, "name": "default", "type": f"{TYPE}/upgradeprofiles", "properties": profile}


def _credential(ctx: Context, name: str) -> ArmResponse:
    value = base64.b64encode(_kubeconfig(ctx).encode()).decode()
    return ArmResponse.ok({"kubeconfigs": [{"name": name, "value": value}]})


def _kubeconfig(ctx: Context) -> str:
    """Return the kubeconfig of the sandbox's Kubernetes; an ArmError while there is none."""
    text = str(ctx.store.kv_get(KUBECONFIG) or "")
    if not text:
        file = ctx.settings.state / "kubeconfig"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
    if not text:
        message = "The cluster has no control plane: the sandbox runs without Kubernetes, or it has not started yet."
        raise ArmError(409, "OperationNotAllowed", message)
    return text


PROVIDER = ContainerServiceProvider()
