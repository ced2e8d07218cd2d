# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Growing pauses between attempts, as the kubelet makes them: 10 s, doubled up to 5 minutes."""

from __future__ import annotations

FIRST = 10.0
LONGEST = 300.0
FORGIVEN_AFTER = 600.0
"""A container that ran this long has its earlier crashes forgotten."""


class Backoff:
    """The pauses of one container or image."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        """`first` is the first pause in seconds, `longest` the last one's limit."""
        self._first = first
        self._longest = longest
        self._last = 0.0

    def next(self) -> float:
        """Seconds to wait now."""
        self._last = min(self._last * 2, self._longest) if self._last else self._first
        return self._last

    def reset(self) -> None:
        """Begin anew."""
        self._last = 0.0


def as_duration(seconds: float) -> str:
    """As Go writes durations: 10s, 1m20s, 5m0s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
