# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that people may write for the options of a declaration, made of the declaration and one usual value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field

Titled = Iterator[tuple[str, Any]]


def variations(fields: Sequence[Field], usual: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what it is, {option: value}) for every option, and everything below it that the usual value has."""
    for field in fields:
        if not field.read_only:
            for title, value in values(field, usual.get(field.name)):
                yield f"{field.name} {title}", {field.name: value}


def values(field: Field, usual: Any) -> Titled:
    """(what it is, value) for one option; C(usual): a value that works, None if there is none at hand."""
    yield "left out", None
    if field.type == "list":
        yield from _lists(field, usual)
    elif field.fields and field.type == "dict":
        yield from _objects(field, usual)
    elif field.type == "dict":
        yield "empty", {}
        yield "one pair", {"a": "b"}
    elif field.type == "bool":
        yield "true", True
        yield "false", False
    elif field.type in ("int", "float"):
        yield from _numbers(field)
    else:
        yield from _texts(field, usual)


def _lists(field: Field, usual: Any) -> Titled:
    yield "empty", []
    given: list[Any] = usual if isinstance(usual, list) else [usual] if isinstance(usual, str) else []
    if not given and not field.fields:
        given = list(field.choices[:2]) or ["a", "b"]
        yield "of two", given
    if given:
        yield "reversed", given[::-1]
        yield "with its first element twice", [*given, given[0]]
    if field.fields:
        for title, options in variations(field.fields, given[0]) if given else ():
            yield f"with {title}", [{**given[0], **options}, *given[1:]]
    elif given and isinstance(given[0], str):
        for title, text in _texts(field, given[0]):
            yield f"with {title}", [text, *given[1:]]


def _objects(field: Field, usual: Any) -> Titled:
    yield "empty", {}
    for title, options in variations(field.fields, usual or {}):
        yield f"with {title}", {**(usual or {}), **options}


def _numbers(field: Field) -> Titled:
    for title, limit, step in (("minimum", field.minimum, -1), ("maximum", field.maximum, 1)):
        if limit is not None:
            yield f"at its {title}", limit
            yield f"beyond its {title}", limit + step
    yield "zero", 0
    yield "negative", -7


def _texts(field: Field, usual: Any) -> Titled:
    if field.choices:
        yield from ((f"= {choice}", choice) for choice in field.choices)
        return
    yield "empty", ""
    yield "white space", " "
    yield "of one character", "a"
    if field.max_length:
        yield "as long as can be", "a" * field.max_length
        yield "longer than can be", "a" * (field.max_length + 1)
    if isinstance(usual, str) and usual:
        yield "in other casing", usual.swapcase()
        yield "with a slash at its end", usual + "/"
        yield "with white space around it", f" {usual} "


def deep(field: Field, value: Any) -> Any:
    """The value without what is only shown and without what is null."""
    if isinstance(value, list):
        return [deep(field, item) for item in value] if field.fields else value
    if not isinstance(value, dict) or not field.fields:
        return value
    shown = {f.name: deep(f, value.get(f.name)) for f in field.fields if not f.read_only and not f.write_only}
    return {name: item for name, item in shown.items() if item is not None}


def paths(
    fields: Sequence[Field], wanted: Callable[[Field], object], above: tuple[Field, ...] = ()
) -> Iterator[tuple[Field, ...]]:
    """The way from the resource to each option that is wanted."""
    for field in fields:
        if field.read_only:
            continue
        if wanted(field):
            yield (*above, field)
        yield from paths(field.fields, wanted, (*above, field))


def dotted(path: Sequence[Field]) -> str:
    """How people name an option: C(sku.name)."""
    return ".".join(field.name for field in path)


def put(path: Sequence[Field], value: Any, usual: Any) -> dict[str, Any]:
    """The options that give the field at the path this value, of a list of objects in its first element.

    C(usual): the object that the path begins in, for what has to stand beside the value.
    """
    field, rest = path[0], path[1:]
    if not rest:
        return {field.name: value}
    beside = usual.get(field.name) if isinstance(usual, Mapping) else None
    if field.type == "list":
        first, *others = beside or [{}]
        return {field.name: [{**first, **put(rest, value, first)}, *others]}
    return {field.name: {**(beside or {}), **put(rest, value, beside)}}


def at(path: Sequence[Field], found: Any) -> Any:
    """The value at the path, of a list of objects that of its first element; null where there is none."""
    for field in path:
        found = found.get(field.name) if isinstance(found, Mapping) else None
        if isinstance(found, list) and field.fields:
            found = next(iter(found), None)
    return found
