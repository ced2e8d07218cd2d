# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets of the gateway: aiohttp in front of the engine."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiohttp import ClientError, hdrs, web
from multidict import CIMultiDict

from innergate_sandbox.clock import Clock
from innergate_sandbox.dataplane import Zone
from innergate_sandbox.gateway import errors, websockets
from innergate_sandbox.gateway.engine import Engine
from innergate_sandbox.gateway.errors import Dropped
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.headers import end_to_end
from innergate_sandbox.gateway.journal import Journal
from innergate_sandbox.gateway.messages import Body, Request, Response, Url

LOG = logging.getLogger(__name__)
_BODILESS = (204, 304)
_TYPED: web.RequestKey[bool] = web.RequestKey("typed", bool)


@dataclass(frozen=True)
class Front:
    """One listening side of the gateway: what its callers speak, and where they stand."""

    engine: Engine
    clock: Clock
    journal: Journal
    scheme: str
    zone: Zone

    def application(self) -> web.Application:
        """Return the application that answers everything."""
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", self.answer)
        app.on_response_prepare.append(_plain_headers)
        return app

    async def answer(self, web_request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        try:
            request = self._read(web_request)
        except ValueError:
            return web.Response(status=400, text="Bad Request")
        record = self.journal.open(request)
        exchange: Exchange | None = None
        try:
            if await self.journal.interferes(record):
                raise Dropped("a fault rule breaks the connection")
            response = self.journal.instead(record)
            if response is None:
                service = self.engine.service_for(request, self.zone)
                exchange = await self.engine.handle(service, request) if service else None
                response = exchange.require_response() if exchange else _unknown(request)
            if self.journal.hides(record):
                raise Dropped("a fault rule breaks the connection instead of an answer")
            record.status = response.status
            if exchange is not None and exchange.socket is not None and response.status == websockets.ACCEPTED:
                return await websockets.relay(web_request, response.headers, exchange.socket)
            return await self._send(web_request, request, response)
        except Dropped as error:
            record.note = str(error)
            LOG.info("%s %s: %s", request.method, request.original.path, error)
            return _broken(web_request)
        except (OSError, ClientError) as error:
            record.note = f"the connection broke: {error}"
            return _broken(web_request)
        finally:
            if exchange is not None:
                await exchange.end()
            self.journal.close(record, exchange)

    def _read(self, web_request: web.Request) -> Request:
        target = web_request.raw_path
        if target.startswith(("http://", "https://")):
            whole = Url.parse(target)
        else:
            host = web_request.headers.get(hdrs.HOST) or "localhost"
            path, mark, query = target.partition("?")
            whole = Url.parse(f"{self.scheme}://{host}/")
            whole.path, whole.query = path or "/", query if mark else ""
        peer = web_request.transport.get_extra_info("peername") if web_request.transport else None
        body = Body(stream=web_request.content) if web_request.can_read_body else Body(b"")
        headers = CIMultiDict(web_request.headers)
        address = str(peer[0]) if peer else "127.0.0.1"
        return Request(web_request.method, whole, headers, body, address, query=whole.query)

    async def _send(self, web_request: web.Request, request: Request, response: Response) -> web.StreamResponse:
        headers = end_to_end(response.headers)
        web_request[_TYPED] = hdrs.CONTENT_TYPE in headers
        whole = response.body.data is not None or request.method == "HEAD" or response.status in _BODILESS
        if whole:
            if request.method != "HEAD":
                headers.popall(hdrs.CONTENT_LENGTH, None)
            if response.body.data is None:
                response.body.discard()
            data = None if request.method == "HEAD" or response.status in _BODILESS else response.body.loaded
            return web.Response(status=response.status, reason=response.reason, headers=headers, body=data)
        return await self._stream(web_request, response, headers)

    async def _stream(
        self, web_request: web.Request, response: Response, headers: CIMultiDict[str]
    ) -> web.StreamResponse:
        out = web.StreamResponse(status=response.status, reason=response.reason, headers=headers)
        if hdrs.CONTENT_LENGTH not in headers:
            out.enable_chunked_encoding()
        pieces = response.body.take()
        await out.prepare(web_request)
        if isinstance(pieces, bytes):
            await out.write(pieces)
        else:
            async for piece in pieces:
                await out.write(piece)
        await out.write_eof()
        return out


def _unknown(request: Request) -> Response:
    headers = CIMultiDict({"Content-Type": "application/json"})
    return Response(404, None, headers, Body(errors.body(404, errors.NOT_FOUND_TEXT)))


def _broken(web_request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if web_request.transport is not None:
        web_request.transport.abort()
    return web.Response(status=500)


async def _plain_headers(web_request: web.Request, response: web.StreamResponse) -> None:
    """Remove what aiohttp adds but no backend and no policy said."""
    if str(response.headers.get(hdrs.SERVER, "")).startswith("Python/"):
        del response.headers[hdrs.SERVER]
    if not web_request.get(_TYPED, True):
        response.headers.popall(hdrs.CONTENT_TYPE, None)
