# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LINQ: what every sequence can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from innergate_sandbox.gateway.expressions.convert import cast, is_instance
from innergate_sandbox.gateway.expressions.format import to_text
from innergate_sandbox.gateway.expressions.library.basic import ignores_case
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.operators import BINARY, same, truth
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import ExpressionError, Group, Pair, bounded, items

Items = Iterable[Any]
Test = Callable[[Any], Any]

enumerable = Kind("Enumerable").alias("IEnumerable")


def _where(source: Any, test: Test | None) -> list[Any]:
    return items(source) if test is None else [item for item in items(source) if truth(test(item))]


def _pick(at: int, fallback: bool) -> Callable[..., Any]:
    def pick(source: Any, test: Test | None = None) -> Any:
        found = _where(source, test)
        if found:
            return found[at]
        if fallback:
            return None
        text = "Sequence contains no matching element" if test else "Sequence contains no elements"
        raise ExpressionError(text, "InvalidOperationException")

    return pick


def _single(source: Any, test: Test | None = None, *, fallback: bool = False) -> Any:
    found = _where(source, test)
    if len(found) > 1:
        raise ExpressionError("Sequence contains more than one element", "InvalidOperationException")
    return _pick(0, fallback)(found)


def _contains(source: Any, wanted: Any, *options: Any) -> bool:
    if ignores_case(options):
        return any(to_text(item).lower() == to_text(wanted).lower() for item in items(source))
    return any(same(item, wanted) for item in items(source))


def _distinct(source: Any, *options: Any) -> list[Any]:
    found: list[Any] = []
    for item in items(source):
        if not _contains(found, item, *options):
            found.append(item)
    return found


def _ordered(reverse: bool) -> Callable[..., list[Any]]:
    return lambda source, key, *dummy: sorted(items(source), key=lambda item: _sortable(key(item)), reverse=reverse)


def _sortable(value: Any) -> Any:
    return (0, 0) if value is None else (1, value)


def _group(source: Any, key: Test, value: Test | None = None) -> list[Group]:
    groups: list[Group] = []
    for item in items(source):
        own = key(item)
        group = next((group for group in groups if same(group.key, own)), None)
        if group is None:
            group = Group(own)
            groups.append(group)
        group.append(value(item) if value else item)
    return groups


def _to_dictionary(source: Any, key: Test, value: Test | None = None, *dummy: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for item in items(source):
        own = key(item)
        if own in found:
            raise ExpressionError("An item with the same key has already been added.", "ArgumentException")
        found[own] = value(item) if value else item
    return found


def _sum(source: Any, value: Test | None = None) -> Any:
    return reduce(BINARY["+"], [value(item) if value else item for item in items(source)], 0)


def _best(function: Callable[[Items], Any]) -> Callable[..., Any]:
    def best(source: Any, value: Test | None = None) -> Any:
        found = [value(item) if value else item for item in items(source)]
        if not found:
            raise ExpressionError("Sequence contains no elements", "InvalidOperationException")
        return function(found)

    return best


def _aggregate(source: Any, *arguments: Any) -> Any:
    if len(arguments) == 1:
        return reduce(arguments[0], items(source))
    result = reduce(arguments[1], items(source), arguments[0])
    return arguments[2](result) if len(arguments) == 3 else result


def _of_type(source: Any, types: tuple[TypeName, ...] = ()) -> list[Any]:
    return [item for item in items(source) if not types or is_instance(item, types[0])]


def _cast(source: Any, types: tuple[TypeName, ...] = ()) -> list[Any]:
    return [cast(item, types[0]) if types else item for item in items(source)]


def _take_while(source: Any, test: Test) -> list[Any]:
    found = items(source)
    return found[: next((at for at, item in enumerate(found) if not truth(test(item))), len(found))]


def _skip_while(source: Any, test: Test) -> list[Any]:
    return items(source)[len(_take_while(source, test)) :]


enumerable.methods.update(
    {
        "Any": lambda source, test=None: bool(_where(source, test)),
        "All": lambda source, test: all(truth(test(item)) for item in items(source)),
        "Count": lambda source, test=None: len(_where(source, test)),
        "LongCount": lambda source, test=None: len(_where(source, test)),
        "Where": _where,
        "Select": lambda source, make: [make(item) for item in items(source)],
        "SelectMany": lambda source, make: [inner for item in items(source) for inner in items(make(item))],
        "First": _pick(0, False), "FirstOrDefault": _pick(0, True), "Last": _pick(-1, False),
        "LastOrDefault": _pick(-1, True), "Single": _single,
        "SingleOrDefault": lambda source, test=None: _single(source, test, fallback=True),
        "ElementAt": lambda source, at: items(source)[at],
        "ElementAtOrDefault": lambda source, at: items(source)[at] if 0 <= at < len(items(source)) else None,
        "Contains": _contains, "Distinct": _distinct,
        "OrderBy": _ordered(False), "OrderByDescending": _ordered(True), "ThenBy": _ordered(False),
        "Reverse": lambda source: items(source)[::-1],
        "Skip": lambda source, count: items(source)[max(count, 0) :],
        "Take": lambda source, count: items(source)[: max(count, 0)],
        "TakeWhile": _take_while, "SkipWhile": _skip_while,
        "Concat": lambda source, other: items(source) + items(other),
        "Append": lambda source, item: [*items(source), item],
        "Prepend": lambda source, item: [item, *items(source)],
        "Union": lambda source, other, *dummy: _distinct(items(source) + items(other)),
        "Intersect": lambda source, other, *rest: [one for one in _distinct(source) if _contains(other, one, *rest)],
        "Except": lambda source, other, *rest: [one for one in _distinct(source) if not _contains(other, one, *rest)],
        "Zip": lambda source, other, make: [make(*pair) for pair in zip(items(source), items(other), strict=False)],
        "GroupBy": _group, "ToDictionary": _to_dictionary, "ToLookup": _group,
        "ToList": items, "ToArray": items, "AsEnumerable": items,
        "ToHashSet": _distinct,
        "Sum": _sum, "Min": _best(min), "Max": _best(max),
        "Average": _best(lambda found: sum(found) / len(list(found))),
        "Aggregate": _aggregate,
        "SequenceEqual": lambda source, other: items(source) == items(other),
        "DefaultIfEmpty": lambda source, item=None: items(source) or [item],
    }
)  # fmt: skip
enumerable.method("OfType", generic=True)(_of_type)
enumerable.method("Cast", generic=True)(_cast)
enumerable.static_methods.update(
    {
        "Range": lambda start, count: list(range(start, start + bounded(count))),
        "Empty": list,
        "Repeat": lambda item, count: [item] * bounded(count),
    }
)

groups = Kind("IGrouping", Group)
groups.properties["Key"] = lambda group: group.key
pairs = Kind("KeyValuePair", Pair)
pairs.properties.update({"Key": lambda pair: pair.key, "Value": lambda pair: pair.value})
pairs.constructor = Pair
