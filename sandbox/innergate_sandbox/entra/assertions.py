# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all client assertions have in common, whoever signed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from innergate_sandbox.entra.errors import EntraError, assertion_refused

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "PS256", "ES256"]
PAGE = "https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials"
_UNCHECKED: Any = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
_MOMENTS = ("nbf", "exp")


@dataclass(frozen=True)
class Assertion:
    """A JWT whose signature was not checked yet."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    @classmethod
    def read(cls, text: str) -> Assertion:
        """Read a JWT; Entra's refusal (50027) if it is none."""
        try:
            header = jwt.get_unverified_header(text)
            claims = jwt.decode(text, options={"verify_signature": False} | _UNCHECKED)
        except jwt.InvalidTokenError as error:
            raise malformed("JWT token is invalid or malformed.") from error
        if not isinstance(claims.get("exp"), int | float):
            raise malformed("JWT token is invalid or malformed.")
        return cls(text, header, claims)

    @property
    def audiences(self) -> list[str]:
        """Whom it is for."""
        found = self.claims.get("aud")
        return [str(each) for each in (found if isinstance(found, list) else [found])]

    def is_signed_by(self, key: Any) -> bool:
        """Say whether the signature is that of a key."""
        try:
            jwt.decode(self.text, key, algorithms=ALGORITHMS, options=_UNCHECKED)
        except (jwt.InvalidTokenError, TypeError, ValueError):  # TypeError: a key of another kind than the algorithm
            return False
        return True

    def check_time(self, now: datetime) -> None:
        """Raise 700024 unless the assertion counts now."""
        begin, end = (self.claims.get(name, 0) for name in _MOMENTS)
        if not isinstance(begin, int | float) or not begin <= now.timestamp() < end:
            text = (
                f"Client assertion is not within its valid time range. Current time: {_moment(now)}, assertion valid "
                f"from {_moment(begin)}, expiry time of assertion {_moment(end)}. Review the documentation at {PAGE} ."
            )
            raise assertion_refused(700024, text)


def malformed(text: str) -> EntraError:
    """50027."""
    return EntraError(400, "invalid_request", 50027, text)


def _moment(value: Any) -> str:
    """A moment as Entra writes it: seven digits behind the second."""
    if not isinstance(value, datetime):
        try:
            value = datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError, TypeError):
            return str(value)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond:06d}0Z"
