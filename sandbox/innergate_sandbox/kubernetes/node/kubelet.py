# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes' own API, as far as the API server uses it: the logs of containers, and forwarded ports."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import WSMsgType, web

from innergate_sandbox.kubernetes.api.portforward import DATA, ERROR, PROTOCOL
from innergate_sandbox.kubernetes.control.flags import HOST

Find = Callable[[str, str, str, bool], Path]
"""(namespace, pod, container, previous) -> the log file. A LookupError says why there is none."""
Locate = Callable[[str, str, int], tuple[str, int] | None]
"""(namespace, pod, port) -> where it answers on loopback, None if nothing does."""
_POLL = 0.2
_CHUNK = 32768


@dataclass(frozen=True)
class Selection:
    """Which lines of a log are asked for; the options of `kubectl logs`."""

    tail: int | None = None
    since: float | None = None
    timestamps: bool = False
    limit: int | None = None

    @classmethod
    def parse(cls, query: Mapping[str, str], now: float) -> Selection:
        """From the query of a request; a ValueError if a number is none."""
        since = now - float(query["sinceSeconds"]) if "sinceSeconds" in query else None
        if "sinceTime" in query:
            since = datetime.datetime.fromisoformat(query["sinceTime"].replace("Z", "+00:00")).timestamp()
        return cls(
            tail=int(query["tailLines"]) if "tailLines" in query else None,
            since=since,
            timestamps=query.get("timestamps") == "true",
            limit=int(query["limitBytes"]) if "limitBytes" in query else None,
        )

    def apply(self, lines: list[bytes]) -> bytes:
        """The text to show for lines as they are kept: time, stream, F, text."""
        if self.since is not None:
            oldest = _stamp(self.since)
            lines = [line for line in lines if line.split(b" ", 1)[0] >= oldest]
        if self.tail is not None:
            lines = lines[-self.tail :] if self.tail else []
        text = b"".join(self._shown(lines))
        return text if self.limit is None else text[: self.limit]

    def _shown(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            stamp, _, _, text = (*line.split(b" ", 3), b"", b"", b"")[:4]
            yield (stamp + b" " + text) if self.timestamps else text


class KubeletServer:
    """One server for all nodes."""

    def __init__(self, port: int, context: ssl.SSLContext, find: Find, locate: Locate) -> None:
        """`port` on loopback; the context asks for the API server's certificate."""
        self._port = port
        self._context = context
        self._locate = locate
        self._find = find
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/healthz", _healthy)
        app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", self._logs)
        app.router.add_get("/portForward/{namespace}/{pod}", self._forward)
        for path in ("exec", "attach", "run"):
            app.router.add_route("*", f"/{path}/{{tail:.*}}", _no_such_thing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port, ssl_context=self._context).start()

    async def stop(self) -> None:
        """End."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _logs(self, request: web.Request) -> web.StreamResponse:
        info, previous = request.match_info, request.query.get("previous") == "true"
        place = (info["namespace"], info["pod"], info["container"], previous)
        try:
            path = self._find(*place)
            selection = Selection.parse(request.query, time.time())
        except (LookupError, ValueError) as error:
            return web.Response(status=400, text=str(error))
        lines, offset = await asyncio.to_thread(_read, path, 0)
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        await response.write(selection.apply(lines))
        if request.query.get("follow") == "true":
            later = Selection(timestamps=selection.timestamps)
            while self._is_still(path, place):
                await asyncio.sleep(_POLL)
                lines, offset = await asyncio.to_thread(_read, path, offset)
                if lines:
                    await response.write(later.apply(lines))
        return response

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=(PROTOCOL,), max_msg_size=0)
        if not socket.can_prepare(request):
            return web.Response(status=400, text=f"only websockets with the protocol {PROTOCOL} can forward ports")
        port = int(request.query.get("port") or 0)
        await socket.prepare(request)
        for channel in (DATA, ERROR):
            await socket.send_bytes(bytes([channel]) + port.to_bytes(2, "little"))
        found = self._locate(request.match_info["namespace"], request.match_info["pod"], port)
        try:
            if found is None:
                raise ConnectionRefusedError(f"failed to connect to localhost:{port}: connection refused")
            reader, writer = await asyncio.open_connection(*found)
        except OSError as error:
            await socket.send_bytes(bytes([ERROR]) + f"error forwarding port {port}: {error}".encode())
            await socket.close()
            return socket
        download = asyncio.create_task(_download(reader, socket))
        try:
            async for message in socket:
                if message.type == WSMsgType.BINARY and message.data[:1] == bytes([DATA]):
                    writer.write(message.data[1:])
                    await writer.drain()
        except OSError:
            pass
        finally:
            download.cancel()
            writer.close()
        return socket

    def _is_still(self, path: Path, place: tuple[str, str, str, bool]) -> bool:
        try:
            return self._find(*place) == path
        except LookupError:
            return False


async def _download(reader: asyncio.StreamReader, socket: web.WebSocketResponse) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            await socket.send_bytes(bytes([DATA]) + data)
        await socket.close()


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _no_such_thing(request: web.Request) -> web.Response:
    return web.Response(status=501, text="the stand-in of this container has no shell")


def _read(path: Path, offset: int) -> tuple[list[bytes], int]:
    """The complete lines from an offset on, and the offset behind them."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size < offset:
                offset = 0  # it was cut
            file.seek(offset)
            text = file.read()
    except FileNotFoundError:
        return [], offset
    complete = text[: text.rfind(b"\n") + 1]
    return complete.splitlines(keepends=True), offset + len(complete)


def _stamp(moment: float) -> bytes:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)).encode()
