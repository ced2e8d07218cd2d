# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""XML Schema, as a WSDL or WADL document carries it and as API Management keeps it: what it defines.

API Management keeps each schema of a WSDL as a schema of the API, as it was written, with the prefixes that the
document declares around it (azure-rest-api-specs, example ApiManagementGetApiSchema). Compared is what is defined, so
that neither prefixes nor comments, documentation or the order of definitions make a difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.etree.ElementTree import Element

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import (
    local,
    xml_events,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark

#: Where something is defined, what it is, and its name: C(("urn:a", "element", "Add")).
Key: TypeAlias = tuple[str, str, str]
#: What one schema defines: each definition in a form that is the same for all ways to write it.
Schema: TypeAlias = Mapping[Key, str]

_SPACE = "{http://www.w3.org/2001/XMLSchema}"
#: Attributes with the names of definitions, whose prefixes have no meaning of their own.
_NAMES = frozenset(("base", "itemType", "memberTypes", "ref", "refer", "substitutionGroup", "type"))
#: What an attribute means anyway when it is not there.
_DEFAULTS = frozenset(
    (
        ("abstract", "false"),
        ("maxOccurs", "1"),
        ("minOccurs", "1"),
        ("mixed", "false"),
        ("nillable", "false"),
        ("processContents", "strict"),
        ("use", "optional"),
    )
)
#: What a schema says for all that it defines.
_FOR_ALL = ("attributeFormDefault", "blockDefault", "elementFormDefault", "finalDefault")
#: What defines nothing: texts for people, and where other schemas are.
_NO_DEFINITIONS = frozenset(("annotation", "import", "include"))


def schemas(text: str) -> list[Schema]:
    """What each schema in a document defines, those that define nothing left out. Raises what C(xml_events) does."""
    spaces: list[tuple[str, str]] = []
    found: list[Element] = []
    for event, item in xml_events(without_mark(text)):
        if event == "start-ns":
            spaces.append(item)
        elif event == "end-ns":
            spaces.pop()
        elif item.tag.startswith(_SPACE):
            _qualify(item, dict(spaces))
            if local(item) == "schema":
                found.append(item)
    return [schema for schema in map(_schema, found) if schema]


def differences(wanted: Sequence[Schema], live: Sequence[Schema]) -> Iterator[str]:
    """What the service has to learn of the schemas; what it has of namespaces that are not wanted does not count.

    Where the service has a wanted schema as it is, it may have any number of others beside it. Where it has some of the
    namespaces, it may have left out the others: tools put schemas into a document that no operation refers to, and
    whether the service keeps these is not known.
    """
    keys = {key for schema in wanted for key in schema}
    there = {key[0] for schema in live for key in schema} & {key[0] for key in keys}
    for schema in (schema for schema in wanted if schema not in live):
        if there and not there & {key[0] for key in schema}:
            continue
        for key, form in schema.items():
            forms = {other[key] for other in live if key in other}
            if form not in forms:
                yield f"{_label(key)} is {'another one' if forms else 'missing'}"
        spaces = {space for space, _kind, _name in schema}
        surplus = {key for other in live for key in other if key[0] in spaces and key not in keys}
        yield from (f"{_label(key)} is not in the specification" for key in sorted(surplus))


def _label(key: Key) -> str:
    space, kind, name = key
    return f"the {kind} {name} of {space}" if space else f"the {kind} {name}"


def _qualify(element: Element, spaces: Mapping[str, str]) -> None:
    """Put namespaces in the place of prefixes."""
    for attribute in _NAMES & set(element.attrib):
        element.set(attribute, " ".join(_qualified(name, spaces) for name in element.attrib[attribute].split()))


def _qualified(name: str, spaces: Mapping[str, str]) -> str:
    prefix, _colon, rest = name.rpartition(":")
    space = spaces.get(prefix, "")
    return f"{{{space}}}{rest}" if space else name


def _schema(element: Element) -> Schema:
    for_all = [(element.get(attribute) or "").removeprefix("unqualified") for attribute in _FOR_ALL]
    space = element.get("targetNamespace") or ""
    return {
        (space, local(child), child.get("name") or child.get("schemaLocation") or ""): json.dumps(
            [for_all, _form(child)]
        )
        for child in element
        if local(child) not in _NO_DEFINITIONS
    }


def _form(element: Element) -> object:
    """An element without what does not change which documents are valid: ids, attributes of other vocabularies, texts.

    C(form="unqualified") on a part says what its schema may say for all, so C(_FOR_ALL) is not left out as a default.
    """
    said = sorted(
        (name, " ".join(value.split()) if name in _NAMES else value)
        for name, value in element.attrib.items()
        if name != "id" and not name.startswith("{") and (name, value) not in _DEFAULTS
    )
    return [local(element), said, [_form(child) for child in element if local(child) != "annotation"]]
