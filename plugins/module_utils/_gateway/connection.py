# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP call, as a caller of the gateway makes it: other address than the host name, proxy, own CA. No redirects."""

from __future__ import annotations

import base64
import contextlib
import functools
import http.client
import os
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import masked

BODY_LIMIT = 1 << 20  # bytes that are read of an answer
#: Where OpenSSL takes the authorities from that are trusted anyway, instead of its own files.
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
UNSENDABLE = "the request can't be sent: a header or the address has characters that HTTP does not allow (a line end?)"


class CallError(Exception):
    """The call got no answer. C(kind): connect, timeout, name, proxy, certificate, tls, protocol or request."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Target:
    """Where and how to call. C(connect_to) is C(host:port) instead of what the URL says; C(timeout) in seconds."""

    url: str
    connect_to: str = ""
    host: str = ""  # Host header and TLS server name, when they differ from the URL's
    proxy: str = ""
    ca_path: str = ""
    validate_certs: bool = True
    timeout: float = 30.0

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def name(self) -> str:
        """The host name that the server is to answer for, without a port."""
        return (_split(self.host)[0] if self.host else self.parts.hostname) or ""

    @property
    def address(self) -> tuple[str, int]:
        """Where the connection goes to (through the proxy, if there is one)."""
        default = self.parts.port or (443 if self.parts.scheme == "https" else 80)
        if self.connect_to:
            host, port = _split(self.connect_to)
            return host, port or default
        return self.parts.hostname or "", default


@dataclass(frozen=True)
class Answer:
    """What came back. C(headers) by lower-case name, C(elapsed) in seconds."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    elapsed: float = 0.0


def check(target: Target) -> str:
    """Why the target can't be called; empty if it can."""
    try:
        parts, port = target.parts, target.parts.port
    except ValueError:  # not in its own words: they repeat parts of the URL
        return "url is no http or https URL (is its port a number, up to 65535?)"
    try:
        _split(target.connect_to)
    except ValueError as error:
        return f"connect_to {target.connect_to}: {error}"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return f"'{masked(target.url)}' is no http or https URL"
    if target.proxy and urlsplit(target.proxy).scheme != "http":
        return f"'{masked(target.proxy)}' is no http proxy such as http://127.0.0.1:3128"
    if target.ca_path and not os.path.exists(target.ca_path):
        return f"ca_path {target.ca_path} does not exist"
    return ""


def call(target: Target, method: str, headers: Mapping[str, str], body: bytes | None, path: str = "") -> Answer:
    """Make the call. C(path) replaces path and query of the URL. Raises CallError."""
    begin = time.monotonic()
    secure = target.parts.scheme == "https"
    path = path or _path(target.parts)
    try:
        with contextlib.closing(connect(target, tunnel=secure)) as link:
            connection = http.client.HTTPConnection(target.name, timeout=target.timeout)
            connection.sock = link
            sent = {"Host": target.host or _authority(target), "Connection": "close", **headers}
            if target.proxy and not secure:
                sent |= _proxy_authorization(target.proxy)
                path = f"http://{target.connect_to or _authority(target)}{path}"
            try:
                connection.request(method, path, body=body, headers=sent)
            except (ValueError, http.client.InvalidURL):
                # Not the error's own words: they repeat the header, which may be the key.
                raise CallError("request", UNSENDABLE) from None
            response = connection.getresponse()
            content = _read(response, begin + 2 * target.timeout)
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, content, time.monotonic() - begin)
    except TimeoutError:
        raise CallError("timeout", f"no answer within {target.timeout:g} s") from None
    except (http.client.HTTPException, OSError) as error:
        raise CallError("protocol", f"the connection broke: {_words(error)}") from error


def _read(response: http.client.HTTPResponse, end: float) -> bytes:
    """The body, or as much of it as is looked at. Raises TimeoutError if it is not there by C(end) (monotonic)."""
    # read1 returns what has come; some versions of Python don't count down the length by it.
    wanted = BODY_LIMIT if response.length is None else min(response.length, BODY_LIMIT)
    content = b""
    while len(content) < wanted and (piece := response.read1(wanted - len(content))):
        content += piece
        if time.monotonic() > end:
            raise TimeoutError
    if response.length is not None and len(content) < wanted:
        raise http.client.IncompleteRead(content, wanted - len(content))
    return content


def connect(target: Target, *, tunnel: bool) -> socket.socket:
    """A connection to the target: direct, to the proxy, or C(tunnel)led through it; TLS for https. Raises CallError."""
    host, port = _proxy_address(target.proxy) if target.proxy else target.address
    where = f"the proxy {host}:{port}" if target.proxy else f"{host}:{port}"
    try:
        link = socket.create_connection((host, port), timeout=target.timeout)
    except socket.gaierror as error:
        raise CallError("proxy" if target.proxy else "name", f"the name {host} is unknown: {error.strerror}") from error
    except TimeoutError:
        kind = "proxy" if target.proxy else "timeout"
        raise CallError(kind, f"{where} does not answer within {target.timeout:g} s") from None
    except ConnectionRefusedError as error:
        if target.proxy:
            raise ProxyAbsent("proxy", f"{where}: {_words(error)}") from error
        raise CallError("connect", f"{where}: {_words(error)}") from error
    except OSError as error:
        raise CallError("proxy" if target.proxy else "connect", f"{where}: {_words(error)}") from error
    with contextlib.ExitStack() as undo:
        undo.callback(link.close)
        if target.proxy and tunnel:
            _tunnel(link, target)
        made = _secure(link, target) if target.parts.scheme == "https" else link
        undo.pop_all()
        return made


class ProxyAbsent(CallError):
    """Nothing listens where the proxy should be. Says nothing about the address behind it."""


class TunnelRefused(CallError):
    """The proxy is there, and will not or can not connect to the address."""


def _tunnel(link: socket.socket, target: Target) -> None:
    host, port = target.address
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not authority.isascii():
        raise CallError("request", UNSENDABLE)
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in _proxy_authorization(target.proxy).items()]
    try:
        link.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        response = http.client.HTTPResponse(link, method="CONNECT")
        response.begin()
    except TimeoutError:
        raise CallError("proxy", f"the proxy does not answer within {target.timeout:g} s") from None
    except (http.client.HTTPException, OSError) as error:
        raise CallError("proxy", f"the proxy broke the connection: {_words(error)}") from error
    if response.status != 200:
        raise TunnelRefused("proxy", f"the proxy does not connect to {authority}: {response.status} {response.reason}")


def _secure(link: socket.socket, target: Target) -> socket.socket:
    files = tuple((path, _changed(path)) for path in (target.ca_path, *(os.environ.get(name, "") for name in TRUST)))
    try:
        return _context(target.validate_certs, files).wrap_socket(link, server_hostname=target.name)
    except ssl.SSLCertVerificationError as error:
        raise CallError(
            "certificate", f"the certificate of {target.name} is not trusted: {error.verify_message}"
        ) from error
    except TimeoutError:
        raise CallError("timeout", f"no TLS handshake within {target.timeout:g} s") from None
    except OSError as error:
        raise CallError("tls", f"no TLS connection to {target.name}: {_words(error)}") from error


@functools.lru_cache(maxsize=4)
def _context(validate_certs: bool, files: tuple[tuple[str, float], ...]) -> ssl.SSLContext:
    """The TLS context with the authorities of the first of the files beside those that count anyway.

    Reading them takes longer than a call, and a probe makes many. The other files and the times are there to notice
    that something else is to be trusted. Raises OSError.
    """
    ca_path = files[0][0]
    context = ssl.create_default_context()
    if ca_path:
        context.load_verify_locations(**{"capath" if os.path.isdir(ca_path) else "cafile": ca_path})
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _changed(path: str) -> float:
    """When a file or folder was changed (seconds since the epoch); 0 if there is none."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _authority(target: Target) -> str:
    parts = target.parts
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port is None else f"{host}:{parts.port}"


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _split(text: str) -> tuple[str, int]:
    """C(host:port), C([::1]:port) or a host alone (port 0). Raises ValueError."""
    parts = urlsplit(f"//{text}")
    return parts.hostname or "", parts.port or 0


def _proxy_address(proxy: str) -> tuple[str, int]:
    parts = urlsplit(proxy)
    return parts.hostname or "", parts.port or 80


def _proxy_authorization(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(credentials).decode()}"}


def _words(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
