# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscription keys: who may call, and the exact words for those who may not."""

from __future__ import annotations

import pytest
from unit.sandbox.gateway.world import World

MISSING = (
    b'{ "statusCode": 401, "message": "Access denied due to missing subscription key. '
    b'Make sure to include subscription key when making requests to an API." }'
)
INVALID = (
    b'{ "statusCode": 401, "message": "Access denied due to invalid subscription key. '
    b'Make sure to provide a valid key for an active subscription." }'
)


async def test_a_key_of_the_product_opens_its_apis(gateway: World) -> None:
    key = gateway.standard()
    answer = await gateway.call("/random/number", key)
    assert answer.status == 200
    assert answer.json["path"] == "/base/number"
    assert answer.headers["X-Backend"] == "yes"


async def test_without_a_key_the_missing_text_has_152_bytes(gateway: World) -> None:
    gateway.standard()
    answer = await gateway.call("/random")
    assert (answer.status, answer.body) == (401, MISSING)
    assert answer.headers["Content-Length"] == "152"
    assert answer.headers["Content-Type"] == "application/json"
    challenge = 'AzureApiManagementKey realm="https://contoso.azure-api.net/random",name="Ocp-Apim-Subscription-Key",type="header"'
    assert answer.headers["WWW-Authenticate"] == challenge
    assert gateway.seen == []


async def test_a_wrong_key_gets_the_invalid_text_of_143_bytes(gateway: World) -> None:
    gateway.standard()
    answer = await gateway.call("/random", "nonsense")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (401, INVALID, "143")
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("state", ["suspended", "cancelled", "submitted", "rejected", "expired"])
async def test_only_an_active_subscription_counts(gateway: World, state: str) -> None:
    gateway.standard()
    key = gateway.subscription("other", "products/internal", state)
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.body) == (401, INVALID)


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("products/internal", 200),
        ("products/foreign", 401),
        ("apis/random", 200),
        ("apis/other", 401),
        ("apis", 200),
        ("", 200),
    ],
)
async def test_a_key_counts_where_its_scope_covers_the_api(gateway: World, scope: str, status: int) -> None:
    gateway.standard()
    gateway.api("other")
    gateway.product("foreign", "other")
    key = gateway.subscription("someone", scope)
    assert (await gateway.call("/random", key)).status == status
    assert (await gateway.call("/random", key.replace("primary", "secondary"))).status == status


async def test_the_header_is_asked_first_and_the_query_only_without_it(gateway: World) -> None:
    key = gateway.standard()
    assert (await gateway.call(f"/random?subscription-key={key}")).status == 200
    assert (await gateway.call(f"/random?subscription-key={key}", "nonsense")).status == 401
    assert (await gateway.call("/random?subscription-key=nonsense", key)).status == 200


async def test_an_api_may_rename_header_and_parameter(gateway: World) -> None:
    gateway.standard()
    names = {"header": "X-Key", "query": "key"}
    gateway.api("own", subscriptionKeyParameterNames=names)
    key = gateway.subscription("all", "apis")
    assert (await gateway.call("/own", headers={"X-Key": key})).status == 200
    assert (await gateway.call(f"/own?key={key}")).status == 200
    refused = await gateway.call("/own", key)
    assert refused.body == MISSING
    assert 'name="X-Key"' in refused.headers["WWW-Authenticate"]


async def test_an_api_that_needs_no_key_refuses_a_wrong_one_all_the_same(gateway: World) -> None:
    gateway.service()
    gateway.api("open", subscriptionRequired=False)
    assert (await gateway.call("/open")).status == 200
    assert (await gateway.call("/open", "nonsense")).body == INVALID


async def test_an_open_product_lets_callers_without_a_key_in_and_lends_its_policies(gateway: World) -> None:
    gateway.standard()
    gateway.product("public", "random", subscriptionRequired=False)
    gateway.inbound(
        "products/public", '<set-header name="X-Product"><value>@(context.Product.Name)</value></set-header>'
    )
    answer = await gateway.call("/random")
    assert answer.status == 200
    assert answer.json["headers"]["x-product"] == "Public"


async def test_product_policies_run_for_keys_of_the_product_only(gateway: World) -> None:
    key = gateway.standard()
    everything = gateway.subscription("all", "apis")
    gateway.inbound("products/internal", '<set-header name="X-Product"><value>internal</value></set-header>')
    assert (await gateway.call("/random", key)).json["headers"]["x-product"] == "internal"
    assert "x-product" not in (await gateway.call("/random", everything)).json["headers"]


async def test_a_product_that_is_not_published_still_works(gateway: World) -> None:
    gateway.service()
    gateway.api("random")
    gateway.product("draft", "random", state="notPublished")
    key = gateway.subscription("caller", "products/draft")
    assert (await gateway.call("/random", key)).status == 200


async def test_a_regenerated_key_counts_at_once_and_the_old_one_no_more(gateway: World) -> None:
    key = gateway.standard()
    assert (await gateway.call("/random", key)).status == 200
    gateway.put(
        "subscriptions/caller",
        "subscriptions",
        {"scope": "/x/service/contoso/products/internal", "state": "active"},
        primaryKey="fresh",
        secondaryKey="other",
    )
    assert (await gateway.call("/random", key)).status == 401
    assert (await gateway.call("/random", "fresh")).status == 200


async def test_keys_never_reach_the_log(gateway: World) -> None:
    key = gateway.standard()
    await gateway.call(f"/random?subscription-key={key}&x=1", key)
    await gateway.call("/random?subscription-key=wrong-key-value")
    gateway.api("own", subscriptionKeyParameterNames={"query": "who", "header": "X-Who"})
    await gateway.call(f"/own?who={key}")
    records = list(gateway.log.read(category="gateway"))
    assert [record.status for record in records] == [200, 401, 401]
    text = repr(records)
    assert key not in text and "wrong-key-value" not in text
    assert records[0].query.endswith("&x=1")
    assert records[0].body["product"] == "internal"
