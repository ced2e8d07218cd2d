# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long-running operations of services: how they are answered, and polled.

2021-08-01 and older: only a Location; polling gives 202 with Retry-After and in the end 200 with the whole resource.
2022-08-01 and newer: Azure-AsyncOperation and Location, both the same; polling gives 200 with a status (azure-cli
recordings test_apim_managed_identity and test_apim_policy_operations).
"""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine.faults import not_found
from . import shape

PROVIDER = "Microsoft.ApiManagement"
BOTH_HEADERS_FROM = "2022-08-01"
SLOW = 60  # seconds that Azure asks pollers to wait


def start(
    ctx: Context,
    service: str,
    name: str,
    location: str,
    kind: str,
    seconds: float,
    *,
    data: dict[str, Any] | None = None,
    fail: ArmError | None = None,
    polls: int = 1,
) -> Operation:
    """Start an operation of a service; its id is what base64 makes of "westus:NAME_Act_HASH", as Azure's is."""
    short = {"Activate": "Act", "Update": "Upd", "Delete": "Term", "Purge": "Term"}.get(kind, "ManageRole")
    text = f"{canonical(location)}:{name}_{short}_{secrets.token_hex(4)}"
    return ctx.operations.start(
        provider=PROVIDER,
        kind=kind,
        resource_id=service,
        azure_seconds=seconds,
        data=data or {},
        fail=fail,
        min_polls=polls,
        id=base64.b64encode(text.encode()).decode(),
    )


def headers(
    request: ArmRequest, operation: Operation, home: str, *, spelling: str | None = None, location_only: bool = False
) -> dict[str, str]:
    """The headers that lead to an operation; `home`: the id below which it is polled."""
    version = request.api_version
    both = version >= BOTH_HEADERS_FROM and not location_only
    # the recordings of 2021 and the examples spell it in small letters, the recording of 2025 does not
    word = spelling or ("operationResults" if both else "operationresults")
    url = f"{request.base_url}{quote(home)}/{word}/{quote(operation.id, safe='')}?api-version={version}"
    if not both:
        return {"location": url}
    url += "&asyncResponse"
    return {"location": url, "Azure-AsyncOperation": url}


def retry_after(ctx: Context) -> str:
    """Azure's 60 seconds on the sandbox's clock; never less than one."""
    return str(max(1, round(ctx.clock.scaled(SLOW))))


def poll(request: ArmRequest, ctx: Context, operation_id: str, service: Entity | None) -> ArmResponse:
    """GET of an operation of a service."""
    operation = ctx.operations.poll(operation_id)
    if operation is None:
        raise not_found("Operation")
    if request.lookup("asyncResponse") is not None:
        again = headers_again(request) | {"retry-after": retry_after(ctx)} if operation.running else {}
        body: dict[str, Any] = {"status": operation.status}
        if operation.error:
            body["error"] = operation.error
        return ArmResponse(200, body, again)
    if operation.running:
        return ArmResponse(202, None, {"location": request.url, "retry-after": retry_after(ctx)})
    if operation.error:
        raise ArmError(
            int(operation.data.get("status", 400)),
            operation.error["code"],
            operation.error["message"],
            details=operation.error.get("details"),
        )
    if "result" in operation.data:
        return ArmResponse(200, operation.data["result"])
    if service is None:
        return ArmResponse(200)
    return ArmResponse(200, shape.show(service, request.api_version))


def headers_again(request: ArmRequest) -> dict[str, str]:
    """A poll repeats both headers as long as the operation runs."""
    return {"location": request.url, "Azure-AsyncOperation": request.url}


def running(ctx: Context, service: str) -> bool:
    """Whether an operation of the service itself runs."""
    return any(op.resource_id.lower() == service.lower() for op in ctx.operations.running_for(service))
