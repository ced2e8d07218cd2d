# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The twelve steps of a managing module, made of its own examples.

Create, again, change, again, delete, again; each of them in check mode first. Between them the info module of the same
type gets the resource, lists it, and finds nothing at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from contract.declarations import RESOURCES, module

PREFIX = "innergate.azure."


@dataclass(frozen=True)
class Step:
    """One task: what it does, whether in check mode, and what has to come of it."""

    module: str
    verb: str  # create, change, delete, get, list
    again: bool
    check: bool
    options: dict[str, Any]

    @property
    def title(self) -> str:
        """A name that tells the steps apart."""
        words = [self.verb, *(["again"] if self.again else []), *(["(check mode)"] if self.check else [])]
        return " ".join(words)

    @property
    def changes(self) -> bool:
        """Whether the task has to say that something changed."""
        return self.verb in ("create", "change", "delete") and not self.again

    def task(self) -> dict[str, Any]:
        """The step as a task of a playbook."""
        return {
            "name": self.title,
            PREFIX + self.module: self.options,
            "check_mode": self.check,
            "diff": True,
        }


class NoUsableExamples(AssertionError):
    """The EXAMPLES of a module do not create, change and delete one resource."""


@cache
def examples(name: str) -> list[dict[str, Any]]:
    """The tasks in the EXAMPLES of a module."""
    tasks = yaml.safe_load(module(name).EXAMPLES)
    assert isinstance(tasks, list)
    return tasks


def identity(resource: ResourceType) -> list[str]:
    """The options that make the id."""
    return [
        option
        for scope in resource.scopes
        for segment in scope.segments
        for option in (segment.option, segment.revision)
        if option
    ]


def usable(resource: ResourceType) -> dict[str, dict[str, Any]]:
    """The options of the examples that create, change and delete; raises NoUsableExamples where one is missing."""
    tasks = [task[PREFIX + resource.name] for task in examples(resource.name) if PREFIX + resource.name in task]
    names = [task["name"] for task in examples(resource.name) if PREFIX + resource.name in task]
    if not tasks or tasks[0].get("state", "present") != "present":
        raise NoUsableExamples(f"{resource.name}: the first example does not create anything")
    place = {option: tasks[0].get(option) for option in identity(resource)}

    def same(options: dict[str, Any]) -> bool:
        return all(options.get(option) == value for option, value in place.items())

    found = {"create": tasks[0]}
    for title, options in zip(names, tasks, strict=True):
        if not same(options):
            continue
        if title.startswith("Change") and "change" not in found:
            found["change"] = options
        if options.get("state") == "absent":
            found["delete"] = options
    wanted = {"create", "delete"} if resource.link else {"create", "change", "delete"}
    if missing := wanted - found.keys():
        raise NoUsableExamples(f"{resource.name}: no example to {' and '.join(sorted(missing))} {place}")
    return found


def steps(resource: ResourceType) -> Iterator[Step]:
    """All steps of a type, in order."""
    found = usable(resource)
    place = {option: value for option in identity(resource) if (value := found["create"].get(option)) is not None}
    last = resource.scopes[0].segments[-1].option
    for verb in ("create", "change", "delete"):
        if verb not in found:
            continue
        for again in (False, True):
            for check in (True, False):
                yield Step(resource.name, verb, again, check, found[verb])
        if verb == "create":
            yield Step(f"{resource.name}_info", "get", False, False, place)
            if last:
                rest = {option: value for option, value in place.items() if option != last}
                yield Step(f"{resource.name}_info", "list", False, False, rest)
    yield Step(f"{resource.name}_info", "get", True, False, place)


def asked_for(request: pytest.FixtureRequest) -> list[str]:
    """The names that the selected tests are parametrised with."""
    return [str(item.callspec.params.get("name")) for item in request.session.items if hasattr(item, "callspec")]


ALL = {resource.name: resource for resource in RESOURCES}
