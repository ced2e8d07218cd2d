# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of API document is turned into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

NAME_LENGTH = 76  # four less than a name can have: room for a suffix


class Unreadable(Exception):
    """A document that cannot be imported, with one line for each thing that is wrong with it."""

    def __init__(self, *errors: str) -> None:
        super().__init__("Parsing error(s): " + " ".join(errors))


@dataclass
class Parsed:
    """An API document: properties of the API, its operations and its schemas."""

    api: dict[str, Any] = field(default_factory=dict)
    operations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    schemas: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    whole: bool = True  # the document lists all operations: others are deleted
    named: bool = True  # the document names its operations; else the service makes up names for them

    def name(self, wanted: str) -> str:
        """A free name for an operation: the wanted one, if it can be a name."""
        taken = {name.lower() for name, dummy in self.operations}
        plain = wanted if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}", wanted) else normal(wanted)
        found, number = plain, 0
        while found.lower() in taken:
            number += 1
            found = f"{plain[:NAME_LENGTH]}-{number}"
        return found


def normal(text: str) -> str:
    """A text as a name: small letters, runs of anything but letters and digits as one dash (Learn: import rules)."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:NAME_LENGTH] or "operation"
