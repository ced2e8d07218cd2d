# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces of calls that bring a debug token."""

from __future__ import annotations

from innergate_sandbox.gateway.tracing import debug_key, trace_key
from unit.sandbox.gateway.world import SERVICE, World

TOKEN = {"Apim-Debug-Authorization": "aid=contoso&p=tracing&t=x"}


def credentials(gateway: World, api: str = "") -> None:
    """What listDebugCredentials leaves for the gateway: a token that counts for a minute."""
    kept = {TOKEN["Apim-Debug-Authorization"]: {"expires": gateway.clock.time() + 60, "api": api}}
    gateway.store.kv_set(debug_key(SERVICE), kept)


async def test_a_traced_call_says_where_its_trace_is(gateway: World) -> None:
    key = gateway.standard()
    credentials(gateway, "random")
    gateway.inbound(
        "apis/random", '<trace source="mine" severity="information"><message>@("seen " + 1)</message></trace>'
    )
    answer = await gateway.call("/random", key, headers=TOKEN)
    entries = gateway.store.kv_get(trace_key(SERVICE))[answer.headers["Apim-Trace-Id"]]
    told = [(line["source"], line["data"]["message"]) for line in entries["inbound"]]
    assert told == [("request", "GET /random"), ("trace", "api: trace"), ("mine", "seen 1")]
    assert [line["source"] for line in entries["backend"]] == ["forward-request", "forward-request"]
    assert "apim-debug-authorization" not in gateway.seen[0]["headers"]


async def test_errors_are_in_the_trace(gateway: World) -> None:
    gateway.standard()
    credentials(gateway)
    answer = await gateway.call("/random", headers=TOKEN)
    assert answer.status == 401
    entries = gateway.store.kv_get(trace_key(SERVICE))[answer.headers["Apim-Trace-Id"]]
    assert entries["inbound"][-1]["data"]["message"].startswith("SubscriptionKeyNotFound:")


async def test_a_token_of_another_service_traces_nothing(gateway: World) -> None:
    key = gateway.standard()
    answer = await gateway.call("/random", key, headers={"Apim-Debug-Authorization": "aid=other&t=x"})
    assert "Apim-Trace-Id" not in answer.headers
    assert answer.headers["Apim-Debug-Authorization-WrongAPI"] == "true"


async def test_a_token_counts_for_its_api_and_its_time(gateway: World) -> None:
    key = gateway.standard()
    answer = await gateway.call("/random", key, headers=TOKEN)
    assert answer.headers["Apim-Debug-Authorization-Expired"] == "true"  # nobody gave it out
    credentials(gateway, "other")
    for path in ("/random", "/nowhere"):
        answer = await gateway.call(path, key, headers=TOKEN)
        assert answer.headers["Apim-Debug-Authorization-WrongAPI"] == "true"
        assert "Apim-Trace-Id" not in answer.headers
    credentials(gateway, "random")
    assert "Apim-Trace-Id" in (await gateway.call("/random", key, headers=TOKEN)).headers
    gateway.clock.advance(60)
    answer = await gateway.call("/random", key, headers=TOKEN)
    assert answer.headers["Apim-Debug-Authorization-Expired"] == "true"
    assert "Apim-Trace-Id" not in answer.headers


async def test_untraced_calls_leave_nothing(gateway: World) -> None:
    key = gateway.standard()
    assert "Apim-Trace-Id" not in (await gateway.call("/random", key)).headers
    assert gateway.store.kv_get(trace_key(SERVICE)) is None
