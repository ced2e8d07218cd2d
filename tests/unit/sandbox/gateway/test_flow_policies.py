# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that decide what runs: choose, wait, send-request, limit-concurrency, retry's pauses; conversions."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import web
from innergate_sandbox.gateway.policies.conversion import to_json, to_xml
from innergate_sandbox.gateway.policies.retry import pause
from unit.sandbox.gateway.world import World


@pytest.mark.parametrize(("word", "expected"), [("a", "first"), ("b", "second"), ("c", "last")])
async def test_choose_takes_the_first_true_condition(gateway: World, word: str, expected: str) -> None:
    key = gateway.standard()

    def mark(name: str) -> str:
        return f'<set-header name="X-Mark"><value>{name}</value></set-header>'

    test = '@(context.Request.Headers.GetValueOrDefault("X-Word", "") == "{}")'
    gateway.inbound(
        "apis/random",
        f"<choose><when condition='{test.format('a')}'>{mark('first')}</when><when condition='{test.format('b')}'>"
        f"{mark('second')}</when><when condition='{test.format('a')}'>{mark('never')}</when><otherwise>{mark('last')}"
        "</otherwise></choose>",
    )
    assert (await gateway.call("/random", key, headers={"X-Word": word})).json["headers"]["x-mark"] == expected


async def test_send_request_keeps_the_answer_in_a_variable(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        '<send-request mode="new" response-variable-name="side" timeout="10">'
        f'<set-url>@("{gateway.backend_url}/side?who=" + context.Subscription.Id)</set-url><set-method>PUT</set-method>'
        '<set-header name="X-Side"><value>1</value></set-header><set-body>hello</set-body></send-request>'
        '<set-header name="X-Result"><value>@{ var r = (IResponse)context.Variables["side"]; '
        'return r.StatusCode + " " + r.Body.As<JObject>()["body"]; }</value></set-header>',
    )
    answer = await gateway.call("/random", key)
    assert answer.json["headers"]["x-result"] == "200 hello"
    side = gateway.seen[0]
    assert (side["method"], side["path"], side["headers"]["x-side"]) == ("PUT", "/base/side?who=caller", "1")
    assert "ocp-apim-subscription-key" not in side["headers"]


async def test_a_side_call_that_fails_may_be_ignored(gateway: World) -> None:
    key = gateway.standard()
    for ignore, status in (("true", 200), ("false", 500)):
        gateway.inbound(
            "apis/random",
            f'<send-request response-variable-name="side" ignore-error="{ignore}"><set-url>http://nowhere.example/'
            "</set-url></send-request>",
        )
        assert (await gateway.call("/random", key)).status == status


async def test_a_one_way_request_is_not_waited_for(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        f'<send-one-way-request mode="copy"><set-url>{gateway.backend_url}/side</set-url></send-one-way-request>',
    )
    assert (await gateway.call("/random", key)).status == 200
    await asyncio.gather(*gateway.engine.background)
    assert sorted(told["path"] for told in gateway.seen) == ["/base", "/base/side"]


async def test_wait_runs_side_calls_at_the_same_time(gateway: World) -> None:
    key = gateway.standard()
    calls = "".join(
        f'<send-request response-variable-name="{name}"><set-url>{gateway.backend_url}/{name}</set-url></send-request>'
        for name in ("one", "two")
    )
    both = '@(context.Variables.ContainsKey("one") && context.Variables.ContainsKey("two"))'
    gateway.inbound(
        "apis/random",
        f'<wait for="all">{calls}</wait><set-header name="X-Both"><value>{both}</value></set-header>',
    )
    assert (await gateway.call("/random", key)).json["headers"]["x-both"] == "True"


async def test_limit_concurrency_refuses_the_one_too_many(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy(
        "apis/random",
        '<policies><backend><limit-concurrency key="@("all")" max-count="1"><forward-request /></limit-concurrency>'
        "</backend></policies>",
    )
    arrived, go = asyncio.Event(), asyncio.Event()

    class Held(web.Response):
        async def prepare(self, request: web.BaseRequest) -> object:
            arrived.set()
            await go.wait()
            return await super().prepare(request)

    gateway.answers.append(Held(text="slow"))
    first = asyncio.ensure_future(gateway.call("/random", key))
    await arrived.wait()
    assert (await gateway.call("/random", key)).status == 429
    go.set()
    assert (await first).text == "slow"
    assert (await gateway.call("/random", key)).status == 200


@pytest.mark.parametrize(
    ("longest", "delta", "fast", "expected"),
    [
        (0, 0, False, [2, 2, 2]),
        (0, 3, False, [2, 5, 8]),
        (20, 3, False, [5, 11, 20]),
        (0, 0, True, [0, 2, 2]),
    ],
)
def test_pauses_between_retries(longest: float, delta: float, fast: bool, expected: list[float]) -> None:
    assert [pause(number, 2, longest, delta, fast, 1.0) for number in (1, 2, 3)] == expected


def test_json_becomes_xml() -> None:
    assert to_xml('{"order": {"@id": 7, "item": [{"n": 1}, {"n": null}], "paid": true}}') == (
        '<order id="7"><item><n>1</n></item><item><n /></item><paid>true</paid></order>'
    )
    assert to_xml('{"a": 1, "b c": "x<y"}') == "<Document><a>1</a><b_c>x&lt;y</b_c></Document>"
    assert to_xml("[1, 2]") == "<Document><Item>1</Item><Item>2</Item></Document>"


def test_xml_becomes_json() -> None:
    text = '<order id="7"><item><n>1</n></item><item>two</item><empty /></order>'
    assert json.loads(to_json(text)) == {"order": {"@id": "7", "item": [{"n": "1"}, "two"], "empty": None}}


async def test_conversion_happens_in_the_section_where_it_stands(gateway: World) -> None:
    key = gateway.standard()
    gateway.answers.append(web.Response(text='{"a": {"b": 1}}', content_type="application/json"))
    gateway.policy(
        "apis/random",
        '<policies><outbound><json-to-xml apply="always" consider-accept-header="false" /></outbound></policies>',
    )
    answer = await gateway.call("/random", key)
    assert (answer.text, answer.headers["Content-Type"]) == ("<a><b>1</b></a>", "application/xml")
    gateway.answers.append(web.Response(text="no json"))
    assert (await gateway.call("/random", key)).status == 500
