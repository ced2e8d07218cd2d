# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to pods without their addresses: the API server's tunnel, the nodes' API, port forwarding."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.api.portforward import Forward, PodPort
from innergate_sandbox.kubernetes.control.egress import Tunnel
from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.control.pki import Authority, Pair
from innergate_sandbox.kubernetes.foreign import foreign_pods
from innergate_sandbox.kubernetes.node.kubelet import KubeletServer
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.ports import choose
from support.streams import connected, serving

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "pki")


@pytest.fixture
async def pod() -> AsyncIterator[tuple[str, int]]:
    """A server that answers one HTTP request."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)

    async with serving(answer) as place:
        yield place


def client_context(authority: Authority, pair: Pair | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.pair.certificate))
    if pair is not None:
        context.load_cert_chain(pair.certificate, pair.key)
    return context


async def ask(port: int, context: ssl.SSLContext, text: bytes) -> bytes:
    async with connected("127.0.0.1", port, ssl=context) as (reader, writer):
        writer.write(text)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 5)


class TestTunnel:
    async def test_it_leads_to_what_stands_for_an_address(self, authority: Authority, pod: tuple[str, int]) -> None:
        port, known = choose(set()), {("10.244.0.2", 8080): pod}
        tunnel = Tunnel(port, authority.server_context("t", ["127.0.0.1"]), lambda *at: known.get(at))
        await tunnel.start()
        context = client_context(authority, authority.client("c", "user", []))
        found = await ask(port, context, b"CONNECT 10.244.0.2:8080 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        assert found.startswith(b"HTTP/1.1 200 Connection established\r\n\r\n")
        assert found.endswith(b"hello")
        await tunnel.stop()

    @pytest.mark.parametrize("line", [b"CONNECT 10.9.9.9:80 HTTP/1.1", b"GET http://10.244.0.2:8080/ HTTP/1.1"])
    async def test_it_leads_nowhere_else(self, authority: Authority, pod: tuple[str, int], line: bytes) -> None:
        port, known = choose(set()), {("10.244.0.2", 8080): pod}
        tunnel = Tunnel(port, authority.server_context("t", ["127.0.0.1"]), lambda *at: known.get(at))
        await tunnel.start()
        context = client_context(authority, authority.client("c", "user", []))
        assert (await ask(port, context, line + b"\r\n\r\n")).startswith(b"HTTP/1.1 502 ")
        await tunnel.stop()

    async def test_it_ends_with_its_connections(self, authority: Authority, pod: tuple[str, int]) -> None:
        port = choose(set())
        tunnel = Tunnel(port, authority.server_context("t", ["127.0.0.1"]), lambda *at: pod)
        await tunnel.start()
        context = client_context(authority, authority.client("c", "user", []))
        async with connected("127.0.0.1", port, ssl=context) as (reader, writer):
            writer.write(b"CONNECT 10.244.0.2:8080 HTTP/1.1\r\n\r\n")
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            await tunnel.stop()
            assert await asyncio.wait_for(reader.read(), 5) == b""

    async def test_it_answers_only_to_the_clusters_own(self, authority: Authority) -> None:
        port = choose(set())
        tunnel = Tunnel(port, authority.server_context("t", ["127.0.0.1"]), lambda *at: None)
        await tunnel.start()
        try:
            found = await ask(port, client_context(authority, None), b"CONNECT 10.244.0.2:8080 HTTP/1.1\r\n\r\n")
        except (ssl.SSLError, ConnectionError):
            found = b""  # with TLS 1.3 the refusal may come before or after the request was written
        assert found == b""
        await tunnel.stop()


@pytest.fixture
async def kubelet(authority: Authority, pod: tuple[str, int], tmp_path: Path) -> AsyncIterator[str]:
    """The nodes' API, with one pod `web` that has a log and listens on 8080."""
    log = tmp_path / "0.log"
    log.write_text("2026-01-01T00:00:01.0Z stdout F one\n2026-01-01T00:00:02.0Z stdout F two\n")

    def find(namespace: str, name: str, container: str, previous: bool) -> Path:
        if (namespace, name, container) != ("default", "web", "app") or previous:
            raise LookupError(f'container "{container}" in pod "{name}" is waiting to start: ContainerCreating')
        return log

    def locate(namespace: str, name: str, port: int) -> tuple[str, int] | None:
        return pod if (namespace, name, port) == ("default", "web", 8080) else None

    port = choose(set())

    def enter(namespace: str, name: str, container: str) -> Inside:
        if (namespace, name, container) != ("default", "web", "app"):
            raise LookupError(f'container "{container}" not found')
        return Inside({"HOSTNAME": "web", "COLOUR": "blue"}, tmp_path / "root")

    server = KubeletServer(port, authority.server_context("k", ["127.0.0.1"]), find, locate, enter)
    await server.start()
    yield f"https://127.0.0.1:{port}"
    await server.stop()


class TestLogs:
    async def test_they_are_read(self, authority: Authority, kubelet: str) -> None:
        context = client_context(authority, authority.client("c", "user", []))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            async with session.get(f"{kubelet}/containerLogs/default/web/app?tailLines=1") as answer:
                assert (answer.status, await answer.text()) == (200, "two\n")
            async with session.get(f"{kubelet}/containerLogs/default/web/app?previous=true") as answer:
                assert answer.status == 400
                assert "is waiting to start" in await answer.text()
            async with session.get(f"{kubelet}/containerLogs/default/web/app?tailLines=x") as answer:
                assert answer.status == 400
            async with session.post(f"{kubelet}/exec/default/web/app?command=sh") as answer:
                assert answer.status == 400
            async with session.get(f"{kubelet}/attach/default/web/app") as answer:
                assert answer.status == 501

    async def test_they_are_followed(self, authority: Authority, kubelet: str, tmp_path: Path) -> None:
        context = client_context(authority, authority.client("c", "user", []))
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session,
            session.get(f"{kubelet}/containerLogs/default/web/app?tailLines=0&follow=true") as answer,
        ):
            with (tmp_path / "0.log").open("a") as log:
                log.write("2026-01-01T00:00:03.0Z stdout F three\n")
            assert await asyncio.wait_for(answer.content.readline(), 5) == b"three\n"

    async def test_strangers_get_nothing(self, authority: Authority, kubelet: str) -> None:
        connector = aiohttp.TCPConnector(ssl=client_context(authority, None))
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises((aiohttp.ClientError, OSError)):
                await session.get(f"{kubelet}/containerLogs/default/web/app")


class TestCommands:
    @pytest.mark.parametrize(
        ("query", "said", "ending"),
        [
            ("command=printenv&command=COLOUR&output=1&error=1", {1: b"blue\n"}, "Success"),
            ("command=cat&command=/nope&output=1&error=1", {2: b"cat: /nope: No such file or directory\n"}, "NonZero"),
            ("command=cat&command=/nope&output=1", {}, "NonZero"),
            ("command=sh&command=-c&command=true&output=1", {}, 'exec: \\"sh\\": executable file not found in $PATH'),
            ("output=1", {}, "executable file not found"),
        ],
    )
    async def test_a_websocket_carries_what_was_asked_for_and_the_end(
        self, authority: Authority, kubelet: str, query: str, said: dict[int, bytes], ending: str
    ) -> None:
        found, status = await self.run(authority, f"{kubelet}/exec/default/web/app?{query}")
        assert found == said
        assert ending in status

    async def test_a_container_that_does_not_run(self, authority: Authority, kubelet: str) -> None:
        found, status = await self.run(authority, f"{kubelet}/exec/default/web/other?command=env&output=1")
        assert found == {}
        assert '"status": "Failure"' in status and 'container \\"other\\" not found' in status

    @staticmethod
    async def run(authority: Authority, url: str) -> tuple[dict[int, bytes], str]:
        context = client_context(authority, authority.client("c", "user", []))
        found: dict[int, bytes] = {}
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session,
            session.ws_connect(url, protocols=("v4.channel.k8s.io",)) as socket,
        ):
            async for message in socket:
                found[message.data[0]] = found.get(message.data[0], b"") + message.data[1:]
        return found, found.pop(3).decode()


class Api(Kube):
    """An API server that passes port forwarding on to the nodes, as the real one does."""

    @staticmethod
    def at(kubelet: str, authority: Authority) -> Api:
        pair = authority.client("c", "user", [])
        ca, certificate, key = (p.read_bytes() for p in (authority.pair.certificate, pair.certificate, pair.key))
        return Api(Access(kubelet, ca, certificate, key))

    def websocket(self, path: str, protocol: str):  # type: ignore[no-untyped-def]
        inner = (
            path.replace("/api/v1/namespaces/", "/portForward/")
            .replace("/pods/", "/")
            .replace("/portforward?ports", "?port")
        )
        return super().websocket(inner, protocol)


@pytest.fixture
async def api(authority: Authority, kubelet: str) -> AsyncIterator[Api]:
    found = Api.at(kubelet, authority)
    yield found
    await found.close()


class TestPortForwarding:
    async def test_a_loopback_port_stands_for_a_pods(self, api: Api) -> None:
        forward = Forward(api, PodPort("default", "web", 8080))
        host, port = await forward.start()
        async with aiohttp.ClientSession() as session:
            for dummy in range(2):
                async with session.get(f"http://{host}:{port}/") as answer:
                    assert await answer.text() == "hello"
        await forward.stop()

    async def test_it_ends_with_its_connections(self, api: Api) -> None:
        forward = Forward(api, PodPort("default", "web", 8080))
        async with connected(*await forward.start()) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\n")
            await writer.drain()
            await forward.stop()
            with contextlib.suppress(ConnectionResetError):  # nobody may have read the line yet
                assert await asyncio.wait_for(reader.read(), 5) == b""

    async def test_a_port_where_nothing_listens_is_a_closed_connection(self, api: Api) -> None:
        forward = Forward(api, PodPort("default", "web", 9090))
        async with connected(*await forward.start()) as (reader, dummy):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        await forward.stop()


def test_only_ready_pods_on_others_nodes_are_foreign() -> None:
    def endpoint(address: str, node: str, ready: bool = True, kind: str = "Pod") -> dict[str, object]:
        reference = {"kind": kind, "name": f"pod-{address}"}
        return {"addresses": [address], "nodeName": node, "conditions": {"ready": ready}, "targetRef": reference}

    item = {
        "metadata": {"namespace": "ns", "name": "s"},
        "ports": [{"port": 80}, {"port": 53, "protocol": "UDP"}],
        "endpoints": [
            endpoint("10.0.0.1", "kind-worker"),
            endpoint("10.0.0.2", "ours"),
            endpoint("10.0.0.3", "kind-worker", ready=False),
            endpoint("10.0.0.4", "kind-worker", kind="Node"),
        ],
    }
    assert foreign_pods([item], {"ours": "10.224.0.4"}) == {("10.0.0.1", 80): PodPort("ns", "pod-10.0.0.1", 80)}
