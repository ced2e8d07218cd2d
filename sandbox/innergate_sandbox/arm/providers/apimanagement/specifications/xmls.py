# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WADL and OData metadata: the name, the service's URL and the operations."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from .elements import below, children_of, documentation_of, root_of
from .parsed import Parsed


def wadl(text: str) -> Parsed:
    """A WADL document: an operation for each method of each resource."""
    root, found = root_of(text, "application"), Parsed()
    base = next((str(e.get("base")) for e in below(root, "resources") if e.get("base")), "").rstrip("/")
    title = next((e.get("title") for e in children_of(root, "doc") if e.get("title")), None)
    found.api = {
        "displayName": title or base or "WADL API",
        "serviceUrl": base or None,
        "description": documentation_of(root),
    }
    for resources in below(root, "resources"):
        for resource in children_of(resources, "resource"):
            _wadl_resource(resource, "", [], found)
    return found


def _wadl_resource(resource: Element, path: str, parents: list[Element], found: Parsed) -> None:
    path = path + "/" + str(resource.get("path") or "").strip("/")
    params = [*parents, *(p for p in children_of(resource, "param") if p.get("style") == "template")]
    for method in children_of(resource, "method"):
        name = str(method.get("id") or f"{method.get('name')}{path}")
        request = next(iter(children_of(method, "request")), None)
        own = [*children_of(resource, "param"), *(children_of(request, "param") if request is not None else [])]
        found.operations.append(
            (
                found.name(name),
                {
                    "displayName": name,
                    "method": str(method.get("name") or "GET").upper(),
                    "urlTemplate": "/" + path.strip("/"),
                    "templateParameters": [_parameter(str(n), params) for n in re.findall(r"\{([^{}]+)\}", path)],
                    "description": documentation_of(method) or "",
                    "request": {
                        "queryParameters": _styled(own, "query"),
                        "headers": _styled(own, "header"),
                        "representations": [],
                    },
                    "responses": [],
                },
            )
        )
    for child in children_of(resource, "resource"):
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


def odata(text: str) -> Parsed:
    """OData metadata: no operations, the document is the API's schema."""
    root, found = root_of(text, "Edmx"), Parsed()
    containers = below(root, "EntityContainer")
    found.api = {"displayName": containers[0].get("Name") if containers else None}
    found.schemas = [
        ("odata", {"contentType": "application/vnd.ms-azure-apim.odata.schema", "document": {"value": text}})
    ]
    return found
