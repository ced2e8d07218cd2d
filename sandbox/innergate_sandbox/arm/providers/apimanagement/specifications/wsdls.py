# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WSDL 1.1: the operations of the chosen endpoint, as SOAP that is passed through or as REST, and the schemas.

Sources: azure-rest-api-specs, examples ApiManagementUpdateApiOperation and ApiManagementGetApiSchema (SOAP that is
passed through: URL templates, descriptions, types, schemas); GitHub issues Azure/apiops 428 (several endpoints),
azure-docs 119237 (names) and 102309 (URL templates); Microsoft Learn: api-management-api-import-restrictions (styles,
imports), restify-soap-api (REST takes and answers JSON; what makes SOAP of it are policies, which the sandbox leaves
out).
"""

from __future__ import annotations

import secrets
from typing import Any
from xml.etree.ElementTree import Element

from . import xsd
from .elements import children_of, documentation_of, kind_of, root_of
from .parsed import Parsed, Unreadable

SCHEMA = "application/vnd.ms-azure-apim.xsd+xml"
Json = dict[str, Any]


def wsdl(text: str, selector: Json | None, *, passed_through: bool) -> Parsed:
    """A WSDL 1.1 document: an operation for each one of the chosen binding, under a name that the service makes up."""
    root, found = root_of(text, "definitions"), Parsed(named=False)
    if children_of(root, "import"):
        raise Unreadable("The directive 'wsdl:import' is not supported.")
    service, port = _chosen(root, selector or {})
    address = next((e.get("location") for e in port if kind_of(e) == "address"), None)
    binding = _binding(root, port)
    found.api = {"displayName": service.get("name"), "serviceUrl": address, "description": documentation_of(root)}
    schemas = {secrets.token_hex(12): schema for schema in xsd.schemas(text)} if passed_through else {}
    found.schemas = [(name, {"contentType": SCHEMA, "document": {"value": schema}}) for name, schema in schemas.items()]
    homes = {
        str(element.get("name")): name
        for name, schema in schemas.items()
        for element in children_of(root_of(schema, "schema"), "element")
    }
    for operation in children_of(binding, "operation"):
        messages = _messages(root, binding, operation)
        made = _soap(operation, messages, homes) if passed_through else _rest(operation)
        found.operations.append((found.name(str(operation.get("name"))), made))
    return found


def _chosen(root: Element, wanted: Json) -> tuple[Element, Element]:
    """The service and the endpoint that the selector names, or the only ones that speak SOAP."""
    services = [s for s in children_of(root, "service") if wanted.get("wsdlServiceName") in (None, s.get("name"))]
    if not services:
        raise Unreadable(
            f"Service '{wanted.get('wsdlServiceName')}' is not in the document."
            if wanted
            else "The document has no service."
        )
    endpoint = wanted.get("wsdlEndpointName")
    ports = [(s, p) for s in services for p in children_of(s, "port") if endpoint in (None, p.get("name"))]
    if not ports:
        raise Unreadable(f"Endpoint '{endpoint}' is not in service '{services[0].get('name')}'.")
    ports = [(s, p) for s, p in ports if any(kind_of(e) == "address" and "/soap" in e.tag for e in p)] or ports
    if len(ports) > 1:
        raise Unreadable("Multiple service endpoints available, only one can be imported at a time")
    return ports[0]


def _binding(root: Element, port: Element) -> Element:
    """The binding of an endpoint."""
    name = str(port.get("binding")).rpartition(":")[2]
    found = [b for b in children_of(root, "binding") if b.get("name") == name and children_of(b, "operation")]
    if not found:
        raise Unreadable(f"Binding '{name}' is not in the document, or has no operations.")
    if any(not operation.get("name") for operation in children_of(found[0], "operation")):
        raise Unreadable(f"An operation of binding '{name}' has no name.")
    if any("/soap" in e.tag and (e.get("style") == "rpc" or e.get("use") == "encoded") for e in found[0].iter()):
        raise Unreadable("Only SOAP bindings of 'document' and 'literal' encoding style are supported.")
    return found[0]


def _messages(root: Element, binding: Element, operation: Element) -> dict[str, tuple[str, str]]:
    """Of input and output: the name of the message and that of its element, where it has one and no more."""
    port_type = str(binding.get("type")).rpartition(":")[2]
    candidates = [
        candidate
        for holder in children_of(root, "portType")
        if holder.get("name") == port_type
        for candidate in children_of(holder, "operation")
        if candidate.get("name") == operation.get("name")
    ]
    names = {way: [e.get("name") for e in children_of(operation, way)] for way in ("input", "output")}
    candidates.sort(key=lambda c: any([e.get("name") for e in children_of(c, way)] != names[way] for way in names))
    found = {}
    for way in ("input", "output"):
        for element in children_of(candidates[0], way) if candidates else []:
            message = str(element.get("message")).rpartition(":")[2]
            parts = [
                p for m in children_of(root, "message") if m.get("name") == message for p in children_of(m, "part")
            ]
            if len(parts) == 1 and parts[0].get("element"):
                found[way] = (message, str(parts[0].get("element")).rpartition(":")[2])
    return found


def _soap(operation: Element, messages: dict[str, tuple[str, str]], homes: dict[str, str]) -> Json:
    action = next((e.get("soapAction") for e in operation if kind_of(e) == "operation"), None) or ""
    shown = {way: _represented(messages.get(way), homes) for way in ("input", "output")}
    return {
        "displayName": str(operation.get("name")),
        "method": "POST",
        "urlTemplate": f"/?soapAction={action}",
        "templateParameters": [],
        "request": {"queryParameters": [], "headers": [], **shown["input"]},
        "responses": [{"statusCode": 200, "headers": [], **shown["output"]}],
    }


def _represented(message: tuple[str, str] | None, homes: dict[str, str]) -> Json:
    found: Json = {"contentType": "text/xml"}
    if message is None:
        return {"representations": [found]}
    name, element = message
    if element in homes:
        found |= {"schemaId": homes[element], "typeName": element}
    return {"description": name, "representations": [found]}


def _rest(operation: Element) -> Json:
    name = str(operation.get("name"))
    return {
        "displayName": name,
        "method": "POST",
        "urlTemplate": f"/{name}",
        "templateParameters": [],
        "request": {"queryParameters": [], "headers": [], "representations": [{"contentType": "application/json"}]},
        "responses": [{"statusCode": 200, "representations": [{"contentType": "application/json"}], "headers": []}],
    }
