# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who includes a role says all that it reads, or variables of an inventory that are meant for another one reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from house.findings import Checkout, Finding

INCLUDES = ("ansible.builtin.include_role", "ansible.builtin.import_role")
TASKS = ("ansible.builtin.include_tasks", "ansible.builtin.import_tasks")
#: The role whose options are the variables of an inventory.
ENVIRONMENT = "environment"
#: How something is done may be said once for all roles; what is done is said to each.
_MANNER = ("bool", "int")
_WORD = re.compile(r"\w+")
_EXPRESSION = re.compile(r"{{\s*(.*?)\s*}}")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Options of a role that are read where it is included, and neither set there nor left to the inventory.

    Playbooks leave to the inventory what the role C(environment) knows. A role that includes another one leaves only
    booleans and numbers of that.
    """
    left = _options(checkout, ENVIRONMENT)
    manner = {name: option for name, option in left.items() if option.get("type") in _MANNER}
    for path in checkout.below("roles", "playbooks", suffixes=(".yml",)):
        if path.parts[0] == "roles" and path.parts[2] != "tasks":
            continue
        for task in _tasks(yaml.safe_load(checkout.text(path))):
            for how in (task[key] for key in INCLUDES if key in task):
                role, given = how["name"].rpartition(".")[2], task.get("vars") or {}
                known = manner if path.parts[0] == "roles" else left
                read = _read(checkout, role, _file(how.get("tasks_from", "main")), given)
                for name in _options(checkout, role):
                    if name in read and name not in known and name not in given:
                        yield Finding(path, _line(checkout, path, task), f"{name} may be that of the inventory: set it")


def _options(checkout: Checkout, role: str) -> Mapping[str, Any]:
    path = Path("roles", role, "meta", "argument_specs.yml")
    if path not in checkout.files:
        return {}
    found: Mapping[str, Any] = yaml.safe_load(checkout.text(path))["argument_specs"]["main"]["options"]
    return found


def _read(checkout: Checkout, role: str, first: str, given: Mapping[str, Any]) -> set[str]:
    """The words in the files of tasks that are reached from the first, and in the variables of the role among them.

    Which file is included may depend on a variable that is given.
    """
    folder, path = Path("roles", role, "tasks"), Path("roles", role, "vars", "main.yml")
    variables = (yaml.safe_load(checkout.text(path)) or {}) if path in checkout.files else {}
    words, seen, files = set[str](), set[str](), [first]
    while files:
        name = files.pop()
        if name in seen or folder / name not in checkout.files:
            continue
        seen.add(name)
        tasks = yaml.safe_load(checkout.text(folder / name))
        words |= set(_words(tasks))
        for task in _tasks(tasks):
            for how in (task[key] for key in TASKS if key in task):
                included = how["file"] if isinstance(how, Mapping) else how
                said = _EXPRESSION.sub(lambda found: str(given.get(found[1], "*")), included)
                files += _files(checkout, folder, _EXPRESSION.sub("*", said))
    new = words & set(variables)
    while new:
        reached = {word for name in new if name not in given for word in _words(variables[name])}
        new = (reached & set(variables)) - words
        words |= reached
    return words


def _files(checkout: Checkout, folder: Path, pattern: str) -> list[str]:
    return [path.name for path in checkout.files if path.parent == folder and path.match(pattern)]


def _file(name: str) -> str:
    return name if name.endswith(".yml") else f"{name}.yml"


def _words(value: Any) -> Iterator[str]:
    """The words in what a file of YAML holds, without those of its comments."""
    for found in _WORD.finditer(yaml.safe_dump(value)):
        yield found[0]


def _tasks(value: Any) -> Iterator[Mapping[str, Any]]:
    """The plays, blocks and tasks in a file."""
    for item in value if isinstance(value, list) else ():
        yield item
        for key in ("tasks", "block", "rescue", "always"):
            yield from _tasks(item.get(key))


def _line(checkout: Checkout, path: Path, task: Mapping[str, Any]) -> int:
    name = str(task.get("name"))
    return next((number for number, line in checkout.lines(path) if line.endswith(f"name: {name}")), 1)
