# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of ARM templates, "[concat('a', parameters('b').c[0])]": read, and worked out.

Grammar and rules: Learn, "Template structure and syntax" and "ARM template functions". Names of functions and of
properties do not care for case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[()\[\],.?]))"
)
_NAME = re.compile(r"[A-Za-z_]\w*")


class TemplateError(Exception):
    """A template that cannot be worked out; the text says why."""


@dataclass(frozen=True)
class Literal:
    """A text or a number."""

    value: Any


@dataclass(frozen=True)
class Call:
    """A function with its arguments; the name in small letters."""

    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """A property or an element of something; `safe`: null where there is none (`.?x`)."""

    of: Any
    key: Any
    safe: bool = False


def is_expression(text: Any) -> bool:
    """Say whether a value is an expression; "[[" begins a text with a bracket."""
    return isinstance(text, str) and text.startswith("[") and text.endswith("]") and not text.startswith("[[")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def fail(self) -> TemplateError:
        return TemplateError(
            f"Unable to parse language expression '{self.text}': unexpected character at position '{self.at}'."
        )

    def peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def take(self, sign: str) -> bool:
        found = self.peek()
        if found and found["sign"] == sign:
            self.at = found.end()
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.fail()

    def expression(self) -> Any:
        found = self.peek()
        if found is None or found["sign"]:
            raise self.fail()
        self.at = found.end()
        if found["text"]:
            node: Any = Literal(found["text"][1:-1].replace("''", "'"))
        elif found["number"]:
            node = Literal(int(found["number"]))
        else:
            self.need("(")
            node = Call(found["name"].lower(), tuple(self.arguments()))
        return self.parts(node)

    def arguments(self) -> Iterator[Any]:
        if self.take(")"):
            return
        while True:
            yield self.expression()
            if self.take(")"):
                return
            self.need(",")

    def parts(self, node: Any) -> Any:
        while True:
            if self.take("."):
                safe = self.take("?")
                if safe and self.take("["):
                    node = Part(node, self.expression(), safe=True)
                    self.need("]")
                    continue
                name = _NAME.match(self.text, self.at)
                if name is None:
                    raise self.fail()
                self.at = name.end()
                node = Part(node, Literal(name[0]), safe)
            elif self.take("["):
                node = Part(node, self.expression(), self.take("?"))
                self.need("]")
            else:
                return node


def read(text: str) -> Any:
    """Return an expression (with its brackets) as a tree; a TemplateError for what is none."""
    reader = _Reader(text[1:-1])
    node = reader.expression()
    if reader.text[reader.at :].strip():
        raise reader.fail()
    return node


def calls(value: Any) -> Iterator[Call]:
    """Yield every call of a function anywhere in a value of a template."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from calls(key)
            yield from calls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from calls(inner)
    elif is_expression(value):
        yield from _inner(read(value))


def _inner(node: Any) -> Iterator[Call]:
    if isinstance(node, Call):
        yield node
        for argument in node.arguments:
            yield from _inner(argument)
    elif isinstance(node, Part):
        yield from _inner(node.of)
        yield from _inner(node.key)


Function = Callable[..., Any]


class Evaluator:
    """Works out values of a template with the functions given ({name in small letters: function of the arguments}).

    `lazy`: functions that are given the trees of their arguments and the evaluator (`if`, `and`, ...).
    """

    def __init__(self, functions: dict[str, Function], lazy: dict[str, Function]) -> None:
        self.functions, self.lazy = functions, lazy

    def value(self, given: Any) -> Any:
        """Return a value with all its expressions worked out, keys of objects included."""
        if isinstance(given, dict):
            return {str(self.value(key)): self.value(inner) for key, inner in given.items()}
        if isinstance(given, list):
            return [self.value(inner) for inner in given]
        if is_expression(given):
            return self.node(read(given))
        if isinstance(given, str) and given.startswith("[["):
            return given[1:]
        return given

    def node(self, node: Any) -> Any:
        """Return what a tree is worth."""
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Part):
            return self._part(node)
        if node.name in self.lazy:
            return self.lazy[node.name](self, node.arguments)
        function = self.functions.get(node.name)
        if function is None and node.name.startswith("list"):
            function = self.functions["list*"]
            return function(node.name, *map(self.node, node.arguments))
        if function is None:
            raise TemplateError(f"The template function '{node.name}' is not valid.")
        arguments = [self.node(argument) for argument in node.arguments]
        try:
            return function(*arguments)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError) as error:
            message = f"The template language function '{node.name}' cannot be evaluated: {error}."
            raise TemplateError(message) from error

    def _part(self, node: Part) -> Any:
        holder, key = self.node(node.of), self.node(node.key)
        if node.safe and holder is None:
            return None
        if isinstance(holder, dict) and isinstance(key, str):
            found = [name for name in holder if name.lower() == key.lower()]
            if found:
                return holder[found[0]]
            if node.safe:
                return None
            known = ", ".join(holder)
            raise TemplateError(
                f"The language expression property '{key}' doesn't exist, available properties are '{known}'."
            )
        if isinstance(holder, (list, str)) and isinstance(key, int):
            if -1 < key < len(holder):
                return holder[key]
            if node.safe:
                return None
            raise TemplateError(f"The language expression property array index '{key}' is out of bounds.")
        raise TemplateError(f"The language expression property '{key}' can't be evaluated.")
