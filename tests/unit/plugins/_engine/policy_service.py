# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What API Management does to a policy document that it stores, written anew from what was seen on the wire.

Line ends become CRLF, the indentation one tab per depth below the root, sections of nothing but white space collapse,
C(<x></x>) and C(<x />) stay what they are, comments stay (azure-cli recordings test_apim_policy and
test_apim_policy_operations). C(format=xml) answers expressions escaped. Made on ElementTree, so it has nothing in
common with the parser of the plugin.
"""

from __future__ import annotations

import re
from xml.dom import minidom
from xml.sax.saxutils import escape

_ATTRIBUTE = re.compile(r'(\s[\w-]+)=(["\'])(\s*@[({].*?[)}]\s*)\2(?=\s*/?>|\s+[\w-]+=["\'])', re.DOTALL)
_TEXT = re.compile(r"(<(?P<tag>[\w-]+)[^<>]*>)(\s*@[({].*?[)}]\s*)(</(?P=tag)>)", re.DOTALL)
_ESCAPE = re.compile(r"&(?:quot|lt|gt|amp|apos);")


def rewritten(document: str, format: str) -> str:
    """The document as GET answers it with that format (C(xml) or C(rawxml))."""
    root = minidom.parseString(_wellformed(document)).documentElement
    assert root is not None
    lines = [f"<!--{node.data}-->" for node in root.parentNode.childNodes if node.nodeType == node.COMMENT_NODE]
    return "\r\n".join([*lines, _element(root, 0, format)]).replace("\r\n", "\n").replace("\n", "\r\n")


def _wellformed(document: str) -> str:
    """The document with its expressions escaped, so that an XML parser takes it."""
    parts = re.split(r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>)", document, flags=re.DOTALL)
    for index in range(0, len(parts), 2):
        part = _TEXT.sub(lambda m: m[1] + (m[3] if _ESCAPE.search(m[3]) else escape(m[3])) + m[4], parts[index])
        part = _ATTRIBUTE.sub(lambda m: f'{m[1]}="{_value(m[3])}"', part)
        part = re.sub(r"&(?!(?:quot|lt|gt|amp|apos|#\d+);)", "&amp;", part)
        parts[index] = re.sub(r"<(?![\w/!?])", "&lt;", part)
    return re.sub(r"^\s*<\?xml.*?\?>\s*", "", "".join(parts))


def _value(expression: str) -> str:
    value = expression if _ESCAPE.search(expression) else escape(expression)
    return value.replace('"', "&quot;").replace("\n", "&#10;")


def _element(element: minidom.Element, depth: int, format: str) -> str:
    out = f"<{element.tagName}"
    for name, value in element.attributes.items():
        out += f' {name}="{_written(value, format, quote=True)}"'
    if not element.childNodes:
        return out + " />"
    out += ">"
    nested = any(node.nodeType in (node.ELEMENT_NODE, node.COMMENT_NODE) for node in element.childNodes)
    for node in element.childNodes:
        if node.nodeType == node.ELEMENT_NODE:
            out += "\n" + "\t" * (depth + 1) + _element(node, depth + 1, format)
        elif node.nodeType == node.COMMENT_NODE:
            out += "\n" + "\t" * (depth + 1) + f"<!--{node.data}-->"
        elif node.nodeType == node.CDATA_SECTION_NODE:
            out += f"<![CDATA[{node.data}]]>"
        elif node.data.strip():
            out += _written(node.data.strip() if nested else node.data, format, quote=False)
    return out + ("\n" + "\t" * depth if nested else "") + f"</{element.tagName}>"


def _written(text: str, format: str, *, quote: bool) -> str:
    if format == "rawxml" and text.lstrip().startswith("@"):
        return text
    return escape(text, {'"': "&quot;"} if quote else {})
