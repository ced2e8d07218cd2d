# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of responses and of values."""

from __future__ import annotations

from aiohttp import web
from unit.sandbox.gateway.world import World

CACHED = (
    '<policies><inbound><base /><cache-lookup vary-by-developer="{developer}" vary-by-developer-groups="false">'
    "<vary-by-header>Accept-Language</vary-by-header></cache-lookup></inbound><outbound>"
    '<cache-store duration="60" /><set-header name="X-Out" exists-action="append"><value>1</value></set-header>'
    "</outbound></policies>"
)


def cached(gateway: World, developer: str = "false") -> str:
    key = gateway.standard()
    gateway.policy("apis/random", CACHED.format(developer=developer))
    return key


async def test_a_kept_answer_saves_the_call_and_runs_what_is_behind_cache_store(gateway: World) -> None:
    key = cached(gateway)
    first = await gateway.call("/random/x", key)
    second = await gateway.call("/random/x", key)
    assert first.body == second.body and len(gateway.seen) == 1
    assert second.headers.getall("X-Out") == ["1"]
    gateway.clock.advance(61)
    await gateway.call("/random/x", key)
    assert len(gateway.seen) == 2


async def test_other_paths_queries_and_headers_are_other_entries(gateway: World) -> None:
    key = cached(gateway)
    for path, language in (("/random/x", "de"), ("/random/x", "fr"), ("/random/y", "de"), ("/random/x?a=1", "de")):
        for dummy in range(2):
            await gateway.call(path, key, headers={"Accept-Language": language})
    assert len(gateway.seen) == 4


async def test_entries_may_belong_to_one_developer(gateway: World) -> None:
    for developer, calls in (("false", 1), ("true", 2)):
        gateway.engine.memory.clear()
        gateway.seen.clear()
        key = cached(gateway, developer)
        other = gateway.subscription("other", "products/internal")
        for one in (key, other):
            await gateway.call("/random/x", one)
        assert len(gateway.seen) == calls


async def test_only_good_answers_to_get_are_kept(gateway: World) -> None:
    key = cached(gateway)
    gateway.operation("random", "post", "POST", "/*")
    gateway.answers.append(web.Response(status=500))
    for dummy in range(2):
        await gateway.call("/random/x", key)
        await gateway.call("/random/x", key, method="POST")
    assert [told["method"] for told in gateway.seen] == ["GET", "POST", "GET", "POST"]


async def test_calls_with_authorization_are_not_cached(gateway: World) -> None:
    key = cached(gateway)
    for dummy in range(2):
        await gateway.call("/random/x", key, headers={"Authorization": "Bearer x"})
    assert len(gateway.seen) == 2


async def test_values_are_kept_looked_up_and_removed(gateway: World) -> None:
    key = gateway.standard()
    show = (
        '<set-header name="X-V"><value>@(context.Variables.GetValueOrDefault<string>("v", "none"))</value></set-header>'
    )
    lookup = '<cache-lookup-value key="@("k" + 1)" variable-name="v" />' + show
    made = '@(new JObject(new JProperty("a", 1)).ToString(Formatting.None))'
    store = f'<cache-store-value key="k1" value="{made}" duration="10" />'

    async def value(policy: str) -> str:
        gateway.inbound("apis/random", policy)
        return str((await gateway.call("/random", key)).json["headers"]["x-v"])

    assert await value(lookup) == "none"
    assert await value(store + lookup) == '{"a":1}'
    assert await value(lookup) == '{"a":1}'
    assert await value('<cache-remove-value key="k1" />' + lookup) == "none"
    assert await value('<cache-lookup-value key="k9" variable-name="v" default-value="d" />' + show) == "d"
    await value(store + lookup)
    gateway.clock.advance(11)
    assert await value(lookup) == "none"


async def test_answers_to_head_are_not_kept(gateway: World) -> None:
    key = gateway.standard()
    gateway.operation("random", "head", "HEAD", "/*")
    gateway.policy("apis/random", CACHED.format(developer="false"))
    for dummy in range(2):
        assert (await gateway.call("/random", key, method="HEAD")).status == 200
    assert len(gateway.seen) == 2
