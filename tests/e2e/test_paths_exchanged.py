# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""APIs get each other's paths in one run of the role, also after one that was broken off in between."""

from __future__ import annotations

from typing import Any

import pytest
from support.playbook import Run, run_playbook
from support.sandbox import Sandbox

SERVICE = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
MOVES = "Move those out of the way that have the new path of another one"


def role(sandbox: Sandbox, paths: dict[str, str], *options: str) -> Run:
    """Run the role, and then look at the APIs."""
    apis = [{"name": name, "path": path, "service_url": "http://x.example.com"} for name, path in paths.items()]
    variables = {**{f"apim_apis_{name}": value for name, value in SERVICE.items()}, "apim_apis_apis": apis}
    tasks: list[dict[str, Any]] = [
        {"ansible.builtin.include_role": {"name": "innergate.azure.apim_apis"}},
        {"name": "Look", "innergate.azure.apim_api_info": SERVICE},
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}
    return run_playbook([play], *options, environment=sandbox.environment)


def looked(run: Run) -> dict[str, str]:
    """The paths of the APIs."""
    [found] = [step.result["resources"] for step in run.steps if step.task == "Look"]
    return {api["name"]: api["path"] for api in found if api["name"] in "abc"}


def moved(run: Run) -> list[str]:
    """The APIs that got another path for a while."""
    steps = [step for step in run.steps if step.task.endswith(MOVES) and step.status == "item_ok"]
    return [step.item["name"] for step in steps if step.result["changed"]]


BEFORE = {"a": "one", "b": "two", "c": "three"}
AFTER = {"a": "two", "b": "one/", "c": "/three"}
ROUND = {"a": "three", "b": "one", "c": "two"}


@pytest.fixture(autouse=True)
def before(sandbox: Sandbox) -> None:
    """Three APIs with a path each."""
    run = role(sandbox, BEFORE)
    assert run.code == 0 and looked(run) == BEFORE, run.output


def test_two_exchange_their_paths(sandbox: Sandbox) -> None:
    check = role(sandbox, AFTER, "--check")
    assert check.code == 0 and "will refuse" not in check.output, check.output
    assert moved(check) == ["b"] and looked(check) == BEFORE
    run = role(sandbox, AFTER)
    assert run.code == 0, run.output
    assert moved(run) == ["b"] and looked(run) == {"a": "two", "b": "one", "c": "three"}
    assert run.changes() == check.changes()
    assert role(sandbox, AFTER).changed == 0


def test_the_next_run_finishes_one_that_was_broken_off(sandbox: Sandbox) -> None:
    refusal = {"status": 400, "body": {"error": {"code": "ValidationError", "message": "Not now."}}}
    sandbox.fault({"path": "/apis/(a|b|c)(;|$)", "method": "PUT", "nth": 2, "then": refusal})
    broken = role(sandbox, ROUND)
    sandbox.clear_faults()
    assert broken.code != 0 and "Not now." in broken.message
    run = role(sandbox, ROUND)
    assert run.code == 0 and looked(run) == ROUND, run.output


def test_one_path_for_two_is_refused_before_anything_is_changed(sandbox: Sandbox) -> None:
    run = role(sandbox, {"a": "three/", "b": "two", "c": "/Three"})
    assert run.code == 2 and "APIs a and c: they have the same path 'three'" in run.message
    assert looked(role(sandbox, BEFORE)) == BEFORE
