# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turning values into text as .NET does with the invariant culture."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError, Pair, Record, Text

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DATE_PART = re.compile(r"'([^']*)'|\"([^\"]*)\"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|F+|t+|z+|K)")
_STANDARD_DATES = {
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK", "s": "yyyy-MM-ddTHH:mm:ss", "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "t": "HH:mm", "T": "HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm", "G": "MM/dd/yyyy HH:mm:ss", "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss", "Y": "yyyy MMMM", "M": "MMMM dd",
}  # fmt: skip

# Types of the library add themselves: type -> its ToString()
TEXTS: dict[type, Callable[[Any], str]] = {}


def to_text(value: Any) -> str:
    """Return `value.ToString()`; null is empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    for kind in type(value).__mro__:
        if kind in TEXTS:
            return TEXTS[kind](value)
    return f"{type(value).__name__}"


def _float(value: float) -> str:
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    text = repr(value)
    if "e" in text:
        mantissa, dummy, exponent = text.partition("e")
        return f"{mantissa.removesuffix('.0')}E{int(exponent):+03d}"
    return text.removesuffix(".0")


def format_value(value: Any, pattern: str) -> str:
    """Return `value.ToString(pattern)` for numbers, dates, spans and identifiers."""
    if not pattern:
        return to_text(value)
    if isinstance(value, bool):
        return to_text(value)
    if isinstance(value, int | float | Decimal):
        return _number(value, pattern)
    if isinstance(value, datetime):
        return format_date(value, pattern)
    if isinstance(value, timedelta):
        return format_span(value, pattern)
    if isinstance(value, uuid.UUID):
        return _guid(value, pattern)
    return to_text(value)


def composite(pattern: str, values: list[Any]) -> str:
    """Return `string.Format(pattern, values)`."""

    def fill(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        index = int(found[1])
        if index >= len(values):
            message = (
                "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
            )
            raise ExpressionError(message, "FormatException")
        return pad(format_value(values[index], found[3] or ""), int(found[2] or 0))

    return re.sub(r"\{\{|\}\}|\{(\d+)(?:,\s*(-?\d+))?(?::([^}]*))?\}", fill, pattern)


def pad(text: str, width: int) -> str:
    """Return text padded to a width: on the left, or on the right when it is negative."""
    return text.rjust(width) if width >= 0 else text.ljust(-width)


def _number(value: float | Decimal, pattern: str) -> str:
    standard = re.fullmatch(r"([A-Za-z])(\d*)", pattern)
    if not standard:
        return _custom_number(Decimal(str(value)), pattern)
    letter, digits = standard[1], standard[2]
    places = int(digits) if digits else 2
    if letter in "Dd":
        return ("-" if value < 0 else "") + str(abs(int(value))).zfill(int(digits or 1))
    if letter in "Xx":
        text = format(int(value) & 0xFFFFFFFFFFFFFFFF if value < 0 else int(value), letter)
        return text.zfill(int(digits or 1))
    exact = Decimal(str(value))
    if letter in "FfNn":
        return format(_round(exact, places), ",f" if letter in "Nn" else "f")
    if letter in "Pp":
        return format(_round(exact * 100, places), ",f") + " %"
    return to_text(value) if letter in "GgRr" else format(value, letter)


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _custom_number(value: Decimal, pattern: str) -> str:
    whole, dummy, fraction = pattern.partition(".")
    text = format(_round(abs(value), len(re.sub(r"[^0#]", "", fraction))), "f")
    integer, dummy, decimals = text.partition(".")
    integer = integer.lstrip("0").rjust(whole.replace(",", "").count("0"), "0")
    if "," in whole and integer:
        integer = format(int(integer), ",")
    while decimals.endswith("0") and len(decimals) > fraction.count("0"):
        decimals = decimals[:-1]
    return ("-" if value < 0 else "") + integer + (f".{decimals}" if decimals else "")


def format_date(value: datetime, pattern: str) -> str:
    """Return a date by a standard (one letter) or custom format."""
    pattern = pattern.replace("G zzz", f"{_STANDARD_DATES['G']} zzz")
    if len(pattern) == 1:
        key = pattern if pattern in _STANDARD_DATES else pattern.lower()
        if key not in _STANDARD_DATES:
            raise ExpressionError("Input string was not in a correct format.", "FormatException")
        pattern = _STANDARD_DATES[key]
    return _DATE_PART.sub(lambda found: _date_part(value, found), pattern)


def _date_part(value: datetime, found: re.Match[str]) -> str:
    if found[4] is None:
        return next(text for text in found.groups() if text is not None)
    part = found[4]
    letter, size = part[0], len(part)
    if letter in "fF":
        digits = f"{value.microsecond:06d}0"[:size]
        return digits if letter == "f" else digits.rstrip("0")
    if letter in "zK":
        return _offset(value, letter, size)
    if letter == "t":
        return ("AM" if value.hour < 12 else "PM")[:size]
    if letter == "d" and size > 2:
        return _DAYS[value.weekday()] if size > 3 else _DAYS[value.weekday()][:3]
    if letter == "M" and size > 2:
        return _MONTHS[value.month - 1] if size > 3 else _MONTHS[value.month - 1][:3]
    numbers = {"y": value.year if size > 2 else value.year % 100, "M": value.month, "d": value.day, "H": value.hour,
               "h": value.hour % 12 or 12, "m": value.minute, "s": value.second}  # fmt: skip
    return str(numbers[letter]).zfill(size)


def _offset(value: datetime, letter: str, size: int) -> str:
    offset = value.utcoffset()
    if offset is None:
        return "" if letter == "K" else "+00:00"[: 3 if size < 3 else 6]
    if letter == "K" and not offset and not getattr(value, "has_offset", False):
        return "Z"
    minutes = int(offset.total_seconds() // 60)
    text = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    return text if letter == "K" or size > 2 else text[:3]


def format_span(value: timedelta, pattern: str = "c") -> str:
    """Return a TimeSpan: `[-][d.]hh:mm:ss[.fffffff]`, or by a custom format."""
    total = abs(value)
    seconds, micro = total.seconds, total.microseconds
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if pattern in ("c", "g", "G", "t", "T"):
        days = f"{total.days}." if total.days else ""
        fraction = f".{micro:06d}0" if micro else ""
        return f"{'-' if value < timedelta(0) else ''}{days}{hours:02d}:{minutes:02d}:{rest:02d}{fraction}"

    def part(found: re.Match[str]) -> str:
        if found[4] is None:
            return next(text for text in found.groups() if text is not None)
        letter, size = found[4][0], len(found[4])
        if letter in "fF":
            return f"{micro:06d}0"[:size]
        return str({"d": total.days, "h": hours, "m": minutes, "s": rest}.get(letter, "")).zfill(size)

    return _DATE_PART.sub(part, pattern)


def _guid(value: uuid.UUID, pattern: str) -> str:
    text = str(value)
    forms = {"N": value.hex, "D": text, "B": f"{{{text}}}", "P": f"({text})"}
    return forms.get(pattern.upper(), text)


TEXTS.update(
    {
        datetime: lambda value: format_date(value, "G zzz" if getattr(value, "has_offset", False) else "G"),
        timedelta: format_span,
        uuid.UUID: str,
        bytes: lambda value: "System.Byte[]",
        list: lambda value: "System.String[]",
        tuple: lambda value: "System.String[]",
        dict: lambda value: "System.Collections.Generic.Dictionary",
        Text: "".join,
        EnumValue: lambda value: value.name,
        Pair: lambda value: f"[{to_text(value.key)}, {to_text(value.value)}]",
        Record: lambda value: "{ " + ", ".join(f"{name} = {to_text(item)}" for name, item in value.items()) + " }",
        Decimal: str,
        ExpressionError: lambda value: f"System.{value.kind}: {value.message}",
    }
)
