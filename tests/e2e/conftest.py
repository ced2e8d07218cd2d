# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox with Kubernetes for the end-to-end tests of one file, seeded as for the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.playbook import ROOT, Run, run_playbook
from support.sandbox import Sandbox

INVENTORY = ROOT / "inventories" / "sandbox"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox: a VNET, a cluster and an API Management service exist, nothing else."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo").up()
    yield running
    running.down()


class Site:
    """The playbooks of the collection, run for the inventory of the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def __call__(self, name: str, *options: str, inventory: Path = INVENTORY, **environment: str) -> Run:
        """Run playbooks/NAME.yml."""
        return run_playbook(
            ROOT / "playbooks" / f"{name}.yml",
            *options,
            environment={**self.sandbox.environment, **environment},
            inventory=inventory,
        )


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Site:
    """Runs the playbooks."""
    return Site(sandbox)
