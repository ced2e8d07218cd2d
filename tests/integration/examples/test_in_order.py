# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of every module as a playbook: every task runs, in the order in which they stand."""

from __future__ import annotations

from typing import Any

import pytest
from integration.examples.observe import VARIABLES, play
from integration.examples.twelve import ALL, asked_for, examples
from support.playbook import Run, Step, run_playbook
from support.sandbox import Sandbox

NAMES = sorted([*ALL, *(f"{name}_info" for name in ALL)])


def marked(name: str, task: dict[str, Any]) -> dict[str, Any]:
    """The task under a name that tells which module's it is; a failure is left to the test that looks at it."""
    return {**task, "name": f"{name}: {task['name']}", "ignore_errors": True}


@pytest.fixture(scope="module")
def run(environment: Sandbox, request: pytest.FixtureRequest) -> Run:
    """One playbook run with the examples of all modules that are asked for."""
    asked = asked_for(request)
    tasks = [marked(name, task) for name in NAMES if name in asked for task in examples(name)]
    return run_playbook(play(tasks), environment=environment.environment)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_run(run: Run, name: str) -> None:
    wanted = [f"{name}: {task['name']}" for task in examples(name)]
    steps: list[Step] = [step for step in run.steps if step.task in wanted]
    failed = {step.task: step.result.get("msg") for step in steps if step.status != "ok"}
    assert failed == {}
    assert [step.task for step in steps] == wanted, run.output
    if name in ALL:
        assert [step.task for step in steps if not step.result["changed"]] == []


def test_they_run_without_a_word_too_many(run: Run) -> None:
    assert "[WARNING]" not in run.output and "[DEPRECATION" not in run.output
    assert [key for key, value in VARIABLES.items() if value in run.output] == []
