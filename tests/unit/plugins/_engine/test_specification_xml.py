# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read from WADL and OData, in the forms that tools write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import differences, wanted
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
    SpecificationError,
)

from .specification_documents import ODATA


def wadl(resources: str, attributes: str = "") -> Expected:
    namespace = "http://wadl.dev.java.net/2009/02"
    return wanted(
        f'<application xmlns="{namespace}"><resources {attributes}>{resources}</resources></application>', "wadl-xml"
    )


def test_paths_of_nested_resources() -> None:
    expected = wadl("""
      <resource><method id="root"/><resource path="a/"><method id="a"/></resource></resource>
      <resource path="/"><method id="slash" name="PUT"/><resource path="/b"><method id="b"/>
        <resource path="/c/"><method id="c"/><resource><method id="same" name="PUT"/></resource></resource></resource>
      </resource>
    """)
    assert [(operation.name, operation.path) for operation in expected.operations] == [
        ("root", "/"),
        ("a", "/a"),
        ("slash", "/"),
        ("b", "/b"),
        ("c", "/b/c"),
        ("same", "/b/c"),
    ]


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ('<resource path="a"><method/><method name="get"/></resource>', "GET /a is there twice"),
        (
            '<resource path="a/{b}"><method/></resource><resource path="a/{c}"><method/></resource>',
            "GET /a/{c} can't be told from /a/{b}",
        ),
        ('<resource path="a"><method/><method href="#b"/><method href="#c"/></resource>', ""),
        ('<resource path="a"><method/><method name="PUT"/></resource>', ""),
    ],
)
def test_methods_that_can_t_be_told_apart(resources: str, message: str) -> None:
    if not message:
        assert len(wadl(resources).operations) > 1
        return
    with pytest.raises(SpecificationError) as refused:
        wadl(resources)
    assert str(refused.value) == message


def test_all_of_an_operation() -> None:
    expected = wadl(
        """
      <resource path="orders/{id}/{part}">
        <param name="id" style="template" required="true"/>
        <param name="ID" style="template"/>
        <param name="trace" style="header"/>
        <param name="lang" style="query"/>
        <resource path="lines">
          <param name="part" style="template" required="true"/>
          <method name="put" id=" putLine ">
            <request>
              <param name="dry" style="query" required="true"/>
              <param style="query"/>
              <param name="If-Match" style="header" required="true"/>
            </request>
            <response status="200 2xx 204"/>
            <response/>
          </method>
          <method/>
        </resource>
      </resource>
    """,
        'base="https://shop.example/v1//"',
    )
    path = "/orders/{id}/{part}/lines"
    parameters = (Parameter("id", required=True), Parameter("part", required=True))
    assert expected == Expected(
        "wadl-xml",
        service_url="https://shop.example/v1",
        operations=[
            Operation(
                "PUT",
                path,
                name="putLine",
                parameters=parameters,
                query=(Parameter("dry", required=True),),
                headers=(Parameter("If-Match", required=True),),
                responses=(Response(200), Response(204)),
                sure_of_responses=False,
            ),
            Operation("GET", path, parameters=parameters, sure_of_responses=False),
        ],
        text_type="wadl.grammars+xml",
        sure_of_xsd=False,
    )


def test_parameters_of_the_resource_itself_count_for_its_methods() -> None:
    found = wadl("""
      <resource path="a">
        <param name="q" style="query" required="false"/><param name="h" style="header" required="true"/>
        <method/>
      </resource>
    """).operations[0]
    assert (found.query, found.headers) == ((Parameter("q"),), (Parameter("h", required=True),))


def test_the_first_base_is_that_of_the_service() -> None:
    document = '<application>{}<resources base="{}"/><resources base="https://b.example/"/></application>'
    assert wanted(document.format("", "https://a.example/"), "wadl-xml").service_url == "https://a.example"
    assert wanted(document.format("", ""), "wadl-xml").service_url == "https://b.example"
    for doc, title in (("<doc title=' T '/><doc title='U'/>", "T"), ("<doc/>", ""), ("", "")):
        assert wanted(document.format(doc, ""), "wadl-xml").title == title


def test_odata_is_compared_as_a_whole() -> None:
    expected = wanted(ODATA, "odata")
    assert (expected.format, expected.title, expected.text_type) == ("odata", "Container", "odata")
    assert "EntitySet" in expected.text
    assert wanted(ODATA.replace(' Name="Container"', ""), "odata").title == ""
    for format, document, said in (
        ("odata", "<Edmx/>", "the document has no entity container"),
        ("wadl-xml", "<application/>", "the document has no resources"),
    ):
        with pytest.raises(SpecificationError) as caught:
            wanted(document, format)
        assert str(caught.value) == said


SHOP = """
  <edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" xmlns:m="urn:m" xmlns:o="urn:o"><edmx:DataServices>
    <Schema Namespace="Shop" Alias="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="Order" m:HasStream="true"><Property Name="Sum" o:Order="1" Type="s.Order"/></EntityType>
      <EntityContainer Name="C"/>
    </Schema>
  </edmx:DataServices></edmx:Edmx>
"""


@pytest.mark.parametrize(
    ("pattern", "other", "same"),
    [
        (r"edmx([:=])", r"e\1", True),
        (r"(</?)(Schema|EntityType|Property|EntityContainer)", r"\1d:\2", True),
        (r' xmlns:o="urn:o"(.*) o:Order', r' \1 xmlns:p="urn:o" p:Order', True),
        ('ns/edm"', 'ns/other"', False),
        ("m:HasStream", "HasStream", False),
        ("m:HasStream", "o:HasStream", False),
        (r"s\.Order", "Shop.Order", False),
    ],
)
def test_prefixes_mean_nothing(pattern: str, other: str, same: bool) -> None:
    written = re.sub(pattern, other, SHOP.replace(" xmlns=", " xmlns:d=") if "d:" in other else SHOP, flags=re.DOTALL)
    assert written != SHOP
    assert (wanted(written, "odata").text == wanted(SHOP, "odata").text) is same


GRAMMARS = """
  <application><grammars><s:schema xmlns:s="http://www.w3.org/2001/XMLSchema"><s:element name="A" type="s:int"/>
  </s:schema></grammars><resources/></application>
"""


def test_grammars_are_compared_where_the_service_shows_them() -> None:
    """Whether an import keeps them was not found on any recording; the SDK names a content type for them."""
    expected, other = wanted(GRAMMARS, "wadl-xml"), GRAMMARS.replace("s:int", "s:long")
    kind = "application/vnd.ms-azure-apim.wadl.grammars+xml"

    def kept(text: str) -> list[dict[str, Any]]:
        return [{"properties": {"contentType": kind, "document": {"value": text}}}]

    assert differences(expected, [], []) == differences(expected, [], kept(GRAMMARS)) == []
    assert differences(expected, [], kept(other)) == ["the element A is another one"]
