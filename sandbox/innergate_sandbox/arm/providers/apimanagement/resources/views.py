# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that show entities together with their tags."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.call import Call
from ..engine.declaration import Resource
from ..engine.links import target_properties
from . import revisions

Json = dict[str, Any]


def _tags(call: Call, holder: str, kind: str) -> list[Json]:
    found = []
    for link in call.ctx.store.children(holder, call.type_of(kind)):
        tag = call.find(f"/tags/{link.name}")
        if tag:
            found.append({"id": f"/tags/{tag.name}", "name": tag.body["properties"]["displayName"]})
    return found


def _rows(call: Call, key: str, shown: Json, tags: list[Json], wish: str = "") -> list[Json]:
    rows = [{"tag": tag, key: shown} for tag in tags]
    untagged = wish and (call.request.lookup(wish) or "").lower() == "true"
    return rows or ([{key: shown}] if untagged else [])


def _apis(call: Call) -> list[tuple[Entity, Entity]]:
    roots = call.ctx.store.children(call.container, call.type_of("apis"))
    return [(root, revisions.current(call, root)) for root in roots]


def apis(call: Call) -> list[Json]:
    """GET apisByTags."""
    found: list[Json] = []
    for root, revision in _apis(call):
        own = revisions.joined(root, revision).body["properties"]
        shown = {"id": f"/apis/{root.name}", "name": own["displayName"]} | {
            k: v for k, v in own.items() if k not in ("displayName", "authenticationSettings")
        }
        found += _rows(call, "api", shown, _tags(call, revision.id, "apis/tags"), "includeNotTaggedApis")
    return found


def operations(call: Call) -> list[Json]:
    """GET apis/A/operationsByTags."""
    api, number = split_revision(call.names[0])
    root = call.ctx.store.require(f"{call.container}/apis/{api}")
    revision = call.ctx.store.require(call.revision(api, number))
    return _operations(call, root, revision, "includeNotTaggedOperations")


def _operations(call: Call, root: Entity, revision: Entity, wish: str = "") -> list[Json]:
    found: list[Json] = []
    for item in call.ctx.store.children(revision.id, call.type_of("apis/operations")):
        own = item.body["properties"]
        shown = {
            "id": f"/apis/{root.name}/operations/{item.name}",
            "apiName": root.body["properties"]["displayName"],
            "apiRevision": revision.body["properties"]["apiRevision"],
            "name": own["displayName"],
            "description": own.get("description"),
            "method": own["method"],
            "urlTemplate": own["urlTemplate"],
        }
        found += _rows(call, "operation", shown, _tags(call, item.id, "apis/operations/tags"), wish)
    return found


def products(call: Call) -> list[Json]:
    """GET productsByTags."""
    found: list[Json] = []
    for item in call.ctx.store.children(call.container, call.type_of("products")):
        own = target_properties(call, "products", item)
        shown = {"id": f"/products/{item.name}", "name": own["displayName"]} | {
            k: v for k, v in own.items() if k not in ("displayName", "groups")
        }
        found += _rows(call, "product", shown, _tags(call, item.id, "products/tags"), "includeNotTaggedProducts")
    return found


def everything(call: Call) -> list[Json]:
    """GET tagResources: all that has a tag."""
    found = apis(call) + products(call)
    for root, revision in _apis(call):
        found += _operations(call, root, revision)
    return [row for row in found if "tag" in row]


RESOURCES = [
    Resource(path="apisByTags", noun="Api", methods="LIST", lists=apis),
    Resource(path="productsByTags", noun="Product", methods="LIST", lists=products),
    Resource(path="tagResources", noun="Tag", methods="LIST", lists=everything),
    Resource(path="apis/{apiId}/operationsByTags", noun="Operation", methods="LIST", lists=operations),
]
