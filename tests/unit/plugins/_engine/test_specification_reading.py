# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read in OpenAPI and Swagger documents, and where their mistakes are said to be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import (
    SpecificationError,
    wanted,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import load_json, load_yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
)

from .specification_documents import OK, WSDL, openapi


def swagger(**parts: Any) -> Expected:
    document = {"swagger": "2.0", "info": {"title": "T"}, "paths": {}, **parts}
    return wanted(json.dumps(document), "swagger-json")


def get(path: str = "/a", *, shared: Any = (), components: Any = None, **operation: Any) -> Operation:
    """The only operation of a document."""
    item = {"parameters": list(shared), "get": {"responses": OK, **operation}}
    [found] = openapi(paths={path: item}, components=components or {}).operations
    return found


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        ([{"url": "https://a.example.com/v1/"}, {"url": "https://b.example.com"}], "https://a.example.com/v1"),
        ([{"url": "HTTPS://a.example.com"}], "HTTPS://a.example.com"),
        ([{"url": "/v1"}], ""),
        ([{"url": "{scheme}://a.{zone}/{zone}", "variables": {
            "scheme": {"default": "http"}, "zone": {"default": "x"}, "other": None}}], "http://a.x/x"),
        ([{"url": "https://a.{zone}", "variables": {"zone": {}}}], "https://a."),
        ([None], ""),
        ([], ""),
        (None, ""),
    ],
)  # fmt: skip
def test_the_backend_is_the_first_server_with_a_whole_address(servers: Any, url: str) -> None:
    assert openapi(servers=servers).service_url == url


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ({"host": "a"}, "https://a"),
        ({"host": "a", "basePath": "/v1/"}, "https://a/v1"),
        ({"host": "a", "schemes": ["http", "https"]}, "https://a"),
        ({"host": "a", "schemes": ["http", "ws"]}, "http://a"),
        ({"host": "a", "schemes": []}, "https://a"),
        ({"basePath": "/v1"}, ""),
    ],
)
def test_the_backend_of_swagger_is_made_of_three_parts(parts: dict[str, Any], url: str) -> None:
    assert swagger(**parts).service_url == url


def test_the_api_has_the_title_and_the_text_of_the_document() -> None:
    found = openapi(info={"title": f" {'t' * 301} ", "description": " all \n"})
    assert (found.title, found.description) == ("t" * 300, "all")
    assert openapi().description == ""


def test_every_method_of_a_path_is_an_operation() -> None:
    methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
    item = {method: {"responses": OK} for method in methods}
    found = openapi(paths={"/a": {**item, "summary": {}, "x-get": {}, "put": None}, "x-b": item}).operations
    assert {operation.method for operation in found} == {method.upper() for method in methods} - {"PUT"}
    assert {operation.path for operation in found} == {"/a"}


@pytest.mark.parametrize(
    ("given", "name", "title"),
    [
        ({"operationId": "getA", "summary": "Get A"}, "getA", "Get A"),
        ({"operationId": "getA"}, "getA", "getA"),
        ({"operationId": "getA", "summary": " "}, "getA", ""),
        ({"summary": "s" * 301}, "", "s" * 300),
        ({}, "", ""),
    ],
)
def test_names_and_titles_of_operations(given: dict[str, Any], name: str, title: str) -> None:
    found = get(description=" d ", **given)
    assert (found.name, found.title, found.description) == (name, title, "d")


def test_parameters_of_the_operation_win_over_those_of_its_path() -> None:
    shared = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "q", "in": "query", "description": "shared"},
        {"name": "r", "in": "query", "description": "shared"},
        {"name": "q", "in": "header", "description": "shared"},
    ]
    own = [{"name": "q", "in": "query", "description": "own", "required": True}, {"name": "c", "in": "cookie"}]
    found = get("/a/{id}", shared=shared, parameters=own)
    assert found.parameters == (Parameter("id", "string", required=True),)
    assert found.query == (Parameter("r", description="shared"), Parameter("q", description="own", required=True))
    assert found.headers == (Parameter("q", description="shared"),)


@pytest.mark.parametrize(
    ("schema", "parameter"),
    [
        ({"type": "integer", "default": 3}, Parameter("q", "integer", default="3")),
        ({"type": "boolean", "default": False}, Parameter("q", "boolean", default="false")),
        ({"type": ["string", "null"]}, Parameter("q")),
        ({"default": [1]}, Parameter("q")),
        ({"default": {}}, Parameter("q")),
        ({"default": None}, Parameter("q")),
        ({"enum": ["a", 1, True]}, Parameter("q", values=("a", "1", "true"))),
        ({"enum": "a"}, Parameter("q")),
        ({"$ref": "#/components/schemas/Size"}, Parameter("q", "number", values=("1.5",))),
        (None, Parameter("q")),
    ],
)
def test_what_a_schema_says_of_a_parameter(schema: Any, parameter: Parameter) -> None:
    sizes = {"schemas": {"Size": {"type": "number", "enum": [1.5]}}}
    assert get(parameters=[{"name": "q", "in": "query", "schema": schema}], components=sizes).query == (parameter,)


@pytest.mark.parametrize(("said", "required"), [(True, True), ("true", True), (False, False), ("False", False)])
def test_only_true_makes_a_parameter_required(said: Any, required: bool) -> None:
    assert get(parameters=[{"name": "q", "in": "query", "required": said}]).query[0].required is required


def test_headers_that_the_gateway_knows_itself_may_or_may_not_be_parameters() -> None:
    given = [{"name": name, "in": "header"} for name in ("Accept", "Content-Type", "AUTHORIZATION", "X-Own")]
    found = get(parameters=[*given, {"name": "accept", "in": "query"}])
    assert found.headers == (Parameter("X-Own"),)
    assert found.query == (Parameter("accept"),)
    assert found.loose_headers == {"accept", "content-type", "authorization"}


def test_responses() -> None:
    responses = {
        "200": {"description": "fine", "content": {"Application/JSON; charset=utf-8": {}, "text/csv": {}}},
        "404": {"$ref": "#/components/responses/No"},
        "204": None,
        "4XX": {"description": "no"},
        "5xx": {"description": "broken"},
        "default": {"description": "else"},
        "x-own": {"description": "nothing"},
    }
    found = get(responses=responses, components={"responses": {"No": {"description": "none"}}})
    assert found.responses == (
        Response(200, "fine", frozenset({"application/json;charset=utf-8", "text/csv"}), sure_of_types=True),
        Response(404, "none", sure_of_types=True),
        Response(204, sure_of_types=True),
    )
    assert found.loose_statuses == {*range(400, 600)}
    assert get(responses={"default": {}}).loose_statuses == {400, 500}
    assert get(responses={"2XX": {}, "default": {}}).loose_statuses == {*range(200, 300), 400, 500}
    for code in ("600", "099", "20", "2000", "2X0", "0XX"):
        with pytest.raises(SpecificationError, match=f"the response {code} is no status code"):
            get(responses={code: {}})


def test_what_a_request_takes() -> None:
    body = {"requestBody": {"$ref": "#/components/requestBodies/B"}, "responses": OK}
    methods = ["get", "put", "post", "delete", "options", "head", "patch"]
    item = dict.fromkeys(methods, body)
    found = openapi(paths={"/a": item}, components={"requestBodies": {"B": {"content": {"Text/CSV": {}}}}})
    assert {operation.method for operation in found.operations if operation.request_content_types == {"text/csv"}} == {
        "PUT", "POST", "DELETE", "PATCH"
    }  # fmt: skip
    assert get().request_content_types == frozenset()


def test_what_swagger_says_once_for_all_operations() -> None:
    body = [{"name": "b", "in": "body", "schema": {}}]
    answer = {"200": {"description": "x", "schema": {"type": "string"}}, "204": {"description": "y"}}
    paths: dict[str, Any] = {
        "/all": {"post": {"parameters": body, "responses": answer}},
        "/own": {"post": {"parameters": body, "consumes": ["A/C"], "produces": ["A/P"], "responses": answer}},
        "/form": {"post": {"parameters": [{"name": "f", "in": "formData", "type": "file"}], "responses": {}}},
        "/none": {"post": {"parameters": [{"name": "q", "in": "query", "type": "integer"}], "responses": {}}},
    }
    every, own, form, none = swagger(paths=paths, consumes=["all/c"], produces=["all/p"]).operations
    assert (every.request_content_types, own.request_content_types) == ({"all/c"}, {"a/c"})
    assert (form.request_content_types, none.request_content_types) == (frozenset(), frozenset())
    assert [operation.sure_of_request_types for operation in (every, own, form, none)] == [True, True, False, True]
    assert [response.content_types for response in own.responses] == [frozenset()] * 2, "an import leaves them out"
    assert none.query == (Parameter("q", "integer"),)
    [quiet] = swagger(paths={"/all": paths["/all"]}).operations
    assert not quiet.sure_of_request_types, "nothing says how it is written"
    assert quiet.request_content_types == quiet.responses[0].content_types == frozenset()


def test_references_are_followed_wherever_they_lead() -> None:
    document = {
        "paths": {
            "/a~b": {"$ref": "#/components/x-items/0"},
            "/c": {"get": {"parameters": [{"$ref": "#/components/parameters/a~1b%20c~0d"}], "responses": OK}},
            "/d": {"$ref": "#/paths/~1c"},
        },
        "components": {
            "x-items": [{"put": {"operationId": "putA", "responses": OK}}],
            "parameters": {"a/b c~d": {"$ref": "#/components/parameters/last"}, "last": {"name": "z", "in": "query"}},
        },
    }
    put, *two = openapi(**document).operations
    assert (put.method, put.path, put.name) == ("PUT", "/a~b", "putA")
    assert [operation.query for operation in two] == [(Parameter("z"),)] * 2


@pytest.mark.parametrize(
    "pointer", ["#/components/x-items/1", "#/components/x-items/a", "#/components/none", "#/info/title", "#/"]
)
def test_references_that_lead_nowhere(pointer: str) -> None:
    with pytest.raises(SpecificationError, match=f"the reference {pointer} leads nowhere"):
        openapi(paths={"/a": {"$ref": pointer}}, components={"x-items": [{}]})


@pytest.mark.parametrize(
    ("one", "other"),
    [("/a/{x}", "/a/{y}"), ("/a/{x}", "/a/{y}/"), ("/{x}/{y}", "/{y}/{x}")],
)
def test_paths_that_can_t_be_told_apart(one: str, other: str) -> None:
    named = {name: {"name": name, "in": "path", "required": True} for name in "xy"}
    paths: dict[str, Any] = {
        path: {"parameters": [named[name] for name in "xy" if f"{{{name}}}" in path], "get": {"responses": OK}}
        for path in (one, other)
    }
    with pytest.raises(SpecificationError, match="can't be told from"):
        openapi(paths=paths)
    paths[other]["put"] = paths[other].pop("get")
    assert len(openapi(paths=paths).operations) == 2


MISTAKES = [
    ({"info": {"title": " "}}, "info.title is missing", 3),
    ({"info": None}, "info.title is missing", 3),
    ({"paths": None}, "paths is missing, or is no object", 4),
    ({"servers": "https://a"}, "servers is no list", 5),
    ({"paths": {"/a": {"get": {"parameters": {}, "responses": {}}}}}, "paths /a get parameters is no list", 7),
    ({"paths": {"/a": {"get": {"parameters": {"a": 1}}}}}, "paths /a get parameters is no list", 7),
    ({"paths": {"/a": {"parameters": "x", "get": {}}}}, "paths /a parameters is no list", 6),
    ({"paths": {"/{a}": {"get": {}}}}, "GET /{a} does not describe its path parameter a", 6),
    ({"paths": {"/a": {"get": {"responses": {"x": {}}}}}}, "the response x is no status code", 8),
    ({"paths": {"a": {}}}, "the path a does not start with a slash", 5),
]


@pytest.mark.parametrize(("parts", "message", "line"), MISTAKES)
def test_the_line_of_a_mistake(parts: dict[str, Any], message: str, line: int) -> None:
    document = json.dumps({"openapi": "3.0.1", "info": {"title": "T"}, "paths": {}, **parts}, indent=1)
    compact = document.replace('{\n  "title": "T"\n }', '{"title": "T"}')
    with pytest.raises(SpecificationError) as caught:
        wanted(compact, "openapi")
    assert (caught.value.message, caught.value.line) == (message, line)
    assert str(caught.value) == f"line {line}, column {caught.value.column}: {message}"


def test_the_place_and_the_kind_of_a_document_that_is_another() -> None:
    with pytest.raises(SpecificationError) as caught:
        wanted("[1]", "openapi")
    assert (caught.value.line, caught.value.column) == (1, 1)
    for document, words in (
        ({"swagger": "2.0"}, "the document is Swagger 2.0, which does not fit the format openapi"),
        ({"openapi": "4.0"}, "the document is OpenAPI 4.0, which does not fit the format openapi"),
        ({"info": 1}, "openapi is missing: the document is no OpenAPI 3 document"),
    ):
        with pytest.raises(SpecificationError, match=words):
            wanted(json.dumps(document), "openapi")
    for document, words in (
        ({"openapi": "3.0"}, "the document is OpenAPI 3.0, which does not fit the format swagger-json"),
        ({"info": 1}, "swagger is missing: the document is no Swagger 2 document"),
    ):
        with pytest.raises(SpecificationError, match=words):
            wanted(json.dumps(document), "swagger-json")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_of_the_byte_order_is_no_part_of_a_document(mark: str) -> None:
    for format, document in (("openapi", "openapi: 3.0.1\ninfo: {title: T}\npaths: {}\n"), ("wsdl", WSDL)):
        assert wanted(mark + document, format) == wanted(document, format)
    assert wanted(mark + "type Query { a: Int }", "graphql").text == wanted("type Query { a: Int }", "graphql").text
    with pytest.raises(SpecificationError, match=r"^the document is empty$"):
        wanted(mark + " \n", "openapi")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1, "b": {"a": 1}, "a": 2}', 1, 25),
        ('{"b": {"c": 1},\n "c": [{"c": 1}, {"c": 1}],\n  "b": 1}', 3, 3),
        ('{"x": "\\"x\\": {",\n"y": 1, "y": 2}', 2, 9),
        ('[{"a": 1}, {"a": 1, "\\u0061": 2}]', 1, 21),
        ('{"a b": "}",\n\n "a b": 1}', 3, 2),
    ],
)
def test_where_a_key_is_there_twice(text: str, line: int, column: int) -> None:
    with pytest.raises(SpecificationError, match="twice") as caught:
        load_json(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(("levels", "fine"), [(200, True), (201, False)])
def test_how_deep_a_document_may_be(levels: int, fine: bool) -> None:
    text = "[" * (levels - 1) + "1" + "]" * (levels - 1)
    if fine:
        assert load_json(text)
    else:
        with pytest.raises(SpecificationError, match="nested too deeply"):
            load_json(text)


def test_mistakes_of_json_and_yaml_have_a_line_and_a_column() -> None:
    for load, text, place in ((load_json, '{"a": 1,\n "b" 2}', (2, 6)), (load_yaml, "a: 1\nb: [1\n", (3, 1))):
        with pytest.raises(SpecificationError, match=r"this is no (JSON|YAML): ") as caught:
            load(text)
        assert (caught.value.line, caught.value.column) == place
    with pytest.raises(SpecificationError, match=r"this is no YAML: .*(control|special) characters") as caught:
        load_yaml("a: \x07")
    assert "  " not in str(caught.value) and "\n" not in str(caught.value)


def test_yaml_keeps_texts_and_knows_its_own_tags() -> None:
    text = "a: !!str 1\nb: !!bool true\nc: !!float 1\nd: !!null ~\ne: !!map {x: !!seq [1]}\ng: !!int 0x1f"
    assert load_yaml(text) == {"a": "1", "b": True, "c": 1.0, "d": None, "e": {"x": [1]}, "g": 31}
    for wrong in ("!!bool 1", "!!null x", "!!float x", "!!int 1.5", "!own {a: 1}", "!!set {a: 1}", "!!binary x"):
        with pytest.raises(SpecificationError, match="has no meaning here"):
            load_yaml(f"a: {wrong}")


def test_yaml_merges_what_is_named_only_where_nothing_is() -> None:
    text = "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall: {<<: [*one, *two], c: 3}\nfew: {a: 0, <<: *two}\n"
    found = load_yaml(text)
    assert found["all"] == {"a": 1, "b": 1, "c": 3}
    assert found["few"] == {"a": 0, "b": 2, "c": 2}
