# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WADL, WSDL, OData (CSDL): what can be known about an API from them.

How API Management names the operations of a WSDL was not found on any recording, so only their titles are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import (
    load_xml,
    local,
    without_declaration,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
    SpecificationError,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark


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
            parameters=tuple(parameter for parameter in template if "{" + parameter.name + "}" in path),
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

    C(service) and C(endpoint) select one (wsdlSelector). Where they do not, API Management refuses a document with
    more than one (GitHub issue Azure/apiops 428: "Multiple service endpoints available, only one can be imported").
    """
    root = load_xml(text, "definitions")
    services = [item for item in _children(root, "service") if not service or item.get("name") == service]
    if not services:
        raise SpecificationError(f"the document has no service {service}".rstrip())
    if any(True for _import in _children(root, "import")):
        raise SpecificationError("API Management does not follow <import>: merge the documents into one")
    ports = [port for item in services for port in _children(item, "port")]
    if endpoint:
        ports = [port for port in ports if port.get("name") == endpoint]
        if not ports:
            raise SpecificationError(f"the document has no endpoint {endpoint}")
    ports = [port for port in ports if _speaks_soap(port)] or ports
    if len(ports) > 1:
        listed = ", ".join(str(port.get("name")) for port in ports)
        raise SpecificationError(
            f"the document has several endpoints ({listed}), of which only one can be imported: "
            "name it, and its service, in wsdl_selector"
        )
    expected = Expected("wsdl", title=services[0].get("name") or "")
    if ports:
        address = next((child for child in ports[0] if local(child) == "address"), None)
        expected.service_url = ((address.get("location") if address is not None else "") or "").rstrip("/")
    bindings = _bindings_of(root, ports[0] if ports else None)
    if ports and not bindings:
        raise SpecificationError(f"the endpoint {ports[0].get('name')} has the binding of another document, or none")
    if any(_is_rpc(binding) for binding in bindings):
        raise SpecificationError(
            'API Management takes SOAP bindings of the style "document" and the use "literal" only'
        )
    names = _operations_of(root, bindings)
    if not names:
        raise SpecificationError("the document has no operations")
    if "" in names:
        raise SpecificationError("an operation of the document has no name")
    expected.operations = [Operation("POST", None, title=name) for name in names]
    return expected


def _speaks_soap(port: ElementTree.Element) -> bool:
    """Whether an endpoint is one of SOAP 1.1 or 1.2, not of plain HTTP."""
    return any(local(child) == "address" and "/soap" in str(child.tag) for child in port)


def _bindings_of(root: ElementTree.Element, port: ElementTree.Element | None) -> list[ElementTree.Element]:
    wanted = (port.get("binding") or "").rpartition(":")[2] if port is not None else ""
    return [item for item in _children(root, "binding") if item.get("name") == wanted]


def _is_rpc(binding: ElementTree.Element) -> bool:
    """Whether a binding is none that is supported (Microsoft Learn: api-management-api-import-restrictions)."""
    return any(
        "/soap" in str(item.tag) and (item.get("style") == "rpc" or item.get("use") == "encoded")
        for item in binding.iter()
    )


def _operations_of(root: ElementTree.Element, bindings: list[ElementTree.Element]) -> list[str]:
    """The operations of a port's binding, or those of all port types."""
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
    return ElementTree.canonicalize(without_declaration(without_mark(text)), strip_text=True)


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if local(child) == name)
