# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold before anything is written or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import faults, lro
from innergate_sandbox.arm.providers.network.declaration import Document, Part, Parts, Resource
from innergate_sandbox.arm.providers.network.graph import NAMESPACE, Graph, Use, references
from innergate_sandbox.arm.providers.network.route import parse_id
from innergate_sandbox.arm.providers.network.show import etag, lasting
from innergate_sandbox.store import Entity, id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write


def _running(ctx: Context, root: str) -> list[Operation]:
    return [operation for operation in ctx.operations.running_for(root) if lasting(operation)]


def idle(write: Write) -> None:
    """Refuse to write while another operation works on this resource or on one that depends on it.

    Virtual networks take one write at a time, and the security groups and route tables of their subnets with them;
    anything else only has to exist to the end of its deletion.
    """
    mine = _running(write.ctx, write.root)
    found = [operation for operation in mine if write.resource.serial or operation.kind == "Delete"]
    for user in {use.root for use in write.graph.around(write.root) if id_key(use.root) != id_key(write.root)}:
        target = parse_id(user, write.target.catalog)
        if target and target.resource.serial:
            found += _running(write.ctx, user)
    if found:
        url = lro.url(write.request, found[0])
        raise faults.busy(url, lro.remaining(write.ctx, found[0]))


def deletion(write: Write) -> Operation | None:
    """Return the operation that deletes the target already."""
    running = _running(write.ctx, write.target.id)
    mine = [op for op in running if op.kind == "Delete" and id_key(op.resource_id) == id_key(write.target.id)]
    return mine[0] if mine else None


def _bare(value: str) -> str:
    return value.strip().removeprefix("W/").strip('"')


def precondition(write: Write, created: bool) -> None:
    """Honour If-Match and If-None-Match; the ETag of a part is its resource's."""
    wanted = write.request.headers.get("If-Match")
    if wanted and wanted.strip() != "*":
        if write.entity is None or created:
            raise faults.refused("PreconditionFailed", "Precondition failed.", status=412)
        current = etag(write.entity, write.graph)
        if _bare(wanted) != _bare(current):
            raise faults.etag_mismatch(wanted, current, write.target.id)
    unwanted = write.request.headers.get("If-None-Match")
    if unwanted and unwanted.strip() == "*" and not created:
        raise faults.refused("PreconditionFailed", "Precondition failed.", status=412)


def _sent(write: Write) -> list[Use]:
    """Return the references in what was sent (a PUT of a part does not send the rest of the document)."""
    own = id_key(write.target.id)
    found = references(write.resource, write.root, write.document)
    return [use for use in found if id_key(use.part) == own or id_key(use.part).startswith(own + "/")]


def permitted(write: Write) -> None:
    """Check the caller's right to use what the body refers to, as ARM does before the provider hears of it."""
    who, scope = write.request.principal, write.target.id
    asked = set()
    for use in _sent(write):
        kind = use.kind
        if kind is None or not kind.action or id_key(use.target) in asked:
            continue
        asked.add(id_key(use.target))
        action = f"{NAMESPACE}/{kind.type}/{kind.action}"
        if write.ctx.denied(who, action, use.target):
            written = f"{NAMESPACE}/{write.target.part.type}/write"
            raise faults.no_right(who, written, scope, action, use.target)


def referenced(write: Write) -> None:
    """Check that what the body refers to exists, is in the right region and is not changing."""
    for use in _sent(write):
        if use.kind is None or not use.kind.type:
            continue
        inside = id_key(use.target).startswith(id_key(write.root) + "/")
        referrer = parse_id(use.part, write.target.catalog)
        user = use.part if referrer and "PUT" in referrer.part.methods else write.root
        target = parse_id(use.target, write.target.catalog)
        entity = None if target is None else write.store.get(target.root)
        document = write.document if inside else entity.body if entity else None
        if target is None or document is None or not _has(document, target.chain):
            if use.kind.required:
                raise faults.no_such_reference(use.target, user)
            continue
        if use.kind.region and document["location"] != write.document["location"]:
            raise faults.no_such_reference(use.target, user, missing=False)
        for operation in [] if inside else _running(write.ctx, target.root):
            at = id_key(operation.resource_id)
            if at == id_key(use.target) or id_key(use.target).startswith(at + "/"):
                wait = lro.remaining(write.ctx, operation)
                raise faults.not_provisioned(use.target, user, operation.data["name"], wait)


def _has(document: Document, chain: list[tuple[Part, str]]) -> bool:
    here = document
    for part, name in chain:
        items = here["properties"].get(part.name, [])
        found = next((item for item in items if item["name"].lower() == name.lower()), None)
        if found is None:
            return False
        here = found
    return True


def unused(
    resource: Resource, chain: list[tuple[Part, str]], root: str, target_id: str, graph: Graph, entity: Entity
) -> None:
    """Refuse to delete what others still use: the resource with all its parts, or one part."""
    if chain:
        _check(resource, chain[-1][0].type, target_id, graph.strangers(target_id, root))
        for use in graph.users(target_id):
            if id_key(use.root) == id_key(root) and not id_key(use.part).startswith(id_key(target_id)):
                raise faults.no_such_reference(target_id, use.part, missing=False)
        return
    _check(resource, resource.type, root, graph.strangers(root, root))
    for name, kind in resource.fields.items():
        if isinstance(kind, Parts):
            for item in entity.body["properties"].get(name, []):
                child = f"{root}/{name}/{item['name']}"
                _check(resource, kind.part.type, child, graph.strangers(child, root))


def _check(resource: Resource, kind: str, target_id: str, users: list[Use]) -> None:
    judge = resource.in_use.get(kind)
    error = judge(target_id, users) if judge and users else None
    if error:
        raise error
