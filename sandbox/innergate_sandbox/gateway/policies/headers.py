# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-header."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from multidict import CIMultiDict

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.headers import UNTOUCHABLE
from innergate_sandbox.gateway.messages import Response, one_line
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action

Editor = Callable[[Exchange, CIMultiDict[str]], Awaitable[None]]

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_SEPARATE = frozenset(
    {"user-agent", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie", "warning", "date", "expires",
     "if-modified-since", "if-unmodified-since", "last-modified", "retry-after"}
)  # fmt: skip
"""Headers whose values are not joined with commas (Microsoft Learn: set-header-policy)."""


def editor(node: Node) -> Editor:
    """Return what a `<set-header>` does to any message's headers."""
    name = node.require("name")
    action = node.choice("exists-action", "override", "override", "skip", "append", "delete")
    values = [child.text for child in node.children("value")]

    async def edit(x: Exchange, headers: CIMultiDict[str]) -> None:
        header = await name.text(x)
        if not _NAME.fullmatch(header):
            raise internal("ConfigurationInvalid", f"{header!r} is no name of a header")
        if header.lower() in UNTOUCHABLE:
            return
        if action == "delete":
            headers.popall(header, None)
        elif not (action == "skip" and header in headers):
            texts = [one_line(await value.text(x)) for value in values]
            if action == "append":
                texts = [*headers.getall(header, []), *texts]
            headers.popall(header, None)
            for text in texts if header.lower() in _SEPARATE else [",".join(texts)]:
                headers.add(header, text)

    return edit


def _set_header(node: Node) -> Action:
    edit = editor(node)

    async def run(x: Exchange) -> None:
        message = x.message
        servers = message.headers.getall("Server", []) if isinstance(message, Response) else []
        await edit(x, message.headers)
        # The response's Server can be changed, but not removed (Microsoft Learn: set-header-policy).
        if servers and "Server" not in message.headers:
            message.headers.extend(("Server", value) for value in servers)

    return run


POLICIES = {"set-header": _set_header}
