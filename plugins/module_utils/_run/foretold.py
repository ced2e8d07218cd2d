# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode has said will be made, or go, for the tasks after it."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import setting, use

#: Before the id of what goes; before the id, with its revision, of what is made, and of what is made no more; before
#: what a resource takes, as JSON; before the digest of what a task asks of a resource (none of one that was run for
#: real), and its id.
_GONE, _MADE, _UNMADE, _TAKES, _ASKED = "-", "+", "!", "=", "#"
_REVISION = re.compile(r";rev=[^/]*")


class Foretold(Protocol):
    """Remembers what check mode has said will be made, or go."""

    def covers(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold."""

    def gone(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold to go, be it a use or a setting (ids.py)."""

    def goes(self, id: str) -> None:
        """Remember that this was foretold to go, which a task's result does not tell."""

    def made(self, id: str) -> bool:
        """Whether this very resource was foretold to be made, and not to go after that."""

    def takes(self, id: str, values: Mapping[str, Any]) -> None:
        """Remember what this resource will have that no other one beside it may have. C(values): wire JSON."""

    def taken(self, collection: str) -> list[dict[str, Any]]:
        """Wire JSON, with C(id) and C(name), of what the resources of a collection (id) were foretold to take."""

    def body(self, id: str) -> dict[str, Any] | None:
        """Wire JSON of a resource that was foretold to be made, as far as it is remembered. None if it was not."""


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

    def made(self, id: str) -> bool:
        """Nothing is known to be made."""
        return False

    def takes(self, id: str, values: Mapping[str, Any]) -> None:
        """Nobody would be told."""

    def taken(self, collection: str) -> list[dict[str, Any]]:
        """Nothing is known to be taken."""
        return []

    def body(self, id: str) -> dict[str, Any] | None:
        """Nothing is known to be made."""
        return None


class Memory:
    """Ids in a file that all processes of one run of Ansible share, and that Ansible removes at its end.

    Of what resources will be, only that is in it which no two may have alike, and never a secret.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def told(self, result: Mapping[str, Any], digest: str) -> dict[str, Any]:
        """The result of a task in check mode as C(once) has it, and remembered as C(note) does, in one step.

        The same task of another host may end at the same moment.
        """
        with open(self._path, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            said = self.once(result, digest)
            self.note(said)
        return said

    def once(self, result: Mapping[str, Any], digest: str) -> dict[str, Any]:
        """The result of a task in check mode, unchanged if the task before it at this resource asked for the same.

        C(digest) stands for the module and its arguments. What that one has foretold is so for this one. What an
        earlier task has foretold to go goes once.
        """
        if not (result.get("changed") and result.get("id")):
            return dict(result)
        id = str(result["id"]).casefold()
        if not (self._asked(id, digest) if result.get("resource") else self._deleted(id)):
            return dict(result)
        diff = result.get("diff")
        same = {"before": diff["after"], "after": diff["after"]} if isinstance(diff, dict) and "after" in diff else diff
        return {**result, "changed": False, "diff": same}

    def _asked(self, id: str, digest: str) -> bool:
        """Whether the last task at this resource asked for the same, and it was not foretold to go after that.

        From now on, this task is the last one.
        """
        last = ""
        for line in self._lines():
            if line[:1] == _ASKED and line.endswith(f" {id}"):
                last = line[1:].partition(" ")[0]
            elif line[:1] == _UNMADE and _within(id, line[1:]):
                last = ""
        if last != digest:
            self._write(f"{_ASKED}{digest} {id}")
        return last == digest

    def _deleted(self, id: str) -> bool:
        """Whether this, or what it is in, was foretold to go, and no task has asked for it after that."""
        gone = False
        for line in self._lines():
            if line[:1] == _UNMADE and _within(id, line[1:]):
                gone = True
            elif line[:1] == _ASKED and _within(id, line.partition(" ")[2]):
                gone = False
        return gone

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
            self._write(f"{_UNMADE if goes else _MADE}{own.casefold()}")
        if diff.get("before"):
            after = diff.get("after") or {}
            for other in sorted(_ids(diff["before"]) - _ids(after)):
                self.goes(use(other, own))
            for option, value in diff["before"].items():
                if isinstance(value, bool) and isinstance(after.get(option), bool) and after[option] != value:
                    self.goes(setting(own, option, value))

    def settle(self, result: Mapping[str, Any]) -> None:
        """Take in that a task was run for real: what was foretold of its resource before is so, or is not."""
        id = str(result.get("id") or "").casefold()
        if id and (self.made(id) or self._deleted(id)):
            self._write(_UNMADE + id)
            self._write(f"{_ASKED} {id}")

    def goes(self, id: str) -> None:
        """Remember that this was foretold to go."""
        self._write(_GONE + _plain(id))

    def _write(self, line: str) -> None:
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")  # one short write, which no other process can divide

    def covers(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold, and not to go after that."""
        known, mark = False, _plain(id)
        for line in self._lines():
            if _within(mark, line):
                known = True
            elif line[:1] == _UNMADE and _within(mark, line[1:]):
                known = False
        return known

    def gone(self, id: str) -> bool:
        """Whether this, or something that it is in, was foretold to go."""
        return any(_within(_GONE + _plain(id), line) for line in self._lines())

    def made(self, id: str) -> bool:
        """Whether this very resource was foretold to be made, and neither it nor what it is in to go after that."""
        known, mark = False, id.casefold()
        for line in self._lines():
            if line[:1] == _MADE and line[1:] == mark:
                known = True
            elif line[:1] == _UNMADE and _within(mark, line[1:]):
                known = False
        return known

    def takes(self, id: str, values: Mapping[str, Any]) -> None:
        """Remember what this resource will have that no other one beside it may have."""
        self._write(_TAKES + json.dumps({**values, "id": id}))

    def taken(self, collection: str) -> list[dict[str, Any]]:
        """What the resources of a collection will have, each as it was foretold at last."""
        found: dict[str, dict[str, Any]] = {}
        for line in self._lines():
            if line[:1] != _TAKES:
                continue
            values = json.loads(line[1:])
            above, dummy, name = str(values["id"]).rpartition("/")
            if above.casefold() == collection.casefold():
                item = found.setdefault(name.casefold(), {"properties": {}})
                properties = {**item["properties"], **values.pop("properties", {})}
                item.update({**values, "name": name, "properties": properties})
        return list(found.values())

    def body(self, id: str) -> dict[str, Any] | None:
        """Wire JSON of a resource that was foretold to be made and not to go, as far as it is remembered."""
        if not self.made(id):
            return None
        above, dummy, name = id.rpartition("/")
        return next((item for item in self.taken(above) if item["name"].casefold() == name.casefold()), None)

    def _lines(self) -> list[str]:
        if not os.path.exists(self._path):
            return []
        with open(self._path, encoding="utf-8") as file:
            return file.read().splitlines()


def _ids(value: Any) -> set[str]:
    """The ARM ids in a value, at any depth."""
    if isinstance(value, str):
        return {value.casefold()} if value.casefold().startswith("/subscriptions/") else set()
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return set()
    return {id for item in value for id in _ids(item)}


def _within(id: str, other: str) -> bool:
    """Whether an id is the other one, or that of something in it."""
    return f"{id}/".startswith(f"{other}/")


def _plain(id: str) -> str:
    """Ids are not case-sensitive, and an API may be named with its revision or without."""
    return _REVISION.sub("", id.casefold())
