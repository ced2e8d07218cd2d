# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real API server behind a door that can misbehave: what it answers, or does not, is chosen by rules."""

from __future__ import annotations

import json
import re
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import yaml


@dataclass
class Rule:
    """Of requests of this method ("" for all) to such a path, the first C(times) are answered C(status).

    0: the connection is broken; None: the API server answers itself. C(delay): seconds to wait before anything else.
    """

    method: str
    path: str
    status: int | None
    times: int = 1_000_000
    message: str = ""
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hits: int = 0


class FaultyCluster:
    """C(url) is the door's address, C(rules) what goes wrong, C(seen) the requests as (method, path, status)."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        self._server = config["clusters"][0]["cluster"]["server"]
        self._authority = kubeconfig.parent / "door-authority.pem"
        self._authority.write_bytes(b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]))
        self._token = config["users"][0]["user"]["token"]
        self.rules: list[Rule] = []
        self.seen: list[tuple[str, str, int]] = []
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._door.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._door.server_port}"

    def config(self, folder: Path, **user: str) -> Path:
        """A kubeconfig that leads through the door."""
        path = folder / "faulty-kubeconfig"
        names = {"cluster": "faulty", "user": "somebody"}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "faulty",
            "contexts": [{"name": "faulty", "context": names}],
            "clusters": [{"name": "faulty", "cluster": {"server": self.url}}],
            "users": [{"name": "somebody", "user": user or {"token": self._token}}],
        }
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    @contextmanager
    def running(self) -> Iterator[FaultyCluster]:
        thread = threading.Thread(target=self._door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._door.shutdown()
            self._door.server_close()
            thread.join()

    def fails(self, method: str, path: str, status: int | None, **how: Any) -> Rule:
        """Add a rule."""
        rule = Rule(method, path, status, **how)
        self.rules.append(rule)
        return rule

    def hit(self, method: str, path: str) -> Rule | None:
        """The rule for a request, counted."""
        for rule in self.rules:
            if rule.method in ("", method) and rule.hits < rule.times and re.search(rule.path, path):
                rule.hits += 1
                return rule
        return None

    def forward(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> requests.Response:
        """The API server's own answer."""
        kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
        return requests.request(
            method, self._server + path, headers=kept, data=body or None, verify=str(self._authority), timeout=60
        )

    def answer(
        self, rule: Rule | None, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers: the rule's, or those of the API server."""
        if rule is not None and rule.status is not None:
            return rule.status, told(rule), dict(rule.headers)
        answer = self.forward(method, path, headers, body)
        return answer.status_code, answer.content, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments: Any) -> None:
                return None

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                rule = outer.hit(self.command, self.path)
                if rule is not None:
                    time.sleep(rule.delay)
                status, content, headers = outer.answer(rule, self.command, self.path, dict(self.headers), body)
                outer.seen.append((self.command, self.path, status))
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_PATCH = do_DELETE = do_POST = _serve

        return Handler


def told(rule: Rule) -> bytes:
    """The Status object of Kubernetes for the rule."""
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": rule.status}
    return json.dumps({**status, "message": rule.message, "reason": rule.reason}).encode()
