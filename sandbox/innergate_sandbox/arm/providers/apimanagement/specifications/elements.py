# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elements of XML documents."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .parsed import Unreadable


def root_of(text: str, expected: str) -> Element:
    """The root element of a document, which has to be of that kind."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("Document type definitions are not supported.")
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff").strip())
    except ElementTree.ParseError as error:
        raise Unreadable(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if kind_of(root) != expected:
        raise Unreadable(f"The root element is '{kind_of(root)}', expected is '{expected}'.")
    return root


def kind_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def below(element: Element, kind: str) -> list[Element]:
    """All elements in one, and itself, that are called so."""
    return [child for child in element.iter() if kind_of(child) == kind]


def children_of(element: Element, kind: str) -> list[Element]:
    """The children of an element that are called so."""
    return [child for child in element if kind_of(child) == kind]


def documentation_of(element: Element) -> str | None:
    """What a document says of an element to people."""
    found = children_of(element, "doc") or children_of(element, "documentation")
    return " ".join("".join(found[0].itertext()).split()) or None if found else None
