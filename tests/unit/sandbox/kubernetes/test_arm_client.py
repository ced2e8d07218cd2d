# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the load-balancer controller talks to ARM: retries, long-running operations, error texts."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from innergate_sandbox.kubernetes.cloud.arm import Account, ArmClient, ArmFailure, failure

LB = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/kubernetes-internal"


@dataclass
class Script:
    """Answers in order; the last one is repeated."""

    answers: list[web.Response | tuple[int, object, dict[str, str]]]
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    tokens: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/oauth2/v2.0/token"):
            self.tokens += 1
            return web.json_response({"access_token": "t", "expires_in": 3600})
        self.seen.append((request.method, request.path, dict(request.headers)))
        status, body, headers = self.answers[min(len(self.seen), len(self.answers)) - 1]  # type: ignore[misc]
        return web.json_response(body, status=status, headers=headers)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@asynccontextmanager
async def arm(*answers: tuple[int, object, dict[str, str]]) -> AsyncIterator[tuple[ArmClient, Script, str]]:
    script = Script(list(answers))
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", script.answer)
    async with TestServer(app) as server:
        endpoint = str(server.make_url("")).rstrip("/")
        account = Account(endpoint, "tenant", "id", "secret", ssl.create_default_context())
        client = ArmClient(account, script.sleep)
        try:
            yield client, script, endpoint
        finally:
            await client.close()


async def test_one_token_serves_many_requests() -> None:
    async with arm((200, {"name": "x"}, {})) as (client, script, dummy):
        await client.get(LB)
        await client.get(LB)
        assert script.tokens == 1
        assert script.seen[0][2]["User-Agent"].startswith("kubernetes-cloudprovider/")
        assert script.seen[0][2]["Authorization"] == "Bearer t"


async def test_a_refusal_has_the_text_of_the_sdk() -> None:
    body = {"error": {"code": "PrivateIPAddressNotInSubnet", "message": "not in subnet", "details": []}}
    async with arm((400, body, {})) as (client, script, endpoint):
        with pytest.raises(ArmFailure) as caught:
            await client.put(LB, {})
        rule = "-" * 80
        assert str(caught.value) == (
            f"PUT {endpoint}{LB}\n{rule}\nRESPONSE 400: 400 Bad Request\nERROR CODE: PrivateIPAddressNotInSubnet\n"
            f'{rule}\n{{\n  "error": {{\n    "code": "PrivateIPAddressNotInSubnet",\n    "message": "not in subnet",\n'
            f'    "details": []\n  }}\n}}\n{rule}\n'
        )
        assert (caught.value.status, caught.value.code) == (400, "PrivateIPAddressNotInSubnet")
        assert len(script.seen) == 1


def test_a_body_that_is_no_json_and_no_body_at_all() -> None:
    assert "\nERROR CODE UNAVAILABLE\n" in str(failure("GET", "https://arm/x?y=1", 404, b"<html>"))
    assert "\nResponse contained no body\n" in str(failure("GET", "https://arm/x?y=1", 404, b""))
    assert str(failure("GET", "https://arm/x?y=1", 404, b"")).startswith("GET https://arm/x\n")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_server_errors_are_tried_four_times(status: int) -> None:
    async with arm((status, {"error": {"code": "X"}}, {})) as (client, script, dummy):
        with pytest.raises(ArmFailure) as caught:
            await client.get(LB)
        assert len(script.seen) == 4
        assert script.slept == [5.0, 16.0, 38.0]
        assert f"RESPONSE {status}" in str(caught.value)


async def test_a_server_error_that_passes_is_not_noticed() -> None:
    async with arm((503, {}, {}), (200, {"name": "x"}, {})) as (client, script, dummy):
        assert await client.get(LB) == {"name": "x"}
        assert len(script.seen) == 2


async def test_throttling_says_so_without_code_or_url() -> None:
    async with arm((429, {}, {})) as (client, script, dummy):
        with pytest.raises(ArmFailure, match=r"^throttled due to too many requests$"):
            await client.get(LB)
        assert len(script.seen) == 4


async def test_while_a_retry_after_runs_tries_are_used_up_unsent() -> None:
    async with arm((429, {}, {"Retry-After": "17"})) as (client, script, dummy):
        with pytest.raises(ArmFailure):
            await client.get(LB)
        assert len(script.seen) == 1  # the pauses take no time here, so Retry-After never ends


async def test_a_write_that_is_done_is_not_polled() -> None:
    done = (201, {"properties": {"provisioningState": "Succeeded"}}, {"Azure-AsyncOperation": "http://never/"})
    async with arm(done, (200, {"name": "lb"}, {})) as (client, script, dummy):
        assert await client.put(LB, {"a": 1}, 'W/"1"') == {"name": "lb"}
        assert [method for method, *dummy in script.seen] == ["PUT", "GET"]
        assert script.seen[0][2]["If-Match"] == 'W/"1"'


async def test_a_write_that_goes_on_is_polled_at_once_and_then_every_five_seconds() -> None:
    async with arm() as (client, script, endpoint):
        operation = {"Azure-AsyncOperation": f"{endpoint}/operations/1"}
        script.answers = [
            (201, {"properties": {"provisioningState": "Updating"}}, operation),
            (200, {"status": "InProgress"}, {}),
            (200, {"status": "InProgress"}, {"Retry-After": "2"}),
            (200, {"status": "Succeeded"}, {}),
            (200, {"name": "lb"}, {}),
        ]
        assert await client.put(LB, {}) == {"name": "lb"}
        assert [path for dummy, path, dummy in script.seen] == [LB, *["/operations/1"] * 3, LB]
        assert script.slept == [5.0, 2.0]


async def test_a_failed_operation_is_told_with_the_operations_url() -> None:
    async with arm() as (client, script, endpoint):
        script.answers = [
            (202, None, {"Azure-AsyncOperation": f"{endpoint}/operations/1?api-version=1"}),
            (200, {"status": "Failed", "error": {"code": "SubnetIsFull", "message": "full"}}, {}),
        ]
        with pytest.raises(ArmFailure) as caught:
            await client.delete(LB)
        assert str(caught.value).startswith(f"GET {endpoint}/operations/1\n")
        assert "RESPONSE 200: 200 OK\nERROR CODE: SubnetIsFull" in str(caught.value)


async def test_what_is_gone_is_deleted_and_found_missing() -> None:
    async with arm((404, {"error": {"code": "ResourceNotFound"}}, {})) as (client, dummy, dummy):
        await client.delete(LB)
        assert await client.find(LB) is None


async def test_a_list_is_read_to_its_end() -> None:
    async with arm() as (client, script, endpoint):
        script.answers = [
            (200, {"value": [{"name": "a"}], "nextLink": f"{endpoint}/next"}, {}),
            (200, {"value": [{"name": "b"}]}, {}),
        ]
        assert [item["name"] for item in (await client.get("/list"))["value"]] == ["a", "b"]
