# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backend of the Echo API that every new service comes with (http://echoapi.cloudapp.net/api).

It sends back the headers and the body that it gets, as its operations' descriptions say.
"""

from __future__ import annotations

from aiohttp import web
from multidict import CIMultiDict

from innergate_sandbox.gateway.forwarding.headers import end_to_end

HOST = "echoapi.cloudapp.net"
_OWN = ("Host", "Content-Length")


def application() -> web.Application:
    """Return the application."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _answer)
    return app


async def _answer(request: web.Request) -> web.Response:
    headers: CIMultiDict[str] = end_to_end(request.headers)
    for name in _OWN:
        headers.popall(name, None)
    return web.Response(headers=headers, body=await request.read())
