# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role alone, by its own test playbook."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.playbook import ROOT, Run, run_playbook
from support.sandbox import Sandbox

ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


@pytest.mark.parametrize("role", ROLES)
def test_role_alone(role: str, sandbox: Sandbox) -> None:
    playbook = ROOT / "roles" / role / "tests" / "test.yml"
    run = run_playbook(playbook, environment=sandbox.environment)
    assert run.code == 0, run.output
    assert any(step.action.endswith("assert") and step.status == "ok" for step in run.steps)


def wrong(option: dict[str, Any]) -> Any:
    """A value that the option does not take; None for a text, which takes everything."""
    if "choices" in option:
        return "sideways" if option["type"] == "str" else ["sideways"]
    if option["type"] in ("int", "bool"):
        return "soon"
    if option["type"] == "dict":
        return {name: wrong(part) for name, part in parts(option).items()} if "options" in option else "soon"
    if option["type"] == "list":
        if "options" in option:
            return [{name: wrong(part) for name, part in parts(option).items()}]
        return {"no": "list"} if option.get("elements") != "dict" else ["soon"]
    return None


def parts(option: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The options in an option that do not take everything."""
    return {name: part for name, part in option["options"].items() if wrong(part) is not None}


def named(options: dict[str, Any]) -> list[str]:
    """The names of all options that C(wrong) has values for, the outer ones left out."""
    found = []
    for name, option in options.items():
        found += named(parts(option)) if "options" in option else [name]
    return found


def given_wrong(role: str) -> tuple[list[str], dict[str, Any]]:
    """The required options of a role that have no wrong value, and those that have one."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    every = yaml.safe_load(text)["argument_specs"]["main"]["options"]
    options = {name: option for name, option in every.items() if wrong(option) is not None}
    return [name for name, option in every.items() if option.get("required") and name not in options], options


@pytest.fixture(scope="module")
def misused(sandbox: Sandbox) -> Run:
    """Each role with wrong values, one after the other."""
    tasks = [
        {
            "block": [
                {
                    "ansible.builtin.include_role": {"name": f"innergate.azure.{role}"},
                    "vars": {name: wrong(option) for name, option in given_wrong(role)[1].items()},
                }
            ],
            "rescue": [{"ansible.builtin.debug": {"msg": role}}],
        }
        for role in ROLES
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    return run_playbook([play], environment=sandbox.environment)


@pytest.mark.parametrize("role", ROLES)
def test_role_names_every_option_that_is_missing_or_of_a_wrong_type_or_choice(role: str, misused: Run) -> None:
    missing, options = given_wrong(role)
    assert options
    steps = [step for step in misused.steps if step.task.startswith(f"innergate.azure.{role} : ")]
    assert [step.status for step in steps] == ["failed"], misused.output
    message = str(steps[0].result["msg"])
    assert [name for name in missing + named(options) if name not in message] == [], message
    assert "Traceback" not in misused.output
