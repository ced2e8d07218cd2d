# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WADL and OData (CSDL): what can be known about an API from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_templates, specification_xsd
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
    expected = Expected("wadl-xml", text_type="wadl.grammars+xml", xsd=specification_xsd.schemas(text))
    expected.sure_of_xsd = False
    for resources in _children(root, "resources"):
        expected.service_url = expected.service_url or (resources.get("base") or "").rstrip("/")
        for resource in _children(resources, "resource"):
            expected.operations.extend(_resource(resource, "", ()))
    if not any(True for _holder in _children(root, "resources")):
        raise SpecificationError("the document has no resources")
    _check_twins(root, expected.operations)
    doc = next(_children(root, "doc"), None)
    if doc is not None:
        expected.title = (doc.get("title") or "").strip()
    return expected


def _check_twins(root: ElementTree.Element, operations: Sequence[Operation]) -> None:
    """Refuse methods that can't be told apart. Raises SpecificationError.

    What becomes of one that is described elsewhere (C(href)) is not known, and nothing is said of documents with such.
    """
    if any(local(element) == "method" and element.get("href") for element in root.iter()):
        return
    for operation, twin in specification_templates.twins(operations):
        problem = "is there twice" if operation.path == twin.path else f"can't be told from {twin.path}"
        raise SpecificationError(f"{operation.method} {operation.path} {problem}")


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


def odata(text: str) -> Expected:
    """OData metadata (CSDL): compared as a whole, by its canonical form. Raises SpecificationError."""
    root = load_xml(text, "Edmx")
    container = next((item for item in root.iter() if local(item) == "EntityContainer"), None)
    if container is None:
        raise SpecificationError("the document has no entity container")
    return Expected("odata", title=container.get("Name") or "", text=canonical_xml(text), text_type="odata")


def canonical_xml(text: str) -> str:
    """XML without what has no meaning: white space between elements, comments, order of attributes, prefixes.

    In CSDL, no value has a prefix of XML in it: types are named with the namespaces of schemas or their aliases
    (OASIS, "OData Common Schema Definition Language (CSDL) XML Representation 4.01": Qualified Name).
    """
    document = without_declaration(without_mark(text))
    return ElementTree.canonicalize(document, strip_text=True, rewrite_prefixes=True)


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if local(child) == name)
