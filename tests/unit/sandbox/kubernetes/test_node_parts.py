# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small parts of the virtual nodes: addresses, pauses, pulling, processes, logs."""

from __future__ import annotations

import asyncio
import os
import urllib.request
from pathlib import Path

import pytest
from innergate_sandbox.images.catalogue import StandIn
from innergate_sandbox.kubernetes.node import images
from innergate_sandbox.kubernetes.node.addresses import AddressPool
from innergate_sandbox.kubernetes.node.backoff import Backoff, as_duration
from innergate_sandbox.kubernetes.node.kubelet import Selection
from innergate_sandbox.kubernetes.node.process import ContainerProcess


def test_addresses_are_lowest_first_and_come_back() -> None:
    pool = AddressPool("10.244.1.0/24")
    assert [pool.take(), pool.take(), pool.take("10.244.1.9")] == ["10.244.1.2", "10.244.1.3", "10.244.1.9"]
    pool.free("10.244.1.2")
    assert pool.take() == "10.244.1.2"


def test_an_address_of_another_node_or_one_that_is_taken_is_not_kept() -> None:
    pool = AddressPool("10.244.1.0/24")
    assert pool.take("10.244.0.9") == "10.244.1.2"
    assert pool.take("10.244.1.2") == "10.244.1.3"


def test_a_full_node_says_so() -> None:
    pool = AddressPool("10.244.1.0/30")
    pool.take()
    with pytest.raises(OverflowError, match=r"10\.244\.1\.0/30"):
        pool.take()


def test_pauses_double_up_to_five_minutes() -> None:
    backoff = Backoff()
    assert [backoff.next() for dummy in range(7)] == [10, 20, 40, 80, 160, 300, 300]
    backoff.reset()
    assert backoff.next() == 10


@pytest.mark.parametrize(("seconds", "text"), [(10, "10s"), (80, "1m20s"), (300, "5m0s")])
def test_durations_as_go_writes_them(seconds: float, text: str) -> None:
    assert as_duration(seconds) == text


class Told:
    def __init__(self) -> None:
        self.events: list[str] = []
        self.states: list[tuple[str, str]] = []

    def tell(self, kind: str, reason: str, message: str) -> None:
        self.events.append(f"{kind} {reason} {message}")

    def wait(self, reason: str, message: str) -> None:
        self.states.append((reason, message))


class TestPull:
    async def test_a_known_image_is_pulled_once_per_node(self) -> None:
        told, present = Told(), set[str]()
        found = await images.pull("nginx", "IfNotPresent", present, told.tell, told.wait, Backoff())
        assert found == StandIn("static", 80)
        assert told.events[0] == 'Normal Pulling Pulling image "nginx"'
        assert told.events[1].startswith('Normal Pulled Successfully pulled image "nginx" in ')
        told.events.clear()
        await images.pull("nginx:latest", "IfNotPresent", present, told.tell, told.wait, Backoff())
        assert told.events == [
            'Normal Pulled Container image "nginx:latest" already present on machine and can be accessed by the pod'
        ]
        told.events.clear()
        await images.pull("nginx", "Always", present, told.tell, told.wait, Backoff())
        assert told.events[0] == 'Normal Pulling Pulling image "nginx"'

    async def test_an_unknown_image_fails_and_is_backed_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(images, "SHOWN", 0.0)
        told = Told()
        pulling = images.pull("nobody/nothing", "Always", set(), told.tell, told.wait, Backoff(0.01))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pulling, 0.1)
        error = (
            'failed to pull and unpack image "docker.io/nobody/nothing:latest": failed to resolve reference '
            '"docker.io/nobody/nothing:latest": pull access denied, repository does not exist or may require '
            "authorization: server message: insufficient_scope: authorization failed"
        )
        assert told.events[:5] == [
            'Normal Pulling Pulling image "nobody/nothing"',
            f'Warning Failed Failed to pull image "nobody/nothing": rpc error: code = Unknown desc = {error}',
            "Warning Failed Error: ErrImagePull",
            'Normal BackOff Back-off pulling image "nobody/nothing"',
            "Warning Failed Error: ImagePullBackOff",
        ]
        assert [reason for reason, dummy in told.states[:3]] == ["ErrImagePull", "ImagePullBackOff", "ErrImagePull"]
        assert told.states[1][1].startswith('Back-off pulling image "nobody/nothing": ErrImagePull: rpc error')

    @pytest.mark.parametrize(
        ("reference", "policy", "reason"),
        [("Upper/Case", "Always", "InvalidImageName"), ("nginx", "Never", "ErrImageNeverPull")],
    )
    async def test_what_cannot_even_be_tried(self, reference: str, policy: str, reason: str) -> None:
        told = Told()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(images.pull(reference, policy, set(), told.tell, told.wait, Backoff()), 0.05)
        assert told.states[0][0] == reason
        assert f"Warning Failed Error: {reason}" in told.events


class TestProcess:
    async def test_it_answers_where_it_says_and_ends_politely(self, tmp_path: Path) -> None:
        process = ContainerProcess(StandIn("static", 80), {"HOSTNAME": "pod-1"}, tmp_path / "log", tmp_path)
        await process.start()

        def ask() -> tuple[int, str]:
            with urllib.request.urlopen(f"http://127.0.0.1:{process.ports[80]}/") as answer:
                return answer.status, answer.headers["X-Served-By"]

        assert await asyncio.to_thread(ask) == (200, "pod-1")
        assert await process.stop(5) == 128 + 15
        line = (tmp_path / "log").read_text()
        assert line.endswith(" stdout F GET / 200\n")

    async def test_one_that_ends_by_itself_has_its_own_code(self, tmp_path: Path) -> None:
        environment = {"INNERGATE_EXIT": "3"}
        process = ContainerProcess(StandIn("static", 80), environment, tmp_path / "log", tmp_path)
        await process.start()
        assert await process.wait() == 3

    async def test_one_that_cannot_start_listens_nowhere(self, tmp_path: Path) -> None:
        process = ContainerProcess(StandIn("no_such_module", 80), dict(os.environ), tmp_path / "log", tmp_path)
        await process.start()
        assert process.ports == {}
        assert await process.wait() == 1
        assert "no_such_module" in (tmp_path / "log").read_text()

    async def test_one_that_was_never_started_can_be_stopped(self, tmp_path: Path) -> None:
        process = ContainerProcess(StandIn("static", 80), {}, tmp_path / "log", tmp_path)
        assert await process.stop(0) == 0


LINES = [
    b"2026-01-01T00:00:01.000000000Z stdout F one\n",
    b"2026-01-01T00:00:02.000000000Z stdout F two words\n",
    b"2026-01-01T00:00:03.000000000Z stdout F three\n",
]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({}, b"one\ntwo words\nthree\n"),
        ({"tailLines": "1"}, b"three\n"),
        ({"tailLines": "0"}, b""),
        ({"sinceTime": "2026-01-01T00:00:02Z"}, b"two words\nthree\n"),
        ({"limitBytes": "5"}, b"one\nt"),
        ({"timestamps": "true", "tailLines": "1"}, b"2026-01-01T00:00:03.000000000Z three\n"),
    ],
)
def test_logs_are_cut_as_asked(query: dict[str, str], text: bytes) -> None:
    assert Selection.parse(query, 0.0).apply(LINES) == text
