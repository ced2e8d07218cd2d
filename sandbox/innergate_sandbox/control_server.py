# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control port of a running sandbox: status, faults, reset."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from innergate_sandbox.control import HEADER
from innergate_sandbox.faults import InvalidRule

if TYPE_CHECKING:
    from innergate_sandbox.runtime import Runtime


def control_application(runtime: Runtime) -> web.Application:
    """Return the application of the control port."""

    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        if not hmac.compare_digest(request.headers.get(HEADER, ""), runtime.settings.control_token):
            return web.json_response({"error": "wrong token"}, status=403)
        try:
            answer: web.StreamResponse = await handler(request)
        except (InvalidRule, ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return answer

    async def status(request: web.Request) -> web.Response:
        return web.json_response(_status(runtime))

    async def faults(request: web.Request) -> web.Response:
        return web.json_response(runtime.core.faults.list())

    async def add_fault(request: web.Request) -> web.Response:
        rule = await request.json()
        if not isinstance(rule, dict):
            raise InvalidRule("a rule is a JSON object")
        return web.json_response(asdict(runtime.core.faults.add(**rule)))

    async def clear_faults(request: web.Request) -> web.Response:
        return web.json_response({"cleared": runtime.core.faults.clear(request.query.get("id"))})

    async def reset(request: web.Request) -> web.Response:
        await runtime.reset()
        return web.json_response({"reset": True})

    app = web.Application(middlewares=[guard])
    app.add_routes(
        [
            web.get("/status", status),
            web.get("/faults", faults),
            web.post("/faults", add_fault),
            web.delete("/faults", clear_faults),
            web.post("/reset", reset),
        ]
    )
    return app


def _status(runtime: Runtime) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for entity in runtime.store.find():
        counts[entity.type] = counts.get(entity.type, 0) + 1
    running = runtime.context.operations.running_for("/")
    return {
        "resources": counts,
        "operations": [f"{operation.kind} {operation.resource_id}" for operation in running],
        "faults": len(runtime.core.faults.list()),
        "ports": runtime.settings.ports,
    }
