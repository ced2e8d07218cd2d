# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outside and the inside proxy."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from innergate_sandbox.ports import choose
from innergate_sandbox.proxy import Proxy
from innergate_sandbox.proxy.routes import NoRoute, Routes, Zone
from innergate_sandbox.testing import TestSandbox, sandbox
from support.streams import connected, serving
from unit.sandbox.core.things import Things


@dataclass
class Plane:
    """A data plane that knows one address per zone."""

    known: dict[tuple[str, int, str], tuple[str, int]] = field(default_factory=dict)

    def resolve(self, address: str, port: int, *, zone: str) -> Any:
        """Find it."""
        return self.known.get((address, port, zone)) or SimpleNamespace(reason=f"{address} is nowhere")


@dataclass
class Gateway:
    """A gateway that knows one host name per zone."""

    known: dict[tuple[str, int, str], tuple[str, int]] = field(default_factory=dict)

    def route(self, name: str, port: int, zone: str) -> tuple[str, int] | None:
        """Find it."""
        return self.known.get((name, port, zone))


@dataclass
class Site:
    """What a proxy needs of a runtime."""

    arm: TestSandbox
    dataplane: Plane = field(default_factory=Plane)
    gateway: Gateway = field(default_factory=Gateway)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.arm, name)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with sandbox(Things(), listen=True) as arm:
        arm.settings.ports["imds"] = 1
        yield Site(arm)


@pytest.fixture
async def proxies(site: Site) -> AsyncIterator[dict[Zone, str]]:
    opened: list[Proxy] = []
    urls: dict[Zone, str] = {}
    zones: tuple[Zone, Zone] = ("internet", "vnet")
    for zone in zones:
        port = choose(set())
        opened.append(Proxy(site, zone))  # type: ignore[arg-type]
        await opened[-1].listen(port)
        urls[zone] = f"http://127.0.0.1:{port}"
    yield urls
    for proxy in opened:
        await proxy.stop()


@pytest.fixture
async def backend() -> AsyncIterator[int]:
    """A server that tells what it was asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Le")), 0)
        body = head + await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
        await writer.drain()

    async with serving(serve) as (dummy, port):
        yield port


def trust(arm: TestSandbox) -> ssl.SSLContext:
    """A client's TLS context."""
    return ssl.create_default_context(cafile=arm.ca)


async def test_public_names_lead_to_arm_through_a_tunnel(site: Site, proxies: dict[Zone, str]) -> None:
    url = "https://management.azure.com/metadata/endpoints?api-version=2022-09-01"
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, proxy=proxies["internet"], ssl=trust(site.arm)) as got,
    ):
        body = await got.json()
    assert body["authentication"]["loginEndpoint"] == "https://login.microsoftonline.com"
    records = [(record.category, record.method, record.path, record.status) for record in site.arm.log.read()]
    assert ("proxy", "CONNECT", "management.azure.com:443", 200) in records


async def test_everything_else_is_refused_outside(site: Site, proxies: dict[Zone, str]) -> None:
    site.dataplane.known["10.224.0.9", 80, "vnet"] = ("127.0.0.1", 9)
    async with aiohttp.ClientSession() as session:
        for url in ("http://example.com/", "http://10.224.0.9/", "http://127.0.0.1/"):
            async with session.get(url, proxy=proxies["internet"]) as got:
                assert got.status == 403
        with pytest.raises(aiohttp.ClientHttpProxyError) as refused:
            await session.get("https://example.com/", proxy=proxies["internet"])
        assert refused.value.status == 403
    assert {record.status for record in site.arm.log.read(category="proxy")} == {403}


async def test_a_plain_request_reaches_an_address_of_the_network(
    site: Site, proxies: dict[Zone, str], backend: int
) -> None:
    site.dataplane.known["10.224.0.9", 8080, "vnet"] = ("127.0.0.1", backend)
    site.dataplane.known["20.1.2.3", 80, "internet"] = ("127.0.0.1", backend)
    async with aiohttp.ClientSession() as session:
        posted = session.post("http://10.224.0.9:8080/a?b=c", data=b"hello", proxy=proxies["vnet"])
        async with posted as got:
            text = await got.text()
        assert text.startswith("POST /a?b=c HTTP/1.1\r\n")
        assert "\r\nHost: 10.224.0.9:8080\r\n" in text
        assert text.endswith("\r\n\r\nhello")
        async with session.get("http://20.1.2.3/", proxy=proxies["internet"]) as got:
            assert got.status == 200
        async with session.get("http://10.224.0.10/", proxy=proxies["vnet"]) as got:
            assert (got.status, await got.text()) == (502, "10.224.0.10 is nowhere\n")


async def test_keys_and_passwords_do_not_reach_the_log(site: Site, proxies: dict[Zone, str]) -> None:
    target = urlsplit(proxies["vnet"]).port
    line = "GET http://me:hunter2@10.0.0.1/path?subscription-key=hunter2&a=1 HTTP/1.1"
    async with connected("127.0.0.1", target) as (reader, writer):
        writer.write(f"{line}\r\nHost: 10.0.0.1\r\n\r\n".encode())
        await reader.read()
    (record,) = site.arm.log.read(category="proxy")
    assert (record.path, record.query) == ("http://10.0.0.1/path", "subscription-key=**********&a=1")


async def test_a_target_that_does_not_listen_is_502(site: Site, proxies: dict[Zone, str]) -> None:
    site.dataplane.known["10.0.0.1", 80, "vnet"] = ("127.0.0.1", choose(set()))
    async with aiohttp.ClientSession() as session, session.get("http://10.0.0.1/", proxy=proxies["vnet"]) as got:
        assert got.status == 502


async def test_what_is_no_proxy_request_is_400(proxies: dict[Zone, str]) -> None:
    async with aiohttp.ClientSession() as session, session.get(proxies["internet"]) as got:
        assert got.status == 400


async def test_gateways_are_found_by_their_host_names(site: Site) -> None:
    site.gateway.known["shop.azure-api.net", 443, "internet"] = ("127.0.0.1", 7)
    site.gateway.known["api.contoso.example", 443, "vnet"] = ("127.0.0.1", 8)
    outside, inside = Routes(site, "internet"), Routes(site, "vnet")  # type: ignore[arg-type]
    assert await outside.find("Shop.azure-api.net.", 443) == ("127.0.0.1", 7)
    assert await inside.find("api.contoso.example", 443) == ("127.0.0.1", 8)
    hidden, unknown = await outside.find("hidden.azure-api.net", 443), await outside.find("api.contoso.example", 443)
    assert isinstance(hidden, NoRoute)
    assert isinstance(unknown, NoRoute)
    assert (hidden.status, unknown.status) == (403, 403)
    assert hidden.reason == "no gateway answers callers of the internet at hidden.azure-api.net:443"


async def test_the_metadata_address_is_reached_from_inside_only(site: Site) -> None:
    inside, outside = Routes(site, "vnet"), Routes(site, "internet")  # type: ignore[arg-type]
    assert await inside.find("169.254.169.254", 80) == ("127.0.0.1", 1)
    assert isinstance(await outside.find("169.254.169.254", 80), NoRoute)
    assert isinstance(await outside.find("management.azure.com", 80), NoRoute)
