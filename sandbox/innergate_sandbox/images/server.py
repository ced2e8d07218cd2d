# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all stand-ins share: listening, reporting the ports, answering, ending with the sandbox."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

REPORT = "@listening "
"""Start of the line that tells the ports: a JSON object, port of the container -> port on loopback."""


@dataclass(frozen=True)
class Request:
    """What a client asked. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    target: str
    client: str


@dataclass
class Answer:
    """What it is told."""

    status: int = 200
    body: bytes | str = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, json.dumps(value) + "\n", "application/json", headers)


Answering = Callable[[Request], Answer]


def serve(ports: list[int], answer: Answering, environment: Mapping[str, str] | None = None) -> None:
    """Stand for a container that listens on these ports, until standard input is closed."""
    environment = os.environ if environment is None else environment
    servers = {port: _Server(("127.0.0.1", 0), _handler(answer, environment)) for port in ports}
    for server in servers.values():
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 3600}, daemon=True).start()
    print(REPORT + json.dumps({str(port): server.server_address[1] for port, server in servers.items()}), flush=True)
    if environment.get("INNERGATE_EXIT"):
        time.sleep(float(environment.get("INNERGATE_EXIT_AFTER") or 0.05))
        os._exit(int(environment["INNERGATE_EXIT"]))
    while sys.stdin.buffer.read(65536):
        pass
    os._exit(0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(answer: Answering, environment: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    delay = float(environment.get("INNERGATE_DELAY") or 0)
    status = int(environment.get("INNERGATE_STATUS") or 0)
    pod = environment.get("HOSTNAME", "")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "innergate-stand-in"
        sys_version = ""
        wbufsize = -1  # head and body in one segment; else Nagle's algorithm costs 40 ms per answer
        timeout = 120

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline:
                self.close_connection = True
                return
            if not self.parse_request():
                self.wfile.flush()
                return
            self._answer(self._body())
            self.wfile.flush()

        def _body(self) -> bytes:
            if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
                parts = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
                return b"".join(parts)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _answer(self, body: bytes) -> None:
            url = urlsplit(self.path)
            request = Request(
                self.command,
                url.path or "/",
                parse_qs(url.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                body,
                self.path,
                str(self.client_address[0]),
            )
            if delay:
                time.sleep(delay)
            found = answer(request)
            if status and request.path != "/healthz":
                found = as_json({"error": f"told to answer {status}", "pod": pod}, status)
            content = found.body.encode() if isinstance(found.body, str) else found.body
            self.send_response(found.status)
            for name, value in {"X-Served-By": pod, **found.headers}.items():
                self.send_header(name, value)
            if found.status not in (204, 304):
                self.send_header("Content-Type", found.content_type)
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD" and found.status not in (204, 304):
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            # The path only: queries may carry subscription keys.
            line = f"{getattr(self, 'command', '-')} {urlsplit(getattr(self, 'path', '')).path}"
            print(line, *args[1:2], flush=True)

    return Handler


def number(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    """A port from the environment."""
    text = environment.get(name, "")
    return int(text) if text.isdigit() else otherwise
