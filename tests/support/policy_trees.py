# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy documents as trees that know what they mean and can be written in many ways.

Whoever reads what was written must find C(Tree.meaning) again, and nothing else.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

#: What XML takes for white space (XML 1.0, 2.3): a no-break space is a character like any other.
BLANKS = " \t\r\n"
_BROKEN = re.compile(r"[ \t\r\n]*[\r\n][ \t\r\n]*")


@dataclass(frozen=True)
class Code:
    """An expression, as the list of its tokens; strings keep their white space."""

    tokens: tuple[str, ...]
    block: bool = False

    @property
    def meaning(self) -> Any:
        """What it means: its tokens."""
        return "code", self.block, self.tokens

    def written(self, style: random.Random, raw: bool, quote: str = '"') -> str:
        """The expression in some layout; C(raw): as C#, otherwise with XML's escapes."""
        gaps = ["", " ", "\n\t\t", " /* ) */ ", " // }\n", " // don't <x> \"\r\n"]
        out = ""
        for token in self.tokens:
            sticky = out and out[-1] not in "([{)]};," and token[0] not in "([{)]};,"
            out += (style.choice(gaps[1:]) if sticky else style.choice(gaps)) + token
        text = "@{" + out + "}" if self.block else "@(" + out + ")"
        return text if raw else escape(text, {quote: "&quot;" if quote == '"' else "&apos;"})


Value = str | Code


@dataclass(frozen=True)
class Tree:
    """An element; C(content) is a value, or elements."""

    name: str
    attributes: dict[str, Value] = field(default_factory=dict)
    content: Value | tuple[Tree, ...] = ()

    @property
    def meaning(self) -> Any:
        """What it means: equal for documents that differ in nothing but their writing."""
        attributes = {name: attribute_meaning(value) for name, value in self.attributes.items()}
        content = self.content
        if isinstance(content, str):
            inner: Any = re.sub(r"\r\n?", "\n", content).strip(BLANKS)
        else:
            inner = content.meaning if isinstance(content, Code) else tuple(child.meaning for child in content)
        return self.name, attributes, inner or ()

    def written(self, style: random.Random, raw: bool, depth: int = 0) -> str:
        """The document in some layout; C(raw): with C# as it is (rawxml), otherwise well-formed (xml)."""
        items = list(self.attributes.items())
        style.shuffle(items)
        out = f"<{self.name}"
        for name, value in items:
            out += style.choice([" ", "\n  ", "\t"]) + name + style.choice(["=", " = "]) + _attribute(value, style, raw)
        if self.content in ((), ""):
            return out + style.choice([" />", "/>", f"></{self.name}>", f">\n</{self.name}>"])
        pad = style.choice(["", "\n" + "  " * depth, "\r\n" + "\t" * depth])
        if isinstance(self.content, Code):
            inner = pad + self.content.written(style, raw) + pad
        elif isinstance(self.content, str):
            inner = pad + _text(self.content, style) + pad
        else:
            comment = style.choice(["", "<!-- <x> -->", pad + "<!-- @( -->", "<!-- don't -->"])
            inner = comment + "".join(pad + child.written(style, raw, depth + 1) for child in self.content) + pad
        return f"{out}{style.choice(['', ' '])}>{inner}</{self.name}>"


def attribute_meaning(value: Value) -> Any:
    """What an attribute means: a line end in it is a blank, with the indentation around it; so is a tab."""
    return value.meaning if isinstance(value, Code) else _BROKEN.sub(" ", value).replace("\t", " ")


def _attribute(value: Value, style: random.Random, raw: bool) -> str:
    if isinstance(value, Code):
        quote = "'" if not raw and style.random() < 0.3 else '"'
        return quote + value.written(style, raw, quote) + quote
    quote = style.choice("\"'")
    return quote + _escaped(value, style, quote) + quote


def _text(value: str, style: random.Random) -> str:
    if "]]>" not in value and style.random() < 0.3:
        return f"<![CDATA[{value}]]>"
    return _escaped(value, style, "")


def _escaped(value: str, style: random.Random, quote: str) -> str:
    """A text with the escapes that it needs, and some that it does not."""
    out = escape(value, {quote: "&quot;" if quote == '"' else "&apos;"} if quote else {})
    numbers = style.random() < 0.3
    return "".join(f"&#{ord(c)};" if numbers and ord(c) > 127 else c for c in out)


def document(sections: dict[str, tuple[Tree, ...]]) -> Tree:
    """A policy document of the sections."""
    return Tree("policies", {}, tuple(Tree(name, {}, policies) for name, policies in sections.items()))


def with_child(tree: Tree, index: int, *others: Tree) -> Tree:
    """The tree with other elements in the place of its child."""
    assert isinstance(tree.content, tuple)
    return replace(tree, content=(*tree.content[:index], *others, *tree.content[index + 1 :]))
