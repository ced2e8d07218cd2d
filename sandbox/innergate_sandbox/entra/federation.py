# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workload identity: a Kubernetes service account's token is exchanged for one of Entra's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from innergate_sandbox.clock import Clock
from innergate_sandbox.entra.errors import EntraError, assertion_refused
from innergate_sandbox.entra.keys import SigningKey
from innergate_sandbox.settings import Identity, Settings

AUDIENCE = "api://AzureADTokenExchange"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SUBJECTS = "system:serviceaccount:"
_YEAR = 365 * 24 * 3600


class Federation:
    """The federated credential of the identity "workload": it trusts every service account of the one cluster.

    The cluster signs service account tokens with `key` and names itself as `settings.workload_issuer`.
    """

    def __init__(self, settings: Settings, clock: Clock, key: SigningKey) -> None:
        """Take the key with which the cluster signs."""
        self._settings = settings
        self._clock = clock
        self.key = key
        self._issuers: dict[str, PublicKeyTypes] = {settings.workload_issuer: key.private.public_key()}

    def trust(self, issuer: str, public_key: bytes) -> None:
        """Trust the service accounts of one more cluster; public_key: PEM, with which it signs their tokens."""
        self._issuers[issuer] = load_pem_public_key(public_key)

    def service_account_token(self, name: str = "workload", namespace: str = "default", lifetime: int = _YEAR) -> str:
        """Return a token such as a pod finds in its AZURE_FEDERATED_TOKEN_FILE."""
        now = int(self._clock.time())
        subject = f"{SUBJECTS}{namespace}:{name}"
        account = {"namespace": namespace, "serviceaccount": {"name": name}}
        claims: dict[str, Any] = {
            "aud": [AUDIENCE],
            "iss": self._settings.workload_issuer,
            "sub": subject,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "kubernetes.io": account,
        }
        return jwt.encode(claims, self.key.private, algorithm="RS256", headers={"kid": self.key.key_id})

    def check(self, identity: Identity, assertion: str) -> None:
        """Raise Entra's refusal unless the assertion proves to be this identity."""
        options: Any = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            claims = jwt.decode(assertion, options={"verify_signature": False} | options)
        except jwt.InvalidTokenError as error:
            text = "JWT token is invalid or malformed."
            raise EntraError(400, "invalid_request", 50027, text) from error
        key: Any = self._match(identity, claims)
        try:
            jwt.decode(assertion, key, algorithms=["RS256", "ES256"], options=options)
        except jwt.InvalidTokenError as error:
            text = "Client assertion failed signature validation."
            raise assertion_refused(700027, text) from error
        now = self._clock.now()
        valid = [datetime.fromtimestamp(int(claims.get(name, 0)), UTC) for name in ("nbf", "exp")]
        if not valid[0] <= now < valid[1]:
            text = (
                f"Client assertion is not within its valid time range. Current time: {now.isoformat()}, assertion "
                f"valid from {valid[0].isoformat()}, expiry time of assertion {valid[1].isoformat()}."
            )
            raise assertion_refused(700024, text)

    def _match(self, identity: Identity, claims: dict[str, Any]) -> PublicKeyTypes:
        """Return the key of a trusted issuer, or raise what does not match."""
        issuer, subject, audience = str(claims.get("iss")), str(claims.get("sub")), claims.get("aud")
        advice = (
            "Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        )
        about = "No matching federated identity record found for presented assertion"
        if issuer not in self._issuers:
            raise assertion_refused(700211, f"{about} issuer '{issuer}'. {advice}")
        if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
            raise assertion_refused(700212, f"{about} audience '{audience}'. {advice}")
        if identity.name != "workload" or not subject.startswith(SUBJECTS):
            raise assertion_refused(700213, f"{about} subject '{subject}'. {advice}")
        return self._issuers[issuer]
