# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API is in one open product at most: one for which no subscription is required.

(Microsoft Learn: api-management-subscriptions. Azure/apiops issue 413: "API cannot be added to more than one open
products.")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

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
        ids = (f"{service}/products/{other}/apis/{api}",)
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
                ids += (f"{service}/apis/{api}",)
                yield ids, f"its API {api} is in the open product {other}, too: it can be in one of them only"


def _open_beside(products: Any, own: str) -> list[str]:
    names = [str(product.get("name")) for product in products if _is_open(product)]
    return [name for name in names if name.casefold() != own.casefold()]


def _is_open(product: Mapping[str, Any]) -> bool:
    return (product.get("properties") or {}).get("subscriptionRequired") is False
