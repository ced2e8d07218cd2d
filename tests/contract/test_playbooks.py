# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks let one role check the variables of all others."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import yaml
from support.playbook import ROOT, tasks_of


def options(role: str) -> set[str]:
    """The options of a role."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return set(yaml.safe_load(text)["argument_specs"]["main"]["options"])


def included() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each role that a playbook includes: its name, how it is included, and the variables that it gets."""
    found = []
    for path in sorted((ROOT / "playbooks").glob("*.yml")):
        for play in yaml.safe_load(path.read_text(encoding="utf-8")):
            for task in tasks_of(play):
                how = task.get("ansible.builtin.import_role") or task.get("ansible.builtin.include_role")
                if how:
                    found.append((how["name"].rpartition(".")[2], how, task.get("vars") or {}))
    return found


def test_what_the_playbooks_leave_to_roles_is_checked_before_the_first_of_them() -> None:
    given: dict[str, set[str]] = defaultdict(set)
    for role, how, variables in included():
        if role != "environment":
            assert "tasks_from" in how or how.get("rolespec_validate") is False, (
                f"{role} checks its variables once more"
            )
            given[role] |= set(variables)
    assert len(given) == len(list((ROOT / "roles").iterdir())) - 1
    left = {name for role, names in given.items() for name in options(role) - names}
    assert left and left - options("environment") == set()


def test_no_role_gives_a_name_that_nobody_has_described() -> None:
    """What people see is called as they like it: what is omitted is not managed."""
    given = [
        (path.relative_to(ROOT), arguments["display_name"])
        for path in sorted((ROOT / "roles").glob("*/tasks/*.yml"))
        for task in tasks_of({"tasks": yaml.safe_load(path.read_text(encoding="utf-8"))})
        for arguments in task.values()
        if isinstance(arguments, dict) and "display_name" in arguments
    ]
    assert len(given) >= 4
    assert [item for item in given if not item[1].endswith("display_name | default(omit) }}")] == []
