# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web servers leave nothing open."""

from __future__ import annotations

import asyncio
import http.client
import time
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from innergate_sandbox.server import Servers
from innergate_sandbox.tls import Authority


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("closing_already", [True, False])
async def test_clients_that_stay_do_not_keep_their_connections(
    tmp_path: Path, secure: bool, closing_already: bool
) -> None:
    authority, servers, transports, asked = Authority(tmp_path), Servers(), list[asyncio.Transport](), asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        transports.append(request.transport)
        asked.set()
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", answer)
    port = await servers.listen(app, 0, authority.server_context(["localhost"]) if secure else None)
    with closing(connection(port, authority if secure else None)) as client:
        await asyncio.to_thread(client.request, "GET", "/")
        await asked.wait()
        link = transports[0].get_extra_info("socket")
        if closing_already:
            transports[0].close()
        began = time.monotonic()
        await servers.stop()
        assert link.fileno() == -1
        assert time.monotonic() - began < 0.9


def connection(port: int, authority: Authority | None) -> http.client.HTTPConnection:
    """A client that says nothing unless it is asked to."""
    if authority is None:
        return http.client.HTTPConnection("localhost", port, timeout=9)
    return http.client.HTTPSConnection("localhost", port, context=authority.client_context(), timeout=9)
