# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.Resources/deployments, in a resource group or in the subscription."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.locations import LOCATIONS, canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.resources import deployment as deployments
from innergate_sandbox.arm.providers.resources import what_if
from innergate_sandbox.arm.providers.resources.deployment import RUNNING, Deployment
from innergate_sandbox.arm.providers.resources.place import TYPE, Json
from innergate_sandbox.store import Entity

NAMESPACE = "Microsoft.Resources"


class ResourcesProvider:
    """Deployments."""

    namespace = NAMESPACE
    api_version = "2024-03-01"

    def setup(self, ctx: Context) -> None:
        """Go on with deployments that a former process left: what they made already is only written again."""
        for entity in ctx.store.find(TYPE):
            if entity.body["properties"]["provisioningState"] in RUNNING:
                ctx.spawn(_resume(ctx, entity))

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        kinds, word = tuple(kind.lower() for kind in request.types), (request.action or "").lower()
        if not kinds and word == "deployments" and request.method == "GET":
            depth = request.scope.count("/") + 4
            found = [one for one in ctx.store.find(TYPE, request.scope) if one.id.count("/") == depth]
            return ArmResponse.ok({"value": [_shown(entity) for entity in found]})
        if not kinds or kinds[0] != "deployments":
            kind = "/".join([*request.types, *([request.action] if request.action else [])])
            raise errors.invalid_type(NAMESPACE, kind, request.api_version)
        group = f"/resourceGroups/{request.resource_group}" if request.resource_group else ""
        id = f"/subscriptions/{request.subscription}{group}/providers/{TYPE}/{request.names[0]}"
        entity = ctx.store.get(id)
        if kinds == ("deployments",) and not word:
            return await self._one(request, ctx, id, entity)
        if kinds == ("deployments",) and word in ("validate", "whatif") and request.method == "POST":
            return await _tried(request, ctx, id, word)
        if entity is None:
            raise _not_found(request)
        return _below(request, ctx, entity, kinds[1:], word)

    async def _one(self, request: ArmRequest, ctx: Context, id: str, entity: Entity | None) -> ArmResponse:
        match request.method:
            case "HEAD":
                return ArmResponse(204 if entity else 404)
            case "PUT":
                return _put(request, ctx, id, entity)
            case "DELETE":
                if entity is None:
                    return ArmResponse.no_content()
                _refuse_running(entity)
                ctx.store.delete(id)
                return ArmResponse.no_content()
            case "GET" if entity is None:
                raise _not_found(request)
            case "GET":
                return ArmResponse.ok(_shown(ctx.store.require(id)))
        raise errors.method_not_allowed(request)

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Nothing here uses the sandbox's operations: a deployment ends when its resources are there."""


def _not_found(request: ArmRequest) -> ArmError:
    return gateway_error(404, "DeploymentNotFound", f"Deployment '{request.names[0]}' could not be found.")


def _refuse_running(entity: Entity) -> None:
    if entity.body["properties"]["provisioningState"] in RUNNING:
        message = (
            f"Unable to edit or replace deployment '{entity.name}': previous deployment from "
            f"'{entity.body['properties']['timestamp']}' is still active. Please see https://aka.ms/arm-deploy for "
            "usage details."
        )
        raise gateway_error(409, "DeploymentActive", message)


def _wanted(request: ArmRequest, ctx: Context, id: str) -> Deployment:
    """The deployment that a request describes; an ArmError for what cannot be."""
    body = errors.require_object(request)
    location = body.get("location")
    if request.resource_group:
        group = ctx.store.require(f"/subscriptions/{request.subscription}/resourceGroups/{request.resource_group}")
        where = str(group.body["location"])
    elif not location or canonical(str(location)) not in LOCATIONS:
        message = "The 'location' property must be specified for deployments at subscription scope."
        raise gateway_error(400, "LocationRequired", message)
    else:
        where = canonical(str(location))
    if len(request.names[0]) > 64:
        message = f"The provided deployment name '{request.names[0]}' has more than 64 characters."
        raise gateway_error(400, "InvalidDeploymentName", message)
    place = deployments.place_of(request, ctx, where, request.names[0])
    found = Deployment(ctx, id, request.properties, place, request.principal)
    found.check()
    return found


def _put(request: ArmRequest, ctx: Context, id: str, old: Entity | None) -> ArmResponse:
    if old:
        _refuse_running(old)
    wanted = _wanted(request, ctx, id)
    if old:
        ctx.store.delete(id)
    body = errors.require_object(request)
    location = None if request.resource_group else wanted.place.location
    entity = wanted.keep(location, body.get("tags"))
    ctx.spawn(wanted.run())
    url = (
        f"{request.base_url}{entity.id}/operationStatuses/{entity.hidden['operation']}"
        f"?api-version={request.api_version}"
    )
    return ArmResponse(200 if old else 201, _shown(entity), {"Azure-AsyncOperation": url, "Retry-After": "1"})


async def _tried(request: ArmRequest, ctx: Context, id: str, word: str) -> ArmResponse:
    """POST validate and whatIf: nothing is made."""
    wanted = _wanted(request, ctx, id)
    if word == "whatif":
        return ArmResponse.ok({"status": "Succeeded", "properties": {"changes": await what_if.changes(wanted)}})
    properties = {**wanted.shown(), "provisioningState": "Succeeded", "duration": "PT0S"}
    properties["validatedResources"] = [{"id": one.id} for one in wanted.planned if not one.existing]
    return ArmResponse.ok({"id": id, "name": request.names[0], "type": TYPE, "properties": properties})


async def _resume(ctx: Context, entity: Entity) -> None:
    again = deployments.resumed(ctx, entity)
    again.check()
    await again.run()


def _shown(entity: Entity) -> Json:
    return {"id": entity.id, "name": entity.name, "type": TYPE, **entity.body}


def _below(request: ArmRequest, ctx: Context, entity: Entity, kinds: tuple[str, ...], word: str) -> ArmResponse:
    if not kinds and request.method == "POST" and word == "exporttemplate":
        return ArmResponse.ok({"template": entity.hidden["wanted"]["template"]})
    if not kinds and request.method == "POST" and word == "cancel":
        message = "The deployment cannot be cancelled: it is not active, or the sandbox is about to end it."
        raise gateway_error(409, "DeploymentCannotBeCancelled", message)
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    if kinds in (("operationstatuses",), ("operations",)):
        return _poll(entity) if kinds == ("operationstatuses",) else _operation(request, entity)
    if not kinds and word == "operations":
        return ArmResponse.ok({"value": [_step(entity, one) for one in entity.hidden["operations"]]})
    raise errors.invalid_type(NAMESPACE, "/".join(["deployments", *kinds, word]), request.api_version)


def _poll(entity: Entity) -> ArmResponse:
    properties = entity.body["properties"]
    found: dict[str, Any] = {"status": properties["provisioningState"]}
    if properties.get("error"):
        found["error"] = properties["error"]
    return ArmResponse(200, found, {"Retry-After": "1"} if found["status"] in RUNNING else {})


def _step(entity: Entity, one: Json) -> Json:
    return {"id": f"{entity.id}/operations/{one['id']}", "operationId": one["id"], "properties": one["properties"]}


def _operation(request: ArmRequest, entity: Entity) -> ArmResponse:
    for one in entity.hidden["operations"]:
        if one["id"].lower() == request.names[1].lower():
            return ArmResponse.ok(_step(entity, one))
    message = f"Deployment operation '{request.names[1]}' could not be found."
    raise gateway_error(404, "DeploymentOperationNotFound", message)


PROVIDER = ResourcesProvider()
