# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket APIs at the gateway (Microsoft Learn: websocket-api)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import WSMsgType, WSServerHandshakeError, web
from innergate_sandbox.gateway.tracing import debug_key, trace_key
from innergate_sandbox.server import Servers
from unit.sandbox.gateway.world import HOST, SERVICE, World

KEY = "Ocp-Apim-Subscription-Key"


class Chat:
    """A backend that repeats what it is told, until it is told to leave."""

    def __init__(self) -> None:
        """Nobody has come yet."""
        self.handshakes: list[dict[str, Any]] = []
        self.left: list[int | None] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Accept handshakes, but not with the word no in the query."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.handshakes.append({"path": request.raw_path, "headers": headers})
        if "no" in request.query:
            return web.Response(status=403, text="not you")
        socket = web.WebSocketResponse(protocols=("chat",))
        await socket.prepare(request)
        async for message in socket:
            if message.data == "leave":
                await socket.close(code=4001, message=b"told to")
            elif message.type is WSMsgType.TEXT:
                await socket.send_str(f"you said {message.data}")
            else:
                await socket.send_bytes(message.data[::-1])
        self.left.append(socket.close_code)
        return socket


@pytest_asyncio.fixture
async def chat(gateway: World) -> AsyncIterator[Chat]:
    """A WebSocket API "chat" in front of such a backend, which the product internal contains."""
    it, servers, app = Chat(), Servers(), web.Application()
    app.router.add_get("/{path:.*}", it.answer)
    it.url = f"ws://127.0.0.1:{await servers.listen(app, 0)}/room"
    gateway.standard()
    gateway.api("chat", type="websocket", protocols=["wss"], serviceUrl=it.url)
    gateway.store.delete(f"{SERVICE}/apis/chat/revisions/1/operations/get")
    gateway.operation("chat", "onHandshake", "GET", "/")
    gateway.product("internal", "random", "chat")
    yield it
    await servers.stop()


def dial(gateway: World, path: str, key: str | None = None, **more: Any) -> Any:
    """Make a handshake with the gateway."""
    headers = {"Host": HOST, **({KEY: key} if key else {})}
    port = gateway.ports["https-internet"]
    return gateway.session.ws_connect(f"ws://127.0.0.1:{port}{path}", headers=headers, **more)


async def test_messages_go_both_ways(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    async with dial(gateway, "/chat?name=x", key) as socket:
        await socket.send_str("hello")
        assert await socket.receive_str() == "you said hello"
        await socket.send_bytes(b"abc")
        assert await socket.receive_bytes() == b"cba"
    assert chat.handshakes[0]["path"] == "/room?name=x"
    assert chat.handshakes[0]["headers"]["host"] in chat.url


async def test_only_with_a_key(gateway: World, chat: Chat) -> None:
    for path, key in (("/chat", None), ("/chat", "wrong")):
        with pytest.raises(WSServerHandshakeError) as refused:
            await dial(gateway, path, key)
        assert refused.value.status == 401
        assert refused.value.headers is not None
        assert refused.value.headers["WWW-Authenticate"].startswith("AzureApiManagementKey")
    assert not chat.handshakes
    key = gateway.subscription("caller", "products/internal")
    async with dial(gateway, f"/chat?subscription-key={key}") as socket:
        await socket.send_str("x")
        assert await socket.receive_str() == "you said x"


async def test_the_subprotocol_is_the_backends_choice(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    async with dial(gateway, "/chat", key, protocols=("other", "chat")) as socket:
        assert socket.protocol == "chat"
    assert chat.handshakes[0]["headers"]["sec-websocket-protocol"] == "other,chat"


async def test_when_the_backend_leaves_the_caller_learns_why(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    async with dial(gateway, "/chat", key) as socket:
        await socket.send_str("leave")
        message = await socket.receive()
        assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 4001, "told to")


async def test_when_the_caller_leaves_the_backend_learns_it(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    socket = await dial(gateway, "/chat", key)
    await socket.close(code=4002)
    assert chat.left == [4002]


async def test_a_refusal_of_the_backend_is_the_answer(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/chat?no=1", key)
    assert refused.value.status == 403


async def test_a_backend_that_is_not_there(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    gateway.api("chat", type="websocket", protocols=["wss"], serviceUrl="ws://127.0.0.1:1/")
    gateway.store.delete(f"{SERVICE}/apis/chat/revisions/1/operations/get")
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/chat", key)
    assert refused.value.status == 500


async def test_policies_see_the_handshake(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    gateway.inbound(
        "apis/chat/operations/onHandshake",
        '<set-header name="X-Who" exists-action="override"><value>@(context.Operation.Id)</value></set-header>'
        '<choose><when condition="@(context.Request.Url.Query.ContainsKey("out"))"><return-response>'
        '<set-status code="418" reason="No" /></return-response></when></choose>',
    )
    async with dial(gateway, "/chat", key):
        assert chat.handshakes[0]["headers"]["x-who"] == "onHandshake"
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/chat?out=1", key)
    assert refused.value.status == 418
    assert len(chat.handshakes) == 1


async def test_inherited_policies_that_cannot_work_are_skipped(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    gateway.policy(
        "",
        "<policies><inbound><mock-response /><set-method>POST</set-method><set-body>x</set-body></inbound>"
        "<backend><forward-request /></backend><outbound /></policies>",
    )
    async with dial(gateway, "/chat", key) as socket:
        await socket.send_str("x")
        assert await socket.receive_str() == "you said x"


async def test_an_outbound_policy_may_still_refuse(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    gateway.policy(
        "products/internal",
        '<policies><outbound><return-response><set-status code="403" reason="No" />'
        "</return-response></outbound></policies>",
    )
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/chat", key)
    assert refused.value.status == 403
    assert len(chat.handshakes) == 1


async def test_a_plain_request_finds_nothing(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    answer = await gateway.call("/chat", key)
    assert (answer.status, answer.json["message"]) == (404, "Resource not found")
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/chat/deeper", key)
    assert refused.value.status == 404
    assert not chat.handshakes


async def test_a_handshake_with_an_ordinary_api_is_an_ordinary_call(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    with pytest.raises(WSServerHandshakeError) as refused:
        await dial(gateway, "/random", key)
    assert refused.value.status == 200
    assert "upgrade" not in gateway.seen[0]["headers"]


async def test_handshakes_are_traced(gateway: World, chat: Chat) -> None:
    key = gateway.subscription("caller", "products/internal")
    token = "aid=chat&p=tracing&t=x"
    gateway.store.kv_set(debug_key(SERVICE), {token: {"expires": gateway.clock.time() + 60, "api": "chat"}})
    own = {"Host": HOST, KEY: key, "Apim-Debug-Authorization": token}
    shake = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers = {**own, **shake, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    url = f"http://127.0.0.1:{gateway.ports['https-internet']}/chat"
    async with gateway.session.get(url, headers=headers) as answer:
        assert answer.status == 101
        assert answer.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        assert list(gateway.store.kv_get(trace_key(SERVICE))) == [answer.headers["Apim-Trace-Id"]]
