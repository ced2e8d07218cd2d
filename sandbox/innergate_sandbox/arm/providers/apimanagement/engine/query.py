# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""$filter, $top and $skip of the lists of API Management.

The grammar is the part of OData that the documentation of the SDK operations names: comparisons (ge le eq ne gt lt),
`substringof`, `contains`, `startswith`, `endswith`, joined by and, or, not and parentheses. Texts compare without case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm.message import ArmError

from ..settings import Settings
from .faults import incorrect

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[^\s(),']+))")
Test = Callable[[dict[str, Any]], bool]


def _bad(expression: str) -> ArmError:
    return incorrect("filter", f"Invalid filter clause: '{expression}'.")


class _Parser:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, expression: str) -> None:
        self.expression, self.tokens, end = expression, [], 0
        while expression[end:].strip():
            found = _TOKEN.match(expression, end)
            if not found:
                raise _bad(expression)
            self.tokens.append(found[0].strip())
            end = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        if self.at >= len(self.tokens) or (expected and self.peek() not in expected):
            raise _bad(self.expression)
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
        wanted = str(_literal(part)).lower()
        match = {"startswith": str.startswith, "endswith": str.endswith}.get(name, str.__contains__)
        return lambda item: match(str(_field(item, field) or "").lower(), wanted)

    def comparison(self) -> Test:
        field, operator, value = self.take(), self.take("eq", "ne", "gt", "ge", "lt", "le").lower(), self.take()
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


def select(items: list[dict[str, Any]], expression: str | None) -> list[dict[str, Any]]:
    """The items that a $filter lets through; 400 ValidationError if it cannot be read."""
    if not expression or not expression.strip():
        return items
    parser = _Parser(expression)
    test = parser.disjunction()
    if parser.at != len(parser.tokens):
        raise _bad(expression)
    return [item for item in items if test(item)]


def window(query: dict[str, str], settings: Settings) -> tuple[int, int]:
    """$skip and the size of the page."""
    given = {key.lower(): value for key, value in query.items()}
    numbers = []
    for key, default, least in (("$skip", 0, 0), ("$top", settings.page_size, 1)):
        text = given.get(key, "")
        if text and (not text.isdigit() or int(text) < least):
            raise incorrect(key, f"Query parameter {key} should be at least {least}.")
        numbers.append(int(text) if text else default)
    return numbers[0], min(numbers[1], settings.page_limit)


def next_link(base: str, path: str, query: dict[str, str], skip: int, size: int) -> str:
    """The URL of the next page: a full one, with $skip, and everything else that was asked."""
    kept = {key: value for key, value in query.items() if key.lower() not in ("$skip", "$top")}
    given = {key.lower(): value for key, value in query.items()}
    pairs = [*kept.items(), *([("$top", str(size))] if "$top" in given else []), ("$skip", str(skip + size))]
    text = "&".join(f"{quote(key, safe='$')}={quote(value, safe='')}" for key, value in pairs)
    return f"{base}{quote(path)}?{text}"
