# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET types that policy expressions may use. Each module declares a family of them when it is imported."""

from __future__ import annotations

import importlib

_FAMILIES = (
    "basic",
    "strings",
    "numbers",
    "sequences",
    "collections",
    "tuples",
    "dates",
    "text",
    "json",
    "crypto",
    "xml",
    "context",
)


def load() -> None:
    """Import all families, so that their types are known."""
    for family in _FAMILIES:
        importlib.import_module(f"{__name__}.{family}")
