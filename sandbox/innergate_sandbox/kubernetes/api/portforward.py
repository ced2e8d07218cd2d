# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port forwarding through the API server (protocol v4.channel.k8s.io): how pods on nodes of others are reached.

Each message begins with the number of its channel: 0 for data, 1 for errors; the first message of each channel is the
port, two bytes little-endian.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import NamedTuple

import aiohttp

from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.tasks import cancel
from innergate_sandbox.streams import Connections

PROTOCOL = "v4.channel.k8s.io"
DATA, ERROR = 0, 1
_CHUNK = 32768


class PodPort(NamedTuple):
    """A port of a pod."""

    namespace: str
    pod: str
    port: int


class Forward:
    """A loopback port that stands for the port of a pod somewhere in the cluster."""

    def __init__(self, kube: Kube, target: PodPort) -> None:
        """Listens after `start`."""
        self._kube = kube
        self._target = target
        self._server: asyncio.Server | None = None
        self._open = Connections()

    async def start(self) -> tuple[str, int]:
        """Listen; returns where."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    async def stop(self) -> None:
        """Listen no more, and close every connection."""
        if self._server is not None:
            self._server.close()
        await self._open.end()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        namespace, pod, port = self._target
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={port}"
        async with self._open.served(writer):
            # If there is no way, the client sees a closed connection.
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with self._kube.websocket(path, PROTOCOL) as socket:
                    upload = asyncio.create_task(_upload(reader, socket))
                    try:
                        await _download(socket, writer)
                    finally:
                        await cancel(upload)


async def _upload(reader: asyncio.StreamReader, socket: aiohttp.ClientWebSocketResponse) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            await socket.send_bytes(bytes([DATA]) + data)
        # The protocol cannot close one direction only: the answer of a client that has closed its own is still read.


async def _download(socket: aiohttp.ClientWebSocketResponse, writer: asyncio.StreamWriter) -> None:
    greeted: set[int] = set()
    async for message in socket:
        if message.type != aiohttp.WSMsgType.BINARY or not message.data:
            continue
        channel, content = message.data[0], message.data[1:]
        if channel not in greeted:
            greeted.add(channel)  # the port
        elif channel == ERROR:
            return
        else:
            writer.write(content)
            await writer.drain()
