# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.Authorization."""

from __future__ import annotations

import re
from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.authorization.roles import ROLES, shown
from innergate_sandbox.arm.providers.network import accept
from innergate_sandbox.arm.providers.network.declaration import Struct, Text
from innergate_sandbox.store import Entity, id_key

NAMESPACE = "Microsoft.Authorization"
ASSIGNMENT, DEFINITION = f"{NAMESPACE}/roleAssignments", f"{NAMESPACE}/roleDefinitions"
REQUEST = Struct({"properties": Struct({"roleDefinitionId": Text(), "principalId": Text(), "principalType": Text()})})
_KEPT = ("roleDefinitionId", "principalId", "principalType", "description", "condition", "conditionVersion")


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CONDITION = r"\s*(?:atScope\(\)|principalId eq '[^']*'|assignedTo\('[^']*'\))\s*"
_FILTER = re.compile(rf"{_CONDITION}(?:and{_CONDITION})*", re.IGNORECASE)
"""What the list of assignments takes; the error says so (Azure/azure-rest-api-specs 28255)."""


class AuthorizationProvider:
    """Roles and who has them."""

    namespace = NAMESPACE
    api_version = "2022-04-01"

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        kind = request.types[0].lower() if request.types else (request.action or "").lower()
        if kind == "roledefinitions" and request.method == "GET":
            return _definitions(request, ctx)
        if kind == "roleassignments":
            return _assignments(request, ctx)
        if kind in ("roledefinitions", "permissions"):
            if kind == "permissions" and request.method == "GET":
                return ArmResponse.ok({"value": [{"actions": ["*"], "notActions": []}]})
            raise errors.method_not_allowed(request)
        raise errors.invalid_type(NAMESPACE, "/".join(request.types) or str(request.action), request.api_version)

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Nothing here takes time."""


def _definitions(request: ArmRequest, ctx: Context) -> ArmResponse:
    if request.names:
        found = [role for role in ROLES if role.id == request.names[0].lower()]
        if not found:
            message = f"The specified role definition with ID '{request.names[0]}' does not exist."
            raise ArmError(404, "RoleDefinitionDoesNotExist", message)
        return ArmResponse.ok(shown(found[0], request.subscription))
    wanted = re.search(r"roleName eq '([^']*)'", request.lookup("$filter") or "", re.IGNORECASE)
    roles = [role for role in ROLES if not wanted or role.name.lower() == wanted[1].lower()]
    return ArmResponse.ok({"value": [shown(role, request.subscription) for role in roles]})


def _assignments(request: ArmRequest, ctx: Context) -> ArmResponse:
    if not request.names:
        return _list(request, ctx)
    found = ctx.store.get(request.id)
    if request.method == "PUT":
        return _put(request, ctx, found)
    if request.method == "DELETE":
        if found is None:
            return ArmResponse.no_content()
        ctx.store.delete(request.id)
        return ArmResponse.ok(_shown(found))
    if request.method not in ("GET", "HEAD"):
        raise errors.method_not_allowed(request)
    if found is None:
        raise ArmError(404, "RoleAssignmentNotFound", f"The role assignment '{request.names[0]}' is not found.")
    return ArmResponse.ok(_shown(found))


def _list(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Assignments at the scope, above and below it; $filter knows atScope() and principalId."""
    if request.method != "GET":
        raise errors.method_not_allowed(request)
    condition = request.lookup("$filter") or ""
    if condition and not _FILTER.fullmatch(condition):
        message = (
            f"The filter '{condition}' is not supported. Supported filters are either 'atScope()' or 'principalId eq "
            "'{value}' or assignedTo('{value}')'."
        )
        raise ArmError(400, "UnsupportedQuery", message)
    principal = re.search(r"(?:principalId eq|assignedTo\()\s*'([^']*)'", condition)
    here = id_key(request.scope) if request.scope else ""
    value = []
    for entity in ctx.store.find(ASSIGNMENT):
        scope = id_key(entity.body["properties"]["scope"])
        above = here == scope or here.startswith(scope.rstrip("/") + "/")
        below = scope.startswith(here + "/") and "atscope()" not in condition.lower()
        mine = principal is None or entity.body["properties"]["principalId"] == principal[1]
        if (above or below) and mine:
            value.append(_shown(entity))
    return ArmResponse.ok({"value": value})


def _put(request: ArmRequest, ctx: Context, found: Entity | None) -> ArmResponse:
    if not _GUID.fullmatch(request.names[0]):
        message = f"The role assignment ID '{request.names[0]}' is not valid. The role assignment ID must be a GUID."
        raise ArmError(400, "InvalidRoleAssignmentId", message)
    given = accept.whole(REQUEST, errors.require_object(request)).get("properties") or {}
    for name in ("roleDefinitionId", "principalId"):
        if not given.get(name):
            raise ArmError(400, "InvalidRoleAssignmentRequest", f"The role assignment request lacks '{name}'.")
    if not _GUID.fullmatch(str(given["principalId"])):
        raise ArmError(400, "InvalidPrincipalId", "A valid principal ID must be provided for role assignment.")
    scope = request.scope or "/"
    wanted: dict[str, Any] = {key: given[key] for key in _KEPT if given.get(key) is not None}
    if found is not None and any(
        found.body["properties"][key] != wanted[key] for key in ("roleDefinitionId", "principalId")
    ):
        message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        raise ArmError(400, "RoleAssignmentUpdateNotPermitted", message)
    for other in ctx.store.find(ASSIGNMENT):
        same = other.body["properties"]
        if (
            id_key(other.id) != id_key(request.id)
            and id_key(same["scope"]) == id_key(scope)
            and same["principalId"] == wanted["principalId"]
            and same["roleDefinitionId"].lower() == wanted["roleDefinitionId"].lower()
        ):
            message = f"The role assignment already exists. The ID of the existing role assignment is {other.name}."
            raise ArmError(409, "RoleAssignmentExists", message)
    wanted.setdefault("principalType", "ServicePrincipal")
    moment = f"{ctx.clock.now():%Y-%m-%dT%H:%M:%S.%fZ}"
    kept = found.body["properties"] if found else {"createdOn": moment, "createdBy": request.principal.object_id}
    stamps = {"createdOn": kept["createdOn"], "createdBy": kept["createdBy"]}
    stamps |= {"updatedOn": moment, "updatedBy": request.principal.object_id}
    entity = ctx.store.put(request.id, ASSIGNMENT, {"properties": {**wanted, "scope": scope, **stamps}})
    return ArmResponse(201, _shown(entity))


def _shown(entity: Entity) -> dict[str, Any]:
    return {"id": entity.id, "name": entity.name, "type": ASSIGNMENT, **entity.body}


PROVIDER = AuthorizationProvider()
