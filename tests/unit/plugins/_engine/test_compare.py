# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each way of comparing, with what it takes for the same and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare

SAME = [
    (Compare.EXACT, "a", "a"),
    (Compare.EXACT, {"a": [1]}, {"a": [1]}),
    (Compare.CASELESS, "Tcp", "TCP"),
    (Compare.ARM_ID, "/subscriptions/A/resourceGroups/B", "/subscriptions/a/resourcegroups/b/"),
    (Compare.LOCATION, "westus", "West US"),
    (Compare.CIDR, "10.0.0.0/24", "10.0.0.5/24"),
    (Compare.CIDR, "10.0.0.4", "10.0.0.4/32"),
    (Compare.CIDR, "VirtualNetwork", "virtualnetwork"),
    (Compare.CIDR, "fd00:0::/64", "fd00::/64"),
    (Compare.PATH, "/api/x", "api/x"),
    (Compare.NUMBER_TEXT, 1, "1"),
    (Compare.NUMBER_TEXT, True, "True"),
    (Compare.DURATION, "PT60S", "PT1M"),
    (Compare.DURATION, "P1D", "PT24H"),
    (Compare.DURATION, "P1Y", "P12M"),
    (Compare.POLICY, "<policies><inbound/></policies>", "<policies>\r\n\t<inbound></inbound>\r\n</policies>"),
    (Compare.NEVER, "a", "b"),
]
DIFFERENT = [
    (Compare.EXACT, "a", "A"),
    (Compare.EXACT, True, 1),
    (Compare.EXACT, "1", 1),
    (Compare.CASELESS, "Tcp", "Udp"),
    (Compare.LOCATION, "westus", "westus2"),
    (Compare.CIDR, "10.0.0.0/24", "10.0.0.0/25"),
    (Compare.CIDR, "*", "0.0.0.0/0"),
    (Compare.PATH, "api/x", "api/y"),
    (Compare.DURATION, "PT1M", "P1M"),
    (Compare.DURATION, "soon", "later"),
    (Compare.POLICY, "<policies><inbound/></policies>", "<policies><outbound/></policies>"),
]


@pytest.mark.parametrize(("how", "wanted", "found"), SAME)
def test_same(how: Compare, wanted: Any, found: Any) -> None:
    for pair in ((wanted, found), (found, wanted)):
        assert same(how, *pair)


@pytest.mark.parametrize(("how", "wanted", "found"), DIFFERENT)
def test_different(how: Compare, wanted: Any, found: Any) -> None:
    for pair in ((wanted, found), (found, wanted)):
        assert not same(how, *pair)


@pytest.mark.parametrize("how", list(Compare))
def test_null_equals_only_null(how: Compare) -> None:
    assert same(how, None, None)
    assert not same(how, None, "a")
    assert not same(how, "a", None)
