# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a task can't do what it was asked to: found before anything is sent to Azure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any


class PlanError(Exception):
    """What the user asked for can't work. The message says which option it is and what to do.

    C(field) is the option's path (C(sku.name)).
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def needed_to_create(path: str, names: list[str], what: str) -> PlanError:
    """The refusal to create something without these options; C(path) is where they belong."""
    options = ", ".join(path + name for name in names)
    return PlanError(f"{options} {'is' if len(names) == 1 else 'are'} needed to create {what}", field=path + names[0])


def dependent(path: str, value: Any, other: str, needed: Any, actual: Any) -> PlanError:
    """The refusal of a value that Azure takes only with a certain value of another option."""
    if isinstance(value, dict | list):
        return PlanError(f"{path} is only for {other}: {needed}, and it is {actual}", field=path)
    return PlanError(
        f"{path} can be {value!r} only with {other}: {str(needed).lower()}, which is {str(actual).lower()}",
        field=path,
    )


def immutable(path: str, old: Any, new: Any, *, secret: bool = False) -> PlanError:
    """The refusal to change what can't be changed."""
    is_now = "is not set" if old is None else f"is {old!r}"
    change = "has another value" if secret else f"{is_now} and can't become {new!r}"
    return PlanError(
        f"{path} {change}: Azure does not allow it to change after creation. Keep the value, or remove the resource "
        "and create it anew",
        field=path,
    )


def text_problem(place: str, wanted: str) -> str:
    """What to say of a text in place of a C(wanted) list or dictionary.

    People meet it where a survey or the command line gives all as texts.
    """
    return (
        f"{place} is a text: give a {wanted} (in extra variables as JSON or YAML, not as a text in quotes; from_json "
        "makes one of a text)"
    )


def shape_problem(place: str, wanted: str, value: Any) -> str:
    """What to say of a value in place of a C(wanted) text, list or dictionary. Not the value: it may be a secret."""
    if isinstance(value, str):
        return text_problem(place, wanted)
    return f"{place} has to be a {wanted}, not {_kind(value)}"


def _kind(value: Any) -> str:
    """What a value of YAML is, in words."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, Mapping):
        return "a dictionary"
    return "a list" if isinstance(value, list | tuple) else "something else"


def hint(name: str, known: Iterable[str]) -> str:
    """The known name that was perhaps meant, to add to a sentence; "" if none is near. Case counts for nothing."""
    names = {one.casefold(): one for one in sorted(set(known))}
    near = difflib.get_close_matches(name.casefold(), names, n=1)
    return f" (did you mean {names[near[0]]}?)" if near else ""
