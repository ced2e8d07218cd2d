# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client certificates: an application signs an assertion about itself with a key that was registered for it.

Microsoft Learn: certificate-credentials. The header names the certificate by `x5t#S256` or `x5t` (SHA-256 or SHA-1),
`iss` and `sub` are the application, `aud` is the endpoint or the tenant.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from innergate_sandbox.clock import Clock
from innergate_sandbox.entra.assertions import PAGE, Assertion, malformed
from innergate_sandbox.entra.documents import ALIASES
from innergate_sandbox.entra.errors import EntraError, assertion_refused
from innergate_sandbox.entra.tokens import is_own_origin
from innergate_sandbox.settings import Identity, Settings, write_private

FILE = "operator.pem"
_VALID = timedelta(days=3650)
_FINGERPRINTS = {"x5t#S256": hashes.SHA256, "x5t": hashes.SHA1}
_ENDPOINTS = ("", "v2.0", "oauth2/token", "oauth2/v2.0/token")


class Certificates:
    """The certificates registered for the identity "operator": those in DIR/operator.pem (PEM; a key may be beside)."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Make a key and a certificate for a sandbox that has none."""
        self._settings, self._clock = settings, clock
        self.file: Path = settings.state / FILE
        if not self.file.exists():
            write_private(self.file, _new(settings.operator.name, clock))

    def check(self, identity: Identity, assertion: Assertion) -> None:
        """Raise Entra's refusal unless the assertion proves to be this application."""
        client = identity.client_id
        if str(assertion.claims.get("sub", "")).lower() != client.lower():
            text = "Client assertion application identifier doesn't match 'client_id' parameter."
            raise assertion_refused(700021, f"{text} Review the documentation at {PAGE} .")
        kind = next((name for name in _FINGERPRINTS if assertion.header.get(name)), None)
        if kind is None:
            raise malformed("Invalid JWT token. No certificate thumbprint specified in token header.")
        given = _decoded(str(assertion.header[kind]))
        certificate = self._find(identity, kind, given)
        if certificate is None:
            raise _refused("The key was not found.", given, client)
        if not assertion.is_signed_by(certificate.public_key()):
            reason = "The provided signature value did not match the expected signature value."
            raise _refused(reason, given, client)
        now = self._clock.now()
        if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
            raise _refused("The key used is expired.", given, client)
        if not any(self._is_endpoint(audience) for audience in assertion.audiences):
            text = "Client assertion audience claim does not match Realm issuer."
            raise assertion_refused(700023, f"{text} Review the documentation at {PAGE} .")
        assertion.check_time(now)

    def _find(self, identity: Identity, kind: str, fingerprint: bytes) -> x509.Certificate | None:
        if identity.name != "operator" or not self.file.exists():
            return None
        try:
            registered = x509.load_pem_x509_certificates(self.file.read_bytes())
        except ValueError:
            return None  # a file without a certificate: nothing is registered
        algorithm = _FINGERPRINTS[kind]()
        return next((each for each in registered if each.fingerprint(algorithm) == fingerprint), None)

    def _is_endpoint(self, audience: str) -> bool:
        parts = urlsplit(audience)
        tenant, dummy, rest = parts.path.strip("/").partition("/")
        known = tenant.lower() in (self._settings.tenant_id.lower(), "innergate.onmicrosoft.com", "adfs", "common")
        host = parts.hostname in ALIASES or is_own_origin(audience, self._settings)
        return known and host and rest in _ENDPOINTS


def _decoded(text: str) -> bytes:
    """The bytes of a base64url text with or without padding."""
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _refused(reason: str, fingerprint: bytes, client_id: str) -> EntraError:
    """700027 (the words of public reports)."""
    text = (
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        f"[Reason - {reason}, Thumbprint of key used by client: '{fingerprint.hex().upper()}', Please visit the Azure "
        f"Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'. Review the "
        "documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        "endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to "
        f"build a query request URL, such as 'https://graph.microsoft.com/beta/applications/{client_id}']."
    )
    return assertion_refused(700027, text)


def _new(name: str, clock: Clock) -> bytes:
    """A key and a self-signed certificate, as one PEM text."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"innergate-sandbox {name}")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(encoding)
