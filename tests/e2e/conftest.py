# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox with Kubernetes for the end-to-end tests of one file, seeded as for the demo."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.playbook import BIN, ROOT, TREE, Run, quick_starts, run_playbook, without_workers
from support.sandbox import Sandbox

INVENTORY = ROOT / "inventories" / "sandbox"
#: Changes what is in a file of variables.
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Playbooks do not wait until libraries are imported, and start no worker processes."""
    with quick_starts(), without_workers():
        yield


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

    def kill(self, name: str, reached: Callable[[str], bool]) -> None:
        """Run playbooks/NAME.yml and kill it, with all its workers, once C(reached(moment of its start)) is true."""
        variables = {**os.environ, **self.sandbox.environment, "ANSIBLE_COLLECTIONS_PATH": str(TREE)}
        command = [str(BIN / "ansible-playbook"), "-i", str(INVENTORY), str(ROOT / "playbooks" / f"{name}.yml")]
        start, quiet = self.sandbox.moment(), subprocess.DEVNULL
        with subprocess.Popen(
            command, env=variables, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True
        ) as process:
            self.sandbox.until(
                lambda: reached(start),
                seconds=120,
                unless=lambda: "" if process.poll() is None else "the run ended before it could be killed",
            )
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Site:
    """Runs the playbooks."""
    return Site(sandbox)


@pytest.fixture
def inventory(tmp_path: Path) -> Callable[..., Path]:
    """Makes inventories that differ from that of the sandbox: C(products=edit) changes products.yml."""

    def make(**edits: Edit) -> Path:
        folder = tmp_path / f"inventory{len(list(tmp_path.iterdir()))}"
        shutil.copytree(INVENTORY, folder)
        for name, edit in edits.items():
            path = folder / "group_vars" / "apim" / f"{name}.yml"
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            edit(content)
            path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return folder

    return make
