# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions and their keys."""

from __future__ import annotations

import re

import pytest
from unit.sandbox.apimanagement.console import OLD, Console, etag, flaws

KEY = re.compile(r"[0-9a-f]{32}")


async def test_a_new_subscription(gate: Console) -> None:
    """azure-cli recording test_apim_Subscription: keys in answers to writes only."""
    answer = await gate.at(OLD).put("subscriptions/s", {"scope": "/apis", "displayName": "foo-bar"})
    found = answer.body["properties"]
    assert answer.status == 201
    assert KEY.fullmatch(found.pop("primaryKey")) and KEY.fullmatch(found.pop("secondaryKey"))
    assert re.fullmatch(r"\d{4}-.*Z", found.pop("createdDate"))
    assert found == {
        "scope": f"{gate.id}/apis", "displayName": "foo-bar", "state": "active", "startDate": None,
        "expirationDate": None, "endDate": None, "notificationDate": None, "stateComment": None,
    }  # fmt: skip
    for shown in (
        await gate.properties("subscriptions/s"),
        (await gate.get("subscriptions")).body["value"][-1]["properties"],
    ):
        assert not {"primaryKey", "secondaryKey"} & set(shown)


async def test_the_built_in_subscription(gate: Console) -> None:
    item = (await gate.get("subscriptions?$filter=name%20eq%20'master'")).body["value"][0]
    assert (item["name"], item["properties"]["scope"]) == ("master", f"{gate.id}/")
    assert item["properties"]["displayName"] == "Built-in all-access subscription"
    assert item["properties"]["allowTracing"] is False
    assert (await gate.delete("subscriptions/master")).status == 400
    assert KEY.fullmatch((await gate.post("subscriptions/master/listSecrets")).body["primaryKey"])


@pytest.mark.parametrize("scope", ["/products/starter", "products/Starter", "{id}/products/starter"])
async def test_scopes_become_full_ids(gate: Console, scope: str) -> None:
    answer = await gate.put("subscriptions/s", {"displayName": "S", "scope": scope.replace("{id}", gate.id)})
    assert answer.body["properties"]["scope"] == f"{gate.id}/products/starter"


async def test_a_scope_may_name_a_revision(gate: Console) -> None:
    """azurerm gives the id of an API with its revision, and wants it back (its test Subscription_withApiId)."""
    await gate.put("apis/Orders", {"displayName": "Orders", "path": "orders", "protocols": ["https"]})
    body = {"displayName": "S", "scope": f"{gate.id}/apis/orders;rev=1"}
    assert (await gate.put("subscriptions/s", body)).body["properties"]["scope"] == f"{gate.id}/apis/Orders;rev=1"
    assert "scope" in flaws(await gate.put("subscriptions/t", {**body, "scope": "/apis/orders;rev=2"}))
    await gate.delete("apis/Orders?deleteRevisions=true")
    assert (await gate.get("subscriptions/s")).status == 404


@pytest.mark.parametrize("scope", ["/products/none", "/apis/none", "/tags/t", "/subscriptions/x/products/p", ""])
async def test_scopes_that_lead_nowhere(gate: Console, scope: str) -> None:
    assert "scope" in flaws(await gate.put("subscriptions/s", {"displayName": "S", "scope": scope}))


async def test_keys_can_be_chosen_and_are_unique(gate: Console) -> None:
    own = {"displayName": "S", "scope": "/apis", "primaryKey": "mine", "secondaryKey": "mine-too"}
    assert (await gate.put("subscriptions/s", own)).body["properties"]["primaryKey"] == "mine"
    assert (await gate.post("subscriptions/s/listSecrets")).body == {"primaryKey": "mine", "secondaryKey": "mine-too"}
    assert "primaryKey" in flaws(await gate.put("subscriptions/t", {**own, "secondaryKey": "else"}))
    assert flaws(await gate.put("subscriptions/t", {**own, "primaryKey": "x", "secondaryKey": "x"}))
    answer = await gate.patch("subscriptions/s", {"secondaryKey": "changed"})
    assert answer.body["properties"]["secondaryKey"] == "changed"


async def test_a_put_without_keys_keeps_them(gate: Console) -> None:
    body = {"displayName": "S", "scope": "/apis"}
    first = await gate.put("subscriptions/s", body)
    again = await gate.put("subscriptions/s", body)
    assert again.body["properties"]["primaryKey"] == first.body["properties"]["primaryKey"]
    assert etag(again) == etag(first)


@pytest.mark.parametrize("name", ["Primary", "Secondary"])
async def test_regenerating_a_key(gate: Console, name: str) -> None:
    first = await gate.put("subscriptions/s", {"displayName": "S", "scope": "/apis"})
    answer = await gate.post(f"subscriptions/s/regenerate{name}Key")
    assert (answer.status, answer.body) == (204, None)
    now = await gate.post("subscriptions/s/listSecrets")
    changed = {key for key in now.body if now.body[key] != first.body["properties"][key]}
    assert changed == {f"{name.lower()}Key"}
    assert etag(now) != etag(first)


async def test_states(gate: Console) -> None:
    await gate.put("subscriptions/s", {"displayName": "S", "scope": "/apis"})
    for state in ("suspended", "active", "cancelled"):
        assert (await gate.patch("subscriptions/s", {"state": state})).body["properties"]["state"] == state
    assert (await gate.properties("subscriptions/s"))["endDate"]
    assert (await gate.put("subscriptions/s", {"displayName": "S", "scope": "/apis"})).body["properties"][
        "state"
    ] == "cancelled"
    assert "state" in flaws(await gate.patch("subscriptions/s", {"state": "lost"}))


async def test_approval_is_waited_for(gate: Console) -> None:
    await gate.put("users/u", {"firstName": "A", "lastName": "B", "email": "a@example.com"})
    await gate.put("products/p", {"displayName": "P", "approvalRequired": True})
    body = {"displayName": "S", "scope": "/products/p", "ownerId": "/users/u"}
    found = (await gate.put("subscriptions/s", body)).body["properties"]
    assert (found["state"], found["ownerId"]) == ("submitted", f"{gate.id}/users/u")
    assert (await gate.patch("subscriptions/s", {"state": "active"})).body["properties"]["startDate"]
    assert await gate.names("users/u/subscriptions") == ["s"]
    assert "ownerId" in flaws(await gate.put("subscriptions/t", {**body, "ownerId": "/users/none"}))


async def test_limits(gate: Console) -> None:
    await gate.put("products/p", {"displayName": "P", "subscriptionsLimit": 1})
    body = {"displayName": "S", "scope": "/products/p"}
    assert (await gate.put("subscriptions/s", body)).status == 201
    refused = await gate.put("subscriptions/t", body)
    text = "Subscriptions limit reached for same user"
    assert refused.body == {"error": {"code": "ValidationError", "message": text, "details": None}}
    assert (await gate.put("subscriptions/s", body)).status == 200


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("productId eq 'P'", ["a", "b"]),
        ("productId ne 'p' and name ne 'master'", ["c"]),
        ("startswith(productId,'p') and userId eq 'u'", ["b"]),
        ("userId eq 'nobody'", []),
        ("contains(scope,'/products/')", ["a", "b"]),
    ],
)
async def test_lists_are_filtered_by_product_and_user(gate: Console, expression: str, expected: list[str]) -> None:
    await gate.put("users/u", {"firstName": "A", "lastName": "B", "email": "a@example.com"})
    await gate.put("products/p", {"displayName": "P"})
    await gate.put("subscriptions/a", {"displayName": "A", "scope": "/products/p"})
    await gate.put("subscriptions/b", {"displayName": "B", "scope": "/products/p", "ownerId": "/users/u"})
    await gate.put("subscriptions/c", {"displayName": "C", "scope": "/apis"})
    query = f"$filter={expression.replace(' ', '%20')}"
    assert [name for name in await gate.names(f"subscriptions?{query}") if name in "abc"] == expected
    within = [name for name in expected if name != "c"]
    assert await gate.names(f"products/p/subscriptions?{query}") == within
    assert await gate.names(f"users/u/subscriptions?{query}") == [name for name in within if name == "b"]


async def test_the_built_in_subscription_stays_what_it_is(gate: Console) -> None:
    await gate.put("products/p", {"displayName": "P"})
    for scope in ("/products/p", "/apis", f"{gate.id}/products/p"):
        assert "scope" in flaws(await gate.put("subscriptions/master", {"displayName": "M", "scope": scope}))
        assert "scope" in flaws(await gate.patch("subscriptions/master", {"scope": scope}))
    for scope in ("/", f"{gate.id}/"):
        answer = await gate.put("subscriptions/master", {"displayName": "M", "scope": scope})
        assert (answer.status, answer.body["properties"]["scope"]) == (200, f"{gate.id}/")
    assert (await gate.delete("subscriptions/master")).status == 400
    assert (await gate.put("subscriptions/other", {"displayName": "O", "scope": "/"})).status == 201
    assert (await gate.delete("subscriptions/other")).status == 200
