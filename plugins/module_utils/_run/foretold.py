# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode has said will be made, or go, for the tasks after it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import setting, use

#: Before the id of what goes.
_GONE = "-"
_REVISION = re.compile(r";rev=[^/]*")


class Foretold(Protocol):
    """Remembers what check mode has said will be made, or go."""

    def covers(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold."""

    def gone(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold to go, be it a use or a setting (ids.py)."""

    def goes(self, id: str) -> None:
        """Remember that this was foretold to go, which a task's result does not tell."""


class Nothing:
    """The memory of a module that runs in a process of its own: it knows of no other task."""

    def covers(self, id: str) -> bool:
        """Nothing is known to have been foretold."""
        return False

    def gone(self, id: str) -> bool:
        """Nothing is known to have been foretold."""
        return False

    def goes(self, id: str) -> None:
        """Nobody would be told."""


class Memory:
    """Ids in a file that all processes of one run of Ansible share, and that Ansible removes at its end."""

    def __init__(self, path: str) -> None:
        self._path = path

    def note(self, result: Mapping[str, Any]) -> None:
        """Remember what a task in check mode would have made, a resource or the parts that an import makes, or deleted.

        C(result) is the task's; that of a task which does neither leaves no trace. Where a changed resource does not
        refer to another one any more, its use of that goes; so does a setting that is turned.
        """
        diff = result.get("diff")
        if not (result.get("changed") and result.get("id") and isinstance(diff, dict)):
            return
        goes = result.get("resource") is None and diff.get("before") and not diff.get("after")
        makes = result.get("resource") and (not diff.get("before") or "specification" in (diff.get("after") or ()))
        own = str(result["id"])
        if goes or makes:
            self._write(f"{_GONE if goes else ''}{_plain(own)}")
        if diff.get("before"):
            after = diff.get("after") or {}
            for other in sorted(_ids(diff["before"]) - _ids(after)):
                self.goes(use(other, own))
            for option, value in diff["before"].items():
                if isinstance(value, bool) and isinstance(after.get(option), bool) and after[option] != value:
                    self.goes(setting(own, option, value))

    def goes(self, id: str) -> None:
        """Remember that this was foretold to go."""
        self._write(_GONE + _plain(id))

    def _write(self, line: str) -> None:
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")  # one short write, which no other process can divide

    def covers(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold."""
        return self._has(_plain(id))

    def gone(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold to go."""
        return self._has(_GONE + _plain(id))

    def _has(self, mark: str) -> bool:
        if not os.path.exists(self._path):
            return False
        with open(self._path, encoding="utf-8") as file:
            return any(f"{mark}/".startswith(f"{line.rstrip()}/") for line in file)


def _ids(value: Any) -> set[str]:
    """The ARM ids in a value, at any depth."""
    if isinstance(value, str):
        return {value.casefold()} if value.casefold().startswith("/subscriptions/") else set()
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return set()
    return {id for item in value for id in _ids(item)}


def _plain(id: str) -> str:
    """Ids are not case-sensitive, and an API may be named with its revision or without."""
    return _REVISION.sub("", id.casefold())
