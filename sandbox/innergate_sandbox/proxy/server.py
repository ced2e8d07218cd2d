# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP proxy: CONNECT tunnels, and plain http requests in absolute form."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from innergate_sandbox.failures import PortTaken
from innergate_sandbox.proxy.routes import NoRoute, Routes, Target, Zone
from innergate_sandbox.requestlog import Record, redact_query
from innergate_sandbox.streams import Connections, closing

if TYPE_CHECKING:
    from innergate_sandbox.runtime import Runtime

LONGEST_HEAD = 64 * 1024
_HOP_BY_HOP = ("connection", "proxy-connection", "proxy-authorization", "keep-alive")
_REASONS = {400: "Bad Request", 403: "Forbidden", 502: "Bad Gateway"}


class Proxy:
    """One listening proxy for clients of one zone."""

    def __init__(self, runtime: Runtime, zone: Zone) -> None:
        """Take the sandbox and where the clients stand."""
        self._runtime = runtime
        self._routes = Routes(runtime, zone)
        self._server: asyncio.Server | None = None
        self._open = Connections()

    async def listen(self, port: int) -> None:
        """Open the port on loopback."""
        try:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=LONGEST_HEAD, backlog=512)
        except OSError as error:
            raise PortTaken(f"port {port} on 127.0.0.1 cannot be opened: {error.strerror}") from error

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server:
            self._server.close()
        await self._open.end()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._open.served(writer):
            # The client may go away, or never speak HTTP.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._serve(reader, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, dummy, fields = head.partition("\r\n")
        words = line.split(" ")
        path, dummy, query = (words[1] if len(words) > 1 else "").partition("?")
        path = re.sub(r"//[^/@]*@", "//", path)  # no names and passwords in the log
        record = Record(self._runtime.clock.time(), "proxy", words[0], path, redact_query(query))
        record.user_agent = next((f.partition(":")[2].strip() for f in fields.split("\r\n") if _is_agent(f)), None)
        try:
            method, target, version = words
            host, port = _authority(method, target)
        except ValueError:
            await self._refuse(writer, record, NoRoute(400, "this is a proxy: CONNECT, or http:// with a host"))
            return
        found = await self._routes.find(host, port)
        if isinstance(found, NoRoute):
            await self._refuse(writer, record, found)
            return
        await self._relay((method, target, version), fields, found, (reader, writer), record)

    async def _relay(
        self,
        line: tuple[str, str, str],
        fields: str,
        found: Target,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        record: Record,
    ) -> None:
        reader, writer = client
        try:
            upstream_reader, upstream = await asyncio.open_connection(*found)
        except OSError as error:
            await self._refuse(writer, record, NoRoute(502, f"nothing answers behind {line[1]}: {error}"))
            return
        record.status = 200
        self._log(record)
        async with closing(upstream):
            if line[0] == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                upstream.write(_origin_form(*line, fields))
            await asyncio.gather(_pump(reader, upstream), _pump(upstream_reader, writer))

    async def _refuse(self, writer: asyncio.StreamWriter, record: Record, why: NoRoute) -> None:
        record.status = why.status
        self._log(record)
        body = (why.reason + "\n").encode()
        head = (
            f"HTTP/1.1 {why.status} {_REASONS[why.status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()

    def _log(self, record: Record) -> None:
        record.duration = self._runtime.clock.time() - record.time
        self._runtime.core.log.add(record)


def _is_agent(field: str) -> bool:
    return field.lower().startswith("user-agent:")


def _authority(method: str, target: str) -> tuple[str, int]:
    """Return host and port of a request line; a ValueError if it is not one for a proxy."""
    parts = urlsplit("//" + target if method == "CONNECT" else target)
    if not parts.hostname or (method != "CONNECT" and parts.scheme != "http"):
        raise ValueError(target)
    return parts.hostname, parts.port or (443 if method == "CONNECT" else 80)


def _origin_form(method: str, target: str, version: str, fields: str) -> bytes:
    """Return the head of a plain request as its server expects it; one request per connection."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [field for field in fields.split("\r\n") if field and field.partition(":")[0].lower() not in _HOP_BY_HOP]
    return "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode("latin-1")


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until the source ends, then tell the sink so."""
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    with contextlib.suppress(OSError):
        if sink.can_write_eof():
            sink.write_eof()
        else:
            sink.close()
