# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workload identity: a Kubernetes service account's token is exchanged for one of Entra's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from innergate_sandbox.clock import Clock
from innergate_sandbox.entra.assertions import Assertion
from innergate_sandbox.entra.errors import assertion_refused
from innergate_sandbox.entra.keys import SigningKey
from innergate_sandbox.settings import Identity, Settings

AUDIENCE = "api://AzureADTokenExchange"
SUBJECTS = "system:serviceaccount:"
_YEAR = 365 * 24 * 3600
_PAGE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"

Key = tuple[str | None, Any]
"""The id of a key (None: unknown) and the key."""


class Federation:
    """The federated credential of the identity "workload": it trusts every service account of the one cluster.

    The cluster names itself as `settings.workload_issuer`. Its tokens are signed with `key` (the one in the env file),
    or with any key of the key set that `trust` was given.
    """

    def __init__(self, settings: Settings, clock: Clock, key: SigningKey) -> None:
        """Take the key for the token of the env file."""
        self._settings = settings
        self._clock = clock
        self.key = key
        self._own: list[Key] = [(key.key_id, key.private.public_key())]
        self._issuers: dict[str, list[Key]] = {}

    def trust(self, issuer: str, key_set: Mapping[str, Any]) -> None:
        """Trust the service accounts of a cluster; key_set: what its API server shows at /openid/v1/jwks.

        A further key set of the same issuer takes the place of the former one, as when keys are rotated. A ValueError
        if there is no key in it that can be used.
        """
        try:
            keys = jwt.PyJWKSet.from_dict(dict(key_set)).keys
        except (jwt.PyJWTError, AttributeError, TypeError) as error:
            raise ValueError(f"the key set of {issuer} cannot be used: {error}") from error
        self._issuers[issuer] = [(key.key_id, key.key) for key in keys]

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

    def check(self, identity: Identity, assertion: Assertion) -> None:
        """Raise Entra's refusal unless the assertion proves to be this identity."""
        keys = self._match(identity, assertion)
        wanted = assertion.header.get("kid")
        fitting = [key for key_id, key in keys if wanted is None or key_id in (None, wanted)]
        if not any(assertion.is_signed_by(key) for key in fitting):
            reason = "The provided signature value did not match the expected signature value."
            if not fitting:
                reason = f"The key was not found., Thumbprint of key used by client: '{wanted}'"
            raise assertion_refused(700027, f"Client assertion failed signature validation. [Reason - {reason}]")
        assertion.check_time(self._clock.now())

    def _match(self, identity: Identity, assertion: Assertion) -> list[Key]:
        """Return the keys of a trusted issuer, or raise what does not match."""
        issuer, subject = str(assertion.claims.get("iss")), str(assertion.claims.get("sub"))
        advice = (
            "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. "
            + _PAGE
        )
        about = "No matching federated identity record found for presented assertion"
        keys = list(self._issuers.get(issuer, []))
        if issuer == self._settings.workload_issuer:
            keys += self._own
        if not keys:
            raise assertion_refused(700211, f"{about} issuer '{issuer}'. {advice}")
        if AUDIENCE not in assertion.audiences:
            raise assertion_refused(700212, f"{about} audience '{', '.join(assertion.audiences)}'. {advice}")
        if identity.name != "workload" or not subject.startswith(SUBJECTS):
            raise assertion_refused(700213, f"{about} subject '{subject}'. {advice}")
        return keys
