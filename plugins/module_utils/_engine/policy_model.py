# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a policy document consists of once it has been read."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field

#: What XML takes for white space (XML 1.0, 2.3): a no-break space is a character like any other.
BLANKS = " \t\r\n"

_ENTITY = re.compile(r"&(?:(?:quot|apos|lt|gt|amp)|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")


class PolicyError(ValueError):
    """The text is no policy document. C(line) and C(column) count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True)
class Part:
    """A piece of a value: text, or an expression. C(text) is decoded, C(raw) as it stands in the document."""

    text: str
    raw: str
    position: int
    expression: bool = False


@dataclass
class Attribute:
    name: str
    parts: list[Part]
    position: int

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def literal(self) -> bool:
        """Whether the value is plain text, without any expression."""
        return not any(part.expression for part in self.parts)


@dataclass
class Element:
    name: str
    position: int
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Element | list[Part]] = field(default_factory=list)  # elements and runs of text, in order

    def attribute(self, name: str) -> Attribute | None:
        return next((attribute for attribute in self.attributes if attribute.name == name), None)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]


@dataclass
class Document:
    """A parsed document; C(place) turns a position into line and column (both from 1)."""

    text: str
    root: Element
    lines: list[int]

    def place(self, position: int) -> tuple[int, int]:
        return place(self.lines, position)


def decode(text: str) -> str:
    """Resolve the entities of XML and character references, leave everything else as it is (a bare C(&) too)."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text


def place(lines: list[int], position: int) -> tuple[int, int]:
    """Line and column (from 1) of a position. C(lines) are the positions at which lines start."""
    line = bisect_right(lines, position)
    return line, position - lines[line - 1] + 1
