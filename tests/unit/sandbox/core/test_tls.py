# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate authority."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from innergate_sandbox.tls import Authority


def serve_once(context: ssl.SSLContext) -> int:
    """A TLS server that greets one client."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        # A client that does not like the certificate goes away: that is its test, not an error here.
        with (
            contextlib.suppress(ssl.SSLError),
            listener,
            listener.accept()[0] as plain,
            context.wrap_socket(plain, server_side=True) as secure,
        ):
            secure.sendall(b"hello")

    threading.Thread(target=work, daemon=True).start()
    return int(listener.getsockname()[1])


def greet(authority: Authority, port: int, name: str) -> bytes:
    """Connect under a name."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        authority.client_context().wrap_socket(plain, server_hostname=name) as secure,
    ):
        return secure.recv(5)


def test_a_certificate_for_any_name_that_is_asked_for(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for name in ("localhost", "127.0.0.1", "shop.azure-api.net", "API.contoso.example"):
        context = authority.server_context(any_name=True)
        assert greet(authority, serve_once(context), name) == b"hello"


def test_without_that_other_names_fail(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    port = serve_once(authority.server_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(authority, port, "elsewhere.example")


def test_the_authority_is_kept_and_its_key_is_private(tmp_path: Path) -> None:
    first = Authority(tmp_path)
    kept = first.issue(["localhost"])
    text = kept.read_bytes()
    second = Authority(tmp_path)
    assert second.certificate == first.certificate
    assert second.issue(["localhost"]).read_bytes() == text
    for file in (tmp_path / "ca.key", kept):
        assert file.stat().st_mode & 0o077 == 0


def test_certificates_are_renewed_before_they_expire(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    file = authority.issue(["localhost"])
    before = file.read_bytes()
    old = time.time() - 310 * 24 * 3600
    os.utime(file, (old, old))
    assert authority.issue(["localhost"]).read_bytes() != before


def test_the_bundle_adds_to_what_was_trusted_and_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = tmp_path / "trusted.pem"
    trusted.write_text("# somebody's\n", encoding="utf-8")
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    one, two = Authority(tmp_path / "one"), Authority(tmp_path / "two")
    first = one.bundle(tmp_path / "one.pem").read_text()
    assert one.certificate_file.read_text() in first
    assert first.endswith("# somebody's\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "one.pem"))
    assert one.certificate_file.read_text() not in two.bundle(tmp_path / "two.pem").read_text()
