# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what the service has differs from what a document says, told operation by operation."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import differences
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import Expected, Operation

from .specification_documents import OK, openapi


def live(**properties: Any) -> list[dict[str, Any]]:
    """What the service has for one operation."""
    given = {
        "displayName": "getA",
        "method": "GET",
        "urlTemplate": "/a",
        "responses": [{"statusCode": 200, **OK["200"]}],
    }
    return [{"name": "getA", "properties": {**given, **properties}}]  # fmt: skip


def told(operation: dict[str, Any], **properties: Any) -> list[str]:
    """What the service has to learn of one operation."""
    paths = {"/a": {"get": {"operationId": "getA", "responses": OK, **operation}}}
    prefix = "operation getA (GET /a)"
    return [text.removeprefix(prefix).strip(": ") for text in differences(openapi(paths=paths), live(**properties))]


QUERY = {"name": "q", "in": "query", "schema": {"type": "integer"}}


@pytest.mark.parametrize(
    ("parameter", "given", "said"),
    [
        ({}, {"type": "integer"}, []),
        ({}, {"type": "string"}, ["parameter q is of the type string instead of integer"]),
        ({"required": True}, {}, ["parameter q is not required"]),
        ({}, {"required": True}, ["parameter q is required"]),
        ({"description": "d"}, {"description": " d "}, []),
        ({"description": "d"}, {"description": "e"}, ["parameter q has another description"]),
        ({"schema": {"enum": [1, 2]}}, {"values": ["2", "1.0"]}, []),
        ({"schema": {"enum": [1, 2]}}, {"values": ["1"]}, ["parameter q has other values"]),
        ({"schema": {"enum": [1]}}, {}, ["parameter q has other values"]),
        ({"schema": {"enum": [True, None]}}, {"values": ["True", "null"]}, []),
        ({"schema": {"default": 1}}, {"defaultValue": "1.0"}, []),
        ({"schema": {"default": True}}, {"defaultValue": "True"}, []),
        ({"schema": {"default": 1}}, {"defaultValue": "2"}, ["parameter q has the default 2 instead of 1"]),
        ({"schema": {"default": 1}}, {}, []),
        ({}, {"defaultValue": "2"}, []),
    ],
)
@pytest.mark.parametrize("place", ["query", "header"])
def test_how_a_parameter_differs(place: str, parameter: dict[str, Any], given: dict[str, Any], said: list[str]) -> None:
    key = "queryParameters" if place == "query" else "headers"
    operation = {"parameters": [{**QUERY, **parameter, "in": place}]}
    assert told(operation, request={key: [{"name": "q", **given}]}) == said
    if place == "header":
        assert told(operation, request={key: [{"name": "Q", **given}]}) == said


def test_parameters_and_types_that_are_not_there_or_too_many() -> None:
    assert told({"parameters": [QUERY]}, request={}) == ["does not know the query parameter q"]
    assert told({}, request={"queryParameters": [{"name": "q"}]}) == ["has a query parameter q too many"]
    header = {"name": "X-A", "in": "header"}
    assert told({"parameters": [header]}, request={}) == ["does not know the header X-A"]
    assert told({}, request={"headers": [{"name": "X-A"}]}) == ["has a header x-a too many"]
    accept = {"name": "Accept", "in": "header"}
    assert told({"parameters": [accept]}, request={"headers": [{"name": "accept"}]}) == []
    body = {"requestBody": {"content": {"b/x": {}, "a/x": {}, "text/x; v=1": {}}}}
    types = [{"contentType": "Text/X;v=1"}]
    paths = {"/a": {"put": {"operationId": "getA", "responses": OK, **body}}}
    assert differences(openapi(paths=paths), live(method="PUT", request={"representations": types})) == [
        "operation getA (PUT /a) does not take a/x, b/x"
    ]


def test_how_the_parameters_of_the_template_differ() -> None:
    required = {**QUERY, "required": True}
    in_template: dict[str, Any] = {"urlTemplate": "/a?q={q}", "request": {}}
    assert told({"parameters": [required]}, **in_template, templateParameters=[{"name": "q", "type": "integer"}]) == []
    assert told({"parameters": [required]}, **in_template, templateParameters=[{"name": "q", "type": "x"}]) == [
        "parameter q is of the type x instead of integer"
    ]
    assert told({"parameters": [QUERY]}, **in_template) == ["has the optional query parameter q in its URL template"]
    assert told({}, **in_template) == ["has the query parameter q in its URL template"]


@pytest.mark.parametrize(
    ("wanted_schema", "live_schema", "same"),
    [
        ({"anyOf": [{"type": "string", "title": "a"}]}, {"anyOf": [{"type": "string"}]}, True),
        ({"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "integer"}]}, False),
        ({"oneOf": [{"example": 1}]}, {"oneOf": [{}]}, True),
        ({"allOf": [{"description": "x"}]}, {"allOf": [{}]}, True),
        ({"not": {"title": "a", "type": "string"}}, {"not": {"type": "string"}}, True),
        ({"items": {"title": "a", "type": "string"}}, {"items": {"type": "string"}}, True),
        ({"required": ["b", "a"]}, {"required": ["a", "b"]}, True),
        ({"enum": ["b", "a"]}, {"enum": ["a", "b"]}, True),
        ({"enum": ["b"]}, {"enum": ["a"]}, False),
        ({"maximum": 3}, {"maximum": 3.0}, True),
        ({"nullable": False, "required": [], "properties": {}, "format": None}, {}, True),
        ({"nullable": True}, {}, False),
        ({"uniqueItems": True}, {"uniqueItems": 1}, True),
        ({"additionalProperties": False}, {}, False),
        ({"additionalProperties": {"title": "x"}}, {"additionalProperties": {"description": "y"}}, True),
        ({"properties": {"title": {"type": "string"}}}, {"properties": {}}, False),
        ({"properties": {"a": {"maxLength": 1}}}, {"properties": {"a": {"maxLength": 2}}}, False),
    ],
)
def test_schemas_are_compared_by_the_values_that_they_take(
    wanted_schema: dict[str, Any], live_schema: dict[str, Any], same: bool
) -> None:
    expected = openapi(components={"schemas": {"A": wanted_schema}})
    kind = "application/vnd.oai.openapi.components+json"
    stored = [{"properties": {"contentType": kind, "document": {"components": {"schemas": {"A": live_schema}}}}}]
    assert differences(expected, [], stored) == ([] if same else ["schema A is another one"])


def test_operations_are_found_by_their_signature_and_those_without_a_path_by_their_title() -> None:
    paths = {"/a": {"get": {"operationId": "getA", "responses": OK}, "put": {"responses": OK}}}
    assert differences(openapi(paths=paths), live()) == ["operation PUT /a is missing"]
    assert differences(openapi(paths=paths), live(method="PUT")) == [
        "operation getA (GET /a) is missing",
    ]
    soap = Expected("wsdl", operations=[Operation("POST", None, title="Add Two")])
    assert differences(soap, [{"name": "add-two", "properties": {}}]) == []
    assert differences(soap, [{"name": "x", "properties": {"displayName": "add two"}}]) == []
    assert differences(soap, [{"name": "x", "properties": {"displayName": "add"}}]) == [
        "operation Add Two (POST) is missing",
        "operation x is not in the specification",
    ]


@pytest.mark.parametrize(
    ("responses", "said"),
    [
        (
            [{"statusCode": 200, "description": "x"}, {"statusCode": 201}],
            ["has a response 201 that the specification does not have"],
        ),
        ([{"statusCode": 200, "description": "y"}], ["has another description of the response 200"]),
        ([{"statusCode": 200, "description": "y"}, {"statusCode": 200, "description": "x"}], []),
        ([{"statusCode": "200", "description": "x"}], []),
        ([], ["has no response 200"]),
        (None, ["has no response 200"]),
    ],
)
def test_how_responses_differ(responses: Any, said: list[str]) -> None:
    assert told({}, responses=responses) == said


def test_a_response_that_is_there_twice_has_to_have_all_types_in_one() -> None:
    answer = {"200": {"description": "x", "content": {"a/x": {}, "b/x": {}}}}
    twins = [
        {"statusCode": 200, "description": "y", "representations": [{"contentType": "a/x"}, {"contentType": "b/x"}]},
        {"statusCode": 200, "description": "x", "representations": [{"contentType": "a/x"}]},
    ]
    assert told({"responses": answer}, responses=twins) == ["does not answer 200 as b/x"]
    assert told({"responses": answer}, responses=twins[1:]) == ["does not answer 200 as b/x"]
    twins[0]["description"] = "x"
    assert told({"responses": answer}, responses=twins) == []
