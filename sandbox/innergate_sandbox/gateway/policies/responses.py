# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""return-response and mock-response."""

from __future__ import annotations

import json
from typing import Any

from multidict import CIMultiDict

from innergate_sandbox.gateway.errors import Finished
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Body, Response
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.policies import bodies, headers
from innergate_sandbox.gateway.policies.messages import set_status


def _return(node: Node) -> Action:
    variable = node.get("response-variable-name")
    status = node.child("set-status")
    code, reason = (status.require("code"), status.get("reason")) if status else (None, None)
    edits = [headers.editor(child) for child in node.children("set-header")]
    body = node.child("set-body")
    fill = bodies.editor(body) if body else None

    async def run(x: Exchange) -> None:
        kept = x.variables.get(await variable.text(x)) if variable else None
        response = Response()
        if isinstance(kept, Response):
            response = Response(kept.status, kept.reason, kept.headers.copy(), Body(await kept.body.load()))
        if code is not None:
            await set_status(x, response, code, reason)
        for edit in edits:
            await edit(x, response.headers)
        if fill is not None:
            await fill(x, response.body)
        x.reply(response)
        raise Finished

    return run


def _mock(node: Node) -> Action:
    status = int(node.number("status-code", 200))
    kind = node.value("content-type", "").fixed

    async def run(x: Exchange) -> None:
        content_type, text = example(x.operation.body if x.operation else {}, status, kind)
        found = CIMultiDict([("Content-Type", content_type)]) if content_type else CIMultiDict[str]()
        x.reply(Response(status, None, found, Body(text.encode())))
        raise Finished

    return run


def example(operation: dict[str, Any], status: int, content_type: str) -> tuple[str, str]:
    """Return content type and text of the example that an operation's definition gives for a status."""
    responses = operation.get("responses") or []
    response = next((item for item in responses if int(item.get("statusCode", 0)) == status), None) or {}
    found = [item for item in response.get("representations") or [] if _fits(item, content_type)]
    for representation in found:
        for given in (representation.get("examples") or {}).values():
            return str(representation.get("contentType") or content_type), _text(given.get("value"))
        if representation.get("sample"):
            return str(representation.get("contentType") or content_type), str(representation["sample"])
    return content_type or str(found[0].get("contentType") or "") if found else content_type, ""


def _fits(representation: dict[str, Any], content_type: str) -> bool:
    return not content_type or str(representation.get("contentType", "")).lower() == content_type.lower()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


POLICIES = {"return-response": _return, "mock-response": _mock}
