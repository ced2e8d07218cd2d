# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two sides of a diff: only what the task manages, without secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import canonical_policy, same
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import sides
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import (
    by_default,
    clears,
    excluded,
    with_implied,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    ResourceType,
)

#: Stands for the value of an option that the task does not name, of which a diff shows all.
WHOLE = ""


def before_and_after(
    resource: ResourceType, wanted: Mapping[str, Any], found: Mapping[str, Any] | None, body: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Managed options as they are and as they will be. Created resources also show what is given by default."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    gone = excluded(resource.fields, wanted)
    wanted = with_implied(resource.fields, wanted)
    for field in resource.fields:
        value = wanted.get(field.name)
        if value is None and found is None:
            value = by_default(field, wanted, WHOLE)
        # With, or because of, another option.
        goes = (field.only_with or field.stays_with or field in gone) and not field.secret
        if value is None and found is not None and goes and read(field, body, top=True) != read(field, found, top=True):
            value = WHOLE
        unseen = field.compare is Compare.NEVER and found is not None
        if value is None or field.read_only or unseen or field.compare is Compare.SPECIFICATION:
            continue
        old = None if found is None else read(field, found, top=True)
        new = read(field, body, top=True)
        old, new = sides(field, managed(field, value, old, wanted), managed(field, value, new, wanted))
        if found is not None:
            before[field.name] = readable(field, old)
        after[field.name] = readable(field, new)
    return before, after


def readable(field: Field, value: Any) -> Any:
    """The value as a diff shows it: documents line by line, policies without what has no meaning."""
    if not isinstance(value, str):
        return value
    if field.compare is Compare.POLICY:
        value = canonical_policy(value)
    lines = value.splitlines()
    return lines if len(lines) > 1 else value


def managed(field: Field, value: Any, shown: Any, siblings: Mapping[str, Any]) -> Any:
    """Of what is or will be, the part that the user's value speaks of."""
    if shown is None or isinstance(value, str) or not value or clears(field, value):
        return shown
    purge = bool(field.purge and siblings.get(field.purge))
    if field.fields and isinstance(value, dict) and isinstance(shown, dict):
        return _named(field.fields, value, shown)
    if field.items is Items.MERGE and isinstance(shown, dict) and not purge:
        named = {str(key).casefold() for key in value}
        return {key: item for key, item in shown.items() if str(key).casefold() in named}
    if field.items is Items.BY_KEY and isinstance(shown, list) and not purge:
        keys = [element.get(field.key) for element in value]
        return [item for item in shown if any(same(field.key_compare, key, item.get(field.key)) for key in keys)]
    return shown


def _named(fields: Sequence[Field], value: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field.name: managed(field, value[field.name], shown.get(field.name), value)
        for field in fields
        if value.get(field.name) is not None
    }


def everything(resource: ResourceType, found: Mapping[str, Any]) -> dict[str, Any]:
    """All that can be set, as it is: the before of a deletion."""
    before: dict[str, Any] = {}
    for field in resource.fields:
        if field.read_only or field.write_only:
            continue
        old, _new = sides(field, read(field, found, top=True), None)
        if old is not None:
            before[field.name] = readable(field, old)
    return before
