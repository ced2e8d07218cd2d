# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client of the gateway."""

from __future__ import annotations

import asyncio
import io
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from innergate_sandbox.dataplane import Unreachable
from innergate_sandbox.gateway.configuration.model import Service
from innergate_sandbox.gateway.forwarding.headers import end_to_end
from innergate_sandbox.gateway.forwarding.locate import Locator
from innergate_sandbox.gateway.messages import Body, Response, Url, legal
from innergate_sandbox.gateway.websockets import ACCEPTED, PATIENCE

_SMALL = 64 * 1024
_NO_AUTOMATIC = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class SendError(Exception):
    """A call that got no answer. reason: as circuit breakers and LastError name it."""

    def __init__(self, message: str, reason: str = "BackendConnectionFailure") -> None:
        """Take what to tell people."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Options:
    """How to call. timeout: seconds until the answer's headers; checks: whether certificates have to be good."""

    timeout: float = 300.0
    check_chain: bool = True
    check_name: bool = True


class Client:
    """Sends requests to where the locator says a host is. Needs a running event loop."""

    def __init__(self, locator: Locator, authority: Path | None = None) -> None:
        """Trust the machine's authorities and one more (a PEM file)."""
        self.locator = locator
        self._authority = authority
        self._contexts: dict[tuple[bool, bool], ssl.SSLContext] = {}
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=15),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            skip_auto_headers=_NO_AUTOMATIC,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def send(
        self,
        service: Service,
        method: str,
        url: Url,
        headers: CIMultiDict[str],
        body: bytes | AsyncIterator[bytes],
        options: Options,
    ) -> Response:
        """Send a request and return the answer, its body not yet read; a SendError if there is none."""
        host, port = self._place(service, url)
        text = f"{url.scheme}://{host}:{port}{legal(url.path)}" + (f"?{legal(url.query)}" if url.query else "")
        secure = url.scheme == "https"
        try:
            target = URL(text, encoded=True)
            async with asyncio.timeout(options.timeout):
                answer = await self._session.request(
                    method,
                    target,
                    headers=headers,
                    # What is large is sent in pieces, so that others get their turn.
                    data=(io.BytesIO(body) if body else None) if isinstance(body, bytes) else body,
                    allow_redirects=False,
                    ssl=self._context(options) if secure else False,
                    server_hostname=url.host if secure else None,
                )
                return await _response(answer)
        except TimeoutError as error:
            raise _late(url, options) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SendError(f"{url.host}:{url.effective_port}: {error}") from error

    async def upgrade(
        self,
        service: Service,
        url: Url,
        headers: CIMultiDict[str],
        protocols: tuple[str, ...],
        options: Options,
    ) -> tuple[Response, aiohttp.ClientWebSocketResponse | None]:
        """Make a WebSocket handshake; returns the answer, and the open socket if it was accepted.

        protocols: the subprotocols to offer. A SendError if there is no answer. aiohttp keeps neither the headers of an
        accepted handshake nor the body of a refusal.
        """
        host, port = self._place(service, url)
        secure = url.scheme == "https"
        text = f"{'wss' if secure else 'ws'}://{host}:{port}{legal(url.path)}" + (
            f"?{legal(url.query)}" if url.query else ""
        )
        try:
            async with asyncio.timeout(options.timeout):
                socket = await self._session.ws_connect(
                    URL(text, encoded=True),
                    headers=headers,
                    protocols=protocols,
                    autoping=False,
                    autoclose=False,
                    max_msg_size=0,
                    timeout=aiohttp.ClientWSTimeout(ws_close=PATIENCE),
                    ssl=self._context(options) if secure else False,
                    server_hostname=url.host if secure else None,
                )
        except aiohttp.WSServerHandshakeError as error:
            if error.status == ACCEPTED:
                raise SendError(f"{url.host}:{url.effective_port}: {error.message}") from error
            return Response(error.status, None, end_to_end(error.headers or {}), Body(b"")), None
        except TimeoutError as error:
            raise _late(url, options) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SendError(f"{url.host}:{url.effective_port}: {error}") from error
        return Response(ACCEPTED, None, CIMultiDict(), Body(b"")), socket

    def _place(self, service: Service, url: Url) -> tuple[str, int]:
        """Return host (in brackets, if it is an IPv6 address) and port on loopback; a SendError if there is no way."""
        place = self.locator.locate(service, url.scheme, url.host, url.effective_port)
        if isinstance(place, Unreachable):
            raise SendError(f"{url.host}:{url.effective_port}: {place.reason}")
        host, port = place
        return f"[{host}]" if ":" in host else host, port

    def _context(self, options: Options) -> ssl.SSLContext:
        wanted = (options.check_chain, options.check_chain and options.check_name)
        if wanted not in self._contexts:
            context = ssl.create_default_context()
            if self._authority is not None:
                context.load_verify_locations(self._authority)
            context.check_hostname = wanted[1]
            context.verify_mode = ssl.CERT_REQUIRED if wanted[0] else ssl.CERT_NONE
            self._contexts[wanted] = context
        return self._contexts[wanted]


def _late(url: Url, options: Options) -> SendError:
    message = f"{url.host}:{url.effective_port} did not answer within {options.timeout:g} seconds"
    return SendError(message, "Timeout")


async def _response(answer: aiohttp.ClientResponse) -> Response:
    """Return the answer; a small body is read at once, so that its connection is free again."""
    headers = end_to_end(answer.headers)
    length = answer.content_length
    if answer.method == "HEAD" or (length is not None and length <= _SMALL):
        return Response(answer.status, answer.reason or None, headers, Body(await answer.read()))
    return Response(answer.status, answer.reason or None, headers, Body(stream=answer.content, close=answer.close))
