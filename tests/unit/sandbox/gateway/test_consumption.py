# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway of the Consumption tier does not do (Microsoft Learn: service limits, gateways overview)."""

from __future__ import annotations

import pytest
from aiohttp import web
from unit.sandbox.gateway.world import World

TIERS = pytest.mark.parametrize("tier", ["Consumption", "Developer"])
BIG = b"x" * (2 * 1024 * 1024 + 1)
READS = '<set-variable name="b" value="@(context.Request.Body.As<string>(true))" />'


@TIERS
async def test_urls_have_4096_bytes_and_queries_2048(gateway: World, tier: str) -> None:
    key = gateway.standard(tier)
    limited = tier == "Consumption"
    size = 4096 - len("https://contoso.azure-api.net/random/")
    assert (await gateway.call("/random/" + "x" * size, key)).status == 200
    answer = await gateway.call("/random/" + "x" * (size + 1), key)
    assert answer.status == (414 if limited else 200)
    assert not limited or answer.json == {"statusCode": 414, "message": "Request-URI Too Large"}
    assert (await gateway.call("/random?" + "x" * 2048, key)).status == 200
    assert (await gateway.call("/random?" + "x" * 2049, key)).status == (414 if limited else 200)


@TIERS
async def test_requests_are_buffered_up_to_2_mib(gateway: World, tier: str) -> None:
    key = gateway.standard(tier)
    gateway.operation("random", "post", "POST", "/*")
    assert (await gateway.call("/random", key, method="POST", data=BIG)).status == 200
    gateway.inbound("apis/random", READS)
    assert (await gateway.call("/random", key, method="POST", data=BIG[:-1])).status == 200
    answer = await gateway.call("/random", key, method="POST", data=BIG)
    assert answer.status == (413 if tier == "Consumption" else 200)


@TIERS
async def test_answers_are_buffered_up_to_2_mib(gateway: World, tier: str) -> None:
    key = gateway.standard(tier)
    gateway.answers += [web.Response(body=BIG), web.Response(body=BIG)]
    assert len((await gateway.call("/random", key)).body) == len(BIG)
    gateway.policy(
        "apis/random",
        "<policies><inbound><base /></inbound><outbound>"
        '<set-variable name="b" value="@(context.Response.Body.As<string>(true))" /></outbound></policies>',
    )
    assert (await gateway.call("/random", key)).status == (500 if tier == "Consumption" else 200)


@TIERS
async def test_a_request_takes_30_seconds_at_most(gateway: World, tier: str) -> None:
    key = gateway.standard(tier)
    gateway.takes = 31
    first = f"<set-url>{gateway.backend_url}/first</set-url>"
    gateway.inbound("apis/random", f'<send-request mode="new" response-variable-name="r">{first}</send-request>')
    answer = await gateway.call("/random", key)
    assert answer.status == (500 if tier == "Consumption" else 200)
    record = list(gateway.log.read(category="gateway"))[-1]
    assert ("forward-request/Timeout" in str(record.body)) == (tier == "Consumption")


@TIERS
async def test_it_has_no_cache_of_its_own(gateway: World, tier: str) -> None:
    key = gateway.standard(tier)
    gateway.policy(
        "apis/random",
        '<policies><inbound><base /><cache-lookup-value key="k" variable-name="v" default-value="none" />'
        '<cache-store-value key="k" value="kept" duration="60" />'
        '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound>'
        '<outbound><cache-store duration="60" /><set-header name="X-V"><value>@((string)context.Variables["v"])'
        "</value></set-header></outbound></policies>",
    )

    async def shown() -> list[str]:
        return [(await gateway.call(f"/random/{path}", key)).headers["X-V"] for path in "abb"]

    limited = tier == "Consumption"
    assert await shown() == ["none", *(["none"] * 2 if limited else ["kept"] * 2)]
    assert len(gateway.seen) == (3 if limited else 2)
    gateway.seen.clear()
    gateway.put("caches/redis", "caches", {"connectionString": "x", "useFromLocation": "default"})
    await shown()
    assert (await shown())[-1] == "kept"
