# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/products/apis: an API as part of a product. The link has no body and no ETag."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    IfMatch,
    Obstacle,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._open_products import api_is_in_another
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import PRODUCT, SAFE, below_service

RESOURCE = ResourceType(
    name="apim_product_api",
    arm_type="Microsoft.ApiManagement/service/products/apis",
    client="apimanagement",
    title="API of a product",
    scopes=(
        Scope(
            "product_api",
            below_service(PRODUCT, Segment("apis", "api_name", pattern=SAFE, max_length=256, aliases=("name",))),
            list_sdk="list_by_product",
        ),
    ),
    if_match=IfMatch.NO,
    link=True,
    obstacles=(Obstacle(api_is_in_another, asks=True, names=2),),
)
