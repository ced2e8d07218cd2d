# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-status and set-method."""

from __future__ import annotations

from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Response
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import Value


async def set_status(x: Exchange, response: Response, code: Value, reason: Value | None) -> None:
    """Give a response a status."""
    response.status = int(await code.number(x))
    response.reason = await reason.text(x) if reason else None


def _status(node: Node) -> Action:
    code, reason = node.require("code"), node.get("reason")

    async def run(x: Exchange) -> None:
        await set_status(x, x.require_response(), code, reason)

    return run


def _method(node: Node) -> Action:
    method = node.text

    async def run(x: Exchange) -> None:
        x.request.method = (await method.text(x)).strip().upper()

    return run


POLICIES = {"set-status": _status, "set-method": _method}
