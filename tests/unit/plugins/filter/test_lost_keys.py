# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.filter.lost_keys import FilterModule

lost_keys = FilterModule().filters()["lost_keys"]
FOUND = [
    {"name": "web", "scope": "/products/open", "display_name": "web"},
    {"name": "tools", "scope": "/Products/OPEN", "display_name": "tools"},
    {"name": "azures", "scope": "/products/open", "owner": "/users/1"},
    {"name": "people", "scope": "/apis/random;rev=2", "display_name": "people"},
    {"name": "all", "scope": "/apis", "display_name": "all"},
]


def test_one_message_names_all_that_would_be_lost_and_what_allows_it() -> None:
    assert lost_keys(FOUND, products=["open", "closed"], apis=["random"], going=["WEB"]) == [
        "Product open has subscriptions whose keys would be lost: tools.",
        "API random has subscriptions whose keys would be lost: people.",
        "Remove them first, or set apim_products_delete_subscriptions and apim_apis_delete_subscriptions to true.",
    ]


def test_only_what_goes_counts() -> None:
    assert lost_keys(FOUND, products=["open"])[1:] == [
        "Remove them first, or set apim_products_delete_subscriptions to true."
    ]
    assert "web, tools." in lost_keys(FOUND, products=["open"])[0]
    assert lost_keys(FOUND, products=["open"], going=["web", "tools"]) == []
    assert lost_keys(FOUND, apis=["dice"]) == [] == lost_keys(FOUND)
