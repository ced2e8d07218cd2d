# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wire to Azure: one connection pool, nothing that repeats, redirects or rewrites.

Not the SDK's own transport: that reads all certificate authorities anew for every connection, which is most of what a
task in the controller would cost. Requests come from the SDK all the same (sdk.py).
"""

from __future__ import annotations

import re
import ssl
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.trust import context

try:
    import urllib3
    from urllib3 import exceptions as failures

    MISSING = ""
except ImportError as error:
    MISSING = str(error)

USER_AGENT = "innergate.azure"
CONNECT_SECONDS = 15.0
READ_SECONDS = 180.0
BODY_SECONDS = 300.0
#: Bytes of one answer; and of one read, where urllib3 can't say how much has come.
LARGEST_BODY = 256 * 1024 * 1024
PIECE = 2048

#: What the libraries below put around the heart of the matter: objects, source lines of OpenSSL.
_WRAPPING = re.compile(r"^<?.*?(?:object at 0x\w+>: |Connection(?:Pool)?\([^)]*\): )|\s*\(_ssl\.c:\d+\)")


class HttpWire:
    """A pool of connections. It belongs to the process that made it: a TLS connection must not cross a fork.

    C(verify): file of certificate authorities, or True. C(environ): proxies are HTTPS_PROXY and NO_PROXY, as usual.
    """

    def __init__(self, verify: bool | str, environ: Mapping[str, str]) -> None:
        if MISSING:
            raise MissingLibraryError("azure-identity", MISSING)  # which brings urllib3 along
        self._context = context(verify)
        self._environ = environ
        self._pools: dict[str, Any] = {}

    def send(self, request: Request) -> Answer:
        """Send once. Raises ArmError if there is no answer."""
        headers = {
            **request.headers,
            "User-Agent": USER_AGENT,
            "x-ms-client-request-id": str(uuid.uuid4()),
            "Accept-Encoding": "gzip",
        }
        if request.method in ("PUT", "POST") and request.body is None:
            headers["Content-Length"] = "0"
        try:
            response = self._pool(request.url).request(
                request.method, request.url, body=request.body, headers=headers, redirect=False, preload_content=False
            )
            body = _body(response)
        except failures.HTTPError as error:
            raise no_answer(request, error) from error
        names = {str(name).lower(): str(value) for name, value in response.headers.items()}
        return Answer(response.status, names, body)

    def _pool(self, url: str) -> Any:
        """The connections to use for the address: those of a proxy, or direct ones."""
        proxy = proxy_for(url, self._environ)
        if proxy not in self._pools:
            self._pools[proxy] = connections(proxy, self._context, connect=CONNECT_SECONDS, read=READ_SECONDS)
        return self._pools[proxy]


def _body(response: Any) -> bytes:
    """The whole body. Raises HTTPError if it breaks off, is no gzip, takes too long in all, or is absurdly long."""
    end, pieces, size = time.monotonic() + BODY_SECONDS, [], 0
    # Small pieces: a read of many bytes waits for all of them, however slowly they come. read1: urllib3 2.
    read = getattr(response, "read1", None) or (lambda: response.read(PIECE))
    try:
        while piece := read():
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_BODY:
                raise failures.DecodeError(f"the answer has more than {LARGEST_BODY // 1024 // 1024} MB")
            if time.monotonic() > end:
                raise failures.ReadTimeoutError(
                    response, response.geturl(), f"the answer is not complete after {BODY_SECONDS:.0f} s"
                )
        if response.length_remaining:
            raise failures.ProtocolError(f"the answer broke off, {response.length_remaining} bytes are missing")
    except failures.HTTPError:
        response.close()
        raise
    response.release_conn()
    return b"".join(pieces)


def connections(proxy: str, trust: ssl.SSLContext, *, connect: float, read: float) -> Any:
    """A pool of connections through the proxy ("" for none) that neither repeats nor redirects. Times in seconds."""
    options: dict[str, Any] = {
        "ssl_context": trust,
        "retries": False,
        "timeout": urllib3.Timeout(connect=connect, read=read),
    }
    if not proxy:
        return urllib3.PoolManager(**options)
    user, _at, _host = urlsplit(proxy).netloc.rpartition("@")
    login = urllib3.make_headers(proxy_basic_auth=user) if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=login, **options)


def proxy_for(url: str, environ: Mapping[str, str]) -> str:
    """The proxy that the environment names for the address, "" for none."""
    parts = urlsplit(url)
    proxies = {name.lower().removesuffix("_proxy"): value for name, value in environ.items() if is_proxy(name)}
    if not parts.hostname or proxy_bypass_environment(parts.hostname, {"no": "", **proxies}):
        return ""
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def is_proxy(name: str) -> bool:
    """Whether the variable is one of HTTPS_PROXY and its like, in capitals or not."""
    return name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def no_answer(request: Request, error: Exception) -> ArmError:
    """The error for a request that got no answer."""
    host = urlsplit(request.url).netloc
    return ArmError(kind(error), f"{host}: {short(error)}", operation=request.operation, target=request.target)


def is_lookup(error: BaseException) -> bool:
    """Whether it is urllib3's own error for a name that nobody knows; before urllib3 2 there was none."""
    own = getattr(failures, "NameResolutionError", None)
    return own is not None and isinstance(error, own)


def kind(error: BaseException) -> str:
    """Why there is no answer, as a code of advice.py."""
    if isinstance(error, failures.ProxyError):
        return "ProxyRefused"
    if isinstance(error, failures.SSLError):
        return "CertificateNotTrusted" if "certificate" in str(error).lower() else "ConnectionFailed"
    if isinstance(error, failures.NewConnectionError):  # NameResolutionError is one, since urllib3 2
        if is_lookup(error) or "name" in str(error).lower().rpartition(":")[2]:
            return "NameNotFound"
        return "ConnectionRefused" if "refused" in str(error) else "ConnectionFailed"
    if isinstance(error, failures.ProtocolError | failures.ReadTimeoutError):
        return "NoAnswer"
    return "UnreadableAnswer" if isinstance(error, failures.DecodeError) else "ConnectionFailed"


def short(error: BaseException) -> str:
    """The heart of a nested message: what the innermost error said."""
    inner = error.__cause__ or error.__context__
    if isinstance(error, failures.ProxyError | failures.ProtocolError) and inner is not None:
        return f"{str(error.args[0]).rstrip('. ')}: {short(inner)}"
    text = str(error)
    before = ""
    while text != before:
        before, text = text, _WRAPPING.sub("", text).strip()
    return text[:300]
