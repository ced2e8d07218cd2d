# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports of OpenAPI, Swagger, WADL, WSDL, OData, GraphQL and gRPC documents, and exports."""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
import yaml
from innergate_sandbox.arm.providers.apimanagement import ApiManagement
from innergate_sandbox.arm.providers.apimanagement.settings import Settings
from innergate_sandbox.arm.providers.apimanagement.specifications import exports
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import header, sandbox, served
from unit.sandbox.apimanagement.console import NEW, OLD, Console, flaws

PETS: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "Pets", "version": "1.0", "license": {"name": "MIT"}, "description": "All pets"},
    "servers": [{"url": "http://petstore.example.com/{stage}", "variables": {"stage": {"default": "v1"}}}],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets", "summary": "List pets",
                "parameters": [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}},
                               {"name": "tag", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}],
                "responses": {"200": {"description": "pets", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Pets"}}}}, "default": {"description": "error"}},
            },
            "post": {"responses": {"2XX": {"description": "made"}}, "requestBody": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Pet"}, "example": {"name": "Rex"}}}}},
        },
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "showPet", "responses": {"200": {"description": "a pet"}}},
        },
    },
    "components": {"schemas": {"Pet": {"type": "object"}, "Pets": {"type": "array"}}},
}  # fmt: skip
SWAGGER: dict[str, Any] = {
    "swagger": "2.0", "info": {"title": "Old pets", "version": "1"}, "host": "old.example.com", "basePath": "/v2",
    "schemes": ["http"], "produces": ["application/json"], "definitions": {"Pet": {"type": "object"}},
    "paths": {"/pets/{id}": {"put": {"operationId": "putPet", "parameters": [
        {"name": "id", "in": "path", "required": True, "type": "integer"},
        {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}],
        "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}}}}},
}  # fmt: skip
WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<binding name="B"><operation name="Add"><soap:operation soapAction="urn:add"/></operation></binding>
<service name="Calculator"><port name="P" binding="tns:B"><soap:address location="http://calc.example.com/c"/></port></service>
</definitions>"""
WADL = """<application xmlns="http://wadl.dev.java.net/2009/02"><doc title="Collector"/>
<resources base="http://host/api/"><resource path="jobs/{job}"><method name="GET" id="getJob"/></resource></resources>
</application>"""


def body(form: str, value: Any, **more: Any) -> dict[str, Any]:
    text = value if isinstance(value, str) else json.dumps(value)
    return {"format": form, "value": text, "path": "pets", **more}


async def test_an_import_answers_at_once_in_new_versions(gate: Console) -> None:
    answer = await gate.at(NEW).put("apis/p", body("openapi+json", PETS))
    assert answer.status == 201
    assert answer.body["properties"]["provisioningState"] == "InProgress"
    assert "asyncCode=201" in str(header(answer, "Location"))
    end = await gate.arm.poll(str(header(answer, "Azure-AsyncOperation")))
    assert end.body["status"] == "Succeeded"
    done = await gate.arm.poll(str(header(answer, "Location")))
    assert (done.status, done.body["name"]) == (201, "p")


async def test_an_import_is_202_without_a_body_in_old_versions(gate: Console) -> None:
    """azure-cli recording test_apim_api: no Azure-AsyncOperation, no Retry-After, in the end the code of asyncCode."""
    answer = await gate.at(OLD).put("apis/p", body("openapi+json", PETS))
    assert (answer.status, answer.body) == (202, None)
    assert header(answer, "Azure-AsyncOperation") is None
    assert header(answer, "Retry-After") is None
    location = str(header(answer, "Location"))
    done = await gate.arm.poll(location)
    assert done.status == 201
    assert done.body["properties"] == {
        "displayName": "Pets", "apiRevision": "1", "description": "All pets", "subscriptionRequired": True,
        "serviceUrl": "http://petstore.example.com/v1", "path": "pets", "protocols": ["https"],
        "authenticationSettings": {"oAuth2": None, "openid": None},
        "subscriptionKeyParameterNames": {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"},
        "license": {"name": "MIT", "url": None}, "isCurrent": True,
    }  # fmt: skip
    assert (await gate.arm.poll(location.replace("&asyncCode=201", ""))).status == 200


async def test_a_second_writer_waits_for_the_import() -> None:
    """GitHub issue Azure/apiops 497: 409 while an import of the same API runs."""
    clock = ManualClock()
    async with sandbox(ApiManagement(), clock=clock) as arm:
        gate = Console(arm)
        answer = await gate.create()
        clock.advance(5000)
        await gate.get(str(header(answer, "Location")).partition("?")[0].removeprefix("https://localhost:443"))
        clock.advance(5000)
        first = await gate.at(OLD).put("apis/p", body("openapi+json", PETS))
        assert (await gate.at(OLD).arm.call("GET", str(header(first, "Location")))).status == 202
        refused = await gate.put("apis/p", body("openapi+json", PETS))
        assert (refused.status, refused.body["error"]["code"]) == (409, "PessimisticConcurrencyConflict")
        assert "Operation on the API is in progress" in refused.body["error"]["message"]
        clock.advance(60)
        assert (await gate.put("apis/p", body("openapi+json", PETS))).status == 200


async def test_operations_of_an_openapi_document(gate: Console) -> None:
    await gate.put("apis/p", body("openapi", yaml.safe_dump(PETS)))
    assert await gate.names("apis/p/operations") == ["listPets", "post-pets", "showPet"]
    pets = await gate.properties("apis/p/operations/listPets")
    assert (pets["displayName"], pets["method"], pets["urlTemplate"]) == ("List pets", "GET", "/pets?limit={limit}")
    assert [item["name"] for item in pets["templateParameters"]] == ["limit"]
    assert pets["request"]["queryParameters"][0]["values"] == ["a", "b"]
    assert [item["statusCode"] for item in pets["responses"]] == [200, 400, 500]
    schema = (await gate.names("apis/p/schemas"))[0]
    assert len(schema) == 24
    assert pets["responses"][0]["representations"][0]["schemaId"] == schema
    made = await gate.properties("apis/p/operations/post-pets")
    assert made["request"]["representations"][0]["typeName"] == "Pet"
    assert made["responses"][0]["statusCode"] == 200


async def test_required_query_parameters_can_stay_in_the_query(gate: Console) -> None:
    await gate.put("apis/p", body("openapi+json", PETS, translateRequiredQueryParameters="query"))
    assert (await gate.properties("apis/p/operations/listPets"))["urlTemplate"] == "/pets"


async def test_a_required_query_parameter_follows_the_query_of_a_path(gate: Console) -> None:
    paths = {"/pets?kind=dog": PETS["paths"]["/pets"]}
    await gate.put("apis/p", body("openapi+json", {**PETS, "paths": paths}))
    found = await gate.properties("apis/p/operations/listPets")
    assert found["urlTemplate"] == "/pets?kind=dog&limit={limit}"


async def test_what_the_body_says_wins(gate: Console) -> None:
    answer = await gate.put("apis/p", body("openapi+json", PETS, serviceUrl="http://10.1.2.3", displayName="Mine"))
    found = answer.body["properties"]
    assert (found["serviceUrl"], found["displayName"], found["description"]) == ("http://10.1.2.3", "Mine", "All pets")


async def test_a_new_import_keeps_policies_of_operations_that_stay(gate: Console) -> None:
    await gate.put("apis/p", body("openapi+json", PETS))
    policy = {"value": "<policies><inbound><base /></inbound></policies>"}
    for name in ("listPets", "showPet"):
        await gate.put(f"apis/p/operations/{name}/policies/policy", policy)
    schema = await gate.names("apis/p/schemas")
    less = {**PETS, "paths": {"/pets": PETS["paths"]["/pets"]}}
    assert (await gate.put("apis/p", body("openapi+json", less))).status == 200
    assert await gate.names("apis/p/operations") == ["listPets", "post-pets"]
    assert (await gate.get("apis/p/operations/listPets/policies/policy")).status == 200
    assert (await gate.get("apis/p/operations/showPet/policies/policy")).status == 404
    assert await gate.names("apis/p/schemas") == schema


async def test_an_equal_import_changes_no_operation(gate: Console) -> None:
    await gate.put("apis/p", body("openapi+json", PETS))
    first = (await gate.get("apis/p/operations/listPets")).headers["etag"]
    await gate.put("apis/p", body("openapi+json", PETS))
    assert (await gate.get("apis/p/operations/listPets")).headers["etag"] == first


async def test_swagger(gate: Console) -> None:
    answer = await gate.put("apis/p", body("swagger-json", SWAGGER))
    found = answer.body["properties"]
    assert (found["serviceUrl"], found["protocols"]) == ("http://old.example.com/v2", ["http"])
    operation = await gate.properties("apis/p/operations/putPet")
    assert operation["request"]["representations"][0]["typeName"] == "Pet"
    assert operation["templateParameters"][0]["type"] == "integer"


@pytest.mark.parametrize(
    ("form", "document", "title", "kind", "operations"),
    [
        ("wsdl", WSDL, "Calculator", None, ["Add"]),
        ("wadl-xml", WADL, "Collector", None, ["getJob"]),
        ("odata", "<Edmx><EntityContainer Name='Trips'/></Edmx>", "Trips", "odata", []),
        ("grpc", "service Greeter { }", "Greeter", "grpc", []),
    ],
)
async def test_other_formats(
    gate: Console, form: str, document: str, title: str, kind: str | None, operations: list[str]
) -> None:
    answer = await gate.put("apis/p", body(form, document))
    assert answer.status == 201, answer.body
    assert (answer.body["properties"]["displayName"], answer.body["properties"].get("type")) == (title, kind)
    shown = (await gate.get("apis/p/operations")).body["value"]
    assert [item["properties"]["displayName"] for item in shown] == operations


@pytest.mark.parametrize(
    ("form", "document"),
    [
        ("openapi+json", "{"),
        ("openapi", "a: [1"),
        ("openapi", "just text"),
        ("openapi+json", {"openapi": "3.0.1", "paths": {}}),
        ("openapi+json", {"openapi": "4.0", "info": {"title": "x"}, "paths": {}}),
        ("openapi+json", {"openapi": "3.0.1", "info": {"title": "x"}, "paths": {"/{a}": {"get": {"responses": {}}}}}),
        ("openapi+json", {"openapi": "3.0.1", "info": {"title": "x"},
                          "paths": {"/": {"get": {"parameters": [{"$ref": "#/nowhere"}], "responses": {}}}}}),
        ("wsdl", "<definitions>"),
        ("wadl-xml", "<other/>"),
        ("grpc", "no service"),
    ],
)  # fmt: skip
async def test_documents_that_cannot_be_read(gate: Console, form: str, document: Any) -> None:
    found = flaws(await gate.put("apis/p", body(form, document)))
    assert list(found) == ["representation"]
    assert found["representation"].startswith("Parsing error(s): ")
    assert (await gate.get("apis/p")).status == 404


async def test_a_default_is_one_of_the_allowed_values(gate: Console) -> None:
    """azurerm relies on this refusal (TestAccApiManagementApi_importOpenapiInvalid)."""
    document = copy.deepcopy(PETS)
    schema = document["paths"]["/pets"]["get"]["parameters"][1]["schema"]
    schema["default"] = "a"
    body = {"format": "openapi+json", "value": json.dumps(document), "path": "pets"}
    assert (await gate.put("apis/pets", body)).status == 201
    schema["default"] = "c"
    answer = await gate.put("apis/pets", {**body, "value": json.dumps(document)})
    assert answer.status == 400
    assert flaws(answer)["representation"].startswith("Parsing error(s): Default value 'c' of parameter 'tag'")


RESTRICTED: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "Pets"},
    "servers": [{"url": "/v1"}, {"url": "http://pets.example.com"}, {"url": "https://pets.example.com/{v}/",
                                                                     "variables": {"v": {"default": "v2"}}}],
    "paths": {"/pets": {
        "trace": {"responses": {"200": {"description": "traced"}}},
        "get": {"operationId": "list", "requestBody": {"content": {"application/json": {}}}, "responses": {}},
        "put": {"operationId": "set", "requestBody": {"content": {"application/json": {}}}, "responses": {}},
    }},
}  # fmt: skip


async def test_what_an_import_leaves_out(gate: Console) -> None:
    """Microsoft Learn: api-management-api-import-restrictions."""
    answer = await gate.put("apis/p", body("openapi+json", RESTRICTED))
    assert answer.body["properties"]["serviceUrl"] == "https://pets.example.com/v2"
    assert await gate.names("apis/p/operations") == ["list", "set"]
    for name, count in (("list", 0), ("set", 1)):
        found = await gate.properties(f"apis/p/operations/{name}")
        assert len(found["request"]["representations"]) == count


ONE = {"name": "q", "in": "query", "schema": {"type": "string"}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parameters": {}}, "The value at '#/paths//a/get/parameters' must be a list."),
        ({"parameters": [{**ONE, "name": None}]}, "The field 'name' in 'parameter' object is REQUIRED."),
        ({"parameters": [{**ONE, "name": [1]}]}, "The value at '#/paths//a/get/parameters/0/name' must be a text."),
        ({"parameters": [{**ONE, "in": "nowhere"}]}, "The value 'nowhere' at '#/paths//a/get/parameters/0/in'"),
        ({"parameters": [{**ONE, "required": "yes"}]}, "parameters/0/required' must be a boolean."),
        ({"responses": []}, "The value at '#/paths//a/get/responses' must be an object."),
        ({"summary": {}}, "The value at '#/paths//a/get/summary' must be a text."),
    ],
)
async def test_parts_of_another_kind(gate: Console, change: dict[str, Any], words: str) -> None:
    document = {**RESTRICTED, "paths": {"/a": {"get": {"responses": {}, **change}}}}
    assert words in flaws(await gate.put("apis/p", body("openapi+json", document)))["representation"]


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        (
            '{"openapi": "3.0.1", "info": {"title": "a"}, "info": {}, "paths": {}}',
            "openapi+json",
            "Duplicate key: info",
        ),
        ("openapi: 3.0.1\ninfo: {title: a}\npaths:\n  /a: {}\n  /a: {}\n", "openapi", "Duplicate key: /a"),
        (
            "openapi: 3.0.1\ninfo: {title: a}\npaths:\n  a: {}\n",
            "openapi",
            "path item name 'a' MUST begin with a slash",
        ),
        (WSDL.replace('"tns:B"', '"tns:C"'), "wsdl", "Binding 'C' is not in the document"),
        (WSDL.replace('operation name="Add"', "operation"), "wsdl", "An operation of binding 'B' has no name."),
    ],
)
async def test_what_a_reader_finds(gate: Console, text: str, form: str, words: str) -> None:
    assert words in flaws(await gate.put("apis/p", body(form, text)))["representation"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (["path", "query"], "'id' is more than once in the URL template"),
        (["path", "path stray"], "'stray' of operation 'get/{id}' must be part of the URL template"),
    ],
)
async def test_url_templates_have_each_parameter_once(gate: Console, parameters: list[str], words: str) -> None:
    """Microsoft Learn: api-management-api-import-restrictions, URL template requirements."""
    given = [(*parameter.split(" "), "id")[:2] for parameter in parameters]
    described = [{"name": name, "in": place, "required": True} for place, name in given]
    operation = {"parameters": described, "responses": {}}
    document = {**RESTRICTED, "paths": {"/{id}": {"get": operation}}}
    assert words in flaws(await gate.put("apis/p", body("openapi+json", document)))["representation"]
    if "query" in parameters:
        kept = body("openapi+json", document, translateRequiredQueryParameters="query")
        assert (await gate.put("apis/p", kept)).status == 201


async def test_headers_of_wadl_are_kept(gate: Console) -> None:
    method = (
        '<method name="GET" id="getJob"><request><param name="X-A" style="header" required="true"/></request></method>'
    )
    await gate.put("apis/p", body("wadl-xml", WADL.replace('<method name="GET" id="getJob"/>', method)))
    [found] = (await gate.properties("apis/p/operations/getJob"))["request"]["headers"]
    assert (found["name"], found["required"]) == ("X-A", True)


async def test_operations_of_wsdl_keep_their_made_up_names(gate: Console) -> None:
    """GitHub issue azure-docs 119237: the service makes up a name for each."""
    await gate.put("apis/p", body("wsdl", WSDL))
    [name] = await gate.names("apis/p/operations")
    assert re.fullmatch("[0-9a-f]{24}", name)
    await gate.put("apis/p", body("wsdl", WSDL.replace('"Calculator"', '"Sums"')))
    assert await gate.names("apis/p/operations") == [name]


async def test_operations_that_look_the_same_make_the_operation_fail(gate: Console) -> None:
    """GitHub issue Azure/apiops 670: the write is accepted, the poll answers 400."""
    parameter = [{"name": "a", "in": "path", "required": True}, {"name": "b", "in": "path", "required": True}]
    twins = {f"/x/{{{name}}}": {"get": {"parameters": [item], "responses": {}}}
             for name, item in zip("ab", parameter, strict=True)}  # fmt: skip
    answer = await gate.put("apis/p", body("openapi+json", {**PETS, "paths": twins}))
    assert answer.status == 201
    end = await gate.arm.poll(str(header(answer, "Location")))
    assert end.status == 400
    assert "Importing API has duplicate signature operations: 2" in end.body["error"]["message"]
    assert (await gate.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Failed"
    assert (await gate.get("apis/p")).status == 404


@pytest.fixture
def files() -> Iterator[str]:
    """An HTTP server on this machine with one document."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/pets.yaml" else 404)
            self.end_headers()
            self.wfile.write(yaml.safe_dump(PETS).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_links_to_this_machine_are_followed(gate: Console, files: str) -> None:
    answer = await gate.put("apis/p", body("openapi-link", f"{files}/pets.yaml"))
    assert answer.body["properties"]["displayName"] == "Pets"
    assert "listPets" in await gate.names("apis/p/operations")
    assert "value" in flaws(await gate.put("apis/q", body("openapi-link", f"{files}/missing.yaml", path="q")))


async def test_policies_can_be_links_as_well(gate: Console, files: str) -> None:
    assert "value" in flaws(await gate.put("policies/policy", {"format": "xml-link", "value": f"{files}/missing.xml"}))
    found = flaws(await gate.put("policies/policy", {"format": "rawxml-link", "value": f"{files}/pets.yaml"}))
    assert "Data at the root level is invalid" in found["representation"]
    away = await gate.put("policies/policy", {"format": "xml-link", "value": "https://policies.example.com/p.xml"})
    assert "loopback" in flaws(away)["value"]


async def test_links_that_lead_away_are_never_followed(gate: Console) -> None:
    answer = await gate.put("apis/p", body("openapi-link", "https://specs.example.com/v3/petstore.yaml"))
    assert (answer.status, answer.body["properties"]["displayName"]) == (201, "petstore")
    assert await gate.names("apis/p/operations") == []
    async with sandbox(ApiManagement(Settings(links_have_stand_ins=False))) as arm:
        strict = await Console(arm).ready()
        refused = await strict.put("apis/p", body("openapi-link", "https://specs.example.com/v3/petstore.yaml"))
        assert "127.0.0.1" in flaws(refused)["value"]


async def test_exports(gate: Console) -> None:
    await gate.put("apis/p", body("openapi+json", PETS))
    answer = await gate.get("apis/p?export=true&format=openapi%2Bjson-link")
    assert answer.body["format"] == "openapi+json-link"
    link = answer.body["value"]["link"]
    assert link.startswith("https://localhost:")
    assert link.partition("?")[0].endswith("/api-export/Pets.json")
    found = exports.answer(gate.arm.ctx, link)
    assert (found.status, header(found, "Content-Type")) == (200, "application/json")
    assert answer.body["properties"]["value"]["link"] == link
    assert exports.answer(gate.arm.ctx, f"{link}x").status == 403
    document = json.loads(found.payload())
    assert document["info"]["title"] == "Pets"
    assert set(document["paths"]) == {"/pets", "/pets/{id}"}
    assert [item["in"] for item in document["paths"]["/pets"]["get"]["parameters"]] == ["query", "query"]
    for form, kind in {"swagger-link": "json", "openapi-link": "yaml", "wadl-link": "xml"}.items():
        shown = await gate.get(f"apis/p?export=true&format={form}")
        assert f"/Pets.{kind}?" in shown.body["value"]["link"]


async def test_an_export_can_be_had_for_five_minutes() -> None:
    clock = ManualClock()
    async with sandbox(ApiManagement(), clock=clock) as arm:
        links = [exports.keep(arm.ctx, "https://host", f"p{number}", "yaml", "text") for number in range(25)]
        assert [exports.answer(arm.ctx, link).status for link in links] == [403] * 5 + [200] * 20
        clock.advance(301)
        assert exports.answer(arm.ctx, links[-1]).status == 403


def test_a_link_needs_no_token() -> None:
    with served(ApiManagement()) as azure:
        link = exports.keep(azure.ctx, azure.base_url, "A b", "json", "{}")
        answer = requests.get(link, verify=azure.ca, timeout=10)
        assert (answer.status_code, answer.json()) == (200, {})
        assert requests.get(link.partition("?")[0], verify=azure.ca, timeout=10).status_code == 403


async def test_exports_in_other_formats_are_refused(gate: Console) -> None:
    await gate.put("apis/p", body("openapi+json", PETS))
    assert flaws(await gate.get("apis/p?export=true&format=pdf"))
