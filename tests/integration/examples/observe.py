# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the twelve steps in both ways, and note what each of them said and what it asked of Azure."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from integration.examples.ordinary import run_ordinary
from integration.examples.twelve import ALL, Step, steps
from support.playbook import run_playbook
from support.sandbox import READING_ACTIONS, WRITES, Sandbox

HERE = Path(__file__).resolve().parent
VARIABLES: dict[str, str] = yaml.safe_load((HERE / "variables.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Observation:
    """One step, its result, and its requests to ARM in order, as C(METHOD path)."""

    step: Step
    result: dict[str, Any]
    requests: tuple[str, ...]

    @property
    def writes(self) -> list[str]:
        """Requests that change something."""
        return [
            request
            for request in self.requests
            if request.split(" ")[0] in WRITES and request.rsplit("/", 1)[-1].lower() not in READING_ACTIONS
        ]


@dataclass(frozen=True)
class Observations:
    """All steps of a type run in one way. C(output): everything that was printed."""

    steps: tuple[Observation, ...]
    output: str

    def __getitem__(self, title: str) -> Observation:
        return next(item for item in self.steps if item.step.title == title)


def play(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A playbook with these tasks."""
    return [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **VARIABLES},
            "tasks": tasks,
        }
    ]


def _seconds(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(entry["time"])).timestamp()


def _between(entries: list[dict[str, Any]], start: float, end: float) -> tuple[str, ...]:
    return tuple(f"{entry['method']} {entry['path']}" for entry in entries if start <= _seconds(entry) < end)


class Observer:
    """Runs each type once in each way, and remembers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._known: dict[tuple[str, str], Observations | AssertionError] = {}

    def in_controller(self, name: str) -> Observations:
        """As people run them: ansible-playbook, the action plugin, one process for all steps."""
        return self._once("controller", name, self._in_controller)

    def as_process(self, name: str) -> Observations:
        """As Ansible runs modules on other hosts: one process for each step."""
        return self._once("process", name, self._as_process)

    def _once(self, way: str, name: str, run: Callable[[str], Observations]) -> Observations:
        """A run that failed is not repeated for every test that asks for it."""
        if (way, name) not in self._known:
            try:
                self._known[way, name] = run(name)
            except AssertionError as error:
                self._known[way, name] = error
        known = self._known[way, name]
        if isinstance(known, AssertionError):
            raise AssertionError(str(known))
        return known

    def _in_controller(self, name: str) -> Observations:
        wanted = list(steps(ALL[name]))
        since, start = Sandbox.moment(), time.time()
        run = run_playbook(play([step.task() for step in wanted]), "-vvv", environment=self.sandbox.environment)
        entries = self.sandbox.requests(since)
        found = []
        for step, recorded in zip(wanted, run.steps, strict=False):
            found.append(Observation(step, recorded.result, _between(entries, start, recorded.time)))
            start = recorded.time
        assert run.code == 0, f"{found[-1].step.title}: {run.message}\n{found[-1].result}"
        assert len(found) == len(wanted)
        return Observations(tuple(found), run.output + json.dumps([step.result for step in run.steps]))

    def _as_process(self, name: str) -> Observations:
        since = Sandbox.moment()
        noted = []
        for step in steps(ALL[name]):
            start = time.time()
            result = run_ordinary(
                step.module, rendered(step.options), check=step.check, environment=self.sandbox.environment
            )
            assert not result.get("failed"), f"{step.title}: {result}"
            noted.append((step, result, start, time.time()))
        entries = self.sandbox.requests(since)
        found = [Observation(step, result, _between(entries, start, end)) for step, result, start, end in noted]
        return Observations(tuple(found), json.dumps([result for _, result, _, _ in noted]))


def rendered(value: Any) -> Any:
    """The options of an example with its variables put in."""
    if isinstance(value, str):
        return re.sub(r"{{ *(\w+) *}}", lambda match: VARIABLES[match[1]], value)
    if isinstance(value, list):
        return [rendered(item) for item in value]
    if isinstance(value, dict):
        return {key: rendered(item) for key, item in value.items()}
    return value
