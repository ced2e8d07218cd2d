# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workspaces; what they hold are the same types as below a service."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.declaration import Resource

TIERS = ("Premium", "StandardV2", "PremiumV2")
CONNECTIONS = "Microsoft.ApiManagement/gateways/configConnections"


def links(call: Call) -> list[dict[str, Any]]:
    """GET workspaceLinks: which gateways serve which workspace."""
    found = []
    for workspace in call.ctx.store.children(call.service.id, call.type_of("workspaces")):
        gateways = [
            {"id": item.id.rsplit("/", 2)[0]}
            for item in call.ctx.store.find(CONNECTIONS)
            if str(item.body["properties"].get("sourceId")).lower() == workspace.id.lower()
        ]
        if gateways:
            found.append(_shown(call, workspace, gateways))
    return found


def _shown(call: Call, workspace: Entity, gateways: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": f"{call.service_id}/workspaceLinks/{workspace.name}",
        "type": call.type_of("workspaceLinks"),
        "name": workspace.name,
        "properties": {"workspaceId": workspace.id, "gateways": gateways},
    }


def link(call: Call) -> Entity | None:
    """GET workspaceLinks/W."""
    found = next((item for item in links(call) if item["name"].lower() == call.name.lower()), None)
    return Entity(call.id, call.type, {"properties": found["properties"]}, {}, call.service.version) if found else None


RESOURCES = [
    Resource(
        path="workspaces/{workspaceId}",
        noun="Workspace",
        put="WorkspaceContract",
        required=("displayName",),
        tiers=TIERS,
    ),
    Resource(
        path="workspaceLinks/{workspaceId}",
        noun="WorkspaceLink",
        methods="GET LIST",
        counted=False,
        lists=links,
        load=link,
        etag=False,
    ),
]
