# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-status and set-method."""

from __future__ import annotations

from innergate_sandbox.gateway.errors import internal, is_status
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Response, one_line
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import Value


async def set_status(x: Exchange, response: Response, code: Value, reason: Value | None) -> None:
    """Give a response a status; a Failure if it is none that can be sent."""
    number = await code.number(x)
    if not is_status(number):
        raise internal("ExpressionValueEvaluationFailure", f"{number:g} is no status code.")
    response.status = int(number)
    response.reason = one_line(await reason.text(x)) or None if reason else None


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
