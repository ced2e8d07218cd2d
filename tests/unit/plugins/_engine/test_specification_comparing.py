# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what the service has differs from what a document says, told operation by operation."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import differences, wanted

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
    ("name", "template"),
    [
        ("a&b", "/a?a&b={a&b}"),
        ("a=b", "/a?a=b={a=b}"),
        ("f[a]", "/a?f[a]={f[a]}"),
        ("a&b", "/a?a%26b={a&b}"),
        ("$top", "/a?%24top={$top}"),
    ],
)
def test_required_parameters_of_the_query_may_have_any_name(name: str, template: str) -> None:
    required = {**QUERY, "name": name, "required": True}
    other = {**QUERY, "required": True}
    for url in (template, f"{template}&q={{q}}", template.replace("?", "?q={q}&")):
        parameters = [required, other] if "{q}" in url else [required]
        assert told({"parameters": parameters}, urlTemplate=url, request={}) == []
        assert told({"parameters": [other]}, urlTemplate=url, request={}) != []


def asked(path: str, *templates: str, query: tuple[str, ...] = (), **options: Any) -> list[str]:
    """What the service has to learn of one path, when it has operations with these URL templates."""
    places = [("path", name) for name in ("id",) if "{id}" in path] + [("query", name) for name in query]
    parameters = [{"name": name, "in": place, "required": True} for place, name in places]
    operation = {"operationId": "getA", "responses": OK, "parameters": parameters}
    given = [{"name": name} for _place, name in places]
    there = [live(urlTemplate=template, request={}, templateParameters=given)[0] for template in templates]
    return differences(openapi(paths={path: {"get": operation}}), there, **options)


def test_a_path_may_have_a_query_of_its_own() -> None:
    assert asked("/a?x=1", "/a?x=1") == []
    assert asked("/a/?x=1", "/a?x=1") == []
    assert asked("/a?x={id}", "/a?x={id}") == []
    assert asked("/a?x=1", "/a?x=1&q={q}", query=("q",)) == []
    assert asked("/a?x=1", "/a?x=1&x={x}", query=("x",)) == []
    assert asked("/a?x=1", "/a?y=2&x=1", "/a", "/a?x=1", keep_others=True) == []
    assert asked("/a", "/a?x=1", "/a", keep_others=True) == []
    assert asked("/a", "/a?x=1", "/a?q={q}", query=("q",), keep_others=True) == []
    for live_one in ("/a", "/a?x=2", "/a?x={id}"):
        assert asked("/a?x=1", live_one) == [
            "operation getA (GET /a?x=1) is missing",
            "operation getA is not in the specification",
        ]
    assert asked("/a?x={id}", "/a?x={no}") == ["operation getA (GET /a?x={id}) has the URL template /a?x={no}"]
    assert asked("/a?x=1", "/a?x=1&y=2") == [
        "operation getA (GET /a?x=1) has the query parameter y in its URL template"
    ]


def test_paths_that_differ_by_their_query_are_two_operations() -> None:
    paths = {f"/a?x={number}": {"get": {"operationId": f"get{number}", "responses": OK}} for number in (1, 2)}
    there = [{**live(urlTemplate=f"/a?x={n}", displayName=f"get{n}")[0], "name": f"get{n}"} for n in (2, 1)]
    assert differences(openapi(paths=paths), there) == []


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
        ({"maximum": 10**400}, {"maximum": 10**400}, True),
        ({"maximum": 10**400}, {"maximum": 10**400 + 1}, False),
        ({"maximum": 10**400}, {"maximum": 3.0}, False),
        ({"enum": [10**400]}, {"enum": [10**400 + 1]}, False),
        ({"enum": [1, 2.50]}, {"enum": ["2.5", 1.0]}, True),
        ({"enum": [{"a": 1}]}, {"enum": [{"a": 1.0}]}, True),
        ({"default": [{"a": 1}, True, "1"]}, {"default": [{"a": 1.0}, True, "1"]}, True),
        ({"default": ["1"]}, {"default": [1]}, False),
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


@pytest.mark.parametrize(
    ("written", "live_value", "same"),
    [
        (".nan", ".nan", True),
        (".NaN", "NaN", True),
        (".nan", None, False),
        ("[.inf, -.Inf]", [".inf", "-Infinity"], True),
        (".inf", "-.inf", False),
        ("1.10", 1.1, True),
        ("1e400", 1e999, True),
        ("1" + "0" * 400, 10**400, True),
        ("n.an", "nan", False),
    ],
)
@pytest.mark.parametrize("key", ["default", "enum"])
def test_numbers_that_json_has_not_are_the_same_in_yaml(key: str, written: str, live_value: Any, same: bool) -> None:
    parts = f"{key}: {written}" if key == "default" or written[0] == "[" else f"{key}: [{written}]"
    document = f"openapi: 3.0.1\ninfo: {{title: T}}\npaths: {{}}\ncomponents: {{schemas: {{A: {{{parts}}}}}}}"
    live_schema = {key: [live_value] if key == "enum" and not isinstance(live_value, list) else live_value}
    stored = [{"properties": {"contentType": "x", "document": {"components": {"schemas": {"A": live_schema}}}}}]
    assert differences(wanted(document, "openapi"), [], stored) == ([] if same else ["schema A is another one"])


def test_operations_are_found_by_their_signature() -> None:
    paths = {"/a": {"get": {"operationId": "getA", "responses": OK}, "put": {"responses": OK}}}
    assert differences(openapi(paths=paths), live()) == ["operation PUT /a is missing"]
    assert differences(openapi(paths=paths), live(method="PUT")) == [
        "operation getA (GET /a) is missing",
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


def test_a_body_has_all_types_of_the_document_and_no_others() -> None:
    answer = {"200": {"description": "x", "content": {"a/x": {}}}}
    one: dict[str, Any] = {"statusCode": 200, "description": "x", "representations": [{"contentType": "a/x"}]}
    more = {**one, "representations": [{"contentType": "A/x"}, {"contentType": "b/x"}]}
    assert told({"responses": answer}, responses=[one]) == []
    assert told({"responses": answer}, responses=[more]) == ["response 200 has b/x too many"]
    assert told({"responses": answer}, responses=[more, {**more, "description": "y"}]) == [], "nobody knows which is it"
    default = {"400": answer["200"], "default": {"description": "y"}}
    assert told({"responses": default}, responses=[{**more, "statusCode": 400}]) == [], "default may be in it, too"
    paths = {"/a": {"put": {"operationId": "getA", "responses": OK, "requestBody": {"content": {"a/x": {}}}}}}
    request = {"representations": more["representations"]}
    prefix = "operation getA (PUT /a): request has"
    assert differences(openapi(paths=paths), live(method="PUT", request=request)) == [f"{prefix} b/x too many"]
    paths["/a"]["put"].pop("requestBody")
    assert differences(openapi(paths=paths), live(method="PUT", request=request)) == [f"{prefix} a/x, b/x too many"]


def test_what_is_in_a_body_is_called_like_the_schema() -> None:
    order = {"$ref": "#/components/schemas/Order%20A"}
    for content, kept, said in (
        ({"schema": order}, "Order A", []),
        ({"schema": order}, "Order", ["has the schema Order instead of Order A as a/x"]),
        ({"schema": order}, None, []),
        ({"schema": {"type": "array", "items": order}}, "OrderArray", []),
    ):
        body = {"content": {"a/x": content}}
        paths = {"/a": {"put": {"operationId": "getA", "responses": {"200": {"description": "x", **body}}}}}
        paths["/a"]["put"]["requestBody"] = body
        shown = {"representations": [{"contentType": "a/x", **({"typeName": kept} if kept else {})}]}
        responses = [{"statusCode": 200, "description": "x", **shown}]
        prefix = "operation getA (PUT /a): "
        found = differences(
            openapi(paths=paths, components={"schemas": {"Order A": {}}}),
            live(method="PUT", request=shown, responses=responses),
        )
        expected = [f"{prefix}{where} {text}" for text in said for where in ("response 200", "request")]
        assert found == expected


@pytest.mark.parametrize(
    ("wanted_url", "live_url", "same"),
    [
        ("https://A.example.com/v1", "HTTPS://a.Example.com/v1/", True),
        ("https://a.example.com/V1", "https://a.example.com/v1", False),
        ("https://a.example.com", "http://a.example.com", False),
        ("https://a.example.com", "https://a.example.com/", True),
    ],
)
def test_only_scheme_and_host_of_an_address_are_the_same_in_any_case(
    wanted_url: str, live_url: str, same: bool
) -> None:
    api = {"properties": {"displayName": "T", "serviceUrl": live_url}}
    found = differences(openapi(servers=[{"url": wanted_url}]), [], api=api)
    assert found == ([] if same else ["the API has another serviceUrl"])


@pytest.mark.parametrize(
    ("wanted_name", "live_name", "same"),
    [
        ("getA", "geta", True),
        ("getA", "getA-12", True),
        ("getA", "getAll", False),
        ("getA", "getA-x", False),
        # Of these, no name is left (Microsoft Learn: api-management-api-import-restrictions, normalization rules).
        ("読む", "operation", True),
        ("é", "6f0c", True),
        ("___", "get-a", True),
        ("読む 1", "1", True),
        ("読む 1", "2", False),
    ],
)
def test_an_operation_is_called_as_its_id(wanted_name: str, live_name: str, same: bool) -> None:
    paths = {"/a": {"get": {"operationId": wanted_name, "responses": OK}}}
    live_one = [{**live(displayName=wanted_name)[0], "name": live_name}]
    found = differences(openapi(paths=paths), live_one)
    assert found == ([] if same else [f"operation {wanted_name} (GET /a) is called {live_name}"])
