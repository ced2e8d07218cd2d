# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web servers: aiohttp around functions from request to answer."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress

from aiohttp import web

from innergate_sandbox.arm.message import JSON_TYPE, ArmResponse
from innergate_sandbox.failures import PortTaken
from innergate_sandbox.requestlog import Record
from innergate_sandbox.wiretap import Broken, Wiretap

LARGEST_BODY = 16 * 1024 * 1024

KEEP_ALIVE = 8.0
"""Seconds until an idle connection is closed. Some clients (Terraform) open one per request and leave it for 90 s; and
clients that poll every 5 or 10 s must not meet a connection in the moment of its closing."""

LONGEST_LINE = 32 * 1024
"""Bytes of a request line and of a header. aiohttp's own 8 KiB are too few for the token of somebody in many groups."""

_ROUNDS = 10
"""Rounds of the loop in which it sees that a connection was cut, and closes it: three, and some to spare."""

Endpoint = Callable[[web.Request, bytes, Record], Awaitable[ArmResponse]]
"""Answers one request; fills in the record for the log."""


def base_url(request: web.Request, scheme: str = "https") -> str:
    """Return scheme://host[:port] as the client wrote it, for links in answers."""
    return f"{scheme}://{request.host}"


def to_web(response: ArmResponse, method: str) -> web.Response:
    """Return aiohttp's form of an answer: no body for HEAD, no content type where there is no content."""
    body = response.payload()
    headers = dict(response.headers)
    if body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = JSON_TYPE
    if method == "HEAD":
        # aiohttp sends the length of the body but not the body.
        return web.Response(status=response.status, headers=headers, body=body or None)
    web_response = web.Response(status=response.status, headers=headers, body=body or None)
    if not body:
        web_response.headers.pop("Content-Type", None)
    return web_response


def too_large() -> ArmResponse:
    """Return the answer to a body of absurd size."""
    size = f"{LARGEST_BODY // 1024 // 1024} MB"
    message = f"The request content size exceeds the maximum size of '{size}'."
    return ArmResponse(413, {"error": {"code": "RequestContentTooLarge", "message": message}})


def unreadable(reason: str) -> ArmResponse:
    """Return the answer to a body that is not what its headers say, such as one that is no gzip."""
    message = f"The request content was invalid and could not be deserialized: '{' '.join(reason.split())}'."
    return ArmResponse(400, {"error": {"code": "InvalidRequestContent", "message": message}})


def application(wiretap: Wiretap, endpoint: Endpoint, categorise: Callable[[str], str]) -> web.Application:
    """Return an application that answers every path by one endpoint, under faults, latency and the log."""

    async def handler(request: web.Request) -> web.StreamResponse:
        query = request.raw_path.partition("?")[2]
        record = Record(wiretap.clock.time(), categorise(request.path), request.method, request.path, query)

        async def answer(record: Record) -> ArmResponse:
            try:
                raw = await request.read()
            except web.HTTPRequestEntityTooLarge:
                return too_large()
            except web.RequestPayloadError as error:
                return unreadable(str(error))
            return await endpoint(request, raw, record)

        try:
            response = await wiretap.run(record, request.headers, answer)
        except Broken as broken:
            if broken.begun is not None:
                await begin(request, to_web(broken.begun, request.method))
            if request.transport is not None:
                request.transport.abort()
            # Nobody gets this: the connection is gone.
            return web.Response(status=500)
        return to_web(response, request.method)

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", "/{path:.*}", handler)
    return app


async def begin(request: web.Request, answer: web.Response) -> None:
    """Send the head of an answer and half of its body."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    partial = web.StreamResponse(status=answer.status, headers=answer.headers)
    partial.content_length = max(len(body), 2)
    await partial.prepare(request)
    await partial.write(body[: len(body) // 2] or b"{")


class Servers:
    """Listening sockets of one sandbox, all on loopback."""

    def __init__(self) -> None:
        """Start with none."""
        self._runners: list[web.AppRunner] = []

    async def listen(self, app: web.Application, port: int, context: ssl.SSLContext | None = None) -> int:
        """Serve an application on 127.0.0.1; returns the port (0 = a free one was chosen)."""
        runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=KEEP_ALIVE,
            shutdown_timeout=1.0,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
        )
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context, reuse_address=True, backlog=512)
        try:
            await site.start()
        except OSError as error:
            raise PortTaken(f"port {port} on 127.0.0.1 cannot be opened: {error.strerror}") from error
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Close all sockets, those of clients that stay, too."""
        async with AsyncExitStack() as ending:
            for runner in self._runners:
                ending.push_async_callback(_close, runner)
            self._runners.clear()


async def _close(runner: web.AppRunner) -> None:
    handlers = runner.server.connections if runner.server is not None else []
    transports = [handler.transport for handler in handlers if handler.transport is not None]
    links = [transport.get_extra_info("socket") for transport in transports]
    try:
        await runner.cleanup()
    finally:
        # aiohttp says goodbye, for which TLS waits until the other side does so, too; the loop may end before that.
        # (A transport with TLS that was closed twice, as aiohttp may do, does not listen to abort() any more.)
        for link in filter(None, links):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for dummy in range(_ROUNDS):
            await asyncio.sleep(0)
