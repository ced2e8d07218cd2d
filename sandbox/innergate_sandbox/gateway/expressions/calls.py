# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Using members of values: methods, properties, elements. Here, and only here, the library is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from innergate_sandbox.gateway.expressions import nullables
from innergate_sandbox.gateway.expressions.members import (
    TYPES,
    Kind,
    Namespace,
    TypeReference,
    find_type,
    kinds_of,
    missing,
)
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import ExpressionError, Record, null_reference

_NET_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (KeyError, "KeyNotFoundException"),
    (LookupError, "ArgumentOutOfRangeException"),
    (ZeroDivisionError, "DivideByZeroException"),
    (OverflowError, "OverflowException"),
    (UnicodeError, "DecoderFallbackException"),
    (ValueError, "FormatException"),
    (TypeError, "ArgumentException"),
    (AttributeError, "InvalidCastException"),
    (re.error, "ArgumentException"),
    (RecursionError, "StackOverflowException"),
)


def invoke(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call a function of the library; what Python raises becomes the .NET exception that stands for it."""
    try:
        return function(*arguments, **named)
    except (
        LookupError,
        ZeroDivisionError,
        OverflowError,
        ValueError,
        TypeError,
        AttributeError,
        re.error,
        RecursionError,
    ) as error:
        kind = next(net for python, net in _NET_ERRORS if isinstance(error, python))
        if isinstance(error, KeyError):
            raise ExpressionError("The given key was not present in the dictionary.", kind) from error
        if isinstance(error, IndexError):
            raise ExpressionError("Index was outside the bounds of the array.", "IndexOutOfRangeException") from error
        raise ExpressionError(str(error) or "The value is not valid.", kind) from error


def call_method(
    owner: Any, name: str, positional: list[Any], named: dict[str, Any], types: tuple[TypeName, ...]
) -> Any:
    """Call `owner.name<types>(...)`, static when the owner is a type."""
    if owner is None:
        raise null_reference()
    if isinstance(owner, TypeReference):
        function = owner.kind.static_methods.get(name)
        if function is None:
            # string.Equals(a, b) and the like: a method of the first argument
            function = owner.kind.methods.get(name) or TYPES["object"].static_methods.get(name)
        if function is None:
            raise ExpressionError(f"'{owner.name.name}' does not contain a definition for '{name}'")
        return invoke(function, *positional, **named)
    if isinstance(owner, Record) and callable(owner.get(name)):
        return invoke(owner[name], *positional)
    kind, function = _method(owner, name)
    if name in kind.generic:
        return invoke(function, owner, *positional, types=types, **named)
    return invoke(function, owner, *positional, **named)


def _method(owner: Any, name: str) -> tuple[Kind, Callable[..., Any]]:
    candidates = kinds_of(owner)
    if is_sequence(owner):
        candidates.append(TYPES["enumerable"])
    candidates.append(TYPES["object"])
    for kind in candidates:
        if name in kind.methods:
            return kind, kind.methods[name]
    raise missing(owner, name)


def is_sequence(value: Any) -> bool:
    """Say whether LINQ works on a value."""
    return hasattr(value, "__iter__") and not isinstance(value, Record)


def read_member(owner: Any, name: str) -> Any:
    """Return `owner.name`."""
    if owner is None:
        raise null_reference()
    if isinstance(owner, Namespace):
        kind = find_type(name)
        return TypeReference(TypeName(name), kind) if kind else owner
    if isinstance(owner, TypeReference):
        if name in owner.kind.statics:
            found = owner.kind.statics[name]
            return invoke(found) if callable(found) else found
        if name in owner.kind.static_methods:
            return owner.kind.static_methods[name]
        nested = find_type(name)
        if nested:
            return TypeReference(TypeName(name), nested)
        raise ExpressionError(f"'{owner.name.name}' does not contain a definition for '{name}'")
    if isinstance(owner, Record) and name in owner:
        return owner[name]
    for kind in kinds_of(owner):
        if name in kind.properties:
            return invoke(kind.properties[name], owner)
    if nullables.is_struct(owner, name):
        return nullables.read(owner, name)
    try:
        dummy, function = _method(owner, name)
    except ExpressionError:
        raise missing(owner, name) from None
    return lambda *arguments: invoke(function, owner, *arguments)


def index(owner: Any, arguments: Sequence[Any]) -> Any:
    """Return `owner[arguments]`."""
    if owner is None:
        raise null_reference()
    for kind in kinds_of(owner):
        if kind.get_item:
            return invoke(kind.get_item, owner, *arguments)
    raise ExpressionError("Cannot apply indexing with [] to this value", "CompilationException")


def write_index(owner: Any, arguments: Sequence[Any], value: Any) -> None:
    """Do `owner[arguments] = value`."""
    if owner is None:
        raise null_reference()
    for kind in kinds_of(owner):
        if kind.set_item:
            invoke(kind.set_item, owner, *arguments, value)
            return
    raise ExpressionError("This value cannot be assigned to by an index", "CompilationException")


def write_member(owner: Any, name: str, value: Any) -> None:
    """Do `owner.name = value`."""
    if owner is None:
        raise null_reference()
    for kind in kinds_of(owner):
        if kind.set_property:
            invoke(kind.set_property, owner, name, value)
            return
    raise ExpressionError(f"Property or indexer '{name}' cannot be assigned to", "CompilationException")
