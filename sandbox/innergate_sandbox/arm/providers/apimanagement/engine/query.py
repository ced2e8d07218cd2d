# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""$filter, $top and $skip of the lists of API Management."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm import odata

from ..settings import Settings
from . import filterable
from .declaration import Resource
from .faults import incorrect, unknown_property


def select(items: list[dict[str, Any]], expression: str | None, resource: Resource) -> list[dict[str, Any]]:
    """The items that a $filter lets through; 400 ValidationError if it can't be read, or names what nobody knows."""
    if not expression or not expression.strip():
        return items
    try:
        test, fields = odata.parsed(expression)
    except odata.Unreadable:
        raise incorrect("filter", f"Invalid filter clause: '{expression}'.") from None
    known = filterable.known(resource.segments)
    for field in fields:
        name = field.rpartition("/")[2]  # properties/displayName
        if known is not None and name.lower() not in {other.lower() for other in known}:
            raise unknown_property(name, resource.noun)
    more = resource.filtered_by  # what the items do not show
    return [item for item in items if test({**item, **{name: value(item) for name, value in more.items()}})]


def window(query: dict[str, str], settings: Settings) -> tuple[int, int]:
    """$skip and the size of the page."""
    given = {key.lower(): value for key, value in query.items()}
    numbers = []
    for key, default, least in (("$skip", 0, 0), ("$top", settings.page_size, 1)):
        text = given.get(key, "")
        if text and (not text.isdigit() or int(text) < least):
            raise incorrect(key, f"Query parameter {key} should be at least {least}.")
        numbers.append(int(text) if text else default)
    return numbers[0], min(numbers[1], settings.page_limit)


def next_link(base: str, path: str, query: dict[str, str], skip: int, size: int) -> str:
    """The URL of the next page: a full one, with $skip, and everything else that was asked."""
    kept = {key: value for key, value in query.items() if key.lower() not in ("$skip", "$top")}
    given = {key.lower(): value for key, value in query.items()}
    pairs = [*kept.items(), *([("$top", str(size))] if "$top" in given else []), ("$skip", str(skip + size))]
    text = "&".join(f"{quote(key, safe='$')}={quote(value, safe='')}" for key, value in pairs)
    return f"{base}{quote(path)}?{text}"
