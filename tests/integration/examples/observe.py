# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the twelve steps in both ways, and note what each of them said and what it asked of Azure."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from integration.examples.ordinary import run_ordinary
from integration.examples.twelve import ALL, Step, steps
from support.playbook import on_controller, run_playbook
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
    return on_controller(*tasks, **VARIABLES)


def _seconds(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(entry["time"])).timestamp()


def _between(entries: list[dict[str, Any]], start: float, end: float) -> tuple[str, ...]:
    return tuple(f"{entry['method']} {entry['path']}" for entry in entries if start <= _seconds(entry) < end)


class Observer:
    """Runs the types that are asked for in each way, and remembers."""

    def __init__(self, sandbox: Sandbox, names: Iterable[str]) -> None:
        self.sandbox = sandbox
        self.names = sorted(set(names) & set(ALL))
        self._controller: dict[str, Observations] = {}
        self._process: dict[str, Observations] = {}

    def in_controller(self, name: str) -> Observations:
        """As people run them: ansible-playbook, the action plugin; one process for all types."""
        if not self._controller:
            self._controller = self._run_playbook()
        return self._controller[name]

    def as_process(self, name: str) -> Observations:
        """As Ansible runs modules on other hosts: one process for each step."""
        if name not in self._process:
            self._process[name] = self._run_modules(name)
        return self._process[name]

    def _run_playbook(self) -> dict[str, Observations]:
        wanted = [(name, step) for name in self.names for step in steps(ALL[name])]
        tasks = [{**step.task(), "name": f"{name}: {step.title}", "ignore_errors": True} for name, step in wanted]
        since, start = Sandbox.moment(), time.time()
        run = run_playbook(play(tasks), "-vvv", environment=self.sandbox.environment)
        assert len(run.steps) == len(wanted), run.output
        entries = self.sandbox.requests(since)
        found: dict[str, list[Observation]] = {name: [] for name in self.names}
        said = dict.fromkeys(self.names, "")
        for (name, step), recorded in zip(wanted, run.steps, strict=True):
            found[name].append(Observation(step, recorded.result, _between(entries, start, recorded.time)))
            said[name] += json.dumps(recorded.result)
            start = recorded.time
        for block in re.split(r"^(?=TASK \[)", run.output, flags=re.MULTILINE):
            for name in self.names:
                said[name] += block if block.startswith(f"TASK [{name}: ") else ""
        return {name: Observations(tuple(found[name]), said[name]) for name in self.names}

    def _run_modules(self, name: str) -> Observations:
        since = Sandbox.moment()
        noted = []
        for step in steps(ALL[name]):
            start = time.time()
            result = run_ordinary(
                step.module, rendered(step.options), check=step.check, environment=self.sandbox.environment
            )
            noted.append((step, result, start, time.time()))
        entries = self.sandbox.requests(since)
        found = [Observation(step, result, _between(entries, start, end)) for step, result, start, end in noted]
        return Observations(tuple(found), json.dumps([result for dummy, result, dummy, dummy in noted]))


def rendered(value: Any) -> Any:
    """The options of an example with its variables put in."""
    if isinstance(value, str):
        return re.sub(r"{{ *(\w+) *}}", lambda match: VARIABLES[match[1]], value)
    if isinstance(value, list):
        return [rendered(item) for item in value]
    if isinstance(value, dict):
        return {key: rendered(item) for key, item in value.items()}
    return value
