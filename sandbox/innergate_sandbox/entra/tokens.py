# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: issued by Entra, checked by ARM."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, Principal
from innergate_sandbox.clock import Clock
from innergate_sandbox.entra.keys import SigningKey
from innergate_sandbox.settings import Identity, Settings

LIFETIME = 86_399
"""Seconds that a token for a service principal lasts."""

ARM_AUDIENCES = ("https://management.core.windows.net", "https://management.azure.com")
GRAPH = "https://graph.microsoft.com"
AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"
_REMEMBERED = 1000
"""Tokens whose signature is checked once only."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_own_origin(resource: str, settings: Settings) -> bool:
    """Say whether a resource is the sandbox's ARM endpoint itself (a private cloud's audience is its own address)."""
    parts = urlsplit(resource)
    return parts.scheme == "https" and parts.hostname in LOOPBACK and parts.port in settings.ports.values()


class Tokens:
    """Issues access tokens and tells callers from them."""

    def __init__(self, settings: Settings, clock: Clock, key: SigningKey) -> None:
        """Take the tenant's identities and the key that signs."""
        self._settings = settings
        self._clock = clock
        self.key = key
        self._known: dict[str, tuple[dict[str, Any], Principal]] = {}

    @property
    def issuer(self) -> str:
        """The issuer of version 1 tokens, as ARM gets them."""
        return f"https://sts.windows.net/{self._settings.tenant_id}/"

    def issue(self, identity: Identity, resource: str, lifetime: int = LIFETIME) -> str:
        """Return a signed token for a resource (audience)."""
        now = int(self._clock.time())
        oid, tenant = identity.object_id, self._settings.tenant_id
        claims = {
            "aud": resource,
            "iss": self.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "aio": uuid.uuid4().hex,
            "appid": identity.client_id,
            "appidacr": "1" if identity.secret else "2",
            "idp": self.issuer,
            "idtyp": "app",
            "oid": oid,
            "sub": oid,
            "tid": tenant,
            "uti": uuid.uuid4().hex[:22],
            "ver": "1.0",
            "xms_tcdt": "1600000000",
        }
        headers = {"kid": self.key.key_id, "x5t": self.key.key_id}
        return jwt.encode(claims, self.key.private, algorithm="RS256", headers=headers)

    def authenticate(self, authorization: str | None, base_url: str) -> Principal:
        """Return who sends a request to ARM, or raise the 401 that ARM answers (texts: Azure public reports)."""
        scheme, dummy, token = (authorization or "").strip().partition(" ")
        if not authorization:
            text = "Authentication failed. The 'Authorization' header is missing."
            raise self._refusal("AuthenticationFailed", text, base_url)
        if scheme.lower() != "bearer" or not token:
            text = "The 'Authorization' header is provided in an invalid format."
            raise self._refusal("AuthenticationFailedInvalidHeader", text, base_url)
        if token not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[token] = self._check(token.strip(), base_url)
        claims, principal = self._known[token]
        now = self._clock.now()
        expiry = datetime.fromtimestamp(claims["exp"], UTC)
        if expiry <= now:
            del self._known[token]
            text = (
                f"The access token expiry UTC time '{_moment(expiry)}' is earlier than current UTC time "
                f"'{_moment(now)}'."
            )
            raise self._refusal("ExpiredAuthenticationToken", text, base_url)
        return principal

    def _check(self, token: str, base_url: str) -> tuple[dict[str, Any], Principal]:
        options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            key = self.key.private.public_key()
            claims = jwt.decode(token, key, algorithms=["RS256"], options=options)
        except jwt.InvalidTokenError as error:
            raise self._refusal("InvalidAuthenticationToken", "The access token is invalid.", base_url) from error
        audience = str(claims.get("aud"))
        if audience.rstrip("/") not in ARM_AUDIENCES and not is_own_origin(audience, self._settings):
            allowed = ",".join(f"{name}/" for name in ARM_AUDIENCES)
            text = (
                f"The access token has been obtained for wrong audience or resource '{audience}'. It should exactly "
                f"match with one of the allowed audiences '{allowed}'."
            )
            raise self._refusal("InvalidAuthenticationTokenAudience", text, base_url)
        known = self._settings.identities.values()
        identity = next((each for each in known if each.object_id == claims.get("oid")), None)
        if identity is None or claims.get("tid") != self._settings.tenant_id:
            text = f"The access token is from the wrong issuer '{claims.get('iss')}'."
            raise self._refusal("InvalidAuthenticationTokenTenant", text, base_url)
        return claims, Principal(identity.object_id, identity.client_id, identity.name)

    def _refusal(self, code: str, message: str, base_url: str) -> ArmError:
        login = "https://login.windows.net" if base_url.endswith(".azure.com") else base_url
        challenge = (
            f'Bearer authorization_uri="{login}/{self._settings.tenant_id}", error="invalid_token", '
            f'error_description="{message}"'
        )
        return gateway_error(401, code, message, headers={"WWW-Authenticate": challenge})


def _moment(value: datetime) -> str:
    return f"{value.month}/{value.day}/{value:%Y %I:%M:%S %p}"
