# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy documents, read tolerantly.

People write policies as XML whose C# expressions are escaped (format `xml`) or not (format `rawxml`); the second kind
is often not well-formed XML. Both are read into the same tree, in which every value is kept in its raw form:
expressions as C#, anything else with XML's escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from . import expressions
from .characters import BLANKS, blank, unescape

#: The service's own limit is not known; policies nest some ten levels.
DEEPEST = 100

_NAME = re.compile(r"[A-Za-z_][\w.\-:]*")
#: What no XML document has (XML 1.0, 2.2).
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(rf"[{BLANKS}]*")


class Malformed(Exception):
    """A document that cannot be read: what is wrong, and where (line and position count from 1)."""

    def __init__(self, message: str, line: int = 1, position: int = 1) -> None:
        super().__init__(f"{message} Line {line}, position {position}.")


@dataclass
class Text:
    """Characters between tags, in raw form."""

    value: str


@dataclass
class Comment:
    """A comment, a processing instruction or a CDATA section: kept as it is, with its marks."""

    value: str


@dataclass
class Attribute:
    """An attribute in raw form, with the quotes it was written in."""

    name: str
    value: str
    quote: str = '"'


@dataclass
class Element:
    """An element. line and column (of its name, from 1) are where error messages say it stands."""

    name: str
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    short: bool = False  # written as <x />
    line: int = 1
    column: int = 1

    def get(self, name: str, default: str | None = None) -> str | None:
        """An attribute's value: C# as it is, anything else without XML's escapes."""
        found = next((item.value for item in self.attributes if item.name == name), None)
        return default if found is None else plain(found)

    @property
    def elements(self) -> list[Element]:
        """The child elements."""
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        """The element's own characters, decoded like attributes."""
        return plain("".join(child.value for child in self.children if isinstance(child, Text)))


Node = Element | Text | Comment


def plain(value: str) -> str:
    """A raw value without XML's escapes; C# has none."""
    return value if expressions.is_expression(value) else unescape(value)


@dataclass
class Document:
    """A policy document: the root element and what stands before and after it."""

    root: Element
    before: list[Node] = field(default_factory=list)
    after: list[Node] = field(default_factory=list)


def parse(text: str, *, escaped: bool = False) -> Document:
    """Read a document; `escaped`: format xml, which must be well-formed. Raises Malformed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if odd := _NO_CHARACTER.search(text):
        line, column = place(text, odd.start())
        code = f"0x{ord(odd[0]):02X}"
        raise Malformed(f"'{odd[0]}', hexadecimal value {code}, is an invalid character.", line, column)
    if escaped:
        _check(text)
    return _Reader(text, escaped).document()


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _check(text: str) -> None:
    parser = expat.ParserCreate("utf-8")  # whatever the declaration says: this is a text
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        if blank(text):
            raise Malformed("Root element is missing.", 1, 0) from error
        if not text.lstrip(BLANKS).startswith("<"):
            raise Malformed("Data at the root level is invalid.") from error
        raise Malformed(f"{reason[:1].upper()}{reason[1:]}.", error.lineno, error.offset + 1) from error


class _Reader:
    """A recursive reader of one text."""

    def __init__(self, text: str, escaped: bool) -> None:
        self.text, self.escaped, self.at, self.depth = text, escaped, 0, 0

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        line, column = place(self.text, self.at if at is None else at)
        raise Malformed(message, line, column)

    def document(self) -> Document:
        before = self.misc()
        if self.at >= len(self.text):
            self.fail("Root element is missing.")
        if not self.text.startswith("<", self.at):
            self.fail("Data at the root level is invalid.")
        root = self.element()
        after = self.misc()
        if self.at < len(self.text):
            rest = self.text.startswith("<", self.at)
            self.fail("There are multiple root elements." if rest else "Data at the root level is invalid.")
        return Document(root, before, after)

    def misc(self) -> list[Node]:
        found: list[Node] = []
        while True:
            self.blank()
            mark = self.marked()
            if mark is None:
                return [node for node in found if not (isinstance(node, Comment) and node.value.startswith("<?xml"))]
            found.append(mark)

    def blank(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def marked(self) -> Comment | None:
        """A comment, instruction or CDATA section at this place."""
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")):
            if self.text.startswith(opening, self.at):
                end = self.text.find(closing, self.at + len(opening))
                if end < 0:
                    self.fail("Unexpected end of file has occurred.")
                value = self.text[self.at : end + len(closing)]
                self.at = end + len(closing)
                return Comment(value)
        return None

    def element(self) -> Element:
        found = _NAME.match(self.text, self.at + 1)
        if not found:
            self.fail(f"Name cannot begin with the character '{self.text[self.at + 1 : self.at + 2]}'.", self.at + 1)
        line, column = place(self.text, self.at + 1)
        if self.depth >= DEEPEST:
            self.fail(f"The document is nested more than {DEEPEST} elements deep.")
        element = Element(found[0], line=line, column=column)
        self.at = found.end()
        while True:
            self.blank()
            if self.text.startswith("/>", self.at):
                self.at += 2
                element.short = True
                return element
            if self.text.startswith(">", self.at):
                self.at += 1
                self.depth += 1
                self.content(element)
                self.depth -= 1
                return element
            element.attributes.append(self.attribute(element))

    def attribute(self, element: Element) -> Attribute:
        found = _NAME.match(self.text, self.at)
        if not found:
            self.fail(
                "Unexpected end of file has occurred."
                if self.at >= len(self.text)
                else f"'{self.text[self.at]}' is an unexpected token. The expected token is '>'."
            )
        name, self.at = found[0], found.end()
        self.blank()
        if not self.text.startswith("=", self.at):
            self.fail(f"'{self.text[self.at : self.at + 1]}' is an unexpected token. The expected token is '='.")
        self.at += 1
        self.blank()
        quote = self.text[self.at : self.at + 1]
        if quote not in ("'", '"') or not quote:
            self.fail(f"'{quote}' is an unexpected token. The expected token is '\"' or '''.")
        if any(item.name == name for item in element.attributes):
            self.fail(f"'{name}' is a duplicate attribute name.", found.start())
        start = self.at + 1
        end = self.value_end(start, quote)
        self.at = end + 1
        return Attribute(name, self.kept(self.text[start:end]), quote)

    def value_end(self, start: int, quote: str) -> int:
        if not self.escaped and expressions.is_expression(self.text[start : start + 400]):
            end = expressions.end(self.text, start)
            if end is not None:
                found = _SPACE.match(self.text, end)
                stop = found.end() if found else end
                if self.text.startswith(quote, stop):
                    return stop
            # no C# as it is known here: the last quote before something that can follow an attribute
            tail = re.compile(quote + r"(?=\s*(?:/?>|[A-Za-z_][\w.\-:]*\s*=\s*[\"']))").search(self.text, start)
            if tail:
                return tail.start()
        end = self.text.find(quote, start)
        if end < 0:
            self.fail("Unexpected end of file has occurred.")
        return end

    def kept(self, value: str) -> str:
        """A value in raw form: the service's own writing of escapes, none of them in C#.

        People give documents with escaped expressions as rawxml too (Azure-Samples/Apim-Samples, inference-failover).
        """
        if not self.escaped:
            return unescape(value) if expressions.is_escaped(value) else value
        return unescape(value) if expressions.is_expression(value) else value

    def content(self, element: Element) -> None:
        while True:
            text = self.characters()
            if text:
                element.children.append(Text(text))
            if self.at >= len(self.text):
                self.fail(
                    f"Unexpected end of file has occurred. The following elements are not closed: {element.name}."
                )
            if self.text.startswith("</", self.at):
                self.close(element)
                return
            mark = self.marked()
            element.children.append(mark or self.element())

    def characters(self) -> str:
        start = self.at
        if not self.escaped and expressions.is_expression(self.text[start : start + 400]):
            end = expressions.end(self.text, start)
            if end is not None:
                self.at = end
        end = self.text.find("<", self.at)
        if not self.escaped:  # a blank or "=" after "<" is a comparison in text, not a tag
            while end >= 0 and not re.match(r"<[/!?A-Za-z_]", self.text[end : end + 2]):
                end = self.text.find("<", end + 1)
        self.at = len(self.text) if end < 0 else end
        return self.kept(self.text[start : self.at])

    def close(self, element: Element) -> None:
        found = _NAME.match(self.text, self.at + 2)
        name = found[0] if found else ""
        if name != element.name:
            line, column = place(self.text, self.at + 2)
            raise Malformed(
                f"The '{element.name}' start tag on line {element.line} position {element.column} does "
                f"not match the end tag of '{name}'.",
                line,
                column,
            )
        self.at = self.at + 2 + len(name)
        self.blank()
        if not self.text.startswith(">", self.at):
            self.fail("'>' is expected.")
        self.at += 1
