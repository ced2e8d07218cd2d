# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemas of XML are compared by what they define, however they are written."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_xsd import differences, schemas

HEAD = '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:a" targetNamespace="urn:a">'
ORDER = """
  <x:complexType name="Order"><x:sequence>
    <x:element name="id" type="x:int"/><x:element name="next" type="t:Order" minOccurs="0"/>
  </x:sequence><x:attribute name="at" type="x:date" use="required"/></x:complexType>
  <x:element name="Get" type="t:Order"/>
  <x:simpleType name="Kind"><x:restriction base="x:string"><x:enumeration value="a"/></x:restriction></x:simpleType>
"""
DOCUMENT = f"<w>{HEAD}{ORDER}</x:schema></w>"


def told(one: str, other: str) -> list[str]:
    return list(differences(schemas(one), schemas(other)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x:", "xsd:"),
        ("t:Order", "o:Order"),
        ("\n", "\r\n\t"),
        ('<x:element name="id" type="x:int"/>', '<x:element type="x:int" name="id" maxOccurs="1" minOccurs="1"/>'),
        ("<x:sequence>", "<!-- c --><x:sequence>"),
        ("<x:schema ", '<x:schema elementFormDefault="unqualified" '),
        ("<x:sequence>", "<x:annotation><x:documentation>d</x:documentation></x:annotation><x:sequence>"),
        ('<x:element name="Get"', '<x:element id="i" t:own="1" nillable="false" name="Get"'),
        ('targetNamespace="urn:a">', 'targetNamespace="urn:a"><x:import namespace="urn:b" schemaLocation="b.xsd"/>'),
    ],
)
def test_how_a_schema_is_written_is_no_difference(old: str, new: str) -> None:
    assert old in DOCUMENT
    other = DOCUMENT.replace(old, new)
    if new == "xsd:":
        other = other.replace("xmlns:x=", "xmlns:xsd=")
    if new == "o:Order":
        other = other.replace("xmlns:t=", "xmlns:t='urn:a' xmlns:o=")
    assert schemas(other)
    assert told(DOCUMENT, other) == told(other, DOCUMENT) == []


def test_prefixes_may_be_declared_anywhere() -> None:
    inner = HEAD.replace(' xmlns:t="urn:a"', "")
    outside = f'<w xmlns:t="urn:z"><v xmlns:t="urn:a">{inner}{ORDER}</x:schema></v></w>'
    bare = DOCUMENT.replace("<x:", "<").replace("</x:", "</").replace('"x:', '"').replace("xmlns:x=", "xmlns=")
    for other in (outside, bare):
        assert told(DOCUMENT, other) == told(other, DOCUMENT) == []
    assert told(DOCUMENT, outside.replace('<v xmlns:t="urn:a">', "<v>")) != []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"x:int"', '"x:long"', ["the complexType Order of urn:a is another one"]),
        ('minOccurs="0"', "", ["the complexType Order of urn:a is another one"]),
        ('use="required"', "", ["the complexType Order of urn:a is another one"]),
        ("x:sequence", "x:all", ["the complexType Order of urn:a is another one"]),
        ('<x:enumeration value="a"/>', "", ["the simpleType Kind of urn:a is another one"]),
        ('name="Get"', 'name="Take"', [
            "the element Get of urn:a is missing", "the element Take of urn:a is not in the specification",
        ]),
        ("</x:simpleType>", '</x:simpleType><x:element name="New"/>', [
            "the element New of urn:a is not in the specification",
        ]),
        ('targetNamespace="urn:a"', 'targetNamespace="urn:a" elementFormDefault="qualified"', [
            f"the {what} of urn:a is another one" for what in ("complexType Order", "element Get", "simpleType Kind")
        ]),
        ('targetNamespace="urn:a"', "", [
            f"the {what} of urn:a is missing" for what in ("complexType Order", "element Get", "simpleType Kind")
        ]),
    ],
)  # fmt: skip
def test_what_a_schema_defines_is_a_difference(old: str, new: str, said: list[str]) -> None:
    assert old in DOCUMENT
    assert told(DOCUMENT, DOCUMENT.replace(old, new)) == said


def test_schemas_may_be_kept_in_any_number_of_documents() -> None:
    half = ORDER.index('<x:element name="Get"')
    split = f"<w>{HEAD}{ORDER[:half]}</x:schema>{HEAD}{ORDER[half:]}</x:schema></w>"
    assert len(schemas(split)) == 2
    assert told(DOCUMENT, split) == told(split, DOCUMENT) == []
    older = DOCUMENT.replace('"x:int"', '"x:long"').replace('name="Get"', 'name="Gone"')
    assert list(differences(schemas(DOCUMENT), [*schemas(older), *schemas(DOCUMENT)])) == []
    assert list(differences(schemas(f"{HEAD}</x:schema>"), [])) == []
    elsewhere = DOCUMENT.replace('targetNamespace="urn:a"', 'targetNamespace="urn:z"')
    assert list(differences(schemas(DOCUMENT), [*schemas(DOCUMENT), *schemas(elsewhere)])) == []


def test_the_service_may_leave_out_namespaces_but_not_all() -> None:
    """WCF describes types of its own beside those of the service."""
    elsewhere = DOCUMENT.replace('targetNamespace="urn:a"', 'targetNamespace="urn:z"').replace("Kind", "Other")
    both = [*schemas(DOCUMENT), *schemas(elsewhere)]
    assert list(differences(both, schemas(DOCUMENT))) == []
    assert list(differences(both, schemas(DOCUMENT.replace('"x:int"', '"x:long"')))) == [
        "the complexType Order of urn:a is another one"
    ]
    assert len(list(differences(both, []))) == 6
