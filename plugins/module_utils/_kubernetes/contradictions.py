# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in an object beside what is applied to it, and contradicts that. Pure: no I/O.

Who applies an object takes away only what was applied before. Fields that somebody else has written, or that the API
server has by default, stay beside the applied ones, and the API server refuses some pairs: a value beside a
C(valueFrom), a rolling update beside the strategy C(Recreate), two handlers of a probe, two ports of one name
(Kubernetes documentation, "Server-Side Apply": merging). What is refused names its fields (C(Status.details.causes)).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

#: Names of fields, and positions in lists.
Path = tuple[Any, ...]

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
#: Reasons that are about what is beside an item in its list: no name, where several items need one, or the same one.
_AMONG_ITEMS = ("FieldValueRequired", "FieldValueDuplicate")
_INDEX = re.compile(r"\[\d+\]")
#: What is about the object as such.
_NOT_DESCRIBED = ("apiVersion", "kind", "metadata", "status")
_FIELD = re.compile(r"(?:\.?[^.\[\]]+|\[\d+\])+")
#: What tells items of lists apart, the first that the described item has (Kubernetes API: listMapKeys, patchMergeKey).
_KEYS = (("port", "protocol"), ("containerPort", "protocol"), ("mountPath",), ("name",), ("ip",), ("topologyKey",))
#: What counts where it is not said (Kubernetes API: ServicePort, ContainerPort).
_DEFAULTS = {"protocol": "TCP"}


def clearing(
    found: Mapping[str, Any], definition: Mapping[str, Any], causes: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A JSON patch that takes away what contradicts the definition, and puts what that describes there; empty for none.

    C(causes): what the API server refuses, of the object with the definition applied to it. Its lists have other
    positions than those of the object that was found, so items are told apart by their keys. Secrets are left alone,
    for the patch has what was found.
    """
    if definition.get("kind") == "Secret":
        return []
    new = copy.deepcopy(dict(found))
    places = [place for steps, about in _refused(causes) for place in _mend(new, definition, steps, about)]
    outer = [place for place in places if not any(place[: len(other)] == other != place for other in places)]
    return [
        operation
        for place in outer
        for operation in (
            {"op": "test", "path": _pointer(place), "value": _at(found, place)},
            {"op": "replace", "path": _pointer(place), "value": _at(new, place)},
        )
    ]


def _refused(causes: Iterable[Mapping[str, Any]]) -> list[tuple[list[str | int], bool]]:
    """The refused fields, and whether they are refused for what other items of their list are.

    Of fields in items of a list, there is one for all items.
    """
    fields: dict[tuple[str, bool], list[str | int]] = {}
    for cause in causes:
        field, among = str(cause.get("field") or ""), cause.get("reason") in _AMONG_ITEMS
        steps = [name or int(index) for name, index in _STEP.findall(field)] if _FIELD.fullmatch(field) else []
        if len(steps) > 1 and steps[0] not in _NOT_DESCRIBED:
            fields.setdefault((_INDEX.sub("[]", field), among), steps)
    return [(steps, among) for (dummy, among), steps in sorted(fields.items(), key=lambda item: item[0][1])]


def _mend(new: Any, described: Any, steps: Sequence[str | int], among: bool, place: Path = ()) -> Iterator[Path]:
    """Change an object where a refused field is; answers the places that are as described now."""
    step, *rest = steps
    if isinstance(step, int):
        if not (isinstance(new, list) and isinstance(described, list)):
            return
        pairs = [(index, item, _counterpart(item, described)) for index, item in enumerate(new)]
        if len(rest) == 1 and among:
            strangers = [item for dummy, item, mine in pairs if mine is None and _offends(item, described, rest[0])]
            if strangers:
                missing = [item for item in described if not any(_counterpart(other, [item]) for other in new)]
                new[:] = [*(item for item in new if item not in strangers), *copy.deepcopy(missing)]
                yield place
            return
        for index, item, mine in pairs:
            if mine is not None and rest:
                yield from _mend(item, mine, rest, among, (*place, index))
    elif isinstance(new, dict) and isinstance(described, Mapping):
        if rest:
            if step in new and step in described:
                yield from _mend(new[step], described[step], rest, among, (*place, step))
        elif _clear(new, described, step):
            new.update(copy.deepcopy(dict(described)))
            yield place


def _clear(new: dict[str, Any], described: Mapping[str, Any], field: str) -> bool:
    """Take the refused field away if it is not described, or else what is beside it; whether there was something.

    Beside a described one, objects and lists go first: what contradicts a handler of a probe is another handler, and no
    number of seconds.
    """
    others = [name for name in new if name not in described]
    if field not in described:
        others = [name for name in others if name == field]
    elif large := [name for name in others if isinstance(new[name], dict | list)]:
        others = large
    for name in others:
        del new[name]
    return bool(others)


def _offends(item: Any, described: Sequence[Any], field: str | int) -> bool:
    """Whether an item of somebody else lacks a field that is needed beside others, or has that of a described one."""
    if not isinstance(item, Mapping):
        return False
    theirs = item.get(str(field))
    return not theirs or any(isinstance(mine, Mapping) and mine.get(str(field)) == theirs for mine in described)


def _counterpart(item: Any, described: Sequence[Any]) -> Any:
    """The described item of the same keys; None if there is none."""
    for mine in described:
        if isinstance(item, Mapping) and isinstance(mine, Mapping):
            keys = next((keys for keys in _KEYS if keys[0] in mine), ())
            if keys and all(_value(item, key) == _value(mine, key) for key in keys):
                return mine
    return None


def _value(item: Mapping[str, Any], key: str) -> Any:
    return item.get(key) or _DEFAULTS.get(key)


def _at(body: Any, place: Path) -> Any:
    for step in place:
        body = body[step]
    return body


def _pointer(place: Path) -> str:
    """As JSON patches name a place (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
