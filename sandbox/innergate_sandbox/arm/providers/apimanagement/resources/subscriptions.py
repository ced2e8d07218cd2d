# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions: who may call what, with which keys.

azure-cli recording test_apim_Subscription; Microsoft Learn, api-management-subscriptions.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.answers import load, version
from ..engine.call import Call, etag
from ..engine.declaration import Reference, Resource
from ..engine.faults import incorrect, not_found
from ..engine.write import Write
from .revisions import moment

KEYS = ("primaryKey", "secondaryKey")
MASTER = "master"


def prepare(write: Write) -> None:
    """Scope, state and keys."""
    call, given = write.call, write.properties
    product = _scope(write)
    if write.new:
        given.setdefault("state", _state(write, product))
        given.setdefault("displayName", call.name)
        given["createdDate"] = moment(call.ctx.clock.time())
        if product is not None and not write.flaws:
            _within_limit(write, product)
    for name in KEYS:
        if name not in given and name not in write.hidden:
            write.hidden[name] = secrets.token_hex(16)
        elif name in given:
            _own_key(write, name)
    _dates(write)


def _scope(write: Write) -> Entity | None:
    """The scope as a full id; returns the product if it is one."""
    call, given = write.call, write.properties
    value = given.get("scope")
    if not value or write.flaws:
        return None
    path = call.below_service(value)
    if call.name.lower() == MASTER and str(write.before("scope") or "").endswith("/") and path != "":
        write.flaw("scope", "The scope of the built-in all-access subscription cannot be changed.")
        return None
    inside = f"workspaces/{call.route.workspace}/".lower() if call.route.workspace else ""
    parts = (path or "").split("/")
    if inside and path is not None and not path.lower().startswith(inside):
        parts = [*inside.strip("/").split("/"), *parts]
    given["scope"] = f"{call.service_id}/{'/'.join(parts)}" if path is not None else value
    own = parts[2:] if inside else parts
    if path == "":
        given["scope"] = f"{call.service_id}/"
        return None
    if own and own[0].lower() == "apis" and len(own) == 1:
        return None
    if path is None or own[0].lower() not in ("products", "apis") or len(own) != 2:
        # GitHub issues Azure/azure-powershell 26997, hashicorp/terraform-provider-azurerm 12829
        write.flaw("scope", "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'")
        return None
    found = call.find(given["scope"])
    if found is None:
        write.flaw("scope", f"{'Product' if own[0].lower() == 'products' else 'Api'} not found")
        return None
    # the name as it was first written; a revision that is named stays named
    holder, dummy, name = given["scope"].rpartition("/")
    if own[0].lower() == "products":
        given["scope"] = f"{holder}/{found.name}"
        return found
    api, number = split_revision(name)
    root = call.find(f"{holder}/{api}")
    given["scope"] = f"{holder}/{root.name if root else api}" + (f";rev={number}" if number is not None else "")
    return None


def _state(write: Write, product: Entity | None) -> str:
    settings, owner = write.call.settings, str(write.properties.get("ownerId") or "")
    needs = product is not None and product.body["properties"].get("approvalRequired")
    if needs and owner and not owner.lower().endswith("/users/1"):
        return settings.subscription_state_with_approval
    return settings.subscription_state


def _within_limit(write: Write, product: Entity) -> None:
    limit, scope = product.body["properties"].get("subscriptionsLimit"), write.properties["scope"].lower()
    owner = str(write.properties.get("ownerId") or "").lower()
    if limit is None:
        return
    same = [
        item
        for item in write.call.ctx.store.children(write.call.container, write.call.type)
        if item.body["properties"]["scope"].lower() == scope
        and str(item.body["properties"].get("ownerId") or "").lower() == owner
    ]
    if len(same) >= limit:
        # GitHub issue Azure/apiops 623
        raise ArmError(400, "ValidationError", "Subscriptions limit reached for same user", details=None)


def _own_key(write: Write, name: str) -> None:
    """Keys are unique within a service."""
    value = write.properties[name]
    other_name = KEYS[1 - KEYS.index(name)]
    other_key = write.properties.get(other_name) or write.hidden.get(other_name)
    if value == other_key:
        write.flaw(name, "Primary and secondary key must be different.")
    for item in write.call.ctx.store.find(under=write.call.service.id):
        if (
            item.type.lower().endswith("/subscriptions")
            and item.id.lower() != write.call.id.lower()
            and value in (item.hidden.get(key) for key in KEYS)
        ):
            write.flaw(name, "Subscription key is already in use by another subscription.")


def _dates(write: Write) -> None:
    """An activation has a start, an end has an end."""
    given, before, now = write.properties, write.before("state"), moment(write.call.ctx.clock.time())
    if before and before != "active" and given.get("state") == "active" and not given.get("startDate"):
        given["startDate"] = now
    if given.get("state") in ("cancelled", "expired") and before != given.get("state"):
        given["endDate"] = now


def list_secrets(call: Call) -> ArmResponse:
    """POST listSecrets: both keys."""
    entity = _existing(call)
    return ArmResponse(200, {name: entity.hidden[name] for name in KEYS}, {"etag": etag(version(call, entity))})


def regenerate(name: str) -> Any:
    """POST regenerate...Key: 204, a new key and a new ETag."""

    def action(call: Call) -> ArmResponse:
        with call.ctx.store.transaction():
            entity = _existing(call)
            entity.hidden[name] = secrets.token_hex(16)
            call.ctx.store.put(entity)
            call.changed()
        return ArmResponse(204)

    return action


def _existing(call: Call) -> Entity:
    entity = load(call)
    if entity is None:
        raise not_found("Subscription")
    return entity


def before_delete(call: Call, entity: Entity) -> None:
    """The built-in subscription stays."""
    if entity.name.lower() == MASTER and entity.body["properties"]["scope"].endswith("/"):
        raise incorrect("sid", "The built-in all-access subscription cannot be deleted.")


def _product(item: Mapping[str, Any]) -> str:
    """The product that a subscription as it is shown is for; "" if it is for something else."""
    kind, dummy, name = item["properties"]["scope"].rpartition("/")
    return name if kind.lower().endswith("/products") else ""


def _user(item: Mapping[str, Any]) -> str:
    return str(item["properties"].get("ownerId") or "").rpartition("/")[2]


#: What $filter knows beside what is shown (SDK: SubscriptionOperations.list).
FILTERED_BY = {"productId": _product, "userId": _user}

SUBSCRIPTION = Resource(
    path="subscriptions/{sid}",
    noun="Subscription",
    put="SubscriptionCreateParameters",
    patch="SubscriptionUpdateParameters",
    name_length=256,
    workspace=True,
    required=("scope",),
    nulls=("startDate", "expirationDate", "endDate", "notificationDate", "stateComment"),
    hidden=KEYS,
    shown_on_write=KEYS,
    kept=(
        "state",
        "createdDate",
        "startDate",
        "expirationDate",
        "endDate",
        "notificationDate",
        "stateComment",
        "allowTracing",
    ),
    references=(Reference("ownerId", ("users",), "full", noun="User"),),
    prepare=prepare,
    before_delete=before_delete,
    filtered_by=FILTERED_BY,
    actions={
        "POST listSecrets": list_secrets,
        "POST regeneratePrimaryKey": regenerate(KEYS[0]),
        "POST regenerateSecondaryKey": regenerate(KEYS[1]),
    },
)
RESOURCES = [SUBSCRIPTION]
