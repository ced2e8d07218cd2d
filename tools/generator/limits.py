# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module refuses about an option, and what takes it away: sentences that its description has to have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

EMPTY = r"\b[Ee]mpty\b"
CAN_NOT = r"can't be empty|[Nn]ever empty"


def missing(field: Any, description: str, *, element: bool = False, above: str = "") -> list[str]:
    """The sentences that the description of an option lacks; people may have said the same in words of their own.

    C(element): the option is one of an element of a list, which is given as a whole. C(above): what stands before its
    name where documentation names it: C(routes[].).
    """
    found = needed(field, element=element, above=above)
    return [sentence for sentence, said in found if not re.search(said, description)]


def needed(field: Any, *, element: bool = False, above: str = "") -> Iterator[tuple[str, str]]:
    """(sentence, regular expression of what says the same) for everything that the declaration of a field refuses."""
    yield from _lengths(field)
    yield from _numbers(field)
    if field.pattern:
        pattern = field.pattern.replace("\\", "\\\\").replace(")", "\\)")
        yield f"It has to match C({pattern}).", re.escape(f"C({pattern})")
    if field.unique:
        yield "Nothing in it may be there twice.", r"\btwice\b"
    if field.only_with:
        name, value = field.only_with
        option = f"{name}={str(value).lower() if isinstance(value, bool) else value})"
        yield f"Azure takes it with O({above}{option} only.", rf"O\([\w.\[\]]*\b{re.escape(option)}"
    if field.address:
        yield "A user in it, and keys in its query, are starred in what is shown.", "starred"
    if field.compare.name == "DURATION":
        yield "It is an ISO 8601 duration, for example V(PT30S) or V(P1D).", "ISO 8601"
    if field.immutable:
        yield "It can't be changed after creation.", "can't be changed"
    if not element:
        yield from _nothing(field)


def _lengths(field: Any) -> Iterator[tuple[str, str]]:
    what = "Each of its elements" if field.type == "list" else "It"
    low, high = field.min_length, field.max_length
    if high is not None and low is not None and low > 1:
        yield f"{what} has {low} to {high} characters.", rf"\b{low} to {high} characters"
    elif high is not None:
        yield f"{what} has at most {high} characters.", rf"\b{high} characters"
    elif low is not None and low > 1:
        yield f"{what} has at least {low} characters.", rf"\b{low} characters"
    if field.max_items is not None:
        yield f"It has at most {field.max_items} elements.", rf"\bat most {field.max_items}\b"
    if field.min_items is not None and field.min_items > 1:
        yield f"It has at least {field.min_items} elements.", rf"\bat least {field.min_items}\b"


def _numbers(field: Any) -> Iterator[tuple[str, str]]:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        yield f"It is from {low} to {high}.", rf"(?s){low}\b.*\b{high}\b"
    elif low is not None:
        yield f"It is at least {low}.", rf"{low}\b"
    elif high is not None:
        yield f"It is at most {high}.", rf"\b{high}\b"


def _nothing(field: Any) -> Iterator[tuple[str, str]]:
    """What an empty value does."""
    demanded = field.required or field.required_on_create or field.default_on_create is not None
    if demanded or field.immutable or field.write_only or field.compare.name == "NEVER":
        if field.min_length and not demanded:
            yield "It can't be empty.", CAN_NOT
        return
    emptied = {"str": "string", "list": "list", "dict": "dictionary"}.get(field.type)
    if emptied is None or (field.choices and field.type == "str"):
        return  # Ansible knows no empty one
    if field.type == "dict" and field.fields and not field.can_be_cleared:
        return
    if field.min_items if field.type == "list" else field.min_length:
        yield "It can't be empty.", CAN_NOT
    elif field.items.name == "BY_KEY":
        yield f"An empty list changes nothing; with O({field.purge}=true) it removes all.", EMPTY
    elif field.items.name == "MERGE":
        yield "A key whose value is V(null) is removed.", r"V\(null\)"
    elif field.vacant is not None:
        yield f"An empty {emptied} puts back what Azure has by itself.", EMPTY
    else:
        yield f"An empty {emptied} clears it.", EMPTY
