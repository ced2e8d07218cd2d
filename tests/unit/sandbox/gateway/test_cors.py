# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cors: what browsers are told."""

from __future__ import annotations

import pytest
from unit.sandbox.gateway.world import World

ORIGIN = "https://app.example"
CORS = (
    '<cors allow-credentials="true" {}><allowed-origins><origin>https://app.example</origin></allowed-origins>'
    '<allowed-methods preflight-result-max-age="300"><method>GET</method><method>PUT</method></allowed-methods>'
    "<allowed-headers><header>X-Own</header></allowed-headers><expose-headers><header>X-Backend</header></expose-headers>"
    "</cors>"
)


def with_cors(gateway: World, attributes: str = "") -> str:
    key = gateway.standard()
    gateway.inbound("apis/random", CORS.format(attributes))
    gateway.operation("random", "put", "PUT", "/*")
    return key


def asks(method: str = "GET", origin: str = ORIGIN, headers: str = "") -> dict[str, str]:
    asked = {"Access-Control-Request-Headers": headers} if headers else {}
    return {"Origin": origin, "Access-Control-Request-Method": method, **asked}


async def test_a_preflight_needs_no_key(gateway: World) -> None:
    with_cors(gateway)
    answer = await gateway.call("/random/x", method="OPTIONS", headers=asks("PUT", headers="x-own"))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,PUT"
    assert answer.headers["Access-Control-Allow-Headers"] == "x-own"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Max-Age"] == "300"
    assert gateway.seen == []


@pytest.mark.parametrize(
    "asked",
    [asks(origin="https://evil.example"), asks("DELETE"), asks(headers="x-other")],
    ids=["origin", "method", "header"],
)
async def test_a_preflight_that_is_not_allowed_is_an_empty_200(gateway: World, asked: dict[str, str]) -> None:
    with_cors(gateway)
    gateway.operation("random", "delete", "DELETE", "/*")
    answer = await gateway.call("/random/x", method="OPTIONS", headers=asked)
    assert (answer.status, answer.body) == (200, b"")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_call_from_an_allowed_origin_gets_the_headers(gateway: World) -> None:
    key = with_cors(gateway)
    answer = await gateway.call("/random", key, headers={"Origin": ORIGIN})
    assert answer.json["method"] == "GET"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Expose-Headers"] == "X-Backend"


async def test_errors_carry_the_headers_too(gateway: World) -> None:
    gateway.standard()
    gateway.inbound("", CORS.format(""))
    gateway.inbound("apis/random", '<set-variable name="x" value="@(1 / 0)" />')
    key = gateway.subscription("all", "apis")
    gateway.policy("", "<policies><inbound>" + CORS.format("") + "</inbound></policies>")
    answer = await gateway.call("/random", key, headers={"Origin": ORIGIN})
    assert answer.status == 500
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_an_unknown_origin_is_ended_or_passed(gateway: World) -> None:
    key = with_cors(gateway)
    answer = await gateway.call("/random", key, headers={"Origin": "https://evil.example"})
    assert (answer.status, answer.body, gateway.seen) == (200, b"", [])
    gateway.inbound("apis/random", CORS.format('terminate-unmatched-request="false"'))
    answer = await gateway.call("/random", key, headers={"Origin": "https://evil.example"})
    assert answer.json["method"] == "GET"
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_any_origin_is_told_as_a_star_without_credentials(gateway: World) -> None:
    key = gateway.standard()
    policy = "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>"
    gateway.inbound("apis/random", policy)
    assert (await gateway.call("/random", key, headers={"Origin": ORIGIN})).headers[
        "Access-Control-Allow-Origin"
    ] == "*"
    assert (await gateway.call("/random", method="OPTIONS", headers=asks())).status == 200


async def test_an_operation_for_options_takes_preflights_itself(gateway: World) -> None:
    key = with_cors(gateway)
    gateway.operation("random", "options", "OPTIONS", "/*")
    assert (await gateway.call("/random", method="OPTIONS", headers=asks())).status == 401
    assert (await gateway.call("/random", key, method="OPTIONS", headers=asks())).json["method"] == "OPTIONS"


async def test_without_a_cors_policy_a_preflight_is_404(gateway: World) -> None:
    gateway.standard()
    assert (await gateway.call("/random", method="OPTIONS", headers=asks())).status == 404
