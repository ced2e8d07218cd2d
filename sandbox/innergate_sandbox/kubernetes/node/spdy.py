# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SPDY/3.1, the server's side, as far as Kubernetes uses it: streams with headers, data both ways, ping.

kube-apiserver speaks it with kubelets for exec and port-forward, whatever its own clients speak. Frames are those of
the SPDY protocol, draft 3.1; there is no flow control (github.com/moby/spdystream has none either).
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import zlib
from collections.abc import AsyncIterator

PROTOCOL = "SPDY/3.1"
_VERSION = 0x8003
_SYN_STREAM, _SYN_REPLY, _RST_STREAM, _PING, _GOAWAY, _HEADERS = 1, 2, 3, 6, 7, 8
_FIN = 1
_PIECE = 32768
_LARGEST = 16 * 1024 * 1024
_WORDS = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow "
    "authorization cache-control connection content-base content-encoding content-language content-length "
    "content-location content-md5 content-range content-type date etag expect expires from host if-match "
    "if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma "
    "proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade "
    "user-agent vary via warning www-authenticate method get status"
)
_PHRASES = ("200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin")
_REST = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative "
    "Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 "
    "Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec "
    "00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,"
    "application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8"
    "charset=iso-8859-1,utf-,*,enq=0."
)


def _counted(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


DICTIONARY = b"".join(_counted(word.encode()) for word in (*_WORDS.split(), *_PHRASES)) + _REST.encode()
"""What both sides know before the first header: the protocol fixes every byte."""


class BrokenSession(Exception):
    """What came is not SPDY, or the other side is gone."""


class Stream:
    """One stream of a session. headers: names in lower case."""

    def __init__(self, session: Session, number: int, headers: dict[str, str]) -> None:
        """Take what SYN_STREAM said."""
        self._session = session
        self.number = number
        self.headers = headers
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._ended = False

    def feed(self, data: bytes | None) -> None:
        """Take data from the other side; None: there is no more."""
        self._inbox.put_nowait(data)

    async def read(self) -> AsyncIterator[bytes]:
        """Yield the data until the other side has closed the stream."""
        while (data := await self._inbox.get()) is not None:
            yield data

    async def write(self, data: bytes) -> None:
        """Send data."""
        for start in range(0, len(data), _PIECE):
            await self._session.send_data(self.number, data[start : start + _PIECE], 0)

    async def close(self) -> None:
        """Say that there is no more data."""
        if not self._ended:
            self._ended = True
            await self._session.send_data(self.number, b"", _FIN)


class Session:
    """One connection. New streams are in `streams` (None: the session has ended)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection on which the upgrade was agreed."""
        self._reader, self._writer = reader, writer
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)
        self._open: dict[int, Stream] = {}
        self.streams: asyncio.Queue[Stream | None] = asyncio.Queue()

    async def run(self) -> None:
        """Read frames until the other side is gone."""
        try:
            while True:
                await self._frame()
        except (asyncio.IncompleteReadError, OSError, BrokenSession, zlib.error, struct.error):
            pass
        finally:
            for stream in self._open.values():
                stream.feed(None)
            self.streams.put_nowait(None)

    async def send_data(self, number: int, data: bytes, flags: int) -> None:
        """Send a data frame; a peer that is gone is nobody's mistake."""
        await self._send(struct.pack(">II", number, flags << 24 | len(data)) + data)

    async def end(self) -> None:
        """Say that nothing more comes, and close the connection."""
        await self._send(self._control(_GOAWAY, 0, struct.pack(">II", max(self._open, default=0), 0)))
        self._writer.close()

    async def _send(self, frame: bytes) -> None:
        with contextlib.suppress(OSError):
            self._writer.write(frame)
            await self._writer.drain()

    @staticmethod
    def _control(kind: int, flags: int, body: bytes) -> bytes:
        return struct.pack(">HHI", _VERSION, kind, flags << 24 | len(body)) + body

    async def _frame(self) -> None:
        first, second = struct.unpack(">II", await self._reader.readexactly(8))
        flags, length = second >> 24, second & 0xFFFFFF
        if length > _LARGEST:
            raise BrokenSession("a frame is too long")
        body = await self._reader.readexactly(length)
        if first & 0x80000000:
            await self._controlled(first & 0xFFFF, flags, body)
            return
        stream = self._open.get(first)
        if stream is None:
            return
        if body:
            stream.feed(body)
        if flags & _FIN:
            stream.feed(None)

    async def _controlled(self, kind: int, flags: int, body: bytes) -> None:
        if kind == _SYN_STREAM:
            number = struct.unpack(">I", body[:4])[0] & 0x7FFFFFFF
            stream = Stream(self, number, self._headers(body[10:]))
            self._open[number] = stream
            if flags & _FIN:
                stream.feed(None)
            reply = struct.pack(">I", number) + self._packed()
            await self._send(self._control(_SYN_REPLY, 0, reply))
            self.streams.put_nowait(stream)
        elif kind == _RST_STREAM:
            gone = self._open.pop(struct.unpack(">I", body[:4])[0] & 0x7FFFFFFF, None)
            if gone is not None:
                gone.feed(None)
        elif kind == _PING:
            await self._send(self._control(_PING, 0, body))
        elif kind == _HEADERS:
            self._headers(body[4:])  # the compression goes over all headers of a session
        elif kind == _GOAWAY:
            raise BrokenSession("the other side leaves")

    def _headers(self, packed: bytes) -> dict[str, str]:
        text = self._inflate.decompress(packed)
        (count,), at = struct.unpack(">I", text[:4]), 4
        found: dict[str, str] = {}
        for dummy in range(count):
            pair = []
            for dummy in range(2):
                (length,) = struct.unpack(">I", text[at : at + 4])
                pair.append(text[at + 4 : at + 4 + length].decode("latin-1"))
                at += 4 + length
            found[pair[0].lower()] = pair[1].partition("\0")[0]
        return found

    def _packed(self) -> bytes:
        """No headers at all, as spdystream answers."""
        return self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
