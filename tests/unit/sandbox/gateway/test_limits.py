# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rate-limit, rate-limit-by-key, quota, quota-by-key."""

from __future__ import annotations

import pytest
from unit.sandbox.gateway.world import World


def limited(gateway: World, scope: str = "products/internal", policy: str = "") -> str:
    key = gateway.standard()
    gateway.inbound(scope, policy or '<rate-limit calls="2" renewal-period="60" />')
    return key


async def statuses(gateway: World, key: str | None, number: int, path: str = "/random") -> list[int]:
    return [(await gateway.call(path, key)).status for dummy in range(number)]


async def test_beyond_the_limit_the_429_has_84_bytes(gateway: World) -> None:
    key = limited(gateway)
    assert (await gateway.call("/random", key)).status == 200
    gateway.clock.advance(3)
    assert (await gateway.call("/random", key)).status == 200
    answer = await gateway.call("/random", key)
    assert answer.status == 429
    assert answer.body == b'{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }'
    assert (answer.headers["Content-Length"], answer.headers["Retry-After"]) == ("84", "57")
    assert len(gateway.seen) == 2


async def test_the_window_slides(gateway: World) -> None:
    key = limited(gateway)
    assert await statuses(gateway, key, 1) == [200]
    gateway.clock.advance(30)
    assert await statuses(gateway, key, 2) == [200, 429]
    gateway.clock.advance(30)
    assert await statuses(gateway, key, 2) == [200, 429]
    gateway.clock.advance(30)
    assert await statuses(gateway, key, 2) == [200, 429]


async def test_every_subscription_has_its_own_counter(gateway: World) -> None:
    key = limited(gateway)
    other = gateway.subscription("other", "products/internal")
    assert await statuses(gateway, key, 3) == [200, 200, 429]
    assert await statuses(gateway, other, 3) == [200, 200, 429]


async def test_without_a_subscription_there_is_no_limit(gateway: World) -> None:
    limited(gateway, "apis/random")
    gateway.product("public", "random", subscriptionRequired=False)
    assert await statuses(gateway, None, 4) == [200] * 4


async def test_a_limit_of_a_product_counts_all_its_apis_together(gateway: World) -> None:
    key = limited(gateway)
    gateway.api("second")
    gateway.product("internal", "random", "second")
    assert await statuses(gateway, key, 1) == [200]
    assert await statuses(gateway, key, 2, "/second") == [200, 429]


async def test_children_limit_single_apis_and_operations(gateway: World) -> None:
    policy = (
        '<rate-limit calls="100" renewal-period="60"><api name="Random" calls="3" renewal-period="60">'
        '<operation id="rare" calls="1" renewal-period="60" /></api></rate-limit>'
    )
    key = limited(gateway, policy=policy)
    gateway.operation("random", "rare", "GET", "/rare")
    assert await statuses(gateway, key, 2, "/random/rare") == [200, 429]
    assert await statuses(gateway, key, 3) == [200, 200, 429]


async def test_headers_and_variables_tell_about_the_limit(gateway: World) -> None:
    policy = (
        '<rate-limit calls="2" renewal-period="60" remaining-calls-header-name="X-Left" '
        'total-calls-header-name="X-Total" retry-after-header-name="X-Wait" remaining-calls-variable-name="left" />'
        '<set-header name="X-Seen"><value>@(context.Variables["left"].ToString())</value></set-header>'
    )
    key = limited(gateway, policy=policy)
    first = await gateway.call("/random", key)
    assert (first.headers["X-Left"], first.headers["X-Total"]) == ("1", "2")
    assert first.json["headers"]["x-seen"] == "1"
    await gateway.call("/random", key)
    refused = await gateway.call("/random", key)
    assert (refused.headers["X-Left"], refused.headers["X-Wait"]) == ("0", "60")
    assert "Retry-After" not in refused.headers


async def test_a_limit_by_key_counts_whatever_the_expression_says(gateway: World) -> None:
    policy = (
        '<rate-limit-by-key calls="1" renewal-period="30" '
        'counter-key="@(context.Request.Headers.GetValueOrDefault("X-Who", "nobody"))" />'
    )
    key = limited(gateway, "apis/random", policy)
    results = [(await gateway.call("/random", key, headers={"X-Who": who})).status for who in ("a", "b", "a")]
    assert results == [200, 200, 429]
    assert await statuses(gateway, key, 2) == [200, 429]


async def test_a_condition_on_the_response_counts_afterwards(gateway: World) -> None:
    policy = (
        '<rate-limit-by-key calls="1" renewal-period="30" counter-key="all" '
        'increment-condition="@(context.Response.StatusCode == 200)" increment-count="1" />'
    )
    key = limited(gateway, "apis/random", policy)
    gateway.operation("random", "other", "GET", "/other")
    gateway.policy(
        "apis/random/operations/other",
        '<policies><inbound><base /></inbound><outbound><base /><set-status code="404" /></outbound></policies>',
    )
    assert await statuses(gateway, key, 2, "/random/other") == [404, 404]
    assert await statuses(gateway, key, 2) == [200, 429]


async def test_beyond_the_quota_the_403_says_when_it_is_replenished(gateway: World) -> None:
    key = limited(gateway, policy='<quota calls="1" renewal-period="3600" />')
    assert await statuses(gateway, key, 1) == [200]
    gateway.clock.advance(1798)
    answer = await gateway.call("/random", key)
    assert answer.status == 403
    text = b'{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:30:02." }'
    assert answer.body == text and answer.headers["Content-Length"] == "100"
    assert answer.headers["Retry-After"] == "1802"
    gateway.clock.advance(1802)
    assert await statuses(gateway, key, 2) == [200, 403]


@pytest.mark.parametrize(("period", "words"), [("1209600", "14.00:00:00"), ("300", "00:05:00")])
async def test_longer_waits_are_told_in_days(gateway: World, period: str, words: str) -> None:
    key = limited(gateway, policy=f'<quota calls="1" renewal-period="{period}" />')
    await gateway.call("/random", key)
    assert f"replenished in {words}." in (await gateway.call("/random", key)).text


async def test_a_quota_survives_a_restart(gateway: World) -> None:
    key = limited(gateway, policy='<quota calls="1" renewal-period="3600" />')
    await gateway.call("/random", key)
    gateway.engine.counters.__post_init__()
    assert await statuses(gateway, key, 1) == [403]


async def test_bandwidth_is_limited_in_kilobytes(gateway: World) -> None:
    key = limited(gateway, policy='<quota bandwidth="1" renewal-period="3600" />')
    gateway.operation("random", "send", "POST", "/")
    assert (await gateway.call("/random", key, method="POST", data=b"x" * 1100)).status == 200
    answer = await gateway.call("/random", key)
    assert answer.status == 403
    assert "Out of bandwidth quota. Quota will be replenished in 01:00:00." in answer.text


async def test_a_quota_by_key_has_periods_of_its_own(gateway: World) -> None:
    policy = (
        '<quota-by-key calls="1" renewal-period="300" counter-key="@(context.Subscription.Id)" '
        'first-period-start="2025-06-15T15:00:00Z" />'
    )
    key = limited(gateway, "apis/random", policy)
    assert await statuses(gateway, key, 2) == [200, 403]
    gateway.clock.advance(300)
    assert await statuses(gateway, key, 2) == [200, 403]


async def test_a_key_has_one_counter_at_all_scopes(gateway: World) -> None:
    key = gateway.standard()
    policy = '<rate-limit-by-key calls="{}" renewal-period="{}" counter-key="shared" />'
    gateway.inbound("", policy.format(6, 30))
    gateway.inbound("apis/random", policy.format(4, 60))
    # Both policies count each call; the API's is the first to be full.
    assert await statuses(gateway, key, 3) == [200, 200, 429]
    gateway.clock.advance(31)  # the calls are too old for the one, but not for the other
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "29")
    gateway.clock.advance(29)
    assert (await gateway.call("/random", key)).status == 200
