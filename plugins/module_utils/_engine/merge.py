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

from ansible_collections.innergate.azure.plugins.module_utils._engine import neighbours, paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import is_sealed, same
from ansible_collections.innergate.azure.plugins.module_utils._engine.lists import ListMerge
from ansible_collections.innergate.azure.plugins.module_utils._engine.neighbours import Removal
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import immutable, needed_to_create
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import (
    Reader,
    by_default,
    cleared,
    clears,
    converted,
    is_empty,
    merged_map,
    with_implied,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import OWN_NAME, Compare, Field, Items

#: Stands for the wire path inside an element of a list, which is never sent on its own.
ELEMENT = "[]"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as wanted. C(path) is in options (C(sku.name)), C(wire) the path of what is sent."""

    path: str
    wire: str
    before: Any
    after: Any
    secret: bool = False


@dataclass(frozen=True)
class Spot:
    """One field of one object: what is wanted for it, and where it is.

    C(tree): the object, where the field is at C(own). C(path), C(wire): both from the resource down. C(siblings): the
    options beside it, with its purge option among them. C(creating): the object does not exist yet.
    """

    field: Field
    value: Any
    tree: MutableMapping[str, Any]
    own: str
    path: str
    wire: str
    siblings: Mapping[str, Any]
    creating: bool
    top: bool

    @property
    def before(self) -> Any:
        return read(self.field, self.tree, top=self.top)

    @property
    def purges(self) -> bool:
        return bool(self.field.purge and self.siblings.get(self.field.purge))

    def put(self, sent: Any) -> None:
        paths.put(self.tree, self.own, sent)


class Merge:
    """One walk over a resource. C(body) is the result, C(differences) what had to be written for it.

    C(what) is how messages call that which is created. C(partly): somebody else creates it, so that nothing has to be
    named, and nothing is given by default.
    """

    def __init__(
        self,
        reader: Reader,
        body: MutableMapping[str, Any],
        *,
        creating: bool,
        what: str = "what is not there yet",
        partly: bool = False,
    ) -> None:
        self.partly = partly
        self.reader = reader
        self.body = body
        self.creating = creating
        self.what = what
        self.differences: list[Difference] = []
        # What can't be compared is written last, and only if something else is written.
        self.silent: list[tuple[str, Callable[[], None]]] = []
        # Whether a value had to go for another one (Field.excludes).
        self.replaced = False

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
        """Merge into one object; C(path) and C(wire) are where it is, "" for the resource itself."""
        missing = [f.name for f in fields if creating and self._has_to_be_named(f, wanted.get(f.name))]
        if missing and not self.partly:
            raise needed_to_create(path, missing, self.what)
        wanted = with_implied(fields, wanted)
        for field in fields:
            value = wanted.get(field.name)
            if value is None and creating and not self.partly:
                value = by_default(field, wanted, self.reader.place.name)
            # An import is written by add_import, when it has been found to be needed.
            if value is None or field.read_only or field.compare is Compare.SPECIFICATION:
                continue
            own = paths.wire_path(field, wire == "")
            self._field(
                Spot(
                    field,
                    value,
                    tree,
                    own,
                    path + field.name,
                    f"{wire}.{own}" if wire else own,
                    wanted,
                    creating,
                    top=wire == "",
                )
            )
        for removal in neighbours.settle(fields, wanted, tree, path=path, top=wire == ""):
            self._gone(removal, path, wire)
        for field in fields:
            if field.echo and any(f"{known.path}.".startswith(f"{path}{field.name}.") for known in self.differences):
                paths.remove(tree, field.echo)

    def _has_to_be_named(self, field: Field, value: Any) -> bool:
        """Whether something new can't do without the option: Azure demands it, and the name is too long to serve."""
        if field.default_on_create == OWN_NAME and value is None and field.max_length is not None:
            return len(self.reader.place.name) > field.max_length
        return field.required_on_create and _unset(field, value)

    def _gone(self, removal: Removal, path: str, wire: str) -> None:
        """Say of a field of the object at C(path) and C(wire) what was taken away, unless the task has named it."""
        field = removal.field
        self.replaced = self.replaced or removal.replaced
        if not any(known.path == path + field.name for known in self.differences):
            own = paths.wire_path(field, wire == "")
            sent = f"{wire}.{own}" if wire else own
            self.differences.append(Difference(path + field.name, sent, removal.before, removal.after, field.secret))

    def _field(self, spot: Spot) -> None:
        field, value = spot.field, spot.value
        clearing = clears(field, value)
        if field.fields and field.type == "dict" and not clearing:
            self._nested(spot)
        elif field.compare is Compare.NEVER or (field.write_only and spot.before is None):
            self._unseen(spot, clearing=clearing)
        elif is_sealed(field.compare, value) and not clearing:
            self._unseen(spot, clearing=False)
        elif clearing:
            self._clear(spot)
        elif field.fields:
            self._objects(spot)
        elif field.type == "dict":
            self._map(spot)
        elif field.type == "list":
            self._list(spot)
        elif not self.reader.same(field, value, spot.before):
            self._write(spot, converted(field, self.reader.on_wire(field, value)))

    def _nested(self, spot: Spot) -> None:
        """An object with suboptions: only those that are named are touched."""
        found = paths.get(spot.tree, spot.own)
        child = found if isinstance(found, dict) else {}
        new = child is not found
        count = len(self.differences)
        creating = spot.creating or new
        self._object(spot.field.fields, spot.value, child, spot.path + ".", spot.wire, creating=creating)
        changed = len(self.differences) > count
        if changed and spot.field.immutable and not self.creating:
            first = self.differences[count]
            raise immutable(first.path, first.before, first.after, secret=first.secret)
        if new and changed:  # what is unseen in a new object is a change, too
            spot.put(child)

    def _unseen(self, spot: Spot, *, clearing: bool) -> None:
        """A value that Azure does not show. On its own it is no reason to write, except where there was none before.

        Of a sealed value, Azure shows a token in its place: where there is none, there is no value.
        """
        field = spot.field
        sent = cleared(field) if clearing else converted(field, self.reader.on_wire(field, spot.value))
        none_yet = spot.creating or (field.compare is Compare.SEALED and is_empty(spot.before))
        if none_yet and not clearing:
            self.differences.append(Difference(spot.path, spot.wire, None, spot.value, field.secret))
        if not (spot.creating and clearing):
            self._later(spot, lambda: spot.put(copy.deepcopy(sent)))

    def _clear(self, spot: Spot) -> None:
        """Take away what is there."""
        vacant = spot.field.vacant
        if not is_empty(spot.before) if vacant is None else paths.get(spot.tree, spot.own) != vacant:
            self._write(spot, cleared(spot.field))
            if spot.field.scalar:
                paths.remove(spot.tree, spot.field.scalar)

    def _objects(self, spot: Spot) -> None:
        """A list of objects. Unseen parts of its elements are written with the list, if anything is."""
        found = paths.get(spot.tree, spot.own)
        silent = len(self.silent)
        merge = ListMerge(self, spot.field, spot.value, spot.path, purge=spot.purges)
        merged = merge.run(list(found) if isinstance(found, list) else [])
        inner = [write for _wire, write in self.silent[silent:]]
        del self.silent[silent:]
        if merge.changed:
            self._write(spot, merged)
        if inner:

            def write_inner() -> None:
                for write in inner:
                    write()
                spot.put(merged)

            self._later(spot, write_inner)

    def _map(self, spot: Spot) -> None:
        """A map with keys of the user's own."""
        field, before = spot.field, spot.before
        wanted = self.reader.on_wire(field, spot.value)
        found = dict(before or {})
        if field.items is not Items.MERGE:
            if not same(field.compare, wanted, found):
                self._write(spot, converted(field, wanted))
            return
        merged = merged_map(field, wanted, found, purge=spot.purges)
        if merged != found:
            self._write(spot, converted(field, merged))

    def _list(self, spot: Spot) -> None:
        """A list of plain values, which may have a twin for a list of one."""
        field = spot.field
        if self.reader.same_list(field, spot.value, spot.before):
            return
        sent = [self.reader.on_wire(field, item) for item in spot.value]
        if field.scalar and len(sent) == 1:
            self._write(spot, sent[0], twin=True)
            paths.remove(spot.tree, spot.own)
        else:
            self._write(spot, converted(field, sent))
            if field.scalar:
                paths.remove(spot.tree, field.scalar)

    def _write(self, spot: Spot, sent: Any, *, twin: bool = False) -> None:
        field, before = spot.field, spot.before
        if field.immutable and not self.creating:
            raise immutable(spot.path, before, spot.value, secret=field.secret)
        own = field.scalar if twin else spot.own
        wire = spot.wire[: len(spot.wire) - len(spot.own)] + own
        self.differences.append(Difference(spot.path, wire, before, spot.value, field.secret))
        paths.put(spot.tree, own, sent)

    def _later(self, spot: Spot, write: Callable[[], None]) -> None:
        self.silent.append((spot.wire, write))


def add_import(field: Field, value: Mapping[str, Any], body: MutableMapping[str, Any]) -> None:
    """Put what an import reads into the body: its parts are properties of the resource itself while it is sent."""
    for part in field.fields:
        if value.get(part.name) is not None:
            own = paths.wire_path(part, False)
            path = f"{field.wire}.{own}" if field.wire else own
            sent = value[part.name]
            if part.fields:
                sent = {paths.wire_path(p, False): sent[p.name] for p in part.fields if sent.get(p.name) is not None}
            paths.put(body, path, converted(part, sent))


def _unset(field: Field, value: Any) -> bool:
    return is_empty(value) and not (field.empty_is_value and value is not None)
