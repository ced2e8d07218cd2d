# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds every request, whoever answers it: faults, latency and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.operations import CANCELED, Injected, injected
from innergate_sandbox.clock import Clock
from innergate_sandbox.faults import Faults, Rule, default_body
from innergate_sandbox.latency import Latency
from innergate_sandbox.requestlog import Record, RequestLog, changes_something

Answer = Callable[[Record], Awaitable[ArmResponse]]
"""Carries a request out; may add to the record what it learns (principal, api version, body)."""


class Broken(Exception):
    """The connection is to be broken instead of answered; C(begun): in the middle of this answer."""

    def __init__(self, begun: ArmResponse | None = None) -> None:
        super().__init__()
        self.begun = begun


@dataclass
class Wiretap:
    """The parts that every server of the sandbox shares."""

    clock: Clock
    faults: Faults
    latency: Latency
    log: RequestLog

    async def run(self, record: Record, headers: Mapping[str, str], answer: Answer) -> ArmResponse:
        """Answer one request under the rules in force; raises Broken if there shall be no answer."""
        record.user_agent = headers.get("User-Agent")
        record.write = record.category == "arm" and changes_something(record.method, record.path)
        rule = self.faults.match(record.method, record.path)
        record.fault = rule.id if rule else None
        try:
            response = await self._carry_out(record, rule, answer)
            record.status = response.status
        finally:
            record.duration = self.clock.time() - record.time
            self.log.add(record)
        return response

    async def _carry_out(self, record: Record, rule: Rule | None, answer: Answer) -> ArmResponse:
        effect = rule.then if rule else {}
        delay = float(effect.get("delay", 0)) + self.latency.seconds(record.category, record.method)
        if delay:
            await asyncio.sleep(delay)
        close = effect.get("close")
        if close in (True, "before"):
            raise Broken
        response = _instead(effect) if "status" in effect else await self._real(record, effect, answer)
        if close in ("after", "during"):
            raise Broken(response if close == "during" else None)
        return response

    async def _real(self, record: Record, effect: dict[str, Any], answer: Answer) -> ArmResponse:
        """Carry the request out; the operations that it starts may be told how to end."""

        @cache
        def wish() -> Injected | None:  # asked when an operation starts, for only then is a rule about them used up
            if "operation" in effect:
                return _wish(effect["operation"])
            rule = self.faults.match_operation(record.method, record.path)
            if rule is None:
                return None
            record.fault = record.fault or rule.id
            return _wish(rule.then["operation"])

        token = injected.set(wish)
        try:
            return await answer(record)
        finally:
            injected.reset(token)


def _instead(effect: dict[str, Any]) -> ArmResponse:
    """Return the answer that a rule gives; a text is sent as it is, be it a page or half a document."""
    body = effect["body"] if "body" in effect else default_body(int(effect["status"]))
    headers = {str(name): str(value) for name, value in (effect.get("headers") or {}).items()}
    return ArmResponse(int(effect["status"]), body.encode() if isinstance(body, str) else body, headers)


def _wish(operation: dict[str, Any]) -> Injected:
    seconds = operation.get("azure_seconds")
    canceled = operation.get("status") == CANCELED
    error = {key: value for key, value in operation.items() if key not in ("azure_seconds", "status")}
    if error or "status" in operation:
        error = {"code": "Canceled" if canceled else "InternalServerError", "message": "Injected fault.", **error}
    return Injected(error or None, seconds, canceled)
