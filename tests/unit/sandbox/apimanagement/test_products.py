# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products, their links, groups, tags: both styles of links."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.apimanagement.console import OLD, Console, etag, flaws

PRODUCT = {"displayName": "Internal"}


async def test_defaults(gate: Console) -> None:
    """azure-cli recording test_apim_product: groups in the answers to PUT only, Administrators on creation."""
    answer = await gate.put("products/p", PRODUCT)
    found = answer.body["properties"]
    assert answer.status == 201
    assert [group["name"] for group in found.pop("groups")] == ["Administrators"]
    assert found == {
        "displayName": "Internal", "description": None, "terms": None, "subscriptionRequired": True,
        "approvalRequired": False, "subscriptionsLimit": None, "state": "notPublished",
    }  # fmt: skip
    again = await gate.put("products/p", {**PRODUCT, "state": "published"})
    assert (again.status, again.body["properties"]["groups"]) == (200, [])
    assert "groups" not in await gate.properties("products/p")
    assert await gate.names("products/p/groups") == ["administrators"]
    listed = (await gate.get("products?expandGroups=true")).body["value"]
    assert [group["name"] for group in listed[0]["properties"]["groups"]] == ["Administrators", "Developers", "Guests"]


async def test_approval_and_limits_need_subscriptions(gate: Console) -> None:
    body = {**PRODUCT, "subscriptionRequired": False}
    assert "approvalRequired" in flaws(await gate.put("products/p", {**body, "approvalRequired": True}))
    assert "subscriptionsLimit" in flaws(await gate.put("products/p", {**body, "subscriptionsLimit": 1}))
    assert (await gate.put("products/p", body)).status == 201


async def test_a_product_with_subscriptions_is_kept(gate: Console) -> None:
    await gate.put("products/p", PRODUCT)
    await gate.put("subscriptions/s", {"displayName": "S", "scope": "/products/p"})
    [listed] = (await gate.get("products/p/subscriptions")).body["value"]
    assert (listed["name"], listed["id"]) == ("s", f"{gate.id}/products/p/subscriptions/s")
    assert listed["type"] == "Microsoft.ApiManagement/service/products/subscriptions"
    assert "deleteSubscriptions" in next(iter(flaws(await gate.delete("products/p")).values()))
    assert (await gate.delete("products/p?deleteSubscriptions=true")).status == 200
    assert (await gate.get("subscriptions/s")).status == 404


async def test_linking_an_api(gate: Console) -> None:
    """azure-cli recording test_apim_product_api: no body, no If-Match, HEAD 204, the ETag of the API."""
    await gate.put("products/p", PRODUCT)
    answer = await gate.at(OLD).put("products/p/apis/echo-api")
    assert answer.status == 201
    assert answer.body["id"] == f"{gate.id}/products/p/apis/echo-api"
    assert answer.body["type"] == "Microsoft.ApiManagement/service/products/apis"
    found = answer.body["properties"]
    assert (found["displayName"], found["authenticationSettings"], found["protocols"]) == ("Echo API", None, None)
    assert etag(answer) == etag(await gate.get("apis/echo-api"))
    assert (await gate.put("products/p/apis/echo-api")).status == 200
    head = await gate.call("HEAD", "products/p/apis/echo-api")
    assert (head.status, header(head, "etag")) == (204, None)
    listed = (await gate.get("products/p/apis")).body
    assert (listed["count"], listed["value"][0]["properties"]["protocols"]) == (1, ["https"])
    assert "p" in [item["name"] for item in (await gate.get("apis/echo-api/products")).body["value"]]
    assert (await gate.delete("products/p/apis/echo-api", headers={})).status == 200
    assert (await gate.delete("products/p/apis/echo-api", headers={})).status == 204
    assert (await gate.call("HEAD", "products/p/apis/echo-api")).status == 404


async def test_links_need_both_sides(gate: Console) -> None:
    await gate.put("products/p", PRODUCT)
    for path in ("products/p/apis/none", "products/none/apis/echo-api", "products/p/groups/none"):
        answer = await gate.put(path)
        assert (answer.status, answer.body["error"]["code"]) == (400, "ValidationError")


async def test_both_styles_show_the_same_links(gate: Console) -> None:
    await gate.put("products/p", PRODUCT)
    made = await gate.put("products/p/apiLinks/l1", {"apiId": f"{gate.id}/apis/echo-api"})
    assert (made.status, made.body["properties"]) == (201, {"apiId": f"{gate.id}/apis/echo-api"})
    assert (await gate.call("HEAD", "products/p/apis/echo-api")).status == 204
    await gate.put("products/p/groups/developers")
    links = (await gate.get("products/p/groupLinks")).body["value"]
    assert f"{gate.id}/groups/developers" in [item["properties"]["groupId"] for item in links]
    assert (await gate.delete("products/p/apiLinks/l1", headers={})).status == 200
    assert await gate.names("products/p/apis") == []
    assert "apiId" in flaws(await gate.put("products/p/apiLinks/l1", {}))


async def test_groups(gate: Console) -> None:
    assert await gate.names("groups") == ["administrators", "developers", "guests"]
    answer = await gate.delete("groups/guests")
    assert answer.status == 400
    assert (await gate.put("groups/guests", {"displayName": "Mine"})).status == 400
    await gate.put("groups/g", {"displayName": "G"})
    await gate.put("users/u", {"firstName": "A", "lastName": "B", "email": "a@example.com"})
    assert (await gate.put("groups/g/users/u")).status == 201
    assert (await gate.call("HEAD", "groups/g/users/u")).status == 204
    assert await gate.names("users/u/groups") == ["developers", "g"]
    assert (await gate.put("groups/e", {"displayName": "E", "type": "external"})).status == 201


@pytest.mark.parametrize(
    ("holder", "view", "key"),
    [
        ("apis/echo-api", "apiLinks", "apiId"),
        ("apis/echo-api/operations/create-resource", "operationLinks", "operationId"),
        ("products/starter", "productLinks", "productId"),
    ],
)
async def test_tags_are_attached(gate: Console, holder: str, view: str, key: str) -> None:
    await gate.put("tags/t", {"displayName": "Blue"})
    answer = await gate.put(f"{holder}/tags/t")
    assert (answer.status, answer.body["properties"]["displayName"]) == (201, "Blue")
    assert etag(await gate.call("HEAD", f"{holder}/tags/t")) == etag(await gate.get("tags/t"))
    assert await gate.names(f"{holder}/tags") == ["t"]
    links = (await gate.get(f"tags/t/{view}")).body["value"]
    assert [item["properties"][key] for item in links] == [f"{gate.id}/{holder}"]
    assert (await gate.delete(f"{holder}/tags/t", headers={})).status == 200
    made = await gate.put(f"tags/t/{view}/mine", {key: f"/{holder}"})
    assert made.status == 201
    assert await gate.names(f"{holder}/tags") == ["t"]
    await gate.delete("tags/t")
    assert await gate.names(f"{holder}/tags") == []


async def test_lists_by_tags(gate: Console) -> None:
    await gate.put("tags/t", {"displayName": "Blue"})
    for holder in ("apis/echo-api", "apis/echo-api/operations/create-resource", "products/starter"):
        await gate.put(f"{holder}/tags/t")
    tag = {"id": "/tags/t", "name": "Blue"}
    apis = (await gate.get("apisByTags")).body["value"]
    assert [(row["tag"], row["api"]["id"]) for row in apis] == [(tag, "/apis/echo-api")]
    assert (await gate.get("productsByTags")).body["value"][0]["product"]["name"] == "Starter"
    assert len((await gate.get("productsByTags?includeNotTaggedProducts=true")).body["value"]) == 2
    operations = (await gate.get("apis/echo-api/operationsByTags")).body["value"]
    assert operations[0]["operation"]["urlTemplate"] == "/resource"
    assert len((await gate.get("tagResources")).body["value"]) == 3


async def test_products_with_a_tag(gate: Console) -> None:
    """Contract of the query parameter tags: products which are part of a specific tag."""
    await gate.put("tags/blue", {"displayName": "Blue"})
    await gate.put("products/starter/tags/blue")
    assert await gate.names("products?tags=Blue") == ["starter"]
    assert await gate.names("products?tags=green") == []
    assert await gate.names("products") == ["starter", "unlimited"]


OPEN = {"subscriptionRequired": False}


async def test_an_api_is_in_one_open_product_at_most(gate: Console) -> None:
    """Microsoft Learn, api-management-subscriptions; the words: Azure/apiops issue 413."""
    for name, more in (("one", OPEN), ("two", OPEN), ("closed", {})):
        assert (await gate.put(f"products/{name}", {"displayName": name, **more})).status == 201
    assert (await gate.put("products/one/apis/echo-api")).status == 201
    assert (await gate.put("products/one/apis/echo-api")).status == 200
    assert (await gate.put("products/closed/apis/echo-api")).status == 201
    refused = await gate.put("products/two/apis/Echo-API")
    assert (refused.status, refused.body["error"]["code"]) == (400, "ValidationError")
    assert flaws(refused) == {"aid": "API cannot be added to more than one open products."}
    link = {"apiId": f"{gate.id}/apis/echo-api"}
    assert "aid" in flaws(await gate.put("products/two/apiLinks/l", link))
    assert (await gate.put("products/one/apiLinks/echo", link)).status == 201
    assert await gate.names("products/two/apis") == []
    for answer in (
        await gate.put("products/closed", {"displayName": "closed", **OPEN}),
        await gate.patch("products/closed", OPEN),
    ):
        assert (answer.status, list(flaws(answer))) == (400, ["subscriptionRequired"])
    assert (await gate.properties("products/closed"))["subscriptionRequired"] is True
    assert (await gate.put("products/one", {"displayName": "First", **OPEN})).status == 200
    assert (await gate.patch("products/one", {"subscriptionRequired": True})).status == 200
    assert (await gate.put("products/two/apiLinks/l", link)).status == 201
    assert "subscriptionRequired" in flaws(await gate.patch("products/one", OPEN))
    assert (await gate.delete("products/two/apiLinks/l")).status == 200
    assert (await gate.patch("products/one", OPEN)).status == 200
