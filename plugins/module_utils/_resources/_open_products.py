# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API is in one open product at most: one for which no subscription is required.

(Microsoft Learn: api-management-subscriptions. Azure/apiops issue 413: "API cannot be added to more than one open
products.")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import setting

_Ask = Callable[..., Any]
_Seen = Iterator[tuple[tuple[str, ...], str]]


def api_is_in_another(ask: _Ask, after: Mapping[str, Any]) -> _Seen:
    """What is in the way of an API that becomes part of a product."""
    service, dummy, own = after["id"].rpartition("/products/")
    product, api = own.split("/")[0], after["name"]
    others = _open_beside(ask("api_product", "list_by_apis", api), product)
    if not others or not _is_open(ask("product", "get", product)):
        return
    for other in others:
        ids = (f"{service}/products/{other}/apis/{api}", *(_closing(service, name) for name in (product, other)))
        yield ids, f"the product is open, and the API is in the open product {other}: it can be in one of them only"


def has_apis_of_another(ask: _Ask, after: Mapping[str, Any]) -> _Seen:
    """What is in the way of a product that becomes open."""
    if after["subscription_required"] is not False:
        return
    service, dummy, product = after["id"].rpartition("/products/")
    own = [str(api.get("name")) for api in ask("product_api", "list_by_product", product)]
    for other in _open_beside(ask("product", "list_by_service"), product) if own else ():
        theirs = {str(api.get("name")).casefold() for api in ask("product_api", "list_by_product", other)}
        for api in own:
            if api.casefold() in theirs:
                ids = tuple(f"{service}/products/{name}/apis/{api}" for name in (product, other))
                ids += (f"{service}/apis/{api}", _closing(service, other))
                yield ids, f"its API {api} is in the open product {other}, too: it can be in one of them only"


def in_order(products: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Products as the role apim_products takes them, in an order in which they can be written.

    One that requires subscriptions goes before an open one with one of its APIs: it may be open until then.
    """
    waiting, found = list(products), []
    while waiting:
        item = waiting.pop(0)
        if _is_to_be_open(item):
            first = [other for other in waiting if not _is_to_be_open(other) and _apis(other) & _apis(item)]
            waiting = [other for other in waiting if other not in first]
            found += first
        found.append(item)
    return found


def _is_to_be_open(product: Mapping[str, Any]) -> bool:
    return not boolean(product.get("subscription_required", True), strict=False)


def _apis(product: Mapping[str, Any]) -> set[str]:
    return {str(name).casefold() for name in product.get("apis") or ()}


def _open_beside(products: Any, own: str) -> list[str]:
    names = [str(product.get("name")) for product in products if _is_open(product)]
    return [name for name in names if name.casefold() != own.casefold()]


def _closing(service: str, product: str) -> str:
    """What goes when an open product becomes one that requires subscriptions."""
    return setting(f"{service}/products/{product}", "subscription_required", False)


def _is_open(product: Mapping[str, Any]) -> bool:
    return (product.get("properties") or {}).get("subscriptionRequired") is False
