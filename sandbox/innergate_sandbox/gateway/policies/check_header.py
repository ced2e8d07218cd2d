# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-header."""

from __future__ import annotations

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action


def _check_header(node: Node) -> Action:
    name = node.require("name")
    code, text = node.value("failed-check-httpcode", "401"), node.value("failed-check-error-message", "")
    ignore = node.value("ignore-case", "true")
    values = [child.text for child in node.children("value")]

    async def run(x: Exchange) -> None:
        header = await name.text(x)
        found = x.request.headers.get(header)
        if found is None:
            reason, default = "HeaderNotFound", f"Header {header} was not found in the request. Access denied."
        else:
            allowed = [await value.text(x) for value in values]
            folds = await ignore.flag(x)
            if not allowed or any(found == one or (folds and found.lower() == one.lower()) for one in allowed):
                return
            reason, default = (
                "HeaderValueNotAllowed",
                f"Header {header} value of {found} is not allowed. Access denied.",
            )
        raise Failure(int(await code.number(x)), await text.text(x) or default, reason, message=default)

    return run


POLICIES = {"check-header": _check_header}
