# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API specifications that can't be imported, and what is said about them."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import specification, specification_load
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import (
    SpecificationError,
    detect,
    wanted,
)

from .specification_documents import DOCUMENTS, ORDERS


@pytest.mark.parametrize("format", DOCUMENTS)
def test_formats_are_detected(format: str) -> None:
    assert detect(DOCUMENTS[format]) == format


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("https://example.com/a.json", "an address"),
        ("<html></html>", "neither WSDL"),
        ('{"a": 1}', "neither openapi nor swagger"),
        ("swagger: '2.0'", "as JSON only"),
        ("hello", "can't be told"),
    ],
)
def test_formats_that_are_none(document: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words):
        detect(document)


TWIN = "  /orders/{other}:\n    delete: {parameters: [{name: other, in: path}]}\n  /orders:"
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
        (ORDERS.replace("deleteOrder", "getOrder"), "openapi", 30, "getOrder is there twice"),
        (ORDERS.replace("  /orders:", TWIN), "openapi", 34, "can't be told from"),
        (ORDERS.replace("#/components/responses/Missing", "#/components/x"), "openapi", 28, "leads nowhere"),
        (ORDERS.replace("#/components/responses/Missing", "x.yaml#/x"), "openapi", 28, "does not follow the reference"),
        (ORDERS.replace("{description: No such order}", MISSING_ITSELF), "openapi", 28, "back to itself"),
        (ORDERS.replace("4XX", "nope"), "openapi", 32, "no status code"),
        (ORDERS.replace("post:", "post:\n      parameters: x"), "openapi", 34, "parameters is no list"),
        ("<a", "wsdl", 1, "no XML"),
        ("<?xml version='1.0'?>\n<a>\n<b></a>", "wsdl", 3, "no XML"),
        ("<a/>", "wadl-xml", 1, "the root element is <a>, not <application>"),
        ("<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY y 'z'>]>\n<Edmx/>", "odata", 2, "document type"),
        ("<application/>", "wadl-xml", 0, "no resources"),
        ("<definitions/>", "wsdl", 0, "no operations"),
        ("<Edmx/>", "odata", 0, "no entity container"),
        ("hello", "graphql", 0, "no GraphQL"),
        ("hello", "grpc", 0, "no gRPC service"),
        ("hello", "morse", 0, "the format morse is unknown"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_imported(document: str, format: str, line: int, words: str) -> None:
    with pytest.raises(SpecificationError, match=words) as caught:
        wanted(document, format)
    assert "\n" not in str(caught.value)
    assert caught.value.line == line, str(caught.value)


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
