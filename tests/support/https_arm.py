# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The FakeArm behind real TLS on a loopback port, with just enough of Entra ID to sign in."""

from __future__ import annotations

import datetime
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Request
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.fake_arm import SUBSCRIPTION, FakeArm, reply

SECRET = "sesame-of-the-principal"
TENANT = "00000000-0000-0000-0000-00000000000a"


class QuietServer(ThreadingHTTPServer):
    """Clients that hang up are part of the tests, and no reason to print anything."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        return None


class HttpsArm:
    """C(arm) is what it serves; C(environ) are the variables that point at it; C(seen) all requests of any kind."""

    def __init__(self, folder: Path) -> None:
        self.arm = FakeArm()
        self.arm.script.append(self._sign_in)
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.tokens = 0
        self.refused: set[str] = set()
        self.close_next = 0
        self.ca, key = certificate(folder)
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self._server.server_address[1]}"
        self.environ = {
            "AZURE_CLIENT_ID": "principal",
            "AZURE_SECRET": SECRET,
            "AZURE_TENANT": TENANT,
            "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
            "AZURE_CLOUD_ENVIRONMENT": self.url,
            "REQUESTS_CA_BUNDLE": str(self.ca),
            "INNERGATE_TOKEN_CACHE": str(folder / "tokens"),
            "HOME": str(folder),
        }

    @contextmanager
    def running(self) -> Iterator[HttpsArm]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def paths(self, method: str = "") -> list[str]:
        return [path for verb, path, _headers in self.seen if method in ("", verb)]

    def _sign_in(self, request: Request) -> Any:
        path = request.url.partition("?")[0]
        if path == "/metadata/endpoints":
            audience = {"loginEndpoint": self.url, "audiences": ["https://management.azure.com/"]}
            return reply(200, {"name": "Test", "resourceManager": self.url, "authentication": audience})
        if path.endswith("/openid-configuration"):
            issuer = f"{self.url}/{TENANT}"
            return reply(
                200,
                {
                    "issuer": f"{issuer}/v2.0",
                    "authorization_endpoint": f"{issuer}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{issuer}/oauth2/v2.0/token",
                },
            )
        if path.endswith("/oauth2/v2.0/token"):
            if SECRET.encode() not in (request.body or b""):
                said = "AADSTS7000215: Invalid client secret provided. Trace ID: t Correlation ID: c"
                return reply(401, {"error": "invalid_client", "error_description": said})
            self.tokens += 1
            return reply(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token-{self.tokens}"})
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token.startswith("token-") or token in self.refused:
            return reply(401, {"error": {"code": "InvalidAuthenticationToken", "message": "no"}})
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_args: Any) -> None:
                return None

            def _serve(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                outer.seen.append((self.command, self.path.partition("?")[0], headers))
                if outer.close_next:
                    outer.close_next -= 1
                    self.close_connection = True
                    return
                names = {"If-Match": headers["if-match"]} if "if-match" in headers else {}
                answer = outer.arm.send(Request(self.command, self.path, {**headers, **names}, body or None))
                self.send_response(answer.status)
                for name, value in {"content-type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_POST = _serve

        return Handler


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "ca.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@contextmanager
def https_arm(folder: Path) -> Iterator[HttpsArm]:
    """A running server."""
    with HttpsArm(folder).running() as server:
        yield server


def dumps(value: Any) -> str:
    """JSON in a stable order, to compare results."""
    return json.dumps(value, sort_keys=True, indent=1)
