# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time: the wall clock that clients see, and Azure's durations made short."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

DEFAULT_SCALE = 1200.0
"""Azure durations are divided by this unless told otherwise: 40 minutes become 2 seconds."""


class Clock:
    """The sandbox's only source of time. Tests may subclass it to move time by hand."""

    def __init__(self, scale: float = DEFAULT_SCALE) -> None:
        """Take the divisor of Azure's durations; a ValueError unless it is positive."""
        if math.isnan(scale) or scale <= 0:
            raise ValueError(f"the time scale must be a positive number, not {scale}")
        self.scale = scale

    def time(self) -> float:
        """Return seconds since the epoch (wall clock)."""
        return time.time()

    def now(self) -> datetime:
        """Return the wall clock as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def scaled(self, azure_seconds: float) -> float:
        """Return the wall seconds that stand for a duration of Azure's."""
        return azure_seconds / self.scale


class ManualClock(Clock):
    """A clock that moves only when it is told to: for tests of what happens *while* an operation runs."""

    def __init__(self, scale: float = 1.0, start: float = 1_750_000_000.0) -> None:
        """Start at a fixed moment so that results do not depend on the day."""
        super().__init__(scale)
        self._time = start

    def time(self) -> float:
        """Return the moment it was last moved to."""
        return self._time

    def advance(self, wall_seconds: float) -> None:
        """Move on by wall seconds (Azure seconds divided by the scale)."""
        self._time += wall_seconds
