# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an API is kept: an entity for what its revisions share, one for each revision.

Microsoft Learn, api-management-revisions, and the azure-cli recording test_apim_api_revision: display name, path,
description, protocols, version... are the API's; service URL, key names, operations and policies are a revision's.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.call import Call
from ..engine.declaration import Properties

OWN = frozenset(
    {
        "apiRevision",
        "apiRevisionDescription",
        "serviceUrl",
        "subscriptionKeyParameterNames",
        "authenticationSettings",
        "isOnline",
    }
)
COPIED = ("operations", "policies", "schemas", "tags", "resolvers", "tagDescriptions")


def load(call: Call) -> Entity | None:
    """The API or revision that a path names, put together; the version is the newer one of both parts."""
    return compose(call, *split_revision(call.name))


def compose(call: Call, api: str, number: str | None) -> Entity | None:
    """An API as one of its revisions shows it."""
    root = call.ctx.store.get(f"{call.container}/apis/{api}")
    if root is None:
        return None
    current = str(root.hidden["current"])
    revision = call.ctx.store.get(f"{root.id}/revisions/{number or current}")
    return joined(root, revision, suffixed=number is not None) if revision else None


def joined(root: Entity, revision: Entity, *, suffixed: bool = False) -> Entity:
    """Both parts as one entity; hidden has `current` (a bool) and `number`."""
    properties = copy.deepcopy(root.body["properties"]) | copy.deepcopy(revision.body["properties"])
    number = str(properties["apiRevision"])
    current = number.lower() == str(root.hidden["current"]).lower()
    if current:
        properties["isCurrent"] = True
    name = f"{root.id};rev={number}" if suffixed else root.id
    return Entity(
        name,
        root.type,
        {"properties": properties},
        {"current": current, "number": number},
        max(root.version, revision.version),
        root.created,
        max(root.updated, revision.updated),
    )


def current(call: Call, root: Entity) -> Entity:
    """The entity of an API's current revision."""
    return call.ctx.store.require(f"{root.id}/revisions/{root.hidden['current']}")


def split(properties: Properties) -> tuple[Properties, Properties]:
    """What is the API's and what is the revision's."""
    shared = {k: v for k, v in properties.items() if k not in OWN and k != "isCurrent"}
    return shared, {k: v for k, v in properties.items() if k in OWN}


def all_of(call: Call, root: Entity) -> list[Entity]:
    """The entities of all revisions of an API, oldest first."""
    return call.ctx.store.children(root.id, call.type_of("apis/revisions"))


def make_current(call: Call, root: Entity, number: str) -> None:
    """Let calls without a revision go to this one."""
    hidden = root.hidden | {"current": number}
    call.ctx.store.put(root.id, root.type, root.body, hidden)


def copy_content(call: Call, source: Entity, target: Entity) -> None:
    """Copy the operations, policies, schemas and tags of a revision to another one."""
    store = call.ctx.store
    for entity in store.find(under=source.id):
        path = entity.id[len(source.id) :]
        if path.strip("/").split("/")[0] in COPIED:
            store.put(target.id + path, entity.type, entity.body, entity.hidden)


def listing(call: Call) -> list[dict[str, Any]]:
    """GET apis/A/revisions: short ids, the newest revision first (azure-cli recording test_apim_api_revision)."""
    api = split_revision(call.names[0])[0]
    root = call.ctx.store.require(f"{call.container}/apis/{api}")
    prefix = f"/workspaces/{call.route.workspace}" if call.route.workspace else ""
    found = []
    for revision in reversed(all_of(call, root)):
        own, number = revision.body["properties"], revision.body["properties"]["apiRevision"]
        is_current = number == root.hidden["current"]
        path = root.body["properties"].get("path") or ""
        item = f"{prefix}/apis/{root.name};rev={number}"
        found.append(
            {
                "id": f"{item}/revisions/{root.name};rev={number}",
                "apiId": item,
                "apiRevision": number,
                "createdDateTime": moment(revision.created),
                "updatedDateTime": moment(revision.updated),
                "description": own.get("apiRevisionDescription"),
                "privateUrl": f"/{path}" + ("" if is_current else f";rev={number}"),
                "isOnline": own.get("isOnline", True),
                "isCurrent": is_current,
            }
        )
    return found


def moment(seconds: float) -> str:
    """A time as answers show it, with three fractional digits at most."""
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].rstrip("0").rstrip(".")
    return text + "Z"
