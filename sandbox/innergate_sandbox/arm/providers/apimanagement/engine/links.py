# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links between entities: resources without a body, and their newer form with a name and a body.

Both forms are views of the same thing. What is stored is the entity of the older form (`products/P/apis/A`); its
hidden `link` is the name that the newer form shows (`products/P/apiLinks/LINK`).
"""

from __future__ import annotations

import copy
import secrets
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from . import schema
from .address import TYPE, split_revision
from .answers import shown_id
from .call import Call, etag
from .declaration import Link, NamedLink, Resource
from .faults import Flaw, missing_reference, not_found, validation

# ids of the link types whose last name is the name of an entity of the collection
OTHER_SIDE = {
    "products/apis": "apis",
    "products/groups": "groups",
    "gateways/apis": "apis",
    "groups/users": "users",
    "apis/tags": "tags",
    "apis/operations/tags": "tags",
    "products/tags": "tags",
    "notifications/recipientUsers": "users",
}


def _link(call: Call) -> Link:
    assert call.resource.link is not None
    return call.resource.link


def _target(call: Call) -> Entity | None:
    """The entity that the last name of the path means."""
    name = split_revision(call.name)[0] if _link(call).target == "apis" else call.name
    return call.find(f"/{_link(call).target}/{name}") if _link(call).target else None


def _stored(call: Call) -> Entity | None:
    head, dummy, name = call.id.rpartition("/")
    return call.ctx.store.get(f"{head}/{split_revision(name)[0]}")


def put(call: Call) -> ArmResponse:
    """Link: 201, or 200 if that was so already."""
    with call.ctx.store.transaction():
        target = _target(call)
        if target is None and _link(call).target:
            raise missing_reference()
        existing = _stored(call)
        check = _link(call).check
        if check and target is not None and existing is None:
            check(call, target)
        head, dummy, name = call.id.rpartition("/")
        entity = existing or call.ctx.store.put(
            f"{head}/{split_revision(target.name if target else name)[0]}",
            call.type,
            {},
            {"link": secrets.token_hex(12)},
        )
        call.changed()
        headers = {"etag": etag(_version(call, target))} if target else {}
        return ArmResponse(200 if existing else 201, show(call, entity, target, written=True), headers)


def _version(call: Call, target: Entity) -> int:
    if _link(call).target != "apis":
        return target.version
    current = call.ctx.store.get(f"{target.id}/revisions/{target.hidden['current']}")
    return max(target.version, current.version if current else 0)


def get(call: Call) -> ArmResponse:
    """The other side, as long as it is linked."""
    entity, target = _stored(call), _target(call)
    if entity is None:
        raise not_found(call.resource.noun)
    return ArmResponse(200, show(call, entity, target), {"etag": etag(_version(call, target))} if target else {})


def head(call: Call) -> ArmResponse:
    """204 (or 200 with the other side's ETag) if it is linked, otherwise 404."""
    entity, target = _stored(call), _target(call)
    if entity is None:
        raise not_found(call.resource.noun)
    status = _link(call).head
    return ArmResponse(status, None, {"etag": etag(_version(call, target))} if target and status == 200 else {})


def delete(call: Call) -> ArmResponse:
    """Unlink: 200, or 204 if it was not linked."""
    with call.ctx.store.transaction():
        entity = _stored(call)
        if entity is None:
            return ArmResponse(204)
        call.ctx.store.delete(entity.id)
        call.changed()
    return ArmResponse(200)


def show(call: Call, entity: Entity, target: Entity | None, *, written: bool = False) -> dict[str, Any]:
    """A link as answers show it: the other side's properties under the link's id."""
    link = _link(call)
    properties: dict[str, Any] = {}
    if call.resource.show:
        properties = call.resource.show(call, entity, {})
    elif target is not None:
        properties = target_properties(call, link.target, target)
        for name in (*link.null, *(link.write_null if written else ())):
            properties[name] = None
    shown = shown_id(call, entity)
    if link.id == "target" and target is not None and call.version >= link.target_id_from:
        shown = f"{call.shown_container}/{link.target}/{target.name}"
    return {"id": shown, "type": link.type or call.type, "name": entity.name, "properties": properties}


def target_properties(call: Call, collection: str, target: Entity) -> dict[str, Any]:
    """The properties that a GET of the other side shows."""
    own = call.routes.collections[collection.lower()]
    properties: dict[str, Any] = copy.deepcopy(target.body.get("properties", {}))
    if own.view:
        return own.view(call, target, properties)
    for name in own.nulls:
        properties.setdefault(name, None)
    return properties


def listed(call: Call) -> list[dict[str, Any]]:
    """The items of a collection of links."""
    link = _link(call)
    found = []
    for entity in call.ctx.store.children(call.parent, call.type):
        target = call.find(f"/{link.target}/{entity.name}") if link.target else None
        found.append(show(call, entity, target))
    return found


def forget(call: Call, gone: Entity) -> None:
    """Delete the links that lead to an entity that was deleted."""
    collection, name = gone.id.split("/")[-2], split_revision(gone.name)[0]
    if not gone.hidden.get("current", True):
        return  # a revision among others
    for path, other in OTHER_SIDE.items():
        if other != collection:
            continue
        container = gone.id.rsplit("/", 2)[0]
        for entity in call.ctx.store.find(call.type_of(path), container):
            if entity.name.lower() == name.lower():
                call.ctx.store.delete(entity.id)


# -- links with a name and a body -------------------------------------------------------------------------------


def _named(resource: Resource) -> NamedLink:
    assert resource.named_link is not None
    return resource.named_link


def named_items(call: Call) -> list[Entity]:
    """The stored links that the addressed collection of named links shows."""
    named = _named(call.resource)
    if not named.reverse:
        return call.ctx.store.children(call.parent, call.type_of(named.association))
    # a tag of a workspace may be attached to something of the service
    types = {f"{TYPE}/{part}{named.association}" for part in ("", "workspaces/")}
    found = [entity for kind in sorted(types) for entity in call.ctx.store.find(kind, call.service.id)]
    return [entity for entity in found if _tag(call, entity).lower() == call.parent.lower()]


def _tag(call: Call, link: Entity) -> str:
    """The stored id of the tag that a link attaches: of the same workspace, if nothing else is said."""
    if "tag" in link.hidden:
        return str(link.hidden["tag"])
    parts = link.id[len(call.service.id) + 1 :].split("/")
    inside = f"/workspaces/{parts[1]}" if parts[0].lower() == "workspaces" else ""
    return f"{call.service.id}{inside}/tags/{link.name}"


def named_show(call: Call, entity: Entity) -> dict[str, Any]:
    """A named link as answers show it."""
    named = _named(call.resource)
    path = _other_side(call, entity)
    properties = {named.property: f"{call.service_id}{path}"}
    head = call.shown_parent
    return {
        "id": f"{head}/{entity.hidden['link']}",
        "type": call.type,
        "name": entity.hidden["link"],
        "properties": properties,
    }


def _other_side(call: Call, entity: Entity) -> str:
    """The path below the service of what a stored link leads to, as ARM writes it."""
    named, below = _named(call.resource), call.container[len(call.service.id) :]
    if not named.reverse:
        return str(entity.hidden.get("target") or f"{below}/{named.kind}/{entity.name}")
    parts = entity.id[len(call.service.id) + 1 :].split("/")[:-2]
    if "revisions" in parts:  # apis/A/revisions/N/operations/O -> apis/A/operations/O
        at = parts.index("revisions")
        parts = parts[:at] + parts[at + 2 :]
    return "/" + "/".join(parts)


def _named_entity(call: Call) -> Entity | None:
    wanted = call.name.lower()
    return next((e for e in named_items(call) if e.hidden["link"].lower() == wanted), None)


def named_put(call: Call) -> ArmResponse:
    """Create or replace a named link."""
    named = _named(call.resource)
    clean, flaws = schema.read(call.resource.put, call.request.body or {})
    value = (clean.get("properties") or {}).get(named.property)
    if not value:
        flaws.append(Flaw(named.property, f"{named.property[:1].upper()}{named.property[1:]} is required."))
    if flaws:
        raise validation(flaws)
    with call.ctx.store.transaction():
        other = call.find(value)
        if other is None:
            raise missing_reference()
        if named.check:
            named.check(call, other)
        existing = _named_entity(call)
        kind = call.type_of(named.association)
        if named.reverse:
            holder = other.id
            if other.id.rsplit("/", 2)[1].lower() == "apis":
                holder = f"{other.id}/revisions/{other.hidden['current']}"
            own = call.parent.rpartition("/")[2]
            key = f"{holder}/{named.association.rpartition('/')[2]}/{own}"
            kind = f"{TYPE}/{'workspaces/' if '/workspaces/' in other.id else ''}{named.association}"
            hidden = {"link": call.name, "tag": call.parent}
        else:
            key = f"{call.parent}/{named.association.rpartition('/')[2]}/{other.name}"
            hidden = {"link": call.name, "target": other.id[len(call.service.id) :]}
        if existing and existing.id.lower() != key.lower():
            call.ctx.store.delete(existing.id)
        entity = call.ctx.store.put(key, kind, {}, hidden)
        call.changed()
        return ArmResponse(200 if existing else 201, named_show(call, entity), {"etag": etag(entity.version)})


def named_get(call: Call) -> ArmResponse:
    """A named link."""
    entity = _named_entity(call)
    if entity is None:
        raise not_found(call.resource.noun)
    return ArmResponse(200, named_show(call, entity), {"etag": etag(entity.version)})


def named_delete(call: Call) -> ArmResponse:
    """Delete a named link."""
    with call.ctx.store.transaction():
        entity = _named_entity(call)
        if entity is None:
            return ArmResponse(204)
        call.ctx.store.delete(entity.id)
        call.changed()
    return ArmResponse(200)
