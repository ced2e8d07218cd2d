# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request or response on its way: headers, URL and a body that is read only when somebody wants it."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode

from multidict import CIMultiDict

Pairs = list[tuple[str, str]]


class Stream(Protocol):
    """What a body is read from: aiohttp's readers of requests and responses."""

    def iter_any(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they come."""

    async def read(self) -> bytes:
        """Return all that is left."""


@dataclass
class Body:
    """Bytes in memory, or a stream that nobody has read yet.

    close: gives up the connection behind the stream. check: told how many bytes were read into memory, raises if those
    are too many.
    """

    data: bytes | None = None
    stream: Stream | None = None
    close: Callable[[], None] | None = None
    check: Callable[[int], None] | None = None

    async def load(self) -> bytes:
        """Read the stream into memory (once) and return the bytes."""
        if self.data is None:
            self.data = await self.stream.read() if self.stream else b""
            self.stream = None
            if self.check is not None:
                self.check(len(self.data))
        return self.data

    @property
    def loaded(self) -> bytes:
        """The bytes in memory; nothing if the stream was not read yet."""
        return self.data or b""

    def set(self, data: bytes) -> None:
        """Replace the contents."""
        self.discard()
        self.data = data

    def discard(self) -> None:
        """Forget a stream that nobody will read, or read on."""
        if self.close is not None:
            self.close()
        self.stream = self.close = None

    def take(self) -> AsyncIterator[bytes] | bytes:
        """Return what is to be sent: bytes, or the stream itself (which can be taken only once)."""
        if self.data is not None or self.stream is None:
            return self.loaded
        stream, self.stream = self.stream, None
        return stream.iter_any()


@dataclass
class Url:
    """A URL in parts, everything still encoded. port is None for the scheme's own."""

    scheme: str = "https"
    host: str = ""
    port: int | None = None
    path: str = "/"
    query: str = ""

    @property
    def effective_port(self) -> int:
        """The port that a client would connect to."""
        return self.port or (443 if self.scheme == "https" else 80)

    @property
    def authority(self) -> str:
        """The host with its port, if that is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Return the whole URL."""
        return f"{self.scheme}://{self.authority}{self.path}" + (f"?{self.query}" if self.query else "")

    @classmethod
    def parse(cls, text: str) -> Url:
        """Read an absolute URL; a ValueError if it is none."""
        scheme, mark, rest = text.strip().partition("://")
        end = min((rest.find(char) for char in "/?#" if char in rest), default=len(rest))
        authority, rest = rest[:end].rpartition("@")[2], rest[end:].partition("#")[0]
        host, port = authority, ""
        if authority.startswith("["):
            host, dummy, port = authority[1:].partition("]")
            port = port.lstrip(":")
        elif ":" in authority:
            host, dummy, port = authority.rpartition(":")
        if not mark or scheme.lower() not in ("http", "https", "ws", "wss") or not host:
            raise ValueError(f"not an absolute URL: {text}")
        path, dummy, query = rest.partition("?")
        secure = scheme.lower() in ("https", "wss")
        number = int(port) if port else None
        number = None if number == (443 if secure else 80) else number
        return cls("https" if secure else "http", host.lower(), number, path or "/", query)

    def pairs(self) -> Pairs:
        """Return the query as decoded pairs."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def plain_path(self) -> str:
        """The path, decoded."""
        return unquote(self.path)


def one_line(text: str) -> str:
    """Return a text without line ends, which would begin another header."""
    return text.replace("\r", "").replace("\n", " ").replace("\0", "").strip()


def legal(path: str) -> str:
    """Return a path or query in which everything that a request line cannot hold is encoded."""
    return quote(path, safe="%/?:@!$&'()*+,;=-._~[]|^`{}\"\\<>")


def encode(pairs: Pairs) -> str:
    """Return a query string."""
    return urlencode(pairs)


@dataclass
class Request:
    """What the caller sent, and what policies made of it.

    original: the URL the caller used. rest: the encoded path behind the API's part of it; query: the encoded query;
    both make up what goes to the backend. parameters: what the operation's template matched.
    """

    method: str
    original: Url
    headers: CIMultiDict[str]
    body: Body
    ip: str
    rest: str = ""
    query: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    api_path: str = ""

    def pairs(self) -> Pairs:
        """Return the query as it is now, as decoded pairs."""
        return parse_qsl(self.query, keep_blank_values=True)


@dataclass
class Response:
    """What goes back. reason: the words behind the status, None for the usual ones."""

    status: int = 200
    reason: str | None = None
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: Body = field(default_factory=lambda: Body(b""))


async def unpack(message: Request | Response) -> bytes:
    """Read a message's body for policies, which want to see it uncompressed; returns it."""
    data = await message.body.load()
    if message.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip", "deflate") and data:
        try:
            data = zlib.decompress(data, wbits=47)
        except zlib.error:
            return data
        message.body.set(data)
        del message.headers["Content-Encoding"]
    return data
