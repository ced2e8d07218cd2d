# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes: really executed, counted, and told as the kubelet tells them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from innergate_sandbox.kubernetes.node.probes import Probe, Verdict, run

CONTAINER = {"name": "a", "ports": [{"name": "http", "containerPort": 8080}]}


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/slow":
            await asyncio.sleep(5)
        seen = f"{request.headers['Host']} {request.headers.get('X-Probe', '')} {request.headers['User-Agent']}"
        return web.Response(status=int(request.query.get("status", 200)), text=seen, headers={"X-Seen": seen})

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    async with TestServer(app) as started:
        yield started


def probe(server: TestServer | None, **spec: Any) -> Probe:
    def locate(port: int) -> tuple[str, int] | None:
        return ("127.0.0.1", server.port or 0) if server and port == 8080 else None

    return Probe("Readiness", spec, CONTAINER, "10.244.0.2", locate)


@pytest.mark.parametrize("status", [200, 204, 302, 399])
async def test_from_200_to_399_is_well(server: TestServer, status: int) -> None:
    assert await probe(server, httpGet={"port": 8080, "path": f"/?status={status}"}).execute() is None


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_others_are_not(server: TestServer, status: int) -> None:
    found = await probe(server, httpGet={"port": "http", "path": f"/?status={status}"}).execute()
    assert found == f"HTTP probe failed with statuscode: {status}"


async def test_nothing_listens() -> None:
    found = await probe(None, httpGet={"port": 8081, "path": "healthz"}).execute()
    assert found == 'Get "http://10.244.0.2:8081/healthz": dial tcp 10.244.0.2:8081: connect: connection refused'
    found = await probe(None, tcpSocket={"port": 8081}).execute()
    assert found == "dial tcp 10.244.0.2:8081: connect: connection refused"


async def test_a_process_that_just_died() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
        item = Probe(
            "Readiness", {"tcpSocket": {"port": 8080}}, CONTAINER, "10.244.0.2", lambda port: ("127.0.0.1", closed)
        )
        assert await item.execute() == "dial tcp 10.244.0.2:8080: connect: connection refused"


async def test_too_slow(server: TestServer) -> None:
    found = await probe(server, httpGet={"port": 8080, "path": "/slow"}, timeoutSeconds=0.05).execute()
    assert found is not None and found.startswith('Get "http://10.244.0.2:8080/slow": context deadline exceeded')


async def test_a_connection_is_enough(server: TestServer) -> None:
    assert await probe(server, tcpSocket={"port": "http"}).execute() is None
    assert await probe(server, grpc={"port": 8080}).execute() is None


async def test_programs_cannot_be_run_and_count_as_well() -> None:
    assert await probe(None, exec={"command": ["false"]}).execute() is None


def test_a_verdict_needs_so_many_in_a_row() -> None:
    verdict = Verdict(failures=3, successes=2)
    assert [verdict.add(passed) for passed in (False, False, True, False, False, False)] == [None] * 5 + [False]
    assert [verdict.add(passed) for passed in (True, True, True)] == [None, True, True]


async def test_a_probe_goes_on_and_tells_failures_and_decisions(server: TestServer) -> None:
    failures: list[str] = []
    decisions: list[bool] = []
    done = asyncio.Event()

    def decided(passed: bool, output: str) -> None:
        decisions.append(passed)
        done.set()

    item = probe(server, httpGet={"port": 8080, "path": "/?status=500"}, periodSeconds=0.01, failureThreshold=3)
    task = asyncio.create_task(run(item, decided, failures.append))
    await asyncio.wait_for(done.wait(), 5)
    task.cancel()
    assert decisions == [False]
    assert failures == ["HTTP probe failed with statuscode: 500"] * 3
