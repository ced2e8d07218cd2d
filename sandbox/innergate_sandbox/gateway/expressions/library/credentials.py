# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`Jwt` and `BasicAuthCredentials`, and the methods of texts that make them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from innergate_sandbox.gateway.expressions.library.strings import strings
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import Record, Reference


class Jwt:
    """A token, read but not verified (that is the work of validate-jwt)."""

    def __init__(self, header: dict[str, Any], claims: dict[str, Any]) -> None:
        """Take the decoded parts."""
        self.header, self.raw = header, claims
        self.claims = {name: texts(value) for name, value in claims.items()}

    def moment(self, name: str) -> datetime | None:
        """Return a claim that is a time."""
        value = self.raw.get(name)
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None


def texts(value: Any) -> list[str]:
    """Return a claim's values as .NET keeps them: texts, booleans in lower case, objects as JSON."""
    found = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else json.dumps(item, separators=(",", ":")) for item in found]


def read_jwt(text: Any) -> Jwt | None:
    """Return the token in a text, with or without the word Bearer; None if there is none."""
    parts = str(text or "").removeprefix("Bearer ").removeprefix("bearer ").strip().split(".")
    if len(parts) < 2:
        return None
    try:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except ValueError:
        return None
    return Jwt(header, claims) if isinstance(header, dict) and isinstance(claims, dict) else None


def read_basic(text: Any) -> Record | None:
    """Return user name and password of an Authorization header's value; None if it holds none."""
    scheme, dummy, rest = str(text or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, mark, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return Record(UserId=user, Username=user, Password=password) if mark else None


def _try(read: Any) -> Any:
    def attempt(text: Any, target: Reference) -> bool:
        target.value = read(text)
        return target.value is not None

    return attempt


strings.methods.update(
    {"AsJwt": read_jwt, "TryParseJwt": _try(read_jwt), "AsBasic": read_basic, "TryParseBasic": _try(read_basic)}
)

jwt = Kind("Jwt", Jwt)
jwt.properties.update(
    {
        "Algorithm": lambda value: value.header.get("alg"),
        "Type": lambda value: value.header.get("typ"),
        "Id": lambda value: value.raw.get("jti"),
        "Issuer": lambda value: value.raw.get("iss"),
        "Subject": lambda value: value.raw.get("sub"),
        "Audiences": lambda value: value.claims.get("aud", []),
        "Claims": lambda value: value.claims,
        "ExpirationTime": lambda value: value.moment("exp"),
        "NotBefore": lambda value: value.moment("nbf"),
    }
)
basic = Kind("BasicAuthCredentials", Record)
authorization = Kind("Authorization", type("Authorization", (), {}))
