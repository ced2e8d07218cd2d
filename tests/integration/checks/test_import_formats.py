# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Swagger 2 and WADL that nobody has thought of: imported twice they are no change, changed they are one."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integration.checks.test_imports import MANY, NAMES, TEXTS, azure, running, take, twice
from support.in_process import InProcess

__all__ = ["azure", "running"]

FEW = settings(MANY, max_examples=12)

# Swagger 2

KINDS = st.sampled_from(["string", "integer", "number", "boolean"])
MIME = ["application/json", "text/csv", "application/x-www-form-urlencoded", "multipart/form-data"]
TITLES = st.sampled_from(["Orders", " padded ", "größe & <b>", "x: y # z", "1.10"])


@st.composite
def swagger_operations(draw: st.DrawFn, number: int, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {"parameters": [], "responses": {}}
    for name in draw(st.lists(NAMES, max_size=3, unique_by=str.lower)):
        place = draw(st.sampled_from(["query", "header"]))
        required = draw(st.booleans()) and f"{{{name}}}" not in path
        found["parameters"].append({"name": name, "in": place, "type": draw(KINDS), "required": required})
        if draw(st.booleans()):
            found["parameters"][-1]["description"] = draw(TEXTS)
    how = draw(st.sampled_from(["body", "form", "nothing"]))
    if how == "body":
        found["parameters"].append({"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Thing"}})
    elif how == "form":
        kind = draw(st.sampled_from(["string", "file"]))
        found["parameters"].append({"name": "field", "in": "formData", "type": kind})
    if "{id}" in path:
        found["parameters"].append({"name": "id", "in": "path", "required": True, "type": draw(KINDS)})
    for code in draw(st.lists(st.sampled_from(["200", "204", "404", "default"]), min_size=1, unique=True)):
        found["responses"][code] = {"description": draw(TEXTS)}
        if draw(st.booleans()):
            found["responses"][code]["schema"] = {"$ref": "#/definitions/Thing"}
    if draw(st.booleans()):
        found["operationId"] = f"{draw(st.sampled_from(['get', 'List all', 'größe']))}{number}"
    for key in ("summary", "description"):
        if draw(st.booleans()):
            found[key] = draw(TEXTS)
    for key in ("consumes", "produces"):
        if draw(st.booleans()):
            found[key] = draw(st.lists(st.sampled_from(MIME), min_size=1, max_size=3, unique=True))
    return found


@st.composite
def swaggers(draw: st.DrawFn) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        path = f"/p{number}" + draw(st.sampled_from(["", "/", "/{id}", "/{id}/a.json"]))
        methods = draw(st.lists(st.sampled_from(["get", "post", "head", "delete"]), min_size=1, unique=True))
        paths[path] = {
            method: draw(swagger_operations(10 * number + index, path)) for index, method in enumerate(methods)
        }
    thing = {
        "type": "object",
        "properties": {name: {"type": draw(KINDS)} for name in draw(st.lists(NAMES, max_size=2))},
    }
    document: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": draw(TITLES), "version": "1"},
        "paths": paths,
        "definitions": {"Thing": thing},
    }
    if draw(st.booleans()):
        document |= {"host": "a.example.com:8443", "basePath": draw(st.sampled_from(["/", "/v1/", "/v1"]))}
    if draw(st.booleans()):
        document["schemes"] = draw(st.lists(st.sampled_from(["http", "https"]), min_size=1, unique=True))
    if draw(st.booleans()):
        document["consumes"] = draw(st.sampled_from([["application/xml"], MIME[:1], [MIME[0], MIME[2]]]))
    return document


ANOTHER = {"name": "another", "in": "query", "type": "string"}
#: Where what a request takes is described.
TAKEN = ("body", "formData")
BODY = {"name": "body", "in": "body", "schema": {"type": "string"}}


def shuffled(value: Any, style: random.Random) -> Any:
    """The value with the keys of its objects in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, style)) for key, item in value.items()]
        style.shuffle(items)
        return dict(items)
    return [shuffled(item, style) for item in value] if isinstance(value, list) else value


def swagger_text(document: dict[str, Any], style: int) -> str:
    dice = random.Random(style)
    return json.dumps(shuffled(document, dice), indent=dice.choice([None, 1, 4]), ensure_ascii=dice.random() < 0.5)


def swagger_changes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Documents that differ in one thing that Azure keeps."""

    def changed(what: str, change: Callable[[dict[str, Any]], object]) -> tuple[str, dict[str, Any]]:
        other = copy.deepcopy(document)
        change(other)
        return what, other

    yield changed("title", lambda other: other["info"].update(title="Another title"))
    yield changed("host", lambda other: other.update(host="another.example.com"))
    yield changed("new definition", lambda other: other["definitions"].update(Another={"type": "string"}))
    yield changed("definition", lambda other: other["definitions"]["Thing"].update(type="array"))
    yield changed("new", lambda other: other["paths"].update({"/new": {"get": {"responses": {"200": {}}}}}))
    for path, item in document["paths"].items():
        for method in item:

            def at(other: dict[str, Any], path: str = path, method: str = method) -> dict[str, Any]:
                found: dict[str, Any] = other["paths"][path][method]
                return found

            yield changed("id", lambda other, at=at: at(other).update(operationId="another"))
            yield changed("summary", lambda other, at=at: at(other).update(summary="Another"))
            yield changed("response", lambda other, at=at: at(other)["responses"].update({"299": {}}))
            yield changed("query", lambda other, at=at: at(other)["parameters"].append(dict(ANOTHER)))
            if method in ("post", "delete"):
                yield changed(
                    "consumes",
                    lambda other, at=at: at(other).update(
                        consumes=["text/x-another"],
                        parameters=[p for p in at(other)["parameters"] if p["in"] not in TAKEN] + [dict(BODY)],
                    ),
                )
                taken = item[method].get("consumes") or document.get("consumes") or []
                if any(one["in"] == "body" for one in item[method]["parameters"]):
                    yield changed(
                        "another body",
                        lambda other, at=at, taken=taken: (
                            other["definitions"].update(Another={"type": "string"}),
                            at(other).update(
                                consumes=taken or ["application/json"],
                                parameters=[p for p in at(other)["parameters"] if p["in"] != "body"]
                                + [{"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Another"}}],
                            ),
                        ),
                    )
                    yield changed(
                        "body gone",
                        lambda other, at=at: at(other).update(
                            parameters=[p for p in at(other)["parameters"] if p["in"] != "body"]
                        ),
                    )
                    if len(taken) > 1:
                        yield changed(
                            "type gone", lambda other, at=at, taken=taken: at(other).update(consumes=taken[:-1])
                        )
            for index, one in enumerate(item[method]["parameters"]):
                if one["in"] in ("query", "header"):
                    yield changed(
                        "type", lambda other, at=at, index=index: at(other)["parameters"][index].update(type="file")
                    )
                    yield changed("gone", lambda other, at=at, index=index: at(other)["parameters"].pop(index))


# WADL


@dataclass(frozen=True)
class Xml:
    """An element that can be written in many ways."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple[Xml, ...] = ()

    def written(self, style: random.Random) -> str:
        items = list(self.attributes.items())
        style.shuffle(items)
        gap = style.choice(["", "\n  ", "\r\n\t"])
        head = self.name + "".join(style.choice([" ", "\n "]) + f"{key}={quoteattr(value)}" for key, value in items)
        inner = "".join(gap + style.choice(["", "", "<!-- <a> -->"]) + child.written(style) for child in self.children)
        return f"<{head}>{inner}{gap}</{self.name}>" if self.children else f"<{head}{style.choice(['/>', ' />'])}"

    def changed(self) -> Iterator[Xml]:
        """The element with each of its children changed, one at a time."""
        for index, child in enumerate(self.children):
            before, after = self.children[:index], self.children[index + 1 :]
            yield from (replace(self, children=(*before, other, *after)) for other in child.changed())


class Param(Xml):
    def changed(self) -> Iterator[Xml]:
        if self.attributes["style"] != "template":
            required = "false" if self.attributes.get("required") == "true" else "true"
            yield Param("param", {**self.attributes, "required": required})
            yield Param("param", {**self.attributes, "name": "another"})


class Method(Xml):
    def changed(self) -> Iterator[Xml]:
        yield Method("method", {**self.attributes, "id": "another"}, self.children)
        yield Method("method", {**self.attributes, "name": "PATCH"}, self.children)
        yield from super().changed()


class Resource(Xml):
    def changed(self) -> Iterator[Xml]:
        yield Resource("resource", {**self.attributes, "path": "another"}, self.children)
        yield from super().changed()


@st.composite
def wadl_methods(draw: st.DrawFn, number: int, name: str) -> Xml:
    params = tuple(
        Param("param", {"name": param, "style": draw(st.sampled_from(["query", "header"])),
                        "required": draw(st.sampled_from(["true", "false"]))})
        for param in draw(st.lists(st.sampled_from(["q", "X-a", "größe"]), max_size=2, unique=True))
    )  # fmt: skip
    answers = tuple(Xml("response", {"status": code}) for code in draw(st.lists(st.sampled_from(["200", "200 404"]))))
    request = (Xml("request", {}, params),) if params else ()
    return Method(
        "method", {"name": name, "id": f"{draw(st.sampled_from(['get', 'List all']))}{number}"}, (*request, *answers)
    )


@st.composite
def wadl_resources(draw: st.DrawFn, number: int, depth: int = 0) -> Xml:
    path = f"p{number}" + draw(st.sampled_from(["", "/{id" + str(depth) + "}"]))
    verbs = draw(st.lists(st.sampled_from(["GET", "POST", "PUT"]), min_size=1, unique=True))
    children = [draw(wadl_methods(100 * depth + 10 * number + index, verb)) for index, verb in enumerate(verbs)]
    if "{" in path:
        children.insert(0, Param("param", {"name": f"id{depth}", "style": "template", "type": "xsd:int"}))
    if depth < 2 and draw(st.booleans()):
        children.append(draw(wadl_resources(number, depth + 1)))
    return Resource("resource", {"path": draw(st.sampled_from(["", "/"])) + path}, tuple(children))


@st.composite
def wadls(draw: st.DrawFn) -> Xml:
    resources = tuple(draw(wadl_resources(number)) for number in range(draw(st.integers(1, 3))))
    doc = (Xml("doc", {"title": draw(TITLES)}),) if draw(st.booleans()) else ()
    base = draw(st.sampled_from(["https://a.example.com/v1/", "http://b:8080"]))
    space = {"xmlns": "http://wadl.dev.java.net/2009/02", "xmlns:xsd": "http://www.w3.org/2001/XMLSchema"}
    return Xml("application", space, (*doc, Xml("resources", {"base": base}, resources)))


# tests


@FEW
@given(swaggers(), st.integers(), st.integers())
def test_swagger_however_it_is_written_is_imported_once(azure: InProcess, document: Any, a: int, b: int) -> None:
    with azure.undone():
        twice(azure, swagger_text(document, a), "swagger-json")
        again = take(azure, swagger_text(document, b), "swagger-json")
        assert not again["changed"], again["diff"]


@settings(FEW, max_examples=5)
@given(swaggers(), st.integers(), st.integers())
def test_every_change_of_swagger_that_azure_keeps_is_one(
    azure: InProcess, document: Any, style: int, seed: int
) -> None:
    changes, dice = list(swagger_changes(document)), random.Random(seed)
    with azure.undone():
        take(azure, swagger_text(document, style), "swagger-json")
        for what, other in dice.sample(changes, min(10, len(changes))):
            with azure.undone():
                changes_as_foretold(azure, swagger_text(other, style), "swagger-json", what)


def changes_as_foretold(azure: InProcess, text: str, format: str, what: object, **more: Any) -> None:
    """Check mode and the run find the same change, and the run after it finds none."""
    check, real = take(azure, text, format, check=True, **more), take(azure, text, format, **more)
    assert check["changed"] and real["changed"], (what, text)
    assert check["diff"] == real["diff"]
    again = take(azure, text, format, **more)
    assert not again["changed"], (what, again["diff"])


@FEW
@given(wadls(), st.integers(), st.integers())
def test_wadl_however_it_is_written_is_imported_once(azure: InProcess, document: Xml, a: int, b: int) -> None:
    with azure.undone():
        twice(azure, document.written(random.Random(a)), "wadl-xml")
        again = take(azure, document.written(random.Random(b)), "wadl-xml")
        assert not again["changed"], again["diff"]


@settings(FEW, max_examples=5)
@given(wadls(), st.integers())
def test_every_change_of_wadl_that_azure_keeps_is_one(azure: InProcess, document: Xml, style: int) -> None:
    with azure.undone():
        take(azure, document.written(random.Random(style)), "wadl-xml")
        for other in document.changed():
            with azure.undone():
                changes_as_foretold(azure, other.written(random.Random(style)), "wadl-xml", other)


FORM = {"name": "f", "in": "formData", "type": "string"}


@pytest.mark.parametrize("own", [{}, {"consumes": MIME[:1]}, {"consumes": MIME[2:3]}, {"consumes": MIME[2:]}])
@pytest.mark.parametrize("shared", [{}, {"consumes": MIME[:1]}, {"consumes": [MIME[0], MIME[2]]}])
def test_fields_of_forms_are_imported_once(azure: InProcess, shared: dict[str, Any], own: dict[str, Any]) -> None:
    """Which types they need is up to the document, which may be wrong about it; an import leaves them out."""
    operation = {"parameters": [FORM], "responses": {"200": {"description": "ok"}}, **own}
    head = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, **shared}
    twice(azure, json.dumps({**head, "paths": {"/a": {"post": operation}}}), "swagger-json")
