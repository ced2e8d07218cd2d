# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deletion of a resource group: its resources go first, by their own providers, in whatever order they can.

It runs in the background and survives a restart: a group whose state is Deleting is worked on until it is gone.
"""

from __future__ import annotations

import asyncio
import re

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import NOBODY, ArmError, Principal, parse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity, id_key

_TOP_LEVEL = re.compile(r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/[^/]+/[^/]+/[^/]+")
_NESTED = re.compile(_TOP_LEVEL.pattern + r"(/[^/]+/[^/]+)+")
_NOT_RESOURCES = re.compile(r"/providers/microsoft\.(authorization|resources)/")
_API_VERSION = "2024-05-01"

PAUSE = 0.02
"""Wall seconds between two looks at operations that still run."""

PATIENCE = 5
"""Rounds without any progress and without any operation running after which the deletion is given up."""


def top_level(ctx: Context, under: str) -> list[Entity]:
    """Return the resources of a group or subscription, oldest first.

    They are what stands directly in a group, and nested resources with a location of their own (links of private DNS
    zones), which ARM tracks, too.
    """
    return [entity for entity in ctx.store.find(under=under) if _is_tracked(entity)]


def _is_tracked(entity: Entity) -> bool:
    key = id_key(entity.id)
    nested = "location" in entity.body and _NESTED.fullmatch(key)
    return bool(_TOP_LEVEL.fullmatch(key) or nested) and not _NOT_RESOURCES.search(key)


def start(group: Entity, ctx: Context, principal: Principal = NOBODY) -> None:
    """Begin (or go on) deleting a group."""
    ctx.store.kv_set(_failure_key(group.name), None)
    ctx.spawn(_run(group, ctx, principal))


def resume(ctx: Context, groups: list[Entity]) -> None:
    """Go on with the deletions that a former process left."""
    for group in groups:
        if group.body["properties"]["provisioningState"] == "Deleting":
            start(group, ctx)


def failure(name: str, ctx: Context) -> ArmError | None:
    """Return why the last deletion of a group failed, None if it did not."""
    message = ctx.store.kv_get(_failure_key(name))
    return gateway_error(409, "ResourceGroupDeletionBlocked", message) if message else None


def _failure_key(name: str) -> str:
    return f"group-deletion:{name.lower()}"


async def _run(group: Entity, ctx: Context, principal: Principal) -> None:
    idle = 0
    while idle < PATIENCE:
        left = top_level(ctx, group.id)
        if not left:
            ctx.store.delete(group.id)
            return
        moved = False
        for entity in reversed(left):
            if not ctx.operations.running_for(entity.id):
                moved |= await _delete(entity, ctx, principal)
        running = bool(ctx.operations.running_for(group.id))
        idle = 0 if moved or running else idle + 1
        await asyncio.sleep(PAUSE)
        ctx.operations.complete_due()
    _give_up(group, ctx)


async def _delete(entity: Entity, ctx: Context, principal: Principal) -> bool:
    """Ask the resource's provider to delete it; True if it did, or started to."""
    namespace = entity.type.partition("/")[0]
    provider = ctx.provider(namespace)
    if provider is None:
        return bool(ctx.store.delete(entity.id))
    version = getattr(provider, "api_version", _API_VERSION)
    base_url = f"https://localhost:{ctx.settings.ports.get('arm', 443)}"
    target = f"{entity.id}?api-version={version}"
    request = parse("DELETE", target, headers={"If-Match": "*"}, base_url=base_url, principal=principal)
    try:
        await provider.handle(request, ctx)
    except ArmError:
        # In use by a neighbour, most likely: it is tried again when the neighbour is gone.
        return False
    return True


def _give_up(group: Entity, ctx: Context) -> None:
    left = ",".join(entity.id for entity in top_level(ctx, group.id))
    message = (
        f"Deletion of resource group '{group.name}' failed as resources with identifiers '{left}' could not be "
        "deleted. The provisioning state of the resource group will be rolled back. Please check "
        "audit logs for more details."
    )
    found = ctx.store.get(group.id)
    if found is not None:
        found.body["properties"]["provisioningState"] = "Succeeded"
        with ctx.store.transaction():
            ctx.store.put(found)
            ctx.store.kv_set(_failure_key(group.name), message)
