# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WADL, WSDL, OData (CSDL): what can be known about an API from them.

How API Management names the operations of a WSDL was not found on any recording, so only their titles are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import load_xml, local
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
    SpecificationError,
)


def wadl(text: str) -> Expected:
    """WADL: resources with methods, nested. Raises SpecificationError."""
    root = load_xml(text, "application")
    expected = Expected("wadl-xml")
    for resources in _children(root, "resources"):
        expected.service_url = expected.service_url or (resources.get("base") or "").rstrip("/")
        for resource in _children(resources, "resource"):
            expected.operations.extend(_resource(resource, "", ()))
    if not any(True for _holder in _children(root, "resources")):
        raise SpecificationError("the document has no resources")
    doc = next(_children(root, "doc"), None)
    if doc is not None:
        expected.title = (doc.get("title") or "").strip()
    return expected


def _resource(resource: ElementTree.Element, base: str, inherited: tuple[Parameter, ...]) -> Iterator[Operation]:
    path = f"{base}/{(resource.get('path') or '').strip('/')}".rstrip("/") or "/"
    template = inherited + tuple(_parameters(resource, "template"))
    for method in _children(resource, "method"):
        request = next(_children(method, "request"), None)
        parameters = [] if request is None else [request]
        name = (method.get("id") or "").strip()
        yield Operation(
            method=(method.get("name") or "GET").upper(),
            path=path,
            name=name,
            parameters=template,
            query=tuple(p for holder in (resource, *parameters) for p in _parameters(holder, "query")),
            headers=tuple(p for holder in (resource, *parameters) for p in _parameters(holder, "header")),
            responses=tuple(_responses(method)),
            sure_of_responses=False,
        )
    for inner in _children(resource, "resource"):
        yield from _resource(inner, "" if path == "/" else path, template)


def _parameters(holder: ElementTree.Element, style: str) -> Iterator[Parameter]:
    for param in _children(holder, "param"):
        if param.get("style") == style and param.get("name"):
            yield Parameter(str(param.get("name")), required=param.get("required") == "true")


def _responses(method: ElementTree.Element) -> Iterator[Response]:
    for response in _children(method, "response"):
        for status in (response.get("status") or "").split():
            if status.isdigit():
                yield Response(int(status))


def wsdl(text: str, service: str = "", endpoint: str = "") -> Expected:
    """WSDL 1.1: the operations of a service's port type. Raises SpecificationError.

    C(service) and C(endpoint) select one (wsdlSelector); the first is taken where they are empty.
    """
    root = load_xml(text, "definitions")
    services = [item for item in _children(root, "service") if not service or item.get("name") == service]
    if service and not services:
        raise SpecificationError(f"the document has no service {service}")
    ports = [port for item in services for port in _children(item, "port")]
    if endpoint:
        ports = [port for port in ports if port.get("name") == endpoint]
        if not ports:
            raise SpecificationError(f"the document has no endpoint {endpoint}")
    expected = Expected("wsdl")
    if services:
        expected.title = services[0].get("name") or ""
    if ports:
        address = next((child for child in ports[0] if local(child) == "address"), None)
        expected.service_url = ((address.get("location") if address is not None else "") or "").rstrip("/")
    names = _operations_of(root, ports[0] if ports else None)
    if not names:
        raise SpecificationError("the document has no operations")
    expected.operations = [Operation("POST", None, title=name) for name in names]
    return expected


def _operations_of(root: ElementTree.Element, port: ElementTree.Element | None) -> list[str]:
    """The operations of the binding of a port, or those of all port types."""
    wanted = (port.get("binding") or "").rpartition(":")[2] if port is not None else ""
    bindings = [item for item in _children(root, "binding") if item.get("name") == wanted]
    holders = bindings or list(_children(root, "portType"))
    return list(dict.fromkeys(item.get("name") or "" for holder in holders for item in _children(holder, "operation")))


def odata(text: str) -> Expected:
    """OData metadata (CSDL): compared as a whole, by its canonical form. Raises SpecificationError."""
    root = load_xml(text, "Edmx")
    container = next((item for item in root.iter() if local(item) == "EntityContainer"), None)
    if container is None:
        raise SpecificationError("the document has no entity container")
    return Expected("odata", title=container.get("Name") or "", text=canonical_xml(text), text_type="odata")


def canonical_xml(text: str) -> str:
    """XML without what has no meaning: white space between elements, comments, order of attributes."""
    return ElementTree.canonicalize(_without_declaration(text), strip_text=True)


def _without_declaration(text: str) -> str:
    text = text.lstrip("\ufeff \t\r\n")
    return text.partition("?>")[2] if text.startswith("<?xml") else text


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if local(child) == name)
