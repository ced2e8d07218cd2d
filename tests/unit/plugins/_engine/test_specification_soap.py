# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read from WSDL, in the forms that tools write, and how it is found again in the service."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import (
    check,
    differences,
    reads,
    unknown,
    wanted,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    SpecificationError,
)


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
        operations=[Operation("POST", None, title="Add", action="")],
        text_type="apim.xsd+xml",
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
        ("<definitions><service/></definitions>", "the document has no endpoint"),
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
    for operations, words in (("", "the document has no operations"), ("<operation/>", "an operation of the document")):
        text = (
            f"<definitions><binding name='B'>{operations}</binding><service><port binding='B'/></service></definitions>"
        )
        with pytest.raises(SpecificationError, match=words):
            wanted(text, "wsdl")


def test_the_service_is_that_of_the_endpoint() -> None:
    other = f'<service name="Other">{port("Third", at="https://other.example")}</service>'
    expected = wsdl(port("One"), more=other, endpoint_name="Third")
    assert (expected.title, expected.service_url) == ("Other", "https://other.example")


# operations

MESSAGES = """
  <message name="One"><part name="p" element="t:AddOne"/></message>
  <message name="Two"><part name="p" element="t:AddTwo"/></message>
  <message name="Both"><part name="p" element="t:AddOne"/><part name="q" element="t:AddTwo"/></message>
  <message name="Typed"><part name="p" type="s:int"/></message>
"""


def calc(operations: str, port_type: str = "", kind: str = "", types: str = "") -> Expected:
    return wanted(
        f"""<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
                xmlns:t="urn:calc" xmlns:x="http://www.w3.org/2001/XMLSchema">
            <types>{types}</types>{MESSAGES}<portType name="T">{port_type}</portType>
            <binding name="B" type="t:T">{operations}</binding>
            <service name="Calc">{port("P")}</service></definitions>""",
        "wsdl",
        kind=kind,
    )


def bound(name: str, action: str | None = None, inner: str = "") -> str:
    said = "" if action is None else f'<s:operation soapAction="{action}"/>'
    return f'<operation name="{name}">{said}{inner}</operation>'


def kept(name: str, action: str | None, title: str | None = None, **more: Any) -> dict[str, Any]:
    template = f"/{name}" if action is None else f"/?soapAction={action}"
    properties = {"displayName": title or name, "method": "POST", "urlTemplate": template, **more}
    return {"name": name, "properties": properties}


ADD = "operation Add (POST, soapAction urn:add)"


@pytest.mark.parametrize(
    ("operations", "live", "said"),
    [
        ([("Add", "urn:add")], [("a", "urn:add", "Add")], []),
        ([("Add", "urn:add")], [("a", "urn%3Aadd", "Add")], []),
        ([("Add", "urn:add")], [("a", "urn:other", "Add")], [f"{ADD} has the soapAction 'urn:other'"]),
        ([("Add", "urn:add")], [("a", "", "Add")], [f"{ADD} has the soapAction ''"]),
        ([("Add", "")], [("a", "urn:add", "Add")], ["operation Add (POST) has the soapAction 'urn:add'"]),
        ([("Add", None)], [("a", "", "Add")], []),
        ([("Add", "")], [("a", "Add", "Add")], []),
        (
            [("Add", "urn:add")],
            [("a", "urn:add", "add")],
            [f"{ADD} has the display name 'add' instead of 'Add'"],
        ),
        ([("Add", "urn:add")], [], [f"{ADD} is missing"]),
        (
            [("Add", "urn:add")],
            [("a", "urn:add", "Add"), ("b", "urn:sub", "Sub")],
            ["operation b is not in the specification"],
        ),
        ([("Add", "urn:1"), ("Add", "urn:2")], [("a", "urn:2", "Add"), ("b", "urn:1", "Add")], []),
        # the action of one is what the service may make of none
        ([("Add", None), ("Add", "Add")], [("a", "Add", "Add"), ("b", "", "Add")], []),
        (
            [("Add", "urn:1"), ("Add", "urn:2")],
            [("a", "urn:1", "Add")],
            ["operation Add (POST, soapAction urn:2) is missing"],
        ),
        (
            [("Add", "urn:1"), ("Sub", "urn:2")],
            [("a", "urn:2", "Add"), ("b", "urn:1", "Sub")],
            [
                "operation Add (POST, soapAction urn:1) has the display name 'Sub' instead of 'Add'",
                "operation Sub (POST, soapAction urn:2) has the display name 'Add' instead of 'Sub'",
            ],
        ),
        # turned into REST: nothing but the name is known
        ([("Add", "urn:add")], [("a", None, "Add")], []),
        ([("Add", "urn:add")], [("a", None, "add")], [f"{ADD} has the display name 'add' instead of 'Add'"]),
        ([("加", "urn:1")], [("a", None, "減")], [
            "operation 加 (POST, soapAction urn:1) is missing", "operation a is not in the specification"
        ]),
    ],
)  # fmt: skip
def test_operations_are_found_by_their_actions_and_then_by_their_names(
    operations: list[tuple[str, str | None]], live: list[tuple[str, str | None, str]], said: list[str]
) -> None:
    expected = calc("".join(bound(name, action) for name, action in operations))
    assert differences(expected, [kept(*one) for one in live]) == said


def shown(element: str | None) -> list[dict[str, Any]]:
    return [{"contentType": "text/xml", **({"typeName": element} if element else {})}]


@pytest.mark.parametrize(
    ("takes", "answers", "said"),
    [
        ("AddOne", "AddTwo", []),
        ("t:AddOne", None, []),
        (None, "AddOne", [f"{ADD} answers AddOne instead of AddTwo"]),
        ("AddTwo", "AddTwo", [f"{ADD} takes AddTwo instead of AddOne"]),
    ],
)
def test_what_an_operation_takes_and_answers(takes: str | None, answers: str | None, said: list[str]) -> None:
    port_type = '<operation name="Add"><input message="t:One"/><output message="t:Two"/></operation>'
    expected = calc(bound("Add", "urn:add"), port_type)
    live = kept("Add", "urn:add", responses=[{"statusCode": 200, "representations": shown(answers)}])
    assert reads(expected, [live]) == ["Add"]
    live["properties"]["request"] = {"representations": shown(takes)}
    assert reads(expected, [live]) == []
    assert differences(expected, [live]) == said


@pytest.mark.parametrize("message", ["Both", "Typed", "Nowhere"])
def test_messages_that_are_no_single_element_are_not_compared(message: str) -> None:
    port_type = f'<operation name="Add"><input message="t:{message}"/></operation>'
    [operation] = calc(bound("Add"), port_type).operations
    assert (operation.takes, operation.answers) == ("", "")


def test_overloaded_operations_are_told_apart_by_what_their_messages_are_called() -> None:
    port_type = "".join(
        f'<operation name="Add"><input name="{name}" message="t:{name}"/></operation>' for name in ("One", "Two")
    )
    operations = bound("Add", "urn:2", '<input name="Two"/>') + bound("Add", "urn:1", '<input name="One"/>')
    found = calc(operations, port_type).operations
    assert [(operation.action, operation.takes) for operation in found] == [("urn:2", "AddTwo"), ("urn:1", "AddOne")]


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (("", ""), "the operations Add and Sub have both no soapAction"),
        ((None, ""), "the operations Add and Sub have both no soapAction"),
        (("urn:a", "urn:a"), "the operations Add and Sub have both the soapAction urn:a"),
    ],
)
def test_operations_that_can_t_be_told_apart(actions: tuple[str | None, str | None], said: str) -> None:
    operations = bound("Add", actions[0]) + bound("Sub", actions[1])
    with pytest.raises(SpecificationError, match=said):
        calc(operations, kind="soap")
    assert len(calc(operations, kind="http").operations) == 2, "as REST they have paths of their own"
    expected = calc(operations)
    for api in (None, {}, {"properties": {"type": None}}):
        check(expected, api)
    with pytest.raises(SpecificationError, match=said):
        check(expected, {"properties": {"type": "soap"}})


def test_operations_of_one_name_can_t_become_rest() -> None:
    operations = bound("Add", "urn:1") + bound("Add", "urn:2")
    assert len(calc(operations, kind="soap").operations) == 2
    with pytest.raises(SpecificationError, match=r"two operations Add, which can't be told apart as REST"):
        calc(operations, kind="http")
    expected = calc(operations)
    check(expected, {"properties": {"type": "soap"}})
    with pytest.raises(SpecificationError, match=r"set soap_api_type to soap"):
        check(expected, None)


@pytest.mark.parametrize(
    ("live", "same"),
    [
        ("https://calc.example/x", True),
        ("https://CALC.example/", True),
        ("https://calc.example/y", False),
        ("http://calc.example", False),
    ],
)
def test_the_path_of_an_endpoint_may_be_in_a_policy(live: str, same: bool) -> None:
    """azure-rest-api-specs, example ApiManagementCreateSoapToRestApiUsingWsdlImport."""
    api = {"properties": {"displayName": "Calc", "serviceUrl": live}}
    found = differences(calc(bound("Add")), [kept("Add", None)], api=api)
    assert found == ([] if same else ["the API has another serviceUrl"])


SCHEMA = '<x:schema targetNamespace="urn:calc"><x:element name="A" type="x:int"/></x:schema>'


def test_the_schemas_of_soap_are_compared_and_those_of_rest_are_not() -> None:
    expected = calc(bound("Add", "urn:add"), types=SCHEMA)
    live, kind = [kept("Add", "urn:add")], "application/vnd.ms-azure-apim.xsd+xml"
    assert differences(expected, live, []) == ["the element A of urn:calc is missing"]
    bare = SCHEMA.replace("x:", "").replace("<schema", '<schema xmlns="http://www.w3.org/2001/XMLSchema"')
    for text, said in (
        (bare, []),
        (bare.replace('"int"', '"string"'), ["the element A of urn:calc is another one"]),
        ("<broken", ["the element A of urn:calc is missing"]),
        ("<!DOCTYPE a><a/>", ["the element A of urn:calc is missing"]),
    ):  # fmt: skip
        stored = [{"properties": {"contentType": kind, "document": {"value": text}}}]
        assert differences(expected, live, stored) == said
    assert differences(expected, [kept("Add", None)], []) == []


@pytest.mark.parametrize(
    ("format", "kind", "live", "said"),
    [
        ("wsdl", "soap", None, ["the API is of the type http instead of soap"]),
        ("wsdl", "http", "soap", ["the API is of the type soap instead of http"]),
        ("wsdl", "http", None, []),
        ("wsdl", "", "soap", []),
        ("wsdl", "grpc", None, []),
        ("grpc-link", "grpc", None, ["the API is of the type http instead of grpc"]),
        ("openapi", "soap", None, []),
    ],
)
def test_the_type_that_a_document_is_to_become(format: str, kind: str, live: str | None, said: list[str]) -> None:
    api = {"properties": {"displayName": "Calc", "type": live}}
    assert differences(unknown(format, kind), [], api=api) == said
    if format == "wsdl" and kind != "grpc":
        expected = calc(bound("Add", "urn:add"), kind=kind)
        expected.service_url = ""
        assert differences(expected, [kept("Add", "urn:add")], api=api) == said
