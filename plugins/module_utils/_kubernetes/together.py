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
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

#: Names of fields, and positions in lists.
Path = tuple[Any, ...]

#: What is about the object as such.
NOT_DESCRIBED = ("apiVersion", "kind", "metadata", "status")
#: What tells items of lists apart, the first that the described item has (Kubernetes API: listMapKeys, patchMergeKey).
_KEYS = (("port", "protocol"), ("containerPort", "protocol"), ("mountPath",), ("name",), ("ip",), ("topologyKey",))
#: What counts where it is not said (Kubernetes API: ServicePort, ContainerPort).
_DEFAULTS = {"protocol": "TCP"}


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
        self.body: dict[str, Any] = {**about, **self._both(rest, described, (), ())}

    def place(self, path: Path) -> Path | None:
        """Where a part of the object that was found is in C(body); None if it is not there."""
        return self._places.get(path)

    def _both(self, found: Any, described: Any, path: Path, place: Path) -> Any:
        if isinstance(found, Mapping) and isinstance(described, Mapping):
            body = {}
            for name, value in found.items():
                if (*path, name) not in self._without:
                    body[name] = self._part(
                        value, described.get(name), name in described, (*path, name), (*place, name)
                    )
            return {**body, **{name: copy.deepcopy(value) for name, value in described.items() if name not in found}}
        if isinstance(found, list) and isinstance(described, list) and _is_keyed(described):
            items: list[Any] = []
            for index, item in enumerate(found):
                if (*path, index) not in self._without:
                    mine = counterpart(item, described)
                    at = (*place, len(items))
                    items.append(self._part(item, mine, mine is not None, (*path, index), at))
            return items + [copy.deepcopy(mine) for mine in described if not _has(found, mine)]
        return copy.deepcopy(described)

    def _part(self, value: Any, described: Any, is_described: bool, path: Path, place: Path) -> Any:
        if is_described:
            self._places[path] = place
            return self._both(value, described, path, place)
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
    own: dict[str, Any] = {}
    others = []
    for entry in (found.get("metadata") or {}).get("managedFields") or ():
        if entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource"):
            own = entry.get("fieldsV1") or {}
        else:
            others.append(entry.get("fieldsV1") or {})
    own = {key: value for key, value in own.items() if key.removeprefix("f:") not in NOT_DESCRIBED}
    return set(_given_up(own, others, found, definition, ()))


def _given_up(own: Any, others: Sequence[Any], found: Any, described: Any, path: Path) -> Iterator[Path]:
    for key, inner in own.items():
        step = _step(key, found)
        if step is None:
            continue
        theirs = [other[key] for other in others if key in other]
        mine = described.get(step) if isinstance(described, Mapping) else None
        if isinstance(step, int):
            mine = counterpart(found[step], described) if isinstance(described, list) else None
        if mine is None and not theirs:
            yield (*path, step)
        else:
            yield from _given_up(inner, theirs, found[step], mine, (*path, step))


def _step(key: str, value: Any) -> str | int | None:
    """The name or the position that a key of FieldsV1 stands for; None for others, and for what is not there."""
    kind, dummy, rest = key.partition(":")
    if kind == "f" and isinstance(value, Mapping) and rest in value:
        return rest
    if kind == "k" and isinstance(value, list):
        keys = json.loads(rest)
        places = [
            index
            for index, item in enumerate(value)
            if isinstance(item, Mapping) and all(_value(item, name) == keys[name] for name in keys)
        ]
        return places[0] if places else None
    return None


def counterpart(item: Any, described: Sequence[Any]) -> Any:
    """The described item of the same keys; None if there is none."""
    for mine in described:
        if (
            isinstance(item, Mapping)
            and (keys := _keys(mine))
            and all(_value(item, key) == _value(mine, key) for key in keys)
        ):
            return mine
    return None


def _has(found: Sequence[Any], mine: Any) -> bool:
    return any(counterpart(item, [mine]) is not None for item in found)


def _is_keyed(described: Sequence[Any]) -> bool:
    return bool(described) and all(_keys(item) for item in described)


def _keys(item: Any) -> tuple[str, ...]:
    return next((keys for keys in _KEYS if keys[0] in item), ()) if isinstance(item, Mapping) else ()


def _value(item: Mapping[str, Any], key: str) -> Any:
    return item.get(key) or _DEFAULTS.get(key)
