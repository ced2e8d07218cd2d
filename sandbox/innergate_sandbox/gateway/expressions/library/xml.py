# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LINQ to XML: `XDocument`, `XElement` and `XAttribute`, for reading."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from innergate_sandbox.gateway.expressions.format import TEXTS, to_text
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import ExpressionError

_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)


class XName(str):
    """A name with its namespace in braces."""

    __slots__ = ()


class XDocument:
    """A whole document."""

    def __init__(self, root: ElementTree.Element) -> None:
        """Take the root element."""
        self.root = root


class XElement:
    """One element."""

    def __init__(self, element: ElementTree.Element) -> None:
        """Take Python's element."""
        self.element = element

    def scalar(self) -> str:
        """Return its text, for casts."""
        return "".join(self.element.itertext())


class XAttribute:
    """One attribute."""

    def __init__(self, name: str, value: str) -> None:
        """Take name and value."""
        self.name, self.value = name, value

    def scalar(self) -> str:
        """Return its text, for casts."""
        return self.value


def parse(text: str) -> XDocument:
    """Read a document; document types, and with them all entities, are refused."""
    if _DOCTYPE.search(text):
        raise ExpressionError("For security reasons DTD is prohibited in this XML document.", "XmlException")
    try:
        return XDocument(ElementTree.fromstring(text))
    except ElementTree.ParseError as error:
        raise ExpressionError(str(error), "XmlException") from error


def _children(element: ElementTree.Element, name: Any = None) -> list[XElement]:
    return [XElement(child) for child in element if name is None or child.tag == str(name)]


def _descendants(element: ElementTree.Element, name: Any = None) -> list[XElement]:
    found = element.iter(str(name) if name is not None else None)
    return [XElement(child) for child in found if child is not element]


def _attribute(element: ElementTree.Element, name: Any) -> XAttribute | None:
    value = element.get(str(name))
    return None if value is None else XAttribute(str(name), value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


documents = Kind("XDocument", XDocument)
documents.static_methods["Parse"] = parse
documents.properties["Root"] = lambda document: XElement(document.root)
documents.methods.update(
    {
        "Descendants": lambda document, name=None: [
            *([XElement(document.root)] if name is None or document.root.tag == str(name) else []),
            *_descendants(document.root, name),
        ],
        "Element": lambda document, name: XElement(document.root) if document.root.tag == str(name) else None,
        "Elements": lambda document, name=None: [XElement(document.root)],
    }
)
elements = Kind("XElement", XElement)
elements.static_methods["Parse"] = lambda text: XElement(parse(text).root)
elements.properties.update(
    {
        "Value": XElement.scalar,
        "Name": lambda element: XName(element.element.tag),
        "HasElements": lambda element: len(element.element) > 0,
    }
)
elements.methods.update(
    {
        "Element": lambda element, name: next(iter(_children(element.element, name)), None),
        "Elements": lambda element, name=None: _children(element.element, name),
        "Descendants": lambda element, name=None: _descendants(element.element, name),
        "Attribute": lambda element, name: _attribute(element.element, name),
        "Attributes": lambda element: [XAttribute(*pair) for pair in element.element.attrib.items()],
    }
)
attributes = Kind("XAttribute", XAttribute)
attributes.properties.update({"Value": XAttribute.scalar, "Name": lambda attribute: XName(attribute.name)})
names = Kind("XName", XName)
names.properties.update(
    {"LocalName": _local, "NamespaceName": lambda name: name[1:].partition("}")[0] if "}" in name else ""}
)
namespaces = Kind("XNamespace")
namespaces.static_methods["Get"] = lambda text: XName(f"{{{to_text(text)}}}")

TEXTS[XDocument] = lambda document: ElementTree.tostring(document.root, encoding="unicode")
TEXTS[XElement] = lambda element: ElementTree.tostring(element.element, encoding="unicode")
TEXTS[XAttribute] = lambda attribute: f'{attribute.name}="{attribute.value}"'
