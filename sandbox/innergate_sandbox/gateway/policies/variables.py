# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""set-variable."""

from __future__ import annotations

from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action


def _set_variable(node: Node) -> Action:
    name, value = node.require("name"), node.require("value")

    async def run(x: Exchange) -> None:
        x.variables[await name.text(x)] = await value.get(x)

    return run


POLICIES = {"set-variable": _set_variable}
