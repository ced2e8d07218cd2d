# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API specifications: does the service have already what the document says.

The service never answers the document that was imported, so what it made of it is compared: operations, and schemas.
Only what it is known to keep counts as a difference. How to use it, cheapest first:

1. C(expected = wanted(document, format)), which also finds documents that can't be imported before they are sent.
2. C(differences(expected, operations)) with the list of operations: one request. Names, methods, URL templates, path
   parameters, responses.
3. Only if there are none: read the operations of C(reads(expected, operations)) one by one (the list omits their
   requests), and the schemas if C(expected.schemas) or C(expected.text); then C(differences) again.

An import follows when there is any difference. What is behind a link is C(wanted) in the format C(behind(format)). If
it can't be read, C(unknown(format)) has C(comparable) False: it is imported only when the API is created, or when the
task says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import (
    specification_soap,
    specification_text,
    specification_xml,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_compare import (
    api_differences,
    match,
    operation_differences,
    type_differences,
    type_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import load_json, load_yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    SpecificationError,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_openapi import OpenApi
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_schemas import schema_differences
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_swagger import Swagger
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark

__all__ = [
    "FORMATS",
    "LINK_FORMATS",
    "Expected",
    "Operation",
    "SpecificationError",
    "behind",
    "check",
    "differences",
    "reads",
    "type_differences",
    "type_of",
    "unknown",
    "wanted",
]

FORMATS = ("openapi", "openapi+json", "swagger-json", "wadl-xml", "wsdl", "graphql", "odata", "grpc")
LINK_FORMATS = (
    "openapi-link",
    "openapi+json-link",
    "swagger-link-json",
    "wadl-link-json",
    "wsdl-link",
    "graphql-link",
    "odata-link",
    "grpc-link",
)
#: How to write the texts of formats that are compared as a whole.
_CANONICAL = {
    "odata": specification_xml.canonical_xml,
    "graphql": specification_text.graphql_tokens,
    "grpc": specification_text.proto_tokens,
}


def behind(format: str) -> str:
    """The format of the document behind a link. Azure reads JSON as YAML, which it is."""
    known = {"openapi+json-link": "openapi", "swagger-link-json": "swagger-json", "wadl-link-json": "wadl-xml"}
    return known.get(format) or format.removesuffix("-link")


def unknown(format: str, kind: str = "") -> Expected:
    """What is known of a document behind a link that can't be read: nothing but what it is to become."""
    return Expected(format, comparable=False, kind=kind)


def wanted(
    document: str, format: str, selector: Mapping[str, Any] | None = None, *, translate: str = "", kind: str = ""
) -> Expected:
    """What the service should have after the import of the document.

    C(selector): C(service_name) and C(endpoint_name) of a WSDL. C(translate), C(kind): those of C(Expected). Raises
    SpecificationError with one sentence if the document can't be imported in that format.
    """
    expected = _wanted(document, format, selector or {}, translate, kind)
    expected.kind = kind
    return expected


def _wanted(document: str, format: str, selector: Mapping[str, Any], translate: str, kind: str) -> Expected:
    document = without_mark(document)
    if not document.strip():
        raise SpecificationError("the document is empty")
    if format in ("openapi", "openapi+json", "swagger-json"):
        parsed = load_yaml(document) if format == "openapi" else load_json(document)
        return (Swagger if format.startswith("swagger") else OpenApi)(parsed, document, format, translate).read()
    if format == "wadl-xml":
        return specification_xml.wadl(document)
    if format == "wsdl":
        return specification_soap.wsdl(
            document, str(selector.get("service_name") or ""), str(selector.get("endpoint_name") or ""), kind
        )
    if format == "odata":
        return specification_xml.odata(document)
    if format == "graphql":
        return specification_text.graphql(document)
    if format == "grpc":
        return specification_text.grpc(document)
    raise SpecificationError(f"the format {format} is unknown; known are {', '.join((*FORMATS, *LINK_FORMATS))}")


def check(expected: Expected, api: Mapping[str, Any] | None) -> None:
    """Raise SpecificationError if the document can't be imported into this API (wire JSON, None: a new one).

    A WSDL of which the task does not say what it becomes leaves an API what it is, and makes a new one REST
    (azure-rest-api-specs, example ApiManagementCreateSoapToRestApiUsingWsdlImport).
    """
    if expected.format == "wsdl":
        specification_soap.check_twins(expected.operations, expected.kind or type_of(api or {}))


def differences(
    expected: Expected,
    live_operations: Sequence[Mapping[str, Any]],
    live_schemas: Sequence[Mapping[str, Any]] | None = None,
    *,
    api: Mapping[str, Any] | None = None,
    given: Sequence[str] = (),
    keep_others: bool = False,
) -> list[str]:
    """What the service has to learn from the document, as phrases; empty if it has it all.

    C(live_operations) and C(live_schemas) are wire JSON; operations may come from the list (without C(request), which
    is then not compared) or from single reads, schemas are skipped when they are None. C(api) is the API's wire JSON,
    to compare title, description and backend with; C(given) names the wire properties that the task sets itself, which
    win over the document. C(keep_others): operations that the document does not have are no difference.
    """
    if not expected.comparable:
        return [] if api is None else type_differences(expected, api)
    found = api_differences(expected, api, given) if api is not None else []
    if not expected.text:
        pairs, missing, others = match(expected.operations, live_operations)
        found += [f"{operation.label} is missing" for operation in missing]
        found += [
            text for operation, live in pairs for text in operation_differences(operation, live, expected.translate)
        ]
        if not keep_others:
            found += [f"operation {other.get('name')} is not in the specification" for other in others]
    if expected.format == "wsdl" and not specification_soap.passes_through(live_operations):
        return found
    if live_schemas is not None:
        canonical = _CANONICAL.get(expected.format)
        found += schema_differences(expected, live_schemas, canonical)
    return found


def reads(expected: Expected, live_operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the live operations that have to be read one by one to compare their requests.

    Those of which the document says nothing, too: a parameter may have been taken out of it.
    """
    pairs, *_rest = match(expected.operations, live_operations)
    return [
        str(live.get("name"))
        for operation, live in pairs
        if (operation.path is not None or operation.takes) and "request" not in (live.get("properties") or {})
    ]
