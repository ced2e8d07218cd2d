# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Casts, type tests and defaults."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.gateway.expressions.members import find_type, kinds_of
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import (
    Char,
    EnumValue,
    ExpressionError,
    is_char,
    is_string,
    null_reference,
)

INTEGERS = frozenset(
    [
        "int",
        "long",
        "short",
        "byte",
        "uint",
        "ulong",
        "ushort",
        "sbyte",
        "Int32",
        "Int64",
        "Int16",
        "Byte",
        "UInt32",
        "UInt64",
    ]
)
FLOATS = frozenset(["double", "float", "decimal", "Double", "Single", "Decimal"])
_ANYTHING = frozenset(["object", "dynamic", "var", "Object"])


def token_value(value: Any) -> Any:
    """Return what a JSON token holds; other values are themselves."""
    return value.scalar() if hasattr(value, "scalar") else value


def cast(value: Any, wanted: TypeName) -> Any:
    """Return `(T)value`; an ExpressionError if C# would refuse."""
    name = wanted.name
    if name == "default":
        return default(wanted.arguments[0])
    if wanted.arrays or name in _ANYTHING:
        return value
    if hasattr(value, "scalar") and (name in INTEGERS or name in FLOATS or name in _SCALARS):
        return convert(value.scalar(), wanted)
    if value is None:
        if name in INTEGERS or name in FLOATS or name in ("bool", "Boolean"):
            if wanted.nullable:
                return None
            raise null_reference()
        return None
    if name in INTEGERS and not isinstance(value, bool | str):
        return _integer(value)
    if name in INTEGERS and is_char(value):
        return ord(value)
    if name in FLOATS and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if name in ("char", "Char") and isinstance(value, int):
        return Char(chr(value))
    if is_instance(value, wanted):
        return value
    kind = find_type(name)
    if kind and kind.convert:
        return kind.convert(value)
    raise _refused(value, wanted)


_SCALARS = frozenset(
    ["string", "String", "bool", "Boolean", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "char", "Uri"]
)


def convert(value: Any, wanted: TypeName) -> Any:
    """Return a value as another type the way `token.Value<T>()` and `(T)token` do: texts are read."""
    name = wanted.name
    if value is None:
        return cast(value, wanted)
    if name in ("string", "String"):
        from innergate_sandbox.gateway.expressions.format import to_text

        return {True: "True", False: "False"}[value] if isinstance(value, bool) else to_text(value)
    if is_string(value):
        reader = find_type(name)
        parse = reader.static_methods.get("Parse") if reader else None
        return parse(value) if parse else cast(value, wanted)
    if name in ("bool", "Boolean") and isinstance(value, int):
        return bool(value)
    if name in INTEGERS and isinstance(value, bool):
        return int(value)
    return cast(value, wanted)


def _integer(value: Any) -> int:
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, int | float):
        return int(value)
    raise _refused(value, TypeName("int"))


def _refused(value: Any, wanted: TypeName) -> ExpressionError:
    kinds = kinds_of(value)
    what = kinds[0].name if kinds else type(value).__name__
    text = f"Unable to cast object of type '{what}' to type '{wanted.name}'."
    return ExpressionError(text, "InvalidCastException")


def is_instance(value: Any, wanted: TypeName) -> bool:
    """Return `value is T`."""
    if value is None:
        return False
    name = wanted.name
    if name in _ANYTHING:
        return True
    if wanted.arrays:
        return isinstance(value, list | tuple | bytes)
    if name in ("string", "String"):
        return is_string(value)
    if name in ("char", "Char"):
        return is_char(value)
    if name in ("bool", "Boolean"):
        return isinstance(value, bool)
    if name in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if name in FLOATS:
        return isinstance(value, float)
    if isinstance(value, EnumValue):
        return value.type == name
    kind = find_type(name)
    if kind is None:
        raise ExpressionError(f"The type or namespace name '{name}' could not be found", "CompilationException")
    return isinstance(value, kind.python_types)


_ZEROES = {"DateTime": "MinValue", "DateTimeOffset": "MinValue", "TimeSpan": "Zero", "Guid": "Empty"}
"""Where the types that are no numbers say what their default is."""


def default(wanted: TypeName) -> Any:
    """Return `default(T)`."""
    if wanted.arrays or wanted.nullable:
        return None
    if wanted.name in INTEGERS:
        return 0
    if wanted.name in FLOATS:
        return 0.0
    if wanted.name in ("bool", "Boolean"):
        return False
    kind = find_type(wanted.name)
    zero = _ZEROES.get(kind.name) if kind else None
    return kind.statics[zero] if kind and zero else None
