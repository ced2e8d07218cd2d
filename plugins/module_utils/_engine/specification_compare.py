# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares what a specification says with what the service has. Pure.

Lenient on purpose: an import that changes nothing would be repeated in every run for ever. What the document leaves
open is not compared, and neither is what the service is known, or likely, to fill in or rewrite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    mapping,
    text_of,
)

#: What makes up the meaning of a JSON schema. Titles, descriptions and examples do not.
_SCHEMA_KEYS = frozenset(
    (
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "discriminator",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "nullable",
        "oneOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "type",
        "uniqueItems",
        "writeOnly",
    )
)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
Json = Mapping[str, Any]


def match(
    operations: Sequence[Operation], live: Sequence[Json]
) -> tuple[list[tuple[Operation, Json]], list[Operation], list[Json]]:
    """Which live operation is which: (pairs, missing ones, those that the document does not have)."""
    by_signature: dict[tuple[str, str], Json] = {}
    by_title: dict[str, Json] = {}
    for item in live:
        properties = mapping(item.get("properties"))
        by_signature.setdefault(_live_signature(properties), item)
        by_title.setdefault(_name(properties.get("displayName")), item)
        by_title.setdefault(_name(item.get("name")), item)
    pairs, missing = [], []
    for operation in operations:
        if operation.path is None:
            found = by_title.get(_name(operation.title))
        else:
            found = by_signature.get((operation.method, _shape(operation.path)))
        if found is None:
            missing += [operation] if operation.sure else []
        else:
            pairs.append((operation, found))
    taken = {id(item) for _operation, item in pairs}
    return pairs, missing, [item for item in live if id(item) not in taken]


def operation_differences(operation: Operation, live: Json, translate: str = "") -> Iterator[str]:
    """How a live operation differs. Without C(request) in it, requests are not compared.

    C(translate): where required query parameters have to be, C(template) or C(query).
    """
    properties, label = mapping(live.get("properties")), operation.label
    if operation.path is None:
        return
    if operation.name and not _name(live.get("name")).startswith(_name(operation.name)):
        yield f"{label} is called {live.get('name')}"
    if operation.title and text_of(properties.get("displayName")) != operation.title:
        yield f"{label} has the display name '{properties.get('displayName')}' instead of '{operation.title}'"
    if not _same_text(operation.description, properties.get("description")):
        yield f"{label} has another description"
    path, _mark, in_template = text_of(properties.get("urlTemplate")).partition("?")
    yield from _template(operation, path, in_template, properties)
    yield from _translated(operation, in_template, translate)
    yield from _responses(operation, properties)
    if isinstance(properties.get("request"), Mapping):
        yield from _request(operation, in_template, properties["request"])


def _template(operation: Operation, path: str, in_template: str, properties: Json) -> Iterator[str]:
    label, names = operation.label, _names(operation.path or "")
    if _names(path) != names:
        yield f"{label} has the URL template {path}"
        return
    live = {str(item.get("name")): item for item in properties.get("templateParameters") or []}
    # Named alike in path and query, the two can't be told apart any more.
    twins = set(names) & set(_query_names(in_template))
    for parameter in operation.parameters:
        if parameter.name not in live:
            yield f"{label} does not know the parameter {parameter.name}"
        elif parameter.name not in twins:
            yield from _parameter(label, parameter, live[parameter.name])
    query = {parameter.name: parameter for parameter in operation.query}
    for name in _query_names(in_template):
        if name not in query:
            yield f"{label} has the query parameter {name} in its URL template"
        elif not query[name].required:
            yield f"{label} has the optional query parameter {name} in its URL template"
        elif name in live and name not in twins:
            yield from _parameter(label, query[name], live[name])


def _translated(operation: Operation, in_template: str, translate: str) -> Iterator[str]:
    """Which required query parameters are not where the task wants them."""
    there = set(_query_names(in_template))
    for parameter in operation.query:
        if parameter.required and translate and (parameter.name in there) != (translate == "template"):
            where = "in its URL template" if parameter.name in there else "among its query parameters"
            yield f"{operation.label} has the required query parameter {parameter.name} {where}"


def _responses(operation: Operation, properties: Json) -> Iterator[str]:
    label = operation.label
    live: dict[int, list[Json]] = {}  # beside a response 400, "default" may have become another one
    for item in properties.get("responses") or []:
        live.setdefault(int(item.get("statusCode") or 0), []).append(item)
    if not live and not operation.sure_of_responses:
        return
    for response in operation.responses:
        twins = live.get(response.status, [])
        if not twins:
            yield f"{label} has no response {response.status}"
            continue
        described = [item for item in twins if _same_text(response.description, item.get("description"))]
        if not described:
            yield f"{label} has another description of the response {response.status}"
        missing = min((response.content_types - _content_types(item) for item in described or twins), key=len)
        if missing:
            yield f"{label} does not answer {response.status} as {', '.join(sorted(missing))}"
    stated = {response.status for response in operation.responses} | operation.loose_statuses
    for status in sorted(set(live) - stated) if operation.responses else ():
        yield f"{label} has a response {status} that the specification does not have"


def _request(operation: Operation, in_template: str, request: Json) -> Iterator[str]:
    label = operation.label
    live = {str(item.get("name")): item for item in request.get("queryParameters") or []}
    known = {*live, *_query_names(in_template)}
    for parameter in operation.query:
        if parameter.name not in known:
            yield f"{label} does not know the query parameter {parameter.name}"
        elif parameter.name in live:
            yield from _parameter(label, parameter, live[parameter.name], required=True)
    stated = {parameter.name for parameter in operation.query}
    yield from (f"{label} has a query parameter {name} too many" for name in live if name not in stated)
    headers = {str(item.get("name")).lower(): item for item in request.get("headers") or []}
    for parameter in operation.headers:
        if parameter.name.lower() not in headers:
            yield f"{label} does not know the header {parameter.name}"
        else:
            yield from _parameter(label, parameter, headers[parameter.name.lower()], required=True)
    names = {parameter.name.lower() for parameter in operation.headers} | operation.loose_headers
    yield from (f"{label} has a header {name} too many" for name in headers if name not in names)
    missing = operation.request_content_types - _content_types(request)
    if missing:
        yield f"{label} does not take {', '.join(sorted(missing))}"


def _parameter(label: str, wanted: Parameter, live: Json, *, required: bool = False) -> Iterator[str]:
    where = f"{label}: parameter {wanted.name}"
    if wanted.type and live.get("type") and str(live["type"]).lower() != wanted.type.lower():
        yield f"{where} is of the type {live['type']} instead of {wanted.type}"
    if required and bool(live.get("required")) != wanted.required:
        yield f"{where} is {'required' if live.get('required') else 'not required'}"
    if wanted.description and not _same_text(wanted.description, live.get("description")):
        yield f"{where} has another description"
    if wanted.values and set(map(_value, live.get("values") or [])) != set(map(_value, wanted.values)):
        yield f"{where} has other values"
    default = live.get("defaultValue")
    if wanted.default is not None and default is not None and not _same_default(wanted.default, default):
        yield f"{where} has the default {default} instead of {wanted.default}"


def _same_default(wanted: str, live: Any) -> bool:
    return _value(wanted) == _value(live) or wanted.lower() == str(live).lower()


def _value(value: Any) -> object:
    """A value however .NET, which wrote the live one, or JSON spells it: C(True) is C(true), C(1.0) is C(1)."""
    text = text_of(value)
    if text.lower() in ("true", "false"):
        return text.lower()
    if text in ("null", "None"):
        return ""
    return float(text) if _NUMBER.fullmatch(text) else text


def api_differences(expected: Expected, api: Json, given: Sequence[str]) -> list[str]:
    """How title, description and backend of the API differ, where the task does not set them itself."""
    properties = mapping(api.get("properties"))
    pairs = (
        ("displayName", expected.title),
        ("description", expected.description),
        ("serviceUrl", expected.service_url),
    )
    found = []
    for key, wanted in pairs:
        live = text_of(properties.get(key))
        if key in given or not wanted:
            continue
        same = live.rstrip("/").lower() == wanted.lower() if key == "serviceUrl" else _same_text(wanted, live)
        if not same:
            found.append(f"the API has another {key}")
    return found


def schema_differences(
    expected: Expected, live: Sequence[Json], canonical: Callable[[str], str] | None = None
) -> Iterator[str]:
    """How the schemas differ. The service adds some of its own for nameless ones; these do not count.

    Schemas that come without their document (no recording of a list was found) tell nothing.
    """
    if live and not any("document" in mapping(item.get("properties")) for item in live):
        return
    documents = [
        (text_of(properties.get("contentType")), mapping(properties.get("document")))
        for properties in (mapping(item.get("properties")) for item in live)
    ]
    if expected.text and canonical:
        texts = [text_of(document.get("value")) for kind, document in documents if expected.text_type in kind.lower()]
        if not any(_canonical(text, canonical) == expected.text for text in texts):
            yield "the schema is another one" if texts else "the schema is missing"
        return
    found: dict[str, Any] = {}
    for _kind, document in documents:
        found |= dict(mapping(mapping(document.get("components")).get("schemas")))
        found |= dict(mapping(document.get("definitions")))
    for name, schema in expected.schemas.items():
        if name not in found:
            yield f"schema {name} is missing"
        elif _meaning(schema) != _meaning(found[name]):
            yield f"schema {name} is another one"


def _canonical(text: str, canonical: Callable[[str], str]) -> str:
    try:
        return canonical(text)
    except (ValueError, SyntaxError):  # ElementTree.ParseError is a SyntaxError
        return ""


def _meaning(schema: Any) -> Any:
    """A schema without what does not change which values it takes."""
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        says_nothing = value is None or value in ([], {}) or (value is False and key != "additionalProperties")
        if key not in _SCHEMA_KEYS or says_nothing:
            continue
        if key == "properties" and isinstance(value, Mapping):
            value = {name: _meaning(inner) for name, inner in value.items()}
        elif key in ("items", "not", "additionalProperties"):
            value = _meaning(value)
        elif key in ("allOf", "anyOf", "oneOf") and isinstance(value, list):
            value = [_meaning(inner) for inner in value]
        elif key in ("required", "enum") and isinstance(value, list):
            value = sorted(str(item) for item in value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            value = float(value)
        found[key] = value
    return found


def _live_signature(properties: Json) -> tuple[str, str]:
    path = text_of(properties.get("urlTemplate")).partition("?")[0]
    return text_of(properties.get("method")).upper(), _shape(path)


def _shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^{}]*\}", "{}", path).strip("/")


def _names(path: str) -> list[str]:
    return re.findall(r"\{([^{}]+)\}", path)


def _query_names(text: str) -> list[str]:
    return [part.partition("=")[0] for part in text.split("&") if part]


def _name(value: Any) -> str:
    """A name as it may be after the service made a valid one of it."""
    return re.sub(r"[^a-z0-9]+", "-", text_of(value).lower()).strip("-")[:76]


def _content_types(holder: Json) -> set[str]:
    return {text_of(item.get("contentType")).replace(" ", "").lower() for item in holder.get("representations") or []}


def _same_text(wanted: str, live: Any) -> bool:
    """Whether a text is the one wanted: line ends and white space aside, and cut off at 1000 characters."""
    if not wanted:
        return True
    a, b = " ".join(wanted.split()), " ".join(text_of(live).split())
    return a == b or (len(b) >= 900 and a.startswith(b))
