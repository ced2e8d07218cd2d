# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The texts that a record is kept in. Pure: no I/O.

It is kept as JSON in plain named values, of 4096 characters each at most. Every part is an object of its own, and the
whole is their union, so that a run which is killed between two writes, or another run at the same time, loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Record, merged, put

VERSION = 1
#: The most that a named value can hold (azure-mgmt-apimanagement 5.0.0).
MOST_CHARACTERS = 4096


class NotALedger(ValueError):
    """The text is not what this module has written."""


def to_texts(record: Record) -> list[str]:
    """The record as one text or several, none longer than a named value; none for an empty record."""
    if not record:
        return []
    bodies: list[dict[str, Any]] = [{"version": VERSION}]
    for keys, value in record.entries():
        room = MOST_CHARACTERS - len(_text(bodies[-1]))
        # The comma and, the first time, the keys with their colons and brackets.
        if len(_text(value)) + sum(len(_text(key)) + 4 for key in keys) > room:
            bodies.append({"version": VERSION})
        put(bodies[-1], keys, value)
    return [_text(body) for body in bodies]


def from_texts(texts: list[str]) -> Record:
    """The record that the texts hold. Raises NotALedger.

    What one of them has as made and another one as found was made.
    """
    record = merged([_parsed(text) for text in texts])
    record.settle()
    return record


def from_answer(content: Mapping[str, Any]) -> Record:
    """The record that a task has answered; what else is in the answer is left out. Raises NotALedger."""
    return merged([_checked({section: content[section] for section in _SECTIONS if section in content})])


def _parsed(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:  # the latter: brackets in brackets without end
        raise NotALedger(str(error)) from error
    if not isinstance(body, dict):
        raise NotALedger("no JSON object")
    if body.get("version") != VERSION:
        raise NotALedger(f"version {body.get('version')!r}")
    return _checked(body)


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    for section, is_whole in _SECTIONS.items():
        if section in body and not is_whole(body[section]):
            raise NotALedger(f"malformed {section}")
    return body


def _is_object_of(value: Any, is_one: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(is_one, value.values()))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_names(value: Any) -> bool:
    """Whether they are lists by kind. What else can be gone through, such as a text, would be taken for names, too."""
    return _is_object_of(value, lambda names: isinstance(names, list) and all(map(_is_text, names)))


#: Section -> whether its value is what C(to_texts) would have written.
_SECTIONS: dict[str, Callable[[Any], bool]] = {
    "made": _are_names,
    "found": _are_names,
    "before": lambda kinds: _is_object_of(kinds, lambda texts: _is_object_of(texts, _is_text)),
    "claims": lambda environments: _is_object_of(environments, _are_names),
}


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
