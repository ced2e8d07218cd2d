# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment would change: the template's resources beside what there is (Learn, "ARM template what-if")."""

from __future__ import annotations

from functools import partial
from typing import Any

from innergate_sandbox.arm import group_deletion
from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.arm.providers.resources.deployment import Deployment
from innergate_sandbox.arm.providers.resources.place import TYPE, Json


async def changes(deployment: Deployment) -> list[Json]:
    """Return the changes, {resourceId, changeType, before?, after?, delta?}."""
    found: list[Json] = []
    wanted = set()
    for one in deployment.planned:
        wanted.add(one.key)
        if one.existing or one.type.lower() == TYPE.lower():
            continue
        try:
            before = (await deployment.send("GET", one.id, one.api_version)).body
        except ArmError as error:
            if error.status != 404:
                raise
            before = None
        try:
            body = await deployment.live(partial(deployment.template.content, one))
        except ArmError:
            # It depends on something that is not there yet.
            found.append({"resourceId": one.id, "changeType": "Deploy" if before else "Create"})
            continue
        after = {
            "id": one.id,
            "name": one.name.rpartition("/")[2],
            "type": one.type,
            "apiVersion": one.api_version,
            **body,
        }
        if before is None:
            found.append({"resourceId": one.id, "changeType": "Create", "after": after})
            continue
        delta = _delta(before, body, "")
        kind = "Modify" if delta else "NoChange"
        found.append({"resourceId": one.id, "changeType": kind, "before": before, "after": after, "delta": delta})
    if deployment.place.group:
        complete = str(deployment.wanted["mode"]).lower() == "complete"
        for entity in group_deletion.top_level(deployment.ctx, deployment.place.scope):
            if entity.id.lower() not in wanted:
                shown = {"id": entity.id, "name": entity.name, "type": entity.type}
                kind = "Delete" if complete else "Ignore"
                found.append({"resourceId": entity.id, "changeType": kind, "before": shown})
    return found


def _delta(before: Any, after: Json, path: str) -> list[Json]:
    """Return what differs of the properties that are wanted; lists are compared as they are."""
    found = []
    for key, value in after.items():
        here = f"{path}.{key}".strip(".")
        old = before.get(key) if isinstance(before, dict) else None
        if isinstance(value, dict) and isinstance(old, dict):
            found += _delta(old, value, here)
        elif old is None and value is not None:
            found.append({"path": here, "propertyChangeType": "Create", "after": value})
        elif not _same(old, value):
            found.append({"path": here, "propertyChangeType": "Modify", "before": old, "after": value})
    return found


def _same(old: Any, new: Any) -> bool:
    if isinstance(new, dict) and isinstance(old, dict):
        return all(_same(old.get(key), value) for key, value in new.items())
    if isinstance(new, list) and isinstance(old, list):
        return len(old) == len(new) and all(_same(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(new, str) and isinstance(old, str):
        return old.replace(" ", "").lower() == new.replace(" ", "").lower()
    return bool(old == new)
