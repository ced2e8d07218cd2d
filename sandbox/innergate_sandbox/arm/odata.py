# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of OData's $filter that lists of ARM and of API Management take.

Comparisons (ge le eq ne gt lt), `substringof`, `contains`, `startswith`, `endswith`, joined by and, or, not and
parentheses. Texts compare without case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[^\s(),']+))")
Test = Callable[[dict[str, Any]], bool]
"""Says of an item whether a filter lets it through; the names in it may be in `properties` too, in any case."""


class Unreadable(ValueError):
    """A filter that is none."""


class _Parser:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, expression: str) -> None:
        self.expression, self.tokens, end = expression, [], 0
        self.fields: list[str] = []
        while expression[end:].strip():
            found = _TOKEN.match(expression, end)
            if not found:
                raise Unreadable(expression)
            self.tokens.append(found[0].strip())
            end = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        if self.at >= len(self.tokens) or (expected and self.peek() not in expected):
            raise Unreadable(self.expression)
        self.at += 1
        return self.tokens[self.at - 1]

    def disjunction(self) -> Test:
        tests = [self.conjunction()]
        while self.peek() == "or":
            self.take()
            tests.append(self.conjunction())
        return lambda item: any(test(item) for test in tests)

    def conjunction(self) -> Test:
        tests = [self.term()]
        while self.peek() == "and":
            self.take()
            tests.append(self.term())
        return lambda item: all(test(item) for test in tests)

    def term(self) -> Test:
        if self.peek() == "not":
            self.take()
            inner = self.term()
            return lambda item: not inner(item)
        if self.peek() == "(":
            self.take()
            inner = self.disjunction()
            self.take(")")
            return inner
        if self.peek() in ("substringof", "contains", "startswith", "endswith"):
            test = self.function()
            if self.peek() in ("eq", "ne"):  # contains(name,'x') eq true
                wanted = (self.take().lower() == "eq") == (self.take("true", "false").lower() == "true")
                return lambda item: test(item) == wanted
            return test
        return self.comparison()

    def function(self) -> Test:
        name = self.take().lower()
        self.take("(")
        first = self.take()
        self.take(",")
        second = self.take()
        self.take(")")
        # substringof('part', field), the others are (field, 'part')
        field, part = (second, first) if first.startswith("'") else (first, second)
        self.fields.append(field)
        wanted = str(_literal(part)).lower()
        match = {"startswith": str.startswith, "endswith": str.endswith}.get(name, str.__contains__)
        return lambda item: match(str(_field(item, field) or "").lower(), wanted)

    def comparison(self) -> Test:
        field, operator, value = self.take(), self.take("eq", "ne", "gt", "ge", "lt", "le").lower(), self.take()
        self.fields.append(field)
        if value.lower() == "datetime" and self.peek().startswith("'"):
            value = self.take()
        wanted = _literal(value)
        return lambda item: _compare(_field(item, field), operator, wanted)


def _literal(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    words: dict[str, Any] = {"true": True, "false": False, "null": None}
    if token.lower() in words:
        return words[token.lower()]
    return float(token) if re.fullmatch(r"-?\d+(\.\d+)?", token) else token


def _field(item: dict[str, Any], name: str) -> Any:
    properties = item.get("properties")
    for source in (properties if isinstance(properties, dict) else {}, item):
        for key, value in source.items():
            if key.lower() == name.rpartition("/")[2].lower():
                return value
    return None


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    a, b = (v.lower() if isinstance(v, str) else v for v in (value, wanted))
    if operator in ("eq", "ne"):
        same = str(a).lower() == str(b).lower() if isinstance(a, str) != isinstance(b, str) else a == b
        return bool(same == (operator == "eq"))
    if a is None or b is None:
        return False
    if isinstance(a, str) != isinstance(b, str):
        a, b = str(a), str(b)
    return bool({"gt": a > b, "ge": a >= b, "lt": a < b, "le": a <= b}[operator])


def read(expression: str) -> Test:
    """Return what a $filter asks; Unreadable if it is none."""
    return parsed(expression)[0]


def parsed(expression: str) -> tuple[Test, list[str]]:
    """Return what a $filter asks, and the fields that it asks about, as they are written; Unreadable if it is none."""
    parser = _Parser(expression)
    test = parser.disjunction()
    if parser.at != len(parser.tokens):
        raise Unreadable(expression)
    return test, parser.fields


def names(expression: str) -> set[str]:
    """Return the words of a filter that could be names of fields, in lower case."""
    words = {found["word"].lower() for found in _TOKEN.finditer(expression) if found["word"]}
    return {word for word in words - _RESERVED if not re.fullmatch(r"-?\d+(\.\d+)?", word)}


_RESERVED = {
    *("eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "true", "false", "null", "datetime"),
    *("substringof", "contains", "startswith", "endswith"),
}
