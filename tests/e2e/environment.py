# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment of the end-to-end tests as ARM and the cluster show it."""

from __future__ import annotations

import base64
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import yaml
from support.demo import CHANGING, COLLECTIONS, NETWORK, SERVICE, without
from support.sandbox import Sandbox


def environment_of(sandbox: Sandbox) -> dict[str, Any]:
    """Everything in ARM that the playbooks could touch."""
    found = {child: sandbox.arm("GET", f"{SERVICE}/{child}").json() for child in (*COLLECTIONS, "policies")}
    found["service"] = sandbox.arm("GET", SERVICE).json()
    for kind in ("virtualNetworks", "networkSecurityGroups", "publicIPAddresses", "routeTables"):
        found[f"network/{kind}"] = sandbox.arm("GET", f"{NETWORK}/{kind}", version="2025-05-01").json()
    kept: dict[str, Any] = without(found, CHANGING)
    return kept


class Cluster:
    """The API server, asked as its administrator."""

    def __init__(self, sandbox: Sandbox) -> None:
        config = yaml.safe_load(Path(sandbox.environment["KUBECONFIG"]).read_text(encoding="utf-8"))
        self._host = config["clusters"][0]["cluster"]["server"]
        user = config["users"][0]["user"]
        authority = sandbox.state / "cluster-authority.pem"
        authority.write_bytes(base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]))
        self._authority, self._certificate = str(authority), ""
        self._token = user.get("token", "")
        if not self._token:
            certificate = sandbox.state / "cluster-administrator.pem"
            parts = (user["client-certificate-data"], user["client-key-data"])
            certificate.write_bytes(b"".join(base64.b64decode(part) for part in parts))
            self._certificate = str(certificate)

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **what: Any) -> requests.Response:
        """One request, on a connection of its own."""
        with requests.Session() as session:
            session.trust_env = False
            session.verify, session.cert = self._authority, self._certificate or None
            if self._token:
                session.headers["Authorization"] = f"Bearer {self._token}"
            return session.request(method, self._host + path, headers=headers, timeout=30, **what)

    def exists(self, path: str) -> bool:
        """Whether there is such an object."""
        answer = self.ask("GET", path)
        assert answer.status_code in (200, 404), answer.text
        return answer.status_code == 200

    def read(self, path: str) -> dict[str, Any]:
        """An object."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    @contextmanager
    def faster(self, created: dict[str, dict[str, Any]]) -> Iterator[str]:
        """The kubeconfig of a way to the cluster on which somebody else is faster.

        C(created) are objects by the path of their list. Whoever asks for one that does not exist is told so, and then
        it is created before the next request, and is not among them any more.
        """
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers.get(name)}
                answer = cluster.ask(self.command, self.path, kept, data=body)
                place, dummy, name = self.path.partition("?")[0].rpartition("/")
                theirs = created.get(place)
                if (
                    self.command == "GET"
                    and answer.status_code == 404
                    and theirs
                    and theirs["metadata"]["name"] == name
                ):
                    cluster.create(place, created.pop(place))
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward

            def log_message(self, format: str, *args: object) -> None:
                return None

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "x",
            "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
            "clusters": [{"name": "x", "cluster": {"server": f"http://127.0.0.1:{server.server_address[1]}"}}],
            "users": [{"name": "x", "user": {}}],
        }
        with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
            yaml.safe_dump(config, file)
            file.flush()
            try:
                yield file.name
            finally:
                server.shutdown()
                server.server_close()
                thread.join()

    def patch(self, path: str, body: dict[str, Any]) -> None:
        """Change an object, as somebody else does."""
        headers = {"Content-Type": "application/merge-patch+json"}
        answer = self.ask("PATCH", path, headers, json=body)
        assert answer.status_code == 200, answer.text

    def create(self, path: str, body: dict[str, Any]) -> None:
        """Create an object of the core API."""
        answer = self.ask("POST", path, json={"apiVersion": "v1", **body})
        assert answer.status_code == 201, answer.text

    def delete(self, path: str, *, wait: bool = True) -> None:
        """Delete an object, and wait until it is gone."""
        self.ask("DELETE", path)
        if not wait:
            return
        end = time.monotonic() + 60
        while self.exists(path):
            assert time.monotonic() < end, f"{path} is still there"
            time.sleep(0.2)
