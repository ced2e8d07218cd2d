# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an answer takes on its way: latency profiles."""

from __future__ import annotations

from dataclasses import dataclass

_REAL = {"HEAD": 150, "GET": 150, "POST": 200, "PUT": 400, "PATCH": 400, "DELETE": 400, "token": 200, "discovery": 150}

PROFILES: dict[str, dict[str, int]] = {
    "none": {},
    "real": _REAL,
    "slow": {key: 4 * value for key, value in _REAL.items()},
}
"""Milliseconds by method; "token" and "discovery" are Entra's. "real" is what a client near its region measures."""


@dataclass(frozen=True)
class Latency:
    """A profile by name, or a text such as "GET=50,PUT=200"."""

    milliseconds: dict[str, int]

    @classmethod
    def parse(cls, text: str) -> Latency:
        """Read a profile; a ValueError says what is possible."""
        if text in PROFILES:
            return cls(PROFILES[text])
        found = {}
        for part in text.split(","):
            name, dummy, number = part.partition("=")
            if name not in _REAL or not number.isdigit():
                raise ValueError(f"latency is {', '.join(PROFILES)}, or pairs like GET=50,PUT=200; not '{text}'")
            found[name] = int(number)
        return cls(found)

    def seconds(self, category: str, method: str) -> float:
        """Return the wall seconds that a request of a category ("arm", "entra" ...) and method takes longer."""
        if category == "entra":
            return self.milliseconds.get("token" if method == "POST" else "discovery", 0) / 1000
        return self.milliseconds.get(method, 0) / 1000 if category == "arm" else 0.0
