# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""send-request and send-one-way-request: calls beside the one to the backend."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from multidict import CIMultiDict

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.address import current_url
from innergate_sandbox.gateway.forwarding.client import Options, SendError
from innergate_sandbox.gateway.forwarding.headers import end_to_end
from innergate_sandbox.gateway.messages import Body, Response, Url
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.policies import bodies, headers

Sender = Callable[[Exchange], Awaitable[Response]]


def _sender(node: Node) -> Sender:
    """Return what sends the request that the element describes and reads the whole answer."""
    copies = node.choice("mode", "new", "new", "copy") == "copy"
    timeout = node.value("timeout", "60")
    address, method = node.child("set-url"), node.child("set-method")
    edits = [headers.editor(child) for child in node.children("set-header")]
    body = node.child("set-body")
    fill = bodies.editor(body) if body else None
    identity = node.child("authentication-managed-identity")
    resource = identity.require("resource") if identity else None

    async def send(x: Exchange) -> Response:
        sent = end_to_end(x.request.headers) if copies else CIMultiDict[str]()
        sent.popall("Content-Length", None)
        content = Body(await x.request.body.load() if copies else b"")
        verb = (await method.text.text(x)).strip().upper() if method else (x.request.method if copies else "GET")
        for edit in edits:
            await edit(x, sent)
        if fill is not None:
            await fill(x, content)
        if resource is not None:
            sent["Authorization"] = f"Bearer {x.engine.identity_token(x.service, await resource.text(x))}"
        text = (await address.text.text(x)).strip() if address else ""
        try:
            url = Url.parse(text) if text else current_url(x)
        except ValueError as error:
            raise SendError(str(error)) from error
        sent["Host"] = url.authority
        answer = await x.engine.client.send(
            x.service, verb, url, sent, content.loaded, Options(await timeout.number(x))
        )
        try:
            await answer.body.load()
        finally:
            answer.body.discard()
        return answer

    return send


def _send_request(node: Node) -> Action:
    send, name = _sender(node), node.require("response-variable-name")
    ignores = node.value("ignore-error", "false")

    async def run(x: Exchange) -> None:
        variable = await name.text(x)
        try:
            x.variables[variable] = await send(x)
        except SendError as error:
            if not await ignores.flag(x):
                raise internal(error.reason, str(error)) from error
            x.variables[variable] = None

    return run


def _one_way(node: Node) -> Action:
    send = _sender(node)

    async def in_background(x: Exchange) -> None:
        try:
            await send(x)
        except SendError as error:
            x.note("send-one-way-request", str(error), "error")

    async def run(x: Exchange) -> None:
        task = asyncio.ensure_future(in_background(x))
        x.engine.background.add(task)
        task.add_done_callback(x.engine.background.discard)

    return run


POLICIES = {"send-request": _send_request, "send-one-way-request": _one_way}
