# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway as a part of a sandbox: what people make through ARM answers over TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from innergate_sandbox.dataplane import DataPlane
from innergate_sandbox.failures import PortTaken
from innergate_sandbox.gateway import Gateway, start
from innergate_sandbox.server import Servers
from innergate_sandbox.testing import TestSandbox, sandbox
from innergate_sandbox.tls import Authority


@dataclass
class Stand:
    """Enough of a runtime for the gateway, around a sandbox without sockets."""

    sandbox: TestSandbox
    tls: Authority
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.core, self.settings = self.sandbox.core, self.sandbox.settings
        self.store, self.clock, self.context = self.sandbox.store, self.sandbox.clock, self.sandbox.ctx
        self.dataplane = DataPlane(self.store, self.clock)

    def port(self, name: str) -> int:
        return self.settings.port(name)

    def publish_env(self, name: str, value: str) -> None:
        self.environment[name] = value

    @property
    def service(self) -> str:
        return f"{self.sandbox.group}/providers/Microsoft.ApiManagement/service/apim-test"

    async def put(self, path: str, properties: dict[str, Any] | None = None, **more: Any) -> Any:
        """PUT below the service and wait for its end."""
        body = {"properties": properties, **more} if properties is not None else None
        answer = await self.sandbox.call("PUT", f"{self.service}{path}", body)
        assert answer.status in (200, 201, 202), answer.body
        url = next((value for name, value in answer.headers.items() if name.lower() == "azure-asyncoperation"), None)
        if url:
            await self.sandbox.poll(url)
        return answer.body


@pytest_asyncio.fixture
async def stand(tmp_path: Any) -> AsyncIterator[tuple[Stand, Gateway]]:
    """A sandbox with a gateway, a service with the API `random`, and a product with a key."""
    async with sandbox(state=tmp_path, listen=True) as it:
        runtime = Stand(it, Authority(tmp_path / "tls"))
        gateway = await start(runtime)
        try:
            await runtime.put(
                "",
                {"publisherEmail": "a@b.c", "publisherName": "x"},
                location="westeurope",
                sku={"name": "Developer", "capacity": 1},
            )
            yield runtime, gateway
        finally:
            await gateway.stop()


async def call(
    runtime: Stand,
    gateway: Gateway,
    path: str,
    key: str = "",
    host: str = "apim-test.azure-api.net",
    scheme: str = "https",
) -> tuple[int, bytes]:
    """Call over TLS, with the service's name in SNI and Host."""
    context = ssl.create_default_context(cafile=runtime.sandbox.ca)
    port = gateway.ports[scheme, "internet"]  # type: ignore[index]
    headers = {"Host": host, **({"Ocp-Apim-Subscription-Key": key} if key else {})}
    secure = scheme == "https"
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{scheme}://127.0.0.1:{port}{path}",
            headers=headers,
            ssl=context if secure else False,
            server_hostname=host if secure else None,
        ) as answer,
    ):
        return answer.status, await answer.read()


async def backend(servers: Servers) -> str:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text=f"hello {request.path}")

    app = web.Application()
    app.router.add_get("/{path:.*}", hello)
    return f"http://127.0.0.1:{await servers.listen(app, 0)}"


async def test_an_api_made_through_arm_answers_with_its_key(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    servers = Servers()
    url = await backend(servers)
    api = {"displayName": "Random", "path": "random", "protocols": ["https"], "serviceUrl": f"{url}/v1"}
    await runtime.put("/apis/random", api)
    operation = {"displayName": "Get", "method": "GET", "urlTemplate": "/number/{kind}"}
    operation["templateParameters"] = [{"name": "kind", "type": "string", "required": True}]  # type: ignore[assignment]
    await runtime.put("/apis/random/operations/get", operation)
    await runtime.put("/products/external", {"displayName": "External", "state": "published"})
    await runtime.put("/products/external/apis/random")
    policy = (
        '<policies><inbound><base /><rate-limit calls="2" renewal-period="60" /></inbound><backend><base /></backend>'
        "<outbound><base /></outbound><on-error><base /></on-error></policies>"
    )
    await runtime.put("/products/external/policies/policy", {"format": "rawxml", "value": policy})
    await runtime.put("/subscriptions/caller", {"displayName": "Caller", "scope": "/products/external"})
    secrets = await runtime.sandbox.call("POST", f"{runtime.service}/subscriptions/caller/listSecrets")
    key = secrets.body["primaryKey"]
    results = [await call(runtime, gateway, "/random/number/small", key) for dummy in range(3)]
    assert results[0] == (200, b"hello /v1/number/small")
    assert [status for status, dummy in results] == [200, 200, 429]
    assert (await call(runtime, gateway, "/random/number/small"))[0] == 401
    await runtime.sandbox.call("POST", f"{runtime.service}/subscriptions/caller/regeneratePrimaryKey")
    assert (await call(runtime, gateway, "/random/number/small", key))[0] == 401
    await servers.stop()


async def test_the_echo_api_of_a_new_service_answers(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    secrets = await runtime.sandbox.call("POST", f"{runtime.service}/subscriptions/master/listSecrets")
    key = secrets.body["primaryKey"]
    assert (await call(runtime, gateway, "/echo/resource?param1=sample", key))[0] == 200
    assert (await call(runtime, gateway, "/echo/resource?param1=sample"))[0] == 401
    url = runtime.environment["INNERGATE_GATEWAY_URL"]
    assert url == f"https://localhost:{gateway.ports['https', 'internet']}"
    assert (await call(runtime, gateway, "/echo/resource", key, host="localhost"))[0] == 200
    assert (await call(runtime, gateway, "/echo/resource", key, scheme="http"))[0] == 404


async def test_revisions_and_releases_made_through_arm(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    servers = Servers()
    url = await backend(servers)
    api = {"displayName": "R", "path": "r", "protocols": ["https"], "subscriptionRequired": False}
    await runtime.put("/apis/r", {**api, "serviceUrl": f"{url}/one"})
    await runtime.put("/apis/r/operations/get", {"displayName": "G", "method": "GET", "urlTemplate": "/x"})
    await runtime.put("/apis/r;rev=2", {**api, "sourceApiId": "/apis/r", "serviceUrl": f"{url}/two"})
    assert (await call(runtime, gateway, "/r/x"))[1] == b"hello /one/x"
    assert (await call(runtime, gateway, "/r;rev=2/x"))[1] == b"hello /two/x"
    await runtime.put("/apis/r/releases/now", {"apiId": "/apis/r;rev=2"})
    assert (await call(runtime, gateway, "/r/x"))[1] == b"hello /two/x"
    await servers.stop()


async def test_named_values_fragments_and_backends_made_through_arm(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    servers = Servers()
    url = await backend(servers)
    await runtime.put("/namedValues/where", {"displayName": "Where", "value": "inside", "secret": True})
    await runtime.put("/backends/main", {"url": f"{url}/main", "protocol": "http"})
    fragment = '<fragment><rewrite-uri template="/{{Where}}" /></fragment>'
    await runtime.put("/policyFragments/rewrite", {"format": "rawxml", "value": fragment})
    api = {"displayName": "F", "path": "f", "protocols": ["https"], "subscriptionRequired": False}
    await runtime.put("/apis/f", api)
    await runtime.put("/apis/f/operations/get", {"displayName": "G", "method": "GET", "urlTemplate": "/x"})
    policy = (
        '<policies><inbound><base /><set-backend-service backend-id="main" /><include-fragment fragment-id="rewrite" />'
        '<choose><when condition="@(1 < 2 && "a" == "a")"><set-header name="X"><value>1</value></set-header></when>'
        "</choose></inbound></policies>"
    )
    await runtime.put("/apis/f/policies/policy", {"format": "rawxml", "value": policy})
    assert await call(runtime, gateway, "/f/x") == (200, b"hello /main/inside")
    await servers.stop()


async def test_routes_for_the_proxies(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    host = "apim-test.azure-api.net"
    assert gateway.route(host, 443, "internet") == ("127.0.0.1", gateway.ports["https", "internet"])
    assert gateway.route(host, 80, "vnet") == ("127.0.0.1", gateway.ports["http", "vnet"])
    assert gateway.route(host, 8443, "internet") is None
    assert gateway.route("other.azure-api.net", 443, "internet") is None
    entity = runtime.store.require(runtime.service)
    entity.body["properties"]["virtualNetworkType"] = "Internal"
    runtime.store.put(entity)
    assert gateway.route(host, 443, "internet") is None
    assert gateway.route(host, 443, "vnet") == ("127.0.0.1", gateway.ports["https", "vnet"])


async def test_a_rule_of_the_fault_list_hits_calls_too(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    runtime.sandbox.faults.add(path="^/echo/", times=1, then={"status": 503, "body": {"oops": 1}})
    assert await call(runtime, gateway, "/echo/resource") == (503, b'{"oops": 1}')
    # twice: the client asks again by itself when a connection is closed
    runtime.sandbox.faults.add(path="^/echo/", times=2, then={"close": True})
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await call(runtime, gateway, "/echo/resource")
    runtime.sandbox.faults.add(path="^/echo/", times=2, then={"close": "after"})
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await call(runtime, gateway, "/echo/resource")
    assert (await call(runtime, gateway, "/echo/resource"))[0] == 401


async def test_a_reset_forgets_counters_and_services(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    gateway.engine.counters.count("x")
    await runtime.core.reset()
    await gateway.reset()
    assert gateway.engine.counters.used("x", 60) == 0
    assert gateway.engine.services.all() == []


async def test_tokens_of_the_sandboxs_entra_are_accepted(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    tenant = runtime.settings.tenant_id
    api = {"displayName": "J", "path": "j", "protocols": ["https"], "subscriptionRequired": False}
    await runtime.put("/apis/j", api)
    await runtime.put("/apis/j/operations/get", {"displayName": "G", "method": "GET", "urlTemplate": "/x"})
    document = f"https://login.microsoftonline.com/{tenant}/.well-known/openid-configuration"
    policy = (
        f'<policies><inbound><validate-jwt header-name="Authorization"><openid-config url="{document}" />'
        '</validate-jwt><return-response><set-status code="204" /></return-response></inbound></policies>'
    )
    await runtime.put("/apis/j/policies/policy", {"format": "rawxml", "value": policy})
    assert (await call(runtime, gateway, "/j/x"))[0] == 401
    port = gateway.ports["https", "internet"]
    context = ssl.create_default_context(cafile=runtime.sandbox.ca)
    headers = {"Authorization": f"Bearer {runtime.sandbox.token()}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"https://localhost:{port}/j/x", headers=headers, ssl=context) as answer,
    ):
        assert (answer.status, await answer.read()) == (204, b"")


async def test_the_trace_of_a_call_can_be_read_through_arm(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    managed = f"{runtime.service}/gateways/managed"
    wanted = {"credentialsExpireAfter": "PT1H", "apiId": f"{runtime.service}/apis/echo-api", "purposes": ["tracing"]}
    token = (await runtime.sandbox.call("POST", f"{managed}/listDebugCredentials", wanted)).body["token"]
    context = ssl.create_default_context(cafile=runtime.sandbox.ca)
    url = f"https://localhost:{gateway.ports['https', 'internet']}/echo/resource"
    headers = {"Apim-Debug-Authorization": token}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers, ssl=context) as answer:
        trace_id = answer.headers["Apim-Trace-Id"]
    trace = (await runtime.sandbox.call("POST", f"{managed}/listTrace", {"traceId": trace_id})).body
    assert trace["traceId"] == trace_id
    assert trace["traceEntries"]["inbound"][-1]["source"] == "authorization"


@pytest.mark.parametrize("time", ["PT1H1S", "PT2H", "P1D", "soon", "PT0S", "PT"])
async def test_debug_credentials_count_for_an_hour_at_most(stand: tuple[Stand, Gateway], time: str) -> None:
    runtime, dummy = stand
    api = f"{runtime.service}/apis/echo-api"
    wanted = {"credentialsExpireAfter": time, "apiId": api, "purposes": ["tracing"]}
    answer = await runtime.sandbox.call("POST", f"{runtime.service}/gateways/managed/listDebugCredentials", wanted)
    assert answer.body["error"]["details"][0]["target"] == "credentialsExpireAfter"


@pytest.mark.parametrize(
    "wanted",
    [
        {"purposes": ["tracing"]},
        {"apiId": "/apis/echo-api"},
        {"apiId": "/apis/echo-api", "purposes": ["spying"]},
        {"apiId": "/apis/none", "purposes": ["tracing"]},
        {"apiId": "/products/starter", "purposes": ["tracing"]},
        {},
        [],
    ],
)
async def test_debug_credentials_are_for_an_api_and_a_purpose(stand: tuple[Stand, Gateway], wanted: object) -> None:
    """The contract (GatewayListDebugCredentialsContract): apiId and purposes are required."""
    runtime, dummy = stand
    answer = await runtime.sandbox.call("POST", f"{runtime.service}/gateways/managed/listDebugCredentials", wanted)
    assert (answer.status, answer.body["error"]["code"]) == (400, "ValidationError")


async def test_debug_credentials_can_be_invalidated(stand: tuple[Stand, Gateway]) -> None:
    """Example ApiManagementGatewayInvalidateDebugCredentials: 204."""
    runtime, gateway = stand
    managed = f"{runtime.service}/gateways/managed"
    wanted = {"apiId": f"{runtime.service}/apis/echo-api;rev=1", "purposes": ["tracing"]}
    token = (await runtime.sandbox.call("POST", f"{managed}/listDebugCredentials", wanted)).body["token"]
    assert token.startswith("aid=echo-api&")
    context = ssl.create_default_context(cafile=runtime.sandbox.ca)
    url = f"https://localhost:{gateway.ports['https', 'internet']}/echo/resource"
    async with aiohttp.ClientSession(headers={"Apim-Debug-Authorization": token}) as session:
        async with session.get(url, ssl=context) as answer:
            assert "Apim-Trace-Id" in answer.headers
        assert (await runtime.sandbox.call("POST", f"{managed}/invalidateDebugCredentials")).status == 204
        async with session.get(url, ssl=context) as answer:
            assert "Apim-Trace-Id" not in answer.headers


async def test_a_gateway_that_cannot_start_leaves_no_port_open(tmp_path: Path) -> None:
    async with sandbox(state=tmp_path) as it:
        runtime = Stand(it, Authority(tmp_path / "tls"))
        runtime.port("arm")
        with socket.create_server(("127.0.0.1", runtime.port("gateway_inside_http"))), pytest.raises(PortTaken):
            await start(runtime)
        for name in ("gateway", "echo"):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", runtime.port(name))
