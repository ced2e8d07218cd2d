# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.ManagedIdentity.

Written from the contracts of azure-mgmt-msi (2023-01-31) and go-azure-sdk (2024-11-30, with isolationScope). The
identities are names: nobody can sign in with them (those that can are the tenant's own, see `settings`).
"""

from __future__ import annotations

import uuid
from typing import Any

from innergate_sandbox.arm import errors, regions
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import accept
from innergate_sandbox.arm.providers.network.declaration import Struct, Text
from innergate_sandbox.store import Entity

from . import credentials

NAMESPACE = "Microsoft.ManagedIdentity"
TYPE = f"{NAMESPACE}/userAssignedIdentities"
SCOPES = ("None", "Regional")
ISOLATED = "2024-11-30"
"""The first api-version that has `isolationScope`."""
BODY = Struct({"location": Text(), "properties": Struct({"isolationScope": Text(SCOPES)})})


class ManagedIdentity:
    """User-assigned identities."""

    namespace = NAMESPACE
    api_version = "2023-01-31"

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        kinds, word = [kind.lower() for kind in request.types], (request.action or "").lower()
        if not kinds and word == "userassignedidentities":
            return _list(request, ctx)
        with ctx.store.transaction():
            if kinds == ["userassignedidentities", "federatedidentitycredentials"] and not word:
                return credentials.answer(request, ctx)
            if kinds == ["userassignedidentities"] and word == "federatedidentitycredentials":
                return credentials.listing(request, ctx)
        if kinds != ["userassignedidentities"] or word:
            kind = "/".join([*request.types, *([request.action] if request.action else [])])
            raise errors.invalid_type(NAMESPACE, kind, request.api_version)
        with ctx.store.transaction():
            return _answer(request, ctx, ctx.store.get(request.id))

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Nothing here takes time."""


def _list(request: ArmRequest, ctx: Context) -> ArmResponse:
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    group = f"/resourceGroups/{request.resource_group}" if request.resource_group else ""
    found = ctx.store.find(TYPE, f"/subscriptions/{request.subscription}{group}")
    return ArmResponse.ok({"value": [_shown(request, entity) for entity in found]})


def _answer(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    if request.method == "PUT":
        return _write(request, ctx, found)
    if request.method == "DELETE":
        return ArmResponse.ok() if ctx.store.delete(request.id) else ArmResponse.no_content()
    if found is None:
        raise errors.resource_not_found(request)
    if request.method == "PATCH":
        return _write(request, ctx, found)
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    return ArmResponse.ok(_shown(request, found))


def _write(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    sent = errors.require_object(request)
    here = found.body["location"] if found else None
    location = here if here and request.method == "PATCH" else regions.of(request, here)
    body = accept.whole(BODY, sent)
    held = found.body["tags"] if found and request.method == "PATCH" else {}
    tags = body.get("tags", held)
    accept.check_tags(tags)
    ids = {"principalId": str(uuid.uuid4()), "clientId": str(uuid.uuid4()), "tenantId": ctx.settings.tenant_id}
    properties = dict(found.body["properties"] if found else ids)
    scope = body.get("properties", {}).get("isolationScope")
    if scope or request.method == "PUT":
        properties["isolationScope"] = scope or SCOPES[0]
    written = ctx.store.put(request.id, TYPE, {"location": location, "tags": tags, "properties": properties})
    return ArmResponse(200 if found else 201, _shown(request, written))


def _shown(request: ArmRequest, entity: Entity) -> dict[str, Any]:
    properties = {"isolationScope": SCOPES[0]} | entity.body["properties"]
    if request.api_version < ISOLATED:
        del properties["isolationScope"]
    return {"id": entity.id, "name": entity.name, "type": TYPE, **entity.body, "properties": properties}


PROVIDER = ManagedIdentity()
