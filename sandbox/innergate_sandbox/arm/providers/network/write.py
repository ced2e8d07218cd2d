# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PUT, PATCH and DELETE: one way for every type."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

from innergate_sandbox.arm import errors, regions
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import accept, addresses, faults, guard, lro
from innergate_sandbox.arm.providers.network.declaration import Document, Resource
from innergate_sandbox.arm.providers.network.graph import NAMESPACE, Graph
from innergate_sandbox.arm.providers.network.route import Target
from innergate_sandbox.arm.providers.network.show import View
from innergate_sandbox.store import Entity, Store

TOP: dict[str, type] = {"tags": dict, "zones": list, "sku": dict, "identity": dict, "extendedLocation": dict}


class Write:
    """One change under way: what was, what shall be, and what is needed to judge it. Rules read and amend it.

    root: the id of the resource. entity: what is kept now (None: it is being created). document: what shall be kept.
    hidden: likewise, for what only the server knows.
    """

    def __init__(self, target: Target, request: ArmRequest, ctx: Context, graph: Graph) -> None:
        """Take the parts; `document` is filled by `put`."""
        self.target, self.request, self.ctx, self.graph = target, request, ctx, graph
        self.resource: Resource = target.resource
        self.store: Store = ctx.store
        self.root = target.root
        self.entity: Entity | None = ctx.store.get(target.root)
        self.document: Document = {}
        self.hidden: dict[str, Any] = dict(self.entity.hidden) if self.entity else {"guid": str(uuid.uuid4())}
        self.after: list[Callable[[], None]] = []

    @property
    def properties(self) -> Document:
        """The properties of the new document."""
        found: Document = self.document["properties"]
        return found

    @property
    def old(self) -> Document:
        """The properties of the document as it is; empty for a new resource."""
        return self.entity.body["properties"] if self.entity else {}

    def before(self, collection: str, name: str) -> Document | None:
        """Return a part as it is."""
        items = self.old.get(collection, [])
        return next((item for item in items if item["name"].lower() == name.lower()), None)

    def part_id(self, collection: str, name: str) -> str:
        """Return the id of a part."""
        return f"{self.root}/{collection}/{name}"


def put(write: Write) -> ArmResponse:
    """Create or replace a resource, or a part of one."""
    body = errors.require_object(write.request)
    if write.target.chain and write.entity is None:
        raise faults.parent_missing(write.request, write.root)
    created = write.entity is None
    if write.target.chain and write.entity is not None:
        parent = _container(write.entity.body, write.target)
        created = _find(parent, write.target) is None
    accept.check_name(write.target.name)
    guard.idle(write)
    guard.precondition(write, created)
    if write.target.chain:
        _place_part(write, body)
    else:
        _place_resource(write, body)
    guard.permitted(write)
    guard.referenced(write)
    for rule in write.resource.rules:
        rule(write)
    addresses.assign(write)
    changed = write.entity is None or write.entity.body != write.document
    return _commit(write, created=created, changed=changed)


def _place_resource(write: Write, body: Document) -> None:
    old = write.entity
    document = accept.document(write.resource, body, write.root)
    location = regions.of(write.request, old.body["location"] if old else None)
    top = {key: accept.without_nulls(body[key]) for key in TOP if body.get(key) not in (None, [])}
    for key, kind in TOP.items():
        if not isinstance(top.get(key, kind()), kind):
            wanted = "a list" if kind is list else "an object"
            raise faults.unparsable(f"Error converting value {accept.shown(top[key])} to {wanted}. Path '{key}'.")
    accept.check_tags(top.get("tags", {}))
    if not all(isinstance(value, (str, int)) for value in top.get("sku", {}).values()):
        raise faults.unparsable("Error converting the sku to a dictionary of texts. Path 'sku'.")
    if write.resource.sku:
        top["sku"] = {**write.resource.sku, **top.get("sku", {})}
    write.document = {"location": location, **top, **document}


def _place_part(write: Write, body: Document) -> None:
    assert write.entity is not None
    part, name = write.target.chain[-1]
    own = write.target.id
    write.document = copy.deepcopy(write.entity.body)
    items = _container(write.document, write.target)
    old = _find(items, write.target)
    item = {"name": old["name"] if old else name, **accept.document(part, body, own)}
    if old:
        items[items.index(old)] = item
    else:
        items.append(item)


def _container(document: Document, target: Target) -> list[Document]:
    """Return the list that the addressed part is in, or is to be in; an ArmError if a part above it is missing."""
    here = document
    for part, name in target.chain[:-1]:
        items = here["properties"].get(part.name, [])
        found = next((item for item in items if item["name"].lower() == name.lower()), None)
        if found is None:
            raise faults.not_found(target.above)
        here = found
    items = here["properties"].setdefault(target.chain[-1][0].name, [])
    assert isinstance(items, list)
    return items


def _find(items: list[Document], target: Target) -> Document | None:
    return next((item for item in items if item["name"].lower() == target.name.lower()), None)


def _commit(write: Write, *, created: bool, changed: bool) -> ArmResponse:
    before = {"body": write.entity.body, "hidden": write.entity.hidden} if write.entity else None
    kind = f"{NAMESPACE}/{write.resource.type}"
    entity = write.store.put(write.root, kind, write.document, write.hidden)
    for step in write.after:
        step()
    head: dict[str, str] = {}
    if not write.resource.silent:
        seconds = write.resource.seconds if changed and not write.resource.at_once else 0.0
        data = {"location": write.document["location"], "before": before if changed else None, "created": created}
        operation = _start(write, "Put", seconds, data)
        head = lro.headers(write.request, operation)
    write.ctx.signal("network-changed", id=write.root)
    view = View.of(write.resource, entity, write.target.graph(write.ctx), write.ctx)
    shown = view.part(write.target.chain) if write.target.chain else view.body()
    if created and not write.target.chain and shown and view.state(write.root) == "Updating":
        shown["properties"].pop("ipAddress", None)  # a public IP gets it on the way (cloud-provider-azure recordings)
    return ArmResponse(201 if created else 200, shown, head)


def _start(write: Write, kind: str, seconds: float, data: dict[str, Any]) -> Operation:
    noun = write.target.noun
    return write.ctx.operations.start(
        provider=NAMESPACE,
        kind=kind,
        resource_id=write.target.id,
        azure_seconds=seconds,
        data={**data, "name": f"{kind}{noun}Operation", "root": write.root},
    )


def patch(write: Write) -> ArmResponse:
    """Replace the tags: the only thing that a PATCH can change."""
    body = errors.require_object(write.request)
    if write.target.chain:
        raise errors.method_not_allowed(write.request)
    if write.entity is None:
        raise errors.resource_not_found(write.request)
    guard.idle(write)
    guard.precondition(write, created=False)
    document = copy.deepcopy(write.entity.body)
    if "tags" in body:
        tags = accept.without_nulls(body["tags"] or {})
        accept.check_tags(tags)
        document["tags"] = tags
    entity = write.store.put(write.root, None, document)
    write.ctx.signal("network-changed", id=write.root)
    return ArmResponse(200, View.of(write.resource, entity, write.graph, write.ctx).body())


def delete(write: Write) -> ArmResponse:
    """Begin to delete a resource, or a part of one."""
    if write.entity is None:
        if write.target.chain:
            raise faults.parent_missing(write.request, write.root)
        return ArmResponse.no_content()
    if write.target.chain and _find(_container(copy.deepcopy(write.entity.body), write.target), write.target) is None:
        return ArmResponse.no_content()
    running = guard.deletion(write)
    if running is None:
        guard.idle(write)
        guard.precondition(write, created=False)
        guard.unused(write.resource, write.target.chain, write.root, write.target.id, write.graph, write.entity)
        seconds = write.resource.delete_seconds if not write.target.chain else write.resource.seconds
        running = _start(write, "Delete", seconds, {"location": write.entity.body["location"]})
    return ArmResponse(202, None, lro.headers(write.request, running, location=True))


def finish(operation: Operation, ctx: Context, target: Target) -> None:
    """Apply the end of an operation: take back what failed, take away what was deleted."""
    if operation.kind == "Put" and operation.error:
        before = operation.data.get("before")
        if before:
            ctx.store.put(target.root, None, before["body"], before["hidden"])
        elif operation.data.get("created") and not target.chain:
            ctx.store.delete(target.root)
    elif operation.kind == "Delete" and not operation.error:
        _remove(ctx, target)
    ctx.signal("network-changed", id=target.root)


def _remove(ctx: Context, target: Target) -> None:
    entity = ctx.store.get(target.root)
    if entity is None:
        return
    guard.unused(target.resource, target.chain, target.root, target.id, target.graph(ctx), entity)
    if target.chain:
        document = copy.deepcopy(entity.body)
        items = _container(document, target)
        gone = _find(items, target)
        if gone:
            items.remove(gone)
            ctx.store.put(target.root, None, document)
            if target.resource.gone:
                target.resource.gone(ctx, target.id, gone)
        return
    ctx.store.delete(target.root)
    if target.resource.gone:
        target.resource.gone(ctx, target.root, entity.body)
