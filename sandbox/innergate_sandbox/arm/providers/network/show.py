# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is kept to what a client reads: ids, ETags, states, and who refers to what."""

from __future__ import annotations

import functools
import uuid
from dataclasses import dataclass
from typing import Any

from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network.declaration import Back, Document, Part, Parts, Resource
from innergate_sandbox.arm.providers.network.graph import NAMESPACE, Graph
from innergate_sandbox.store import Entity, id_key

_TAGGED = uuid.UUID("6d1d2a5e-54b5-4c6c-9d6a-0f2a7c1f7a10")  # any constant: makes our GUIDs differ from others'


def etag(entity: Entity, graph: Graph) -> str:
    """Return the weak ETag that a resource and all its parts share.

    It changes with every write, and when somebody begins or ceases to refer to a part of it: cloud-provider-azure drops
    its cache of a load balancer for that reason.
    """
    around = sorted(f"{use.part}|{use.property}|{use.target}|{use.address}" for use in graph.around(entity.id))
    return f'W/"{uuid.uuid5(_TAGGED, f"{id_key(entity.id)}|{entity.version}|{around}")}"'


def lasting(operation: Operation) -> bool:
    """Say whether an operation is seen at work: one without duration ends before anybody can look."""
    if operation.kind == "Post":
        return False
    return operation.running and (operation.due > operation.started or operation.failure is not None)


@dataclass
class View:
    """One resource as it is shown at one moment."""

    resource: Resource
    entity: Entity
    graph: Graph
    operations: list[Operation]

    @classmethod
    def of(cls, resource: Resource, entity: Entity, graph: Graph, ctx: Context) -> View:
        """Look at a resource now."""
        return cls(resource, entity, graph, [op for op in ctx.operations.running_for(entity.id) if lasting(op)])

    @functools.cached_property
    def etag(self) -> str:
        """Its ETag, which is that of its parts too."""
        return etag(self.entity, self.graph)

    def state(self, part_id: str) -> str:
        """Return the provisioningState of the resource or of a part."""
        here, found = id_key(part_id), "Succeeded"
        for operation in self.operations:
            target = id_key(operation.resource_id)
            if operation.kind == "Delete" and (here == target or here.startswith(target + "/")):
                return "Deleting"
            if here == target or here.startswith(target + "/") or here == id_key(self.entity.id):
                found = "Updating"
        return found

    def body(self) -> Document:
        """Return the whole resource."""
        entity, resource = self.entity, self.resource
        shown: Document = {
            "name": entity.name,
            "id": entity.id,
            "etag": self.etag,
            "type": f"{NAMESPACE}/{resource.type}",
            "location": entity.body["location"],
        }
        shown |= {key: value for key, value in entity.body.items() if key not in ("location", "properties")}
        shown["properties"] = self._properties(resource, entity.id, entity.body)
        if resource.kind:
            shown["kind"] = resource.kind
        if resource.decorate:
            resource.decorate(self.graph, entity.id, shown)
        return shown

    def part(self, chain: list[tuple[Part, str]]) -> Document | None:
        """Return one part, addressed by the (part, name) pairs below the resource; None if there is none."""
        shown: Document | None = self.body()
        for part, name in chain:
            items = (shown or {})["properties"].get(part.name, [])
            shown = next((item for item in items if item["name"].lower() == name.lower()), None)
            if shown is None:
                return None
        return shown

    def _properties(self, part: Part, part_id: str, document: Document) -> Document:
        shown: Document = {"provisioningState": self.state(part_id)}
        if part is self.resource:
            shown["resourceGuid"] = self.entity.hidden["guid"]
        for name, value in document["properties"].items():
            kind = part.fields.get(name)
            shown[name] = self._parts(kind.part, part_id, name, value) if isinstance(kind, Parts) else value
        for name, kind in part.fields.items():
            if isinstance(kind, Parts) and kind.fixed:
                shown[name] = self._parts(kind.part, part_id, name, list(kind.fixed))
        for back in part.shows:
            shown |= self._back(back, part_id)
        return shown

    def _parts(self, part: Part, parent_id: str, collection: str, items: list[Document]) -> list[Document]:
        shown = []
        for item in items:
            child = f"{parent_id}/{collection}/{item['name']}"
            head: Document = {"name": item["name"], "id": child, "etag": self.etag}
            rest = {key: value for key, value in item.items() if key not in ("name", "properties")}
            tail = {"properties": self._properties(part, child, item), "type": f"{NAMESPACE}/{part.type}"}
            shown.append(head | rest | tail)
        return shown

    def _back(self, back: Back, part_id: str) -> dict[str, Any]:
        users = [use for use in self.graph.users(part_id) if (use.source, use.property) in back.sources]
        ids = list(dict.fromkeys(use.root if back.whole else use.part for use in users))
        if not ids:
            return {back.property: []} if back.always else {}
        links = [{"id": one} for one in ids]
        return {back.property: links[0] if back.single else links}
