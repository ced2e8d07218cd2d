# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox for all examples, with the environment that they need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.playbook import run_playbook
from support.sandbox import Sandbox

HERE = Path(__file__).resolve().parent
GROUP = "/resourceGroups/contoso-rg"


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox without Kubernetes, on ports of its own."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--no-kubernetes", "--port", "0", "--time-scale", "5000")
    running.up()
    yield running
    running.down()


@pytest.fixture(scope="session")
def environment(sandbox: Sandbox) -> Sandbox:
    """The sandbox with contoso-rg and what environment.yml makes in it."""
    for path, body, version in (
        (GROUP, {"location": "westeurope"}, "2021-04-01"),
        (
            f"{GROUP}/providers/Microsoft.Network/routeTables/aks-routes",
            {"location": "westeurope", "properties": {"routes": []}},
            "2025-05-01",
        ),
    ):
        answer = sandbox.arm("PUT", path, body, version=version)
        assert answer.status_code in (200, 201), answer.text
    run = run_playbook(HERE / "environment.yml", environment=sandbox.environment)
    assert run.code == 0, run.message or run.output
    return sandbox
