# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role alone, by its own test playbook."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.playbook import ROOT, run_playbook
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


@pytest.mark.parametrize("role", ROLES)
def test_role_names_every_option_that_is_missing_or_of_a_wrong_type_or_choice(role: str, sandbox: Sandbox) -> None:
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    every = yaml.safe_load(text)["argument_specs"]["main"]["options"]
    options = {name: option for name, option in every.items() if wrong(option) is not None}
    missing = [name for name, option in every.items() if option.get("required") and name not in options]
    assert options
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "roles": [{"role": f"innergate.azure.{role}", **{name: wrong(option) for name, option in options.items()}}],
    }
    run = run_playbook([play], environment=sandbox.environment)
    assert run.code != 0
    assert [name for name in missing + named(options) if name not in run.message] == [], run.message
    assert "Traceback" not in run.output
    assert not any(step.action.endswith("assert") and step.status == "ok" for step in run.steps)
