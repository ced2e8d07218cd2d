# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket APIs: which calls are handshakes, what policies do with them, and how messages travel afterwards.

The caller's handshake is a call of the operation onHandshake. The gateway makes one of its own to the backend, and only
when that was accepted accepts the caller's; then messages go both ways until either side leaves (Microsoft Learn:
websocket-api).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import aiohttp
from aiohttp import WSMsgType, web
from multidict import CIMultiDict

API_TYPE = "websocket"
ACCEPTED = 101
"""The status of a handshake that was accepted."""
PATIENCE = 2.0
"""Seconds to wait for the other side's goodbye."""

Socket = aiohttp.ClientWebSocketResponse | web.WebSocketResponse
_OWN = frozenset({"sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions", "sec-websocket-protocol"})
_GONE = 1001  # RFC 6455: an endpoint is going away


def is_handshake(method: str, header: Callable[[str], str | None]) -> bool:
    """Say whether a request wants to go on as a WebSocket (RFC 6455). header: looks up a header."""
    words = [word.strip().lower() for word in (header("Connection") or "").split(",")]
    return method == "GET" and "upgrade" in words and (header("Upgrade") or "").strip().lower() == "websocket"


def protocols(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the subprotocols that a caller offers."""
    return tuple(word.strip() for word in headers.get("Sec-WebSocket-Protocol", "").split(",") if word.strip())


def to_backend(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    """Return the headers of the gateway's own handshake: without those that belong to the caller's."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _OWN)


async def relay(
    web_request: web.Request, headers: CIMultiDict[str], backend: aiohttp.ClientWebSocketResponse
) -> web.WebSocketResponse:
    """Accept the caller's handshake and carry messages both ways until either side leaves; returns the caller's side.

    headers: those of the answer that policies made of the backend's.
    """
    chosen = (backend.protocol,) if backend.protocol else ()
    caller = web.WebSocketResponse(protocols=chosen, autoping=False, autoclose=False, max_msg_size=0, timeout=PATIENCE)
    caller.headers.extend(to_backend(headers))
    try:
        await caller.prepare(web_request)
        ways = {asyncio.create_task(_carry(caller, backend)), asyncio.create_task(_carry(backend, caller))}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
    finally:
        await backend.close(code=_GONE)
        if caller.prepared:
            await caller.close(code=_GONE)
    return caller


async def _carry(source: Socket, target: Socket) -> None:
    """Send on what comes from one side, the reason of its leaving as the last thing."""
    with contextlib.suppress(ConnectionError):
        while True:
            message = await source.receive()
            if message.type is WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await target.send_bytes(message.data)
            elif message.type is WSMsgType.PING:
                await target.ping(message.data)
            elif message.type is WSMsgType.PONG:
                await target.pong(message.data)
            elif message.type is WSMsgType.CLOSE:
                # Not every code of a close frame may be sent in one: 1005 says that there was none.
                code = message.data if message.data and message.data not in (1005, 1006) else 1000
                await target.close(code=code, message=(message.extra or "").encode())
                return
            else:
                return
