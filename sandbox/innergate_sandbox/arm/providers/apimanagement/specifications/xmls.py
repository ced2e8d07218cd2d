# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WADL, WSDL 1.1 and OData metadata: the name, the service's URL and the operations."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .parsed import Parsed, Unreadable


def _root(text: str, expected: str) -> Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("Document type definitions are not supported.")
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff").strip())
    except ElementTree.ParseError as error:
        raise Unreadable(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if _kind(root) != expected:
        raise Unreadable(f"The root element is '{_kind(root)}', expected is '{expected}'.")
    return root


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _below(element: Element, kind: str) -> list[Element]:
    return [child for child in element.iter() if _kind(child) == kind]


def _children(element: Element, kind: str) -> list[Element]:
    return [child for child in element if _kind(child) == kind]


def _text(element: Element) -> str | None:
    found = _children(element, "doc") or _children(element, "documentation")
    return " ".join("".join(found[0].itertext()).split()) or None if found else None


def wadl(text: str) -> Parsed:
    """A WADL document: an operation for each method of each resource."""
    root, found = _root(text, "application"), Parsed()
    base = next((str(e.get("base")) for e in _below(root, "resources") if e.get("base")), "").rstrip("/")
    title = next((e.get("title") for e in _children(root, "doc") if e.get("title")), None)
    found.api = {"displayName": title or base or "WADL API", "serviceUrl": base or None, "description": _text(root)}
    for resources in _below(root, "resources"):
        for resource in _children(resources, "resource"):
            _wadl_resource(resource, "", [], found)
    return found


def _wadl_resource(resource: Element, path: str, parents: list[Element], found: Parsed) -> None:
    path = path + "/" + str(resource.get("path") or "").strip("/")
    params = [*parents, *(p for p in _children(resource, "param") if p.get("style") == "template")]
    for method in _children(resource, "method"):
        name = str(method.get("id") or f"{method.get('name')}{path}")
        request = next(iter(_children(method, "request")), None)
        own = [*_children(resource, "param"), *(_children(request, "param") if request is not None else [])]
        found.operations.append(
            (
                found.name(name),
                {
                    "displayName": name,
                    "method": str(method.get("name") or "GET").upper(),
                    "urlTemplate": "/" + path.strip("/"),
                    "templateParameters": [_parameter(str(n), params) for n in re.findall(r"\{([^{}]+)\}", path)],
                    "description": _text(method) or "",
                    "request": {
                        "queryParameters": _styled(own, "query"),
                        "headers": _styled(own, "header"),
                        "representations": [],
                    },
                    "responses": [],
                },
            )
        )
    for child in _children(resource, "resource"):
        _wadl_resource(child, path if path != "/" else "", params, found)


def _styled(params: list[Element], style: str) -> list[dict[str, Any]]:
    return [
        {"name": p.get("name"), "type": "string", "required": p.get("required") == "true", "values": []}
        for p in params
        if p.get("style") == style
    ]


def _parameter(name: str, params: list[Element]) -> dict[str, Any]:
    kind = next((str(p.get("type") or "string") for p in params if p.get("name") == name), "string")
    return {"name": name, "type": kind.rpartition(":")[2], "required": True, "values": []}


def wsdl(text: str, selector: dict[str, Any] | None) -> Parsed:
    """A WSDL 1.1 document: an operation for each one of the chosen binding, under a name that the service makes up.

    Sources: GitHub issues Azure/apiops 428 (several endpoints), azure-docs 119237 (names) and 102309 (URL templates),
    Microsoft Learn: api-management-api-import-restrictions (styles, imports).
    """
    root, found = _root(text, "definitions"), Parsed(named=False)
    if _children(root, "import"):
        raise Unreadable("The directive 'wsdl:import' is not supported.")
    wanted = selector or {}
    services = [s for s in _children(root, "service") if wanted.get("wsdlServiceName") in (None, s.get("name"))]
    if not services:
        raise Unreadable(
            f"Service '{wanted.get('wsdlServiceName')}' is not in the document."
            if wanted
            else "The document has no service."
        )
    endpoint = wanted.get("wsdlEndpointName")
    ports = [p for service in services for p in _children(service, "port") if endpoint in (None, p.get("name"))]
    if not ports:
        raise Unreadable(f"Endpoint '{endpoint}' is not in service '{services[0].get('name')}'.")
    ports = [p for p in ports if any(_kind(e) == "address" and "/soap" in e.tag for e in p)] or ports
    if len(ports) > 1:
        raise Unreadable("Multiple service endpoints available, only one can be imported at a time")
    address = next((e.get("location") for e in ports[0] if _kind(e) == "address"), None)
    binding = str(ports[0].get("binding")).rpartition(":")[2]
    bindings = [b for b in _children(root, "binding") if b.get("name") == binding]
    if not any(_children(b, "operation") for b in bindings):
        raise Unreadable(f"Binding '{binding}' is not in the document, or has no operations.")
    if any(not operation.get("name") for operation in _children(bindings[0], "operation")):
        raise Unreadable(f"An operation of binding '{binding}' has no name.")
    if any(
        "/soap" in e.tag and (e.get("style") == "rpc" or e.get("use") == "encoded") for b in bindings for e in b.iter()
    ):
        raise Unreadable("Only SOAP bindings of 'document' and 'literal' encoding style are supported.")
    service = next(s for s in services if ports[0] in list(s))
    found.api = {"displayName": service.get("name"), "serviceUrl": address, "description": _text(root)}
    for operation in _children(bindings[0], "operation"):
        action = next((e.get("soapAction") for e in operation if _kind(e) == "operation"), None) or ""
        name = str(operation.get("name"))
        found.operations.append(
            (
                found.name(name),
                {
                    "displayName": name,
                    "method": "POST",
                    "urlTemplate": f"/?soapAction={action}",
                    "templateParameters": [],
                    "request": {"queryParameters": [], "headers": [], "representations": [{"contentType": "text/xml"}]},
                    "responses": [{"statusCode": 200, "representations": [{"contentType": "text/xml"}], "headers": []}],
                },
            )
        )
    found.schemas = []
    return found


def odata(text: str) -> Parsed:
    """OData metadata: no operations, the document is the API's schema."""
    root, found = _root(text, "Edmx"), Parsed()
    containers = _below(root, "EntityContainer")
    found.api = {"displayName": containers[0].get("Name") if containers else None}
    found.schemas = [
        ("odata", {"contentType": "application/vnd.ms-azure-apim.odata.schema", "document": {"value": text}})
    ]
    return found
