# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to go from an object because of what is beside it, once the user's values are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import dependent
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import clears, excluded, is_empty
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field


@dataclass(frozen=True)
class Removal:
    """A field of which something was taken away. C(replaced): another value that the task names came in its place."""

    field: Field
    before: Any
    after: Any
    replaced: bool = False


def settle(
    fields: Sequence[Field], wanted: Mapping[str, Any], tree: MutableMapping[str, Any], *, path: str, top: bool
) -> Iterator[Removal]:
    """Take away, one by one, what can't stay in the object C(tree), which is at C(path), an option's with its dot.

    C(top): the object is the resource itself. PlanError if the task names what can't stay.
    """
    yield from _dependent(fields, wanted, tree, path, top=top)
    yield from _excluded(fields, wanted, tree, top=top)
    yield from _outdated(fields, wanted, tree, top=top)


def _dependent(
    fields: Sequence[Field], wanted: Mapping[str, Any], tree: MutableMapping[str, Any], path: str, *, top: bool
) -> Iterator[Removal]:
    """What Azure takes only with another value of the option beside it."""
    named = {field.name: field for field in fields}
    for field in fields:
        if field.only_with is None:
            continue
        name, needed = field.only_with
        beside = named[name]
        actual, value, without = read(beside, tree, top=top), wanted.get(field.name), read(field, {}, top=top)
        if actual is None or same(beside.compare, needed, actual):
            continue
        if not (value is None or value == without or clears(field, value)):
            raise dependent(path + field.name, value, path + name, needed, actual)
        before = read(field, tree, top=top)
        paths.remove(tree, paths.wire_path(field, top))
        if before != without:
            yield Removal(field, before, without)


def _excluded(
    fields: Sequence[Field], wanted: Mapping[str, Any], tree: MutableMapping[str, Any], *, top: bool
) -> Iterator[Removal]:
    """What the task does not name, and what Azure does not take beside that which the task does name."""
    for field in excluded(fields, wanted):
        before = read(field, tree, top=top)
        if is_empty(before):
            continue
        paths.remove(tree, paths.wire_path(field, top))
        if field.scalar:
            paths.remove(tree, field.scalar)
        yield Removal(field, before, None, replaced=True)


def _outdated(
    fields: Sequence[Field], wanted: Mapping[str, Any], tree: MutableMapping[str, Any], *, top: bool
) -> Iterator[Removal]:
    """Elements that the task does not name, and that Azure does not take with what the task names."""
    for field in fields:
        if field.stays_with is None or wanted.get(field.name) is not None:
            continue
        name, stays = field.stays_with
        own, value = paths.wire_path(field, top), wanted.get(name)
        found = paths.get(tree, own) or []
        kept = [element for element in found if value is None or stays(element, value)]
        if len(kept) == len(found):
            continue
        before = read(field, tree, top=top)
        paths.put(tree, own, kept)
        yield Removal(field, before, read(field, tree, top=top))
