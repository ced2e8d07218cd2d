# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the parts of an object are, as C(metadata.managedFields) tells, and how they become somebody else's.

A set of fields (FieldsV1) has C(f:NAME) for a field, C(k:{...}) for the item of a list with these keys, and C(.) for
what it is in itself (Kubernetes API, meta/v1 FieldsV1; structured-merge-diff, fieldpath). Pure: no I/O.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Names of fields, and positions in lists.
Path = tuple[Any, ...]
Fields = Mapping[str, Any]
Patch = list[dict[str, Any]]

#: What tells items of lists apart, the first that the described item has (Kubernetes API: listMapKeys, patchMergeKey).
_KEYS = (("port", "protocol"), ("containerPort", "protocol"), ("mountPath",), ("name",), ("ip",), ("topologyKey",))
#: What counts where it is not said (Kubernetes API: ServicePort, ContainerPort).
_DEFAULTS = {"protocol": "TCP"}


def sets_of(found: Mapping[str, Any]) -> list[Fields]:
    """The fields of each owner."""
    return [entry.get("fieldsV1") or {} for entry in _entries(found)]


def inside(sets: Iterable[Fields], key: str) -> list[Fields]:
    """What each owner has inside of a field or an item."""
    return [one[key] for one in sets if key in one]


def inside_items(sets: Iterable[Fields], items: Sequence[Any]) -> dict[int, list[Fields]]:
    """What each owner has inside of the items of a list, by their positions."""
    found: dict[int, list[Fields]] = {}
    for one in sets:
        for key, inner in one.items():
            position = step_of(key, items)
            if isinstance(position, int):
                found.setdefault(position, []).append(inner)
    return found


def key_names(sets: Sequence[Fields]) -> tuple[str, ...] | None:
    """What tells the items of a list apart, as the owners of the list know; None if it has none.

    Empty for a list that is somebody's as a whole.
    """
    keys = [key for one in sets for key in one]
    known = next((key for key in keys if key.startswith("k:")), None)
    if known is not None:
        return tuple(json.loads(known.removeprefix("k:")))
    return () if sets else None


def usual_keys(item: Any) -> tuple[str, ...]:
    """What tells this item apart, as lists of Kubernetes have it; empty if it is of none that has keys."""
    return next((keys for keys in _KEYS if keys[0] in item), ()) if isinstance(item, Mapping) else ()


def key_value(item: Mapping[str, Any], name: str) -> Any:
    """What an item has as one of its keys; None if it has nothing."""
    return item.get(name) or _DEFAULTS.get(name)


def step_of(key: str, value: Any) -> str | int | None:
    """The name or the position that a key of FieldsV1 stands for; None for others, and for what is not there."""
    kind, dummy, rest = key.partition(":")
    if kind == "f" and isinstance(value, Mapping) and rest in value:
        return rest
    if kind == "k" and isinstance(value, list):
        keys = json.loads(rest)
        same = (index for index, item in enumerate(value) if isinstance(item, Mapping) and _has(item, keys))
        return next(same, None)
    return None


def handing_over(found: Mapping[str, Any], paths: Sequence[Path], manager: str, *, secret: bool = False) -> Patch:
    """A JSON patch after which parts of an object are of nobody but the manager, which has applied them.

    They stay as they are, until the manager applies something without them; what becomes of the object then, it does in
    one step. The patch fails if somebody has changed these parts, or whose they are, in between. It is empty if there
    is no way to name one of them, or the manager has applied the object in another version of the API. If the object is
    C(secret), the patch has no contents, and does not fail for these, either; who changes them has them from then on.
    """
    version = str(found.get("apiVersion"))
    entries = _entries(found)
    named = [_keys_to(found, path) for path in paths]
    keys = [item for item in named if item is not None]
    own = [entry for entry in entries if _is_own(entry, manager)]
    if len(keys) < len(paths) or any(entry.get("apiVersion", version) != version for entry in own):
        return []
    tested = () if secret else paths
    operations = [{"op": "test", "path": pointer(path), "value": part(found, path)} for path in tested]
    for index, entry in reversed(list(enumerate(entries))):
        before = entry.get("fieldsV1") or {}
        after = before
        for steps in keys:
            after = _with(after, steps) if entry in own else _without(after, steps)
        if after == before:
            continue
        at = f"/metadata/managedFields/{index}"
        # Others write at the same time: a controller the status, for one. Only these entries must be as they were seen.
        operations += [{"op": "test", "path": f"{at}/{name}", "value": entry[name]} for name in _SEEN if name in entry]
        changed = {"op": "replace", "path": f"{at}/fieldsV1", "value": after}
        operations.append(changed if after else {"op": "remove", "path": at})
    if not own:
        fields: Fields = {}
        for steps in keys:
            fields = _with(fields, steps)
        new = {"manager": manager, "operation": "Apply", "apiVersion": version, "fieldsType": "FieldsV1"}
        end, value = ("/-", {**new, "fieldsV1": fields}) if entries else ("", [{**new, "fieldsV1": fields}])
        operations.append({"op": "add", "path": f"/metadata/managedFields{end}", "value": value})
    return operations


_SEEN = ("manager", "operation", "fieldsV1")


def part(body: Any, path: Path) -> Any:
    """The part of an object at a path; None if there is none."""
    for step in path:
        if isinstance(body, Mapping):
            body = body.get(step)
        else:
            body = body[step] if isinstance(body, list) and step < len(body) else None
    return body


def parts(found: Mapping[str, Any], path: Path) -> list[Path]:
    """The paths of what is in a part of an object and can be somebody's alone."""
    value, sets = part(found, path), sets_of(found)
    for key in _keys_to(found, path) or ():
        sets = inside(sets, key)
    if sets and not any(sets):  # everybody has it as a whole
        return []
    if isinstance(value, Mapping):
        return [(*path, name) for name in value]
    items = [(*path, index) for index in range(len(value))] if isinstance(value, list) else []
    return items if all(_keys_to(found, item) for item in items) else []


def pointer(path: Path) -> str:
    """As JSON patches name a place (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def own_and_others(found: Mapping[str, Any], manager: str) -> tuple[Fields, list[Fields]]:
    """The fields that the manager has applied, and those of everybody else."""
    own = [entry.get("fieldsV1") or {} for entry in _entries(found) if _is_own(entry, manager)]
    others = [entry.get("fieldsV1") or {} for entry in _entries(found) if not _is_own(entry, manager)]
    return own[0] if own else {}, others


def _entries(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((found.get("metadata") or {}).get("managedFields") or ())


def _is_own(entry: Mapping[str, Any], manager: str) -> bool:
    return entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource")


def _has(item: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    return all(key_value(item, name) == keys[name] for name in keys)


def _keys_to(found: Mapping[str, Any], path: Path) -> list[str] | None:
    """The keys of FieldsV1 on the way to a part of an object; None if an item on it has none."""
    value: Any = found
    sets, keys = sets_of(found), list[str]()
    for step in path:
        key = f"f:{step}"
        if isinstance(value, list):
            names = key_names(sets)
            names = usual_keys(value[step]) if names is None else names
            if not names:
                return None
            wanted = {name: key_value(value[step], name) for name in names}
            # As API servers write it.
            key = f"k:{json.dumps(wanted, sort_keys=True, separators=(',', ':'), ensure_ascii=False)}"
        keys.append(key)
        sets = inside(sets, key)
        value = value[step]
    return keys


def _with(fields: Fields, steps: Sequence[str]) -> Fields:
    """The fields with one more."""
    key, *rest = steps
    inner = fields.get(key)
    if rest:
        # An empty set stands for the field itself, without anything in it.
        return {**fields, key: _with({".": {}} if inner == {} else inner or {}, rest)}
    return {**fields, key: {".": {}, **inner} if inner else {}}


def _without(fields: Fields, steps: Sequence[str]) -> Fields:
    """The fields without one of them, and all in it."""
    key, *rest = steps
    if not fields.get(key) and rest:
        return fields
    left = _without(fields[key], rest) if rest else {}
    others = {name: inner for name, inner in fields.items() if name != key}
    return {**others, key: left} if left else others
