# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.scoped_subscriptions import FilterModule

scoped_subscriptions = FilterModule().filters()["scoped_subscriptions"]
SERVICE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc"
JANE, ADMINISTRATOR = f"{SERVICE}/users/jane", f"{SERVICE}/users/1"


def kept(product: str = "a.b", **subscription: Any) -> bool:
    return bool(scoped_subscriptions([{"name": "s", **subscription}], f"/products/{product}"))


@pytest.mark.parametrize("scope", [f"{SERVICE}/products/a.b", f"{SERVICE.upper()}/Products/A.B", "/products/a.b"])
def test_those_to_the_product_in_any_case(scope: str) -> None:
    assert kept(scope=scope, owner=JANE, display_name="x")
    assert kept(scope=scope, owner=None, display_name=None)


@pytest.mark.parametrize("scope", ["/apis", "/apis/a.b", "/products/axb", "/products/a.b.c", "/products/x-a.b", None])
def test_those_to_something_else(scope: str | None) -> None:
    assert not kept(scope=scope, owner=JANE, display_name="x")


def test_what_azure_makes_by_itself_is_told_from_what_the_administrator_makes() -> None:
    scope = f"{SERVICE}/products/a.b"
    assert not kept(scope=scope, owner=ADMINISTRATOR, display_name=None)
    assert not kept(scope=scope, owner=ADMINISTRATOR.replace("users", "Users"))
    assert kept(scope=scope, owner=ADMINISTRATOR, display_name="partner-x")
    assert kept(scope=scope, owner=f"{SERVICE}/users/11")


def test_an_api_stands_for_its_revisions() -> None:
    own = ["/apis/a.b", f"{SERVICE}/APIs/A.B;rev=2", "/apis/a.b;rev=2/"]
    scopes = [*own, "/apis/axb", "/apis/a.b.c", "/products/a.b", "/apis"]
    given = [{"name": scope, "scope": scope, "owner": JANE} for scope in scopes]
    assert [item["name"] for item in scoped_subscriptions(given, "/apis/a.b")] == own
