# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SPDY/3.1 frames as a client sends and reads them; the real API server is tried in the end-to-end tests."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.kubernetes.node.sessions import FORWARD, Sessions
from innergate_sandbox.kubernetes.node.spdy import DICTIONARY
from support.streams import connected, serving


class Client:
    """One side of a session, written by the book."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._packer = zlib.compressobj(zdict=DICTIONARY)

    def open(self, number: int, **headers: str) -> None:
        pairs = b"".join(
            struct.pack(">I", len(text)) + text for pair in headers.items() for text in map(str.encode, pair)
        )
        block = self._packer.compress(struct.pack(">I", len(headers)) + pairs) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        body = struct.pack(">IIH", number, 0, 0) + block
        self.writer.write(struct.pack(">HHI", 0x8003, 1, len(body)) + body)

    def data(self, number: int, text: bytes, *, last: bool = False) -> None:
        self.writer.write(struct.pack(">II", number, (last << 24) | len(text)) + text)

    async def frames(self) -> AsyncIterator[tuple[str, int, bytes]]:
        """Kind ("data", "fin" or the number of a control frame), stream and contents, until the connection ends."""
        try:
            while True:
                first, second = struct.unpack(">II", await self.reader.readexactly(8))
                body = await self.reader.readexactly(second & 0xFFFFFF)
                if first & 0x80000000:
                    yield str(first & 0xFFFF), struct.unpack(">I", body[:4])[0], body[4:]
                else:
                    yield ("fin" if second >> 24 & 1 else "data"), first, body
        except asyncio.IncompleteReadError:
            return


@pytest.fixture
async def connect(tmp_path: Path) -> AsyncIterator[object]:
    """Connect to sessions of a pod `web` that echoes on port 8080: connect(target, protocol) -> Client."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"<" + await reader.read() + b">")

    def enter(namespace: str, name: str, container: str) -> Inside:
        return Inside({"COLOUR": "blue"}, tmp_path)

    target, headers = [""], {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await sessions.serve(target[0], headers, reader, writer)

    async with serving(echo) as pod, serving(serve) as server, contextlib.AsyncExitStack() as clients:
        sessions = Sessions(enter, lambda namespace, name, port: pod if port == 8080 else None)

        async def begin(path: str, protocol: str) -> tuple[str, Client]:
            target[0], headers["x-stream-protocol-version"] = path, protocol
            reader, writer = await clients.enter_async_context(connected(*server))
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
            return head, Client(reader, writer)

        yield begin


def test_the_dictionary_is_the_protocols() -> None:
    """1423 bytes; their Adler-32 is in every stream that is compressed with it (RFC 1950)."""
    assert len(DICTIONARY) == 1423
    packed = zlib.compressobj(zdict=DICTIONARY)
    assert (packed.compress(b"x") + packed.flush(zlib.Z_SYNC_FLUSH))[2:6].hex() == "e3c6a7c2"


async def test_ports_are_forwarded_by_pairs_of_streams(connect) -> None:  # type: ignore[no-untyped-def]
    head, client = await connect("/portForward/default/web", FORWARD)
    assert head.startswith("HTTP/1.1 101 ") and f"X-Stream-Protocol-Version: {FORWARD}\r\n" in head
    for number, port in ((1, "8080"), (5, "9090"), (9, "x")):
        client.open(number, streamtype="error", port=port, requestid=port)
        client.open(number + 2, streamtype="data", port=port, requestid=port)
    client.data(3, b"hello", last=True)
    found: dict[int, bytes] = {}
    ended: set[int] = set()
    async with asyncio.timeout(5):
        async for kind, number, text in client.frames():
            if kind in ("data", "fin"):
                found[number] = found.get(number, b"") + text
                ended |= {number} if kind == "fin" else set()
            if len(ended) == 6:
                break
    assert found[3] == b"<hello>"
    assert b"connection refused" in found[5] and b"error forwarding port x" in found[9]


async def test_a_session_that_is_cancelled_lets_go_of_the_pod(tmp_path: Path) -> None:
    begun, left = asyncio.Event(), asyncio.Event()
    sessions: list[asyncio.Task[None]] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun.set()
        with contextlib.suppress(OSError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.001)
        left.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = Sessions(lambda *words: Inside({}, tmp_path), lambda *words: pod)
        task = asyncio.create_task(
            known.serve("/portForward/d/web", {"x-stream-protocol-version": FORWARD}, reader, writer)
        )
        sessions.append(task)
        await asyncio.wait({task})

    async with asyncio.timeout(5), serving(listen) as pod, serving(serve) as server, connected(*server) as both:
        client = Client(*both)
        for number, kind in ((1, "error"), (3, "data")):
            client.open(number, streamtype=kind, port="8080", requestid="0")
        await begun.wait()
        sessions[0].cancel()
        await left.wait()


async def test_commands_say_what_they_say_and_how_they_end(connect) -> None:  # type: ignore[no-untyped-def]
    head, client = await connect("/exec/d/web/app?command=printenv&command=COLOUR&output=1", "v5.channel.k8s.io, x")
    assert "X-Stream-Protocol-Version: v5.channel.k8s.io\r\n" in head
    client.open(1, streamtype="error")
    client.open(3, streamtype="stdout")
    async with asyncio.timeout(5):
        found = [(kind, number, text) async for kind, number, text in client.frames()]
    assert ("data", 3, b"blue\n") in found
    assert ("data", 1, b'{"metadata": {}, "status": "Success"}') in found
    assert {number for kind, number, dummy in found if kind == "fin"} == {1, 3}


async def test_pings_are_answered(connect) -> None:  # type: ignore[no-untyped-def]
    dummy, client = await connect("/portForward/default/web", FORWARD)
    client.writer.write(struct.pack(">HHII", 0x8003, 6, 4, 77))
    async with asyncio.timeout(5):
        assert await anext(client.frames()) == ("6", 77, b"")


@pytest.mark.parametrize(
    "text",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x80\x03\x00\x01\x00\x00\x00\x0c" + b"\xff" * 12, b"\x80\x03\x00\x01\0\0\0\1x"],
)
async def test_what_is_no_spdy_ends_the_session(connect, text: bytes) -> None:  # type: ignore[no-untyped-def]
    dummy, client = await connect("/portForward/default/web", FORWARD)
    client.writer.write(text)
    client.writer.write_eof()
    assert await asyncio.wait_for(client.reader.read(), 5) == b""


@pytest.mark.parametrize(
    ("target", "protocol"),
    [
        ("/portForward/d/web", "v4.channel.k8s.io"),
        ("/exec/d/web/app", "channel.k8s.io"),
        ("/attach/d/web/app", FORWARD),
    ],
)
async def test_other_protocols_are_refused(connect, target: str, protocol: str) -> None:  # type: ignore[no-untyped-def]
    head, dummy = await connect(target, protocol)
    assert head.startswith("HTTP/1.1 403 ")
