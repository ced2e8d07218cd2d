# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA keys for signing tokens, kept in files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from innergate_sandbox.settings import write_private


@dataclass(frozen=True)
class SigningKey:
    """A private key and the id under which its public half is published."""

    private: rsa.RSAPrivateKey
    key_id: str

    @classmethod
    def load(cls, file: Path) -> SigningKey:
        """Read a key from a PEM file; a missing file is made first (0600)."""
        if not file.exists():
            made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_private(file, pem)
        private = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError(f"{file} does not hold an RSA key")
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return cls(private, base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20]).decode().rstrip("="))

    def public_pem(self) -> bytes:
        """Return the public half as PEM."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def jwk(self, issuer: str) -> dict[str, Any]:
        """Return the public half as Entra's key set shows it."""
        numbers = self.private.public_key().public_numbers()
        names = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id, "x5t": self.key_id, "issuer": issuer}
        return names | {"n": _base64(numbers.n), "e": _base64(numbers.e)}


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
