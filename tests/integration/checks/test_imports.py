# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifications that nobody has thought of: imported twice they are no change, changed they are one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.in_process import InProcess, in_process
from unit.plugins._engine.specification_documents import DOCUMENTS

#: The formats that the module takes as text.
FORMATS = {format: document for format, document in DOCUMENTS.items() if format != "graphql"}
GROUP = "/resourceGroups/contoso-rg"
APIM = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}
APIS = f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim/apis"
MANY = settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def running() -> Iterator[InProcess]:
    with in_process() as azure:
        azure.call("PUT", GROUP, {"location": "westeurope"})
        service = {"resource_group": "contoso-rg", "name": "contoso-apim", "location": "westeurope"}
        made = azure.run(
            "apim_service",
            {**service, "sku": {"name": "Developer"}, "publisher_email": "a@contoso.com", "publisher_name": "Contoso"},
        )
        assert made["changed"], made
        yield azure


@pytest.fixture
def azure(running: InProcess) -> Iterator[InProcess]:
    with running.undone():
        yield running


def take(
    azure: InProcess, content: str, format: str = "openapi", *, name: str = "orders", check: bool = False, **more: Any
) -> dict[str, Any]:
    """Run the task that imports a document."""
    specification = {"format": format, "content": content, **more.pop("how", {})}
    place = {} if more.get("api_revision") else {"path": name}
    options = {**APIM, "name": name, **place, "specification": specification, **more}
    result = azure.run("apim_api", options, check=check, token_age=0)
    assert not result.get("failed"), result
    return result


def operations(azure: InProcess, name: str = "orders") -> list[str]:
    return [item["name"] for item in azure.call("GET", f"{APIS}/{name}/operations").body["value"]]


def twice(azure: InProcess, content: str, format: str = "openapi", **more: Any) -> None:
    """Whatever check mode says, the task does; and doing it again is no change."""
    assert take(azure, content, format, check=True, **more)["changed"]
    assert take(azure, content, format, **more)["changed"]
    for check in (True, False):
        again = take(azure, content, format, check=check, **more)
        assert not again["changed"], again["diff"]
        assert {request.method for request in azure.requests} == {"GET"}


# documents

NAMES = st.sampled_from(["id", "q", "on", "no", "x-y", "größe", "Größe", "007", "null", "f[0]"])
TEXTS = st.one_of(
    st.sampled_from(["", "yes", "off", "1.10", "2020-01-31", "12:30", "a: b # c", " padded ", "two\nlines\n"]),
    st.just("x" * 1200),
    st.text(alphabet="ab ñ'\"<>&{}:-", max_size=12),
)  # fmt: skip
PLAIN = st.sampled_from(["string", "integer", "number", "boolean"])
MEDIA = st.dictionaries(
    st.sampled_from(["application/json", "text/csv", "Application/XML; charset=utf-8"]), st.just({})
)
VALUES = {
    "string": ["on", "off", "a", "A", "010", "2020-01-31", ""],
    "integer": [1, 0, -5],
    "number": [1.5, 2, 1e3],
    "boolean": [True, False],
}


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(PLAIN)
    schema: dict[str, Any] = {"type": kind}
    if draw(st.booleans()):
        schema["enum"] = draw(st.lists(st.sampled_from(VALUES[kind]), min_size=1, max_size=3, unique=True))
        schema["default"] = schema["enum"][0]
    return schema


@st.composite
def parameters(draw: st.DrawFn, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": draw(NAMES), "in": place, "schema": draw(schemas())}
    found["required"] = place == "path" or draw(st.booleans())
    if draw(st.booleans()):
        found["description"] = draw(TEXTS)
    return found


@st.composite
def endpoints(draw: st.DrawFn, number: int, path: str) -> dict[str, Any]:
    places = [st.lists(parameters(place), max_size=3) for place in ("query", "header")]
    given_ones = [parameter for place in places for parameter in draw(place)]
    distinct = {(parameter["in"], parameter["name"].lower()): parameter for parameter in given_ones}
    codes = draw(st.lists(st.sampled_from(["200", "204", "400", "404", "4XX", "default"]), min_size=1, unique=True))
    for parameter in distinct.values():  # a URL template can't have a name twice
        parameter["required"] &= f"{{{parameter['name']}}}" not in path
    found: dict[str, Any] = {
        "parameters": list(distinct.values()),
        "responses": {code: {"description": draw(TEXTS), "content": draw(MEDIA)} for code in codes},
    }
    if draw(st.booleans()):
        found["operationId"] = f"{draw(st.sampled_from(['get', 'List all', 'größe', 'x' * 90]))}{number}"
    for key in ("summary", "description"):
        if draw(st.booleans()):
            found[key] = draw(TEXTS)
    if draw(st.booleans()):
        found["requestBody"] = {"content": draw(MEDIA)}
    return found


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    version = draw(st.sampled_from(["3.0.1", "3.0.3", "3.1.0"]))
    info: dict[str, Any] = {"title": draw(TEXTS.filter(str.strip)), "version": "1"}
    if draw(st.booleans()):
        info["description"] = draw(TEXTS)
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        path = f"/p{number}" + draw(st.sampled_from(["", "/", "/{id}", "/{id}/x-{n}.json", "/größe", "/A.b"]))
        item: dict[str, Any] = {}
        for method in draw(st.lists(st.sampled_from(["get", "post", "head"]), min_size=1, unique=True)):
            item[method] = draw(endpoints(10 * number + len(item), path))
        described = [
            {"name": name, "in": "path", "required": True, "schema": draw(schemas())}
            for name in ("id", "n")
            if "{" + name + "}" in path
        ]
        if draw(st.booleans()):
            item["parameters"] = described
        else:
            for operation in list(item.values()):
                operation["parameters"] += described
        paths[path] = item
    document: dict[str, Any] = {"openapi": version, "info": info, "paths": paths}
    if draw(st.booleans()):
        document["servers"] = [{"url": draw(st.sampled_from(["https://a.example.com/v1/", "/v1", "http://b:8080"]))}]
    if draw(st.booleans()):
        properties = {name: draw(schemas()) for name in draw(st.lists(NAMES, max_size=3, unique=True))}
        thing = {"type": "object", "properties": properties, "required": sorted(properties), "example": {"a": 1}}
        document["components"] = {"schemas": {"Thing": thing, "Tree": {"$ref": "#/components/schemas/Thing"}}}
    return document


def written(document: dict[str, Any], style: str) -> tuple[str, str]:
    """The document as text, and the format it is in."""
    if style == "json":
        return json.dumps(document), "openapi+json"
    if style == "json as yaml":
        return json.dumps(document, indent=1, ensure_ascii=False), "openapi"
    return yaml.safe_dump(document, allow_unicode=style == "unicode", width=30), "openapi"


STYLES = st.sampled_from(["json", "json as yaml", "yaml", "unicode"])


@MANY
@given(documents(), STYLES)
def test_importing_twice_is_no_change(running: InProcess, document: dict[str, Any], style: str) -> None:
    with running.undone():
        twice(running, *written(document, style))


@settings(MANY, max_examples=10)
@given(documents(), STYLES, STYLES)
def test_how_a_document_is_written_is_no_change(running: InProcess, document: dict[str, Any], a: str, b: str) -> None:
    with running.undone():
        take(running, *written(document, a))
        again = take(running, *written(document, b))
        assert not again["changed"], again["diff"]


def mutations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Documents that differ in one thing that Azure keeps."""

    def changed(what: str, change: Callable[[dict[str, Any]], object]) -> tuple[str, dict[str, Any]]:
        other = copy.deepcopy(document)
        change(other)
        return what, other

    ok = {"responses": {"200": {"description": "ok"}}}
    yield changed("title", lambda other: other["info"].update(title="Another title"))
    yield changed("description", lambda other: other["info"].update(description="Another description"))
    yield changed("server", lambda other: other.update(servers=[{"url": "https://another.example.com"}]))
    yield changed("path", lambda other: other["paths"].update({"/another": {"get": ok}}))
    for path, item in document["paths"].items():
        yield changed("method", lambda other, path=path: other["paths"][path].update(delete=ok_with(other, path)))
        for method in set(item) - {"parameters"}:

            def operation(other: dict[str, Any], path: str = path, method: str = method) -> dict[str, Any]:
                found: dict[str, Any] = other["paths"][path][method]
                return found

            yield changed("operationId", lambda other, at=operation: at(other).update(operationId="another"))
            yield changed("summary", lambda other, at=operation: at(other).update(summary="Another summary"))
            yield changed("text", lambda other, at=operation: at(other).update(description="Another description"))
            yield changed("response", lambda other, at=operation: at(other)["responses"].update({"299": {}}))
            yield changed(
                "query",
                lambda other, at=operation: at(other)["parameters"].append(
                    {"name": "another", "in": "query", "schema": {"type": "string"}}
                ),
            )
            if method == "post":  # bodies of GET and HEAD are left out (Microsoft Learn: API import restrictions)
                body = {"content": {"text/x-another": {}}}
                yield changed("body", lambda other, at=operation, body=body: at(other).update(requestBody=body))
                if (item[method].get("requestBody") or {}).get("content"):
                    yield changed("body gone", lambda other, at=operation: at(other).pop("requestBody"))
                    yield changed("type", lambda other, at=operation: at(other)["requestBody"]["content"].popitem())
            for code in ("200", "404"):
                if code == "404" and "4XX" in item[method]["responses"]:
                    continue  # which stands for it, too
                if (item[method]["responses"].get(code) or {}).get("content"):
                    yield changed(
                        "type of a response",
                        lambda other, at=operation, code=code: at(other)["responses"][code]["content"].popitem(),
                    )
            if any(one["in"] == "query" for one in item[method]["parameters"]):
                yield changed(
                    "query gone",
                    lambda other, at=operation: at(other).update(
                        parameters=[one for one in at(other)["parameters"] if one["in"] != "query"]
                    ),
                )
            if len(set(item) - {"parameters"}) > 1:
                yield changed("removed", lambda other, path=path, method=method: other["paths"][path].pop(method))
            for index in range(len(item[method]["parameters"])):
                one = item[method]["parameters"][index]
                if one["in"] == "path" or f"{{{one['name']}}}" in path:
                    continue  # named alike in path and query, the two can't be told apart any more

                def parameter(other: dict[str, Any], at: Any = operation, index: int = index) -> dict[str, Any]:
                    found: dict[str, Any] = at(other)["parameters"][index]
                    return found

                yield changed("parameter", lambda other, at=parameter: at(other).update(name="another"))
                yield changed(
                    "required", lambda other, at=parameter: at(other).update(required=not at(other)["required"])
                )
                yield changed("about it", lambda other, at=parameter: at(other).update(description="Another"))
                yield changed(
                    "values",
                    lambda other, at=parameter: at(other).update(schema={"type": "string", "enum": ["another"]}),
                )
    if "components" in document:
        schema = ("components", "schemas")
        yield changed("schema", lambda other: other[schema[0]][schema[1]]["Thing"].update(type="array"))
        yield changed("new schema", lambda other: other[schema[0]][schema[1]].update(Another={"type": "string"}))


def ok_with(document: dict[str, Any], path: str) -> dict[str, Any]:
    """An operation that describes the parameters of its path."""
    item = document["paths"][path]
    shared = item.get("parameters") or next(iter(item.values()))["parameters"]
    own = [parameter for parameter in shared if parameter["in"] == "path"]
    return {"parameters": own, "responses": {"200": {"description": "ok"}}}


@settings(MANY, max_examples=5)
@given(documents(), STYLES)
def test_every_change_that_azure_keeps_is_one(running: InProcess, document: dict[str, Any], style: str) -> None:
    with running.undone():
        take(running, *written(document, style))
        for what, other in mutations(document):
            with running.undone():
                assert take(running, *written(other, style), check=True)["changed"], (what, other)


# what people write

HEAD = "openapi: 3.0.1\ninfo: {title: Orders, version: 1.0}\n"
OK = "responses: {200: {description: ok}}"
WRITTEN = {
    "a default beside the responses it stands for": (
        "paths:\n  /a:\n    get: {responses: {400: {description: bad}, 500: {description: worse},"
        " default: {description: oh}}}\n"
    ),
    "headers that OpenAPI describes elsewhere": (
        "paths:\n  /a:\n    get:\n      parameters:\n"
        "        - {name: Accept, in: header, schema: {type: string}}\n"
        "        - {name: Authorization, in: header, schema: {type: string}}\n"
        "        - {name: session, in: cookie, schema: {type: string}}\n"
        f"      {OK}\n"
    ),
    "words that YAML 1.1 takes for something else": (
        "paths:\n  /a:\n    get:\n      operationId: 0123\n      summary: 1.10\n      parameters:\n"
        "        - {name: on, in: query, schema: {type: string, enum: [on, off, no, y, 010, 12:30, 2020-01-01, ~]}}\n"
        "        - {name: no, in: query, schema: {type: number, enum: [1.0, 2.50, 1e3], default: 2.50}}\n"
        "        - {name: flag, in: query, schema: {type: boolean, enum: [true, false], default: true}}\n"
        f"      {OK}\n"
    ),
    "anchors": (
        "x-shared: &shared {200: {description: ok}, 404: {description: no}}\n"
        "paths:\n  /a:\n    get: {responses: *shared}\n"
        "  /b:\n    get: {responses: {<<: *shared, 404: {description: none}}}\n"
    ),
    "a summary of blanks": f'paths:\n  /a:\n    get: {{operationId: get, summary: " ", {OK}}}\n',
    "a path item somewhere else": f'paths:\n  /a: {{$ref: "#/x-items/a"}}\nx-items:\n  a:\n    get: {{{OK}}}\n',
    "nothing where something could be": "paths:\n  /a:\n    get:\n      parameters:\n      responses:\n  /b:\n",
    "operations that are told apart by nothing but marks": (
        f"paths:\n  /a-b:\n    get: {{{OK}}}\n  /a_b:\n    get: {{{OK}}}\n  /a/b:\n    get: {{{OK}}}\n"
    ),
    "ids without a letter that a name may have": (
        f"paths:\n  /a:\n    get: {{operationId: 読む, {OK}}}\n    put: {{operationId: é, summary: E, {OK}}}\n"
        f"  /b:\n    get: {{operationId: ___, {OK}}}\n    put: {{operationId: '-', {OK}}}\n"
    ),
    "paths with a query": (
        f"paths:\n  /a?x=1:\n    get: {{operationId: one, {OK}}}\n  /a?x=2:\n    get: {{{OK}}}\n"
        "  /a?x=3:\n    get:\n      parameters: [{name: q, in: query, required: true, schema: {type: string}}]\n"
        f"      {OK}\n  /a:\n    get: {{{OK}}}\n"
    ),
    "required parameters with signs of a query in their names": (
        "paths:\n  /a:\n    get:\n      parameters:\n"
        "        - {name: a&b, in: query, required: true, schema: {type: string}}\n"
        "        - {name: a=b, in: query, required: true, schema: {type: string}}\n"
        "        - {name: 'f[a]', in: query, required: true, schema: {type: string}}\n"
        f"      {OK}\n"
    ),
    "numbers that JSON has not": (
        f"paths:\n  /a:\n    get: {{{OK}}}\ncomponents:\n  schemas:\n"
        "    A: {type: number, default: .nan}\n    B: {type: array, default: [.inf, -.INF]}\n"
        f"    C: {{type: integer, maximum: 1{'0' * 400}}}\n    D: {{type: number, enum: [.nan, 1.10, 1e3, 2]}}\n"
    ),
    "a parameter of the path that is one of an operation too": (
        "paths:\n  /a/{id}:\n    parameters:\n"
        "      - {name: id, in: path, required: true, schema: {type: string}}\n"
        "      - {name: q, in: query, required: true, schema: {type: integer}}\n"
        "    get:\n      parameters:\n        - {name: q, in: query, schema: {type: string}}\n"
        "        - {name: id, in: query, schema: {type: string}}\n"
        f"      {OK}\n    put: {{{OK}}}\n"
    ),
    "a schema of itself": (
        "paths:\n  /a:\n    post:\n      requestBody: {$ref: '#/components/requestBodies/Tree'}\n"
        f"      {OK}\n"
        "components:\n  requestBodies:\n"
        "    Tree: {content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}\n"
        "  schemas:\n    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, "
        "since: {type: string, default: 2020-01-31}, size: {type: number, maximum: 1.50}}}\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_what_people_write_is_imported_once(azure: InProcess, name: str) -> None:
    twice(azure, HEAD + WRITTEN[name])


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_imported_once(azure: InProcess, format: str) -> None:
    document = FORMATS[format]
    twice(azure, document, format)
    twice(azure, "\ufeff" + document.replace("\n", "\r\n"), format, name="marked")


def test_what_yaml_means_arrives(azure: InProcess) -> None:
    take(azure, HEAD + WRITTEN["words that YAML 1.1 takes for something else"])
    [name] = operations(azure)
    assert name == "0123"
    found = azure.call("GET", f"{APIS}/orders/operations/{name}").body["properties"]
    assert found["displayName"] == "1.10"
    assert [parameter["name"] for parameter in found["request"]["queryParameters"]] == ["on", "no", "flag"]


# what people do in the portal

SHOP = HEAD + (
    "paths:\n  /orders/{id}:\n    get:\n      operationId: get\n      summary: Get one\n      parameters:\n"
    "        - {name: id, in: path, required: true, schema: {type: integer}}\n"
    "        - {name: at, in: query, schema: {type: string, enum: [now, then]}}\n"
    "        - {name: by, in: query, required: true, schema: {type: string}}\n"
    f"      {OK}\n  /orders:\n    get: {{operationId: list, {OK}}}\n"
)


@pytest.mark.parametrize(
    ("operation", "change", "words"),
    [
        ("list", None, "operation list (GET /orders) is missing"),
        ("get", {"urlTemplate": "/order/{id}?by={by}"}, "operation get (GET /orders/{id}) is missing"),
        ("get", {"method": "PUT"}, "operation get (GET /orders/{id}) is missing"),
        ("get", {"displayName": "Fetch"}, "the display name 'Fetch' instead of 'Get one'"),
        ("get", {"responses": []}, "has no response 200"),
        ("get", {"request": {"queryParameters": []}}, "does not know the query parameter at"),
        ("new", {"method": "GET", "urlTemplate": "/new", "displayName": "n"}, "operation new is not in the spec"),
    ],
)
def test_drift_is_told_and_mended(azure: InProcess, operation: str, change: dict[str, Any] | None, words: str) -> None:
    take(azure, SHOP)
    path = f"{APIS}/orders/operations/{operation}"
    if change is None:
        azure.call("DELETE", path)
    else:
        before = azure.call("GET", path).body.get("properties", {})
        azure.call("PUT", path, {"properties": {**before, **change}})
    for check in (True, False):
        found = take(azure, SHOP, check=check)
        assert found["changed"]
        assert any(words in text for text in found["diff"]["before"]["specification"]), found["diff"]
    assert sorted(operations(azure)) == ["get", "list"]
    assert not take(azure, SHOP)["changed"]


def test_operations_that_stay_keep_their_policies(azure: InProcess) -> None:
    take(azure, SHOP)
    policy = {**APIM, "api_name": "orders", "operation_name": "list"}
    document = "<policies><inbound><base /></inbound></policies>"
    assert azure.run("apim_policy", {**policy, "value": document}, token_age=0)["changed"]
    assert take(azure, SHOP.replace("Get one", "Get one order"))["changed"]
    assert not azure.run("apim_policy", {**policy, "value": document}, token_age=0)["changed"]


def test_options_win_over_the_document(azure: InProcess) -> None:
    document = SHOP + "servers: [{url: https://example.com/v1}]\n"
    own = {"display_name": "Mine", "service_url": "http://10.225.1.4:8080", "description": "My own"}
    twice(azure, document, **own)
    found = azure.call("GET", f"{APIS}/orders").body["properties"]
    assert [found[key] for key in ("displayName", "serviceUrl", "description")] == list(own.values())


def test_other_options_import_nothing(azure: InProcess) -> None:
    take(azure, SHOP)
    options = {**APIM, "name": "orders", "display_name": "Shop", "subscription_required": False}
    assert azure.run("apim_api", options, token_age=0)["changed"]
    sent = next(request.body or b"" for request in azure.requests if request.method == "PUT")
    assert "value" not in json.loads(sent)["properties"]
    assert operations(azure) == ["get", "list"]


def test_where_required_query_parameters_go(azure: InProcess) -> None:
    def template() -> str:
        return str(azure.call("GET", f"{APIS}/orders/operations/get").body["properties"]["urlTemplate"])

    twice(azure, SHOP, how={"translate_required_query_parameters": "query"})
    assert template() == "/orders/{id}"
    twice(azure, SHOP, how={"translate_required_query_parameters": "template"})
    assert template() == "/orders/{id}?by={by}"
    assert not take(azure, SHOP)["changed"]


def test_a_revision_has_operations_but_no_title_of_its_own(azure: InProcess) -> None:
    """Display name and description are shared by all revisions (Microsoft Learn: api-management-revisions)."""
    take(azure, SHOP)
    assert take(azure, SHOP, api_revision="2", source_api="orders", path="orders")["changed"]
    other = SHOP.replace("operationId: list", "operationId: all").replace("title: Orders", "title: Shop")
    twice(azure, other, api_revision="2")
    assert sorted(operations(azure)) == ["get", "list"]
    assert sorted(operations(azure, "orders;rev=2")) == ["all", "get"]
    assert azure.call("GET", f"{APIS}/orders").body["properties"]["displayName"] == "Orders"
    assert not take(azure, SHOP)["changed"]


def test_versions_are_imported_one_by_one(azure: InProcess) -> None:
    version_set = {**APIM, "name": "shop", "display_name": "Shop", "versioning_scheme": "Segment"}
    azure.run("apim_version_set", version_set, token_age=0)
    for version in ("v1", "v2"):
        twice(azure, SHOP, name=f"shop-{version}", path="shop", api_version=version, api_version_set="shop")
    assert not take(azure, SHOP, name="shop-v1", path="shop")["changed"]


@pytest.mark.parametrize("kind", ["http", "soap"])
def test_soap_is_passed_through_or_turned_into_rest(azure: InProcess, kind: str) -> None:
    predicted = take(azure, FORMATS["wsdl"], "wsdl", how={"soap_api_type": kind}, check=True)
    made = take(azure, FORMATS["wsdl"], "wsdl", how={"soap_api_type": kind})
    assert predicted["resource"]["api_type"] == made["resource"]["api_type"] == kind
    assert not take(azure, FORMATS["wsdl"], "wsdl", how={"soap_api_type": kind})["changed"]


def test_another_schema_of_a_body_is_a_change(azure: InProcess) -> None:
    ref = "$ref: '#/components/schemas/One'"
    text = (
        f"{HEAD}components: {{schemas: {{One: {{type: string}}, Two: {{type: string}}}}}}\npaths:\n  /a:\n    post:\n"
        f"      requestBody: {{content: {{application/json: {{schema: {{{ref}}}}}}}}}\n"
        f"      responses: {{200: {{description: ok, content: {{application/json: {{schema: {{{ref}}}}}}}}}}}\n"
    )
    twice(azure, text)
    for count in (1, 2):
        twice(azure, text.replace("/One", "/Two", count))


def test_check_mode_knows_what_comes_from_the_document(azure: InProcess) -> None:
    document = SHOP + "servers: [{url: https://example.com/v1}]\n"
    predicted, made = take(azure, document, check=True), take(azure, document)
    assert predicted["diff"] == made["diff"]
    assert made["diff"]["after"]["specification"] == [
        "operation get (GET /orders/{id})",
        "operation list (GET /orders)",
    ]
    for option in ("display_name", "service_url", "path"):
        assert predicted["resource"][option] == made["resource"][option]
    changed = document.replace("example.com", "example.org")
    predicted, made = take(azure, changed, check=True), take(azure, changed)
    assert predicted["diff"] == made["diff"]
    assert predicted["resource"]["service_url"] == made["resource"]["service_url"] == "https://example.org/v1"


def test_a_diff_names_fifty_operations_and_counts_the_rest(azure: InProcess) -> None:
    paths = "".join(f"  /p{number}: {{get: {{{OK}}}}}\n" for number in range(53))
    named = take(azure, f"{HEAD}paths:\n{paths}", check=True)["diff"]["after"]["specification"]
    assert len(named) == 51
    assert named[-1] == "and 3 more"
