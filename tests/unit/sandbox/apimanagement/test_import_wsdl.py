# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import makes of WSDL, of forms in Swagger, and of comments in protobuf."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.apimanagement.console import Console, flaws
from unit.sandbox.apimanagement.test_imports import body

SCHEMA = '<s:schema targetNamespace="{0}"><s:element name="{1}" type="tns:Kind"/><s:element name="A>B"/></s:schema>'
WSDL = f"""<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:größe" targetNamespace="urn:größe">
<types>{SCHEMA.format("urn:größe", "CancelOrder")}{SCHEMA.format("urn:b", "CancelOrderResponse")}</types>
<message name="Input"><part name="p" element="tns:CancelOrder"/></message>
<message name="Output"><part name="p" element="b:CancelOrderResponse"/></message>
<portType name="T"><operation name="CancelOrder"><input message="tns:Input"/><output message="tns:Output"/></operation>
<operation name="Ping"/></portType>
<binding name="B" type="tns:T">
<operation name="CancelOrder"><soap:operation soapAction="http://tempuri.org/CancelOrder"/></operation>
<operation name="Ping"><soap:operation soapAction="urn:ping"/></operation></binding>
<service name="Orders"><port name="P" binding="tns:B"><soap:address location="http://orders.example.com/"/></port></service>
</definitions>"""


async def shown(gate: Console, title: str) -> dict[str, Any]:
    for name in await gate.names("apis/p/operations"):
        found = await gate.properties(f"apis/p/operations/{name}")
        if found["displayName"] == title:
            return found
    raise AssertionError(title)


async def test_an_operation_that_is_passed_through(gate: Console) -> None:
    """azure-rest-api-specs, example ApiManagementUpdateApiOperation."""
    assert (await gate.put("apis/p", body("wsdl", WSDL, apiType="soap"))).status == 201
    found = await shown(gate, "CancelOrder")
    first, second = await gate.names("apis/p/schemas")
    homes = {first, second}
    assert (found["method"], found["urlTemplate"]) == ("POST", "/?soapAction=http://tempuri.org/CancelOrder")
    [takes], [answer] = found["request"]["representations"], found["responses"]
    assert (found["request"]["description"], takes["contentType"], takes["typeName"]) == (
        "Input", "text/xml", "CancelOrder"
    )  # fmt: skip
    [answers] = answer["representations"]
    assert (answer["statusCode"], answer["description"], answers["typeName"]) == (200, "Output", "CancelOrderResponse")
    assert {takes["schemaId"], answers["schemaId"]} == homes
    assert "typeName" not in (await shown(gate, "Ping"))["request"]["representations"][0]


async def test_schemas_stand_alone(gate: Console) -> None:
    """azure-rest-api-specs, example ApiManagementGetApiSchema: with the prefixes that are declared around them."""
    await gate.put("apis/p", body("wsdl", WSDL, apiType="soap"))
    documents = [await gate.properties(f"apis/p/schemas/{name}") for name in await gate.names("apis/p/schemas")]
    assert {found["contentType"] for found in documents} == {"application/vnd.ms-azure-apim.xsd+xml"}
    texts = [found["document"]["value"] for found in documents]
    roots = [ElementTree.fromstring(text) for text in texts]
    assert {root.get("targetNamespace") for root in roots} == {"urn:größe", "urn:b"}
    assert all([child.get("name") for child in root][1] == "A>B" for root in roots)
    assert all(text.startswith("<s:schema ") and 'xmlns:tns="urn:größe"' in text for text in texts)


async def test_an_import_again_replaces_operations_and_schemas(gate: Console) -> None:
    await gate.put("apis/p", body("wsdl", WSDL, apiType="soap"))
    names, schemas = await gate.names("apis/p/operations"), await gate.names("apis/p/schemas")
    await gate.put("apis/p", body("wsdl", WSDL.replace("urn:ping", "urn:pong").replace('"A>B"', '"A>C"')))
    assert (await shown(gate, "Ping"))["urlTemplate"] == "/?soapAction=urn:pong"
    assert len(set(names) & set(await gate.names("apis/p/operations"))) == 1
    assert set(await gate.names("apis/p/schemas")) == set(schemas)
    for name in schemas:
        assert "A>C" in (await gate.properties(f"apis/p/schemas/{name}"))["document"]["value"]


async def test_what_becomes_rest(gate: Console) -> None:
    """Microsoft Learn, restify-soap-api: consumers send and get JSON."""
    await gate.put("apis/p", body("wsdl", WSDL, apiType="http"))
    assert "type" not in await gate.properties("apis/p")
    found = await shown(gate, "CancelOrder")
    assert (found["method"], found["urlTemplate"]) == ("POST", "/CancelOrder")
    assert found["request"]["representations"][0]["contentType"] == "application/json"
    assert await gate.names("apis/p/schemas") == []


async def test_a_new_api_is_rest_unless_told_otherwise(gate: Console) -> None:
    """azure-rest-api-specs, example ApiManagementCreateSoapToRestApiUsingWsdlImport."""
    await gate.put("apis/p", body("wsdl", WSDL))
    assert "type" not in await gate.properties("apis/p")


@pytest.mark.parametrize(("first", "second"), [("http", "soap"), ("soap", "http")])
async def test_an_api_stays_what_it_is_until_it_is_told_otherwise(gate: Console, first: str, second: str) -> None:
    await gate.put("apis/p", body("wsdl", WSDL, apiType=first))
    await gate.put("apis/p", body("wsdl", WSDL))
    assert (await gate.properties("apis/p")).get("type", "http") == first
    await gate.put("apis/p", body("wsdl", WSDL, apiType=second))
    assert (await gate.properties("apis/p")).get("type", "http") == second
    await gate.put("apis/p", body("wsdl", WSDL, apiType=first, type=first))
    assert (await gate.properties("apis/p")).get("type", "http") == first


async def test_operations_without_an_action_can_t_be_told_apart(gate: Console) -> None:
    text = re.sub(' soapAction="[^"]*"', "", WSDL)
    answer = await gate.put("apis/p", body("wsdl", text, apiType="soap"))
    end = await gate.arm.poll(str(header(answer, "Location")))
    assert "2 operations with signature 'POST /?soapaction='" in end.body["error"]["message"]
    answer = await gate.put("apis/p", body("wsdl", text, apiType="http"))
    assert (await gate.arm.poll(str(header(answer, "Location")))).status == 201


async def test_a_link_that_leads_away_has_a_stand_in(gate: Console) -> None:
    answer = await gate.put("apis/p", body("wsdl-link", "https://specs.example.com/calc.wsdl"))
    assert (answer.status, answer.body["properties"]["displayName"]) == (201, "calc")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("message A {} service G { rpc H (A) returns (A); }", "G"),
        ("// service X {\nservice G {}", "G"),
        ("/* service X { */ service G {}", "G"),
        ('option (a) = "// service X {"; service G {}', "G"),
        ("option (a) = '; service X {'; service G {}", "G"),
    ],
)
async def test_the_first_service_of_protobuf_names_the_api(gate: Console, document: str, name: str) -> None:
    await gate.put("apis/p", body("grpc", document))
    assert (await gate.properties("apis/p"))["displayName"] == name


async def test_a_service_in_a_comment_is_none(gate: Console) -> None:
    assert "no service" in flaws(await gate.put("apis/p", body("grpc", "// service X {}")))["representation"]


async def test_fields_of_forms_are_left_out(gate: Console) -> None:
    """Microsoft Learn, api-management-api-import-restrictions: not supported in OpenAPI 2."""
    form = {"name": "f", "in": "formData", "type": "string"}
    operation = {"operationId": "send", "parameters": [form], "responses": {"200": {"description": "ok"}}}
    document = {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}
    await gate.put("apis/p", body("swagger-json", json.dumps(document)))
    assert (await gate.properties("apis/p/operations/send"))["request"]["representations"] == []
