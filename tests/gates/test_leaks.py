# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No variable of an inventory that is meant for one role reaches another one that includes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from gates.conftest import SPECIFICATION, TASKS
from house import leaks as rule
from house.findings import Checkout

CALLER = """---
- name: Greet
  ansible.builtin.include_role:
    name: innergate.azure.greeter
    tasks_from: hello
  vars:
    greeter_state: present
    greeter_text: hello
"""
#: A role whose file hello reads two of its options at once and another by one of its variables.
GREETER = {
    "roles/greeter/meta/argument_specs.yml": SPECIFICATION
    + "      greeter_state: {type: str}\n      greeter_names: {type: list}\n      greeter_loud: {type: bool}\n",
    "roles/greeter/tasks/hello.yml": "---\n- name: Go on\n  ansible.builtin.include_tasks: '{{ greeter_state }}.yml'\n",
    "roles/greeter/tasks/present.yml": TASKS.replace("greeter_text", "greeter_text ~ greeter_all"),
    "roles/greeter/tasks/absent.yml": TASKS.replace("greeter_text", "greeter_names"),
    "roles/greeter/vars/main.yml": "---\ngreeter_all: '{{ greeter_loud | bool }}'\n",
    "roles/environment/meta/argument_specs.yml": SPECIFICATION.replace(
        "greeter_text: {type: str, default: hello}", "greeter_loud: {type: bool}\n      greeter_names: {type: list}"
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "leaks"),
    [
        ("", "", {}),
        ("    greeter_text: hello\n", "", {"greeter_text": "both"}),
        ("present", "absent", {"greeter_names": "role"}),
        ("present", "'{{ state }}'", {"greeter_names": "role"}),
        ("    greeter_state: present\n", "", {"greeter_state": "both", "greeter_names": "role"}),
        ("    tasks_from: hello\n", "", {}),
        ("present\n", "present\n    greeter_all: 5\n", {}),
    ],
)
def test_what_an_inventory_sets_for_another_role_is_not_left_to_one(
    place: Path, old: str, new: str, leaks: dict[str, str]
) -> None:
    caller, playbook = CALLER.replace(old, new, 1), "playbooks/site.yml"
    tasks = "".join(f"    {line}\n" for line in caller.splitlines()[1:])
    files = {**GREETER, "roles/caller/tasks/main.yml": caller, playbook: f"---\n- hosts: all\n  tasks:\n{tasks}"}
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    found = [str(finding) for finding in rule.find(Checkout(place))]
    said = "may be that of the inventory: set it"
    assert {text for text in found if text.startswith("roles")} == {
        f"roles/caller/tasks/main.yml:2: {name} {said}" for name in leaks
    }
    assert {text for text in found if text.startswith("playbooks")} == {
        f"{playbook}:4: {name} {said}" for name, where in leaks.items() if where == "both"
    }
