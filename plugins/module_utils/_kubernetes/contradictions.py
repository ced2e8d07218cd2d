# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in an object beside what is applied to it, and contradicts that.

The API server refuses some pairs of fields: a value beside a C(valueFrom), a rolling update beside the strategy
C(Recreate), two handlers of a probe, two ports of one name. What it refuses it names (C(Status.details.causes)), which
need not be what is in the way. So it is asked what it would say without this or that of what nobody describes, the
nearest first, until as little as possible is found that has to go. That becomes the manager's own: then it goes with
the very request that applies the definition. Pure: who calls this brings who is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import STEP, UNCHANGEABLE
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.field_sets import (
    Patch,
    Path,
    handing_over,
    part,
    parts,
    pointer,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.together import (
    NOT_DESCRIBED,
    Together,
    applied_before,
)

Causes = Sequence[Mapping[str, Any]]


class Answer(NamedTuple):
    """What an API server would make of an object: C(body), or None and why it refuses that.

    C(causes) is None, too, where it does not tell.
    """

    body: Mapping[str, Any] | None
    causes: Causes | None


#: Asks about the object with a JSON patch.
Ask = Callable[[Patch], Answer]
#: Asks about another object with the same contents.
AskAnew = Callable[[], Answer]


class Mending(NamedTuple):
    """JSON patches; both are empty if nothing helps.

    After C(patch) the manager can apply the definition. C(rehearsal) makes of the object at once what it is after that.
    """

    patch: Patch
    rehearsal: Patch


#: How often the API server is asked about one object, at most.
MOST_QUESTIONS = 200


def clearing(
    found: Mapping[str, Any],
    definition: Mapping[str, Any],
    manager: str,
    causes: Causes,
    ask: Ask,
    anew: AskAnew,
    unwanted: Sequence[Path] = (),
) -> Mending:
    """How the manager can apply the definition though there is in the object what contradicts it.

    The contents stay as they are; but what contradicts the definition, and nothing else, becomes the manager's own, so
    that it goes when the definition is applied. C(causes): why the API server refuses the definition now. What it
    refuses without the definition, too, does not contradict that. Secrets are left alone, for the patches have what was
    found. What is C(unwanted) goes as well.
    """
    hopeless = any(UNCHANGEABLE.search(str(cause.get("message"))) for cause in causes)
    if definition.get("kind") == "Secret" or hopeless or not causes:
        return Mending([], [])
    refused = set(map(_kind, causes))
    # An API server lets custom resources be as they are, though their kind has other rules by now, until they change.
    if refused.intersection(map(_kind, ask([]).causes or ())) or refused.intersection(map(_kind, anew().causes or ())):
        return Mending([], [])
    return _Search(found, definition, manager, ask, unwanted).mending()


def removing(
    found: Mapping[str, Any], definition: Mapping[str, Any], manager: str, unwanted: Sequence[Path]
) -> Mending:
    """How the manager can apply the definition so that parts of the object go that the API server would let stay.

    Of a Secret, the patches have nothing of what is in it.
    """
    if not unwanted:
        return Mending([], [])
    if definition.get("kind") == "Secret":
        return Mending(handing_over(found, unwanted, manager, secret=True), _removals(unwanted))
    together = Together(found, definition, applied_before(found, definition, manager).union(unwanted))
    return Mending(handing_over(found, unwanted, manager), _exchanges(found, together) + _removals(_about(unwanted)))


def _about(paths: Sequence[Path]) -> list[Path]:
    """Those of the parts of an object that are about it as such."""
    return [path for path in paths if path[0] in NOT_DESCRIBED]


def _removals(paths: Sequence[Path]) -> Patch:
    return [{"op": "remove", "path": pointer(path)} for path in paths]


class _Search:
    """The search for what has to go from one object. C(away) are paths of parts of it that go."""

    def __init__(
        self,
        found: Mapping[str, Any],
        definition: Mapping[str, Any],
        manager: str,
        ask: Ask,
        unwanted: Sequence[Path],
    ) -> None:
        self._unwanted = unwanted
        self._found = found
        self._definition = definition
        self._manager = manager
        self._ask = ask
        self._left = MOST_QUESTIONS
        self._going = applied_before(found, definition, manager).union(unwanted)
        self._alike: list[list[Path]] = []

    def mending(self) -> Mending:
        """The patches."""
        away: list[Path] = []
        causes = self._refusals(away)
        while causes:
            better = self._all_alike(away, causes) or self._better(away, causes)
            if better is None:
                return Mending([], [])
            away, causes = better
        if causes is None or not (away or self._unwanted):
            return Mending([], [])
        needed = self._needed(away)
        # Without an answer, what goes may be more than has to.
        patch = handing_over(self._found, [*needed, *self._unwanted], self._manager) if self._left else []
        body = self._ask(patch).body if patch else None
        if body is None:
            return Mending([], [])
        # What is whose may be more than what has to go: an API server knows fields that are somebody's as a whole.
        gone = applied_before(body, self._definition, self._manager)
        is_enough = all(any(path[: len(one)] == one for one in gone) for path in needed)
        is_more = not all(_is_made_of(self._found, path, self._going.union(needed)) for path in gone)
        rehearsal = self._whole(gone) + _removals(_about(self._unwanted))
        return Mending(patch, rehearsal) if is_enough and not is_more else Mending([], [])

    def _all_alike(self, away: list[Path], causes: Causes) -> tuple[list[Path], Causes] | None:
        """What is beside each of the fields that are refused for the same reason, if none is refused without that."""
        alike = [cause for cause in causes if _kind(cause) == _kind(causes[0])]
        strangers = self._together(away).strangers
        beside = [_beside(strangers, _steps(cause)) for cause in alike]
        several = [path for path in beside if path is not None]
        if len(alike) < 2 or len({path[:-1] for path in several}) < len(alike):
            return None
        told = self._refusals([*away, *several])
        if told is None or len(told) > len(causes) - len(alike) or _kind(causes[0]) in map(_kind, told):
            return None
        self._alike.append(several)
        return [*away, *several], told

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
        strangers, steps = self._together(away).strangers, _steps(cause)
        return sorted(strangers, key=lambda path: (-_in_common(strangers[path], steps), len(path)))

    def _needed(self, away: Sequence[Path]) -> list[Path]:
        """As little of these parts as has to go: none that can stay, and inner parts instead of outer ones."""
        needed = self._needed_alike(away)
        waiting = [path for path in away if path not in needed]
        sure = {path for several in self._alike for path in several}
        while waiting:
            path, *waiting = waiting
            if path not in sure and self._is_taken([*needed, *waiting]):
                continue
            inner = parts(self._found, path)
            alone = next((one for one in inner if self._is_taken([*needed, *waiting, one])), None)
            if alone is not None:
                waiting = [alone, *waiting]
            elif len(inner) > 1 and self._is_taken([*needed, *waiting, *inner]):
                waiting = [*inner, *waiting]
            else:
                needed.append(path)
        return needed

    def _needed_alike(self, away: Sequence[Path]) -> list[Path]:
        """Those of many for the same reason of which nothing can stay. They have the same in them, if anything."""
        needed: list[Path] = []
        for several in self._alike:
            contents = [parts(self._found, path) for path in several]
            inner = [path for some in contents for path in some]
            is_same = len({tuple(path[-1] for path in some) for some in contents}) == 1 and len(contents[0]) < 2
            others = [path for path in away if path not in several]
            if is_same and not (inner and self._is_taken([*others, *inner])):
                needed += several
        return needed

    def _refusals(self, away: Sequence[Path]) -> Causes | None:
        """Why the definition would be refused if these parts went; None if nobody tells."""
        if not self._left:
            return None
        self._left -= 1
        return self._ask(self._whole(away)).causes

    def _is_taken(self, away: Sequence[Path]) -> bool:
        causes = self._refusals(away)
        return causes is not None and not causes

    def _whole(self, away: Collection[Path]) -> Patch:
        """The patch that makes of the object, without these parts, what the definition makes of it."""
        return _exchanges(self._found, self._together(away))

    def _together(self, away: Collection[Path]) -> Together:
        return Together(self._found, self._definition, self._going.union(away))


def _kind(cause: Mapping[str, Any]) -> tuple[str, str]:
    """The refused field, of whatever item of a list, and the reason."""
    return re.sub(r"\[\d+\]", "[]", str(cause.get("field"))), str(cause.get("reason"))


def _steps(cause: Mapping[str, Any]) -> list[str]:
    """The place of a refused field."""
    return [name or index for name, index in STEP.findall(str(cause.get("field") or ""))]


def _beside(strangers: Mapping[Path, Path], steps: Sequence[str]) -> Path | None:
    """What nobody describes and is the refused field itself, or next to it; None if there is no such, or several."""
    near = [
        path
        for path, place in strangers.items()
        if len(place) == len(steps) and _in_common(place, steps) >= len(steps) - 1
    ]
    exact = [path for path in near if _in_common(strangers[path], steps) == len(steps)]
    near = exact or near
    return near[0] if len(near) == 1 else None


def _in_common(place: Path, steps: Sequence[str]) -> int:
    """How many steps two places have in common. The API server does not write all names as they are in objects."""
    both = zip(map(str, place), steps, strict=False)
    differing = (index for index, (one, other) in enumerate(both) if one.lower() != other.lower())
    return next(differing, min(len(place), len(steps)))


def _is_made_of(found: Mapping[str, Any], path: Path, going: Collection[Path]) -> bool:
    """Whether nothing is in a part of the object but these."""
    value = part(found, path)
    steps = list(value) if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    inner = [(*path, step) for step in steps]
    return path in going or (bool(inner) and all(_is_made_of(found, one, going) for one in inner))


def _exchanges(found: Mapping[str, Any], together: Together) -> Patch:
    """The operations by which the object, but for its metadata, becomes what it is together with the definition."""
    names = [name for name in {**found, **together.body} if name not in NOT_DESCRIBED]
    return [operation for name in names for operation in _exchange(found, together, (name,))]


def _exchange(found: Mapping[str, Any], together: Together, path: Path) -> Patch:
    """The operations by which a part of the object becomes what it is together with the definition."""
    name = path[0]
    if name not in found:
        return [{"op": "add", "path": pointer(path), "value": together.body[name]}]
    # Others write at the same time: what goes must be as it was seen.
    test = {"op": "test", "path": pointer(path), "value": found[name]}
    if name not in together.body:
        return [test, {"op": "remove", "path": pointer(path)}]
    new = together.body[name]
    return [] if new == found[name] else [test, {"op": "replace", "path": pointer(path), "value": new}]
