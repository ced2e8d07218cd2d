# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy documents, written as the service writes them.

Seen in azure-cli recordings (test_apim_policy, test_apim_policy_operations): lines end with CRLF, one TAB for each
level below the root, elements of blanks only collapse, `<x></x>` and `<x />` stay what they are, comments survive.
"""

from __future__ import annotations

from . import expressions
from .characters import blank, unescape
from .document import Attribute, Comment, Document, Element, Node, Text

CRLF = "\r\n"


def write(document: Document, *, escaped: bool) -> str:
    """The document as text; `escaped`: expressions as XML (format xml), otherwise as C# (rawxml)."""
    parts = [_node(node, 0, escaped) for node in (*document.before, document.root, *document.after)]
    return CRLF.join(parts).replace("\r\n", "\n").replace("\n", CRLF)


def _node(node: Node, depth: int, escaped: bool) -> str:
    if isinstance(node, Element):
        return _element(node, depth, escaped)
    return _text(node.value, escaped) if isinstance(node, Text) else node.value


def _element(element: Element, depth: int, escaped: bool) -> str:
    head = element.name + "".join(f" {_attribute(item, escaped)}" for item in element.attributes)
    if element.short:
        return f"<{head} />"
    children = [child for child in element.children if not (isinstance(child, Text) and blank(child.value))]
    if any(isinstance(child, Text) for child in children) or any(
        isinstance(child, Comment) and child.value.startswith("<![CDATA[") for child in children
    ):
        # mixed content: blanks mean something
        return (
            f"<{head}>" + "".join(_node(child, depth + 1, escaped) for child in element.children) + f"</{element.name}>"
        )
    if not children:
        return f"<{head}></{element.name}>"
    lines = [f"{CRLF}{chr(9) * (depth + 1)}{_node(child, depth + 1, escaped)}" for child in children]
    return f"<{head}>{''.join(lines)}{CRLF}{chr(9) * depth}</{element.name}>"


def _attribute(item: Attribute, escaped: bool) -> str:
    value, quote = item.value, item.quote
    if escaped:
        value = _encode(value, quote) if expressions.is_expression(value) else _again(value, quote)
    return f"{item.name}={quote}{value}{quote}"


def _text(value: str, escaped: bool) -> str:
    if not escaped:
        return value
    return _encode(value, "") if expressions.is_expression(value) else _again(value, "")


def _encode(value: str, quote: str) -> str:
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace(quote, {'"': "&quot;", "'": "&apos;", "": ""}[quote]) if quote else value


def _again(value: str, quote: str) -> str:
    """A value that is no expression, with every escape that XML needs and no other."""
    if "&" not in value and "<" not in value and ">" not in value:
        return value
    return _encode(unescape(value), quote)
