# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/products."""

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
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import below_service

#: What the user writes for "any number", where Azure has null. Null as an option means "not managed".
UNLIMITED = -1


def limit(value: Any) -> Any:
    """null -> -1; 0 stays 0: a product that nobody can subscribe to."""
    return UNLIMITED if value is None else value


def limit_on_wire(value: Any) -> Any:
    """-1 -> null."""
    return None if value == UNLIMITED else value


def _open_product(wanted: Mapping[str, Any]) -> str | None:
    """Approval and a limit are allowed only where a subscription is required (terraform-provider-azurerm)."""
    if wanted.get("subscription_required") is not False:
        return None
    if wanted.get("approval_required"):
        return "approval_required makes sense only with subscription_required: a product without keys has no requests"
    if wanted.get("subscriptions_limit") not in (None, UNLIMITED):
        return "subscriptions_limit makes sense only with subscription_required: a product without keys has none"
    return None


RESOURCE = ResourceType(
    name="apim_product",
    arm_type="Microsoft.ApiManagement/service/products",
    client="apimanagement",
    title="product",
    scopes=(Scope("product", below_service(Segment("products", "name", max_length=256)), list_sdk="list_by_service"),),
    fields=(
        Field("display_name", required_on_create=True, max_length=300),
        Field("description", max_length=1000),
        Field("terms"),
        Field("subscription_required", "bool"),
        Field("approval_required", "bool"),
        Field("subscriptions_limit", "int", from_azure=limit, to_azure=limit_on_wire, minimum=UNLIMITED),
        Field(
            "product_state",
            wire="properties.state",
            choices=("notPublished", "published"),
            compare=Compare.CASELESS,
        ),
    ),
    absent_options=(Field("delete_subscriptions", "bool"),),
    queries={"delete": {"delete_subscriptions": "{delete_subscriptions}"}},
    check=_open_product,
)
