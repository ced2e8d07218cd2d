# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Federated credentials of user-assigned identities: whose tokens are taken for theirs.

Written from the contract (go-azure-sdk, managedidentity 2024-11-30) and Microsoft Learn,
workload-identity-federation-considerations: an identity has 20 at most.
"""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import accept
from innergate_sandbox.arm.providers.network.declaration import Struct, Text, Texts
from innergate_sandbox.store import Entity

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
MOST = 20
BODY = Struct({"properties": Struct({"issuer": Text(), "subject": Text(), "audiences": Texts()})})


def answer(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a request for one credential."""
    found = ctx.store.get(request.id)
    if request.method == "PUT":
        return _write(request, ctx, found)
    if request.method == "DELETE":
        return ArmResponse.ok() if ctx.store.delete(request.id) else ArmResponse.no_content()
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    if found is None:
        raise errors.resource_not_found(request)
    return ArmResponse.ok(_shown(found))


def listing(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a request for all credentials of an identity."""
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    if ctx.store.get(request.id) is None:
        raise errors.resource_not_found(request)
    return ArmResponse.ok({"value": [_shown(entity) for entity in ctx.store.children(request.id, TYPE)]})


def _write(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    identity = request.id.rsplit("/", 2)[0]
    if ctx.store.get(identity) is None:
        raise errors.parent_not_found(request)
    properties = accept.whole(BODY, errors.require_object(request)).get("properties", {})
    for name in ("issuer", "subject", "audiences"):
        if not properties.get(name):
            raise ArmError(400, "BadRequest", f"The property '{name}' of a federated identity credential is required.")
    if found is None and len(ctx.store.children(identity, TYPE)) >= MOST:
        raise ArmError(400, "BadRequest", f"An identity has {MOST} federated identity credentials at most.")
    written = ctx.store.put(request.id, TYPE, {"properties": properties})
    return ArmResponse(200 if found else 201, _shown(written))


def _shown(entity: Entity) -> dict[str, Any]:
    return {"id": entity.id, "name": entity.name, "type": TYPE, **entity.body}
