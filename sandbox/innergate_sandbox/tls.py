# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's own certificate authority, and certificates for whatever name a client asks for."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import time
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from innergate_sandbox.settings import write_private

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
ARM_NAMES = (
    *LOCAL_NAMES,
    "management.azure.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "sts.windows.net",
    "graph.microsoft.com",
)
_YEAR = dt.timedelta(days=365)
_RENEWED_AFTER = 300 * 24 * 3600.0
_BUNDLE_MARK = b"# Innergate sandbox: its own authority, then what the machine trusted before\n"


class Authority:
    """A certificate authority in a directory: ca.pem, ca.key, and the certificates made so far."""

    def __init__(self, directory: Path) -> None:
        """Read it, or make it."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.directory = directory
        self.certificate_file = directory / "ca.pem"
        key_file = directory / "ca.key"
        if not (self.certificate_file.exists() and key_file.exists()):
            self._create(key_file)
        self.certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key_file} does not hold an EC key")
        self._key = key
        self._contexts: dict[str, ssl.SSLContext] = {}

    def _create(self, key_file: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Innergate sandbox CA")
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        certificate = (
            _builder(name, name, key.public_key(), 10 * _YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        write_private(key_file, _pem(key))
        self.certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, names: Iterable[str]) -> Path:
        """Return a PEM file (0600) with key and certificate for these DNS names or addresses; made once, then kept."""
        names = tuple(names)
        safe = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in names[0])
        file = self.directory / f"{safe}.{len(names)}.pem"
        if file.exists() and time.time() - file.stat().st_mtime < _RENEWED_AFTER:
            return file
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            _builder(_name(names[0]), self.certificate.subject, key.public_key(), _YEAR)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(issuer_key, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        write_private(file, _pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def server_context(self, names: Iterable[str] = LOCAL_NAMES, *, any_name: bool = False) -> ssl.SSLContext:
        """Return a TLS context for a server with these names.

        any_name: a client that asks (SNI) for another name gets a certificate for that one, made on the spot: for
        servers of names that appear later, such as an API Management service's host names.
        """
        names = tuple(names)
        context = self._context(names)
        if any_name:
            context.sni_callback = lambda sock, asked, dummy: self._choose(sock, asked, names)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return a TLS context for a client that trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.certificate_file))

    def _context(self, names: tuple[str, ...]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.issue(names))
        return context

    def _choose(self, sock: ssl.SSLObject, asked: str | None, known: tuple[str, ...]) -> None:
        if asked and asked.lower() not in known:
            name = asked.lower()
            if name not in self._contexts:
                self._contexts[name] = self._context((name,))
            sock.context = self._contexts[name]

    def bundle(self, file: Path) -> Path:
        """Write a CA bundle: this authority first, then what the machine trusts.

        Clients take such a bundle *instead* of their own, and programs that talk to the Internet (pip) read the same
        variables: with the sandbox's environment sourced, they must go on working.
        """
        others = [os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")]
        others += [ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt"]
        texts = (Path(name).read_bytes() for name in others if name and Path(name).is_file())
        # The variables may still point to the bundle of another sandbox.
        trusted = next((text for text in texts if not text.startswith(_BUNDLE_MARK)), b"")
        file.write_bytes(_BUNDLE_MARK + self.certificate_file.read_bytes() + trusted)
        return file


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Innergate sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lifetime: dt.timedelta
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + lifetime)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
