# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwarding a call to its backend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innergate_sandbox.gateway import limits, websockets
from innergate_sandbox.gateway.configuration.model import Backend
from innergate_sandbox.gateway.errors import Failure, internal, no_backend
from innergate_sandbox.gateway.forwarding.address import join, service_url
from innergate_sandbox.gateway.forwarding.client import Options, SendError
from innergate_sandbox.gateway.forwarding.headers import to_backend
from innergate_sandbox.gateway.messages import Response, Url, encode

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 10


@dataclass(frozen=True)
class Wish:
    """The attributes of forward-request. timeout in seconds."""

    timeout: float = 300.0
    follow_redirects: bool = False
    keep_body: bool = False
    fail_on_error: bool = False


async def forward(x: Exchange, wish: Wish) -> None:
    """Send the request to the backend and make its answer the response; a Failure if there is none."""
    backend = choose(x)
    base = _base(x, backend)
    if wish.keep_body or x.keep_body:
        await x.request.body.load()
    if x.response is not None:
        x.response.body.discard()
    url = join(base, x.request.rest, x.request.query)
    if backend is not None and backend.query:
        url = join(url, "", encode(list(backend.query)))
    x.note("forward-request", f"{x.request.method} {url.scheme}://{url.authority}{url.path}")
    try:
        x.response = await _send(x, url, backend, wish)
        limits.watch(x, x.response)
    except SendError as error:
        x.response = None
        if backend is not None:
            x.engine.breakers.record(x.service.id, backend, None, error.reason)
        if error.reason == "Timeout":
            raise internal("Timeout", str(error), "forward-request") from error
        raise no_backend(str(error)) from error
    if backend is not None:
        wait = x.response.headers.get("Retry-After", "")
        seconds = float(wait) if wait.isdigit() else None
        x.engine.breakers.record(x.service.id, backend, x.response.status, retry_after=seconds)
    if wish.fail_on_error and x.response.status >= 400:
        text = f"Backend responded with status code {x.response.status}."
        raise Failure(x.response.status, text, "BackendResponseError", "forward-request", keeps_response=True)


def choose(x: Exchange) -> Backend | None:
    """Return the backend entity of this call, for a pool the member whose turn it is; None: a plain URL."""
    if x.target.base is not None and x.target.backend is None:
        return None
    name = x.target.backend or (x.api.backend_id if x.api else None)
    if name is None:
        return None
    found = x.service.backends.get(name)
    if found is None:
        raise internal("BackendConnectionFailure", f"there is no backend {name}", "forward-request")
    if found.pool:
        member = x.engine.pools.choose(x.service, found)
        if member is None:
            raise _unavailable(x, f"no member of the backend pool {found.id} is available")
        return member
    if x.engine.breakers.wait(x.service.id, found):
        raise _unavailable(x, f"the circuit breaker of backend {found.id} is open")
    return found


def _unavailable(x: Exchange, detail: str) -> Failure:
    known = x.engine.assumptions
    text, source = known.unavailable_text, "forward-request"
    return Failure(known.unavailable_status, text, "BackendUnavailable", source, detail, detail=detail)


def _base(x: Exchange, backend: Backend | None) -> Url:
    if backend is not None:
        try:
            base = Url.parse(backend.url)
        except ValueError as error:
            raise no_backend(f"backend {backend.id} has no usable URL: {backend.url!r}") from error
        x.target.base = base
        return base
    found = x.target.base or service_url(x.api)
    if found is None:
        raise no_backend(f"API {x.api.id if x.api else ''} has no service URL, and no policy names a backend")
    return found


async def _send(x: Exchange, url: Url, backend: Backend | None, wish: Wish) -> Response:
    options = Options(
        limits.seconds(x, wish.timeout), *((backend.check_chain, backend.check_name) if backend else (True, True))
    )
    headers = to_backend(x.request, url.authority)
    if x.api is not None and not x.engine.assumptions.key_reaches_backend:
        headers.popall(x.api.key_header, None)
    for name, value in backend.headers if backend else ():
        headers[name] = value
    if x.api is not None and x.api.type == websockets.API_TYPE:
        offered = websockets.protocols(x.request.headers)
        await x.hang_up()
        answer, x.socket = await x.engine.client.upgrade(
            x.service, url, websockets.to_backend(headers), offered, options
        )
        return answer
    body = x.request.body.take()
    if isinstance(body, bytes):
        headers.popall("Content-Length", None)
    method = x.request.method
    for dummy in range(_MOST_REDIRECTS):
        answer = await x.engine.client.send(x.service, method, url, headers, body, options)
        target = answer.headers.get("Location")
        if not wish.follow_redirects or answer.status not in _REDIRECTS or not target:
            return answer
        answer.body.discard()
        url = resolve(url, target)
        headers["Host"] = url.authority
        if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
            method, body = "GET", b""
        elif not isinstance(body, bytes):
            body = b""
    return answer


def resolve(base: Url, target: str) -> Url:
    """Return an absolute or relative reference as a URL."""
    try:
        return Url.parse(target)
    except ValueError:
        path, dummy, query = target.partition("?")
        whole = path if path.startswith("/") else f"{base.path.rpartition('/')[0]}/{path}"
        return Url(base.scheme, base.host, base.port, whole, query)
