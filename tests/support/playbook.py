# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run playbooks as a user would, and read what came of every task."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.launcher import Launcher, launcher

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
#: Where Ansible finds the collections; ansible-test works in such a tree itself.
TREE = ROOT.parents[2] if ROOT.parents[1].name == "ansible_collections" else ROOT / ".venv" / "tree"
PLUGINS = Path(__file__).resolve().parent / "callback_plugins"

#: ansible-playbook without worker processes.
ONE_PROCESS = Path(__file__).resolve().parent / "programs" / "one_process.py"

#: While it waits for a task, ansible looks a thousand times a second whether that has ended.
SETTINGS = "[defaults]\ninternal_poll_interval = 0.005\n"
#: The launchers that start runs, the last one first.
_LAUNCHERS: list[Launcher] = []
#: Where runs without worker processes keep their templates; None for runs with them. The last one counts.
_TEMPLATES: list[Path | None] = [None]


@dataclass
class Step:
    """One task on one host (or one item of it), as the callback recorded it when it ended."""

    status: str
    host: str
    task: str
    action: str
    result: dict[str, Any]
    time: float = 0.0

    @property
    def item(self) -> Any:
        """What the task was done for, of those that it loops over; None without a loop."""
        return self.result.get(self.result.get("ansible_loop_var", "item"))


@dataclass
class Run:
    """A finished run of ansible-playbook."""

    code: int
    output: str
    steps: list[Step] = field(default_factory=list)

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """The counters of the recap by host, for example C({"apim-demo": {"ok": 5, "changed": 0}})."""
        lines = re.findall(r"^(\S+)\s+: (ok=.*)$", self.output, re.MULTILINE)
        return {host: {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", text)} for host, text in lines}

    @property
    def changed(self) -> int:
        """Changed tasks over all hosts."""
        return sum(counters["changed"] for counters in self.recap.values())

    @property
    def failures(self) -> list[Step]:
        """Steps that failed, items before the tasks that hold them."""
        return [step for step in self.steps if step.status in ("failed", "item_failed", "unreachable")]

    @property
    def message(self) -> str:
        """The message of the first failure."""
        return str(self.failures[0].result.get("msg", "")) if self.failures else ""

    def changes(self) -> list[str]:
        """The names of the tasks that changed something."""
        return [step.task for step in self.steps if step.status == "ok" and step.result.get("changed")]


def on_controller(*tasks: Mapping[str, Any], **variables: Any) -> list[dict[str, Any]]:
    """A playbook with one play, which runs these tasks on the controller, with the Python of ansible."""
    head = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    here = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}
    return [{**head, "vars": here, "tasks": list(tasks)}]


def tasks_of(play: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tasks that stand in a play, those in blocks, too."""
    found, left = [], list(play["tasks"])
    while left:
        task = left.pop(0)
        inside = [part for key in ("block", "rescue", "always") for part in task.get(key, ())]
        found += [] if inside else [task]
        left = inside + left
    return found


@contextmanager
def quick_starts() -> Iterator[None]:
    """Meanwhile runs are started by a launcher, which saves the time of importing libraries.

    So are the modules of those without worker processes.
    """
    with launcher() as started:
        _LAUNCHERS.append(started)
        try:
            yield
        finally:
            _LAUNCHERS.remove(started)


@contextmanager
def without_workers() -> Iterator[Path]:
    """Meanwhile runs start no worker processes, which saves half of their time (see programs/one_process.py).

    The folder is that of what their templates are compiled to.
    """
    with tempfile.TemporaryDirectory() as name, _templates(folder := Path(name)):
        yield folder


@contextmanager
def with_workers() -> Iterator[None]:
    """Meanwhile runs start their worker processes all the same, as a user's do."""
    with _templates(None):
        yield


@contextmanager
def _templates(folder: Path | None) -> Iterator[None]:
    _TEMPLATES.append(folder)
    try:
        yield
    finally:
        _TEMPLATES.pop()


def run_playbook(
    playbook: Path | str | list[dict[str, Any]],
    *options: str,
    environment: Mapping[str, str],
    inventory: Path | str = "localhost,",
    timeout: float = 600,
) -> Run:
    """Run a playbook (a path, or plays as data) and return what happened; does not fail by itself."""
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(playbook, list):
            path = Path(folder) / "playbook.yml"
            path.write_text(yaml.safe_dump(playbook, sort_keys=False), encoding="utf-8")
        else:
            path = Path(playbook)
        record = Path(folder) / "record.jsonl"
        settings = Path(folder) / "ansible.cfg"
        settings.write_text(SETTINGS, encoding="utf-8")
        variables = {
            "ANSIBLE_CONFIG": str(settings),
            **os.environ,
            **environment,
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
            "ANSIBLE_RETRY_FILES_ENABLED": "0",
            "INNERGATE_RECORD": str(record),
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        program = BIN / "ansible-playbook"
        if _TEMPLATES[-1]:
            program, variables["INNERGATE_TEMPLATES"] = ONE_PROCESS, str(_TEMPLATES[-1])
            for started in _LAUNCHERS[-1:]:
                variables["INNERGATE_PYTHON"] = str(started.python)
        command = [str(program), "-i", str(inventory), str(path), *options]
        done = _run(command, variables, timeout)
        lines = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    return Run(done.returncode, done.stdout + done.stderr, [Step(**json.loads(line)) for line in lines])


def _run(command: list[str], variables: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    for started in _LAUNCHERS[-1:]:
        if started.suits(variables):
            return started.run(command, cwd=ROOT, env=variables, timeout=timeout)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
