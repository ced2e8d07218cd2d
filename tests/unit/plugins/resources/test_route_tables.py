# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What routes of one table may not have in common, and what their next hops are."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import check_fields
from ansible_collections.innergate.azure.plugins.module_utils._resources import route_table


@pytest.mark.parametrize(
    ("wanted", "fine"),
    [
        ({"routes": [{"name": "new", "address_prefix": "10.0.0.0/8"}]}, False),
        ({"routes": [{"name": "new", "address_prefix": "10.0.0.0/8"}], "purge_routes": True}, True),
        ({"routes": [{"name": "OLD", "address_prefix": "10.0.0.0/8"}]}, True),
        (
            {
                "routes": [
                    {"name": "old", "address_prefix": "10.0.0.0/9"},
                    {"name": "a", "address_prefix": "10.0.0.0/8"},
                ]
            },
            True,
        ),
        (
            {"routes": [{"name": "old", "next_hop_type": "Internet"}, {"name": "a", "address_prefix": "10.0.0.0/8"}]},
            False,
        ),
        ({"routes": []}, True),
    ],
)
def test_a_prefix_of_a_route_that_stays_is_taken(wanted: dict[str, Any], fine: bool) -> None:
    found = {"routes": [{"name": "old", "address_prefix": "10.0.0.0/8", "next_hop_type": "None"}]}
    reason = route_table.RESOURCE.check_update(found, wanted)
    assert reason is None if fine else "both have the address_prefix 10.0.0.0/8" in reason


@pytest.mark.parametrize("text", ["nonsense", "10.0.0.0/24", "10.0.0.256"])
def test_a_next_hop_is_an_ip_address(text: str) -> None:
    several = {"next_hop_ip_addresses": [text, "10.0.0.5"]}
    for hop in ({"next_hop_ip_address": text}, {"next_hop": several}):
        with pytest.raises(PlanError, match="is no IP address"):
            check_fields(route_table.RESOURCE.fields, {"routes": [{"name": "a", **hop}]})
    several = {"next_hop_ip_addresses": ["10.0.0.4", "10.0.0.5"]}
    fine = {"name": "a", "next_hop_ip_address": "fd00::4", "next_hop": several}
    check_fields(route_table.RESOURCE.fields, {"routes": [fine]})
