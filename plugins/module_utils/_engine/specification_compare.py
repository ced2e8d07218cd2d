# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares what a specification says with what the service has. Pure.

Lenient on purpose: an import that changes nothing would be repeated in every run for ever. What the document leaves
open is not compared, and neither is what the service is known, or likely, to fill in or rewrite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_soap
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    NUMBER,
    Expected,
    Operation,
    Parameter,
    as_name,
    mapping,
    text_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_templates import (
    counterpart,
    name_of,
    names,
    path_of,
    pieces,
    shape,
)

#: What an import of a format can make of an API.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "wsdl": ("http", "soap"),
    "graphql": ("graphql",),
    "odata": ("odata",),
    "grpc": ("grpc",),
}
Json = Mapping[str, Any]


def match(
    operations: Sequence[Operation], live: Sequence[Json]
) -> tuple[list[tuple[Operation, Json]], list[Operation], list[Json]]:
    """Which live operation is which: (pairs, missing ones, those that the document does not have)."""
    if any(operation.path is None for operation in operations):
        return specification_soap.match(operations, live)
    by_path: dict[tuple[str, str], list[Json]] = {}
    for item in live:
        by_path.setdefault(_live_signature(mapping(item.get("properties"))), []).append(item)
    pairs, missing = [], []
    for operation in operations:
        alike = by_path.get((operation.method, shape(path_of(operation.path or ""))), [])
        found = counterpart(operation, [_url_template(mapping(item.get("properties"))) for item in alike])
        if found is None:
            missing += [operation] if operation.sure else []
        else:
            pairs.append((operation, alike[found]))
    taken = {id(item) for _operation, item in pairs}
    return pairs, missing, [item for item in live if id(item) not in taken]


def operation_differences(operation: Operation, live: Json, translate: str = "") -> Iterator[str]:
    """How a live operation differs. Without C(request) in it, requests are not compared.

    C(translate): where required query parameters have to be, C(template) or C(query).
    """
    properties, label = mapping(live.get("properties")), operation.label
    if operation.path is None:
        yield from specification_soap.differences(operation, live)
        return
    # What the service calls an operation whose id has nothing in it that a name may have, is not known.
    name = as_name(operation.name)
    if name and not re.fullmatch(re.escape(name) + r"(-\d+)?", as_name(live.get("name"))):
        yield f"{label} is called {live.get('name')}"
    if operation.title and text_of(properties.get("displayName")) != operation.title:
        yield f"{label} has the display name '{properties.get('displayName')}' instead of '{operation.title}'"
    if not _same_text(operation.description, properties.get("description")):
        yield f"{label} has another description"
    yield from _template(operation, properties)
    in_template = _in_template(operation, properties)
    yield from _translated(operation, in_template, translate)
    yield from _responses(operation, properties)
    if isinstance(properties.get("request"), Mapping):
        yield from _request(operation, [*in_template, *map(name_of, pieces(operation.path))], properties["request"])


def _in_template(operation: Operation, properties: Json) -> list[str]:
    """The parameters of the query that are in the live URL template and not behind the path of the document."""
    own = pieces(operation.path or "")
    return [name_of(piece) for piece in pieces(_url_template(properties)) if piece not in own]


def _template(operation: Operation, properties: Json) -> Iterator[str]:
    label, template, wanted = operation.label, _url_template(properties), operation.path or ""
    known = names(wanted)
    if names(path_of(template)) != names(path_of(wanted)) or not set(pieces(wanted)) <= set(pieces(template)):
        yield f"{label} has the URL template {template if '?' in wanted else path_of(template)}"
        return
    in_template = _in_template(operation, properties)
    live = {str(item.get("name")): item for item in properties.get("templateParameters") or []}
    # Named alike in path and query, the two can't be told apart any more.
    twins = set(known) & set(in_template)
    for parameter in operation.parameters:
        if parameter.name not in live:
            yield f"{label} does not know the parameter {parameter.name}"
        elif parameter.name not in twins:
            yield from _parameter(label, parameter, live[parameter.name])
    query = {parameter.name: parameter for parameter in operation.query}
    for name in in_template:
        if name not in query:
            yield f"{label} has the query parameter {name} in its URL template"
        elif not query[name].required:
            yield f"{label} has the optional query parameter {name} in its URL template"
        elif name in live and name not in twins:
            yield from _parameter(label, query[name], live[name])


def _translated(operation: Operation, in_template: Sequence[str], translate: str) -> Iterator[str]:
    """Which required query parameters are not where the task wants them."""
    there = set(in_template)
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
        if len(twins) == 1 and response.status not in operation.loose_statuses:
            where = f"{label}: response {response.status}"
            yield from _contents(where, response.content_types, response.type_names, response.sure_of_types, twins[0])
    stated = {response.status for response in operation.responses} | operation.loose_statuses
    for status in sorted(set(live) - stated) if operation.responses else ():
        yield f"{label} has a response {status} that the specification does not have"


def _request(operation: Operation, in_template: Sequence[str], request: Json) -> Iterator[str]:
    label = operation.label
    live = {str(item.get("name")): item for item in request.get("queryParameters") or []}
    known = {*live, *in_template}
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
    types, type_names = operation.request_content_types, operation.request_type_names
    yield from _contents(f"{label}: request", types, type_names, operation.sure_of_request_types, request)


def _contents(where: str, types: frozenset[str], names: Mapping[str, str], sure: bool, live: Json) -> Iterator[str]:
    """What a body has too many, or of another schema; a schema without a name gets one of the service."""
    surplus = _content_types(live) - types
    if sure and surplus:
        yield f"{where} has {', '.join(sorted(surplus))} too many"
    for item in live.get("representations") or []:
        kind, kept = _content_type(item), text_of(item.get("typeName"))
        if kept and kept != names.get(kind, kept):
            yield f"{where} has the schema {kept} instead of {names[kind]} as {kind}"


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
    return float(text) if NUMBER.fullmatch(text) else text


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
        if key == "serviceUrl":
            same = _address(live) == _address(wanted) or (expected.format == "wsdl" and _is_host_of(live, wanted))
        else:
            same = _same_text(wanted, live)
        if not same:
            found.append(f"the API has another {key}")
    return type_differences(expected, api) + found


def type_differences(expected: Expected, api: Json) -> list[str]:
    """Whether the API is of another type than the task makes of the document, where an import can make it so."""
    live, possible = type_of(api), _TYPES.get(expected.format.partition("-")[0], ())
    if expected.kind in possible and live != expected.kind:
        return [f"the API is of the type {live} instead of {expected.kind}"]
    return []


def type_of(api: Json) -> str:
    """The type of an API. One without is of HTTP (azure-cli recording test_apim_api)."""
    return text_of(mapping(api.get("properties")).get("type")).lower() or "http"


def _is_host_of(live: str, wanted: str) -> bool:
    """Whether an address is another one without its path.

    The path of an endpoint of WSDL may become a policy (azure-rest-api-specs, examples
    ApiManagementCreateSoapToRestApiUsingWsdlImport and ApiManagementCreateSoapPassThroughApiUsingWsdlImport; GitHub
    issue Azure/apiops 283).
    """
    return _address(live) == (_address(wanted)[0], "")


def _address(url: str) -> tuple[str, str]:
    """Scheme and host, which are the same in any case, and path."""
    scheme, separator, rest = url.rstrip("/").rpartition("://")
    host, _slash, path = rest.partition("/")
    return (scheme + separator + host).lower(), path


def _live_signature(properties: Json) -> tuple[str, str]:
    return text_of(properties.get("method")).upper(), shape(path_of(_url_template(properties)))


def _url_template(properties: Json) -> str:
    return text_of(properties.get("urlTemplate"))


def _content_types(holder: Json) -> set[str]:
    return {_content_type(item) for item in holder.get("representations") or []}


def _content_type(representation: Json) -> str:
    return text_of(representation.get("contentType")).replace(" ", "").lower()


def _same_text(wanted: str, live: Any) -> bool:
    """Whether a text is the one wanted: line ends and white space aside, and cut off at 1000 characters."""
    if not wanted:
        return True
    a, b = " ".join(wanted.split()), " ".join(text_of(live).split())
    return a == b or (len(b) >= 900 and a.startswith(b))
