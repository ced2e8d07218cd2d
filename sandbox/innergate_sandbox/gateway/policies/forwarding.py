# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-backend-service and forward-request."""

from __future__ import annotations

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.call import Wish, forward
from innergate_sandbox.gateway.messages import Url
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import BadPolicy


def _set_backend(node: Node) -> Action:
    base, backend = node.get("base-url"), node.get("backend-id")
    if (base is None) == (backend is None):
        raise BadPolicy("set-backend-service needs either base-url or backend-id")

    async def run(x: Exchange) -> None:
        if backend is not None:
            x.target.backend, x.target.base = (await backend.text(x)).lower(), None
            return
        text = await base.text(x) if base else ""
        try:
            url = Url.parse(text)
        except ValueError as error:
            raise internal("BackendConnectionFailure", f"base-url is not an absolute URL: {text!r}") from error
        # A backend entity can be overridden only by another one (Microsoft Learn: set-backend-service-policy).
        if x.target.backend is None:
            x.target.base = url

    return run


def _forward(node: Node) -> Action:
    timeout = node.value("timeout-ms", "") if node.has("timeout-ms") else node.value("timeout", "300")
    unit = 1000.0 if node.has("timeout-ms") else 1.0
    flags = {
        name: node.value(name, "false")
        for name in ("follow-redirects", "buffer-request-body", "fail-on-error-status-code")
    }

    async def run(x: Exchange) -> None:
        follow, keep, fail = [await value.flag(x) for value in flags.values()]
        await forward(x, Wish(await timeout.number(x) / unit, follow, keep, fail))

    return run


POLICIES = {"set-backend-service": _set_backend, "forward-request": _forward}
