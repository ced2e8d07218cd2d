# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the way of names, deletions and subscriptions in an API Management service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Obstacle

_Seen = Iterator["tuple[str | tuple[str, ...], str]"]


def name_is_taken(sdk: str) -> Obstacle:
    """Nothing else in the collection of this operation group has the display name.

    (GitHub issues Azure/apiops 606 and 837: "Product with the same name already exists", "Property with the same name
    already exist.")
    """

    def see(others: Any, after: Mapping[str, Any]) -> _Seen:
        wanted = str(after["display_name"]).casefold()
        for other in others:
            name, display_name = str(other.get("name")), (other.get("properties") or {}).get("displayName")
            if name.casefold() != str(after["name"]).casefold() and str(display_name).casefold() == wanted:
                yield _beside(after, name), f"display_name {display_name!r} is that of {name}"

    return Obstacle(see, sdk=sdk, operation="list_by_service", names=2, beside="", watched=("display_name",))


def is_in_a_pool(backends: Any, before: Mapping[str, Any]) -> _Seen:
    """A backend that a pool uses is not deleted."""
    ending = f"/backends/{before['name']}".casefold()
    for backend in backends:
        members = ((backend.get("properties") or {}).get("pool") or {}).get("services") or ()
        if any(str(member.get("id")).casefold().endswith(ending) for member in members):
            name = str(backend.get("name"))
            yield _beside(before, name), f"it is in the pool {name}"


def limit_is_reached(ask: Callable[..., Any], after: Mapping[str, Any]) -> _Seen:
    """A product says how many subscriptions a user may have (SDK: ProductContract.subscriptions_limit)."""
    dummy, separator, product = str(after["scope"]).rstrip("/").partition("/products/")
    limit = (ask("product", "get", product).get("properties") or {}).get("subscriptionsLimit") if separator else None
    if limit is None:
        return
    names = [
        str(other.get("name"))
        for other in ask("product_subscriptions", "list", product)
        if _user(other.get("properties") or {}) == str(after["owner"] or "").rpartition("/")[2].casefold()
    ]
    if len(names) >= limit:
        ids = tuple(_beside(after, name) for name in names)
        yield ids, f"the product {product} allows a user {limit} subscriptions, and there are {len(names)}"


def _user(subscription: Mapping[str, Any]) -> str:
    return str(subscription.get("ownerId") or "").rpartition("/")[2].casefold()


def _beside(own: Mapping[str, Any], name: str) -> str:
    """The id of another one in the same collection. Ids in answers to lists are not always their own."""
    return f"{str(own['id']).rpartition('/')[0]}/{name}"
