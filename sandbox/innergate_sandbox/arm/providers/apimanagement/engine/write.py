# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing an entity: from what a body says to what is kept."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.store import Entity

from . import pending, schema
from .answers import answer, built_in, load, version
from .call import Call, etag
from .declaration import Properties, Reference
from .faults import Flaw, not_found, precondition, validation


@dataclass
class Write:
    """A write under way. `properties` and `hidden` are what will be kept; hooks complete them or note flaws."""

    call: Call
    existing: Entity | None
    sent: Properties
    properties: Properties
    hidden: dict[str, Any]
    patch: bool = False
    flaws: list[Flaw] = field(default_factory=list)
    entity: Entity | None = None
    asynchronous: bool = False
    azure_seconds: float = 0.0
    failure: ArmError | None = None  # what the operation of the write will end with; nothing is kept then

    @property
    def new(self) -> bool:
        """Whether the write creates the entity."""
        return self.existing is None

    def flaw(self, target: str, message: str) -> None:
        """Note an incorrect field."""
        self.flaws.append(Flaw(target, message))

    def before(self, name: str) -> Any:
        """The value that a property had before the write."""
        return (self.existing.body.get("properties") or {}).get(name) if self.existing else None


def put(call: Call) -> ArmResponse:
    """Create or replace the addressed entity."""
    with call.ctx.store.transaction():
        existing = load(call)
        check_put_match(call, existing)
        write = begin(call, existing, patch=False)
        return _finish(write)


def patch(call: Call) -> ArmResponse:
    """Merge into the addressed entity."""
    with call.ctx.store.transaction():
        existing = load(call)
        if existing is None:
            raise not_found(call.resource.noun)
        check_match(call, existing)
        write = begin(call, existing, patch=True)
        return _finish(write)


def begin(call: Call, existing: Entity | None, *, patch: bool) -> Write:
    """Read the body and put together what would be kept, before anything peculiar to the type."""
    resource = call.resource
    model = resource.patch if patch and resource.patch else resource.put
    clean: dict[str, Any] = {}
    flaws: list[Flaw] = []
    if model:
        clean, flaws = schema.read(model, call.request.body if call.request.body is not None else {}, partial=patch)
    sent: Properties = clean.get("properties") or {}
    old = copy.deepcopy(existing.body.get("properties", {})) if existing else {}
    hidden = copy.deepcopy(existing.hidden) if existing else {}
    if patch:
        properties = merge(old, sent)
    else:
        properties = copy.deepcopy(dict(resource.defaults)) | copy.deepcopy(sent)
        properties |= {name: old[name] for name in resource.kept if name in old and name not in sent}
    write = Write(call, existing, sent, properties, hidden, patch, flaws)
    _require(write)
    return write


def merge(old: Properties, new: Properties) -> Properties:
    """A JSON merge patch: objects merge, null removes, everything else replaces."""
    result = dict(old)
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merge(result[name], value)
        else:
            result[name] = copy.deepcopy(value)
    return result


def _require(write: Write) -> None:
    resource = write.call.resource
    for name in resource.required:
        if write.properties.get(name) in (None, "") and (not write.patch or name in write.sent):
            usual = Flaw(name, f"{name[:1].upper()}{name[1:]} is required.")
            if name in resource.if_empty:  # instead of what is said of its length, too
                write.flaws = [flaw for flaw in write.flaws if flaw.target.rpartition(".")[2] != name]
            write.flaws.append(resource.if_empty.get(name, usual))
    for name in resource.immutable:
        before = write.before(name)
        if before is not None and name in write.sent and write.sent[name] != before:
            write.flaw(name, f"Property '{name}' cannot be changed after creation.")


def _finish(write: Write) -> ArmResponse:
    call, resource = write.call, write.call.resource
    complete(write)
    call.created = write.new
    operation = None
    if write.asynchronous or resource.asynchronous:
        operation = pending.begin(call, write.azure_seconds or call.settings.entity_seconds, write.failure)
        if operation.failure:
            return _refused_later(write, operation)
    entity: Entity = resource.save(write) if resource.save else keep(write)
    if resource.after:
        write.entity = entity
        resource.after(write)
        entity = load(call) or entity
    call.changed()
    status = resource.put_status or (201 if write.new else 200)
    if write.patch:
        status = resource.patch_status
    if status == 204:
        return ArmResponse(204, None, {"etag": etag(version(call, entity))})
    if operation:
        return pending.started(call, operation, entity, status)
    return answer(call, entity, status, written=True)


def _refused_later(write: Write, operation: Operation) -> ArmResponse:
    """The answer to a write whose operation will fail: as if it had been applied, which it never is.

    (GitHub issue Azure/apiops-cli 148: the resource has its former values when the operation has failed.)
    """
    call = write.call
    entity = Entity(
        call.id,
        call.type,
        {"properties": write.properties},
        write.hidden,
        write.existing.version if write.existing else call.service.version,
    )
    return pending.started(call, operation, entity, 201 if write.new else 200)


def keep(write: Write) -> Entity:
    """Store what was put together as one entity."""
    call = write.call
    return call.ctx.store.put(Entity(call.id, call.type, {"properties": write.properties}, write.hidden))


def complete(write: Write) -> None:
    """Apply the type's own rules; raises 400 if anything is wrong with the body."""
    resource = write.call.resource
    for reference in resource.references:
        _refer(write, reference)
    if write.flaws:
        raise validation(write.flaws)
    if resource.prepare:
        resource.prepare(write)
    for name in resource.hidden:
        if name in write.properties:
            write.hidden[name] = write.properties.pop(name)
    for name in resource.unique if write.call.settings.unique_display_names else ():
        _unique(write, name)
    if write.flaws:
        raise validation(write.flaws)


def _refer(write: Write, reference: Reference) -> None:
    value = write.properties.get(reference.property)
    if not isinstance(value, str) or not value:
        return
    call = write.call
    path = call.below_service(value)
    parts = (path or "").split("/")
    kind = parts[-2].lower() if len(parts) > 1 else ""
    if reference.required and (kind not in [k.lower() for k in reference.kinds] or call.find(value) is None):
        noun = reference.noun or f"Entity '{value}'"
        write.flaw(reference.property, f"{noun} not found")
        return
    if reference.form == "full":
        write.properties[reference.property] = call.full_id(value)
    elif reference.form == "short" and path:
        write.properties[reference.property] = f"/{path}"


def _unique(write: Write, name: str) -> None:
    call, value = write.call, write.properties.get(name)
    if not isinstance(value, str):
        return
    for other in call.ctx.store.children(call.id.rsplit("/", 2)[0], call.type):
        same = str(other.body["properties"].get(name, "")).lower() == value.lower()
        if same and other.id.lower() != call.id.lower():
            # The words for products: GitHub issue Azure/apiops 606. The field is called by its name of former times.
            write.flaw("name", f"{call.resource.noun} with the same name already exists")


# -- If-Match ---------------------------------------------------------------------------------------------------


def _if_match(call: Call) -> str | None:
    """The header; an empty one, which terraform-provider-azurerm sends with a new release, is none."""
    return call.request.headers.get("If-Match", "").strip() or None


def check_match(call: Call, entity: Entity) -> None:
    """PATCH and DELETE: If-Match must be there and right; links take none."""
    resource, given = call.resource, _if_match(call)
    if not resource.if_match:
        return
    if given is None:
        if call.settings.require_if_match:
            raise precondition(call.settings.precondition_tail)
        return
    _compare(call, given, entity)


def check_put_match(call: Call, existing: Entity | None) -> None:
    """PUT: If-Match is optional; "*" creates what does not exist (azure-cli recordings of product, operation...)."""
    given = _if_match(call)
    if not call.resource.if_match or given is None:
        return
    if existing is None or (built_in(call.resource, existing.name) and existing.version == 0):
        if given.strip() != "*" and existing is None and not call.settings.if_match_value_creates:
            raise precondition(call.settings.precondition_tail)
        return
    _compare(call, given, existing)


def _compare(call: Call, given: str, entity: Entity) -> None:
    tags = [tag.strip() for tag in given.split(",")]
    own = etag(version(call, entity))
    if "*" not in tags and own not in tags and own.strip('"') not in tags:
        raise precondition(call.settings.precondition_tail)
