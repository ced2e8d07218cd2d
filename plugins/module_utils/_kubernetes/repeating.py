# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be repeated of objects that a task was told: all but what is in Secrets. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REMOVED = "********"
#: Options that hold objects, and what in a Secret is secret.
_OPTIONS, _SECRET = ("definitions", "manifests"), ("data", "stringData")


def without_contents(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task as results and logs may have them. They need not have been checked."""
    given = {name: params[name] for name in _OPTIONS if isinstance(params.get(name), list)}
    return {**params, **{name: [_shown(item) for item in items] for name, items in given.items()}}


def _shown(item: Any) -> Any:
    if not isinstance(item, Mapping) or item.get("kind") != "Secret":
        return item
    return {key: REMOVED if key in _SECRET else value for key, value in item.items()}
