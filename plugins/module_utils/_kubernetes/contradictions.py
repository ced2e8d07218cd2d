# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in an object beside what is applied to it, and contradicts that.

The API server refuses some pairs of fields: a value beside a C(valueFrom), a rolling update beside the strategy
C(Recreate), two handlers of a probe, two ports of one name. What it refuses it names (C(Status.details.causes)), which
need not be what is in the way. So it is asked what it would say without this or that of what nobody describes, the
nearest first, until as little as possible is found that has to go. Pure: who calls this brings who is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.together import (
    NOT_DESCRIBED,
    Path,
    Together,
    applied_before,
)

Patch = list[dict[str, Any]]
Causes = Sequence[Mapping[str, Any]]


class Answer(NamedTuple):
    """What an API server would make of an object with a JSON patch: C(body), or None and why it refuses that.

    C(causes) is None, too, where it does not tell.
    """

    body: Mapping[str, Any] | None
    causes: Causes | None


Ask = Callable[[Patch], Answer]

#: How often the API server is asked about one object, at most.
MOST_QUESTIONS = 80
#: No part of an object would help if it went.
_UNCHANGEABLE = "field is immutable"
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")


def clearing(found: Mapping[str, Any], definition: Mapping[str, Any], manager: str, causes: Causes, ask: Ask) -> Patch:
    """A JSON patch after which the manager can apply the definition; empty if there is none.

    It takes away what contradicts the definition and nothing else. Only where the object can't be without what goes, it
    puts there what is described. C(causes): why the API server refuses the definition now. Secrets are left alone, for
    the patch has what was found.
    """
    hopeless = any(_UNCHANGEABLE in str(cause.get("message")) for cause in causes)
    if definition.get("kind") == "Secret" or hopeless or not causes:
        return []
    return _Search(found, definition, manager, ask).patch()


class _Search:
    """The search for what has to go from one object. C(away) are paths of parts of it that go."""

    def __init__(self, found: Mapping[str, Any], definition: Mapping[str, Any], manager: str, ask: Ask) -> None:
        self._found = found
        self._definition = definition
        self._ask = ask
        self._left = MOST_QUESTIONS
        self._going = applied_before(found, definition, manager)

    def patch(self) -> Patch:
        """The patch; empty if nothing helps."""
        away: list[Path] = []
        causes = self._refusals(away)
        while causes:
            better = self._better(away, causes)
            if better is None:
                return []
            away, causes = better
        return self._smallest(self._needed(away)) if away and causes is not None else []

    def _better(self, away: list[Path], causes: Causes) -> tuple[list[Path], Causes] | None:
        """One part more that goes, so that what is refused first is not refused any more, and no more than before."""
        before = Counter(map(_kind, causes))
        for path in self._nearest(away, causes[0]):
            told = self._refusals([*away, path])
            if told is None or len(told) > len(causes):
                continue
            if Counter(map(_kind, told))[_kind(causes[0])] < before[_kind(causes[0])]:
                return [*away, path], told
        return None

    def _nearest(self, away: Sequence[Path], cause: Mapping[str, Any]) -> list[Path]:
        """What nobody describes, the nearest to what is refused first."""
        steps = [name or index for name, index in _STEP.findall(str(cause.get("field") or ""))]
        strangers = self._together(away).strangers
        return sorted(strangers, key=lambda path: (-_in_common(strangers[path], steps), len(path)))

    def _needed(self, away: Sequence[Path]) -> list[Path]:
        """As little of these parts as has to go: none that can stay, and inner parts instead of outer ones."""
        needed: list[Path] = []
        waiting = list(away)
        while waiting:
            path, *waiting = waiting
            if self._is_taken([*needed, *waiting]):
                continue
            inner = [(*path, step) for step in _steps_into(_at(self._found, path))]
            alone = next((one for one in inner if self._is_taken([*needed, *waiting, one])), None)
            if alone is not None:
                waiting = [alone, *waiting]
            elif len(inner) > 1 and self._is_taken([*needed, *waiting, *inner]):
                waiting = [*inner, *waiting]
            else:
                needed.append(path)
        return needed

    def _smallest(self, away: Sequence[Path]) -> Patch:
        """The patch by which these parts go: it takes them away, if the API server lets an object be without them.

        Else it puts in place of what they are in what is described there; or of all, if nothing less can be had.
        """
        removal = [operation for path in sorted(away, reverse=True) for operation in _removal(self._found, path)]
        body = self._ask(removal).body
        # By default the API server may put something there, which is in the way as well.
        if body is not None and _described_part(body) == _described_part(Together(self._found, {}, away).body):
            return removal
        together = self._together(away)
        around = sorted({path[:-1] or path for path in away}, key=len)
        outer = [path for path in around if not any(path[: len(other)] == other != path for other in around)]
        narrow = [operation for path in outer for operation in _exchange(self._found, together, path)]
        return narrow if self._ask(narrow).body is not None else self._whole(away)

    def _refusals(self, away: Sequence[Path]) -> Causes | None:
        """Why the definition would be refused if these parts went; None if nobody tells."""
        if not self._left:
            return None
        self._left -= 1
        return self._ask(self._whole(away)).causes

    def _is_taken(self, away: Sequence[Path]) -> bool:
        causes = self._refusals(away)
        return causes is not None and not causes

    def _whole(self, away: Sequence[Path]) -> Patch:
        """The patch that makes of the object, without these parts, what the definition makes of it."""
        together = self._together(away)
        names = [name for name in {**self._found, **together.body} if name not in NOT_DESCRIBED]
        return [operation for name in names for operation in _exchange(self._found, together, (name,))]

    def _together(self, away: Sequence[Path]) -> Together:
        return Together(self._found, self._definition, self._going.union(away))


def _kind(cause: Mapping[str, Any]) -> tuple[str, str]:
    """The refused field, of whatever item of a list, and the reason."""
    return re.sub(r"\[\d+\]", "[]", str(cause.get("field"))), str(cause.get("reason"))


def _in_common(place: Path, steps: Sequence[str]) -> int:
    """How many steps two places have in common. The API server does not write all names as they are in objects."""
    both = zip(map(str, place), steps, strict=False)
    differing = (index for index, (one, other) in enumerate(both) if one.lower() != other.lower())
    return next(differing, min(len(place), len(steps)))


def _exchange(found: Mapping[str, Any], together: Together, path: Path) -> Patch:
    """The operations by which a part of the object becomes what it is together with the definition."""
    place, old = together.place(path), _at(found, path)
    if old is None:  # only at the top is there a part of the definition that the object has nothing of
        return [{"op": "add", "path": _pointer(path), "value": together.body[path[0]]}]
    if place is None:
        return _removal(found, path)
    new = _at(together.body, place)
    return [] if new == old else [_test(found, path), {"op": "replace", "path": _pointer(path), "value": new}]


def _removal(found: Mapping[str, Any], path: Path) -> Patch:
    return [_test(found, path), {"op": "remove", "path": _pointer(path)}]


def _test(found: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Others write at the same time: what goes must be as it was seen."""
    return {"op": "test", "path": _pointer(path), "value": _at(found, path)}


def _described_part(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in NOT_DESCRIBED}


def _steps_into(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def _at(body: Any, path: Path) -> Any:
    """The part of an object at a path; None if there is none."""
    for step in path:
        if isinstance(body, Mapping):
            body = body.get(step)
        else:
            body = body[step] if isinstance(body, list) and step < len(body) else None
    return body


def _pointer(path: Path) -> str:
    """As JSON patches name a place (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
