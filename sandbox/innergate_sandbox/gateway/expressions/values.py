# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of C# that Python has no type for, and the errors that expressions meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict


class ExpressionError(Exception):
    """An expression that cannot be evaluated. kind: the .NET exception's name, as `catch` clauses know it."""

    def __init__(self, message: str, kind: str = "Exception", inner: object = None) -> None:
        """Take the exception's message."""
        super().__init__(message)
        self.message, self.kind, self.inner = message, kind, inner


def null_reference() -> ExpressionError:
    """Return the error of using a member of null."""
    return ExpressionError("Object reference not set to an instance of an object.", "NullReferenceException")


LONGEST = 10_000_000
"""The most characters or items that an expression may ask for in one go."""


def bounded(count: int) -> int:
    """Return a length that an expression asks for; an ExpressionError if it is absurd."""
    if not 0 <= count <= LONGEST:
        kind = "ArgumentOutOfRangeException" if count < 0 else "OutOfMemoryException"
        raise ExpressionError(f"The length {count} is not possible.", kind)
    return count


class Char(str):
    """A `char`: one character, which is not a string."""

    __slots__ = ()


class Text(list[str]):
    """A `StringBuilder`: pieces of text."""


@dataclass(frozen=True)
class Pair:
    """A `KeyValuePair`."""

    key: Any
    value: Any


class Group(list[Any]):
    """What `GroupBy` makes: the items that share a key."""

    def __init__(self, key: Any) -> None:
        """Begin empty."""
        super().__init__()
        self.key = key


@dataclass
class Reference:
    """The variable behind an `out` argument."""

    value: Any = None


@dataclass(frozen=True)
class EnumValue:
    """A member of an enumeration, such as `StringComparison.OrdinalIgnoreCase`."""

    type: str
    name: str
    number: int = 0


class Record(dict[str, Any]):
    """An object of an anonymous type."""


def is_char(value: object) -> bool:
    """Say whether a value is a `char`."""
    return isinstance(value, Char)


def is_string(value: object) -> bool:
    """Say whether a value is a `string`."""
    return isinstance(value, str) and not isinstance(value, Char)


def items(source: Any) -> list[Any]:
    """Return the items of a sequence: characters of a text, pairs of a dictionary, headers with all their values."""
    if isinstance(source, str):
        return [Char(char) for char in source]
    if isinstance(source, CIMultiDict):
        names: dict[str, str] = {}
        for name in source:
            names.setdefault(name.lower(), name)
        return [Pair(name, source.getall(name)) for name in names.values()]
    if isinstance(source, dict):
        return [Pair(key, value) for key, value in source.items()]
    return list(source)
