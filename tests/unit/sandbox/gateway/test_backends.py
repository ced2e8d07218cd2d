# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backend a call goes to: URLs and entities that policies name, pools, circuit breakers."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from unit.sandbox.gateway.world import World


def last_error(gateway: World) -> str:
    return str(list(gateway.log.read(category="gateway"))[-1].body.get("error", ""))


async def test_a_policy_may_name_another_backend(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", f'<set-backend-service base-url="{gateway.backend_url}/other/" />')
    assert (await gateway.call("/random/x", key)).json["path"] == "/base/other/x"


async def test_a_backend_entity_brings_its_credentials(gateway: World) -> None:
    key = gateway.standard()
    credentials = {
        "header": {"X-Api-Key": ["{{secret}}"]},
        "query": {"code": ["two"]},
        "authorization": {"scheme": "Basic", "parameter": "dTpw"},
    }
    gateway.named_value("Secret", "one")
    inner = {"url": f"{gateway.backend_url}/entity", "protocol": "http", "credentials": credentials}
    gateway.put("backends/main", "backends", inner)
    gateway.inbound("apis/random", '<set-backend-service backend-id="Main" />')
    told = (await gateway.call("/random/x?a=b", key)).json
    assert told["path"] == "/base/entity/x?a=b&code=two"
    assert (told["headers"]["x-api-key"], told["headers"]["authorization"]) == ("one", "Basic dTpw")


async def test_a_backend_entity_is_overridden_by_another_one_only(gateway: World) -> None:
    key = gateway.standard()
    gateway.put("backends/main", "backends", {"url": f"{gateway.backend_url}/entity", "protocol": "http"})
    gateway.inbound("products/internal", '<set-backend-service backend-id="main" />')
    gateway.inbound("apis/random", f'<set-backend-service base-url="{gateway.backend_url}/plain" />')
    assert (await gateway.call("/random/x", key)).json["path"] == "/base/entity/x"


async def test_an_unknown_backend_is_a_500(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", '<set-backend-service backend-id="nobody" />')
    assert (await gateway.call("/random/x", key)).status == 500
    assert "there is no backend nobody" in last_error(gateway)


# -- pools and circuit breakers ---------------------------------------------------------------------------------------


def pooled(gateway: World, members: list[tuple[str, int | None, int | None]], **backend: Any) -> str:
    key = gateway.standard()
    services = []
    for name, weight, priority in members:
        gateway.put(
            f"backends/{name}", "backends", {"url": f"{gateway.backend_url}/{name}", "protocol": "http", **backend}
        )
        services.append({"id": f"/backends/{name}", "weight": weight, "priority": priority})
    gateway.put("backends/pool", "backends", {"type": "Pool", "pool": {"services": services}})
    gateway.inbound("apis/random", '<set-backend-service backend-id="pool" />')
    return key


async def used(gateway: World, key: str, number: int) -> str:
    answers = [await gateway.call("/random", key) for dummy in range(number)]
    return "".join(answer.json["path"].rpartition("/")[2] if answer.status == 200 else "-" for answer in answers)


async def test_the_members_of_a_pool_take_turns_by_weight(gateway: World) -> None:
    key = pooled(gateway, [("a", 3, None), ("b", 1, None)])
    assert sorted(await used(gateway, key, 8)) == list("aaaaaabb")


async def test_a_pool_without_weights_goes_round(gateway: World) -> None:
    key = pooled(gateway, [("a", None, None), ("b", None, None)])
    assert await used(gateway, key, 4) in ("abab", "baba")


BREAKER = {
    "rules": [
        {
            "name": "r",
            "failureCondition": {"count": 2, "interval": "PT1M", "statusCodeRanges": [{"min": 500, "max": 599}]},
            "tripDuration": "PT30S",
            "acceptRetryAfter": True,
        }
    ]
}


async def test_the_lowest_priority_serves_until_its_breaker_opens(gateway: World) -> None:
    key = pooled(gateway, [("a", 1, 1), ("b", 1, 2)], circuitBreaker=BREAKER)
    assert await used(gateway, key, 2) == "aa"
    gateway.answers += [web.Response(status=503), web.Response(status=500)]
    assert await used(gateway, key, 4) == "--bb"
    gateway.clock.advance(30)
    assert await used(gateway, key, 1) == "a"


async def test_an_open_breaker_answers_503_without_calling(gateway: World) -> None:
    key = gateway.standard()
    inner = {"url": gateway.backend_url, "protocol": "http", "circuitBreaker": BREAKER}
    gateway.put("backends/main", "backends", inner)
    gateway.inbound("apis/random", '<set-backend-service backend-id="main" />')
    gateway.answers += [web.Response(status=500), web.Response(status=503, headers={"Retry-After": "10"})]
    results = [(await gateway.call("/random", key)).status for dummy in range(3)]
    assert results == [500, 503, 503]
    assert len(gateway.seen) == 2
    gateway.clock.advance(10)
    assert (await gateway.call("/random", key)).status == 200
