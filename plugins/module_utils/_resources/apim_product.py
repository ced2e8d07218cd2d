# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    Obstacle,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import name_is_taken
from ansible_collections.innergate.azure.plugins.module_utils._resources._open_products import has_apis_of_another
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import below_service

#: What the user writes for "any number", where Azure has null. Null as an option means "not managed".
UNLIMITED = -1


def limit(value: Any) -> Any:
    """Null -> -1; 0 stays 0: a product that nobody can subscribe to."""
    return UNLIMITED if value is None else value


def limit_on_wire(value: Any) -> Any:
    """-1 -> null."""
    return None if value == UNLIMITED else value


def approval(value: Any) -> Any:
    """Null -> false: what a product has for which no subscription is required."""
    return False if value is None else value


def _has_subscriptions(subscriptions: Any, product: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Azure deletes those of a product with it only if it is told to (SDK: ProductOperations.delete).

    The list gives their ids below the product, but a task that deletes one addresses it below the service.
    """
    service = str(product["id"]).rpartition("/products/")[0]
    for subscription in subscriptions:
        name = subscription["name"]
        yield (
            f"{service}/subscriptions/{name}",
            f"the subscription {name} is for it (delete_subscriptions deletes it, too)",
        )


RESOURCE = ResourceType(
    name="apim_product",
    arm_type="Microsoft.ApiManagement/service/products",
    client="apimanagement",
    title="product",
    scopes=(Scope("product", below_service(Segment("products", "name", max_length=256)), list_sdk="list_by_service"),),
    fields=(
        Field("display_name", default_on_create=OWN_NAME, max_length=300),
        Field("description", max_length=1000),
        Field("terms"),
        Field("subscription_required", "bool"),
        # terraform-provider-azurerm: both are sent only where a subscription is required
        Field("approval_required", "bool", from_azure=approval, only_with=("subscription_required", True)),
        Field(
            "subscriptions_limit",
            "int",
            from_azure=limit,
            to_azure=limit_on_wire,
            minimum=UNLIMITED,
            only_with=("subscription_required", True),
        ),
        Field(
            "product_state",
            wire="properties.state",
            choices=("notPublished", "published"),
            compare=Compare.CASELESS,
        ),
    ),
    not_in_get=("properties.groups",),  # azure-cli recording test_apim_product
    absent_options=(Field("delete_subscriptions", "bool"),),
    obstacles=(
        Obstacle(
            _has_subscriptions,
            deletes=True,
            sdk="product_subscriptions",
            operation="list",
            names=3,
            unless="delete_subscriptions",
        ),
        Obstacle(has_apis_of_another, asks=True, names=2, watched=("subscription_required",)),
        name_is_taken("product"),
    ),
    queries={"delete": {"delete_subscriptions": "{delete_subscriptions}"}},
)
