# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read from WADL, WSDL and OData, in the forms that tools write."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import wanted
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
    SpecificationError,
)

from .specification_documents import DOCUMENTS, ODATA


def wadl(resources: str, attributes: str = "") -> Expected:
    namespace = "http://wadl.dev.java.net/2009/02"
    return wanted(
        f'<application xmlns="{namespace}"><resources {attributes}>{resources}</resources></application>', "wadl-xml"
    )


def test_paths_of_nested_resources() -> None:
    expected = wadl("""
      <resource><method id="root"/><resource path="a/"><method id="a"/></resource></resource>
      <resource path="/"><method id="slash"/><resource path="/b"><method id="b"/>
        <resource path="/c/"><method id="c"/><resource><method id="same"/></resource></resource></resource>
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


def port(name: str, protocol: str = "soap", binding: str = "t:B", at: str = "https://calc.example/x") -> str:
    namespace = f"http://schemas.xmlsoap.org/wsdl/{protocol}/"
    return f'<port name="{name}" binding="{binding}"><address xmlns="{namespace}" location="{at}"/></port>'


def wsdl(*ports: str, binding: str = "", more: str = "", **selector: str) -> Expected:
    return wanted(
        f"""<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
                xmlns:h="http://schemas.xmlsoap.org/wsdl/http/">
            <portType name="T"><operation name="Add"/><operation name="Sub"/></portType>
            <binding name="B" type="t:T">{binding or '<s:binding style="document"/>'}
              <operation name="Add"><input><s:body use="literal"/></input></operation></binding>
            <binding name="G" type="t:T"><h:binding verb="GET"/><operation name="AddGet"/></binding>{more}
            <service name="Calc">{"".join(ports)}</service></definitions>""",
        "wsdl",
        selector or None,
    )


def test_the_endpoint_of_soap_is_taken_from_those_of_all_protocols() -> None:
    """ASP.NET describes each service three times."""
    expected = wsdl(
        port("Get", "http", "t:G"), port("Soap", at="https://calc.example/x//"), port("Post", "http", "t:G")
    )
    assert expected == Expected(
        "wsdl",
        title="Calc",
        service_url="https://calc.example/x",
        operations=[Operation("POST", None, title="Add")],
    )
    assert wsdl(port("Soap12", "soap12")).operations == expected.operations


def test_a_document_of_http_alone_is_read_as_it_is() -> None:
    assert [o.title for o in wsdl(port("Get", "http", "t:G")).operations] == ["AddGet"]


def test_several_endpoints_have_to_be_told_apart() -> None:
    ports = (port("One"), port("Two", "soap12"))
    with pytest.raises(SpecificationError) as caught:
        wsdl(*ports)
    assert str(caught.value) == (
        "the document has several endpoints (One, Two), of which only one can be imported: "
        "name it, and its service, in wsdl_selector"
    )
    assert wsdl(*ports, service_name="Calc", endpoint_name="Two").operations
    other = f'<service name="Other">{port("Third")}</service>'
    with pytest.raises(SpecificationError, match=r"several endpoints \(Third, One\)"):
        wsdl(ports[0], more=other)
    assert wsdl(ports[0], more=other, service_name="Other").title == "Other"


@pytest.mark.parametrize("binding", ["t:B", "B", "a:b:B"])
def test_the_binding_by_its_qualified_name(binding: str) -> None:
    assert [o.title for o in wsdl(port("One", binding=binding)).operations] == ["Add"]


def test_a_service_without_an_endpoint_has_the_operations_of_all_port_types() -> None:
    expected = wsdl(more='<portType name="U"><operation name="Sub"/><operation name="Mul"/></portType>')
    assert [o.title for o in expected.operations] == ["Add", "Sub", "Mul"]
    assert expected.service_url == ""


@pytest.mark.parametrize("address", ["", "<s:address/>", '<s:address location=""/>'])
def test_an_endpoint_without_an_address(address: str) -> None:
    assert wsdl(f'<port name="P" binding="t:B">{address}</port>').service_url == ""


@pytest.mark.parametrize(
    "binding", ['<s:binding style="rpc"/>', '<operation name="X"><input><s:body use="encoded"/></input></operation>']
)
def test_bindings_that_azure_does_not_take(binding: str) -> None:
    """Microsoft Learn: api-management-api-import-restrictions."""
    with pytest.raises(SpecificationError) as caught:
        wsdl(port("One"), binding=binding)
    assert str(caught.value) == 'API Management takes SOAP bindings of the style "document" and the use "literal" only'


def test_the_style_of_other_protocols_does_not_matter() -> None:
    assert wsdl(port("One"), binding='<h:binding style="rpc" use="encoded"/>').operations
    assert wsdl(port("One"), binding='<s:binding style="document"/><s:fault use="literal"/>').operations


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            "<definitions><import/><service/></definitions>",
            "API Management does not follow <import>: merge the documents into one",
        ),
        ("<definitions><service/></definitions>", "the document has no operations"),
        (
            "<definitions><service/><portType><operation/></portType></definitions>",
            "an operation of the document has no name",
        ),
        (
            "<definitions><service><port name='P'/></service></definitions>",
            "the endpoint P has the binding of another document, or none",
        ),
    ],
)
def test_what_is_said_of_documents_that_miss_something(document: str, said: str) -> None:
    with pytest.raises(SpecificationError) as caught:
        wanted(document, "wsdl")
    assert str(caught.value) == said


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
    assert wanted(DOCUMENTS["wsdl"], "wsdl").format == "wsdl"
