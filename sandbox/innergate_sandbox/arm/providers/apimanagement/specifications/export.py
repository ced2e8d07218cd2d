# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API written as a document: OpenAPI 3, Swagger 2, WADL or WSDL."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.call import Call

Json = dict[str, Any]


def document_of(call: Call, entity: Entity, form: str) -> Json | str:
    """The document of an API in a format for export."""
    operations = _operations(call)
    properties = entity.body["properties"]
    if form.startswith("wadl"):
        return _wadl(properties, operations)
    if form.startswith("wsdl"):
        return f"<definitions name={quoteattr(properties['displayName'])} />"
    schemas: Json = {}
    for schema in call.ctx.store.children(_revision(call), call.type_of("apis/schemas")):
        document = schema.body["properties"].get("document") or {}
        schemas |= (document.get("components") or {}).get("schemas") or document.get("definitions") or {}
    info = {"title": properties["displayName"], "version": properties.get("apiVersion") or "1.0"}
    if properties.get("description"):
        info["description"] = properties["description"]
    paths = _paths(operations, swagger=form.startswith("swagger"))
    url = f"{call.service.body['properties'].get('gatewayUrl') or ''}/{properties.get('path') or ''}".rstrip("/")
    if form.startswith("swagger"):
        host, dummy, base = url.partition("://")[2].partition("/")
        return {
            "swagger": "2.0",
            "info": info,
            "host": host,
            "basePath": f"/{base}",
            "schemes": properties.get("protocols") or ["https"],
            "paths": paths,
            "definitions": schemas,
        }
    return {
        "openapi": "3.0.1",
        "info": info,
        "servers": [{"url": url}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def text_of(document: Json | str, form: str) -> str:
    """A document as a text."""
    if isinstance(document, str):
        return document
    yaml_wanted = form == "openapi-link"
    return yaml.safe_dump(document, sort_keys=False) if yaml_wanted else json.dumps(document)


def _revision(call: Call) -> str:
    return call.revision(*split_revision(call.name))


def _operations(call: Call) -> list[Entity]:
    return call.ctx.store.children(_revision(call), call.type_of("apis/operations"))


def _paths(operations: list[Entity], *, swagger: bool) -> Json:
    paths: Json = {}
    for entity in operations:
        own = entity.body["properties"]
        path, dummy, query = own["urlTemplate"].partition("?")
        in_query = set(re.findall(r"\{([^{}]+)\}", query))
        parameters = [
            _parameter(p, "query" if p["name"] in in_query else "path", swagger)
            for p in own.get("templateParameters") or []
        ]
        parameters += [_parameter(p, "query", swagger) for p in (own.get("request") or {}).get("queryParameters") or []]
        responses = {
            str(r["statusCode"]): {"description": r.get("description") or ""} for r in own.get("responses") or []
        } or {"200": {"description": ""}}
        paths.setdefault(path, {})[own["method"].lower()] = {
            "operationId": entity.name,
            "summary": own["displayName"],
            "parameters": parameters,
            "responses": responses,
        }
    return paths


def _parameter(given: Json, place: str, swagger: bool) -> Json:
    kind = given.get("type") or "string"
    required = place == "path" or bool(given.get("required"))
    found: Json = {"name": given["name"], "in": place, "required": required}
    return found | ({"type": kind} if swagger else {"schema": {"type": kind}})


def _wadl(properties: Json, operations: list[Entity]) -> str:
    resources = "".join(
        f"<resource path={quoteattr(o.body['properties']['urlTemplate'])}>"
        f"<method name={quoteattr(o.body['properties']['method'])} id={quoteattr(o.name)} /></resource>"
        for o in operations
    )
    base = quoteattr(properties.get("serviceUrl") or "")
    return (
        f'<application xmlns="http://wadl.dev.java.net/2009/02"><doc title={quoteattr(properties["displayName"])} />'
        f"<resources base={base}>{resources}</resources></application>"
    )
