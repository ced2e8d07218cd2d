# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading backend entities."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.configuration.model import Backend, CircuitBreaker, PoolMember
from innergate_sandbox.gateway.pipeline.compiler import substitute

if TYPE_CHECKING:
    from innergate_sandbox.gateway.configuration.load import Reader

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)


def read_backends(reader: Reader) -> Iterator[Backend]:
    """Yield the backends of a service."""
    for entity in reader.all("backends"):
        found = entity.body.get("properties")
        inner: dict[str, Any] = found if isinstance(found, dict) else {}
        secret = entity.hidden.get("credentials")
        credentials = secret if isinstance(secret, dict) else inner.get("credentials") or {}
        tls = inner.get("tls") or {}
        yield Backend(
            id=entity.name,
            url=substitute(str(inner.get("url") or ""), reader.named_values),
            pool=tuple(_members(inner)),
            headers=tuple((name, substitute(text, reader.named_values)) for name, text in _headers(credentials)),
            query=tuple(
                (name, substitute(text, reader.named_values)) for name, text in _pairs(credentials.get("query"))
            ),
            check_chain=tls.get("validateCertificateChain") is not False,
            check_name=tls.get("validateCertificateName") is not False,
            breaker=_breaker(inner.get("circuitBreaker") or {}),
        )


def seconds(text: str | None, default: float = 0.0) -> float:
    """Return an ISO 8601 duration (`PT1M30S`) in seconds."""
    found = _DURATION.fullmatch(text or "")
    if not found:
        return default
    days, hours, minutes, rest = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def _members(inner: dict[str, Any]) -> Iterator[PoolMember]:
    for item in (inner.get("pool") or {}).get("services") or []:
        name = str(item.get("id", "")).rpartition("/")[2].lower()
        weight = item.get("weight")
        yield PoolMember(name, 1 if weight is None else int(weight), int(item.get("priority") or 0))


def _pairs(table: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    for name, values in (table or {}).items():
        for value in values if isinstance(values, list) else [values]:
            yield name, str(value)


def _headers(credentials: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _pairs(credentials.get("header"))
    authorization = credentials.get("authorization") or {}
    if authorization.get("scheme"):
        yield "Authorization", f"{authorization['scheme']} {authorization.get('parameter') or ''}".strip()


def basic(user: str, password: str) -> str:
    """Return the value of an Authorization header for a user name and password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _breaker(inner: dict[str, Any]) -> CircuitBreaker | None:
    rule = next(iter(inner.get("rules") or []), None)
    if rule is None:
        return None
    condition = rule.get("failureCondition") or {}
    ranges = condition.get("statusCodeRanges") or []
    return CircuitBreaker(
        count=condition.get("count"),
        percentage=condition.get("percentage"),
        interval=seconds(condition.get("interval"), 60.0),
        trip=seconds(rule.get("tripDuration"), 60.0),
        statuses=tuple((int(item.get("min", 500)), int(item.get("max", 599))) for item in ranges),
        reasons=frozenset(str(reason).lower() for reason in condition.get("errorReasons") or []),
        accept_retry_after=bool(rule.get("acceptRetryAfter")),
    )
