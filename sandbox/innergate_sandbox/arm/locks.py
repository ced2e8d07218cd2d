# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Management locks: Microsoft.Authorization/locks at any scope, and what they forbid."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm.errors import (
    gateway_error,
    invalid_type,
    method_not_allowed,
    require_object,
    resource_group_not_found,
    resource_not_found,
    scope_locked,
)
from innergate_sandbox.arm.message import ArmRequest, ArmResponse, parse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity, id_key, parent_id

TYPE = "Microsoft.Authorization/locks"
_RESERVED = re.compile(r"[<>%&:\\?/\x00-\x1f\x7f]")
LEVELS = {"cannotdelete": "CanNotDelete", "readonly": "ReadOnly"}


def addresses(request: ArmRequest) -> bool:
    """Say whether a request is about locks."""
    if (request.provider or "").lower() != "microsoft.authorization":
        return False
    return "locks" in (*(word.lower() for word in request.types[:1]), (request.action or "").lower())


async def handle(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer PUT, GET, DELETE of a lock and the list of a scope's locks."""
    if len(request.types) > 1 or (request.names and request.action):
        kind = "/".join((*request.types, request.action or "")).rstrip("/")
        raise invalid_type("Microsoft.Authorization", kind, request.api_version)
    if not request.names:
        if request.method != "GET":
            raise method_not_allowed(request)
        found = ctx.store.find(TYPE, request.scope)
        above = [lock for lock in ctx.store.find(TYPE) if _covers(lock, request.scope) and lock not in found]
        return ArmResponse.ok({"value": [_shown(lock) for lock in above + found]})
    found_one = ctx.store.get(request.id)
    if request.method == "PUT":
        return _put(request, ctx, found_one)
    if request.method == "DELETE":
        return ArmResponse.ok() if ctx.store.delete(request.id) else ArmResponse.no_content()
    if request.method != "GET":
        raise method_not_allowed(request)
    if found_one is None:
        raise gateway_error(404, "LockNotFound", f"The lock '{request.names[-1]}' could not be found.")
    return ArmResponse.ok(_shown(found_one))


def _put(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    require_object(request)
    _check_name(request.names[-1])
    _check_scope(request, ctx)
    given = request.properties
    level = LEVELS.get(str(given.get("level", "")).lower())
    if level is None:
        message = f"The lock level '{given.get('level')}' is invalid. Allowed levels are 'CanNotDelete,ReadOnly'."
        raise gateway_error(400, "InvalidLockLevel", message)
    kept: dict[str, Any] = {"level": level} | {key: given[key] for key in ("notes", "owners") if key in given}
    lock = ctx.store.put(request.id, TYPE, {"properties": kept})
    return ArmResponse(200 if found else 201, _shown(lock))


def _check_name(name: str) -> None:
    """Refuse a name that the contract rules out (azure-mgmt-resource, ManagementLocksOperations)."""
    if len(name) > 260 or _RESERVED.search(name):
        message = (
            f"The lock name '{name}' is invalid. It can be a maximum of 260 characters, and it cannot contain "
            "<, >, %, &, :, \\, ?, /, or any control characters."
        )
        raise gateway_error(400, "InvalidLockName", message)


def _check_scope(request: ArmRequest, ctx: Context) -> None:
    """Refuse to lock a group or a top-level resource that does not exist."""
    if request.resource_group is None:
        return
    group = f"/subscriptions/{request.subscription}/resourceGroups/{request.resource_group}"
    if ctx.store.get(group) is None:
        raise resource_group_not_found(request.resource_group)
    top = request.scope.split("/")[:9]
    if len(top) == 9 and ctx.store.get("/".join(top)) is None:
        raise resource_not_found(parse("GET", quote("/".join(top))))


def _shown(lock: Entity) -> dict[str, Any]:
    return {"id": lock.id, "type": TYPE, "name": lock.name, **lock.body}


def _covers(lock: Entity, scope: str) -> bool:
    locked = id_key(parent_id(lock.id))
    return (id_key(scope) + "/").startswith(locked + "/")


def check(request: ArmRequest, ctx: Context) -> None:
    """Raise ScopeLocked if a lock on the addressed thing, or on what contains it, forbids the request.

    CanNotDelete forbids DELETE; ReadOnly every write and POST. A resource group with a locked resource in it cannot be
    deleted either. Locks do not protect themselves, else they could never be removed.
    """
    if request.method in ("GET", "HEAD") or addresses(request):
        return
    verb = "delete" if request.method == "DELETE" else "write"
    deletes_container = request.method == "DELETE" and request.provider is None
    locked = []
    for lock in ctx.store.find(TYPE):
        scope = parent_id(lock.id)
        forbids = verb == "delete" or lock.body["properties"]["level"] == "ReadOnly"
        inside = deletes_container and (id_key(scope) + "/").startswith(id_key(request.id) + "/")
        if forbids and (_covers(lock, request.id) or inside) and scope not in locked:
            locked.append(scope)
    if locked:
        raise scope_locked(request.id, locked, verb)
