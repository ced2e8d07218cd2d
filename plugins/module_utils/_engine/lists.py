# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of objects: which wanted element is which of Azure's, and what becomes of the others."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, Items

if TYPE_CHECKING:
    from ansible_collections.innergate.azure.plugins.module_utils._engine.merge import Merge


class ListMerge:
    """Merges one list of objects. A wanted element that is found keeps what the user does not name about it."""

    def __init__(self, merge: Merge, field: Field, wanted: list[Any], path: str, *, purge: bool) -> None:
        self.merge = merge
        self.field = field
        self.wanted = wanted
        self.purge = purge
        self.path = path
        self.changed = False

    def run(self, found: list[Any]) -> list[Any]:
        """The list as it is to be; C(changed) says whether that is another than Azure's."""
        return self._by_key(found) if self.field.items is Items.BY_KEY else self._whole(found)

    def _by_key(self, found: list[Any]) -> list[Any]:
        key = next(part for part in self.field.fields if part.name == self.field.key)
        merged = [copy.deepcopy(item) for item in found]
        positions: list[int] = []
        for element in self.wanted:
            name = self.merge.reader.canonical(key, element.get(key.name))
            if name is None:
                raise PlanError(f"each element of {self.path} needs {key.name}", field=f"{self.path}.{key.name}")
            where = next(
                (i for i, item in enumerate(merged) if same(self.field.key_compare, name, self._key(key, item))), None
            )
            if where in positions:
                raise PlanError(f"{self.path} names {name!r} twice", field=self.path)
            if where is None:
                merged.append({})
                where = len(merged) - 1
                self.changed = True
            positions.append(where)
            if where < len(found):  # whatever it is spelled like, the name stays as it is
                element = {option: value for option, value in element.items() if option != key.name}
            self._element(element, merged[where], f"[{name}]", new=where >= len(found))
        if not self.purge:
            return merged
        lasting = self.field.lasting or (lambda item: False)
        kept = [item for i, item in enumerate(merged) if i in positions or lasting(item)]
        self.changed = self.changed or len(kept) < len(merged)
        return kept

    def _key(self, key: Field, item: Any) -> Any:
        return self.merge.reader.canonical(key, read(key, item))

    def _whole(self, found: list[Any]) -> list[Any]:
        rest: list[tuple[int, Any]] = list(enumerate(found))
        merged, order = [], []
        for position, element in enumerate(self.wanted):
            match = self._match(element, rest, position)
            if match is None:
                item: dict[str, Any] = {}
                self._element(element, item, f"[{position}]", new=True)
                self.changed = True
            else:
                rest.remove(match)
                order.append(match[0])
                item = copy.deepcopy(match[1])
                self._element(element, item, f"[{position}]", new=False)
            merged.append(item)
        if rest or (self.field.items is not Items.SET and order != sorted(order)):
            self.changed = True
        return merged

    def _match(self, element: Mapping[str, Any], rest: list[tuple[int, Any]], position: int) -> tuple[int, Any] | None:
        """Azure's element that is meant: one that is right as it is, or else one with the same identity."""
        for candidate in rest:
            if not self._differs(element, copy.deepcopy(candidate[1])):
                return candidate
        identity = next((part for part in self.field.fields if part.required and part.type != "dict"), None)
        if identity is None:
            return next((candidate for candidate in rest if candidate[0] == position), None)
        reader = self.merge.reader
        for candidate in rest:
            if reader.same(identity, element.get(identity.name), read(identity, candidate[1])):
                return candidate
        return None

    def _differs(self, element: Mapping[str, Any], item: dict[str, Any]) -> bool:
        trial = type(self.merge)(self.merge.reader, item, creating=False)
        trial.creating = self.merge.creating
        trial.element(self.field.fields, element, item, new=False)
        return bool(trial.differences)

    def _element(self, element: Mapping[str, Any], item: dict[str, Any], label: str, *, new: bool) -> None:
        """Merge into one element. The list is one difference, whatever differs in its elements."""
        before = len(self.merge.differences)
        self.merge.element(self.field.fields, element, item, new=new, path=f"{self.path}{label}.")
        if len(self.merge.differences) > before:
            self.changed = True
            del self.merge.differences[before:]
