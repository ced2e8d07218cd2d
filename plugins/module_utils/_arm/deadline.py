# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a task may take, and how it waits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable


class Deadline:
    """Time left for a task. Clock and sleep can be replaced, so that tests need not wait."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._start = clock()

    @property
    def elapsed(self) -> float:
        return self._clock() - self._start

    @property
    def left(self) -> float:
        return self.seconds - self.elapsed

    def wait(self, seconds: float) -> bool:
        """Wait that long and say True; say False at once if that would be too long."""
        if seconds > self.left:
            return False
        if seconds > 0:
            self._sleep(seconds)
        return True


def backoff(attempt: int, *, first: float, most: float, jitter: bool = True) -> float:
    """Seconds after attempt number C(attempt) (from 1): doubling, with jitter so that forks don't march in step."""
    seconds = min(most, first * float(2 ** (attempt - 1)))
    return seconds * random.uniform(0.75, 1.25) if jitter else seconds
