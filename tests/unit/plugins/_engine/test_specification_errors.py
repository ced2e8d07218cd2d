# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API specifications that can't be imported, and what is said about them."""

from __future__ import annotations

import json
import re
import time

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import specification, specification_load
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import (
    SpecificationError,
    wanted,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import load_yaml

from .specification_documents import DOCUMENTS, ORDERS

TWIN = "  /orders/{other}:\n    delete: {parameters: [{name: other, in: path}]}\n  /orders:"
LONG = "1" + 5000 * "0"  # more digits than Python reads
MISSING_ITSELF = '{$ref: "#/components/responses/Missing"}'


@pytest.mark.parametrize(
    ("document", "format", "line", "words"),
    [
        ("", "openapi", 0, "empty"),
        ("{\n  oops", "openapi+json", 2, "no JSON"),
        ("{\n  oops", "openapi", 3, "no YAML"),
        ("openapi: 3.0.1\ninfo: {title: x\npaths: {}", "openapi", 3, "no YAML"),
        ("a: b: c", "openapi", 1, "no YAML"),
        ("[]", "openapi+json", 1, "no object"),
        ('{\n"swagger": "2.0"}', "openapi+json", 2, "is Swagger 2.0, which does not fit"),
        (ORDERS.replace("3.0.1", "2.9"), "openapi", 1, "is OpenAPI 2.9"),
        ("{}", "swagger-json", 1, "swagger is missing"),
        ('{"openapi": "3.0.1",\n "info": {},\n "paths": {}}', "openapi+json", 2, "info.title is missing"),
        ("openapi: 3.0.1\ninfo: {title: x}\n", "openapi", 1, "paths is missing"),
        (ORDERS.replace("  /orders:", "  orders:"), "openapi", 33, "does not start with a slash"),
        (ORDERS.replace("name: id, in: path", "name: no, in: path"), "openapi", 13, "its path parameter id"),
        (ORDERS.replace("default: lines", "default: no"), "openapi", 13, "the default no of the parameter expand"),
        (ORDERS.replace("name: at, in", "name: id, in"), "openapi", 13, "id in its path and as a required"),
        (ORDERS.replace("name: expand, in: query", "name: x, in: path"), "openapi", 13, "a path parameter x that"),
        (ORDERS.replace("deleteOrder", "getOrder"), "openapi", 30, "getOrder is there twice"),
        (ORDERS.replace("  /orders:", TWIN), "openapi", 34, "can't be told from"),
        (ORDERS.replace("#/components/responses/Missing", "#/components/x"), "openapi", 28, "leads nowhere"),
        (ORDERS.replace("#/components/responses/Missing", "x.yaml#/x"), "openapi", 28, "does not follow the reference"),
        (ORDERS.replace("{description: No such order}", MISSING_ITSELF), "openapi", 28, "back to itself"),
        (ORDERS.replace("4XX", "nope"), "openapi", 32, "no status code"),
        (ORDERS.replace("post:", "post:\n      parameters: x"), "openapi", 35, "orders post parameters is no list"),
        (ORDERS.replace("name: expand, ", ""), "openapi", 20, "paths /orders/{id} get parameters 0 has no name"),
        (ORDERS.replace("name: expand", "name: {}"), "openapi", 20, "get parameters 0 name is no text"),
        (ORDERS.replace("in: query", "in: body", 1), "openapi", 20, "in is none of path, query, header, cookie"),
        (ORDERS.replace("required: true", "required: yes", 1), "openapi", 12, "neither true nor false"),
        (ORDERS.replace("description: All orders", "description: [All]"), "openapi", 5, "info description is no text"),
        (ORDERS.replace("  - url:", "  url:").replace("    vari", "  vari", 1), "openapi", 6, "servers is no list"),
        (ORDERS.replace("post:", "post: []\n    put:"), "openapi", 34, "paths /orders post is no object"),
        (ORDERS.replace('{$ref: "#/components/requestBodies/Order"}', "{$ref: 1}"), "openapi", 36, "a .ref that is no"),
        (ORDERS.replace("3.0.1", "3.2.0"), "openapi", 1, "is OpenAPI 3.2.0, which does not fit"),
        (ORDERS.replace('schemas/Order"', 'schemas/Ordr"', 1), "openapi", 27, "schemas/Ordr leads nowhere"),
        (ORDERS + "    Line: {items: {$ref: Order.json}}\n", "openapi", 52, "Order.json to another document"),
        ('{"openapi": "3.0.1",\n "paths": {"/a": {}},\n  "paths": {}}', "openapi+json", 3, "has the key paths twice"),
        ('{"openapi": "3.0.1",\n "paths": {"/a": {}},\n  "paths": {}}', "openapi", 3, "has the key paths twice"),
        ("openapi: 3.0.1\npaths:\n  /a: {}\n  /b: {}\n  /a: {}\n", "openapi", 5, "the key /a is there twice"),
        ('{"a":' * 300 + "1" + "}" * 300, "openapi+json", 0, "nested too deeply"),
        ("[" * 100_000, "openapi+json", 0, "nested too deeply"),
        ("- " * 100_000, "openapi", 1, "nested too deeply"),
        ('{"a": "1",\n"b": [' + LONG + "]}", "openapi+json", 2, "^line 2, column 7: a number of 5001 digits is too"),
        ('{"a": "1",\n"b": [-' + LONG + "]}", "openapi", 2, "^line 2, column 7: a number of 5001 digits is too"),
        ("a: 1\nb: [-" + LONG + "]\n", "openapi", 2, "column 5: .* a number of 5001 digits is too long"),
        ("a: !!int " + LONG, "openapi", 1, "a number of 5001 digits is too long"),
        ('{"a": "NaN",\n"b": NaN}', "openapi+json", 2, "^line 2, column 6: this is no JSON: NaN is no value$"),
        ('{"a": [-Infinity]}', "swagger-json", 1, "this is no JSON: -Infinity is no value$"),
        ("a: &a\n  b: *a\n", "openapi", 2, "alias"),
        ("a: 1\nb: *c\n", "openapi", 2, "alias"),
        ("a: !!python/object/apply:os.getcwd []\n", "openapi", 1, "python/object/apply:os.getcwd has no meaning"),
        ("a: !!int x\n", "openapi", 1, "int has no meaning"),
        ("a: 1\n---\nb: 1\n", "openapi", 2, "another document"),
        ("? [a]\n: 1\n", "openapi", 1, "a key must be a text"),
        ("a: 1\n<<: 1\n", "openapi", 2, "only mappings"),
        ("<a", "wsdl", 1, "no XML"),
        ("<?xml version='1.0'?>\n<a>\n<b></a>", "wsdl", 3, "no XML"),
        ("<a/>", "wadl-xml", 1, "the root element is <a>, not <application>"),
        ("<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY y 'z'>]>\n<Edmx/>", "odata", 2, "document type"),
        ("<?xml version='1.0'?>\n<?x?><!-- > --><?y ?>\n<!DOCTYPE x []>\n<Edmx/>", "odata", 3, "document type"),
        ("<?x?><!DOCTYPE x>\n<definitions/>", "wsdl", 1, "document type"),
        ("<application/>", "wadl-xml", 0, "no resources"),
        ("<definitions/>", "wsdl", 0, "the document has no service$"),
        ("<definitions><service name='S'/></definitions>", "wsdl", 0, "no endpoint$"),
        (DOCUMENTS["wsdl"].replace('"tns:CalcBinding"', '"x"'), "wsdl", 0, "CalcPort has the binding of another"),
        (DOCUMENTS["wsdl"].replace('operation name="Add"', "operation"), "wsdl", 0, "an operation of the document"),
        ("<?xml version=1.0?><application/>", "wadl-xml", 1, "no XML"),
        ("<definitions><import location='x.wsdl'/><service/></definitions>", "wsdl", 0, "does not follow <import>"),
        ("<Edmx/>", "odata", 0, "no entity container"),
        ("hello", "graphql", 0, "no GraphQL"),
        ("hello", "grpc", 0, "no gRPC service"),
        ("// service A {}", "grpc", 0, "no gRPC service"),
        ('option (a) = "; service A {}";', "grpc", 0, "no gRPC service"),
        ("message M { service A {} }", "grpc", 0, "no gRPC service"),
        ("hello", "morse", 0, "the format morse is unknown"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_imported(document: str, format: str, line: int, words: str) -> None:
    with pytest.raises(SpecificationError, match=words) as caught:
        wanted(document, format)
    assert "\n" not in str(caught.value)
    assert caught.value.line == line, str(caught.value)


def test_where_required_parameters_stay_in_the_query_their_names_may_be_those_of_the_path() -> None:
    document = ORDERS.replace("name: at, in", "name: id, in")
    assert [p.name for p in wanted(document, "openapi", translate="query").operations[0].query] == ["expand", "id"]


def test_columns() -> None:
    with pytest.raises(SpecificationError, match=r"^line 32, column 47: the response nope is no status code$"):
        wanted(ORDERS.replace("4XX", "nope"), "openapi")


def test_aliases_that_stand_for_too_much() -> None:
    document = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        document += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    with pytest.raises(
        SpecificationError, match=r"line 7, column \d+: this is no YAML: its aliases stand for too much"
    ):
        wanted(document, "openapi")


def test_data_may_look_like_references() -> None:
    data = "    Line: {type: object, example: {$ref: nowhere}, properties: {$ref: {type: string}}, x-y: {$ref: z}}\n"
    assert set(wanted(ORDERS + data, "openapi").schemas) == {"Order", "Line"}


@pytest.mark.parametrize("style", ["json", "yaml"])
def test_documents_of_megabytes_take_seconds(style: str) -> None:
    """Two megabytes of YAML, which PyYAML's own loader would take a multiple of the whole to read."""
    before, block, after = re.split(r"(  /orders/\{id\}:\n(?: {4}.*\n)+)", ORDERS)
    blocks = (re.sub(r"(/orders|getOrder|deleteOrder)", rf"\g<1>{number}", block) for number in range(2000))
    text = f"{before}{''.join(blocks)}{after}"
    assert len(text) > 1_900_000
    if style == "json":
        text = json.dumps(load_yaml(text))
    begin = time.process_time()
    expected = wanted(text, "openapi")
    assert time.process_time() - begin < 10
    assert len(expected.operations) == 4_001


def test_without_pyyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specification_load, "HAS_YAML", False)
    with pytest.raises(SpecificationError, match="PyYAML"):
        wanted(ORDERS, "openapi")
    assert wanted(DOCUMENTS["openapi+json"], "openapi").title == "Orders"
    with pytest.raises(SpecificationError, match=r"info\.title is missing"):
        wanted('{"openapi": "3.0.1", "info": {}, "paths": {}}', "openapi+json")


def test_names() -> None:
    assert set(specification.FORMATS) == set(DOCUMENTS)
    assert all(is_link(format) for format in specification.LINK_FORMATS)
    assert not any(is_link(format) for format in specification.FORMATS)
    assert {specification.behind(format) for format in specification.LINK_FORMATS} <= set(specification.FORMATS)
