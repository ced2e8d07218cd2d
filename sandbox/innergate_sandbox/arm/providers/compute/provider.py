# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.Compute."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm import errors, regions
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.compute import machines
from innergate_sandbox.arm.providers.network import accept
from innergate_sandbox.arm.providers.network.declaration import Items, Number, Ref, Refs, Struct, Text
from innergate_sandbox.store import Entity, Store

NAMESPACE = "Microsoft.Compute"
TYPE = f"{NAMESPACE}/virtualMachineScaleSets"
_TOP = ("sku", "tags", "zones", "identity", "plan")
# What the network provider answers below machines; the sandbox has neither cloud services nor public node addresses.
_EMPTY = ("publicipaddresses", "roleinstances")


_CONFIGURATION = Struct({"subnet": Ref(), "loadBalancerBackendAddressPools": Refs(Ref())})
_INTERFACE = Struct({"ipConfigurations": Items(Struct({"name": Text(), "properties": _CONFIGURATION}))})
_PROFILE = Struct({"networkInterfaceConfigurations": Items(Struct({"name": Text(), "properties": _INTERFACE}))})
_MODEL = Struct({"osProfile": Struct({"computerNamePrefix": Text()}), "networkProfile": _PROFILE})
SCALE_SET = Struct(
    {
        "location": Text(),
        "tags": Struct({}),
        "sku": Struct({"name": Text(), "capacity": Number(0, 1000)}),
        "properties": Struct({"virtualMachineProfile": _MODEL}),
    }
)
MACHINE = Struct({"properties": Struct({"networkProfileConfiguration": _PROFILE})})


class ComputeProvider:
    """Scale sets and their machines."""

    namespace = NAMESPACE
    api_version = "2025-04-01"

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        kind = request.types[0].lower() if request.types else (request.action or "").lower()
        with ctx.store.transaction():
            if kind == "virtualmachinescalesets":
                return self._scale_sets(request, ctx)
            if kind == "virtualmachines" and not request.types and request.method == "GET":
                return ArmResponse.ok({"value": []})
            if kind == "cloudservices" and request.method == "GET" and request.action:
                return ArmResponse.ok({"value": []})
            if kind in ("virtualmachines", "cloudservices") and request.method in ("GET", "DELETE"):
                if request.method == "DELETE":
                    return ArmResponse.no_content()
                raise errors.resource_not_found(request)
        raise errors.invalid_type(NAMESPACE, "/".join(request.types) or str(request.action), request.api_version)

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Nothing here takes time."""

    def _scale_sets(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        if not request.types:
            under = f"/subscriptions/{request.subscription}"
            if request.resource_group:
                under += f"/resourceGroups/{request.resource_group}"
            return ArmResponse.ok({"value": [_shown(entity) for entity in ctx.store.find(TYPE, under)]})
        root = "/".join(request.id.split("/")[:9])
        entity = ctx.store.get(root)
        if len(request.types) == 1 and not request.action:
            return self._scale_set(request, ctx, root, entity)
        if entity is None:
            raise errors.resource_not_found(request)
        return _below(request, ctx, entity)

    def _scale_set(self, request: ArmRequest, ctx: Context, root: str, entity: Entity | None) -> ArmResponse:
        if request.method == "PUT":
            _precondition(request, entity)
            return _put(request, ctx, root, entity)
        if request.method == "DELETE":
            gone = ctx.store.delete(root)
            ctx.signal("network-changed", id=root)
            return ArmResponse.ok() if gone else ArmResponse.no_content()
        if entity is None:
            raise errors.resource_not_found(request)
        if request.method == "GET":
            return ArmResponse.ok(_shown(entity))
        if request.method == "PATCH":
            body = accept.whole(SCALE_SET, errors.require_object(request))
            kept = entity.body | {key: body[key] for key in ("tags", "sku") if key in body}
            return ArmResponse.ok(_shown(resize(ctx.store, ctx.store.put(root, None, kept))))
        raise errors.method_not_allowed(request)


def _precondition(request: ArmRequest, entity: Entity | None) -> None:
    wanted = (request.headers.get("If-Match") or "*").strip()
    current = f'"{entity.version}"' if entity else "none"
    if wanted not in ("*", current):
        message = f"The condition '{wanted}' in the If-Match header was not satisfied. The current ETag is '{current}'."
        raise ArmError(412, "PreconditionFailed", message)


def _put(request: ArmRequest, ctx: Context, root: str, old: Entity | None) -> ArmResponse:
    sent = errors.require_object(request)
    location = regions.of(request, old.body["location"] if old else None)
    body = accept.whole(SCALE_SET, sent)
    document = {
        "location": location,
        **{key: body[key] for key in _TOP if body.get(key) is not None},
        "properties": _without(body.get("properties") or {}, ("provisioningState", "uniqueId", "timeCreated")),
    }
    entity = create_scale_set(ctx.store, root, document)
    ctx.signal("network-changed", id=root)
    return ArmResponse(200 if old else 201, _shown(entity))


def _without(value: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in keys and item is not None}


def create_scale_set(
    store: Store, scale_set_id: str, body: dict[str, Any], prefix: str = "", extra: int | None = None
) -> Entity:
    """Write a scale set and make its machines; an ArmError if the subnet is full.

    prefix: of their computer names. extra: how many addresses beside its own each takes (for pods).
    """
    profile = (body.get("properties") or {}).get("virtualMachineProfile") or {}
    named = prefix or (profile.get("osProfile") or {}).get("computerNamePrefix")
    with store.transaction():
        found = store.get(scale_set_id)
        hidden = dict(found.hidden) if found else {}
        if named:
            hidden["prefix"] = named
        if extra is not None:
            hidden["extra"] = extra
        return resize(store, store.put(scale_set_id, TYPE, body, hidden))


def resize(store: Store, entity: Entity) -> Entity:
    """Make as many machines as the capacity says."""
    found = machines.fill(store, entity)
    return store.put(entity.id, None, None, {**entity.hidden, "machines": found})


def _shown(entity: Entity) -> dict[str, Any]:
    properties = {"provisioningState": "Succeeded", **entity.body["properties"]}
    head = {"name": entity.name, "id": entity.id, "type": TYPE, "etag": f'"{entity.version}"'}
    return copy.deepcopy({**head, **entity.body, "properties": properties})


# -- below a scale set ----------------------------------------------------------------------------------------------


def _below(request: ArmRequest, ctx: Context, entity: Entity) -> ArmResponse:
    kinds = [kind.lower() for kind in request.types[1:]]
    word = (request.action or "").lower()
    found: dict[str, Any] = entity.hidden.get("machines") or {}
    if not kinds:
        return _of_scale_set(request, word, entity, found)
    if kinds[0] != "virtualmachines" or request.names[1] not in found:
        raise errors.resource_not_found(request)
    instance = request.names[1]
    machine = found[instance]
    if len(kinds) == 1 and not word:
        return _machine(request, ctx, entity, instance, machine)
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    if word == "instanceview":
        return ArmResponse.ok(machines.instance_view(machine))
    if len(kinds) == 1 and word == "networkinterfaces":
        return ArmResponse.ok({"value": [machines.interface(entity, instance, machine)]})
    if word in _EMPTY:
        return ArmResponse.ok({"value": []})
    if kinds[1] != "networkinterfaces" or request.names[2].lower() != machine["interface"].lower():
        raise errors.resource_not_found(request)
    interface = machines.interface(entity, instance, machine)
    configurations = interface["properties"]["ipConfigurations"]
    if word == "ipconfigurations":
        return ArmResponse.ok({"value": configurations})
    if len(kinds) == 2 and not word:
        return ArmResponse.ok(interface)
    if len(kinds) == 3 and kinds[2] == "ipconfigurations" and request.names[3].lower() == "ipconfig1" and not word:
        return ArmResponse.ok(configurations[0])
    raise errors.resource_not_found(request)


def _of_scale_set(request: ArmRequest, word: str, entity: Entity, found: dict[str, Any]) -> ArmResponse:
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    view = "instanceview" in (request.lookup("$expand") or "").lower()
    if word == "virtualmachines":
        value = [machines.shown(entity, name, machine, view=view) for name, machine in found.items()]
    elif word == "networkinterfaces":
        value = [machines.interface(entity, name, machine) for name, machine in found.items()]
    elif word in _EMPTY:
        value = []
    elif word == "instanceview":
        summary = [{"code": "ProvisioningState/succeeded", "count": len(found)}]
        return ArmResponse.ok({"virtualMachine": {"statusesSummary": summary}})
    elif word == "skus":
        value = [{"resourceType": TYPE, "sku": entity.body.get("sku") or {}}]
    else:
        raise errors.invalid_type(NAMESPACE, f"virtualMachineScaleSets/{request.action}", request.api_version)
    return ArmResponse.ok({"value": value})


def _machine(request: ArmRequest, ctx: Context, entity: Entity, instance: str, machine: dict[str, Any]) -> ArmResponse:
    view = "instanceview" in (request.lookup("$expand") or "").lower()
    if request.method == "GET":
        return ArmResponse.ok(machines.shown(entity, instance, machine, view=view))
    if request.method != "PUT":
        raise errors.method_not_allowed(request)
    _precondition(request, entity)
    body = accept.whole(MACHINE, errors.require_object(request))
    profile = (body.get("properties") or {}).get("networkProfileConfiguration") or {}
    for configuration in profile.get("networkInterfaceConfigurations") or []:
        for inner in (configuration.get("properties") or {}).get("ipConfigurations") or []:
            machine = {**machine, "pools": machines.pools(inner.get("properties") or {})}
    found = {**entity.hidden["machines"], instance: machine}
    entity = ctx.store.put(entity.id, None, None, {**entity.hidden, "machines": found})
    ctx.signal("network-changed", id=entity.id)
    return ArmResponse.ok(machines.shown(entity, instance, machine, view=view))


PROVIDER = ComputeProvider()
