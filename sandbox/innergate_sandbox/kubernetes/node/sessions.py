# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of `kubectl exec` and `kubectl port-forward` over SPDY, which is how kube-apiserver brings them to nodes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from innergate_sandbox.kubernetes.node import programs
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.kubernetes.node.spdy import PROTOCOL, Session, Stream
from innergate_sandbox.kubernetes.tasks import cancel
from innergate_sandbox.streams import closing

Locate = Callable[[str, str, int], tuple[str, int] | None]
"""(namespace, pod, port) -> where it answers on loopback, None if nothing does."""
Enter = Callable[[str, str, str], Inside]
"""(namespace, pod, container) -> what is inside. A LookupError says why nobody can be."""
FORWARD = "portforward.k8s.io"
CHANNELS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
_VERSION_HEADER = "x-stream-protocol-version"
_PATIENCE = 30.0
_CHUNK = 32768


def is_upgrade(headers: Mapping[str, str]) -> bool:
    """Say whether a request (names in lower case) wants to go on in SPDY."""
    return headers.get("upgrade", "").lower() == PROTOCOL.lower()


class Sessions:
    """Answers requests that go on in SPDY."""

    def __init__(self, enter: Enter, locate: Locate) -> None:
        """Take the way to containers and to ports."""
        self._enter, self._locate = enter, locate

    async def serve(
        self, target: str, headers: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request; returns when the session has ended."""
        parts = urlsplit(target)
        words = [unquote(word) for word in parts.path.strip("/").split("/")]
        asked = [name.strip() for name in headers.get(_VERSION_HEADER, "").split(",")]
        known = (FORWARD,) if words[0] == "portForward" else CHANNELS
        version = next((name for name in known if name in asked), None)
        if version is None or words[0] not in ("portForward", "exec") or len(words) < 3:
            text = f"{words[0]} is not possible over {', '.join(asked)}"
            head = f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
            writer.write((head + text).encode())
            return
        head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
        writer.write(f"{head}Upgrade: {PROTOCOL}\r\nX-Stream-Protocol-Version: {version}\r\n\r\n".encode())
        session = Session(reader, writer)
        frames = asyncio.create_task(session.run())
        try:
            if words[0] == "portForward":
                await self._forward(session, words[1], words[2])
            else:
                query = parse_qs(parts.query)
                await self._execute(session, words, query.get("command", []), query)
                await session.end()
        finally:
            await cancel(frames)

    # -- exec -----------------------------------------------------------------------------------------------------

    async def _execute(
        self, session: Session, words: list[str], command: list[str], query: Mapping[str, list[str]]
    ) -> None:
        names = ["error", *(name for name, key in _STREAMS.items() if _is_on(query, key))]
        streams: dict[str, Stream] = {}
        async with asyncio.timeout(_PATIENCE):
            while set(names) - set(streams):
                stream = await session.streams.get()
                if stream is None:
                    return
                streams[stream.headers.get("streamtype", "")] = stream
        namespace, pod, container = words[1], words[2], words[-1]
        await execute(lambda: self._enter(namespace, pod, container), command, _sender(streams))
        for stream in streams.values():
            await stream.close()

    # -- port-forward ---------------------------------------------------------------------------------------------

    async def _forward(self, session: Session, namespace: str, pod: str) -> None:
        """Each connection is a pair of streams with the same requestid: one for errors, one for data."""
        errors: dict[str, Stream] = {}
        running: set[asyncio.Task[None]] = set()
        try:
            while (stream := await session.streams.get()) is not None:
                pair = stream.headers.get("requestid", "")
                if stream.headers.get("streamtype") == "error":
                    errors[pair] = stream
                    continue
                port = stream.headers.get("port", "")
                found = self._locate(namespace, pod, int(port)) if port.isdigit() else None
                task = asyncio.create_task(_carry(stream, errors.pop(pair, None), port, found))
                running.add(task)
                task.add_done_callback(running.discard)
        finally:
            await cancel(*running)


_STREAMS = {"stdin": "input", "stdout": "output", "stderr": "error"}
Send = Callable[[str, bytes], Awaitable[None]]
"""(stdout, stderr or error; data) -> sent, if the client has asked for it."""


def _is_on(query: Mapping[str, list[str]], name: str) -> bool:
    return query.get(name, ["0"])[0] in ("1", "true")


def _sender(streams: Mapping[str, Stream]) -> Send:
    async def send(name: str, data: bytes) -> None:
        if name in streams:
            await streams[name].write(data)

    return send


async def execute(enter: Callable[[], Inside], command: list[str], send: Send) -> None:
    """Run a command and send what it says, then how it ended (a Status object, on the stream "error")."""
    try:
        result = programs.run(command, enter())
        ending = programs.status(command, result)
    except LookupError as error:
        result, ending = None, {"metadata": {}, "status": "Failure", "message": str(error), "reason": "NotFound"}
    if result is not None:
        for name, text in (("stdout", result.out), ("stderr", result.err)):
            if text:
                await send(name, text.encode())
    await send("error", json.dumps(ending).encode())


async def _carry(data: Stream, errors: Stream | None, port: str, found: tuple[str, int] | None) -> None:
    try:
        if found is None:
            raise ConnectionRefusedError(f"failed to connect to localhost:{port} inside namespace: connection refused")
        reader, writer = await asyncio.open_connection(*found)
    except OSError as error:
        if errors is not None:
            await errors.write(f"error forwarding port {port} to pod: {error}".encode())
        await _end(data, errors)
        return
    async with closing(writer):
        upload = asyncio.create_task(_upload(data, writer))
        try:
            with contextlib.suppress(OSError):
                while piece := await reader.read(_CHUNK):
                    await data.write(piece)
        finally:
            await cancel(upload)
        await _end(data, errors)


async def _end(*streams: Stream | None) -> None:
    for stream in streams:
        if stream is not None:
            await stream.close()


async def _upload(data: Stream, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        async for piece in data.read():
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
