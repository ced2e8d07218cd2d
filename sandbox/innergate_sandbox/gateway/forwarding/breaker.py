# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Circuit breakers: backends that failed too often are left alone for a while.

Microsoft Learn: backends. Counted per gateway, in wall time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from innergate_sandbox.clock import Clock
from innergate_sandbox.gateway.configuration.model import Backend, CircuitBreaker


@dataclass
class _State:
    calls: deque[tuple[float, bool]] = field(default_factory=deque)
    open_until: float = 0.0


class Breakers:
    """The state of all circuit breakers, by service and backend."""

    def __init__(self, clock: Clock) -> None:
        """Begin with all of them closed."""
        self._clock = clock
        self._states: dict[tuple[str, str], _State] = {}

    def wait(self, service: str, backend: Backend) -> float:
        """Return for how many seconds nothing is sent to a backend; 0: it may be called."""
        state = self._states.get((service, backend.id.lower()))
        if state is None or backend.breaker is None:
            return 0.0
        return max(0.0, state.open_until - self._clock.time())

    def record(
        self, service: str, backend: Backend, status: int | None, reason: str = "", retry_after: float | None = None
    ) -> None:
        """Count one call. status: the backend's answer, None if there was none; reason: why not ("Timeout", ...)."""
        rule = backend.breaker
        if rule is None:
            return
        state = self._states.setdefault((service, backend.id.lower()), _State())
        now = self._clock.time()
        failed = _is_failure(rule, status, reason)
        state.calls.append((now, failed))
        while state.calls and state.calls[0][0] <= now - rule.interval:
            state.calls.popleft()
        failures = sum(failed for dummy, failed in state.calls)
        over = rule.count is not None and failures >= rule.count
        over = over or (rule.percentage is not None and failures * 100 >= rule.percentage * len(state.calls))
        if failed and over:
            wait = retry_after if rule.accept_retry_after and retry_after is not None else rule.trip
            state.open_until = now + wait
            state.calls.clear()


def _is_failure(rule: CircuitBreaker, status: int | None, reason: str) -> bool:
    if status is None:
        return not rule.reasons or reason.lower() in rule.reasons
    return any(low <= status <= high for low, high in rule.statuses)
