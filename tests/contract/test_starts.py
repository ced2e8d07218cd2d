# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of the site playbook can start at each task that Ansible knows beforehand, without those before it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from support.playbook import run_playbook, tasks_of

from contract.declarations import ROOT

IMPORT = "ansible.builtin.import_role"
SITE = tasks_of(yaml.safe_load((ROOT / "playbooks/site.yml").read_text(encoding="utf-8"))[0])
#: The files that are imported, so that each of their tasks can be the first one.
IMPORTED = sorted(
    {
        (task[IMPORT]["name"].rpartition(".")[2], task[IMPORT].get("tasks_from", "main"))
        for task in SITE
        if IMPORT in task
    }
)
#: What this one has not read, it does not look for.
CONTENT_WITH_LESS = {("environment", "references")}
CALL = {"name": "the shop", "path": "/"}


def known(task: dict[str, Any]) -> set[str]:
    """The variables that a task leaves behind."""
    facts = task.get("ansible.builtin.set_fact") or {}
    return {task["register"]} if "register" in task else set(facts)


@pytest.mark.parametrize(("role", "name"), IMPORTED)
def test_no_start_needs_what_a_task_before_it_has_found(role: str, name: str) -> None:
    tasks = yaml.safe_load((ROOT / f"roles/{role}/tasks/{name}.yml").read_text(encoding="utf-8"))
    used = [yaml.safe_dump(task) for task in tasks]
    variables = ROOT / f"roles/{role}/vars/main.yml"
    common = variables.read_text(encoding="utf-8") if variables.exists() else ""
    needed = {
        variable
        for index, task in enumerate(tasks)
        for variable in known(task)
        if any(re.search(rf"\b{variable}\b", text) for text in [common, *used[index + 1 :]])
    }
    assert bool(needed) == ((role, name) in CONTENT_WITH_LESS and len(tasks) > 1), needed


@pytest.mark.parametrize("url", ["", "http:///", "http://:80/", "shop/"])
def test_a_call_to_an_address_that_was_not_found_says_so(url: str) -> None:
    calls = [CALL, {"name": "the front end", "url": url}]
    variables = {
        "resource_group": "rg",
        "service_name": "apim",
        "service": {"gateway_url": "https://apim"},
        "calls": calls,
    }
    role = {"name": "innergate.azure.apim_verification"}
    own = {f"apim_verification_{key}": value for key, value in variables.items()}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [{IMPORT: role, "vars": own}]}
    run = run_playbook([play], environment={})
    assert run.code != 0 and f'The call "the front end" is to go to "{url}", which names no host' in run.message
