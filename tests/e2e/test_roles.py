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


def with_nulls(role: str) -> tuple[dict[str, Any], list[str]]:
    """Variables of a role that has items, which lack no option but have nulls in all that are not needed, and those."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options = yaml.safe_load(text)["argument_specs"]["main"]["options"]
    variables: dict[str, Any] = {name: sample(option) for name, option in options.items() if option.get("required")}
    nulls = []
    for name, option in options.items():
        if option["type"] == "list" and "options" in option:
            required = {key: sample(part) for key, part in option["options"].items() if part.get("required")}
            # Ansible itself refuses null for other types, and where it knows what there is to choose.
            free = {key: part for key, part in option["options"].items() if _takes_null(part)}
            variables[name] = [{**required, **dict.fromkeys(free)}]
            nulls += [f"{name}[{required['name']}].{key}" for key in free]
    return variables, nulls


def _takes_null(option: dict[str, Any]) -> bool:
    return option["type"] == "str" and not {"choices", "required"} & set(option)


def sample(option: dict[str, Any]) -> Any:
    """A value that Ansible takes for the option."""
    if "options" in option:
        found = {name: sample(part) for name, part in option["options"].items() if part.get("required")}
        return [found] if option["type"] == "list" else found
    values = {"str": "sample", "int": 1, "path": "/sample", "bool": True, "list": [], "dict": {}}
    return option.get("choices", [values[option["type"]]])[0]


WITH_ITEMS = [role for role in ROLES if with_nulls(role)[1]]


@pytest.fixture(scope="module")
def emptied(sandbox: Sandbox) -> Run:
    """Each role with nulls, one after the other."""
    tasks = [
        {
            "block": [
                {"ansible.builtin.include_role": {"name": f"innergate.azure.{role}"}, "vars": with_nulls(role)[0]}
            ],
            "rescue": [{"ansible.builtin.debug": {"msg": f"{role}: {{{{ ansible_failed_result.msg }}}}"}}],
        }
        for role in WITH_ITEMS
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    return run_playbook([play], environment=sandbox.environment)


@pytest.mark.parametrize("role", WITH_ITEMS)
def test_role_names_every_option_that_is_null(role: str, emptied: Run, sandbox: Sandbox) -> None:
    told = [str(step.result.get("msg")) for step in emptied.steps if step.action.endswith("debug")]
    (message,) = [text for text in told if text.startswith(f"{role}: ")]
    wanted = [f"{place} is null: leave it out, or give it a value" for place in with_nulls(role)[1]]
    assert [text for text in wanted if text not in message] == [], message
