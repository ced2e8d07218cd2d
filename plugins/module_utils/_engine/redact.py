# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep secrets out of everything that is shown: diffs, results, messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import mask
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, Items

HIDDEN = "(hidden)"
CHANGED = "(hidden, changed)"
REMOVED = "********"
#: Ansible's own word in place of what it does not repeat.
STRANGER = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
#: Shorter texts are too common to be looked for in messages.
SHORTEST = 8


def secrets_of(fields: Iterable[Field], values: Mapping[str, Any]) -> set[str]:
    """Every text that the user gave for a secret option."""
    found: set[str] = set()
    for field in fields:
        value = values.get(field.name)
        if value is None:
            continue
        if field.secret:
            found.update(texts(value))
        elif field.fields:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    found |= secrets_of(field.fields, item)
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text and number in a secret; of one that is a JSON document, the longer ones in that, too."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    elif value is not None and value != "" and not isinstance(value, bool):
        text = str(value)
        yield text
        yield from (inner for inner in texts(_document(text)) if len(inner) >= SHORTEST)


def _document(text: str) -> Any:
    """What is in a JSON object or list; None of other texts."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def scrub(value: Any, secrets: Iterable[str]) -> Any:
    """The value with every known secret in its texts replaced."""
    known = sorted((secret for secret in secrets if len(secret) >= SHORTEST), key=len, reverse=True)
    return _scrub(value, known) if known else value


def _scrub(value: Any, known: list[str]) -> Any:
    if isinstance(value, str):
        for secret in known:
            value = value.replace(secret, REMOVED)
        return value
    if isinstance(value, dict):
        return {key: _scrub(item, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(item, known) for item in value]
    return value


def sides(field: Field, before: Any, after: Any) -> tuple[Any, Any]:
    """Both sides of a diff without secrets. That a secret changes is shown, what it was and becomes is not."""
    if field.secret:
        if before is None and after is None:
            return None, None
        return (None if before is None else HIDDEN), (HIDDEN if before == after else CHANGED)
    if field.address:
        return _addresses(before, after)
    if not field.fields:
        return before, after
    if isinstance(before, dict) or isinstance(after, dict):
        return _objects(field.fields, before, after)
    if isinstance(before, list) or isinstance(after, list):
        return _lists(field, before, after)
    return before, after


def _addresses(before: Any, after: Any) -> tuple[Any, Any]:
    """Both sides, an address or a list of them, without what is secret in them."""
    left, right = mask(before), mask(after)
    if left == right and before != after:
        pairs = [(before, after, right)] if isinstance(after, str) else zip(before, after, right, strict=True)
        marked = [shown if old == new else f"{shown} {CHANGED}" for old, new, shown in pairs]
        right = marked[0] if isinstance(after, str) else marked
    return left, right


def _objects(fields: tuple[Field, ...], before: Any, after: Any) -> tuple[Any, Any]:
    left: dict[str, Any] = {}
    right: dict[str, Any] = {}
    for field in fields:
        old = before.get(field.name) if isinstance(before, dict) else None
        new = after.get(field.name) if isinstance(after, dict) else None
        old, new = sides(field, old, new)
        if old is not None:
            left[field.name] = old
        if new is not None:
            right[field.name] = new
    return (left if isinstance(before, dict) else before), (right if isinstance(after, dict) else after)


def _lists(field: Field, before: Any, after: Any) -> tuple[Any, Any]:
    old, new = list(before or []), list(after or [])
    if field.items is Items.BY_KEY:
        pairs = _by_key(field, old, new)
    else:
        longest = max(len(old), len(new))
        pairs = list(zip(old + [None] * (longest - len(old)), new + [None] * (longest - len(new)), strict=True))
    shown = [_objects(field.fields, a, b) for a, b in pairs]
    left = [a for (a, _b), (x, _y) in zip(shown, pairs, strict=True) if x is not None]
    right = [b for (_a, b), (_x, y) in zip(shown, pairs, strict=True) if y is not None]
    return (None if before is None else left), (None if after is None else right)


def _by_key(field: Field, old: list[Any], new: list[Any]) -> list[tuple[Any, Any]]:
    later = {str(item.get(field.key)).casefold(): item for item in new}
    pairs = [(item, later.pop(str(item.get(field.key)).casefold(), None)) for item in old]
    return pairs + [(None, item) for item in later.values()]
