# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Named values: plain, secret, or kept in a key vault."""

from __future__ import annotations

import hashlib

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.store import Entity

from ..engine import pending
from ..engine.answers import load, version
from ..engine.call import Call, etag
from ..engine.declaration import Properties, Resource
from ..engine.faults import INCORRECT, not_found
from ..engine.write import Write
from .policies import check_unused
from .revisions import moment


def prepare(write: Write) -> None:
    """Keep the effective value, and show it only if it is not a secret."""
    call, given = write.call, write.properties
    vault = given.get("keyVault")
    if isinstance(vault, dict) and vault.get("secretIdentifier"):
        given["secret"] = True
        given["keyVault"] = {k: v for k, v in vault.items() if k != "lastStatus"} | refreshed(call)
        given.pop("value", None)
        write.hidden["value"] = vault_value(vault["secretIdentifier"])
    else:
        given.pop("keyVault", None)
        if given.get("value") is not None:
            write.hidden["value"] = given["value"]
        elif "value" not in write.hidden or not write.patch:
            write.flaw("value", "Value is required.")
        if given.get("secret"):
            given.pop("value", None)
        elif "value" in write.hidden:
            given["value"] = write.hidden["value"]
    if not str(write.hidden.get("value", " ")).strip() and given.get("secret"):
        write.flaw("value", "Value must not be empty.")
    _same_name(write)


def _same_name(write: Write) -> None:
    """A display name that is taken makes the operation fail (GitHub issue Azure/apiops 837)."""
    call, name = write.call, str(write.properties.get("displayName", "")).lower()
    for other in call.ctx.store.children(call.container, call.type):
        if other.name.lower() != call.name.lower() and other.body["properties"]["displayName"].lower() == name:
            write.failure = ArmError(
                400,
                "ValidationError",
                INCORRECT,
                details=[
                    {
                        "code": "ValidationError",
                        "target": "name",
                        "message": "Property with the same name already exist.",
                    }
                ],
            )


def only_failed(call: Call, entities: list[Entity]) -> list[Entity]:
    """What isKeyVaultRefreshFailed=true leaves of a list: entities whose last refresh from the vault failed."""
    if (call.request.lookup("isKeyVaultRefreshFailed") or "").lower() != "true":
        return entities

    def code(entity: Entity) -> str:
        vault = entity.body["properties"].get("keyVault") or {}
        return str((vault.get("lastStatus") or {}).get("code") or "Success")

    return [entity for entity in entities if code(entity) != "Success"]


def refreshed(call: Call) -> Properties:
    """What the service says about the last look into the key vault."""
    return {"lastStatus": {"code": "Success", "timeStampUtc": moment(call.ctx.clock.time())}}


def vault_value(identifier: str) -> str:
    """The sandbox has no key vaults: a secret is made up, always the same one for an identifier."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:32]


def list_value(call: Call) -> ArmResponse:
    """POST listValue."""
    entity = _existing(call)
    return ArmResponse(200, {"value": entity.hidden["value"]}, {"etag": etag(version(call, entity))})


def refresh(call: Call) -> ArmResponse:
    """POST refreshSecret: look into the key vault again."""
    with call.ctx.store.transaction():
        entity = _existing(call)
        vault = entity.body["properties"].get("keyVault")
        if not vault:
            raise ArmError(400, "InvalidOperation", "The named value is not kept in a key vault.", details=None)
        operation = pending.begin(call, call.settings.entity_seconds)
        if not operation.failure:
            vault.update(refreshed(call))
            entity = call.ctx.store.put(entity)
            call.changed()
    return pending.started(call, operation, entity, 200)


def _existing(call: Call) -> Entity:
    entity = load(call)
    if entity is None:
        raise not_found("NamedValue")
    return entity


NAMED_VALUE = Resource(
    path="namedValues/{namedValueId}",
    noun="NamedValue",
    put="NamedValueCreateContract",
    patch="NamedValueUpdateParameters",
    name_length=256,
    workspace=True,
    required=("displayName",),
    defaults={"secret": False},
    asynchronous=True,
    prepare=prepare,
    before_delete=check_unused("namedValues", "NamedValue", "displayName"),
    actions={"POST listValue": list_value, "POST refreshSecret": refresh},
    narrow=only_failed,
)
RESOURCES = [NAMED_VALUE]
