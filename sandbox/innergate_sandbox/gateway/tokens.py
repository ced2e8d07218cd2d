# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that tokens are signed with: given in policies, or published by an identity provider."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import pkcs12
from jwt.types import Options as Checks
from multidict import CIMultiDict

from innergate_sandbox.clock import Clock
from innergate_sandbox.gateway.configuration.model import Service
from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.forwarding.client import Client, Options, SendError
from innergate_sandbox.gateway.messages import Url

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange
    from innergate_sandbox.gateway.pipeline.node import Node

_FRESH, _RETRY = 3600.0, 300.0
"""Seconds: documents are read again hourly, for an unknown key at most every five minutes."""


class Rejected(Exception):
    """A token that is not accepted; reason as `context.LastError.Reason` names it."""

    def __init__(self, reason: str, message: str) -> None:
        """Take the reason and a sentence."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Key:
    """One key: the secret of an HMAC, or a public RSA key."""

    material: bytes | RSAPublicKey
    id: str = ""


Keys = list[Key]


@dataclass(frozen=True)
class KeySet:
    """What a provider publishes."""

    issuer: str
    keys: Keys
    read: float


@dataclass
class KeySets:
    """The OpenID documents and key sets of identity providers, kept for an hour."""

    client: Client
    clock: Clock
    _known: dict[str, KeySet] = field(default_factory=dict)

    async def get(self, service: Service, url: str, key_id: str) -> KeySet:
        """Return what the document at a URL leads to; a Failure (500) if it cannot be read."""
        found = self._known.get(url)
        age = self.clock.time() - found.read if found else _FRESH
        stale = age >= _FRESH or (age >= _RETRY and key_id and found and all(key.id != key_id for key in found.keys))
        if found is None or stale:
            document = await self._json(service, url)
            published = await self._json(service, str(document.get("jwks_uri", "")))
            keys = [_rsa_key(item) for item in published.get("keys", []) if item.get("kty") == "RSA"]
            found = KeySet(str(document.get("issuer") or ""), keys, self.clock.time())
            self._known[url] = found
        return found

    async def _json(self, service: Service, url: str) -> dict[str, Any]:
        try:
            target = Url.parse(url)
            headers = CIMultiDict({"Host": target.authority, "Accept": "application/json"})
            answer = await self.client.send(service, "GET", target, headers, b"", Options(30.0))
            value = json.loads(await answer.body.load()) if answer.status == 200 else None
        except (SendError, ValueError) as error:
            raise internal("OpenIdConfigurationError", f"{url} cannot be read: {error}") from error
        if not isinstance(value, dict):
            raise internal("OpenIdConfigurationError", f"{url} answers {answer.status}")
        return value


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _rsa_key(item: dict[str, Any]) -> Key:
    return Key(RSAPublicNumbers(_number(item["e"]), _number(item["n"])).public_key(), str(item.get("kid") or ""))


async def key_of(x: Exchange, node: Node) -> Key:
    """Return the key that a `<key>` describes: base64 text, modulus and exponent, or a certificate of the service."""
    key_id = await node.value("id", "").text(x)
    certificate = node.get("certificate-id")
    try:
        if certificate is not None:
            return Key(_certificate_key(x, await certificate.text(x)), key_id)
        if node.has("n"):
            return _rsa_key({"n": await node.require("n").text(x), "e": await node.require("e").text(x), "kid": key_id})
        return Key(base64.b64decode(await node.text.text(x)), key_id)
    except ValueError as error:
        raise internal("ConfigurationInvalid", f"a signing key cannot be read: {error}", "validate-jwt") from error


def _certificate_key(x: Exchange, name: str) -> RSAPublicKey:
    found = x.service.certificates.get(name.lower())
    if found is None:
        raise ValueError(f"there is no certificate {name}")
    password = str(found.get("password") or "").encode() or None
    _key, certificate, _others = pkcs12.load_key_and_certificates(base64.b64decode(str(found.get("data"))), password)
    key = certificate.public_key() if certificate else None
    if not isinstance(key, RSAPublicKey):
        raise ValueError(f"the certificate {name} holds no RSA key")
    return key


def verify(token: str, header: dict[str, Any], keys: Keys) -> None:
    """Check a token's signature; Rejected if none of the keys made it."""
    algorithm, key_id = str(header.get("alg") or ""), str(header.get("kid") or "")
    asymmetric, symmetric = algorithm[:2] in ("RS", "PS"), algorithm[:2] == "HS"
    fitting = [
        key
        for key in keys
        if (asymmetric and isinstance(key.material, RSAPublicKey)) or (symmetric and isinstance(key.material, bytes))
    ]
    named = [key for key in fitting if key_id and key.id == key_id] or [
        key for key in fitting if not key.id or not key_id
    ]
    if not named:
        raise Rejected("TokenSignatureKeyNotFound", "None of the keys could have signed the token.")
    checks: Checks = {"verify_exp": False, "verify_nbf": False, "verify_aud": False, "verify_iat": False}
    for key in named:
        try:
            jwt.decode(token, key.material, algorithms=[algorithm], options=checks)
        except jwt.PyJWTError:
            continue
        return
    raise Rejected("TokenSignatureInvalid", "The token's signature is not valid.")
