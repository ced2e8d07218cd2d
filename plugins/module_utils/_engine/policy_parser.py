# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads policy documents as people write them.

They look like XML, but in the formats C(rawxml) and C(rawxml-link) the C# expressions in attributes and text are not
escaped, so quotes, C(<) and C(&&) stand in them as they are. No XML parser takes such a document. This one takes both
forms, also mixed in one document: a value is first read as XML; if the expression in it does not end where the XML
value ends, it is read as C#. Every character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_csharp import (
    ExpressionError,
    escapes_code,
    past,
    scan,
    starts_at,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_model import (
    BLANKS,
    Attribute,
    Document,
    Element,
    Part,
    PolicyError,
    decode,
    place,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark

_NAME = re.compile(r"[A-Za-z_][\w:.\-]*")
_SPACE = re.compile(rf"[{BLANKS}]*")
_ASSIGN = re.compile(rf"[{BLANKS}]*=[{BLANKS}]*")
_TAG = re.compile(r"<(?=[A-Za-z_/!?])")
_EXPRESSION = re.compile(r"@[({]")
#: What no XML document has, not even as an escape (XML 1.0, 2.2).
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(text: str) -> Document:
    """Read a policy document. Raises PolicyError with line and column."""
    return _Parser(without_mark(text)).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self.position = 0
        self.literal_until = 0  # on this stretch an unfinished "@(" amid text has been found to be no expression
        self.blank = True  # nothing but white space so far in this run of text
        self.suspect: int | None = None  # start of an expression that ran over several lines

    def error(self, message: str, position: int) -> PolicyError:
        if self.suspect is not None:
            line, column = place(self.lines, self.suspect)
            message += f" (is the expression at line {line}, column {column} closed where it should be?)"
        return PolicyError(message, *place(self.lines, position))

    def document(self) -> Document:
        root: Element | None = None
        stack: list[Element] = []
        odd = _NO_CHARACTER.search(self.text)
        if odd:
            raise self.error(f"XML knows no character U+{ord(odd.group()):04X}", odd.start())
        while True:
            parts = self.content()
            if stack and parts:
                _append_text(stack[-1], parts)
            elif any(part.text.strip(BLANKS) for part in parts):
                where = next(part.position for part in parts if part.text.strip(BLANKS))
                raise self.error("text outside of the root element", where)
            if self.position >= len(self.text):
                break
            if self.text.startswith("</", self.position):
                self.close(stack)
                continue
            opened = self.position
            element, empty = self.open()
            if stack:
                stack[-1].children.append(element)
            elif root is None:
                root = element
            else:
                raise self.error(f"<{element.name}> is a second root element", opened)
            if not empty:
                stack.append(element)
        if stack:
            raise self.error(f"<{stack[-1].name}> is never closed", stack[-1].position)
        if root is None:
            raise PolicyError("there is no element at all", 1, 1)
        return Document(self.text, root, self.lines)

    # text

    def content(self) -> list[Part]:
        """The text up to the next tag; comments, processing instructions and declarations are passed over."""
        text, parts = self.text, list[Part]()
        self.blank = True
        while self.position < len(text):
            if text.startswith("<!--", self.position):
                self.skip("-->", 4, "the comment")
            elif text.startswith("<![CDATA[", self.position):
                begin = self.position
                self.skip("]]>", 9, "the CDATA section")
                inner = text[begin + 9 : self.position - 3]
                parts.append(Part(inner, inner, begin + 9, _is_expression(inner)))
                self.blank = self.blank and not inner.strip(BLANKS)
            elif text.startswith("<?", self.position):
                self.skip("?>", 2, "the processing instruction")
            elif text.startswith("<!", self.position):
                self.skip(">", 2, "the declaration")
            elif text[self.position] == "<" and _TAG.match(text, self.position):
                break
            else:
                self.plain(parts)
        return parts

    def skip(self, end: str, length: int, what: str) -> None:
        found = self.text.find(end, self.position + length)
        if found < 0:
            raise self.error(f"{what} that starts here never ends", self.position)
        self.position = found + len(end)

    def plain(self, parts: list[Part]) -> None:
        begin = self.position
        first = past(_SPACE, self.text, begin)
        # An expression counts as one only where the text starts with it; further on it merely must not be torn apart.
        if self.blank and starts_at(self.text, first):
            self.blank = False
            tag = _TAG.search(self.text, first)
            self.expression(parts, begin, first, tag.start() if tag else len(self.text))
            return
        tag = _TAG.search(self.text, begin)
        end = self.embedded(begin, tag.start() if tag else len(self.text), None)
        parts.append(Part(decode(self.text[begin:end]), self.text[begin:end], begin))
        self.blank = self.blank and first >= end
        self.position = end

    def expression(self, parts: list[Part], begin: int, first: int, xml_end: int) -> None:
        """Add the expression at C(first): as XML up to C(xml_end) if it is complete there, else as C#."""
        raw = self.text[first:xml_end]
        decoded = decode(raw)
        if self.text[begin:first]:
            parts.append(Part(self.text[begin:first], self.text[begin:first], begin))
        try:
            end = scan(decoded, 0).end
        except ExpressionError:
            pass
        else:
            if not decoded[end:].strip(BLANKS):
                parts.append(Part(decoded[:end], raw.rstrip(BLANKS), first, True))
                self.position = first + len(raw.rstrip(BLANKS))
                return
        try:
            found = scan(self.text, first)
            stop, raw = found.end, self.text[first : found.end]
            if escapes_code(found.tokens):
                scan(decode(raw), 0)  # so it has to be one without them
        except ExpressionError as error:
            raise self.error(f"the expression that starts here is not complete: {error}", first) from None
        if raw.startswith("@(") and "\n" in raw:
            self.suspect = first
        parts.append(Part(decode(raw), raw, first, True))
        self.position = stop

    def embedded(self, begin: int, end: int, quote: str | None) -> int:
        """Where text ends that may have an expression further inside (which may contain the end mark itself)."""
        position = max(begin, self.literal_until)
        while True:
            match = _EXPRESSION.search(self.text, position, end)
            if not match:
                return end
            found = match.start()
            line_end = self.lines[bisect_right(self.lines, found)] if found < self.lines[-1] else len(self.text)
            try:
                position = scan(self.text, found, line_end).end
            except ExpressionError:
                self.literal_until = position = line_end
                continue
            if position > end:
                after = self.text.find(quote, position) if quote else -1
                tag = _TAG.search(self.text, position)
                end = after if quote else tag.start() if tag else len(self.text)
                if end < 0:
                    raise self.error("the value that starts here never ends", begin - 1)

    # tags

    def open(self) -> tuple[Element, bool]:
        text, begin = self.text, self.position
        name = _NAME.match(text, begin + 1)
        if name is None:  # content() stops only at a name
            raise self.error("a tag has no name", begin)
        element = Element(name.group(), begin)
        self.position = name.end()
        while True:
            space = past(_SPACE, text, self.position)
            if text.startswith("/>", space):
                self.position = space + 2
                return element, True
            if text.startswith(">", space):
                self.position = space + 1
                return element, False
            if space >= len(text):
                raise self.error(f"the tag <{element.name}> never ends", begin)
            attribute = _NAME.match(text, space)
            if not attribute or space == self.position:
                raise self.error(f"{text[space]!r} has no place in the tag <{element.name}>", space)
            if element.attribute(attribute.group()):
                raise self.error(f"<{element.name}> has the attribute {attribute.group()} twice", space)
            self.position = attribute.end()
            element.attributes.append(Attribute(attribute.group(), self.value(attribute.group(), element), space))

    def value(self, name: str, element: Element) -> list[Part]:
        text = self.text
        assign = _ASSIGN.match(text, self.position)
        if not assign or text[assign.end() : assign.end() + 1] not in ('"', "'"):
            raise self.error(f"the attribute {name} of <{element.name}> has no value in quotes", self.position)
        quote, begin = text[assign.end()], assign.end() + 1
        parts: list[Part] = []
        first = past(_SPACE, text, begin)
        end = text.find(quote, begin)
        if end < 0:
            raise self.error(f"the value of the attribute {name} never ends", begin - 1)
        self.position = begin
        if starts_at(text, first):
            self.expression(parts, begin, first, end)
            end = text.find(quote, self.position)
        else:
            end = self.embedded(begin, end, quote)
        if end < 0:
            raise self.error(f"the value of the attribute {name} never ends", begin - 1)
        if self.position < end:
            rest = text[self.position : end]
            parts.append(Part(decode(rest), rest, self.position))
        self.position = end + 1
        return parts

    def close(self, stack: list[Element]) -> None:
        begin = self.position
        name = _NAME.match(self.text, begin + 2)
        end = past(_SPACE, self.text, name.end()) if name else begin
        if not name or not self.text.startswith(">", end):
            raise self.error("a closing tag is not complete", begin)
        if not stack:
            raise self.error(f"</{name.group()}> closes nothing", begin)
        opened = stack.pop()
        if opened.name != name.group():
            line, column = place(self.lines, opened.position)
            raise self.error(
                f"</{name.group()}> stands where <{opened.name}> of line {line}, column {column} ends", begin
            )
        self.position = end + 1


def _is_expression(text: str) -> bool:
    begin = len(text) - len(text.lstrip(BLANKS))
    if not starts_at(text, begin):
        return False
    try:
        return not text[scan(text, begin).end :].strip(BLANKS)
    except ExpressionError:
        return False


def _append_text(element: Element, parts: list[Part]) -> None:
    if element.children and isinstance(element.children[-1], list):
        element.children[-1].extend(parts)
    else:
        element.children.append(parts)
