# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API server on the loopback interface: it answers what a test puts into it, and watches."""

from __future__ import annotations

import copy
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from support.certificates import Authority

from .objects import node

NAMESPACE = "/api/v1/namespaces/default"


class ApiServer:
    """C(service), C(events), C(nodes), C(slices) are what it has; C(change) wakes the watchers up. C(refuse) is how it
    answers everybody (status and message; with 429, C(retry_after)), C(garbage) the body in place of any other.

    C(meanwhile) is what happens, once, between a reader's look and the beginning of its watch; C(watched) what happens,
    once, when somebody watches.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.service: dict[str, Any] | None = None
        self.events: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = [node("a", "10.0.0.5")]
        self.slices: list[dict[str, Any]] = []
        self.refuse: tuple[int, str] | None = None
        self.retry_after = ""
        self.refuse_watch = False
        self.garbage = b""
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.sent: dict[str, Any] = {}
        self.changed = threading.Condition()
        self.version = 0
        self.since: dict[str, int] = {}
        self.meanwhile: Callable[[], None] | None = None
        self.watched: Callable[[], None] | None = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                return

            def do_GET(self) -> None:
                server.answer(self)

            def do_PATCH(self) -> None:
                server.sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.answer(self)

            do_POST = do_PATCH

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def change(self, service: dict[str, Any] | None, *events: dict[str, Any]) -> None:
        """The Service becomes this (None: it is deleted), and these events happen."""
        with self.changed:
            self.service, self.events = copy.deepcopy(service), [*self.events, *events]
            self.version += 1
            if self.service is not None:
                self.since[self.service["metadata"]["resourceVersion"]] = self.version
            self.changed.notify_all()

    def paths(self) -> list[str]:
        return [path for path, dummy, dummy in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        self.requests.append((parts.path, query, dict(handler.headers)))
        if self.garbage:
            self._send(handler, 200, self.garbage)
        elif self.refuse:
            self._send(handler, self.refuse[0], {"kind": "Status", "message": self.refuse[1]})
        elif query.get("watch"):
            self._watch(handler, query)
        else:
            found = self._find(parts.path)
            self._send(handler, 404 if found is None else 200, found or {"kind": "Status", "message": "not found"})

    def _find(self, path: str) -> dict[str, Any] | None:
        return {
            f"{NAMESPACE}/services/api": self.service,
            f"{NAMESPACE}/events": {"items": self.events},
            "/api/v1/namespaces/default": {"kind": "Namespace"},
            "/api/v1/nodes": {"items": self.nodes},
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices": {"items": self.slices},
        }.get(path)

    def _watch(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        if self.refuse_watch:
            self._send(handler, 200, {"type": "ERROR", "object": {"code": 410}})
            return
        then, self.meanwhile = self.meanwhile, None
        if then is not None:
            then()
        with self.changed:
            # A watch begins where the reader stopped, so that it misses nothing that came between.
            seen = self.since.get(query.get("resourceVersion", ""), self.version)
            later, self.watched = self.watched, None
            if later is not None:
                threading.Thread(target=later).start()  # it can't begin before this one waits
            self.changed.wait_for(lambda: self.version != seen, timeout=float(query["timeoutSeconds"]))
            changed = self.version != seen
            kind = "MODIFIED" if self.service else "DELETED"
            event = {"type": kind, "object": self.service or {"kind": "Service"}}
        body = json.dumps(event).encode() + b"\n" if changed else b""
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        if self.retry_after and status == 429:
            handler.send_header("Retry-After", self.retry_after)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)


def kubeconfig(path: Path, server: str, *, user: dict[str, Any] | None = None, **cluster: Any) -> str:
    """Write a kubeconfig with one context, C(here)."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "u", "user": user or {}}],
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """An API server without TLS."""
    found = ApiServer()
    yield found
    found.close()


@pytest.fixture
def config(server: ApiServer, tmp_path: Path) -> str:
    """The path of a kubeconfig for it."""
    return kubeconfig(tmp_path / "config", server.url)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody trusts yet."""
    return Authority(tmp_path_factory.mktemp("authority"))
