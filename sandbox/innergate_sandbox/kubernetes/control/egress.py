# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the API server reaches nodes and pods: through a CONNECT proxy on loopback, never by their addresses.

Its egress selector sends everything for the cluster (logs, proxied requests to pods and Services, webhooks) here, so
that no packet leaves for an address that exists only in the rehearsed network.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import Callable
from pathlib import Path

from innergate_sandbox.kubernetes.control.flags import HOST
from innergate_sandbox.kubernetes.control.pki import Authority, Pair
from innergate_sandbox.kubernetes.tasks import cancel
from innergate_sandbox.streams import Connections, closing

Locate = Callable[[str, int], tuple[str, int] | None]
"""(address, port) -> where it answers on loopback, None if nothing does."""
_CHUNK = 65536


def write_configuration(path: Path, port: int, authority: Authority, client: Pair) -> Path:
    """The file for --egress-selector-config-file; the API server shows the client's certificate."""
    trust = {
        "caBundle": str(authority.pair.certificate),
        "clientCert": str(client.certificate),
        "clientKey": str(client.key),
    }
    transport = {"tcp": {"url": f"https://{HOST}:{port}", "tlsConfig": trust}}
    document = {
        "apiVersion": "apiserver.k8s.io/v1beta1",
        "kind": "EgressSelectorConfiguration",
        "egressSelections": [
            {"name": "cluster", "connection": {"proxyProtocol": "HTTPConnect", "transport": transport}}
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1))
    return path


class Tunnel:
    """The proxy."""

    def __init__(self, port: int, context: ssl.SSLContext, locate: Locate) -> None:
        """`port` on loopback; the context asks for the API server's certificate."""
        self._port = port
        self._context = context
        self._locate = locate
        self._server: asyncio.Server | None = None
        self._open = Connections()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, HOST, self._port, ssl=self._context)

    async def stop(self) -> None:
        """Listen no more, and close every connection."""
        if self._server is not None:
            self._server.close()
        await self._open.end()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._open.served(writer):
            # Whoever asks for what is not there sees a closed connection.
            with contextlib.suppress(
                OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
            ):
                await self._lead(reader, writer)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        method, target, *_version = head.decode("latin-1").split(" ", 2)
        host, dummy, port = target.rpartition(":")
        found = self._locate(host.strip("[]"), int(port)) if method == "CONNECT" else None
        if found is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        inner_reader, inner = await asyncio.open_connection(*found)
        async with closing(inner):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ways = [asyncio.create_task(_copy(reader, inner)), asyncio.create_task(_copy(inner_reader, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await cancel(*ways)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
