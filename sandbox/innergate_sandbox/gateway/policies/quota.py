# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""quota and quota-by-key: fixed periods (Microsoft Learn: quota-policy, quota-by-key-policy)."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.expressions.format import format_span
from innergate_sandbox.gateway.expressions.library.dates import parse_date
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.policies.limits import Limit, applicable, read_limits


def _exceeded(what: str, left: float) -> Failure:
    seconds = ceil(left)
    text = f"Out of {what} quota. Quota will be replenished in {format_span(timedelta(seconds=seconds))}."
    return Failure(403, text, "QuotaExceeded", headers=[("Retry-After", str(seconds))])


def _check(x: Exchange, limit: Limit, key: str, start: float) -> None:
    calls, size, left = x.engine.counters.quota(key, limit.period, start)
    if calls >= limit.calls:
        raise _exceeded("call volume", left)
    if size >= limit.size:
        raise _exceeded("bandwidth", left)


def _size(x: Exchange) -> float:
    """Return the bytes that a call moved, as far as their number is known before they are sent."""
    messages = (x.request, x.response) if x.response else (x.request,)
    total = 0
    for message in messages:
        text = message.headers.get("Content-Length", "")
        total += len(message.body.loaded) or (int(text) if text.isdigit() else 0)
    return float(total)


def _quota(node: Node) -> Action:
    limits = read_limits(node, bandwidth=True)

    async def run(x: Exchange) -> None:
        subscription = x.subscription
        if subscription is None:
            return
        counters, start = x.engine.counters, subscription.started
        found = [(limit, f"quota|{key}") for limit, key in applicable(limits, x)]
        for limit, key in found:
            _check(x, limit, key, start)
        for limit, key in found:
            counters.add_quota(key, limit.period, start, 1, 0)

        async def weigh() -> None:
            for limit, key in found:
                if limit.size != float("inf"):
                    counters.add_quota(key, limit.period, start, 0, _size(x))

        x.at_end.append(weigh)

    return run


def _by_key(node: Node) -> Action:
    limit = read_limits(node, bandwidth=True)[0]
    name, condition = node.require("counter-key"), node.get("increment-condition")
    first = node.get("first-period-start")
    start = parse_date(first.fixed).timestamp() if first else None

    async def run(x: Exchange) -> None:
        key = f"quota-key|{x.service.id}|{await name.text(x)}|{limit.period}"
        begin = start if start is not None else x.service.created
        _check(x, limit, key, begin)

        async def count() -> None:
            if condition is None or await condition.flag(x):
                x.engine.counters.add_quota(key, limit.period, begin, 1, _size(x))

        x.at_end.append(count)

    return run


POLICIES = {"quota": _quota, "quota-by-key": _by_key}
