# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox without Kubernetes for bad input and bad days; every test leaves it without faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.playbook import Run, on_controller, quick_starts, run_playbook, without_workers
from support.sandbox import Sandbox


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Playbooks do not wait until libraries are imported, and start no worker processes."""
    with quick_starts(), without_workers():
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all."""
    running = Sandbox(tmp_path_factory.mktemp("chaos"), "--seed", "demo", "--no-kubernetes").up()
    yield running
    running.down()


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, without faults."""
    yield shared
    shared.clear_faults()


Task = Callable[..., Run]


@pytest.fixture
def task(sandbox: Sandbox) -> Task:
    """Run one task of the collection: task("apim_tag", name="x", ...) with the fixture's service as default."""

    def run(module: str, *options: str, environment: dict[str, str] | None = None, **arguments: Any) -> Run:
        play = on_controller({"name": module, f"innergate.azure.{module}": arguments})
        return run_playbook(play, *options, environment={**sandbox.environment, **(environment or {})})

    return run


def assert_clear(run: Run, *words: str) -> None:
    """The run failed with one message that holds all the words, and without a traceback."""
    assert run.code != 0, run.output
    assert "Traceback" not in run.output, run.output
    message = run.message
    missing = [word for word in words if word.lower() not in message.lower()]
    assert not missing, f"{missing} not in: {message}"
