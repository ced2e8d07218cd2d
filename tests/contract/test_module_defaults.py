# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults that are set for an action group arrive in every module of it.

The default for Azure is a profile that no file has, the one for clusters a kubeconfig that is not there: whoever gets
it says so, before anything is sent anywhere.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.playbook import Run, run_playbook

from contract.declarations import MODULE_NAMES, ROOT, module


def taking(option: str) -> list[str]:
    """The modules that have this option."""
    return [name for name in MODULE_NAMES if option in module(name).TASK.argument_spec.options]


#: Group -> its modules, the default that is set for it, and what they say of that.
GROUPS = {
    "azure": (taking("auth_source"), {"profile": "of-the-group"}, "no profile 'of-the-group'"),
    "kubernetes": (taking("kubeconfig"), {"kubeconfig": "/of-the-group"}, "there is no kubeconfig /of-the-group"),
}
#: Modules of their own process are started the same way for all; a few stand for them.
AS_PROCESS = {"azure": ["apim_tag", "apim_tag_info", "vnet_subnet_plan"], "kubernetes": ["kubernetes_rollout_info"]}
VARIABLES = yaml.safe_load((ROOT / "tests/integration/examples/variables.yml").read_text(encoding="utf-8"))


def example(name: str) -> dict[str, Any]:
    """The options of the first example of a module."""
    tasks = yaml.safe_load(module(name).EXAMPLES)
    found = next(task[f"innergate.azure.{name}"] for task in tasks if f"innergate.azure.{name}" in task)
    assert isinstance(found, dict) and not found.keys() & {"profile", "kubeconfig"}
    return found


def play(group: str, names: list[str], *, in_controller: bool) -> dict[str, Any]:
    """One task for each module, with a default for the group, and one of a collection that gets it, too."""
    tasks = {f"innergate.azure.{name}": example(name) for name in names}
    if group == "kubernetes":
        tasks["kubernetes.core.k8s_info"] = {"kind": "Secret"}
    return {
        "name": "Defaults of the group",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {f"group/innergate.azure.{group}": GROUPS[group][1]},
        "vars": {
            **VARIABLES,
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "innergate_in_controller": in_controller,
        },
        "tasks": [
            {"name": action.rpartition(".")[2], action: options, "ignore_errors": True}
            for action, options in tasks.items()
        ],
    }


@pytest.mark.parametrize("name", GROUPS["azure"][0])
def test_a_resource_group_can_be_set_for_the_group(name: str) -> None:
    assert name in taking("resource_group")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Run]:
    """All modules in the controller, and a few as processes."""
    home = str(tmp_path_factory.mktemp("home"))
    wanted = {True: {group: names for group, (names, *dummy) in GROUPS.items()}, False: AS_PROCESS}
    return {
        inside: run_playbook(
            [play(group, names, in_controller=inside) for group, names in groups.items()], environment={"HOME": home}
        )
        for inside, groups in wanted.items()
    }


CASES = [
    *((name, True, said) for names, _default, said in GROUPS.values() for name in names),
    *((name, False, GROUPS[group][2]) for group, names in AS_PROCESS.items() for name in names),
    ("k8s_info", True, "Could not find or access '/of-the-group'"),
]


@pytest.mark.parametrize(("name", "inside", "said"), CASES)
def test_the_default_of_the_group_arrives(runs: dict[bool, Run], name: str, inside: bool, said: str) -> None:
    steps = [step for step in runs[inside].steps if step.task == name]
    assert [step.status for step in steps] == ["ignored"], runs[inside].output
    assert said in steps[0].result["msg"]
