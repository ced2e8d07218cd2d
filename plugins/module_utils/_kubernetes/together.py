# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An object together with a definition that is applied to it, as far as that can be told without the API server.

Who applies an object takes away only what was applied before. Fields that somebody else has written, or that the API
server has by default, stay beside the applied ones (Kubernetes documentation, "Server-Side Apply": merging). Pure: no
I/O.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.field_sets import (
    Fields,
    Path,
    inside,
    inside_items,
    key_names,
    key_value,
    own_and_others,
    sets_of,
    step_of,
    usual_keys,
)

#: What is about the object as such.
NOT_DESCRIBED = ("apiVersion", "kind", "metadata", "status")


class Together:
    """C(body): the object that was found, without some of its parts, with the definition applied to it.

    C(without): paths of parts of the object that was found. C(strangers): the paths of all its other parts that are not
    described, each as large as can be, and where they are in C(body).
    """

    def __init__(self, found: Mapping[str, Any], definition: Mapping[str, Any], without: Collection[Path]) -> None:
        self._without = frozenset(without)
        self._places: dict[Path, Path] = {(): ()}
        self.strangers: dict[Path, Path] = {}
        about = {name: found[name] for name in found if name in NOT_DESCRIBED}
        described = {name: value for name, value in definition.items() if name not in NOT_DESCRIBED}
        rest = {name: value for name, value in found.items() if name not in NOT_DESCRIBED}
        self.body: dict[str, Any] = {**about, **self._both(rest, described, (), (), sets_of(found))}

    def place(self, path: Path) -> Path | None:
        """Where a part of the object that was found is in C(body); None if it is not there."""
        return self._places.get(path)

    def _both(self, found: Any, described: Any, path: Path, place: Path, sets: Sequence[Fields]) -> Any:
        if isinstance(found, Mapping) and isinstance(described, Mapping):
            body = {}
            for name, value in found.items():
                if (*path, name) not in self._without:
                    mine, inner = described.get(name), inside(sets, f"f:{name}")
                    body[name] = self._part(value, mine, name in described, (*path, name), (*place, name), inner)
            return {**body, **{name: copy.deepcopy(value) for name, value in described.items() if name not in found}}
        names = key_names(sets)
        if isinstance(found, list) and isinstance(described, list) and _is_keyed(described, names):
            items: list[Any] = []
            owned = inside_items(sets, found)
            for index, item in enumerate(found):
                if (*path, index) not in self._without:
                    mine = counterpart(item, described, names)
                    at = (*place, len(items))
                    inner = owned.get(index, [])
                    items.append(self._part(item, mine, mine is not None, (*path, index), at, inner))
            return items + [copy.deepcopy(mine) for mine in described if not _has(found, mine, names)]
        return copy.deepcopy(described)

    def _part(
        self, value: Any, described: Any, is_described: bool, path: Path, place: Path, sets: Sequence[Fields]
    ) -> Any:
        if is_described:
            self._places[path] = place
            return self._both(value, described, path, place, sets)
        self.strangers[path] = place
        return self._kept(value, path, place)

    def _kept(self, value: Any, path: Path, place: Path) -> Any:
        """What nobody describes, without the parts that are to go."""
        self._places[path] = place
        if isinstance(value, Mapping):
            return {
                name: self._kept(item, (*path, name), (*place, name))
                for name, item in value.items()
                if (*path, name) not in self._without
            }
        if isinstance(value, list):
            items: list[Any] = []
            for index, item in enumerate(value):
                if (*path, index) not in self._without:
                    items.append(self._kept(item, (*path, index), (*place, len(items))))
            return items
        return value


def applied_before(found: Mapping[str, Any], definition: Mapping[str, Any], manager: str) -> set[Path]:
    """Parts of an object that go when the manager applies the definition: of those it has, what is not described now.

    What others have, too, stays (Kubernetes documentation, "Server-Side Apply": field management).
    """
    own, others = own_and_others(found, manager)
    own = {key: value for key, value in own.items() if key.removeprefix("f:") not in NOT_DESCRIBED}
    return set(_given_up(own, others, found, definition, ()))


def _given_up(own: Any, others: Sequence[Any], found: Any, described: Any, path: Path) -> Iterator[Path]:
    for key, inner in own.items():
        step = step_of(key, found)
        if step is None:
            continue
        theirs = inside(others, key)
        mine = described.get(step) if isinstance(described, Mapping) else None
        if isinstance(step, int):
            mine = counterpart(found[step], described, key_names([own])) if isinstance(described, list) else None
        if mine is None and not theirs:
            yield (*path, step)
        else:
            yield from _given_up(inner, theirs, found[step], mine, (*path, step))


def counterpart(item: Any, described: Sequence[Any], names: tuple[str, ...] | None) -> Any:
    """The described item of the same keys; None if there is none. C(names) of the keys are None if nobody knows."""
    for mine in described:
        keys = usual_keys(mine) if names is None else names
        if keys and isinstance(item, Mapping) and all(key_value(item, key) == key_value(mine, key) for key in keys):
            return mine
    return None


def _has(found: Sequence[Any], mine: Any, names: tuple[str, ...] | None) -> bool:
    return any(counterpart(item, [mine], names) is not None for item in found)


def _is_keyed(described: Sequence[Any], names: tuple[str, ...] | None) -> bool:
    """Whether the items of a list have keys. Who describes one without them replaces the whole list."""
    if names is None:
        return bool(described) and all(usual_keys(item) for item in described)
    return bool(names) and all(
        isinstance(item, Mapping) and all(key_value(item, name) is not None for name in names) for item in described
    )
