# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications that sign in with a certificate (Microsoft Learn: certificate-credentials)."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from innergate_sandbox.entra.assertions import ASSERTION_TYPE
from innergate_sandbox.testing import TestSandbox

ARM = "https://management.azure.com/.default"


@pytest.fixture(autouse=True)
def trust(azure: TestSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", azure.ca)


def pem(*, days: float = 1) -> bytes:
    """A key and a certificate that nobody registered; days: how long it lasts."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)


def credential(azure: TestSandbox, file: Path, client_id: str = "", **options: Any) -> CertificateCredential:
    return CertificateCredential(
        azure.settings.tenant_id,
        client_id or azure.settings.operator.client_id,
        str(file),
        authority=azure.base_url,
        disable_instance_discovery=True,
        **options,
    )


def exchange(azure: TestSandbox, kind: str = "x5t", key: Any = None, **changes: Any) -> dict[str, Any]:
    """The answer to an assertion made by hand, with something wrong in it perhaps."""
    text = azure.core.certificates.file.read_bytes()
    certificate = x509.load_pem_x509_certificate(text)
    algorithm = hashes.SHA256() if kind.endswith("S256") else hashes.SHA1()
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).decode().rstrip("=")
    client, now = azure.settings.operator.client_id, int(time.time())
    endpoint = f"{azure.base_url}/{azure.settings.tenant_id}/oauth2/v2.0/token"
    right = {"aud": endpoint, "iss": client, "sub": client, "jti": "1", "nbf": now - 60, "exp": now + 600}
    headers = {kind: changes.pop("thumbprint", thumbprint)}
    signed = jwt.encode(right | changes, key or load_pem_private_key(text, None), "RS256", headers=headers)
    form = {"grant_type": "client_credentials", "client_id": client, "scope": ARM, "client_assertion": signed}
    answer = requests.post(endpoint, data=form | {"client_assertion_type": ASSERTION_TYPE}, timeout=10)
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("send_chain", [False, True])
def test_azure_identity_signs_in_with_the_certificate(azure: TestSandbox, send_chain: bool) -> None:
    token = credential(azure, azure.core.certificates.file, send_certificate_chain=send_chain).get_token(ARM).token
    found = jwt.decode(token, options={"verify_signature": False})
    assert found["oid"] == azure.settings.operator.object_id
    azure.core.tokens.authenticate(f"Bearer {token}", azure.base_url)


def test_the_file_is_for_its_owner_only(azure: TestSandbox) -> None:
    assert azure.core.certificates.file.stat().st_mode & 0o777 == 0o600


def test_certificates_that_nobody_registered(azure: TestSandbox, tmp_path: Path) -> None:
    file = tmp_path / "other.pem"
    file.write_bytes(pem())
    with pytest.raises(ClientAuthenticationError, match=r"AADSTS700027: .*\[Reason - The key was not found"):
        credential(azure, file).get_token(ARM)
    workload = azure.settings.identities["workload"].client_id
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        credential(azure, azure.core.certificates.file, workload).get_token(ARM)


def test_more_certificates_can_be_registered_and_expire(azure: TestSandbox, tmp_path: Path) -> None:
    registered, kept = azure.core.certificates.file, azure.core.certificates.file.read_bytes()
    fresh, stale = tmp_path / "fresh.pem", tmp_path / "stale.pem"
    fresh.write_bytes(pem())
    stale.write_bytes(pem(days=-1))
    try:
        registered.write_bytes(kept + fresh.read_bytes() + stale.read_bytes())
        assert credential(azure, fresh).get_token(ARM).token
        with pytest.raises(ClientAuthenticationError, match="The key used is expired"):
            credential(azure, stale).get_token(ARM)
    finally:
        registered.write_bytes(kept)


@pytest.mark.parametrize("kind", ["x5t", "x5t#S256"])
@pytest.mark.parametrize("path", ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""])
def test_both_thumbprints_and_every_name_of_the_audience_count(azure: TestSandbox, kind: str, path: str) -> None:
    audience = f"https://login.microsoftonline.com/{azure.settings.tenant_id}/{path}"
    assert "access_token" in exchange(azure, kind, aud=audience)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"aud": "https://login.microsoftonline.com/elsewhere/oauth2/token"}, 700023, "does not match Realm issuer"),
        ({"aud": "https://evil.example/oauth2/token"}, 700023, "audience claim"),
        ({"sub": "somebody"}, 700021, "doesn't match 'client_id' parameter"),
        ({"exp": 1000}, 700024, "expiry time of assertion 1970-01-01T00:16:40.0000000Z"),
        ({"thumbprint": ""}, 50027, "No certificate thumbprint specified in token header"),
        ({"thumbprint": "!!"}, 700027, "The key was not found"),
        ({"thumbprint": "AAAA"}, 700027, "Thumbprint of key used by client: '000000'"),
        (
            {"key": rsa.generate_private_key(65537, 2048)},
            700027,
            "provided signature value did not match the expected signature value",
        ),
    ],
)
def test_what_is_wrong_is_said(azure: TestSandbox, changes: dict[str, Any], code: int, words: str) -> None:
    body = exchange(azure, **changes)
    assert body["error_codes"] == [code]
    assert words in body["error_description"]
