# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators of C#."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from innergate_sandbox.gateway.expressions.format import to_text
from innergate_sandbox.gateway.expressions.values import Char, EnumValue, ExpressionError, Record, is_char, is_string


def add(left: Any, right: Any) -> Any:
    """Add numbers, dates and spans; join texts."""
    if is_string(left) or is_string(right):
        return to_text(left) + to_text(right)
    if left is None or right is None:
        return None
    return _promote(left) + _promote(right)


def divide(left: Any, right: Any) -> Any:
    """Divide; whole numbers give a whole number, cut towards zero."""
    left, right = _promote(left), _promote(right)
    if _whole(left) and _whole(right):
        if right == 0:
            raise ExpressionError("Attempted to divide by zero.", "DivideByZeroException")
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    if right == 0:
        return float("nan") if left == 0 else float("inf") if left > 0 else float("-inf")
    return left / right


def remainder(left: Any, right: Any) -> Any:
    """Return what is left of a division; it has the sign of the dividend."""
    left, right = _promote(left), _promote(right)
    if _whole(left) and _whole(right):
        return left - right * divide(left, right)
    return left - right * int(left / right)


def equal(left: Any, right: Any) -> bool:
    """Compare by value for what C# compares by value; JSON tokens are the same only if they are one object."""
    if left is None or right is None:
        return left is right
    if getattr(left, "by_reference", False) or getattr(right, "by_reference", False):
        return left is right
    if is_char(left) != is_char(right) and isinstance(left, int) != isinstance(right, int):
        return bool(_promote(left) == _promote(right))
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    return bool(left == right)


def same(left: Any, right: Any) -> bool:
    """Return `left.Equals(right)`: of anonymous types and tuples it compares what is in them."""
    if isinstance(left, Record) and isinstance(right, Record):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    return equal(left, right)


def compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make a comparison; with null it is false."""

    def compared(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        return test(_promote(left), _promote(right))

    return compared


def _promote(value: Any) -> Any:
    """Return a character or enumeration member as the number that arithmetic uses."""
    if is_char(value):
        return ord(value)
    return value.number if isinstance(value, EnumValue) else value


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def calculated(left: Any, right: Any) -> Any:
        if left is None or right is None:
            return None
        return function(_promote(left), _promote(right))

    return calculated


def _logical(function: Callable[[Any, Any], Any], decides: bool) -> Callable[[Any, Any], Any]:
    """Make `&` or `|`; with null, one boolean may decide what comes out (`false & null` is false)."""
    calculated = _arithmetic(function)
    return lambda left, right: decides if left is decides or right is decides else calculated(left, right)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(divide),
    "%": _arithmetic(remainder),
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": compare(operator.lt),
    ">": compare(operator.gt),
    "<=": compare(operator.le),
    ">=": compare(operator.ge),
    "&": _logical(operator.and_, False),
    "|": _logical(operator.or_, True),
    "^": _arithmetic(operator.xor),
    "<<": _arithmetic(lambda left, right: left << (right & 63)),
    ">>": _arithmetic(lambda left, right: left >> (right & 63)),
}


def unary(sign: str, value: Any) -> Any:
    """Apply `!`, `-`, `+` or `~`."""
    if sign == "!":
        return not truth(value)
    value = _promote(value)
    if value is None:
        return None
    return -value if sign == "-" else ~value if sign == "~" else value


def truth(value: Any) -> bool:
    """Return a condition's value; C# takes nothing but booleans."""
    if isinstance(value, bool):
        return value
    raise ExpressionError(f"Cannot convert '{to_text(value)}' to bool.", "InvalidCastException")


def is_number(value: Any) -> bool:
    """Say whether a value is a number (a boolean is none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_moment(value: Any) -> bool:
    """Say whether a value is a date or a span."""
    return isinstance(value, datetime | timedelta)


def next_char(value: Any, delta: int) -> Any:
    """Return a number or character moved by one (`++`, `--`); null stays null."""
    if value is None:
        return None
    return Char(chr(ord(value) + delta)) if is_char(value) else value + delta
