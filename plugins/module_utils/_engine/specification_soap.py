# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WSDL 1.1: what API Management makes of it, and how to find it there.

An operation that is passed through has the URL template C(/?soapAction=...) with the action of the document, its
display name is the name of the document, and what it takes and answers has the name of an element as its type
(azure-rest-api-specs, example ApiManagementUpdateApiOperation). The service makes up its id (GitHub issue azure-docs
119237).

One that is turned into REST has the action in a policy, which users change, and another URL template. Of it no more
than the display name is known, so no more is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_xsd
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import load_xml, local
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    SpecificationError,
    as_name,
    mapping,
    text_of,
)

Json = Mapping[str, Any]
#: What C(soap_api_type) calls SOAP that is turned into REST.
REST = "http"
_ACTION = re.compile(r"[^?]*\?soapAction=(.*)", re.IGNORECASE | re.DOTALL)


def wsdl(text: str, service: str = "", endpoint: str = "", kind: str = "") -> Expected:
    """The operations of the endpoint that is imported, and the schemas. Raises SpecificationError.

    C(service) and C(endpoint) select one (wsdlSelector). Where they do not, API Management refuses a document with
    more than one (GitHub issue Azure/apiops 428: "Multiple service endpoints available, only one can be imported").
    C(kind): what the document becomes, C(soap) or C(http); "" if the task does not say.
    """
    root = load_xml(text, "definitions")
    holder, port = _endpoint(root, service, endpoint)
    bindings = [item for item in _children(root, "binding") if item.get("name") == _plain(port.get("binding"))]
    if not bindings:
        raise SpecificationError(f"the endpoint {port.get('name')} has the binding of another document, or none")
    if any(_is_rpc(binding) for binding in bindings):
        raise SpecificationError(
            'API Management takes SOAP bindings of the style "document" and the use "literal" only'
        )
    expected = Expected("wsdl", title=holder.get("name") or "")
    expected.xsd, expected.text_type = specification_xsd.schemas(text), "apim.xsd+xml"
    address = next((child.get("location") for child in port if local(child) == "address"), None)
    expected.service_url = (address or "").rstrip("/")
    expected.operations = list(_Reader(root).operations(bindings))
    if not expected.operations:
        raise SpecificationError("the document has no operations")
    if any(not operation.title for operation in expected.operations):
        raise SpecificationError("an operation of the document has no name")
    if kind:
        check_twins(expected.operations, kind)
    return expected


def _endpoint(root: Element, service: str, endpoint: str) -> tuple[Element, Element]:
    """The service and its endpoint that are imported. Raises SpecificationError if none or several are meant."""
    services = [item for item in _children(root, "service") if not service or item.get("name") == service]
    if not services:
        raise SpecificationError(f"the document has no service {service}".rstrip())
    if any(True for _import in _children(root, "import")):
        raise SpecificationError("API Management does not follow <import>: merge the documents into one")
    ports = [(item, port) for item in services for port in _children(item, "port")]
    if endpoint:
        ports = [(item, port) for item, port in ports if port.get("name") == endpoint]
        if not ports:
            raise SpecificationError(f"the document has no endpoint {endpoint}")
    ports = [(item, port) for item, port in ports if _speaks_soap(port)] or ports
    if len(ports) > 1:
        listed = ", ".join(str(port.get("name")) for _service, port in ports)
        raise SpecificationError(
            f"the document has several endpoints ({listed}), of which only one can be imported: "
            "name it, and its service, in wsdl_selector"
        )
    if not ports:
        raise SpecificationError("the document has no endpoint")
    return ports[0]


def _speaks_soap(port: Element) -> bool:
    """Whether an endpoint is one of SOAP 1.1 or 1.2, not of plain HTTP."""
    return any(local(child) == "address" and "/soap" in str(child.tag) for child in port)


def _is_rpc(binding: Element) -> bool:
    """Whether a binding is none that is supported (Microsoft Learn: api-management-api-import-restrictions)."""
    return any(
        "/soap" in str(item.tag) and (item.get("style") == "rpc" or item.get("use") == "encoded")
        for item in binding.iter()
    )


class _Reader:
    """Reads operations: name and action are those of the binding, the messages those of its port type."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.types = {item.get("name") or "": item for item in _children(root, "portType")}
        self.elements = {
            message.get("name") or "": [_plain(part.get("element")) for part in _children(message, "part")]
            for message in _children(root, "message")
        }

    def operations(self, bindings: Sequence[Element]) -> Iterator[Operation]:
        """The operations of a binding."""
        for binding in bindings:
            port_type = self.types.get(_plain(binding.get("type")))
            abstract = [] if port_type is None else list(_children(port_type, "operation"))
            for item in _children(binding, "operation"):
                yield self.operation(item, self.abstract(abstract, item))

    def abstract(self, operations: Sequence[Element], item: Element) -> Element:
        """The operation of the port type; of overloaded ones, that whose input and output are called the same."""
        named = [other for other in operations if other.get("name") == item.get("name")]
        alike = [other for other in named if _parts(other) == _parts(item)]
        return next(iter(alike or named), item)

    def operation(self, item: Element, abstract: Element) -> Operation:
        action = next((child.get("soapAction") for child in item if local(child) == "operation"), None)
        return Operation(
            "POST",
            None,
            title=item.get("name") or "",
            action=(action or "").strip(),
            takes=self.element(abstract, "input"),
            answers=self.element(abstract, "output"),
        )

    def element(self, abstract: Element, direction: str) -> str:
        """The element that a message consists of; "" where it has none, or several parts, which is not supported."""
        message = next((_plain(child.get("message")) for child in _children(abstract, direction)), "")
        elements = self.elements.get(message, [])
        return elements[0] if len(elements) == 1 else ""


def _parts(operation: Element) -> list[str | None]:
    return [child.get("name") for kind in ("input", "output") for child in _children(operation, kind)]


def check_twins(operations: Sequence[Operation], kind: str) -> None:
    """Operations are told apart by their actions, or by their names where they become REST. Raises SpecificationError.

    "Importing API has duplicate signature operations" (GitHub issue Azure/apiops 670) is what the service says of
    operations with one URL template, when the task has run. What it makes of several without an action is not known.
    """
    seen: dict[str, Operation] = {}
    for operation in operations:
        key = operation.title if kind == REST else operation.action or ""
        twin = seen.setdefault(key, operation)
        if twin is operation:
            continue
        if kind == REST:
            raise SpecificationError(
                f"there are two operations {key}, which can't be told apart as REST: rename one, or set soap_api_type "
                "to soap, which passes them through by their soapActions"
            )
        action = f"the soapAction {key}" if key else "no soapAction"
        raise SpecificationError(
            f"the operations {twin.title} and {operation.title} have both {action}, and API Management tells SOAP "
            "operations apart by it: give each one of its own, or set soap_api_type to http, which makes REST of them"
        )


def match(
    operations: Sequence[Operation], live: Sequence[Json]
) -> tuple[list[tuple[Operation, Json]], list[Operation], list[Json]]:
    """Which live operation is which: (pairs, missing ones, those that the document does not have).

    By the action, then by the name, which overloaded operations share. Those without an action choose last, for theirs
    may be that of another one.
    """
    rest = list(live)
    chosen: dict[int, Json] = {}
    turns = sorted(enumerate(operations), key=lambda turn: not turn[1].action)
    for fits in (_same_action, _same_name, _similar_name):
        for index, operation in turns:
            if index in chosen:
                continue
            found = [item for item in rest if fits(operation, item)]
            if found:
                chosen[index] = next((item for item in found if _same_name(operation, item)), found[0])
                rest = [item for item in rest if item is not chosen[index]]
    pairs = [(operation, chosen[index]) for index, operation in enumerate(operations) if index in chosen]
    return pairs, [operation for index, operation in enumerate(operations) if index not in chosen], rest


def passes_through(live: Sequence[Json]) -> bool:
    """Whether live operations are those of SOAP that is passed through."""
    return any(action_of(item) is not None for item in live)


def differences(operation: Operation, live: Json) -> Iterator[str]:
    """How a live operation differs. Without C(request) in it, what it takes is not compared."""
    properties, label = mapping(live.get("properties")), operation.label
    if not _same_name(operation, live):
        yield f"{label} has the display name '{properties.get('displayName')}' instead of '{operation.title}'"
    action = action_of(live)
    if action is None:
        return
    if not _same_action(operation, live):
        yield f"{label} has the soapAction '{action}'"
    for holder, element, verb in (
        (mapping(properties.get("request")), operation.takes, "takes"),
        (_answer(properties), operation.answers, "answers"),
    ):
        kept = [text_of(item.get("typeName")) for item in holder.get("representations") or [] if item.get("typeName")]
        if element and kept and element not in map(_plain, kept):
            yield f"{label} {verb} {', '.join(kept)} instead of {element}"


def _answer(properties: Json) -> Json:
    answers = [item for item in properties.get("responses") or [] if str(item.get("statusCode")) == "200"]
    return answers[0] if answers else {}


def action_of(live: Json) -> str | None:
    """The action in the URL template of a live operation; None if it is no operation of SOAP."""
    found = _ACTION.fullmatch(text_of(mapping(live.get("properties")).get("urlTemplate")))
    return found[1].strip() if found else None


def _same_action(operation: Operation, live: Json) -> bool:
    action = action_of(live)
    if action is None:
        return False
    if not operation.action:  # what the service makes of none is not known; these two are what it can be made of
        return action in ("", operation.title)
    return operation.action in (action, unquote(action))


def _same_name(operation: Operation, live: Json) -> bool:
    return text_of(mapping(live.get("properties")).get("displayName")) == operation.title.strip()[:300]


def _similar_name(operation: Operation, live: Json) -> bool:
    shown = (mapping(live.get("properties")).get("displayName"), live.get("name"))
    return as_name(operation.title) in [name for name in map(as_name, shown) if name]


def _plain(name: str | None) -> str:
    """A name without its prefix."""
    return (name or "").rpartition(":")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local(child) == name)
