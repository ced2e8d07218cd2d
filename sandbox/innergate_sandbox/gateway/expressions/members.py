# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which members the values of expressions have.

A `Kind` stands for one .NET type. The library fills them; `evaluate` looks them up by the Python type of a value. A
member that nobody declared does not exist, whatever attributes the Python object has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innergate_sandbox.gateway.expressions.reader import PREDEFINED
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import ExpressionError

Function = Callable[..., Any]


class Kind:
    """The members of one .NET type: of its objects and of the type itself."""

    def __init__(self, name: str, *python_types: type, convert: Function | None = None) -> None:
        """Name the type, say which Python types hold its objects, and how a cast makes one of another value."""
        self.name = name
        self.properties: dict[str, Function] = {}
        self.methods: dict[str, Function] = {}
        self.generic: set[str] = set()
        self.statics: dict[str, Any] = {}
        self.static_methods: dict[str, Function] = {}
        self.constructor: Function | None = None
        self.get_item: Function | None = None
        self.set_item: Function | None = None
        self.set_property: Function | None = None
        self.python_types = python_types
        self.convert = convert
        TYPES[name.lower()] = self
        for python_type in python_types:
            KINDS[python_type] = self

    def alias(self, *names: str) -> Kind:
        """Give the type more names."""
        for name in names:
            TYPES[name.lower()] = self
        return self

    def property(self, *names: str) -> Callable[[Function], Function]:
        """Declare a property: a function of the object."""
        return lambda function: _register(self.properties, names, function)

    def method(self, *names: str, generic: bool = False) -> Callable[[Function], Function]:
        """Declare a method: a function of the object and its arguments; generic ones get `types` as a keyword."""
        if generic:
            self.generic.update(names)
        return lambda function: _register(self.methods, names, function)

    def static(self, *names: str) -> Callable[[Function], Function]:
        """Declare a static method."""
        return lambda function: _register(self.static_methods, names, function)

    def constant(self, name: str, value: Any) -> None:
        """Declare a static property; a function is called each time."""
        self.statics[name] = value

    def new(self, function: Function) -> Function:
        """Declare the constructor: a function of the arguments and the keyword `types`."""
        self.constructor = function
        return function

    def indexer(self, function: Function) -> Function:
        """Declare `object[key]`."""
        self.get_item = function
        return function


def _register(table: dict[str, Function], names: tuple[str, ...], function: Function) -> Function:
    for name in names:
        table[name] = function
    return function


TYPES: dict[str, Kind] = {}
"""Types by lower-case name, without namespace."""

KINDS: dict[type, Kind] = {}
"""Types by the Python type of their objects."""


class TypeReference:
    """A type used as a value."""

    def __init__(self, name: TypeName, kind: Kind) -> None:
        """Take the name as written and the type."""
        self.name, self.kind = name, kind


class Namespace:
    """`System`, `System.Text` and the like: whatever stands before a type's name."""


NAMESPACES = frozenset({"System", "Newtonsoft", "Microsoft"})


def find_type(name: str) -> Kind | None:
    """Return a type by its last name (C# names have case, so the exact spelling is asked for, but for keywords)."""
    return TYPES.get(name.lower()) if name in PREDEFINED or name[:1].isupper() else None


def kinds_of(value: Any) -> list[Kind]:
    """Return the types of a value, the most special first; what all sequences can do comes with them."""
    return [KINDS[python_type] for python_type in type(value).__mro__ if python_type in KINDS]


def missing(value: Any, name: str) -> ExpressionError:
    """Return the error of using a member that a type does not have."""
    kinds = kinds_of(value)
    what = kinds[0].name if kinds else type(value).__name__
    return ExpressionError(f"'{what}' does not contain a definition for '{name}'", "MissingMemberException")
