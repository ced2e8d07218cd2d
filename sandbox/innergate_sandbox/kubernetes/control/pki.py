# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys of the control plane: one authority of its own, kept in the state folder."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_TEN_YEARS = datetime.timedelta(days=3650)


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key as PEM files."""

    certificate: Path
    key: Path


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)


class Authority:
    """Issues certificates into one folder. What exists is used again, so that a kubeconfig outlives a restart."""

    def __init__(self, folder: Path, name: str = "innergate-sandbox-kubernetes") -> None:
        """Load the authority from the folder or create it there."""
        self._folder = folder
        self.pair = Pair(folder / "ca.crt", folder / "ca.key")
        if not (self.pair.certificate.exists() and self.pair.key.exists()):
            key = ec.generate_private_key(ec.SECP256R1())
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
            certificate = _builder(subject, subject, key).add_extension(x509.BasicConstraints(True, None), True)
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            certificate = certificate.add_extension(usage, True)
            certificate = certificate.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            self._keep(self.pair, certificate.sign(key, hashes.SHA256()), key)
        self._certificate = x509.load_pem_x509_certificate(self.pair.certificate.read_bytes())
        loaded = serialization.load_pem_private_key(self.pair.key.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        self._key = loaded

    def server(self, name: str, hosts: list[str]) -> Pair:
        """A certificate for a server that is reached by these host names and addresses, and may be a client too."""
        return self._issue(name, name, [], hosts)

    def client(self, name: str, user: str, groups: list[str]) -> Pair:
        """A certificate that the API server takes for this user in these groups."""
        return self._issue(name, user, groups, [])

    def server_context(self, name: str, hosts: list[str]) -> ssl.SSLContext:
        """TLS for a server that answers only to clients with a certificate of this authority."""
        pair = self.server(name, hosts)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(self.pair.certificate))
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(pair.certificate, pair.key)
        return context

    def signing_key(self) -> Pair:
        """The RSA key with which tokens of service accounts are signed; `certificate` is its public half."""
        pair = Pair(self._folder / "service-accounts.pub", self._folder / "service-accounts.key")
        if not (pair.certificate.exists() and pair.key.exists()):
            key = rsa.generate_private_key(65537, 2048)
            write_private(pair.key, _pem(key))
            public = key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            write_private(pair.certificate, public)
        return pair

    def _issue(self, name: str, user: str, groups: list[str], hosts: list[str]) -> Pair:
        pair = Pair(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        if pair.certificate.exists() and pair.key.exists():
            return pair
        key = ec.generate_private_key(ec.SECP256R1())
        attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
        subject = x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, user)])
        purposes = [ExtendedKeyUsageOID.CLIENT_AUTH] + ([ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [])
        certificate = _builder(subject, self._certificate.subject, key)
        certificate = certificate.add_extension(x509.BasicConstraints(False, None), True)
        certificate = certificate.add_extension(x509.ExtendedKeyUsage(purposes), False)
        # Clients that are strict want to be told which key has signed it: those of Python 3.13, and later.
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = certificate.add_extension(signer, False)
        if hosts:
            certificate = certificate.add_extension(x509.SubjectAlternativeName([_general(h) for h in hosts]), False)
        self._keep(pair, certificate.sign(self._key, hashes.SHA256()), key)
        return pair

    @staticmethod
    def _keep(pair: Pair, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        write_private(pair.key, _pem(key))
        write_private(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _TEN_YEARS)
    )


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
