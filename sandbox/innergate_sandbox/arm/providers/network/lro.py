# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long-running operations as the network provider announces and answers them (cloud-provider-azure recordings)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
from typing import Any

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import faults

PATIENCE = 0.1
"""Wall seconds for which an answer to a poll is held back at most."""

_EPOCH = 62_135_596_800  # seconds from the year 1, where ticks begin, to 1970


def url(request: ArmRequest, operation: Operation, *, results: bool = False) -> str:
    """Return the URL of an operation, with the signature keys t, c, s, h as Azure appends them."""
    kind = "operationResults" if results else "operations"
    ticks = int((operation.started + _EPOCH) * 10_000_000)
    seal = hashlib.sha256(operation.id.encode()).digest()
    sign = base64.urlsafe_b64encode(seal).decode().rstrip("=")
    return (
        f"{request.base_url}/subscriptions/{request.subscription}/providers/Microsoft.Network/locations/"
        f"{operation.data['location']}/{kind}/{operation.id}?api-version={request.api_version}"
        f"&t={ticks}&c=MII{sign}&s={sign[::-1]}&h={sign[:22]}"
    )


def headers(request: ArmRequest, operation: Operation, *, location: bool = False) -> dict[str, str]:
    """Return the headers that announce an operation; `location`: also the URL of its result (202)."""
    found = {"Azure-AsyncOperation": url(request, operation), "Azure-AsyncNotification": "Enabled"}
    return found | ({"Location": url(request, operation, results=True)} if location else {})


def accept(request: ArmRequest, ctx: Context, resource_id: str, location: str, result: Any = None) -> ArmResponse:
    """Start the operation of an action and answer 202; `result` is what its Location answers at the end."""
    operation = ctx.operations.start(
        provider="Microsoft.Network",
        kind="Post",
        resource_id=resource_id,
        azure_seconds=3.0,
        data={"location": location, "name": "PostOperation", "result": result},
    )
    return ArmResponse(202, None, headers(request, operation, location=True))


def remaining(ctx: Context, operation: Operation) -> float:
    """Return the wall seconds until an operation ends."""
    return max(0.0, operation.due - ctx.clock.time())


async def answer(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer a poll: `.../locations/{location}/operations/{id}` or `.../operationResults/{id}`.

    One that is about to end is waited for: no client polls more often than once in a second, and with Azure's time made
    short that would be most of its waiting.
    """
    operation = ctx.operations.poll(request.names[1])
    if operation is not None and operation.running and remaining(ctx, operation) < PATIENCE:
        await asyncio.sleep(remaining(ctx, operation) + 0.001)
        ctx.operations.complete_due()
        operation = ctx.operations.get(operation.id)
    if operation is None:
        message = f"The entity was not found. Operation {request.names[1]}."
        raise gateway_error(404, "NotFound", message)
    wait = {"Retry-After": str(max(1, math.ceil(remaining(ctx, operation))))}
    if request.types[1].lower() == "operations":
        body: dict[str, Any] = {"status": operation.status}
        if operation.error:
            body["error"] = operation.error
        return ArmResponse(200, body, wait if operation.running else {})
    if operation.running:
        return ArmResponse(202, None, wait | headers(request, operation, location=True))
    if operation.error:
        raise _as_error(operation.error)
    result = operation.data.get("result")
    return ArmResponse(204 if result is None else 200, result)


def _as_error(error: dict[str, Any]) -> ArmError:
    details = [(item.get("code", ""), item.get("message", "")) for item in error.get("details") or []]
    return faults.refused(error.get("code", "InternalServerError"), error.get("message", ""), *details)
