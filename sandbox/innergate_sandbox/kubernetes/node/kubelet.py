# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes' own API, as far as the API server uses it: the logs of containers, commands in them, forwarded ports.

The server in front is asyncio's: requests that go on in SPDY are taken out there, all others go to aiohttp behind it,
by a socket in a folder that nobody else can open.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import WSMsgType, web

from innergate_sandbox.kubernetes.api.portforward import DATA, ERROR, PROTOCOL
from innergate_sandbox.kubernetes.control.flags import HOST
from innergate_sandbox.kubernetes.node.sessions import CHANNELS, Enter, Locate, Sessions, execute, is_upgrade
from innergate_sandbox.kubernetes.tasks import cancel
from innergate_sandbox.streams import Connections, closing

Find = Callable[[str, str, str, bool], Path]
"""(namespace, pod, container, previous) -> the log file. A LookupError says why there is none."""
LONGEST_HEAD = 64 * 1024
_CHANNEL = {"stdout": 1, "stderr": 2, "error": 3}
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
            stamp, dummy, dummy, text = (*line.split(b" ", 3), b"", b"", b"")[:4]
            yield (stamp + b" " + text) if self.timestamps else text


class KubeletServer:
    """One server for all nodes."""

    def __init__(self, port: int, context: ssl.SSLContext, find: Find, locate: Locate, enter: Enter) -> None:
        """`port` on loopback; the context asks for the API server's certificate."""
        self._port = port
        self._context = context
        self._locate = locate
        self._enter = enter
        self._find = find
        self._sessions = Sessions(enter, locate)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._open = Connections()

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/healthz", _healthy)
        app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", self._logs)
        app.router.add_get("/portForward/{namespace}/{pod}", self._forward)
        app.router.add_route("*", "/exec/{namespace}/{pod}/{container}", self._execute)
        for path in ("attach", "run"):
            app.router.add_route("*", f"/{path}/{{tail:.*}}", _no_such_thing)
        self._folder = tempfile.TemporaryDirectory(prefix="kubelet")
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.UnixSite(self._runner, self._inner).start()
        self._server = await asyncio.start_server(
            self._accept, HOST, self._port, ssl=self._context, limit=LONGEST_HEAD, backlog=512
        )

    async def stop(self) -> None:
        """End."""
        if self._server is not None:
            self._server.close()
        await self._open.end()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def _inner(self) -> str:
        assert self._folder is not None
        return f"{self._folder.name}/api"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._open.served(writer):
            # The client may go away, or never speak HTTP.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
                head = await reader.readuntil(b"\r\n\r\n")
                line, dummy, fields = head.decode("latin-1").partition("\r\n")
                headers = _joined(fields)
                if is_upgrade(headers) and len(line.split(" ")) == 3:
                    await self._sessions.serve(line.split(" ")[1], headers, reader, writer)
                else:
                    await self._hand_over(head, reader, writer)

    async def _hand_over(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner = await asyncio.open_unix_connection(self._inner)
        async with closing(inner):
            inner.write(head)
            upload = asyncio.create_task(_pump(reader, inner))
            try:
                await _pump(inner_reader, writer)
            finally:
                await cancel(upload)

    async def _execute(self, request: web.Request) -> web.StreamResponse:
        """Run a command over a websocket: the first byte of a message says which stream it belongs to."""
        socket = web.WebSocketResponse(protocols=CHANNELS, max_msg_size=0)
        if not socket.can_prepare(request):
            return web.Response(status=400, text=f"commands need SPDY, or a websocket with {' or '.join(CHANNELS)}")
        await socket.prepare(request)
        info = request.match_info
        asked = {"stdout": "output", "stderr": "error"}

        async def send(name: str, data: bytes) -> None:
            if name == "error" or request.query.get(asked[name]) in ("1", "true"):
                await socket.send_bytes(bytes([_CHANNEL[name]]) + data)

        command = request.query.getall("command", [])
        await execute(lambda: self._enter(info["namespace"], info["pod"], info["container"]), command, send)
        await socket.close()
        return socket

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
        asked = ",".join(request.query.getall("port", [])).split(",")
        ports = [int(port) for port in asked if port.isdigit() and 0 < int(port) < 65536]
        if len(ports) != len(asked):
            return web.Response(status=400, text=f'query parameter "port" is wrong: {", ".join(asked) or "missing"}')
        await socket.prepare(request)
        # Each port has two channels; the first message of each is the port.
        for number, port in enumerate(ports):
            for channel in (2 * number + DATA, 2 * number + ERROR):
                await socket.send_bytes(bytes([channel]) + port.to_bytes(2, "little"))
        place = request.match_info["namespace"], request.match_info["pod"]
        sinks: dict[int, asyncio.StreamWriter] = {}
        tasks: list[asyncio.Task[None]] = []
        async with contextlib.AsyncExitStack() as connections:
            try:
                for number, port in enumerate(ports):
                    found = await self._connect(socket, place, number, port)
                    if found is not None:
                        reader, writer = found
                        await connections.enter_async_context(closing(writer))
                        sinks[2 * number + DATA] = writer
                        tasks.append(asyncio.create_task(_download(reader, socket, 2 * number + DATA)))
                tasks.append(asyncio.create_task(_close_after(socket, list(tasks))))
                async for message in socket:
                    sink = sinks.get(message.data[0]) if message.type == WSMsgType.BINARY and message.data else None
                    if sink is not None:
                        sink.write(message.data[1:])
                        with contextlib.suppress(OSError):
                            await sink.drain()
            finally:
                await cancel(*reversed(tasks))
        return socket

    async def _connect(
        self, socket: web.WebSocketResponse, place: tuple[str, str], number: int, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to a port of a pod; None if there is none, which the client is told."""
        found = self._locate(*place, port)
        try:
            if found is None:
                raise ConnectionRefusedError(f"failed to connect to localhost:{port}: connection refused")
            return await asyncio.open_connection(*found)
        except OSError as error:
            text = f"error forwarding port {port}: {error}"
            await socket.send_bytes(bytes([2 * number + ERROR]) + text.encode())
            return None

    def _is_still(self, path: Path, place: tuple[str, str, str, bool]) -> bool:
        try:
            return self._find(*place) == path
        except LookupError:
            return False


async def _download(reader: asyncio.StreamReader, socket: web.WebSocketResponse, channel: int) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            await socket.send_bytes(bytes([channel]) + data)


async def _close_after(socket: web.WebSocketResponse, tasks: list[asyncio.Task[None]]) -> None:
    """Close when all ports have said everything: the protocol cannot close a single one."""
    await asyncio.gather(*tasks, return_exceptions=True)
    await socket.close()


def _joined(fields: str) -> dict[str, str]:
    """Return headers by lower-case name; several of one name are one list."""
    found: dict[str, str] = {}
    for field in fields.split("\r\n"):
        name, colon, value = field.partition(":")
        if colon:
            key = name.strip().lower()
            found[key] = f"{found[key]}, {value.strip()}" if key in found else value.strip()
    return found


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _no_such_thing(request: web.Request) -> web.Response:
    return web.Response(status=501, text="the stand-in of this container has no terminal")


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
