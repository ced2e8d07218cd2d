# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway's internal cache: responses and values with a life time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from innergate_sandbox.clock import Clock

LARGEST_RESPONSE = 2 * 1024 * 1024
"""Bytes; bigger responses are not kept (Microsoft Learn: service limits)."""

_MOST = 10_000


@dataclass
class Memory:
    """A cache of one sandbox; keys begin with the service's id. The oldest entries go when there are too many."""

    clock: Clock
    _entries: OrderedDict[str, tuple[float, Any]] = field(default_factory=OrderedDict)

    def get(self, key: str) -> Any:
        """Return what is kept under a key, None if nothing is (any more)."""
        found = self._entries.get(key)
        if found is None:
            return None
        if found[0] <= self.clock.time():
            del self._entries[key]
            return None
        return found[1]

    def set(self, key: str, value: Any, seconds: float) -> None:
        """Keep a value for some seconds."""
        self._entries[key] = (self.clock.time() + seconds, value)
        self._entries.move_to_end(key)
        while len(self._entries) > _MOST:
            self._entries.popitem(last=False)

    def remove(self, key: str) -> None:
        """Forget a value."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
