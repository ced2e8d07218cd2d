# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What policy documents mean: are two of them the same, is one of them well-formed.

API Management rewrites the documents it is given (azure-cli recordings test_apim_policy and
test_apim_policy_operations; terraform-provider-azurerm ignores escapes in expressions likewise). This is no difference:

* line ends, indentation, and white space between elements and at the ends of a text,
* C(<x></x>) and C(<x />), the order and the quotes of attributes, CDATA or escaped text,
* escapes in expressions (C(&quot;), C(&lt;) ...), and their white space outside of string literals,
* comments, those in C# expressions too: they have no effect on any call. A document in which only comments differ is
  therefore left as it is in Azure.

Everything else is one: elements and their order, attribute values, text, each token of an expression, each character
of a string literal.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_csharp import (
    ExpressionError,
    escapes_code,
    scan,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_model import (
    BLANKS,
    Attribute,
    Document,
    Element,
    Part,
    PolicyError,
    decode,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_parser import parse
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark

__all__ = ["POLICIES", "PolicyError", "Problem", "check", "normalise", "same"]

SECTIONS = ("inbound", "backend", "outbound", "on-error")
POLICIES = ("policies",)
ROOTS = (*POLICIES, "fragment")

_SPACE = re.compile(rf"[{BLANKS}]+")
#: It may name an encoding that the text, being a text, has no more.
_DECLARATION = re.compile(r"^\s*<\?xml[^\r\n]*?\?>")
_LINE_END = re.compile(r"\r\n|\r")

# A value is a list of plain texts and expressions; an expression is the list of its possible readings (its tokens).
_Reading = tuple[str, ...]
_Value = tuple["str | tuple[_Reading, ...]", ...]
_Event = tuple[str, str, tuple[tuple[str, _Value], ...], _Value]


@dataclass(frozen=True)
class Problem:
    """Why a document can't be a policy document. C(line) and C(column) count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


def same(a: str, b: str) -> bool:
    """Whether two policy documents mean the same.

    A document that can't be read equals only its own text (apart from line ends and white space at the ends).
    """
    if a == b:
        return True
    try:
        left, right = list(_events(parse(a).root)), list(_events(parse(b).root))
    except PolicyError:
        return _LINE_END.sub("\n", a).strip(BLANKS) == _LINE_END.sub("\n", b).strip(BLANKS)
    return len(left) == len(right) and all(_same_event(x, y) for x, y in zip(left, right, strict=True))


def check(text: str, format: str = "rawxml", roots: Sequence[str] = ROOTS) -> list[Problem]:
    """What is wrong with the document as far as can be told without API Management; empty if nothing is.

    C(roots): what it may be, the policies of a scope (C(policies)) or a policy fragment (C(fragment)).
    In the format C(xml) a document has to be well-formed XML: the service refuses C# there that is not escaped.
    """
    try:
        document = parse(text)
    except PolicyError as error:
        return [Problem(error.line, error.column, error.message)]
    return [*_shape(document, roots), *(_unescaped(text) if format == "xml" else ())]


def _unescaped(text: str) -> Iterator[Problem]:
    """Where a document that can be read as rawxml is no XML."""
    reader = expat.ParserCreate()
    try:
        reader.Parse(_DECLARATION.sub(_blank, without_mark(text), count=1).encode(), True)
    except expat.ExpatError as error:
        yield Problem(
            error.lineno,
            error.offset + 1,
            f'this is no XML ({expat.errors.messages[error.code]}). Escape C# expressions (&quot; for ", &lt; for <, '
            "&amp; for &), or say format: rawxml, in which they stand as they are",
        )


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def normalise(text: str) -> str:
    """A canonical text for the document: documents that mean the same have the same. Raises PolicyError.

    (Where C(same) accepts two readings of an escape inside a string literal, this takes the decoded one.)
    """
    lines: list[str] = []
    opened: list[str] = []
    for kind, name, attributes, value in _events(parse(text).root):
        if kind == "end":
            line = f"</{opened.pop()}>"
        elif kind == "text":
            line = _write(value)
        else:
            written = "".join(f' {key}="{_write(item)}"' for key, item in attributes)
            line = f"<{name}{written}>"
        lines.append("\t" * len(opened) + line)
        if kind == "start":
            opened.append(name)
    return "\n".join(lines) + "\n"


def _write(value: _Value) -> str:
    return "".join(html.escape(item if isinstance(item, str) else "".join(item[0]), quote=True) for item in value)


def _shape(document: Document, roots: Sequence[str]) -> Iterator[Problem]:
    root = document.root
    if root.name not in roots:
        fragment = "a policy fragment <fragment>" if "fragment" in roots else "only a policy fragment has <fragment>"
        yield Problem(
            *document.place(root.position),
            f"the root element is <{root.name}>; a policy document has <policies>, {fragment}",
        )
        return
    if root.name == "fragment":
        return
    seen: set[str] = set()
    for child in root.children:
        if not isinstance(child, Element):
            part = next((part for part in child if part.text.strip(BLANKS)), None)
            if part:
                yield Problem(*document.place(part.position), "text has no place directly in <policies>")
        elif child.name not in SECTIONS:
            sections = ", ".join(f"<{name}>" for name in SECTIONS)
            yield Problem(
                *document.place(child.position),
                f"<{child.name}> has no place directly in <policies>, only {sections} do",
            )
        elif child.name in seen:
            yield Problem(*document.place(child.position), f"<{child.name}> is there twice")
        else:
            seen.add(child.name)


def _events(root: Element) -> Iterator[_Event]:
    """The document as a flat list of tags and texts in canonical form."""
    stack: list[Element | list[Part] | None] = [root]
    while stack:
        item = stack.pop()
        if item is None:
            yield "end", "", (), ()
        elif isinstance(item, Element):
            attributes = sorted((attribute.name, _attribute(attribute)) for attribute in item.attributes)
            yield "start", item.name, tuple(attributes), ()
            stack.append(None)
            stack.extend(reversed(item.children))
        else:
            value = _text(item)
            if value:
                yield "text", "", (), value


def _same_event(a: _Event, b: _Event) -> bool:
    if a[:2] != b[:2] or len(a[2]) != len(b[2]) or not _same_value(a[3], b[3]):
        return False
    return all(x[0] == y[0] and _same_value(x[1], y[1]) for x, y in zip(a[2], b[2], strict=True))


def _same_value(a: _Value, b: _Value) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if isinstance(x, str) or isinstance(y, str):
            if x != y:
                return False
        elif not set(x) & set(y):
            return False
    return True


def _attribute(attribute: Attribute) -> _Value:
    if attribute.literal:
        # XML turns line ends and tabs in an attribute into blanks (XML 1.0, 3.3.3), and the service indents what
        # follows a line end.
        return (_SPACE.sub(_unbroken, attribute.text),)
    return _text(attribute.parts)


def _unbroken(space: re.Match[str]) -> str:
    return " " if "\n" in space.group() or "\r" in space.group() else " " * len(space.group())


def _text(parts: list[Part]) -> _Value:
    items: list[str | tuple[_Reading, ...]] = []
    for part in parts:
        if part.expression:
            items.append(_readings(part))
        elif items and isinstance(items[-1], str):
            items[-1] += _LINE_END.sub("\n", part.text)
        else:
            items.append(_LINE_END.sub("\n", part.text))
    if items and isinstance(items[0], str):
        items[0] = items[0].lstrip(BLANKS)
    if items and isinstance(items[-1], str):
        items[-1] = items[-1].rstrip(BLANKS)
    return tuple(item for item in items if item)


def _readings(part: Part) -> tuple[_Reading, ...]:
    """An expression with its escapes resolved, and as it is written: C(&lt;) in a string may be meant either way.

    As it is written counts only where all its escapes are inside of literals: elsewhere they would be no C#.
    """
    found: list[_Reading] = []
    for text in (decode(part.raw), part.raw):
        text = _LINE_END.sub("\n", text)  # also in literals of several lines
        begin = len(text) - len(text.lstrip(BLANKS))
        try:
            tokens = scan(text, begin).tokens
        except ExpressionError:
            continue
        if tokens not in found and not (escapes_code(tokens) and found):
            found.append(tokens)
    return tuple(found)
