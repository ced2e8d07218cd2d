# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Newtonsoft's JSON tokens as objects: reading, writing, selecting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from innergate_sandbox.gateway.expressions.convert import convert
from innergate_sandbox.gateway.expressions.format import format_date, to_text
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError, Group, Pair, Record

TYPE_NAMES = (
    "None", "Object", "Array", "Constructor", "Property", "Comment", "Integer", "Float", "String", "Boolean", "Null",
    "Undefined", "Date", "Raw", "Bytes", "Guid", "Uri", "TimeSpan",
)  # fmt: skip


class Token:
    """Any JSON token; `==` on tokens asks whether they are the same object."""

    by_reference = True
    parent: Token | None = None

    def scalar(self) -> Any:
        """Return the value of a JValue; other tokens have none."""
        raise ExpressionError("Can not convert Object to String.", "ArgumentException")

    def plain(self) -> Any:
        """Return Python's form of it."""
        raise NotImplementedError


class Value(Token):
    """A `JValue`: text, number, boolean or null."""

    def __init__(self, value: Any = None) -> None:
        """Take the value."""
        self.value = value

    def scalar(self) -> Any:
        """Return the value."""
        return self.value

    def plain(self) -> Any:
        """Return what JSON can say: dates, identifiers and the like as text."""
        if isinstance(self.value, datetime):
            return format_date(self.value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")
        known = self.value is None or isinstance(self.value, str | int | float)
        return self.value if known else to_text(self.value)


class Property(Token):
    """A `JProperty`."""

    def __init__(self, name: str, *values: Any) -> None:
        """Take the name and the value (several become an array)."""
        self.name = name
        self.value = token(values[0] if len(values) == 1 else list(values) if values else None)

    def plain(self) -> Any:
        """Return it as an object with one member."""
        return {self.name: self.value.plain()}


class Array(Token):
    """A `JArray`."""

    def __init__(self, *content: Any) -> None:
        """Take the items; a single sequence is spread."""
        spread = len(content) == 1 and isinstance(content[0], list | tuple | Array)
        self.items: list[Token] = [token(item) for item in (content[0] if spread else content)]

    def __iter__(self) -> Iterator[Token]:
        """Iterate over the items."""
        return iter(self.items)

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.items)

    def plain(self) -> Any:
        """Return a list."""
        return [item.plain() for item in self.items]


class Object(Token):
    """A `JObject`."""

    def __init__(self, *content: Any) -> None:
        """Take properties, or sequences of them."""
        self.members: dict[str, Token] = {}
        for item in content:
            for inner in item if isinstance(item, list | tuple) else [item]:
                if not isinstance(inner, Property):
                    raise ExpressionError("Can not add this to a JObject.", "ArgumentException")
                self.members[inner.name] = inner.value

    def __iter__(self) -> Iterator[Pair]:
        """Iterate over the members as pairs (`foreach` over a JObject)."""
        return iter([Pair(name, value) for name, value in self.members.items()])

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.members)

    def plain(self) -> Any:
        """Return a dictionary."""
        return {name: value.plain() for name, value in self.members.items()}


def token(value: Any) -> Token:
    """Return the token for a value (`JToken.FromObject`)."""
    if isinstance(value, Token):
        return value
    if isinstance(value, Record | dict):
        made = Object()
        made.members = {to_text(key): token(item) for key, item in value.items()}
        return made
    if isinstance(value, list | tuple | Group):
        made_array = Array()
        made_array.items = [token(item) for item in value]
        return made_array
    return Value(str(value) if isinstance(value, str) else value)


def parse(text: Any) -> Token:
    """Return the token for JSON text; an ExpressionError as JsonReaderException if it is none."""
    if text is None:
        raise ExpressionError("Value cannot be null.", "ArgumentNullException")
    try:
        return token(json.loads(text))
    except ValueError as error:
        message = f"Error reading JToken from JsonReader. {error}"
        raise ExpressionError(message, "JsonReaderException") from error


def parse_as(wanted: type[Token], name: str) -> Callable[..., Token]:
    """Return a `Parse` that accepts one kind of token."""

    def parse_it(text: Any, *dummy: Any) -> Token:
        found = parse(text)
        if not isinstance(found, wanted):
            what = type_of(found).name
            message = f"Error reading {name} from JsonReader. Current JsonReader item is not an object: {what}."
            raise ExpressionError(message, "JsonReaderException")
        return found

    return parse_it


def dump(value: Any, *options: Any) -> str:
    """Return JSON text as Newtonsoft writes it: indented unless `Formatting.None` is among the options."""
    plain = token(value).plain()
    if any(isinstance(option, EnumValue) and option.name == "None" for option in options):
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(plain, ensure_ascii=False, indent=2).replace("\n", "\r\n")


def text_of(value: Token, *options: Any) -> str:
    """Return `token.ToString(options)`: a value bare, anything else as JSON."""
    if isinstance(value, Value) and not options:
        return to_text(value.value)
    if isinstance(value, Property):
        return f"{json.dumps(value.name)}: {dump(value.value, *options)}"
    return dump(value, *options)


def type_of(value: Token) -> EnumValue:
    """Return the member of JTokenType."""
    if not isinstance(value, Value):
        name = type(value).__name__
    else:
        inner = value.value
        names = ((bool, "Boolean"), (int, "Integer"), (float, "Float"), (str, "String"), (datetime, "Date"))
        name = "Null" if inner is None else next((name for kind, name in names if isinstance(inner, kind)), "Raw")
    return EnumValue("JTokenType", name, TYPE_NAMES.index(name))


def item(value: Token, key: Any) -> Token | None:
    """Return `token[key]`: null for a member that is not there."""
    if isinstance(value, Object):
        return value.members.get(to_text(key))
    if isinstance(value, Array):
        if not isinstance(key, int):
            raise ExpressionError("Accessed JArray values with invalid key value.", "ArgumentException")
        if not 0 <= key < len(value.items):
            message = "Index was out of range. Must be non-negative and less than the size of the collection."
            raise ExpressionError(message, "ArgumentOutOfRangeException")
        return value.items[key]
    if isinstance(value, Property):
        return item(value.value, key)
    raise ExpressionError("Cannot access child value on Newtonsoft.Json.Linq.JValue.", "InvalidOperationException")


def put(value: Token, key: Any, new: Any) -> None:
    """Do `token[key] = new`."""
    if isinstance(value, Object):
        value.members[to_text(key)] = token(new)
    elif isinstance(value, Array):
        value.items[key] = token(new)
    else:
        raise ExpressionError("Cannot set child value on Newtonsoft.Json.Linq.JValue.", "InvalidOperationException")


_STEP = re.compile(r"\.?([\w\-$@]+)|\[(\d+|\*)\]|\['([^']*)'\]|\.\.([\w\-]+)|\.?(\*)")


def select(value: Token, path: str) -> list[Token]:
    """Return what a JSON path selects: names, indices, `*` and `..name`."""
    found, at = [value], 1 if path.startswith("$") else 0
    while at < len(path):
        step = _STEP.match(path, at)
        if not step:
            raise ExpressionError(f"Unexpected character while parsing path: {path[at]}", "JsonException")
        at = step.end()
        if step[4]:
            found = [inner for here in found for inner in _descendants(here, step[4])]
        elif step[2] == "*" or step[5]:
            found = [inner for here in found for inner in children_of(here)]
        elif step[2]:
            found = [here.items[int(step[2])] for here in found if _has(here, int(step[2]))]  # type: ignore[attr-defined]
        else:
            name = step[1] or step[3]
            found = [here.members[name] for here in found if isinstance(here, Object) and name in here.members]
    return found


def _has(value: Token, at: int) -> bool:
    return isinstance(value, Array) and at < len(value.items)


def children_of(value: Token) -> list[Token]:
    """Return the members' values, or the items."""
    if isinstance(value, Object):
        return list(value.members.values())
    return list(value.items) if isinstance(value, Array) else []


def _descendants(value: Token, name: str) -> Iterator[Token]:
    if isinstance(value, Object) and name in value.members:
        yield value.members[name]
    for inner in children_of(value):
        yield from _descendants(inner, name)


def to_object(value: Token, types: tuple[TypeName, ...]) -> Any:
    """Return `token.ToObject<T>()`: plain values, lists and dictionaries."""
    if isinstance(value, Value):
        return convert(value.value, types[0]) if types else value.value
    return value.plain() if not types or types[0].name not in _TOKENS else value


_TOKENS = frozenset({"JToken", "JObject", "JArray", "JValue", "JContainer"})
