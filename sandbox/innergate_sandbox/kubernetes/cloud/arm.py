# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to ARM as the Azure SDK for Go makes them: token, retries, long-running operations, texts of errors."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from innergate_sandbox.kubernetes.cloud.config import VERSION

USER_AGENT = "kubernetes-cloudprovider/v1.36.0"
RETRY_PAUSES = (5.0, 16.0, 38.0)
"""Before the 2nd, 3rd and 4th try (observed: about 0, 5, 21, 60 s)."""
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
POLL = 5.0
_RULE = "-" * 80
Sleep = Callable[[float], Awaitable[None]]


class ArmFailure(Exception):
    """ARM refused, or did not answer. `status` is None if there was no answer; the text is the SDK's."""

    def __init__(self, text: str, status: int | None = None, code: str = "") -> None:
        """`code` is ARM's error code."""
        super().__init__(text)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Account:
    """Where ARM and Entra ID are, and who asks."""

    endpoint: str
    tenant: str
    client_id: str
    secret: str
    trust: ssl.SSLContext


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw.strip() else None


class ArmClient:
    """ARM for one identity."""

    def __init__(self, account: Account, sleep: Sleep = asyncio.sleep) -> None:
        """`sleep` is replaced in tests."""
        self._account = account
        self._sleep = sleep
        self._token = ("", 0.0)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=account.trust),
            timeout=aiohttp.ClientTimeout(total=60),
            headers={"User-Agent": USER_AGENT},
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get(self, path: str) -> dict[str, Any]:
        """One resource, or the whole of a list in `value`, page by page."""
        found = (await self._send("GET", self._url(path), None, {})).body
        while isinstance(found, dict) and found.get("nextLink"):
            more = (await self._send("GET", found.pop("nextLink"), None, {})).body
            found["value"] += more.get("value", [])
            found["nextLink"] = more.get("nextLink")
        result: dict[str, Any] = found
        return result

    async def find(self, path: str) -> dict[str, Any] | None:
        """One resource, or None if it does not exist."""
        try:
            return await self.get(path)
        except ArmFailure as failure:
            if failure.status == 404:
                return None
            raise

    async def put(self, path: str, body: dict[str, Any], etag: str | None = None) -> dict[str, Any]:
        """Write, wait for the end, and read what came of it."""
        headers = {"If-Match": etag} if etag else {}
        reply = await self._send("PUT", self._url(path), body, headers)
        await self._finish(reply, "PUT")
        return await self.get(path)

    async def delete(self, path: str) -> None:
        """Delete and wait for the end; what is gone is fine."""
        try:
            reply = await self._send("DELETE", self._url(path), None, {})
        except ArmFailure as failure:
            if failure.status == 404:
                return
            raise
        await self._finish(reply, "DELETE")

    def _url(self, path: str) -> str:
        return f"{self._account.endpoint}{path}?api-version={VERSION}"

    async def _finish(self, reply: _Reply, method: str) -> None:
        operation = reply.headers.get("azure-asyncoperation")
        if not operation or (method == "PUT" and _state(reply.body) in ("Succeeded", None)):
            return
        while True:
            poll = await self._send("GET", operation, None, {})
            status = (poll.body or {}).get("status", "Succeeded")
            if status == "Succeeded":
                return
            if status in ("Failed", "Canceled"):
                raise failure("GET", operation, poll.status, poll.raw)
            await self._sleep(float(poll.headers.get("retry-after") or POLL))

    async def _send(self, method: str, url: str, body: Any, headers: dict[str, str]) -> _Reply:
        """Up to four tries. While a Retry-After runs, a try is used up without being sent."""
        closed_until = 0.0
        problem: ArmFailure | None = None
        for pause in (0.0, *RETRY_PAUSES):
            if pause:
                await self._sleep(pause)
            if time.monotonic() < closed_until:
                continue
            try:
                reply = await self._once(method, url, body, headers)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                problem = ArmFailure(f'{method.capitalize()} "{url}": {error}')
                continue
            if reply.status not in RETRIED:
                if reply.status >= 400:
                    raise failure(method, url, reply.status, reply.raw)
                return reply
            if reply.status == 429:
                closed_until = time.monotonic() + _seconds(reply.headers.get("retry-after"))
                problem = ArmFailure("throttled due to too many requests", 429)
            else:
                problem = failure(method, url, reply.status, reply.raw)
        assert problem is not None
        raise problem

    async def _once(self, method: str, url: str, body: Any, headers: dict[str, str]) -> _Reply:
        data = None if body is None else json.dumps(body).encode()
        headers = {**headers, "Authorization": f"Bearer {await self._bearer()}", "Accept": "application/json"}
        if data is not None:
            headers["Content-Type"] = "application/json"
        async with self._session.request(method, url, data=data, headers=headers) as answer:
            lower = {name.lower(): value for name, value in answer.headers.items()}
            return _Reply(answer.status, lower, await answer.read())

    async def _bearer(self) -> str:
        token, until = self._token
        if time.monotonic() < until:
            return token
        account = self._account
        form = {
            "grant_type": "client_credentials",
            "client_id": account.client_id,
            "client_secret": account.secret,
            "scope": "https://management.azure.com/.default",
        }
        url = f"{account.endpoint}/{account.tenant}/oauth2/v2.0/token"
        async with self._session.post(url, data=form) as answer:
            raw = await answer.read()
            if answer.status != 200:
                raise failure("POST", url, answer.status, raw)
            found = json.loads(raw)
        self._token = (found["access_token"], time.monotonic() + float(found["expires_in"]) - 300)
        return self._token[0]


def failure(method: str, url: str, status: int, raw: bytes) -> ArmFailure:
    """The error of an answer, with the text that azcore's ResponseError gives it."""
    parts = urlsplit(url)
    try:
        parsed = json.loads(raw) if raw.strip() else None
    except ValueError:
        parsed = None
    code = _code(parsed)
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    if not raw.strip():
        shown = "Response contained no body"
    elif parsed is None:
        shown = raw.decode(errors="replace")
    else:
        shown = json.dumps(parsed, indent=2, ensure_ascii=False)
    lines = [
        f"{method} {parts.scheme}://{parts.netloc}{parts.path}",
        _RULE,
        f"RESPONSE {status}: {status} {phrase}".rstrip(),
        f"ERROR CODE: {code}" if code else "ERROR CODE UNAVAILABLE",
        _RULE,
        shown,
        _RULE,
        "",
    ]
    return ArmFailure("\n".join(lines), status, code)


def _code(body: Any) -> str:
    error = body.get("error", body) if isinstance(body, dict) else None
    return str(error.get("code") or "") if isinstance(error, dict) else ""


def _state(body: Any) -> str | None:
    return ((body or {}).get("properties") or {}).get("provisioningState") if isinstance(body, dict) else None


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdigit() else 0.0
