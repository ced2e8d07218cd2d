# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of single entities: the style with asyncId.

Up to 2021-08-01 a write answers 202 with an empty body and a Location, the entity's own URL with asyncId and asyncCode;
polling it gives 202 and in the end the code with the entity (azure-cli recordings of named values and imports). Newer
versions answer at once, with a body that says InProgress and an Azure-AsyncOperation besides (contract of the SDKs);
where that leads is a setting, `entity_operation_form`.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..settings import Settings
from .answers import answer, load
from .call import Call
from .faults import not_found

PROVIDER = "Microsoft.ApiManagement"
KIND = "entity"


def begin(call: Call, azure_seconds: float, failure: ArmError | None = None) -> Operation:
    """Start the operation of a write or deletion, before anything is applied: if it has a `failure`, nothing is."""
    return call.ctx.operations.start(
        provider=PROVIDER,
        kind=KIND,
        resource_id=call.id,
        azure_seconds=azure_seconds,
        fail=failure,
        id=secrets.token_hex(12),
    )


def started(call: Call, operation: Operation, entity: Entity, status: int) -> ArmResponse:
    """The answer to a write whose operation has begun."""
    headers = _headers(call, operation, status)
    if call.version < call.settings.entity_operation_body_from:
        return ArmResponse(202, None, {"location": headers["location"]})
    return answer(call, entity, status, written=True, headers=headers)


def deleted(call: Call, operation: Operation) -> ArmResponse:
    """The answer to a deletion whose operation has begun."""
    return ArmResponse(202, None, _headers(call, operation, 204))


def _headers(call: Call, operation: Operation, code: int) -> dict[str, str]:
    base, version = call.request.base_url, f"api-version={call.version}"
    own = f"{base}{quote(_entity(call))}?{version}"
    status = f"{base}{quote(call.service_id)}/tenant/operationResults/{operation.id}?{version}"
    if call.settings.entity_operation_form == "entity":
        status = f"{own}&azure-asyncId={operation.id}"
    return {"location": f"{own}&asyncId={operation.id}&asyncCode={code}", "Azure-AsyncOperation": status}


def _entity(call: Call) -> str:
    """The path of the entity, also for an action on it."""
    path = call.request.path
    return path.rpartition("/")[0] if call.route.kind == "action" else path


def poll(call: Call, async_id: str) -> ArmResponse:
    """GET of an entity with asyncId: 202 while its operation runs, then asyncCode (200 if none was given)."""
    operation = call.ctx.operations.poll(async_id)
    if operation is None:
        raise not_found("Operation")
    if operation.running:
        return ArmResponse(202, None, _again(call.settings) | {"location": call.request.url})
    if operation.error:
        raise ArmError(
            400,
            operation.error.get("code", "ValidationError"),
            operation.error.get("message", ""),
            details=operation.error.get("details"),
        )
    code = call.request.lookup("asyncCode") or "200"
    if code == "204":
        return ArmResponse(204)
    entity = load(call)
    if entity is None:
        raise not_found(call.resource.noun)
    return answer(call, entity, int(code))


def poll_status(call: Call, async_id: str) -> ArmResponse:
    """GET of an entity with azure-asyncId: 202 while its operation runs, then the bare entity, or how it has failed.

    (A failure in this form: tests of a public client that quote a live gateway; 202 is as of asyncId.)
    """
    operation = call.ctx.operations.poll(async_id)
    if operation is None:
        raise not_found("Operation")
    if operation.running:
        return ArmResponse(202, None, _again(call.settings) | {"Azure-AsyncOperation": call.request.url})
    if operation.error:
        return ArmResponse(200, {"status": operation.status, "error": operation.error})
    entity = load(call)
    if entity is None:
        raise not_found(call.resource.noun)
    found = answer(call, entity)
    found.body["properties"].pop("provisioningState", None)
    return found


def result(ctx: Context, settings: Settings, operation: Operation) -> ArmResponse:
    """GET of tenant/operationResults/{id}: the operation of an entity."""
    body: dict[str, Any] = {"id": operation.id, "name": operation.id, "status": operation.status}
    if operation.error:
        body["error"] = operation.error
    if "result" in operation.data and not operation.running:
        body |= operation.data["result"]
    return ArmResponse(200, body, _again(settings) if operation.running else {})


def _again(settings: Settings) -> dict[str, str]:
    seconds = settings.entity_retry_after
    return {} if seconds is None else {"retry-after": str(seconds)}
