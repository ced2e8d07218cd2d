# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the Kubernetes API, as small as they can be: JSON in, JSON out."""

from __future__ import annotations

import json
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp

from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.control.pki import write_private

Object = dict[str, Any]
PatchKind = Literal["strategic", "merge", "apply"]

_PATCH_TYPES = {
    "strategic": "application/strategic-merge-patch+json",
    "merge": "application/merge-patch+json",
    "apply": "application/apply-patch+yaml",
}


class ApiError(Exception):
    """The API server refused a request. `status` is the HTTP status, `reason` such as NotFound, `message` its text."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        """Take over the Status object's parts."""
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message


class Kube:
    """A connection pool to one API server."""

    def __init__(self, access: Access, user_agent: str = "innergate-sandbox") -> None:
        """Credentials are taken from the access once."""
        self.server = access.server
        headers = {"User-Agent": user_agent, "Accept": "application/json"}
        if access.token:
            headers["Authorization"] = f"Bearer {access.token}"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls_context(access), limit=0, keepalive_timeout=60),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, connect=10, sock_connect=10),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get(self, path: str, **query: str) -> Object:
        """One object, or a list if the path is that of a collection."""
        return await self._request("GET", path, None, query)

    async def find(self, path: str) -> Object | None:
        """One object, or None if it does not exist."""
        try:
            return await self.get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    async def create(self, path: str, body: Object) -> Object:
        """Create in a collection."""
        return await self._request("POST", path, body, {})

    async def replace(self, path: str, body: Object) -> Object:
        """Replace an object as a whole."""
        return await self._request("PUT", path, body, {})

    async def patch(self, path: str, body: Object, kind: PatchKind = "strategic", **query: str) -> Object:
        """Change parts of an object."""
        return await self._request("PATCH", path, body, query, _PATCH_TYPES[kind])

    async def delete(self, path: str, body: Object | None = None) -> Object | None:
        """Delete an object; None if it was gone already."""
        try:
            return await self._request("DELETE", path, body, {})
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    async def text(self, path: str) -> tuple[int, str]:
        """Status and text of a path such as /readyz, whatever its type."""
        timeout = aiohttp.ClientTimeout(total=5)
        async with self._session.get(self.server + path, timeout=timeout, headers={"Accept": "*/*"}) as answer:
            return answer.status, await answer.text()

    async def watch(self, path: str, version: str, seconds: int = 290) -> AsyncIterator[tuple[str, Object]]:
        """Changes after a resource version: (ADDED, MODIFIED, DELETED or BOOKMARK, object). Ends by itself in time."""
        query = {"watch": "true", "resourceVersion": version, "allowWatchBookmarks": "true"}
        async with self._session.get(
            self.server + path,
            params={**query, "timeoutSeconds": str(seconds)},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=seconds + 30),
        ) as answer:
            if answer.status != 200:
                raise _error(answer.status, await answer.text())
            buffer = b""
            async for chunk in answer.content.iter_any():
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        status = event["object"]
                        raise ApiError(status.get("code", 500), status.get("reason", ""), status.get("message", ""))
                    yield event["type"], event["object"]

    @asynccontextmanager
    async def websocket(self, path: str, protocol: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """A websocket to a path that speaks a protocol."""
        async with self._session.ws_connect(self.server + path, protocols=(protocol,), max_msg_size=0) as socket:
            yield socket

    async def _request(
        self, method: str, path: str, body: Object | None, query: dict[str, str], content: str = "application/json"
    ) -> Object:
        async with self._session.request(
            method,
            self.server + path,
            params=query,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": content} if body is not None else None,
            timeout=aiohttp.ClientTimeout(total=30, sock_connect=10),
        ) as answer:
            text = await answer.text()
            if answer.status >= 400:
                raise _error(answer.status, text)
            found: Object = json.loads(text)
            return found


def tls_context(access: Access) -> ssl.SSLContext:
    """Trust the cluster's authority and show the client certificate, if there are such."""
    if access.authority:
        context = ssl.create_default_context(cadata=access.authority.decode())
    else:
        context = ssl.create_default_context()
    if access.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if access.certificate and access.key:
        # The ssl module reads key pairs from files only.
        with tempfile.TemporaryDirectory() as folder:
            pair = Path(folder) / "pair.pem"
            write_private(pair, access.certificate + b"\n" + access.key)
            context.load_cert_chain(pair)
    return context


def _error(status: int, text: str) -> ApiError:
    try:
        body = json.loads(text)
    except ValueError:
        return ApiError(status, "", text.strip()[:500])
    return ApiError(status, str(body.get("reason", "")), str(body.get("message", "")))
