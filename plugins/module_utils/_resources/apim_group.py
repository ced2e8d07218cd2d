# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import name_is_taken
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import below_service


def _can_be_made(wanted: Mapping[str, Any]) -> str | None:
    """System groups are Azure's own (SDK: GroupType)."""
    if wanted.get("type") == "system":
        return "a group of type system can't be created: Azure brings them along"
    return None


def _own_of_azure(found: Mapping[str, Any]) -> str | None:
    """(Microsoft Learn: api-management-howto-create-groups, "immutable system groups".)"""
    return "it is one of Azure's own groups, which can't be deleted" if found.get("built_in") else None


def _stays(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    names = ("display_name", "description", "external_id")
    changed = [name for name in names if wanted.get(name) is not None and wanted[name] != (found.get(name) or "")]
    if found.get("built_in") and changed:
        return f"it is one of Azure's own groups, whose {changed[0]} can't be changed"
    return None


RESOURCE = ResourceType(
    name="apim_group",
    arm_type="Microsoft.ApiManagement/service/groups",
    client="apimanagement",
    title="group",
    scopes=(Scope("group", below_service(Segment("groups", "name", max_length=256)), list_sdk="list_by_service"),),
    fields=(
        Field("display_name", required_on_create=True, max_length=300),
        Field("description", max_length=1000),
        Field("type", choices=("custom", "system", "external"), compare=Compare.CASELESS, immutable=True),
        Field("external_id"),
        Field("built_in", "bool", read_only=True),
    ),
    check_create=_can_be_made,
    check_update=_stays,
    check_delete=_own_of_azure,
    obstacles=(name_is_taken("group"),),
)
