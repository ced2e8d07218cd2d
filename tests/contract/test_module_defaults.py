# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults that are set for the action group arrive in every module that signs in to Azure.

The default is a profile that no file has: whoever gets it says so, before anything is sent anywhere.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.playbook import Run, run_playbook

from contract.declarations import MODULE_NAMES, ROOT, module

SIGNING_IN = [name for name in MODULE_NAMES if "auth_source" in module(name).TASK.argument_spec.options]
#: Modules of their own process are started the same way for all; a few stand for them.
AS_PROCESS = ["apim_tag", "apim_tag_info", "vnet_subnet_plan"]
VARIABLES = yaml.safe_load((ROOT / "tests/integration/examples/variables.yml").read_text(encoding="utf-8"))


def example(name: str) -> dict[str, Any]:
    """The options of the first example of a module."""
    tasks = yaml.safe_load(module(name).EXAMPLES)
    found = next(task[f"innergate.azure.{name}"] for task in tasks if f"innergate.azure.{name}" in task)
    assert isinstance(found, dict) and "profile" not in found
    return found


def play(names: list[str], *, in_controller: bool) -> dict[str, Any]:
    """One task for each module, with a default for the group."""
    return {
        "name": "Defaults of the group",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {"group/innergate.azure.azure": {"profile": "of-the-group"}},
        "vars": {
            **VARIABLES,
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "innergate_in_controller": in_controller,
        },
        "tasks": [{"name": name, f"innergate.azure.{name}": example(name), "ignore_errors": True} for name in names],
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Run]:
    """All modules in the controller, and a few as processes."""
    home = str(tmp_path_factory.mktemp("home"))
    return {
        inside: run_playbook([play(names, in_controller=inside)], environment={"HOME": home})
        for inside, names in ((True, SIGNING_IN), (False, AS_PROCESS))
    }


CASES = [*((name, True) for name in SIGNING_IN), *((name, False) for name in AS_PROCESS)]


@pytest.mark.parametrize(("name", "inside"), CASES)
def test_the_default_of_the_group_arrives(runs: dict[bool, Run], name: str, inside: bool) -> None:
    steps = [step for step in runs[inside].steps if step.task == name]
    assert [step.status for step in steps] == ["ignored"], runs[inside].output
    assert "no profile 'of-the-group'" in steps[0].result["msg"]
