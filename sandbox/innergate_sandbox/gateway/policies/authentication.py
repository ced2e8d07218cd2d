# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the gateway introduces itself to backends: authentication-basic, -managed-identity and -certificate."""

from __future__ import annotations

from innergate_sandbox.gateway.configuration.backends import basic
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action


def _basic(node: Node) -> Action:
    user, password = node.require("username"), node.require("password")

    async def run(x: Exchange) -> None:
        x.request.headers["Authorization"] = basic(await user.text(x), await password.text(x))

    return run


def _managed_identity(node: Node) -> Action:
    resource, variable = node.require("resource"), node.get("output-token-variable-name")
    client = node.get("client-id")

    async def run(x: Exchange) -> None:
        who = await client.text(x) if client else ""
        token = x.engine.identity_token(x.service, await resource.text(x), who)
        if variable is not None:
            x.variables[await variable.text(x)] = token
        else:
            x.request.headers["Authorization"] = f"Bearer {token}"

    return run


def _certificate(node: Node) -> Action:
    async def run(x: Exchange) -> None:
        """Pass: backends of a rehearsal ask for no client certificate."""

    return run


POLICIES = {
    "authentication-basic": _basic,
    "authentication-managed-identity": _managed_identity,
    "authentication-certificate": _certificate,
}
