# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of APIs, and their schemas."""

from __future__ import annotations

import re
from typing import Any

from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.declaration import ANY, Properties, Resource
from ..engine.write import Write
from . import websockets

PARAMETERS = r"\{\*?([^{}*]+)\}"


def prepare(write: Write) -> None:
    """Every {parameter} of the URL template is described and none else; lists are there even if they are empty."""
    websockets.refuse_operation(write.call)
    given = write.properties
    template = str(given.get("urlTemplate") or "")
    named = {name.strip().lower() for name in re.findall(PARAMETERS, template)}
    described = {str(item.get("name", "")).lstrip("*").lower() for item in given.get("templateParameters") or []}
    if not write.flaws and named != described:
        write.flaw(
            "",
            "All template parameters used in the UriTemplate must be defined in the Operation "
            f"'{given['displayName']}', and vice-versa.",
        )
    given["method"] = str(given.get("method", "")).upper() if _standard(given.get("method")) else given.get("method")
    _unique(write, template)
    _known_schemas(write, template)
    complete(given)


def _standard(method: Any) -> bool:
    return str(method).upper() in ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


def _unique(write: Write, template: str) -> None:
    call, shape = write.call, re.sub(r"\{[^{}]*\}", "{}", template).lower()
    for other in call.ctx.store.children(call.parent, call.type):
        own = other.body["properties"]
        if (
            other.name.lower() != call.name.lower()
            and own["method"] == write.properties["method"]
            and re.sub(r"\{[^{}]*\}", "{}", own["urlTemplate"]).lower() == shape
        ):
            write.flaw(
                "urlTemplate",
                "Operation with the same method and URL template already exists: "
                f"{own['method']}, {own['urlTemplate']}",
            )


def _known_schemas(write: Write, template: str) -> None:
    """Schemas that the body names are those of the API.

    The words: GitHub issues Azure/azure-api-management-devops-resource-kit 738 and 866, of a parameter; how the target
    of a representation is called was not seen.
    """
    sent, call = write.sent, write.call
    known = {entity.name.lower() for entity in call.ctx.store.children(call.parent, call.type_of("apis/schemas"))}
    if not known and call.settings.schemas_of_their_own:
        return
    request = sent.get("request") or {}
    parts = [request, *(sent.get("responses") or [])]
    named = [("parameter", item.get("name"), item) for item in sent.get("templateParameters") or []]
    named += [("parameter", item.get("name"), item) for item in request.get("queryParameters") or []]
    for part in parts:
        named += [("parameter", item.get("name"), item) for item in part.get("headers") or []]
        named += [("representation", item.get("contentType"), item) for item in part.get("representations") or []]
    for kind, name, item in named:
        schema = item.get("schemaId")
        if schema and str(schema).lower() not in known:
            write.flaw(
                f"operation '{write.properties['method']}'-'{template}' {kind} '{name}' schema {schema}",
                "Operation references schema that does not exist.",
            )


def complete(given: Properties) -> None:
    """The lists that answers always have (azure-cli recording test_apim_api_operation)."""
    request = given.setdefault("request", {})
    for name in ("queryParameters", "headers", "representations"):
        request.setdefault(name, [])
    given.setdefault("templateParameters", [])
    given.setdefault("responses", [])
    for item in _parameters(given):
        item.setdefault("values", [])


def _parameters(given: Properties) -> list[Properties]:
    request, responses = given["request"], given["responses"]
    found = [*given["templateParameters"], *request["queryParameters"], *request["headers"]]
    for part in (request, *responses):
        for representation in part.get("representations") or []:
            found += representation.get("formParameters") or []
    for response in responses:
        found += response.get("headers") or []
    return found


def show(call: Call, entity: Entity, properties: Properties) -> Properties:
    """An operation; those that an import made are completed here."""
    complete(properties)
    if call.route.kind == "collection":
        properties.pop("request")
    return properties


OPERATION = Resource(
    path="apis/{apiId}/operations/{operationId}",
    noun="Operation",
    put="OperationContract",
    patch="OperationUpdateContract",
    name=ANY,
    workspace=True,
    required=("displayName", "method", "urlTemplate"),
    nulls=("description", "policies"),
    prepare=prepare,
    show=show,
    before_delete=lambda call, dummy: websockets.refuse_operation(call),
)
SCHEMA = Resource(
    path="apis/{apiId}/schemas/{schemaId}",
    noun="ApiSchema",
    put="SchemaContract",
    methods="PUT GET HEAD DELETE LIST",
    name=ANY,
    workspace=True,
    required=("contentType",),
    asynchronous=True,
)
RESOURCES = [OPERATION, SCHEMA]
