# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where callers meet an API: its path and, in a version set, its version. Azure gives no place to two APIs.

(GitHub issue Azure/apiops 343.) Slashes at the ends of a path are no part of it: Azure takes one at the beginning away
(azure-cli recording test_apim_product_api), and the gateway looks for segments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


def place(path: Any) -> tuple[str, ...]:
    """A path as callers meet it: its segments, decoded and without case."""
    return tuple(unquote(segment).casefold() for segment in str(path or "").strip("/").split("/"))


@dataclass(frozen=True)
class Position:
    """C(version_set) is the name of the set, "" for an API without versions."""

    path: tuple[str, ...]
    version_set: str
    version: str

    @classmethod
    def of(cls, api: Mapping[str, Any], version_set: Any) -> Position:
        """That of an API by its options C(path) and C(api_version). The version set is named by its name or its id."""
        name = str(version_set or "").rpartition("/")[2]
        return cls(place(api.get("path")), name.casefold(), str(api.get("api_version") or "").casefold())

    def collides(self, other: Position) -> bool:
        """Whether Azure refuses to have both."""
        apart = self.version_set and self.version_set == other.version_set and self.version != other.version
        return self.path == other.path and not apart


def wanted(api: Mapping[str, Any]) -> Position:
    """The position of an API as the roles take it."""
    return Position.of(api, (api.get("version_set") or {}).get("name"))


def found(api: Mapping[str, Any]) -> Position:
    """The position of an API as results show it."""
    return Position.of(api, api.get("api_version_set"))
