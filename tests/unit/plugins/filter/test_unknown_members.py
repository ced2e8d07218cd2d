# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.filter.unknown_members import FilterModule

unknown_members = FilterModule().filters()["unknown_members"]


def test_a_name_that_is_not_known_is_told_with_one_that_is_near() -> None:
    products = [{"name": "open", "apis": ["randm"], "groups": ["developer", "xyz"]}, {"name": "empty"}]
    assert unknown_members(products, ["random"], ["partners"]) == [
        "product open names API randm, which is neither described nor there (did you mean random?)",
        "product open names group developer, which is neither described nor there (did you mean developers?)",
        "product open names group xyz, which is neither described nor there",
    ]


def test_a_near_name_is_hinted_at_in_the_case_in_which_it_is_known() -> None:
    assert unknown_members([{"name": "open", "apis": ["ordres"]}], ["Orders"]) == [
        "product open names API ordres, which is neither described nor there (did you mean Orders?)"
    ]


def test_what_is_known_in_another_case_or_as_a_revision_is_known() -> None:
    named = {"name": "open", "apis": ["Random", "random;rev=2"], "groups": ["Guests", "developers", "PARTNERS"]}
    assert unknown_members([named, {"name": "none", "apis": None}], ["random"], ["partners"]) == []
