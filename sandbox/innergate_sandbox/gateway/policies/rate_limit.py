# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rate-limit and rate-limit-by-key: sliding windows (Microsoft Learn: rate-limit-policy, rate-limit-by-key-policy)."""

from __future__ import annotations

from dataclasses import dataclass

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import Value
from innergate_sandbox.gateway.policies.limits import Limit, applicable, read_limits


@dataclass(frozen=True)
class Names:
    """Which headers and variables tell the caller and later policies about the limit."""

    retry_header: str
    retry_variable: str
    remaining_header: str
    remaining_variable: str
    total_header: str

    @classmethod
    def of(cls, node: Node) -> Names:
        """Read the attributes that both policies have."""
        return cls(
            node.value("retry-after-header-name", "Retry-After").fixed,
            node.value("retry-after-variable-name", "").fixed,
            node.value("remaining-calls-header-name", "").fixed,
            node.value("remaining-calls-variable-name", "").fixed,
            node.value("total-calls-header-name", "").fixed,
        )

    def exceeded(self, x: Exchange, seconds: int, total: int) -> Failure:
        """Return the Failure of status 429, having told everybody who asked."""
        if self.retry_variable:
            x.variables[self.retry_variable] = seconds
        self.tell(x, 0, total)
        text = f"Rate limit is exceeded. Try again in {seconds} seconds."
        return Failure(
            429,
            text,
            "RateLimitExceeded",
            message="Rate limit is exceeded",
            headers=[(self.retry_header, str(seconds))],
        )

    def tell(self, x: Exchange, remaining: int, total: int) -> None:
        """Show what is left of the limit."""
        if self.remaining_variable:
            x.variables[self.remaining_variable] = remaining
        if self.remaining_header:
            x.extra_headers.append((self.remaining_header, str(remaining)))
        if self.total_header:
            x.extra_headers.append((self.total_header, str(total)))


def _rate_limit(node: Node) -> Action:
    limits, names = read_limits(node), Names.of(node)

    async def run(x: Exchange) -> None:
        if x.subscription is None:
            return
        counters = x.engine.counters
        found = [(limit, f"rate|{key}") for limit, key in applicable(limits, x)]
        for limit, key in found:
            if counters.used(key, limit.period) >= limit.calls:
                raise names.exceeded(x, counters.wait(key, limit.period, 1), int(limit.calls))
        for dummy, key in found:
            counters.count(key)
        if found:
            limit, key = found[0]
            names.tell(x, int(limit.calls) - counters.used(key, limit.period), int(limit.calls))

    return run


def _by_key(node: Node) -> Action:
    calls, period, key = node.require("calls"), node.require("renewal-period"), node.require("counter-key")
    condition, amount = node.get("increment-condition"), node.value("increment-count", "1")
    names = Names.of(node)
    late = any(value is not None and _asks_response(value) for value in (condition, amount))

    async def increment(x: Exchange, counter: str) -> None:
        if condition is None or await condition.flag(x):
            x.engine.counters.count(counter, int(await amount.number(x)))

    async def run(x: Exchange) -> None:
        counters = x.engine.counters
        limit = Limit(int(await calls.number(x)), await period.number(x))
        # One counter for each value, wherever policies stand (Microsoft Learn: rate-limit-by-key-policy).
        counter = f"key|{x.service.id}|{await key.text(x)}"
        excess = counters.used(counter, limit.period) - int(limit.calls)
        if excess >= 0:
            raise names.exceeded(x, counters.wait(counter, limit.period, excess + 1), int(limit.calls))
        if late:
            x.at_end.append(lambda: increment(x, counter))
        else:
            await increment(x, counter)
        names.tell(x, max(0, int(limit.calls) - counters.used(counter, limit.period)), int(limit.calls))

    return run


def _asks_response(value: Value) -> bool:
    return value.expression is not None and "Response" in value.expression.code


POLICIES = {"rate-limit": _rate_limit, "rate-limit-by-key": _by_key}
