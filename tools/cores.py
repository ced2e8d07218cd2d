# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the playbooks with the oldest and the newest of everything that the collection works with.

The end-to-end tests run them with the ansible-core that the tools of this project go together with. What a template
makes of a value is another thing before ansible-core 2.19, and what is deprecated only the newest one says. So the
playbooks of the commit that is checked out are run here in two corners of the matrix, each in an environment with what
C(requirements.txt) names and nothing else, for the environment that uses every option there is. The sandbox runs from
the usual environment, and begins anew for each corner.

A run fails if a task does, if nothing ran, if it changes what it should not (or nothing where it should), if check mode
writes, and if ansible warns of anything at all. The corners must also agree: as many tasks of each run are done,
changed or skipped. Another Python, ansible-core or SDK than the one asked for is a failure, too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import demo
import yaml
from combinations import CORNERS, Cell, git, other_versions
from matrix import checkout, interpreter, newest_collections, versions
from setup import VENV

SANDBOX = str(VENV / "bin" / "innergate-sandbox")
HOST = "apim-demo"
#: How many tasks of a run ended in some way, by that.
Recap = dict[str, int]
#: The ways that none may end in.
BAD = ("unreachable", "failed", "rescued", "ignored")
#: What a user of this machine has set for Ansible or Python is none of what is tested here.
FOREIGN = ("ANSIBLE_", "PYTHON", "VIRTUAL_ENV")
#: While it waits for a task, ansible looks a thousand times a second whether that has ended.
SETTINGS = "[defaults]\ninternal_poll_interval = 0.005\n"
#: What belongs to somebody else, and a subnet of the environment refers to.
ROUTES = "resource_group=aks-demo-rg name=every-routes location=westeurope"
#: Seconds after which a run that has not ended will not.
ENDLESS = 900.0
_RECAP = re.compile(r"^(?P<host>\S+) +: (?P<counters>ok=\d+ .*)$", re.MULTILINE)
_COUNTER = re.compile(r"(\w+)=(\d+)")
#: C([WARNING]: what it is), which may go on in the next lines: up to a heading, an outcome, or another one.
_TROUBLE = re.compile(r"^\[[A-Z][A-Z ]+\]:.*(?:\n(?![A-Z ]+ \[|\w+: \[|\[).+)*", re.MULTILINE)
_CHANGED = re.compile(r"^TASK \[(?P<task>.*)\] \*+\n(?:(?!TASK|PLAY).*\n)*?changed: ", re.MULTILINE)
_CORE, _PYTHON = re.compile(r"\[core (\d+\.\d+)\."), re.compile(r"^ +python version = (\d+\.\d+)\.", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A named run of a playbook, and whether it is to change something."""

    name: str
    playbook: str
    changes: bool
    options: tuple[str, ...] = ()


CHECK = "--check"
#: Where keys may go with APIs and products, a teardown does not look for them. Here it does.
KEYS = ("-e", json.dumps({"apim_apis_delete_subscriptions": False, "apim_products_delete_subscriptions": False}))
STEPS = (
    Step("site in check mode", "site", changes=True, options=(CHECK,)),
    Step("site", "site", changes=True),
    Step("site again", "site", changes=False),
    Step("teardown", "teardown", changes=True, options=KEYS),
    Step("teardown again", "teardown", changes=False, options=KEYS),
)


def recap(said: str) -> dict[str, Recap]:
    """The counters in the end of what ansible-playbook says, by host."""
    found = _RECAP.finditer(said)
    return {line["host"]: {name: int(count) for name, count in _COUNTER.findall(line["counters"])} for line in found}


def problems(step: Step, code: int, said: str) -> list[str]:
    """What is wrong with a run that has ended."""
    hosts = recap(said)
    found = [f"exit code {code}"] if code else []
    if set(hosts) != {HOST}:
        found.append(f"it ran for {', '.join(sorted(hosts)) or 'no host'}")
    for host, counters in hosts.items():
        if not counters.get("ok"):
            found.append(f"{host}: no task ran")
        found += [f"{host}: {name}={counters[name]}" for name in BAD if counters[name]]
        if bool(counters["changed"]) is not step.changes:
            changed = ", ".join(line["task"] for line in _CHANGED.finditer(said)) or "nothing"
            found.append(f"{host}: changed={counters['changed']} ({changed})")
    return found + [" ".join(trouble[0].split()) for trouble in _TROUBLE.finditer(said)]


def differences(recaps: Mapping[str, Mapping[str, Recap]]) -> list[str]:
    """Runs that did not do the same with all combinations: the recaps of each combination by the name of the run."""
    found = []
    for name in dict.fromkeys(name for runs in recaps.values() for name in runs):
        ways = {
            cell: " ".join(f"{key}={count}" for key, count in runs[name].items())
            for cell, runs in recaps.items()
            if name in runs
        }
        if len(set(ways.values())) > 1:
            found.append(f"{name}: " + "; ".join(f"{cell}: {way}" for cell, way in ways.items()))
    return found


def others(cell: Cell, said: str, installed: dict[str, str]) -> list[str]:
    """What is not of the combination, by what C(ansible-playbook --version) says and by what is installed."""
    found = other_versions(cell, installed)
    for what, pattern, wanted in (("ansible-core", _CORE, cell.core), ("Python", _PYTHON, cell.python)):
        match = pattern.search(said)
        if not match or match[1] != wanted:
            found.append(f"it ran with {what} {match[1] if match else 'of no version'}, not {wanted}")
    return found


@contextmanager
def sandbox(state: Path) -> Iterator[None]:
    """A sandbox with what the demo begins with."""
    if demo.start(state):
        raise SystemExit(1)
    try:
        yield
    finally:
        subprocess.run([SANDBOX, "down", "--state", str(state)], check=True)


class Corner:
    """The playbooks with one combination, in a folder of its own."""

    def __init__(self, cell: Cell, folder: Path, state: Path, commit: str) -> None:
        self.cell, self.state, self.recaps = cell, state, dict[str, Recap]()
        self._folder = folder
        self._root = checkout(folder, interpreter(cell.python), cell, commit, tools=())
        self._programs = self._root / ".venv/bin"
        self._variables = self._environment()

    def _environment(self) -> dict[str, str]:
        settings = self._folder / "ansible.cfg"
        settings.write_text(SETTINGS, encoding="utf-8")
        kept = {name: value for name, value in demo.environment(self.state).items() if not name.startswith(FOREIGN)}
        return {
            **kept,
            "ANSIBLE_CONFIG": str(settings),
            "ANSIBLE_HOME": str(self._folder / "home"),
            "ANSIBLE_COLLECTIONS_PATH": str(self._root / ".venv/tree"),
            "PATH": f"{self._programs}{os.pathsep}{os.environ.get('PATH', '')}",
        }

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._programs / program), *words],
            cwd=self._folder,
            env=self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=ENDLESS,
            check=False,
        )

    def _inventory(self) -> tuple[str, ...]:
        """The options that name the environment that uses every option, and what depends on where it is used."""
        inventory = self._folder / "inventory"
        (inventory / "group_vars").mkdir(parents=True)
        shutil.copy(self._root / "inventories/sandbox/hosts.yml", inventory)
        shutil.copy(self._root / "tests/e2e/every_option.yml", inventory / "group_vars/apim.yml")
        cluster = yaml.safe_load(Path(self._variables["KUBECONFIG"]).read_text(encoding="utf-8"))
        here = {"every_context": cluster["current-context"], "every_report": str(self._folder / "report.json")}
        return ("-i", str(inventory), "-e", json.dumps(here))

    def run(self) -> list[str]:
        """Run the playbooks one after another, and say what came of it; returns what is wrong."""
        found = others(self.cell, self._run("ansible-playbook", "--version").stdout, versions(self._root))
        words = ("localhost", "-c", "local", "-m", "innergate.azure.route_table", "-a")
        routes = self._run("ansible", *words, ROUTES)
        if routes.returncode:
            found.append(f"the route table: {routes.stdout}")
        inventory = self._inventory()
        for step in STEPS if not found else ():
            moment, started = datetime.now(timezone.utc), time.monotonic()
            playbook = str(self._root / "playbooks" / f"{step.playbook}.yml")
            done = self._run("ansible-playbook", *inventory, playbook, *step.options)
            wrong = problems(step, done.returncode, done.stdout)
            if CHECK in step.options:
                writes = [entry for entry in demo.requests_since(self.state, moment) if entry.get("write")]
                wrong += [f"check mode writes: {entry['method']} {entry['path']}" for entry in writes]
            self.recaps[step.name] = recap(done.stdout).get(HOST, {})
            counted = " ".join(f"{name}={count}" for name, count in self.recaps[step.name].items() if count)
            print(f"  {step.name}: {counted}, {time.monotonic() - started:.0f} s", flush=True)
            if wrong:
                print(done.stdout[-6000:])
                found += [f"{step.name}: {problem}" for problem in wrong]
                break  # what comes next would begin elsewhere
        return found


def run(cell: Cell, state: Path, commit: str) -> tuple[list[str], dict[str, Recap]]:
    """Run the playbooks with a combination; returns what is wrong, and what each run did."""
    print(f"{cell.name}:", flush=True)
    if not interpreter(cell.python):
        return ["this Python is not on the machine"], {}
    with tempfile.TemporaryDirectory(prefix="innergate-playbooks-") as folder:
        try:
            corner = Corner(cell, Path(folder), state, commit)
        except subprocess.CalledProcessError as error:
            return [f"could not be installed (exit code {error.returncode})"], {}
        subprocess.run([SANDBOX, "reset", "--state", str(state)], check=True)
        return corner.run(), corner.recaps


def chosen() -> list[Cell]:
    """The oldest and the newest corner of the matrix."""
    return [cell for cell in (Cell(*corner) for corner in CORNERS) if cell.sdks in ("oldest", "newest")]


def main() -> int:
    """Run from the command line."""
    newest_collections()
    commit, found, recaps = git("rev-parse", "HEAD"), list[str](), dict[str, dict[str, Recap]]()
    with tempfile.TemporaryDirectory(prefix="innergate-playbooks-") as folder, sandbox(Path(folder)):
        for cell in chosen():
            wrong, recaps[cell.name] = run(cell, Path(folder), commit)
            found += [f"{cell.name}: {problem}" for problem in wrong]
    found += differences(recaps)
    ran, wanted = sum(map(len, recaps.values())), len(STEPS) * len(chosen())
    if ran != wanted:
        found.append(f"{ran} of {wanted} runs")
    for problem in found:
        print(f"FAILED: {problem}")
    print(f"{ran} runs of playbooks, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
