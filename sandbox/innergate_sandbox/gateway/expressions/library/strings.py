# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`string` and `StringBuilder`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innergate_sandbox.gateway.expressions.calls import is_sequence
from innergate_sandbox.gateway.expressions.format import composite, to_text
from innergate_sandbox.gateway.expressions.library.basic import ignores_case
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import (
    Char,
    EnumValue,
    ExpressionError,
    Text,
    bounded,
    null_reference,
)

strings = Kind("string", str).alias("String")


def folded(test: Callable[[str, str], Any]) -> Callable[..., Any]:
    """Make a method of two texts obey a StringComparison."""

    def tested(text: str, other: Any, *options: Any) -> Any:
        if other is None:
            raise ExpressionError("Value cannot be null.", "ArgumentNullException")
        other = str(other)
        return test(text.lower(), other.lower()) if ignores_case(options) else test(text, other)

    return tested


def _range(text: str, start: int, length: int | None) -> tuple[int, int]:
    end = len(text) if length is None else start + length
    if start < 0 or end > len(text) or end < start:
        message = (
            "startIndex cannot be larger than length of string."
            if start > len(text)
            else ("Index and length must refer to a location within the string.")
        )
        raise ExpressionError(message, "ArgumentOutOfRangeException")
    return start, end


def _substring(text: str, start: int, length: int | None = None) -> str:
    start, end = _range(text, start, length)
    return str(text)[start:end]


def _remove(text: str, start: int, length: int | None = None) -> str:
    start, end = _range(text, start, length)
    return text[:start] + text[end:]


def _split(text: str, *arguments: Any) -> list[str]:
    separators: list[str] = []
    limit, drop, trim = -1, False, False
    for value in arguments:
        if isinstance(value, EnumValue):
            drop, trim = drop or value.name == "RemoveEmptyEntries", trim or value.name == "TrimEntries"
        elif isinstance(value, int):
            limit = value
        elif isinstance(value, str):
            separators.append(str(value))
        else:
            separators += [str(item) for item in value or []]
    parts: list[str] = []
    rest = str(text)
    while True:
        places = [(at, -len(sep), sep) for sep in separators or [" ", "\t", "\n", "\r"] if (at := rest.find(sep)) >= 0]
        if not places or len(parts) + 1 == limit:
            break
        at, dummy, separator = min(places)
        parts.append(rest[:at])
        rest = rest[at + len(separator) :]
    parts = [part.strip() if trim else part for part in [*parts, rest]]
    return [part for part in parts if part] if drop else parts


def _char_at(text: str, at: int) -> Char:
    if at < 0:
        raise IndexError(at)
    return Char(text[at])


def _find(text: str, other: Any, *options: Any, last: bool = False) -> int:
    if ignores_case(options):
        text, other = text.lower(), other.lower()
    numbers = [value for value in options if isinstance(value, int)]
    if last:
        return text.rfind(str(other))
    return text.find(str(other), *numbers[:1])


def _characters(arguments: tuple[Any, ...]) -> str | None:
    flat = [item for value in arguments for item in (value if isinstance(value, list) else [value])]
    return "".join(str(item) for item in flat) or None


strings.methods.update(
    {
        "Contains": folded(lambda text, other: other in text),
        "StartsWith": folded(str.startswith),
        "EndsWith": folded(str.endswith),
        "Equals": lambda text, other, *options: (
            isinstance(other, str) and bool(folded(str.__eq__)(text, other, *options))
        ),
        "CompareTo": lambda text, other: (text > other) - (text < other),
        "IndexOf": _find,
        "LastIndexOf": lambda text, other, *options: _find(text, other, *options, last=True),
        "Substring": _substring,
        "Remove": _remove,
        "Insert": lambda text, at, other: text[:at] + other + text[at:],
        "Replace": lambda text, old, new, *dummy: text.replace(str(old), to_text(new)),
        "Split": _split,
        "ToLower": lambda text, *dummy: text.lower(),
        "ToUpper": lambda text, *dummy: text.upper(),
        "ToLowerInvariant": str.lower,
        "ToUpperInvariant": str.upper,
        "Trim": lambda text, *chars: text.strip(_characters(chars)),
        "TrimStart": lambda text, *chars: text.lstrip(_characters(chars)),
        "TrimEnd": lambda text, *chars: text.rstrip(_characters(chars)),
        "PadLeft": lambda text, width, char=" ": text.rjust(bounded(width), char),
        "PadRight": lambda text, width, char=" ": text.ljust(bounded(width), char),
        "ToCharArray": lambda text: [Char(char) for char in text],
        "ToString": lambda text, *dummy: str(text),
    }
)
strings.properties["Length"] = len
strings.get_item = _char_at
strings.constant("Empty", "")


def _joined(separator: Any, *values: Any) -> str:
    items = values[0] if len(values) == 1 and is_sequence(values[0]) and not isinstance(values[0], str) else values
    return to_text(separator).join(to_text(item) for item in items)


def _concat(*values: Any) -> str:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return "".join(to_text(item) for item in items)


def _format(pattern: Any, *values: Any) -> str:
    if not isinstance(pattern, str):  # a culture comes first
        pattern, *rest = values
        values = tuple(rest)
    return composite(pattern, list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values))


def _compare(left: str, right: str, *options: Any) -> int:
    fold = ignores_case(options) or True in options
    left, right = (left or "", right or "") if not fold else ((left or "").lower(), (right or "").lower())
    return (left > right) - (left < right)


strings.static_methods.update(
    {
        "IsNullOrEmpty": lambda text: not text,
        "IsNullOrWhiteSpace": lambda text: not (text and text.strip()),
        "Join": _joined,
        "Concat": _concat,
        "Format": _format,
        "Compare": _compare,
        "CompareOrdinal": _compare,
        "Equals": lambda left, right, *options: (
            left is right if left is None or right is None else bool(folded(str.__eq__)(left, right, *options))
        ),
        "Parse": str,
    }
)
strings.constructor = lambda value="", count=None: str(value) * bounded(count) if count is not None else "".join(value)

builders = Kind("StringBuilder", Text)
builders.constructor = lambda text="", *dummy: Text([text] if isinstance(text, str) else [])


def _append(builder: Text, *values: Any) -> Text:
    if builder is None:
        raise null_reference()
    builder.append(to_text(values[0]) * values[1] if len(values) == 2 else "".join(to_text(value) for value in values))
    return builder


def _replaced(builder: Text, old: str, new: str) -> Text:
    text = "".join(builder).replace(old, new)
    builder[:] = [text]
    return builder


builders.methods.update(
    {
        "Append": _append,
        "AppendLine": lambda builder, text="": _append(_append(builder, text), "\r\n"),
        "AppendFormat": lambda builder, *values: _append(builder, _format(*values)),
        "Replace": _replaced,
        "Clear": lambda builder: builder.clear() or builder,
        "ToString": "".join,
    }
)
builders.properties["Length"] = lambda builder: len("".join(builder))
