# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`int?`, which is `Nullable<int>`: its members, and where an expression shows that it has such a type.

Here a nullable is its value, or null. Null does not tell which members it has, so the expression is asked for the type:
a variable that was declared with one, a cast, and what is put together of these. Where it does not say, null has
`HasValue` and `GetValueOrDefault(fallback)`, which no other type that policies may use has without a value.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.convert import default
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError, is_char

if TYPE_CHECKING:
    from innergate_sandbox.gateway.expressions.evaluate import Scope

_STRUCTS = (bool, int, float, Decimal, datetime, timedelta, uuid.UUID, EnumValue)
_METHODS = frozenset({"GetValueOrDefault", "ToString", "GetHashCode", "Equals"})
_TESTS = ("HasValue", "Value")


def no_value() -> ExpressionError:
    """Return the error of using the value of a nullable that has none."""
    return ExpressionError("Nullable object must have a value.", "InvalidOperationException")


def type_of(node: s.Node | None, scope: Scope) -> s.TypeName | None:
    """Return T if an expression shows that its type is `T?`, else None."""
    if isinstance(node, s.Name):
        found = scope.find(node.name)
        return found.nullables.get(node.name) if found else None
    if isinstance(node, s.Cast):
        wanted = node.type.arguments[0] if node.type.name == "default" else node.type
        return without(wanted)
    if isinstance(node, s.New):
        return without(node.type)
    if isinstance(node, s.Conditional):
        return type_of(node.yes, scope) or type_of(node.no, scope)
    if isinstance(node, s.Assign):
        return type_of(node.target, scope)
    if isinstance(node, s.Binary) and node.operator == "??":
        return type_of(node.right, scope)
    return None


def without(wanted: s.TypeName) -> s.TypeName | None:
    """Return T of `T?`; None for other types, arrays of nullables among them."""
    return s.TypeName(wanted.name, wanted.arguments) if wanted.nullable and not wanted.arrays else None


def has_property(value: Any, name: str, known: s.TypeName | None) -> bool:
    """Say whether a property is one of Nullable. known: the type that the expression shows."""
    if name not in _TESTS:
        return False
    return known is not None or (value is None and name == "HasValue")


def is_struct(value: Any, name: str) -> bool:
    """Say whether a property that a value does not have itself is one of its being in a nullable."""
    return name in _TESTS and (isinstance(value, _STRUCTS) or is_char(value))


def read(value: Any, name: str) -> Any:
    """Return `nullable.HasValue` or `nullable.Value`."""
    if name == "HasValue":
        return value is not None
    if value is None:
        raise no_value()
    return value


def has_method(value: Any, name: str, known: s.TypeName | None, count: int) -> bool:
    """Say whether a method is one of Nullable, not of the value in it. count: of the arguments."""
    if name == "GetValueOrDefault" and count < 2:
        return known is not None or isinstance(value, _STRUCTS) or is_char(value) or (value is None and count == 1)
    return value is None and known is not None and name in _METHODS


def call(value: Any, name: str, known: s.TypeName | None, arguments: list[Any]) -> Any:
    """Return what a method of Nullable answers."""
    if name == "GetValueOrDefault":
        if value is not None:
            return value
        return arguments[0] if arguments else default(known) if known else None
    if name == "Equals":
        return arguments[:1] == [None]
    return "" if name == "ToString" else 0
