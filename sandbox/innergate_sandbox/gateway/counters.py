# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting calls for rate limits and quotas."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from innergate_sandbox.clock import Clock
from innergate_sandbox.store import Store

_KEPT = "gateway-quotas"
_MOST, _LONGEST = 10_000, 3600.0
"""With more windows than this, those go in which nothing was counted for so many seconds."""


@dataclass
class _Window:
    """Moments (and weights) of the calls in a sliding window; longest: seconds that somebody asks for."""

    calls: deque[tuple[float, int]] = field(default_factory=deque)
    longest: float = 0.0


@dataclass
class Counters:
    """All counters of the gateways. Rate limits live in memory; quotas, which run for weeks, survive a restart."""

    store: Store
    clock: Clock
    _windows: dict[str, _Window] = field(default_factory=dict)
    _quotas: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the quotas that a former process left."""
        self._quotas = self.store.kv_get(_KEPT, {})

    def clear(self) -> None:
        """Forget everything."""
        self._windows.clear()
        self._quotas.clear()

    # -- rate limits ----------------------------------------------------------------------------------------------

    def used(self, key: str, period: float) -> int:
        """Return how much was counted under a key in the last seconds."""
        window = self._windows.get(key)
        if window is None:
            return 0
        window.longest = max(window.longest, period)
        now = self.clock.time()
        while window.calls and window.calls[0][0] <= now - window.longest:
            window.calls.popleft()
        return sum(weight for moment, weight in window.calls if moment > now - period)

    def wait(self, key: str, period: float, room: int) -> int:
        """Return the whole seconds until a key has room for something, at least 1."""
        window, now = self._windows.get(key), self.clock.time()
        freed = 0
        for moment, weight in window.calls if window else ():
            freed += weight if moment > now - period else 0
            if freed >= room:
                return max(1, ceil(moment + period - now))
        return max(1, ceil(period))

    def count(self, key: str, weight: int = 1) -> None:
        """Count something now."""
        if len(self._windows) > _MOST:
            self._windows = {name: window for name, window in self._windows.items() if self._is_recent(window)}
        window = self._windows.setdefault(key, _Window())
        window.calls.append((self.clock.time(), weight))

    def _is_recent(self, window: _Window) -> bool:
        return bool(window.calls) and window.calls[-1][0] > self.clock.time() - _LONGEST

    # -- quotas ---------------------------------------------------------------------------------------------------

    def quota(self, key: str, period: float, start: float) -> tuple[float, float, float]:
        """Return (calls, bytes, seconds until renewal) of the period that runs now.

        Periods follow each other from `start` (seconds since the epoch) on; a period of 0 never ends.
        """
        now = self.clock.time()
        number = (now - start) // period if period else 0
        kept = self._quotas.get(key)
        calls, size = (kept[1], kept[2]) if kept and kept[0] == number else (0.0, 0.0)
        return calls, size, start + (number + 1) * period - now if period else 0.0

    def add_quota(self, key: str, period: float, start: float, calls: float, size: float) -> None:
        """Add to the period that runs now."""
        before = self.quota(key, period, start)
        number = (self.clock.time() - start) // period if period else 0
        self._quotas[key] = [number, before[0] + calls, before[1] + size]
        self.store.kv_set(_KEPT, self._quotas)
