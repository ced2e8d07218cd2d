# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ARM's token buckets: per principal and per subscription, for reads, writes and deletes.

Sizes and refill: Microsoft Learn, request-limits-and-throttling (2024). Wall clock: never scaled.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmRequest

LIMITS = {"reads": (250, 25.0), "writes": (200, 10.0), "deletes": (200, 10.0)}
"""Bucket size and refill per second."""

GLOBAL = 15
"""The subscription-wide bucket is so much larger than a principal's."""

MODES = {"azure": 1.0, "relaxed": 100.0, "off": math.inf}
"""Refill factor. "relaxed": an endpoint without latency invites a rhythm that Azure's own latency would never allow,
so buckets refill faster there; the numbers in the headers are Azure's."""


@dataclass
class Bucket:
    """One token bucket."""

    size: float
    refill: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take one token; returns 0, or the seconds until there is one (then none is taken)."""
        if math.isinf(self.refill):
            self.tokens = self.size
        else:
            self.tokens = min(self.size, self.tokens + (now - self.at) * self.refill)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.refill
        self.tokens -= 1
        return 0.0


def operation_type(request: ArmRequest) -> str:
    """Return "reads", "writes" or "deletes"."""
    if request.method == "DELETE":
        return "deletes"
    checks = request.method == "POST" and (request.action or "").lower().startswith("check")
    return "reads" if checks or request.method in ("GET", "HEAD") else "writes"


class Throttle:
    """All buckets of one sandbox. They are full again after a restart, as nothing else depends on them."""

    def __init__(self, mode: str = "relaxed", now: Callable[[], float] = time.monotonic) -> None:
        """Take one of MODES."""
        self._factor = MODES[mode]
        self._now = now
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def _bucket(self, key: tuple[str, ...], size: float, refill: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(size, refill * self._factor, size, self._now())
        return self._buckets[key]

    def admit(self, request: ArmRequest) -> dict[str, str]:
        """Count a request; returns the headers of its answer, or raises 429 with Retry-After (whole seconds)."""
        kind = operation_type(request)
        size, refill = LIMITS[kind]
        subscription = (request.subscription or "tenant").lower()
        own = self._bucket((subscription, kind, request.principal.object_id), size, refill)
        everyone = self._bucket((subscription, kind), size * GLOBAL, refill * GLOBAL)
        now = self._now()
        wait = own.take(now)
        if not wait:
            wait = everyone.take(now)
        if wait:
            raise self._refusal(request, kind, math.ceil(wait))
        where = "subscription" if request.subscription else "tenant"
        return {
            f"x-ms-ratelimit-remaining-{where}-{kind}": str(int(own.tokens)),
            f"x-ms-ratelimit-remaining-{where}-global-{kind}": str(int(everyone.tokens)),
        }

    @staticmethod
    def _refusal(request: ArmRequest, kind: str, seconds: int) -> ArmError:
        name = kind.rstrip("s").title()
        message = (
            f"The request is being throttled as the limit has been reached for operation type - {name}. For more "
            "information, see - https://aka.ms/arm-throttling"
        )
        where = "Subscription" if request.subscription else "Tenant"
        return gateway_error(429, f"{where}RequestsThrottled", message, headers={"Retry-After": str(max(1, seconds))})

    def clear(self) -> None:
        """Fill all buckets."""
        self._buckets.clear()
