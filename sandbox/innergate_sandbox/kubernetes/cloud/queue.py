# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A work queue after client-go: each key at most once, failures again after a growing pause."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Generic, TypeVar

FIRST = 5.0
LONGEST = 300.0
K = TypeVar("K")


class Queue(Generic[K]):
    """For one worker."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        """`first` and `longest` pause in seconds."""
        self._first = first
        self._longest = longest
        self._waiting: OrderedDict[K, None] = OrderedDict()
        self._failures: dict[K, int] = {}
        self._later: dict[K, asyncio.TimerHandle] = {}
        self._filled = asyncio.Event()

    def add(self, key: K) -> None:
        """Soon."""
        self._waiting[key] = None
        self._filled.set()

    def again(self, key: K) -> float:
        """After a failure: 5, 10, 20 ... 300 seconds from now. An earlier appointment is kept. Returns the pause."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        pause = min(self._first * 2.0**failures, self._longest)
        loop = asyncio.get_running_loop()
        known = self._later.get(key)
        if known is not None:
            if known.when() <= loop.time() + pause:
                return pause
            known.cancel()
        self._later[key] = loop.call_later(pause, self._due, key)
        return pause

    def forget(self, key: K) -> None:
        """After a success: the next failure is a first one."""
        self._failures.pop(key, None)

    async def get(self) -> K:
        """The next key."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        key, dummy = self._waiting.popitem(last=False)
        return key

    def close(self) -> None:
        """Cancel all appointments."""
        for handle in self._later.values():
            handle.cancel()
        self._later.clear()

    def _due(self, key: K) -> None:
        self._later.pop(key, None)
        self.add(key)
