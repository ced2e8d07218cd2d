# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/tags: the smallest type there is, and the walk-through of CONTRIBUTING.md."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import name_is_taken
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service

RESOURCE = ResourceType(
    name="apim_tag",
    arm_type="Microsoft.ApiManagement/service/tags",
    client="apimanagement",
    title="tag",
    scopes=(Scope("tag", below_service(Segment("tags", "name", pattern=SAFE)), list_sdk="list_by_service"),),
    fields=(Field("display_name", required_on_create=True, max_length=160),),
    obstacles=(name_is_taken("tag"),),
)
