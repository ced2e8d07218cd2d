# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put what the user named into what Azure has.

Comparing and merging are one walk: a value is written only where it differs, so what is the same keeps the very bytes
that Azure answered, and what the user did not name is never touched.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.lists import ListMerge
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import Reader, clears, is_empty, text
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, Items


@dataclass(frozen=True)
class Difference:
    """One thing that is not as wanted. C(path) is in options (C(sku.name)), C(wire) the path of what is sent."""

    path: str
    wire: str
    before: Any
    after: Any
    secret: bool = False


#: Stands for the wire path inside an element of a list, which is never sent on its own.
ELEMENT = "[]"


class Merge:
    """One walk over a resource. C(body) is the result, C(differences) what had to be written for it."""

    def __init__(self, reader: Reader, body: MutableMapping[str, Any], *, creating: bool) -> None:
        self.reader = reader
        self.body = body
        self.creating = creating
        self.differences: list[Difference] = []
        # What can't be compared is written last, and only if something else is written.
        self.silent: list[tuple[str, Callable[[], None]]] = []

    def run(self, fields: Sequence[Field], wanted: Mapping[str, Any]) -> None:
        """Merge the wanted options into the body."""
        self._object(fields, wanted, self.body, "", "", creating=self.creating)
        if self.differences or self.creating:
            for _wire, write in self.silent:
                write()

    def patch(self) -> dict[str, Any]:
        """Only what was written, for PATCH; what was removed is null there."""
        tree: dict[str, Any] = {}
        for wire in (*(difference.wire for difference in self.differences), *(wire for wire, _write in self.silent)):
            paths.put(tree, wire, paths.get(self.body, wire))
        return tree

    def element(
        self,
        fields: Sequence[Field],
        wanted: Mapping[str, Any],
        tree: MutableMapping[str, Any],
        *,
        new: bool,
        path: str = "",
    ) -> None:
        """Merge into one element of a list, for ListMerge, which sums up what was found different."""
        self._object(fields, wanted, tree, path, ELEMENT, creating=new)

    def _object(
        self,
        fields: Sequence[Field],
        wanted: Mapping[str, Any],
        tree: MutableMapping[str, Any],
        path: str,
        wire: str,
        *,
        creating: bool,
    ) -> None:
        """Merge into one object; C(path) and C(wire) are its own paths, "" for the resource."""
        missing = [f.name for f in fields if creating and f.required_on_create and _unset(f, wanted.get(f.name))]
        if missing:
            raise PlanError(_missing(path, missing), field=path + missing[0])
        for field in fields:
            if field.read_only:
                continue
            value = wanted.get(field.name)
            if value is None and creating:
                value = field.default_on_create
            if value is not None:
                self._field(field, value, tree, path + field.name, wire, wanted, creating=creating)

    def _field(
        self,
        field: Field,
        value: Any,
        tree: MutableMapping[str, Any],
        path: str,
        wire: str,
        siblings: Mapping[str, Any],
        *,
        creating: bool,
    ) -> None:
        top = wire == ""
        own = paths.wire_path(field, top)
        full = f"{wire}.{own}" if wire else own
        before = read(field, tree, top=top)
        if field.compare is Compare.SPECIFICATION:
            return  # written by add_import, when the import has been found to be needed
        if field.fields and field.type == "dict" and not clears(field, value):
            self._nested(field, value, tree, path, full, own, creating=creating)
            return
        if field.compare is Compare.NEVER or (field.write_only and before is None):
            self._unseen(field, value, tree, path, full, own, new=creating and not clears(field, value))
            return
        if clears(field, value):
            if not is_empty(before):
                if field.scalar:
                    paths.remove(tree, field.scalar)
                self._write(field, tree, path, full, own, before, value, cleared(field))
            return
        if field.fields:
            self._objects(field, value, tree, path, full, own, siblings, before)
        elif field.type == "dict":
            self._map(field, value, tree, path, full, own, siblings, before)
        elif field.type == "list":
            if not self.reader.same_list(field, value, before):
                self._write_list(field, value, tree, path, full, own, before)
        elif not self.reader.same(field, value, before):
            sent = self.reader.on_wire(field, value)
            self._write(field, tree, path, full, own, before, value, _converted(field, sent))

    def _nested(
        self,
        field: Field,
        value: Mapping[str, Any],
        tree: MutableMapping[str, Any],
        path: str,
        full: str,
        own: str,
        *,
        creating: bool,
    ) -> None:
        """An object with suboptions: only those that are named are touched."""
        found = paths.get(tree, own)
        child = found if isinstance(found, MutableMapping) else {}
        count = len(self.differences)
        silent = len(self.silent)
        self._object(field.fields, value, child, path + ".", full, creating=creating or child is not found)
        changed = len(self.differences) > count
        if changed and field.immutable and not self.creating:
            first = self.differences[count]
            raise immutable(first.path, first.before, first.after, secret=first.secret)
        if child is not found and changed:
            paths.put(tree, own, child)
        elif child is not found and len(self.silent) > silent:
            # Nothing but unseen parts: the object itself is written if anything is.
            self._later(full, lambda: paths.put(tree, own, child))

    def _unseen(
        self, field: Field, value: Any, tree: MutableMapping[str, Any], path: str, full: str, own: str, *, new: bool
    ) -> None:
        """A value that Azure does not show. On its own it is no reason to write, except where all is new."""
        sent = cleared(field) if clears(field, value) else _converted(field, self.reader.on_wire(field, value))
        if new:
            self.differences.append(Difference(path, full, None, value, field.secret))
        self._later(full, lambda: paths.put(tree, own, copy.deepcopy(sent)))

    def _later(self, full: str, write: Callable[[], None]) -> None:
        self.silent.append((full, write))

    def _objects(
        self,
        field: Field,
        value: list[Any],
        tree: MutableMapping[str, Any],
        path: str,
        full: str,
        own: str,
        siblings: Mapping[str, Any],
        before: Any,
    ) -> None:
        """A list of objects. Unseen parts of its elements are written with the list, if anything is."""
        found = paths.get(tree, own)
        silent = len(self.silent)
        merge = ListMerge(self, field, value, siblings, path)
        merged = merge.run(list(found) if isinstance(found, list) else [])
        inner = [write for _wire, write in self.silent[silent:]]
        del self.silent[silent:]
        if merge.changed:
            self._write(field, tree, path, full, own, before, value, merged)
        if inner:
            self._later(full, lambda: [write() for write in inner] and paths.put(tree, own, merged))

    def _map(
        self,
        field: Field,
        value: Mapping[str, Any],
        tree: MutableMapping[str, Any],
        path: str,
        full: str,
        own: str,
        siblings: Mapping[str, Any],
        before: Any,
    ) -> None:
        """A map with keys of the user's own."""
        found = dict(before or {})
        if field.items is not Items.MERGE:
            if not same(field.compare, self.reader.on_wire(field, value), found):
                self._write(
                    field, tree, path, full, own, before, value, _converted(field, self.reader.on_wire(field, value))
                )
            return
        merged = dict(found)
        spelled = {key.casefold(): key for key in found}  # tag names are caseless
        named = set()
        for key, item in value.items():
            key = key if key in found else spelled.get(key.casefold(), key)
            named.add(key)
            item = text(item) if field.elements == "str" else item
            if item is None:
                merged.pop(key, None)
            elif key not in found or not same(field.compare, item, found[key]):
                merged[key] = item
        if field.purge and siblings.get(field.purge):
            merged = {key: item for key, item in merged.items() if key in named}
        if merged != found:
            self._write(field, tree, path, full, own, before, value, _converted(field, merged))

    def _write_list(
        self,
        field: Field,
        value: list[Any],
        tree: MutableMapping[str, Any],
        path: str,
        full: str,
        own: str,
        before: Any,
    ) -> None:
        """A list of plain values, which may have a twin for a list of one."""
        sent = [self.reader.on_wire(field, item) for item in value]
        if not field.scalar:
            self._write(field, tree, path, full, own, before, value, _converted(field, sent))
            return
        if len(sent) == 1:
            paths.remove(tree, own)
            self._write(field, tree, path, _beside(full, own, field.scalar), field.scalar, before, value, sent[0])
        else:
            paths.remove(tree, field.scalar)
            self._write(field, tree, path, full, own, before, value, _converted(field, sent))

    def _write(
        self,
        field: Field,
        tree: MutableMapping[str, Any],
        path: str,
        full: str,
        own: str,
        before: Any,
        after: Any,
        sent: Any,
    ) -> None:
        if field.immutable and not self.creating and before is not None:
            raise immutable(path, before, after, secret=field.secret)
        self.differences.append(Difference(path, full, before, after, field.secret))
        paths.put(tree, own, sent)


def cleared(field: Field) -> Any:
    """What is sent to take a field away."""
    if field.empty_on_wire is None and field.type == "list":
        return [] if field.to_azure is None else field.to_azure([])
    return copy.deepcopy(field.empty_on_wire)


def immutable(path: str, old: Any, new: Any, *, secret: bool = False) -> PlanError:
    """The refusal to change what can't be changed."""
    change = "has another value" if secret else f"is {old!r} and can't become {new!r}"
    return PlanError(
        f"{path} {change}: Azure does not allow it to change after creation. Keep the value, or remove the resource "
        "and create it anew",
        field=path,
        old=None if secret else old,
        new=None if secret else new,
    )


def _converted(field: Field, sent: Any) -> Any:
    return sent if field.to_azure is None else field.to_azure(sent)


def _unset(field: Field, value: Any) -> bool:
    return value is None or (value == "" and not field.empty_is_value)


def _missing(path: str, names: list[str]) -> str:
    options = ", ".join(path + name for name in names)
    return f"{options} {'is' if len(names) == 1 else 'are'} needed to create it"


def _beside(full: str, own: str, twin: str) -> str:
    """The full path of the twin of what is at C(full)."""
    return full[: len(full) - len(own)] + twin


def add_import(field: Field, value: Mapping[str, Any], body: MutableMapping[str, Any]) -> None:
    """Put what an import reads into the body: its parts are properties of the resource itself while it is sent."""
    for part in field.fields:
        if value.get(part.name) is not None:
            own = paths.wire_path(part, False)
            path = f"{field.wire}.{own}" if field.wire else own
            sent = value[part.name]
            if part.fields:
                sent = {paths.wire_path(p, False): sent[p.name] for p in part.fields if sent.get(p.name) is not None}
            paths.put(body, path, sent)
