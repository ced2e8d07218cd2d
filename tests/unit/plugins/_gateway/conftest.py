# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway and a proxy on the loopback interface."""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support.certificates import Authority

Reply = tuple[int, dict[str, str], bytes]
MISSING = {
    "statusCode": 401,
    "message": "Access denied due to missing subscription key. Make sure to include subscription key when making "
    "requests to an API.",
}


class Server:
    """A threading HTTP server on a free port."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Gateway:
    """Answers what C(reply) makes of (method, path, headers, body, number of the call)."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.reply: Callable[[int], Reply] = lambda number: (200, {}, b'{"number": 42, "tags": ["a", {"b": true}]}')
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                return

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                gateway.requests.append((self.command, self.path, dict(self.headers), body))
                status, headers, content = gateway.reply(len(gateway.requests))
                if status == 0:  # break the connection
                    self.connection.close()
                    return
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        self._server = Server(Handler, tls)
        self.port, self.close = self._server.port, self._server.close
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"


class Proxy:
    """An HTTP proxy that leads the host names it knows to loopback ports, and refuses all others with 403."""

    def __init__(self, known: dict[str, int]) -> None:
        self.seen: list[tuple[str, str, str]] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                return

            def note(self, host: str) -> int | None:
                proxy.seen.append((self.command, self.path, self.headers.get("Proxy-Authorization", "")))
                return known.get(host)

            def do_CONNECT(self) -> None:
                port = self.note(self.path)
                if port is None:
                    self.send_error(403, "Forbidden")
                    return
                with socket.create_connection(("127.0.0.1", port)) as link:
                    self.send_response(200, "Connection established")
                    self.end_headers()
                    ends = [self.connection, link]
                    while True:
                        for ready in select.select(ends, [], [], 5)[0]:
                            data = ready.recv(65536)
                            if not data:
                                self.close_connection = True
                                return
                            ends[1 - ends.index(ready)].sendall(data)

            def do_GET(self) -> None:
                host, dummy, path = self.path.removeprefix("http://").partition("/")
                port = self.note(host)
                if port is None:
                    self.send_error(403, "Forbidden")
                    return
                body = json.dumps({"through": "proxy", "path": f"/{path}", "host": self.headers["Host"]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = Server(Handler)
        self.close = self._server.close
        self.url = f"http://127.0.0.1:{self._server.port}"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody trusts yet."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway without TLS."""
    found = Gateway()
    yield found
    found.close()


@pytest.fixture
def secure(authority: Authority) -> Iterator[Gateway]:
    """A gateway with TLS, for contoso.azure-api.net and 127.0.0.1."""
    found = Gateway(authority.context("contoso.azure-api.net", "127.0.0.1"))
    yield found
    found.close()


def keyed(gateway: Gateway, key: str) -> None:
    """Let the gateway demand a key in the usual header."""

    def reply(number: int) -> Reply:
        if gateway.requests[-1][2].get("Ocp-Apim-Subscription-Key") == key:
            return 200, {}, b"welcome"
        return 401, {"WWW-Authenticate": "AzureApiManagementKey"}, json.dumps(MISSING).encode()

    gateway.reply = reply
