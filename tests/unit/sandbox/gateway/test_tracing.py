# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces of calls that bring a debug token."""

from __future__ import annotations

from datetime import timedelta

from innergate_sandbox.gateway.tracing import debug_key, trace_key
from unit.sandbox.gateway.world import SERVICE, World

TOKEN = {"Apim-Debug-Authorization": "aid=random&p=tracing&t=x"}


def credentials(gateway: World, api: str = "random") -> None:
    """What listDebugCredentials leaves for the gateway: a token that counts for a minute."""
    kept = {TOKEN["Apim-Debug-Authorization"]: {"expires": gateway.clock.time() + 60, "api": api}}
    gateway.store.kv_set(debug_key(SERVICE), kept)


async def test_a_traced_call_says_where_its_trace_is(gateway: World) -> None:
    key = gateway.standard()
    credentials(gateway)
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


async def test_an_unknown_token_traces_nothing(gateway: World) -> None:
    key = gateway.standard()
    answer = await gateway.call("/random", key, headers={"Apim-Debug-Authorization": "aid=random&t=x"})
    assert answer.status == 200
    assert not [name for name in answer.headers if name.lower().startswith("apim-")]
    assert "apim-debug-authorization" not in gateway.seen[0]["headers"]


async def test_a_token_counts_for_its_api_and_its_time(gateway: World) -> None:
    """api-management-howto-api-inspector: headers with an error message, and with information about the expiration."""
    key = gateway.standard()
    credentials(gateway, "other")
    for path in ("/random", "/nowhere"):
        answer = await gateway.call(path, key, headers=TOKEN)
        assert "other" in answer.headers["Apim-Debug-Authorization-WrongAPI"]
        assert "Apim-Trace-Id" not in answer.headers
    credentials(gateway)
    end = f"{gateway.clock.now() + timedelta(seconds=60):%Y-%m-%dT%H:%M:%SZ}"
    assert "Apim-Trace-Id" in (await gateway.call("/random", key, headers=TOKEN)).headers
    gateway.clock.advance(60)
    answer = await gateway.call("/random", key, headers=TOKEN)
    assert answer.headers["Apim-Debug-Authorization-Expired"] == end
    assert "Apim-Trace-Id" not in answer.headers


async def test_the_older_way_to_ask_is_not_played(gateway: World) -> None:
    """Microsoft Learn, howto-api-inspector of 2024: the header Ocp-Apim-Trace is not among the ways any more."""
    key = gateway.standard()
    answer = await gateway.call("/random", key, headers={"Ocp-Apim-Trace": "true"})
    assert answer.status == 200
    assert "Ocp-Apim-Trace-Location" not in answer.headers


async def test_untraced_calls_leave_nothing(gateway: World) -> None:
    key = gateway.standard()
    assert "Apim-Trace-Id" not in (await gateway.call("/random", key)).headers
    assert gateway.store.kv_get(trace_key(SERVICE)) is None
