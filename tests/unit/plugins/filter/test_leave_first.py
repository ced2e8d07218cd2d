# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.leave_first import FilterModule

leave_first = FilterModule().filters()["leave_first"]
LINKS = [{"product_name": "old", "api_name": "Orders"}, {"product_name": "new", "api_name": "stale"}]


@pytest.mark.parametrize("required", [False, "false", "no"])
def test_what_an_open_product_gets_and_what_leaves_it_go_first(required: Any) -> None:
    product = {"name": "New", "subscription_required": required, "apis": ["orders"]}
    assert leave_first(LINKS, [product, {"name": "old"}]) == LINKS
    assert leave_first(LINKS, [{**product, "name": "other"}]) == LINKS[:1]
    assert leave_first(LINKS, [{**product, "apis": None}]) == LINKS[1:]


def test_others_need_not() -> None:
    given = [{"name": "new", "apis": ["orders"]}, {"name": "old", "subscription_required": "true", "apis": ["stale"]}]
    assert leave_first(LINKS, given) == []
