# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server on a loopback port with documents on it, for links."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web:
    """C(documents) maps a path to its text or bytes, or to a status; C(asked) are the paths asked for, with queries."""

    def __init__(self) -> None:
        self.documents: dict[str, str | bytes | int] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.seen: list[dict[str, str]] = []
        self.release = threading.Event()  # paths below /slow/ are answered when it is set
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                web.seen.append({name.lower(): value for name, value in self.headers.items()})
                path = self.path.partition("?")[0]
                if path.startswith("/slow/"):
                    web.release.wait(30)
                content = web.documents.get(path, 404)
                status, text = (content, "") if isinstance(content, int) else (200, content)
                body = text.encode() if isinstance(text, str) else text
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **web.headers.get(path, {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Web]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.release.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()
