# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of every module as a playbook: every task runs, in the order in which they stand."""

from __future__ import annotations

import pytest
from integration.examples.observe import VARIABLES, play
from integration.examples.twelve import ALL, examples
from support.playbook import run_playbook
from support.sandbox import Sandbox

NAMES = sorted([*ALL, *(f"{name}_info" for name in ALL)])


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_run(environment: Sandbox, name: str) -> None:
    tasks = examples(name)
    run = run_playbook(play(tasks), environment=environment.environment)
    assert run.code == 0, f"{run.failures[0].task}: {run.message}" if run.failures else run.output
    assert [step.task for step in run.steps] == [task["name"] for task in tasks]
    assert "[WARNING]" not in run.output
    assert not any(value in run.output for value in VARIABLES.values())
    if name in ALL:
        assert [step.task for step in run.steps if not step.result["changed"]] == []
