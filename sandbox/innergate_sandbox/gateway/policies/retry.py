# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""retry: once more while a condition holds."""

from __future__ import annotations

import asyncio
import random

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action, run_steps


def pause(number: int, interval: float, longest: float, delta: float, fast: bool, factor: float) -> float:
    """Return the seconds before retry `number` (from 1).

    Without longest and delta the interval is fixed; with delta alone it grows linearly; with both exponentially
    (`factor` of delta is random) up to the longest.
    """
    if fast and number == 1:
        return 0.0
    if longest and delta:
        return min(interval + (2.0**number - 1) * factor * delta, longest)
    return interval + (number - 1) * delta


def _retry(node: Node) -> Action:
    condition, count = node.require("condition"), node.require("count")
    interval, longest = node.value("interval", "0"), node.value("max-interval", "0")
    delta, fast = node.value("delta", "0"), node.value("first-fast-retry", "false")
    steps = node.steps()

    async def attempt(x: Exchange) -> Failure | None:
        try:
            await run_steps(x, steps)
        except Failure as failure:
            return failure
        return None

    async def wanted(x: Exchange, failure: Failure | None) -> bool:
        """Ask the condition; one that cannot be evaluated after a failure leaves it at that failure."""
        try:
            return await condition.flag(x)
        except Failure:
            if failure is None:
                raise
            return False

    async def run(x: Exchange) -> None:
        kept, x.keep_body = x.keep_body, True
        first, limit, step = [await value.number(x) for value in (interval, longest, delta)]
        quick, most = await fast.flag(x), int(await count.number(x))
        number = 0
        while True:
            failure = await attempt(x)
            if number >= most or not await wanted(x, failure):
                break
            number += 1
            await asyncio.sleep(pause(number, first, limit, step, quick, random.uniform(0.8, 1.2)))
        x.keep_body = kept
        if failure is not None:
            raise failure

    return run


POLICIES = {"retry": _retry}
