# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Importing documents into APIs, and exporting them."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.faults import incorrect
from . import exports, openapi, wsdls, xmls
from .export import document_of, text_of
from .parsed import Parsed, Unreadable

Json = dict[str, Any]


def by_link(form: str) -> bool:
    """Whether `value` is the URL of the document."""
    return "-link" in form.lower()


def stand_in(form: str, url: str) -> str:
    """A document without operations, in place of one that cannot be had because the sandbox stays on its machine."""
    host = urlsplit(url).hostname or "api"
    names = [part for part in urlsplit(url).path.split("/") if part]
    title = re.sub(r"\.\w+$", "", names[-1] if names else host) or host
    family = form.partition("-")[0].partition("+")[0]
    server = f"https://{host}"
    documents = {
        "wadl": f'<application><resources base="{server}" /></application>',
        "wsdl": f'<definitions><service name={quoteattr(title)}><port name="p" binding="b"><address '
        f'location={quoteattr(url)} /></port></service><binding name="b"><operation name="_" /></binding>'
        "</definitions>",
        "odata": f"<Edmx><EntityContainer Name={quoteattr(title)} /></Edmx>",
        "graphql": "type Query { _: Boolean }",
        "grpc": f"service {re.sub(r'[^A-Za-z0-9_]', '_', title)} {{ }}",
        "swagger": json.dumps({"swagger": "2.0", "info": {"title": title, "version": "1"}, "host": host, "paths": {}}),
    }
    openapi_one = {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": server}],
        "paths": {},
    }
    return documents.get(family, json.dumps(openapi_one))


def read(properties: Json, kind: str) -> Json:
    """Read the document of an import; 400 ValidationError for `representation` if that fails.

    `kind` is the type that the API has, or that the request gives it; a new one of which it says nothing is REST
    (azure-rest-api-specs, example ApiManagementCreateSoapToRestApiUsingWsdlImport).
    """
    form, text = str(properties["format"]), str(properties["value"])
    types = {"wsdl": kind, "graphql": "graphql", "odata": "odata", "grpc": "grpc"}
    family = form.partition("-")[0].partition("+")[0]
    try:
        parsed = _parse(form, text, properties, types["wsdl"])
        _check_defaults(parsed)
    except Unreadable as error:
        raise incorrect("representation", str(error)) from error
    api = dict(parsed.api)
    if family in types:
        api["type"] = types[family]
    return {
        "api": api,
        "operations": parsed.operations,
        "schemas": parsed.schemas,
        "whole": parsed.whole,
        "named": parsed.named,
    }


def _check_defaults(parsed: Parsed) -> None:
    """Refuse a default that is none of the allowed values (azurerm: TestAccApiManagementApi_importOpenapiInvalid)."""
    for name, operation in parsed.operations:
        request = operation.get("request") or {}
        lists = (operation.get("templateParameters"), request.get("queryParameters"), request.get("headers"))
        for item in (item for items in lists for item in items or []):
            default, allowed = item.get("defaultValue"), item.get("values")
            if default is not None and allowed and str(default) not in [str(value) for value in allowed]:
                raise Unreadable(
                    f"Default value '{default}' of parameter '{item.get('name')}' of operation '{name}' is not one of "
                    f"its values: {', '.join(map(str, allowed))}."
                )


def _parse(form: str, text: str, properties: Json, wsdl_becomes: str) -> Parsed:
    if form.startswith(("openapi", "swagger")):
        template = str(properties.get("translateRequiredQueryParameters", "template")).lower() != "query"
        return openapi.read(text, form, template=template)
    if form.startswith("wadl"):
        return xmls.wadl(text)
    if form.startswith("wsdl"):
        return wsdls.wsdl(text, properties.get("wsdlSelector"), passed_through=wsdl_becomes != "http")
    if form.startswith("odata"):
        return xmls.odata(text)
    if form.startswith("graphql"):
        return _graphql(text)
    if form.startswith("grpc"):
        return _grpc(text)
    raise Unreadable(f"Format '{form}' is not supported.")


def _graphql(text: str) -> Parsed:
    if not re.search(r"\b(type|schema|interface|extend)\b[^{]*\{", text):
        raise Unreadable("The document has no GraphQL type definitions.")
    schema = {"contentType": "application/vnd.ms-azure-apim.graphql.schema", "document": {"value": text}}
    return Parsed(schemas=[("graphql", schema)], whole=False)


def _grpc(text: str) -> Parsed:
    bare = re.sub(
        r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/""", _kept_string, text, flags=re.DOTALL
    )
    found = re.search(r"(?:^|[;}])\s*service\s+(\w+)\s*\{", bare)
    if not found:
        raise Unreadable("The document has no service definition.")
    schema = {"contentType": "text/protobuf", "document": {"value": text}}
    return Parsed(api={"displayName": found[1]}, schemas=[("default", schema)], whole=False)


def _kept_string(found: re.Match[str]) -> str:
    return '""' if found[1] else " "


def duplicates(parsed: Json) -> ArmError | None:
    """The error that an import ends with if two operations cannot be told apart (GitHub issue Azure/apiops 670)."""
    signatures = [
        f"{properties['method']} {re.sub(r'{[^{}]*}', '{}', properties['urlTemplate'])}"
        for dummy, properties in parsed["operations"]
    ]
    for (dummy, properties), signature in zip(parsed["operations"], signatures, strict=True):
        if signatures.count(signature) > 1:
            shown = f"{properties['method']} {properties['urlTemplate']}".lower()
            shown = properties["method"] + shown[len(properties["method"]) :]
            return ArmError(
                400,
                "ValidationError",
                "Importing API has duplicate signature operations: "
                f"{signatures.count(signature)} operations with signature '{shown}'",
                details=None,
            )
    return None


def apply(call: Call, revision: Entity, parsed: Json) -> None:
    """Write the operations and schemas of a document; operations that stay keep their policies and tags."""
    store, operations = call.ctx.store, call.type_of("apis/operations")
    schemas = call.type_of("apis/schemas")
    old: dict[str, list[str]] = {}
    for entity in store.children(revision.id, schemas):
        old.setdefault(entity.body["properties"].get("contentType"), []).append(entity.name)
    renamed = {}
    for name, properties in parsed["schemas"]:
        left = old.get(properties["contentType"])
        kept = left.pop(0) if left else name
        renamed[name] = kept
        store.put(f"{revision.id}/schemas/{kept}", schemas, {"properties": properties}, {})
    if not parsed["named"]:
        parsed = {**parsed, "operations": _named(store.children(revision.id, operations), parsed["operations"])}
    if parsed["whole"]:
        names = {name.lower() for name, dummy in parsed["operations"]}
        for entity in store.children(revision.id, operations):
            if entity.name.lower() not in names:
                store.delete(entity.id)
    text = json.dumps([properties for dummy, properties in parsed["operations"]])
    for name, kept in renamed.items():
        text = text.replace(f'"{name}"', f'"{kept}"')
    for (name, dummy), properties in zip(parsed["operations"], json.loads(text), strict=True):
        store.put(f"{revision.id}/operations/{name}", operations, {"properties": properties}, {})


def _named(present: list[Entity], wanted: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """The operations under made-up names; those with a method and URL template that are there keep what they have."""
    known = {(e.body["properties"]["method"], e.body["properties"]["urlTemplate"]): e.name for e in present}
    return [
        (known.get((properties["method"], properties["urlTemplate"])) or secrets.token_hex(12), properties)
        for dummy, properties in wanted
    ]


def export(call: Call, entity: Entity) -> Json:
    """The answer to a GET with export=true: a link to the document."""
    form = call.request.lookup("format") or ""
    known = ("swagger-link", "openapi-link", "openapi+json-link", "wadl-link", "wsdl-link")
    if form not in known:
        raise incorrect("format", f"Export format '{form}' is not supported. Valid values are: {', '.join(known)}.")
    document = document_of(call, entity, form)
    kind = "xml" if form.startswith("w") else "yaml" if form == "openapi-link" else "json"
    name = str(entity.body["properties"]["displayName"])
    value = {"link": exports.keep(call.ctx, call.request.base_url, name, kind, text_of(document, form))}
    shown = f"{call.shown_container}/apis/{call.name}"
    # the SDK's contract has format and value at the top, azure-cli reads them in properties
    return {"id": shown, "format": form, "value": value, "properties": {"format": form, "value": value}}
