# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, and what belongs to them."""

from __future__ import annotations

import secrets
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from ..engine.answers import load
from ..engine.call import Call
from ..engine.declaration import ANY, Properties, Resource
from ..engine.faults import incorrect, not_found
from ..engine.links import target_properties
from ..engine.write import Write
from .infrastructure import token
from .revisions import moment
from .subscriptions import FILTERED_BY

ADMINISTRATOR = "1"


def prepare(write: Write) -> None:
    """A user has one e-mail address, that nobody else has."""
    call, given = write.call, write.properties
    given.setdefault("registrationDate", write.before("registrationDate") or moment(call.ctx.clock.time()))
    email = str(given.get("email") or "").lower()
    if email and "@" not in email:
        write.flaw("email", "Email address is not valid.")
    for other in call.ctx.store.children(call.container, call.type):
        if other.name.lower() != call.name.lower() and str(other.body["properties"].get("email")).lower() == email:
            write.flaw("email", "A user with this email address already exists.")
    if not given.get("identities"):
        given["identities"] = write.before("identities") or [{"provider": "Basic", "id": given.get("email")}]
    for name in ("confirmation", "appType"):
        given.pop(name, None)


def after(write: Write) -> None:
    """Everyone who signed up is a developer."""
    call = write.call
    if write.new and call.ctx.store.get(f"{call.container}/groups/developers"):
        call.ctx.store.put(
            f"{call.container}/groups/developers/users/{call.name}",
            call.type_of("groups/users"),
            {},
            {"link": call.name},
        )


def show(call: Call, entity: Entity, properties: Properties) -> Properties:
    """With the groups, but not in lists."""
    if call.route.kind != "collection":
        properties["groups"] = [
            {
                "id": f"{call.service_id}/groups/{group.name}",
                **{key: group.body["properties"].get(key) for key in ("description", "builtIn", "type", "externalId")},
                "name": group.body["properties"]["displayName"],
            }
            for group in groups_of(call, entity.name)
        ]
    return properties


def view(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A user in a list of users of a group."""
    return properties | {"groups": []}


def groups_of(call: Call, user: str) -> list[Entity]:
    """The groups that a user is in."""
    links = call.ctx.store.find(call.type_of("groups/users"), call.container)
    found = [call.ctx.store.get(link.id.rsplit("/", 2)[0]) for link in links if link.name.lower() == user.lower()]
    return [group for group in found if group]


def list_groups(call: Call) -> list[dict[str, Any]]:
    """GET users/U/groups."""
    head = f"{call.shown_container}/users/{call.names[0]}/groups"
    return [
        {
            "id": f"{head}/{group.name}",
            "type": call.type,
            "name": group.name,
            "properties": target_properties(call, "groups", group),
        }
        for group in groups_of(call, call.names[0])
    ]


def list_identities(call: Call) -> list[dict[str, Any]]:
    """GET users/U/identities."""
    entity = call.ctx.store.require(f"{call.container}/users/{call.names[0]}")
    found: list[dict[str, Any]] = entity.body["properties"].get("identities") or []
    return found


def subscriptions(call: Call) -> list[Entity]:
    """The subscriptions that a user owns."""
    owner = f"/users/{call.names[0]}".lower()
    return [
        item
        for item in call.ctx.store.children(call.container, call.type_of("subscriptions"))
        if str(item.body["properties"].get("ownerId") or "").lower().endswith(owner)
    ]


def list_subscriptions(call: Call) -> list[dict[str, Any]]:
    """GET users/U/subscriptions."""
    head = f"{call.shown_container}/users/{call.names[0]}/subscriptions"
    return [
        {"id": f"{head}/{item.name}", "type": call.type, "name": item.name, "properties": item.body["properties"]}
        for item in subscriptions(call)
    ]


def one_subscription(call: Call) -> Entity | None:
    """GET users/U/subscriptions/S."""
    return next((item for item in subscriptions(call) if item.name.lower() == call.name.lower()), None)


def before_delete(call: Call, entity: Entity) -> None:
    """The administrator stays; subscriptions go only if that is wished."""
    if entity.name == ADMINISTRATOR:
        raise incorrect("userId", "The administrator cannot be deleted.")
    owned = [
        item
        for item in call.ctx.store.children(call.container, call.type_of("subscriptions"))
        if str(item.body["properties"].get("ownerId") or "").lower().endswith(f"/users/{entity.name.lower()}")
    ]
    if owned and (call.request.lookup("deleteSubscriptions") or "").lower() != "true":
        raise incorrect(
            "userId",
            f"User '{entity.name}' has subscriptions and cannot be deleted. Set "
            "deleteSubscriptions to true to delete them as well.",
        )
    for item in owned:
        call.ctx.store.delete(item.id)


def _existing(call: Call) -> Entity:
    entity = load(call)
    if entity is None:
        raise not_found("User")
    return entity


def sso(call: Call) -> ArmResponse:
    """POST generateSsoUrl."""
    _existing(call)
    url = f"https://{call.service.name}.portal.azure-api.net/signin-sso?token={secrets.token_urlsafe(40)}"
    return ArmResponse(200, {"value": url})


def shared_token(call: Call) -> ArmResponse:
    """POST token."""
    entity = _existing(call)
    return ArmResponse(200, {"value": token(entity.name, call.request.properties, entity.id)})


def confirm(call: Call) -> ArmResponse:
    """POST confirmations/password/send: nobody gets a mail."""
    _existing(call)
    return ArmResponse(204)


RESOURCES = [
    Resource(
        path="users/{userId}",
        noun="User",
        put="UserCreateParameters",
        patch="UserUpdateParameters",
        name=ANY,
        required=("firstName", "lastName", "email"),
        defaults={"state": "active"},
        hidden=("password",),
        kept=("registrationDate", "identities"),
        delete_operation=True,
        prepare=prepare,
        after=after,
        show=show,
        view=view,
        before_delete=before_delete,
        actions={"POST generateSsoUrl": sso, "POST token": shared_token, "POST confirmations/password/send": confirm},
    ),
    Resource(path="users/{userId}/groups", noun="User", methods="LIST", lists=list_groups),
    Resource(path="users/{userId}/identities", noun="User", methods="LIST", lists=list_identities),
    Resource(
        path="users/{userId}/subscriptions/{sid}",
        noun="Subscription",
        methods="GET LIST",
        name_length=256,
        lists=list_subscriptions,
        load=one_subscription,
        filtered_by=FILTERED_BY,
    ),
]
