# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds every call: the request log, and the faults and delays that tests ask for."""

from __future__ import annotations

import asyncio
import json
from typing import Protocol

from multidict import CIMultiDict

from innergate_sandbox.clock import Clock
from innergate_sandbox.faults import Rule
from innergate_sandbox.gateway.configuration.model import DEFAULT_KEY_QUERY
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Body, Request, Response
from innergate_sandbox.requestlog import Record, redact_query


class Log(Protocol):
    """Where records go."""

    def add(self, record: Record) -> None:
        """Append a record."""


class Faults(Protocol):
    """The rules in force."""

    def match(self, method: str, path: str) -> Rule | None:
        """Return the rule that hits a request."""


class Delays(Protocol):
    """The latency profile."""

    def seconds(self, category: str, method: str) -> float:
        """Return how long an answer is held back."""


class Entry(Record):
    """A record on its way, with the fault rule that hit it and a note for people."""

    rule: Rule | None = None
    note: str = ""


class Journal:
    """Writes one record of category gateway for each call."""

    def __init__(self, clock: Clock, log: Log, faults: Faults | None = None, latency: Delays | None = None) -> None:
        """Take the sandbox's parts; without faults and latency nothing interferes."""
        self._clock, self._log, self._faults, self._latency = clock, log, faults, latency

    def open(self, request: Request) -> Entry:
        """Begin a record. Keys and tokens in the query are blotted out: what is not known to be harmless."""
        url = request.original
        entry = Entry(self._clock.time(), "gateway", request.method, url.plain_path, _blotted(request))
        entry.user_agent = request.headers.get("User-Agent")
        if self._faults is not None:
            entry.rule = self._faults.match(request.method, url.plain_path)
            entry.fault = entry.rule.id if entry.rule else None
        return entry

    async def interferes(self, entry: Entry) -> bool:
        """Wait as long as the latency profile and a rule ask; say whether the connection is to be broken."""
        effect = entry.rule.then if entry.rule else {}
        delay = float(effect.get("delay", 0))
        if self._latency is not None:
            delay += self._latency.seconds(entry.category, entry.method)
        if delay:
            await asyncio.sleep(delay)
        return effect.get("close") in (True, "before")

    @staticmethod
    def hides(entry: Entry) -> bool:
        """Say whether a rule wants the call carried out but not answered."""
        return entry.rule is not None and entry.rule.then.get("close") in ("after", "during")

    @staticmethod
    def instead(entry: Entry) -> Response | None:
        """Return the answer that a rule gives in the place of the gateway's."""
        effect = entry.rule.then if entry.rule else {}
        if "status" not in effect:
            return None
        headers = CIMultiDict({str(name): str(value) for name, value in (effect.get("headers") or {}).items()})
        body = effect.get("body", "")
        if not isinstance(body, str):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        return Response(int(effect["status"]), None, headers, Body(body.encode()))

    def close(self, entry: Entry, x: Exchange | None) -> None:
        """Complete the record and write it."""
        entry.duration = self._clock.time() - entry.time
        if x is not None:
            if x.api is not None:
                entry.query = _blotted(x.request, x.api.key_query)
            entry.request_id = str(x.request_id)
            entry.principal = f"subscription {x.subscription.id}" if x.subscription else None
            entry.body = _summary(x)
        elif entry.note:
            entry.body = {"note": entry.note}
        self._log.add(entry)


def _blotted(request: Request, key: str = DEFAULT_KEY_QUERY) -> str:
    """Return the query with the key, and the values of everything else that looks like a secret, replaced."""
    return redact_query(request.original.query, key, DEFAULT_KEY_QUERY)


def _summary(x: Exchange) -> dict[str, str]:
    """Return what the gateway made of the call."""
    found = {
        "service": x.service.name,
        "api": x.api.id if x.api else "",
        "operation": x.operation.id if x.operation else "",
        "product": x.product.id if x.product else "",
    }
    if x.last_error is not None:
        found["error"] = f"{x.last_error.source}/{x.last_error.reason}: {x.last_error.message}"
    return {name: value for name, value in found.items() if value}
