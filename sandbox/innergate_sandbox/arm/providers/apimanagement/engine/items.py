# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and deleting single entities."""

from __future__ import annotations

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.store import Entity

from . import links, pending
from .answers import answer, built_in, load, version
from .call import Call, etag
from .faults import Flaw, not_found, validation
from .write import check_match


def get(call: Call) -> ArmResponse:
    """The entity with its ETag."""
    entity = load(call)
    if entity is None:
        raise not_found(call.resource.noun)
    body = call.resource.reply(call, entity) if call.resource.reply else None
    return answer(call, entity) if body is None else ArmResponse(200, body)


def head(call: Call) -> ArmResponse:
    """The entity's ETag. An error answer to HEAD has no body; the front door sees to that."""
    entity = load(call)
    if entity is None:
        raise not_found(call.resource.noun)
    return ArmResponse(200, None, {"etag": etag(version(call, entity))})


def delete(call: Call) -> ArmResponse:
    """Delete the entity and what lies below it: 200, or 204 if there is none."""
    resource = call.resource
    with call.ctx.store.transaction():
        entity = load(call)
        if entity is None:
            return ArmResponse(204)
        check_match(call, entity)
        if resource.protected and built_in(resource, entity.name):
            raise ArmError(
                400,
                "MethodNotAllowed",
                f"{resource.noun} '{entity.name}' is built in and cannot be deleted.",
                details=None,
            )
        later = (
            resource.delete_operation
            and not call.route.workspace
            and call.version >= call.settings.api_delete_operation_from
        )
        try:
            if resource.before_delete:
                resource.before_delete(call, entity)
        except ArmError as error:
            if later and resource.refuses_later and error.status == 400:
                return pending.deleted(call, pending.begin(call, call.settings.entity_seconds, error))
            raise
        operation = pending.begin(call, call.settings.entity_seconds) if later else None
        if operation and operation.failure:
            return pending.deleted(call, operation)
        if resource.erase:
            resource.erase(call, entity)
        else:
            call.ctx.store.delete(entity.id)
        links.forget(call, entity)
        if resource.after_delete:
            resource.after_delete(call, entity)
        call.changed()
        if operation:
            return pending.deleted(call, operation)
    return ArmResponse(resource.delete_status)


def refuse_fragment(entity: Entity, users: list[str]) -> None:
    """400 for the deletion of a policy fragment that policies include (GitHub issue Azure/apiops-cli 261)."""
    if users:
        below = "".join(f"{user}\r\n" for user in users)
        message = f"The Policy Fragment '{entity.name}' is used by the following entities:\r\n{below}"
        raise ArmError(400, "ValidationError", message, details=None)


def refuse(noun: str, name: str, users: list[str], target: str) -> None:
    """400 for the deletion of something that is in use (the text was never seen; the status is)."""
    if users:
        raise validation(
            [Flaw(target, f"{noun} '{name}' cannot be deleted because it is used by: {', '.join(users[:5])}.")]
        )
