# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tasks of declared types against a FakeArm, and look at the traffic."""

from __future__ import annotations

import importlib
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold, Memory
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

from support.fake_arm import Clock, FakeArm
from support.generated import declarations
from support.returned import MODULES

DECLARATIONS = declarations()
AT = "/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc"
NETWORK = "/resourceGroups/rg/providers/Microsoft.Network"
SERVICE = {"resource_group": "rg", "service_name": "svc"}


def task_of(module: str) -> Task:
    """The task of a module, so that results are held against what that module promises."""
    task = importlib.import_module(f"{MODULES}.{module}").TASK
    assert isinstance(task, Task)
    return task


class Runner:
    """Runs tasks one after another against one FakeArm; time passes only in waits."""

    def __init__(self) -> None:
        self.arm = FakeArm()
        self.clock = Clock()
        self.told: list[str] = []
        self.warned: list[str] = []
        self.context: Context | None = None
        self.foretold: Foretold | None = None

    def run(self, task: Task, *, check: bool = False, seconds: float = 600, **options: Any) -> dict[str, Any]:
        defaults = {name: option.get("default") for name, option in task.argument_spec.options.items()}
        assert set(options) <= set(defaults), set(options) - set(defaults)
        self.context = Context(
            {**defaults, **options},
            check_mode=check,
            warn=self.warned.append,
            progress=self.told.append,
            connection=self.arm.connection(),
            deadline=self.clock.deadline(seconds),
            foretold=self.foretold,
        )
        self.arm.log.clear()
        self.arm.requests.clear()
        return task.run(self.context)

    def manage(
        self, kind: str, *, check: bool = False, seconds: float = 600, partly: bool = False, **options: Any
    ) -> dict[str, Any]:
        """The result of a task. C(partly): it changes what only an earlier task of the play has described."""
        task = task_of(kind)
        if check and (partly or options.get("recover")):  # only Azure knows what a deleted resource was like
            task = manage(DECLARATIONS[kind])
        return self.run(task, check=check, seconds=seconds, **options)

    def foretell(self, kind: str, **options: Any) -> list[str]:
        """What a task in check mode, which foretells a change, warns of. It is remembered by the tasks after it."""
        self.warned.clear()
        result = self.manage(kind, **options, check=True)
        assert result["changed"], result
        assert not self.arm.writes
        if isinstance(self.foretold, Memory):
            self.foretold.note(result)
        return list(self.warned)

    def inform(self, kind: str, **options: Any) -> dict[str, Any]:
        return self.run(task_of(f"{kind}_info"), **options)

    @property
    def verbs(self) -> str:
        """The methods of the last task's requests: C(GET PUT)."""
        return " ".join(method for method, _path in self.arm.log)
