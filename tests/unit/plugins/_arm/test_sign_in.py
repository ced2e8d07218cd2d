# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said when credentials can't be used: by azure-identity itself, with files and endpoints that are broken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import find_cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.managed_identity import ManagedIdentity
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.service_principal import (
    ClientCertificate,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import Strategy
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

NO_PROXY = {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "", "NO_PROXY": "127.0.0.1"}


def unasked(request: Request) -> Answer:
    raise AssertionError(f"the public cloud needs no {request}")


def refusal(strategy: Strategy) -> str:
    with pytest.raises(CredentialsError) as caught:
        strategy.fetch(find_cloud("AzureCloud", unasked), True, True)
    assert caught.value.operation == "signing in"
    assert caught.value.advice
    return caught.value.text


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate and its key in the ways in which people have them."""
    folder = tmp_path_factory.mktemp("pems")
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def dumped(encryption: serialization.KeySerializationEncryption) -> bytes:
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    open_key = dumped(serialization.NoEncryption())
    (folder / "good.pem").write_bytes(open_key + certificate)
    (folder / "locked.pem").write_bytes(dumped(serialization.BestAvailableEncryption(b"open")) + certificate)
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(open_key)
    (folder / "hosts").write_text("127.0.0.1 localhost\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "password", "said"),
    [
        ("nowhere.pem", "", "the certificate {path} can't be read: No such file or directory. Check x509_certificate_"),
        ("", "", "the certificate {path} can't be read: Is a directory. Check x509_certificate_path"),
        ("hosts", "", "has to be a PEM or PKCS12 file with the certificate and its private key"),
        ("certificate.pem", "", "has to be a PEM or PKCS12 file with the certificate and its private key"),
        ("key.pem", "", "has to be a PEM or PKCS12 file with the certificate and its private key"),
        ("locked.pem", "", "not given but private key is encrypted. x509_certificate_path"),
        ("locked.pem", "wrong", "AZURE_CLIENT_CERTIFICATE_PASSWORD opens it"),
    ],
)
def test_a_certificate_that_is_none(pems: Path, file: str, password: str, said: str) -> None:
    path = str(pems / file)
    assert said.format(path=path) in refusal(ClientCertificate("t", "id", path, password))


@pytest.mark.parametrize(("file", "password"), [("good.pem", ""), ("good.pem", "of another"), ("locked.pem", "open")])
def test_a_password_is_for_keys_that_have_one(
    pems: Path, monkeypatch: pytest.MonkeyPatch, file: str, password: str
) -> None:
    """The one of the environment may belong to the certificate of the environment."""
    for name, value in NO_PROXY.items():
        monkeypatch.setenv(name, value)
    said = refusal(ClientCertificate("t", "id", str(pems / file), password))
    assert "proxy" in said  # it came as far as asking Entra ID


@pytest.fixture(params=["<html>", "hello", "[]", '{"access_token": {}}', '"text"', ""])
def odd_endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that gives everybody the same answer, which is no token."""

    class Odd(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = request.param.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if body.startswith(b"<") else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/msi"
        server.shutdown()


def test_an_endpoint_of_managed_identities_that_is_none(odd_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", odd_endpoint)
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    said = refusal(ManagedIdentity("", odd_endpoint))
    assert said.startswith(f"managed identity: {odd_endpoint} gave no token: ")
    assert "line 1 column 1" not in said or "JSON is invalid" in said
    assert said.endswith("or choose another way to sign in (auth_source).")
