# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record itself: what playbooks found, and what they made. Pure: no I/O.

Names stand in it as they were spelled first. One that is spelled in another way is the same if it is for Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import (
    APART,
    PARENTS,
    all_of,
    is_in_service,
    key_of,
    parent_of,
    regrouped,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import is_among

#: Names by kind: C({"apim_product": ["internal"], "apim_product_api": ["internal/random"]}).
Names = dict[str, list[str]]


@dataclass
class Record:
    """C(before) tells by kind and name how something that was found and may be changed was.

    C(claims) tell for each environment what it wants of what is to be removed or brought back one day.
    """

    made: Names = field(default_factory=dict)
    found: Names = field(default_factory=dict)
    before: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Names] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.made or self.found or self.claims)

    def knows(self, kind: str, name: str) -> bool:
        """Whether it is recorded. A policy of something that was made is, for it goes when that goes."""
        return self._knowing(kind)(name)

    def unknown(self, objects: Mapping[str, Any]) -> Names:
        """Those of the objects that are not recorded, each once."""
        named = {}
        for kind, names in objects.items():
            knows = self._knowing(kind)
            named[kind] = once(kind, (name for name in names if not knows(name)))
        return {kind: names for kind, names in named.items() if names}

    def _knowing(self, kind: str) -> Callable[[str], bool]:
        """Tells of names of this kind what C(knows) does, for as long as the record is not changed."""
        noted = _keys(kind, self.made.get(kind, ())) | _keys(kind, self.found.get(kind, ()))
        parent = PARENTS.get(kind, "") if kind not in APART else ""
        parents = _keys(parent, self.made.get(parent, ()))
        return lambda name: key_of(kind, name) in noted or parent_of(kind, name)[1] in parents

    def claim(self, kind: str, name: str, *, exists: bool, before: str = "") -> None:
        """Note something that is about to be made, unless it exists."""
        (self.found if exists else self.made).setdefault(kind, []).append(name)
        if exists and before:
            self.before.setdefault(kind, {})[name] = before

    def enter(
        self, environment: str, objects: Mapping[str, Any], whole: Collection[str] = (), *, all_uses: bool = True
    ) -> None:
        """Note that this environment wants those of the objects that were made, or were changed since they were found.

        Environments are told apart as hosts are, by case, too. What one has wanted before it still does, but of kinds
        of which the objects are the C(whole); then what it only refers to, too, unless C(all_uses) are among them. All
        parts of something are wanted only if it is not known to be described: another task may describe it.
        """
        before = self.claims.get(environment, {})
        claims = {}
        for kind in {**before, **objects}:
            kept = [] if kind in whole else before.get(kind, [])
            if kind in whole and not all_uses:
                kept = [name for name in before.get(kind, ()) if _is_used(kind, name, before, objects)]
            parent = PARENTS.get(kind, "") if kind not in whole else ""
            told = set(map(all_of, _keys(parent, before.get(parent, ()))))
            new = (name for name in objects.get(kind, ()) if key_of(kind, name) not in told)
            claims[kind] = once(kind, [*kept, *new])
        self.claims[environment] = claims
        self._prune()

    def give_up(self, objects: Mapping[str, Any], environment: str) -> None:
        """Forget what was not made after all, but what other environments than this one want, too."""
        others = [claims for name, claims in self.claims.items() if name != environment]
        wanted = {kind: {key for claims in others for key in _keys(kind, claims.get(kind, ()))} for kind in objects}
        self.strike(
            {
                kind: [name for name in names if key_of(kind, name) not in wanted[kind]]
                for kind, names in objects.items()
            }
        )

    def lost(self, now: Record, environment: str) -> Names:
        """What the environment wants of this record that a later one has not, or only as found."""
        names = {}
        for kind, wanted in self.claims.get(environment, {}).items():
            parent = PARENTS.get(kind, "")
            made, parents = _keys(kind, now.made.get(kind, ())), _keys(parent, now.made.get(parent, ()))
            here = _keys(kind, self.made.get(kind, ())) - made
            here |= _keys(kind, self.before.get(kind, ())) - made - _keys(kind, now.before.get(kind, ()))
            names[kind] = [
                name for name in wanted if key_of(kind, name) in here and parent_of(kind, name)[1] not in parents
            ]
        return {kind: lost for kind, lost in names.items() if lost}

    def put_back(self, earlier: Record, names: Names, environment: str) -> None:
        """Note these again as an earlier record has them, and that the environment wants them."""
        for kind, lost in names.items():
            made, texts = _keys(kind, earlier.made.get(kind, ())), earlier.before.get(kind, {})
            for name in lost:
                before = next((text for other, text in texts.items() if key_of(kind, other) == key_of(kind, name)), "")
                self.claim(kind, name, exists=key_of(kind, name) not in made, before=before)
            for section in (self.made, self.found):
                if kind in section:  # another run may have done the same meanwhile
                    section[kind] = once(kind, section[kind])
        self.settle()
        claims = self.claims.setdefault(environment, {})
        for kind, lost in names.items():
            claims[kind] = once(kind, [*claims.get(kind, ()), *lost])
        self._prune()

    def leave(self, environments: Collection[str]) -> None:
        """Forget what these environments want. A host stands for all of its namespaces."""
        self.claims = {name: claims for name, claims in self.claims.items() if not is_among(name, environments)}

    def _prune(self) -> None:
        """Forget claims of what would never be removed or brought back, by this service's environments or others."""
        noted = {
            kind: _keys(kind, self.made.get(kind, ())) | _keys(kind, self.before.get(kind, ()))
            for kind in {*self.made, *self.before}
        }
        for kind, names in self.found.items():
            if not is_in_service(kind):  # an environment of another service may have made it
                noted[kind] = noted.get(kind, set()) | _keys(kind, names)
        for kind in APART:
            parents = noted.get(PARENTS[kind], set()) | {parent_of(kind, name)[1] for name in self.made.get(kind, ())}
            noted[kind] = noted.get(kind, set()) | set(map(all_of, parents))
        for environment, claims in self.claims.items():
            kept = {
                kind: [name for name in names if key_of(kind, name) in noted.get(kind, ())]
                for kind, names in claims.items()
            }
            self.claims[environment] = {kind: names for kind, names in kept.items() if names}
        self.claims = {environment: claims for environment, claims in self.claims.items() if claims}

    def strike(self, objects: Mapping[str, Any]) -> None:
        """Forget what was made and is gone, with what belonged to it, and how something was that is so again.

        When nothing else is to be undone, forget all.
        """
        for kind, names in objects.items():
            self.before[kind] = _without(kind, names, self.before.get(kind, {}))
            # Parts of what was found stay. Those of what another run has struck meanwhile do not.
            gone = _keys(kind, names) - _keys(kind, self.found.get(kind, ()))
            self.made[kind] = [name for name in self.made.get(kind, ()) if key_of(kind, name) not in gone]
            for child in (child for child, parent in PARENTS.items() if parent == kind):
                self.made[child] = [name for name in self.made.get(child, ()) if parent_of(child, name)[1] not in gone]
        self.made = {kind: names for kind, names in self.made.items() if names}
        self.before = {kind: texts for kind, texts in self.before.items() if texts}
        self._prune()
        if not self.made and not self.before:
            self.clear()

    def settle(self) -> None:
        """Let what is noted as made and as found be made: whoever found it came later."""
        for kind, names in self.made.items():
            keys = _keys(kind, names)
            self.found[kind] = [name for name in self.found.get(kind, ()) if key_of(kind, name) not in keys]
            self.before[kind] = _without(kind, names, self.before.get(kind, {}))
        self.found = {kind: names for kind, names in self.found.items() if names}
        self.before = {kind: texts for kind, texts in self.before.items() if texts}

    def clear(self) -> None:
        """Forget all."""
        self.made, self.found, self.before, self.claims = {}, {}, {}, {}

    def only(self, other: Record) -> Record:
        """What of it the other one has, too."""
        theirs = other.identities()
        return self._chosen(lambda entry: entry in theirs)

    def beyond(self, other: Record) -> Record:
        """What of it the other one has not."""
        theirs = other.identities()
        return self._chosen(lambda entry: entry not in theirs)

    def entries(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every single thing: the keys under which it stands, and its text."""
        whole = self.as_dict()
        for section in ("made", "found"):
            for kind, names in whole[section].items():
                yield from (((section, kind), name) for name in names)
        for kind, texts in whole["before"].items():
            yield from ((("before", kind, name), text) for name, text in texts.items())
        for environment, claims in whole["claims"].items():
            for kind, names in claims.items():
                yield from ((("claims", environment, kind), name) for name in names)

    def identities(self) -> set[tuple[str, ...]]:
        """What tells its entries apart: under which keys they stand, and their names."""
        return {_identity(keys, text) for keys, text in self.entries()}

    def _chosen(self, choose: Callable[[tuple[str, ...]], bool]) -> Record:
        body: dict[str, Any] = {}
        for keys, text in self.entries():
            if choose(_identity(keys, text)):
                put(body, keys, text)
        return merged([body])

    def as_dict(self) -> dict[str, Any]:
        """Everything, in an order that does not depend on how it came about."""
        return {
            "made": {kind: sorted(self.made[kind]) for kind in sorted(self.made)},
            "found": {kind: sorted(self.found[kind]) for kind in sorted(self.found)},
            "before": {kind: dict(sorted(self.before[kind].items())) for kind in sorted(self.before)},
            "claims": {
                environment: {kind: sorted(names) for kind, names in sorted(claims.items())}
                for environment, claims in sorted(self.claims.items())
            },
        }

    def copy(self) -> Record:
        """Another one of the same content."""
        return merged([self.as_dict()])


def put(body: dict[str, Any], keys: tuple[str, ...], value: str) -> None:
    """Put an entry into a part of a record, in the shape of C(as_dict)."""
    *above, last = keys
    for key in above:
        body = body.setdefault(key, {})
    if keys[0] == "before":
        body[last] = value
    else:
        body.setdefault(last, []).append(value)


def merged(bodies: list[dict[str, Any]]) -> Record:
    """The record of which these are parts, in the shape of C(as_dict).

    Earlier versions have noted namespaces of manifests among what is removed without a look into it.
    """
    record = Record()
    for body in bodies:
        _unite(record.made, regrouped(body.get("made", {})))
        _unite(record.found, regrouped(body.get("found", {})))
        for kind, texts in body.get("before", {}).items():
            record.before.setdefault(kind, {}).update(texts)
        for environment, claims in body.get("claims", {}).items():
            _unite(record.claims.setdefault(environment, {}), regrouped(claims))
    return record


def once(kind: str, names: Iterable[str]) -> list[str]:
    """The names without those that are another spelling of an earlier one."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(key_of(kind, name), name)
    return list(kept.values())


def _keys(kind: str, names: Iterable[str]) -> set[str]:
    return {key_of(kind, name) for name in names}


def _is_used(kind: str, name: str, claims: Names, objects: Mapping[str, Any]) -> bool:
    """Whether the claims have it because it is referred to, or all parts of what the objects do not have."""
    if name.endswith(all_of("")):
        parent, key = parent_of(kind, name)
        return key not in _keys(parent, objects.get(parent, ()))
    parts = [part for part in APART if PARENTS[part] == kind]
    return any(all_of(key_of(kind, name)) in _keys(part, claims.get(part, ())) for part in parts)


def _without(kind: str, names: Iterable[str], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that are by none of the names."""
    keys = _keys(kind, names)
    return {name: text for name, text in texts.items() if key_of(kind, name) not in keys}


def _identity(keys: tuple[str, ...], text: str) -> tuple[str, ...]:
    """What an entry is, whatever it says of it."""
    return keys if keys[0] == "before" else (*keys, text)


def _unite(mine: Names, theirs: Mapping[str, Any]) -> None:
    for kind, names in theirs.items():
        mine[kind] = list(dict.fromkeys([*mine.get(kind, ()), *map(str, names)]))
