# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-body and find-and-replace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.expressions.format import to_text
from innergate_sandbox.gateway.messages import Body, unpack
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import BadPolicy

Editor = Callable[[Exchange, Body], Awaitable[None]]


def editor(node: Node) -> Editor:
    """Return what a `<set-body>` does to any message's body."""
    if node.value("template", "none").fixed.lower() == "liquid":
        raise BadPolicy("liquid templates are not available in the sandbox")
    text = node.text

    async def edit(x: Exchange, body: Body) -> None:
        value = await text.get(x)
        body.set(value if isinstance(value, bytes) else to_text(value).encode())

    return edit


def _set_body(node: Node) -> Action:
    edit = editor(node)

    async def run(x: Exchange) -> None:
        message = x.message
        await edit(x, message.body)
        message.headers.popall("Content-Encoding", None)

    return run


def _replace(node: Node) -> Action:
    old, new = node.require("from"), node.require("to")

    async def run(x: Exchange) -> None:
        data = await unpack(x.message)
        x.message.body.set(data.replace((await old.text(x)).encode(), (await new.text(x)).encode()))

    return run


POLICIES = {"set-body": _set_body, "find-and-replace": _replace}
