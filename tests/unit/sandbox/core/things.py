# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource provider as small as one can be, for tests of what stands in front of providers."""

from __future__ import annotations

import asyncio
from typing import Any

from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context

NAMESPACE = "Contoso.Things"


class Things:
    """`things`: PUT starts an operation of `azureSeconds`; a thing that another one `uses` cannot be deleted."""

    namespace = NAMESPACE

    def __init__(self) -> None:
        """Remember what ended, and what was asked."""
        self.ended: list[tuple[str, str]] = []
        self.asked: list[ArmRequest] = []
        self.refuse_completion: list[ArmError] = []
        self.over = asyncio.Event()

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request."""
        self.asked.append(request)
        if request.action:
            return ArmResponse.ok({"value": [thing.body for thing in ctx.store.children(request.id, self.kind())]})
        if request.method == "PUT":
            return self._put(request, ctx)
        found = ctx.store.get(request.id)
        if request.method == "DELETE":
            return self._delete(request, ctx)
        if found is None:
            raise ArmError(404, "ResourceNotFound", f"no {request.id}")
        return ArmResponse.ok(found.body)

    @staticmethod
    def kind() -> str:
        """The type."""
        return f"{NAMESPACE}/things"

    def _put(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        body: dict[str, Any] = request.body or {}
        seconds = body.get("azureSeconds", 0)
        thing = ctx.store.put(request.id, self.kind(), {**body, "state": "Updating" if seconds else "Succeeded"})
        if seconds:
            operation = ctx.operations.start(
                provider=self.namespace, kind="put", resource_id=thing.id, azure_seconds=seconds
            )
            return ArmResponse.created(thing.body, operation=operation.id)
        return ArmResponse.created(thing.body)

    def _delete(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        users = [thing.name for thing in ctx.store.find(self.kind()) if thing.body.get("uses") == request.names[-1]]
        if users:
            raise ArmError(400, "InUse", f"used by {users}")
        ctx.store.delete(request.id)
        return ArmResponse.ok()

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Set the thing's state."""
        self.over.set()
        self.ended.append((operation.resource_id.rpartition("/")[2], operation.status))
        thing = ctx.store.require(operation.resource_id)
        thing.body["state"] = operation.status
        ctx.store.put(thing)
        if self.refuse_completion and operation.status == "Succeeded":
            raise self.refuse_completion[0]
