# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers show of an entity."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from .address import TYPE, Routes, type_of
from .call import Call, etag
from .declaration import BuiltIn, Properties, Resource


def show(call: Call, entity: Entity, *, listed: bool = False, written: bool = False) -> dict[str, Any]:
    """An entity as a GET, a list or the answer to a write shows it."""
    resource = call.resource
    properties: Properties = copy.deepcopy(entity.body.get("properties", {}))
    for name in resource.nulls:
        properties.setdefault(name, None)
    if written:
        properties |= {name: entity.hidden[name] for name in resource.shown_on_write if name in entity.hidden}
    if listed:
        properties = {
            name: None if name in resource.list_null else value
            for name, value in properties.items()
            if name not in resource.list_omit
        }
    if resource.asynchronous and call.version >= call.settings.entity_operation_body_from:
        properties["provisioningState"] = state(call, entity.id)
    if resource.show:
        properties = resource.show(call, entity, properties)
    return {"id": shown_id(call, entity), "type": call.type, "name": entity.name, "properties": properties}


def shown_id(call: Call, entity: Entity) -> str:
    """The id in answers: the path as the caller wrote it, the last name as it was first written."""
    last = call.resource.segments[-1]
    head = call.shown_parent
    # a singleton's parent path ends before its literal name
    return f"{head}/{entity.name}" if last.startswith("{") or not head.endswith(f"/{last}") else head


def answer(
    call: Call,
    entity: Entity,
    status: int = 200,
    *,
    written: bool = False,
    etagged: bool = True,
    headers: dict[str, str] | None = None,
) -> ArmResponse:
    """An answer with an entity and its ETag."""
    tag = {"etag": etag(version(call, entity))} if etagged and call.resource.etag else {}
    return ArmResponse(status, show(call, entity, written=written), {**tag, **(headers or {})})


def version(call: Call, entity: Entity) -> int:
    """The version behind an ETag; what every service has from the beginning has the service's first one."""
    return entity.version or int(call.service.hidden.get("born", 1))


def built_in(resource: Resource, name: str) -> BuiltIn | None:
    """The built-in entity of a name."""
    return next((item for item in resource.built_in if item.name.lower() == name.lower()), None)


def load(call: Call) -> Entity | None:
    """The addressed entity; of virtual types also one that nobody wrote yet."""
    if call.resource.load:
        found: Entity | None = call.resource.load(call)
        return found
    return call.ctx.store.get(call.id) or virtual(call, call.name)


def virtual(call: Call, name: str) -> Entity | None:
    """What every service has of a virtual type, as long as nobody wrote it."""
    resource = call.resource
    row = built_in(resource, name)
    if not resource.virtual or row is None:
        return None
    head = call.id.rpartition("/")[0]
    return Entity(
        f"{head}/{row.name}",
        call.type,
        {"properties": copy.deepcopy(dict(row.properties))},
        copy.deepcopy(dict(row.hidden)),
    )


def state(call: Call, entity_id: str) -> str:
    """The provisioningState of an entity that is written by operations."""
    running = call.ctx.operations.running_for(entity_id)
    busy = any(operation.resource_id.lower() == entity_id.lower() for operation in running)
    return "InProgress" if busy else "Succeeded"


def types(routes: Routes) -> list[str]:
    """All ARM types below a service."""
    found = {type_of(resource, False) for resource in routes.by_path.values()}
    return sorted({TYPE, *found})
