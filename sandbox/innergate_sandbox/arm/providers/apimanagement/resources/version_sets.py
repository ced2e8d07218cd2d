# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API version sets."""

from __future__ import annotations

from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.declaration import Resource
from ..engine.items import refuse
from ..engine.write import Write


def prepare(write: Write) -> None:
    """The scheme says which name must be given; the other one is nothing."""
    given = write.properties
    for scheme, name in (("Query", "versionQueryName"), ("Header", "versionHeaderName")):
        if given.get("versioningScheme") != scheme:
            given.pop(name, None)
        elif not given.get(name):
            write.flaw(name, f"{name[:1].upper()}{name[1:]} is required when VersioningScheme is '{scheme}'.")


def before_delete(call: Call, entity: Entity) -> None:
    """Not while an API belongs to it."""
    users = [
        api.id
        for api in call.ctx.store.children(call.container, call.type_of("apis"))
        if str(api.body["properties"].get("apiVersionSetId", ""))
        .lower()
        .endswith(f"/apiversionsets/{entity.name.lower()}")
    ]
    if call.settings.refuse_delete_in_use:
        refuse("ApiVersionSet", entity.name, users, "apiVersionSet")


VERSION_SET = Resource(
    path="apiVersionSets/{versionSetId}",
    noun="ApiVersionSet",
    put="ApiVersionSetContract",
    patch="ApiVersionSetUpdateParameters",
    workspace=True,
    required=("displayName", "versioningScheme"),
    nulls=("description", "versionQueryName", "versionHeaderName"),
    prepare=prepare,
    before_delete=before_delete,
)
RESOURCES = [VERSION_SET]
