# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.close_first import FilterModule
from ansible_collections.innergate.azure.plugins.filter.reference_problems import FilterModule as References

close_first = FilterModule().filters()["close_first"]


def product(name: str, *apis: str, open: Any = None) -> dict[str, Any]:
    return {"name": name, "apis": list(apis), **({} if open is None else {"subscription_required": not open})}


ORDERS, STOCK = product("open orders", "orders", open=True), product("open stock", "stock", open=True)


@pytest.mark.parametrize(
    ("products", "order"),
    [
        ([], []),
        ([ORDERS, product("partners", "Orders")], [1, 0]),
        ([ORDERS, product("partners", "orders", open=False)], [1, 0]),
        ([{**ORDERS, "subscription_required": "no"}, product("partners", "orders")], [1, 0]),
        ([product("partners", "orders"), ORDERS], [0, 1]),
        ([ORDERS, product("partners", "stock")], [0, 1]),
        ([ORDERS, STOCK, product("a", "stock"), product("b", "orders", "stock"), product("c")], [3, 0, 2, 1, 4]),
        ([{"name": "x", "subscription_required": False}, {"name": "y", "apis": None}], [0, 1]),
    ],
)
def test_what_may_have_to_be_closed_goes_before_what_is_opened(products: list[Any], order: list[int]) -> None:
    assert close_first(products) == [products[index] for index in order]


def test_display_names_change_hands_in_that_order() -> None:
    """The one that is described last gives its name up before the other one takes it."""
    reference_problems = References().filters()["reference_problems"]
    existing = {"products": [{"name": "old", "display_name": "Orders"}, {"name": "new", "display_name": "New"}]}
    new = {**product("new", "orders", open=True), "display_name": "Orders"}
    old = {**product("old", "orders"), "display_name": "Old"}
    assert reference_problems({"products": [new, old]}, existing) == []
    assert len(reference_problems({"products": [new, {**old, "apis": []}]}, existing)) == 1
