# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of developers."""

from __future__ import annotations

from ..engine.declaration import ANY, BuiltIn, Link, Resource
from ..engine.write import Write

SYSTEM = (
    BuiltIn(
        "administrators",
        {
            "displayName": "Administrators",
            "description": "Administrators is a built-in group containing the admin email "
            "account provided at the time of service creation. Its membership is managed by the system.",
            "builtIn": True,
            "type": "system",
            "externalId": None,
        },
    ),
    BuiltIn(
        "developers",
        {
            "displayName": "Developers",
            "description": "Developers is a built-in group. Its membership is managed by the "
            "system. Signed-in users fall into this group.",
            "builtIn": True,
            "type": "system",
            "externalId": None,
        },
    ),
    BuiltIn(
        "guests",
        {
            "displayName": "Guests",
            "description": "Guests is a built-in group. Its membership is managed by the system. "
            "Unauthenticated users visiting the developer portal fall into this group.",
            "builtIn": True,
            "type": "system",
            "externalId": None,
        },
    ),
)


def prepare(write: Write) -> None:
    """Groups of the system stay. An external one may do without an id (azurerm makes such)."""
    given = write.properties
    if write.before("builtIn"):
        write.flaw("groupId", "Built-in group cannot be changed.")
    if given.get("type") == "system" and not write.before("builtIn"):
        write.flaw("type", "Groups of type 'system' are created by the service.")
    given["builtIn"] = False


GROUP = Resource(
    path="groups/{groupId}",
    noun="Group",
    put="GroupCreateParameters",
    patch="GroupUpdateParameters",
    name=ANY,
    name_length=256,
    workspace=True,
    required=("displayName",),
    unique=("displayName",),
    defaults={"type": "custom"},
    nulls=("description", "externalId"),
    built_in=SYSTEM,
    protected=True,
    prepare=prepare,
)
USERS = Resource(
    path="groups/{groupId}/users/{userId}",
    noun="User",
    methods="PUT HEAD DELETE LIST",
    name=ANY,
    workspace=True,
    if_match=False,
    link=Link("users", id="target"),
)
RESOURCES = [GROUP, USERS]
