# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API specifications: does the service have what the document says."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import (
    SpecificationError,
    differences,
    reads,
    unknown,
    wanted,
)

from .specification_documents import (
    DOCUMENTS,
    GRAPHQL,
    ODATA,
    ORDERS,
    PROTO,
    SWAGGER,
    WADL,
    WSDL,
    imported,
    listed,
    orders,
    schemas,
    text,
)

EXPECTED = wanted(ORDERS, "openapi")


def test_what_an_import_made_is_no_difference() -> None:
    assert differences(EXPECTED, imported(), schemas()) == []
    assert differences(EXPECTED, listed(imported())) == []
    assert differences(wanted(DOCUMENTS["openapi+json"], "openapi+json"), imported(), schemas()) == []


def test_operations_are_read_one_by_one_for_their_requests() -> None:
    assert reads(EXPECTED, listed(imported())) == ["getOrder", "deleteOrder", "post-orders"]
    assert reads(EXPECTED, imported()) == []


def at(document: Any, path: str) -> tuple[Any, Any]:
    """The holder and the key of a path with blanks between its steps."""
    *steps, key = path.split(" ")
    for step in steps:
        document = document[int(step) if isinstance(document, list) else step]
    return document, int(key) if isinstance(document, list) else key


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Sets the value at a path; None removes it."""

    def change(document: dict[str, Any]) -> None:
        holder, key = at(document, path)
        if value is None:
            del holder[key]
        else:
            holder[key] = value

    return change


GET, NEW = "paths /orders/{id} get", {"responses": {"200": {"description": "x"}}}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("paths /orders", None, "operation post-orders is not in the specification"),
        ("paths /new", {"get": NEW}, "operation GET /new"),
        ("paths /orders put", NEW, "PUT /orders"),
        (f"{GET} operationId", "findOrder", "is called getOrder"),
        (f"{GET} summary", "Find one order", "display name"),
        (f"{GET} description", "Quickly.", "another description"),
        (f"{GET} parameters 0 name", "include", "query parameter include"),
        (f"{GET} parameters 0 schema type", "integer", "of the type string"),
        (f"{GET} parameters 0 schema enum", ["lines"], "other values"),
        (f"{GET} parameters 0 schema default", "all", "the default lines"),
        (f"{GET} parameters 0 description", "What to show", "another description"),
        (f"{GET} parameters 0 required", "true", "expand is not required"),
        (f"{GET} parameters 2 name", "X-Other", "header X-Other"),
        (f"{GET} parameters 2", None, "header x-trace too many"),
        (f"{GET} parameters 0", None, "query parameter expand too many"),
        (f"{GET} parameters 1", None, "query parameter at in its URL template"),
        (f"{GET} responses 200 description", "An order", "description of the response 200"),
        (f"{GET} responses 200 content text/csv", {}, "200 as text/csv"),
        (f"{GET} responses 403", {"description": "No"}, "no response 403"),
        (f"{GET} responses 404", None, "response 404 that the specification does not have"),
        ("paths /orders/{id} parameters 0 schema type", "string", "of the type integer"),
        ("components requestBodies Order content application/xml", {}, "does not take application/xml"),
        ("components schemas Order properties id minimum", 1, "schema Order"),
        ("components schemas Order required", ["id"], "schema Order"),
        ("components schemas Order additionalProperties", True, "schema Order"),
        ("components schemas Line", {"type": "object"}, "schema Line is missing"),
    ],
)
def test_every_change_of_the_document_is_seen(path: str, value: Any, words: str) -> None:
    document = orders()
    changed(path, value)(document)
    found = differences(wanted(text(document), "openapi"), imported(), schemas())
    assert any(words in item for item in found) if words else found == [], found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("0 name", "other"),
        ("0 properties displayName", "Other"),
        ("0 properties method", "PATCH"),
        ("0 properties urlTemplate", "/order/{id}"),
        ("0 properties urlTemplate", "/orders/{number}?at={at}"),
        ("0 properties description", "Other"),
        ("0 properties templateParameters 0 type", "string"),
        ("0 properties templateParameters 0 description", "Other"),
        ("0 properties templateParameters", []),
        ("0 properties request queryParameters", []),
        ("0 properties request queryParameters 0 values", ["all"]),
        ("0 properties request headers", []),
        ("0 properties request headers 0 required", False),
        ("0 properties responses 0 statusCode", 202),
        ("0 properties responses 0 representations", []),
        ("0 properties responses 0 representations", [{"contentType": "application/json"}, {"contentType": "a/b"}]),
        ("2 properties request representations", []),
    ],
)
def test_drift_is_seen(path: str, value: Any) -> None:
    live = imported()
    holder, key = at(live, path)
    holder[key] = value
    assert differences(EXPECTED, live) != []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("0 name", "getorder"),
        ("0 name", "getOrder-1"),
        ("0 properties method", "get"),
        ("0 properties urlTemplate", "orders/{id}/?at={at}"),
        ("0 properties description", "Finds an order. Slowly."),
        ("1 properties description", "Filled in by the service"),
        ("1 properties displayName", "deleteOrder"),
        ("2 properties displayName", "whatever"),
        ("2 name", "63090ee82354cb20d82cb16d"),
        ("0 properties responses 0 representations", [{"contentType": "Application/JSON"}]),
        ("0 properties templateParameters 0 values", ["1"]),
        ("0 properties templateParameters 0 type", "Integer"),
        ("0 properties request queryParameters 0 defaultValue", "LINES"),
        ("0 properties request queryParameters 0 description", "Filled in"),
    ],
)  # fmt: skip
def test_what_the_service_may_rewrite_is_no_difference(path: str, value: Any) -> None:
    live = imported()
    holder, key = at(live, path)
    holder[key] = value
    assert differences(EXPECTED, live) == []


def test_required_query_parameters_may_stay_in_the_query() -> None:
    """translateRequiredQueryParameters: query."""
    live = imported()
    properties = live[0]["properties"]
    properties["urlTemplate"] = "/orders/{id}"
    properties["request"]["queryParameters"].append({"name": "at", "type": "string", "required": True, "values": []})
    properties["templateParameters"].pop()
    assert differences(EXPECTED, live) == []
    properties["request"]["queryParameters"][-1]["required"] = False
    assert differences(EXPECTED, live) == ["operation getOrder (GET /orders/{id}): parameter at is not required"]


def test_other_operations_may_be_kept() -> None:
    extra = {"name": "ping", "properties": {"method": "GET", "urlTemplate": "/ping"}}
    assert differences(EXPECTED, [*imported(), extra]) == ["operation ping is not in the specification"]
    assert differences(EXPECTED, [*imported(), extra], keep_others=True) == []


def test_the_api_itself() -> None:
    api: dict[str, Any] = {
        "properties": {"displayName": "Orders", "description": "All orders", "serviceUrl": "https://EU.example.com/v1/"}
    }
    assert differences(EXPECTED, imported(), api=api) == []
    api["properties"] |= {"displayName": "Mine", "serviceUrl": "http://10.0.0.4"}
    assert differences(EXPECTED, imported(), api=api) == [
        "the API has another displayName",
        "the API has another serviceUrl",
    ]
    assert differences(EXPECTED, imported(), api=api, given=["displayName", "serviceUrl"]) == []


def test_schemas_that_come_without_their_document_tell_nothing() -> None:
    assert differences(EXPECTED, imported(), [{"name": "x", "properties": {"contentType": "y"}}]) == []
    assert differences(EXPECTED, imported(), []) == ["schema Order is missing"]


def test_swagger() -> None:
    expected = wanted(json.dumps(SWAGGER), "swagger-json")
    assert (expected.title, expected.service_url) == ("Pets", "https://pets.example.com/v2")
    pets = [{"contentType": "application/json"}]
    live = [
        {"name": "listPets", "properties": {
            "displayName": "listPets", "method": "GET", "urlTemplate": "/pets", "templateParameters": [],
            "request": {"queryParameters": [{"name": "limit", "type": "integer", "description": "How many"}]},
            "responses": [{"statusCode": 200, "description": "Pets", "representations": pets}]}},
        {"name": "addPet", "properties": {
            "displayName": "addPet", "method": "POST", "urlTemplate": "/pets", "templateParameters": [],
            "request": {"representations": pets}, "responses": [{"statusCode": 201, "description": "Added"}]}},
    ]  # fmt: skip
    document = {"definitions": copy.deepcopy(SWAGGER["definitions"])}
    kind = "application/vnd.ms-azure-apim.swagger.definitions+json"
    stored = [{"properties": {"contentType": kind, "document": document}}]
    assert differences(expected, live, stored) == []
    live[0]["properties"]["request"] = {"queryParameters": [{"name": "limit", "type": "string"}]}  # type: ignore[index]
    assert "of the type string" in differences(expected, live)[0]


def test_wadl() -> None:
    expected = wanted(WADL, "wadl-xml")
    assert (expected.title, expected.service_url) == ("Weather", "https://weather.example.com/api")
    assert [(o.method, o.path, o.name) for o in expected.operations] == [
        ("GET", "/cities/{city}", "getCity"),
        ("GET", "/cities/{city}/today", "getToday"),
    ]
    city = [{"name": "city", "type": "string", "required": True}]
    live = [
        {"name": "getCity", "properties": {
            "method": "GET", "urlTemplate": "/cities/{city}", "templateParameters": city,
            "request": {"queryParameters": [{"name": "units"}]},
            "responses": [{"statusCode": 200}, {"statusCode": 204}]}},
        {"name": "getToday", "properties": {
            "method": "GET", "urlTemplate": "/cities/{city}/today", "templateParameters": city, "responses": []}},
    ]  # fmt: skip
    assert differences(expected, live) == []
    live[0]["properties"]["responses"] = [{"statusCode": 200}]  # type: ignore[index]
    assert differences(expected, live) == ["operation getCity (GET /cities/{city}) has no response 204"]


def test_wsdl() -> None:
    expected = wanted(WSDL, "wsdl")
    assert (expected.title, expected.service_url) == ("Calculator", "https://calc.example.com/soap")
    live = [{"name": "add", "properties": {"displayName": "Add", "method": "POST", "urlTemplate": "/?soapAction=Add"}}]
    assert differences(expected, live) == []
    assert differences(expected, []) == ["operation Add (POST) is missing"]
    assert wanted(WSDL, "wsdl", {"service_name": "Calculator", "endpoint_name": "CalcPort"}).operations
    for selector, words in (({"service_name": "x"}, "no service x"), ({"endpoint_name": "y"}, "no endpoint y")):
        with pytest.raises(SpecificationError, match=words):
            wanted(WSDL, "wsdl", selector)


@pytest.mark.parametrize(
    ("format", "document", "same", "other"),
    [
        ("odata", ODATA, ODATA.replace("\n", "\r\n").replace("  ", "\t"), ODATA.replace("Orders", "Order")),
        ("graphql", GRAPHQL, GRAPHQL.partition("\n")[2].replace("  ", "\t"), GRAPHQL.replace("ID!,", "ID,")),
        ("graphql", GRAPHQL, GRAPHQL.replace("# the whole", "# a part"), GRAPHQL.replace("# by number", "by it")),
        ("grpc", PROTO, PROTO.replace("// greetings", "").replace("text", "words"), PROTO.replace("= 1", "= 2")),
    ],
)  # fmt: skip
def test_formats_that_are_one_schema(format: str, document: str, same: str, other: str) -> None:
    expected = wanted(document, format)
    kind = "text/protobuf" if format == "grpc" else f"application/vnd.ms-azure-apim.{format}.schema"

    def stored(value: str) -> list[dict[str, Any]]:
        return [{"properties": {"contentType": kind, "document": {"value": value}}}]

    assert differences(expected, [], stored(same)) == []
    assert differences(expected, [], stored(other)) == ["the schema is another one"]
    assert differences(expected, [], stored("<broken")) == ["the schema is another one"]
    assert differences(expected, [], []) == ["the schema is missing"]


def test_what_is_not_known_is_not_compared() -> None:
    expected = unknown("openapi-link")
    assert not expected.comparable
    assert differences(expected, [], []) == []


def test_extensions_and_unknown_keys_are_no_matter() -> None:
    document = orders()
    document["x-own"] = {"a": 1}
    document["paths"]["x-own"] = {"a": 1}
    document["paths"]["/orders"]["post"]["responses"]["x-own"] = {"a": 1}
    document["components"]["schemas"]["Order"] |= {"x-own": 1, "example": {"id": 1}, "title": "other"}
    expected = wanted(text(document), "openapi")
    assert differences(expected, imported(), schemas()) == []


def test_long_texts_may_have_been_cut() -> None:
    live = imported()
    live[0]["properties"]["description"] = "x" * 1000
    document = orders()
    document["paths"]["/orders/{id}"]["get"]["description"] = "x" * 2000
    assert differences(wanted(text(document), "openapi"), live) == []


@pytest.mark.parametrize(
    ("urls", "backend"),
    [
        (["http://a/v1"], "http://a/v1"),  # azure-cli recording test_apim_api
        (["http://a/v1/", "https://b/v1/", "https://c"], "https://b/v1"),
        (["/v1", "https://b"], "https://b"),
        (["/v1"], ""),
        ([], ""),
    ],
)
def test_the_first_server_with_https_is_the_backend(urls: list[str], backend: str) -> None:
    """Microsoft Learn: api-management-api-import-restrictions."""
    document = {**orders(), "servers": [{"url": url} for url in urls]}
    assert wanted(text(document), "openapi").service_url == backend


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_bodies_that_azure_leaves_out_are_not_missed(method: str) -> None:
    document = orders()
    body = {"content": {"application/json": {}}}
    document["paths"] = {"/a": {method: {"operationId": "a", "requestBody": body, **NEW}}}
    [operation] = wanted(text(document), "openapi").operations
    assert (operation.request_content_types == frozenset()) is (method != "put")


def test_an_operation_that_azure_may_leave_out_is_no_difference_either_way() -> None:
    document = orders()
    document["paths"]["/orders"]["trace"] = {"operationId": "traceOrders", **NEW}
    expected = wanted(text(document), "openapi")
    live = imported()
    assert differences(expected, live) == []
    properties = {"method": "TRACE", "urlTemplate": "/orders", "displayName": "traceOrders", "responses": []}
    traced = {
        "name": "traceOrders",
        "properties": {**properties, "responses": [{"statusCode": 200, "description": "x"}]},
    }
    assert differences(expected, [*live, traced]) == []
    assert differences(EXPECTED, [*live, traced]) == ["operation traceOrders is not in the specification"]


def test_what_swagger_produces_is_not_compared() -> None:
    """Azure does not support it (Microsoft Learn: api-management-api-import-restrictions)."""
    expected = wanted(DOCUMENTS["swagger-json"], "swagger-json")
    assert [response.content_types for operation in expected.operations for response in operation.responses] == [
        frozenset(),
        frozenset(),
    ]


def test_a_template_parameter_of_wadl_counts_where_it_is_in_the_path() -> None:
    document = WADL.replace('path="/cities/{city}"', 'path="/cities"')
    assert [operation.parameters for operation in wanted(document, "wadl-xml").operations] == [(), ()]
