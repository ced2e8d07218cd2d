# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user wrote for one field: as it is compared, and as it goes on the wire."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import ids
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import OWN_NAME, Field, Items


def is_empty(value: Any) -> bool:
    """Whether the value is null or one of the three ways to say "nothing"."""
    return value is None or (isinstance(value, str | list | dict) and len(value) == 0)


def by_default(field: Field, wanted: Mapping[str, Any], name: str) -> Any:
    """What a new resource of this name, or a new object in one, gets where the option is omitted; None for nothing."""
    if any(not is_empty(wanted.get(other)) for other in field.default_unless):
        return None
    return name if field.default_on_create == OWN_NAME else field.default_on_create


def clears(field: Field, value: Any) -> bool:
    """Whether the user's value takes the field away. Keyed lists and maps only say which elements are managed."""
    if field.empty_is_value or field.items in (Items.BY_KEY, Items.MERGE):
        return False
    if field.fields and isinstance(value, dict):
        # Ansible fills an empty dictionary with its suboptions, all null, before anybody can see that it was empty.
        return all(value.get(inner.name) is None for inner in field.fields)
    return is_empty(value)


def with_implied(fields: Sequence[Field], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is wanted, with what follows from it (Field.implies)."""
    named = [field for field in fields if field.implies and not is_empty(wanted.get(field.name))]
    named = [field for field in named if not clears(field, wanted[field.name]) and _implies(field, wanted[field.name])]
    implied = dict(field.implies for field in named if field.implies)
    return {**wanted, **{name: value for name, value in implied.items() if wanted.get(name) is None}}


def _implies(field: Field, value: Any) -> bool:
    return not field.implied_by or str(value).casefold() in (known.casefold() for known in field.implied_by)


def excluded(fields: Sequence[Field], wanted: Mapping[str, Any]) -> list[Field]:
    """The fields of an object that go, because the task names another one which excludes them."""
    named = [field for field in fields if (value := wanted.get(field.name)) is not None and not clears(field, value)]
    names = {name for field in named for name in field.excludes}
    return [field for field in fields if field.name in names and field not in named]


@dataclass(frozen=True)
class Reader:
    """Reads the user's values for a resource in one place."""

    place: ids.Place
    options: Mapping[str, Any]

    def canonical(self, field: Field, value: Any) -> Any:
        """The value as it is compared: references as full ids."""
        if field.reference is None or value is None:
            return value
        with _about(field):
            return ids.expand(field.reference, value, self.place, self.options)

    def on_wire(self, field: Field, value: Any) -> Any:
        """The value as it is sent, but for C(to_azure), which is about the whole field."""
        if field.reference is not None:
            with _about(field):
                return ids.on_wire(field.reference, value, self.place, self.options)
        if field.type == "dict" and field.elements == "str":
            return {key: text(item) for key, item in value.items()}
        return value

    def same(self, field: Field, wanted: Any, found: Any) -> bool:
        """Whether one value (or one element of a list) is what Azure has."""
        return same(field.compare, self.canonical(field, wanted), self.canonical(field, found))

    def same_list(self, field: Field, wanted: list[Any], found: Any) -> bool:
        """Whether two lists of plain values are the same, in this order unless order has no meaning."""
        rest = list(found or [])
        if len(wanted) != len(rest):
            return False
        if field.items is not Items.SET:
            return all(self.same(field, a, b) for a, b in zip(wanted, rest, strict=True))
        for item in wanted:
            match = next((index for index, other in enumerate(rest) if self.same(field, item, other)), None)
            if match is None:
                return False
            del rest[match]
        return True


@contextmanager
def _about(field: Field) -> Iterator[None]:
    """Name the option in a refusal of its value."""
    try:
        yield
    except PlanError as error:
        raise PlanError(f"{field.name}: {error.message}", field=field.name) from error


def text(value: Any) -> Any:
    """A map's value as Azure wants it: YAML's true and 1 are C("true") and C("1")."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def without_mark(document: str) -> str:
    """A document without the byte order mark that editors leave at its start.

    Azure is sent texts, in which it is no mark but a character: .NET's readers of XML and JSON refuse it there
    (Microsoft Learn: XmlReader, "Data at the root level is invalid. Line 1, position 1").
    """
    return document.removeprefix("\ufeff")


def cleared(field: Field) -> Any:
    """What is sent to take a field away."""
    if field.vacant is not None:
        return copy.deepcopy(field.vacant)
    if field.empty_on_wire is None and field.type == "list":
        return [] if field.to_azure is None else field.to_azure([])
    return copy.deepcopy(field.empty_on_wire)


def converted(field: Field, sent: Any) -> Any:
    """The whole field's value in the shape that Azure wants."""
    return sent if field.to_azure is None else field.to_azure(sent)


def merged_map(field: Field, wanted: Mapping[str, Any], found: Mapping[str, Any], *, purge: bool) -> dict[str, Any]:
    """The map with the user's keys in it; null removes a key, and purging removes those that are not named.

    A key that Azure has by itself (Field.vacant) can't be removed: its value is put back.
    """
    merged = dict(found)
    spelled = {key.casefold(): key for key in found}  # names of tags are caseless
    gone = set(found) if purge else set()
    for key, item in wanted.items():
        key = key if key in found else spelled.get(key.casefold(), key)
        if item is None:
            gone.add(key)
            continue
        gone.discard(key)
        if key not in found or not same(field.compare, item, found[key]):
            merged[key] = item
    own = {key.casefold(): item for key, item in (field.vacant or {}).items()}
    for key in gone & set(found):
        if key.casefold() not in own:
            del merged[key]
        elif not same(field.compare, own[key.casefold()], found[key]):
            merged[key] = own[key.casefold()]
    return merged
