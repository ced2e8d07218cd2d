# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs any module of this collection inside the controller, where that is possible.

Every module has an action plugin of its name that is made here (generated, in plugins/action). With a local connection
the task runs in the worker process: imports, the module's own and the SDK's among them, were paid once, in the parent
of all workers. Otherwise the module itself is executed as usual, and gives the same result.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import os
import sys
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import filter_loader, test_loader
from ansible.utils.display import Display

# What most tasks need is imported here, once, for all workers to inherit.
from ansible_collections.innergate.azure.plugins.module_utils._arm import sdk, trust
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy, specification
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task
from ansible_collections.innergate.azure.plugins.plugin_utils._given import as_met, to_json, with_texts

with contextlib.suppress(ArmError):  # the task that needs it says what is wrong
    trust.context(trust.verification(os.environ))

# Filters and tests, too: who asks for one loads all of them, those of ansible-core and those of its collection.
with contextlib.suppress(KeyError):  # without this collection on its path, ansible has no use for its filters
    filter_loader.get("innergate.azure.next_cidr")
    test_loader.get("ansible.builtin.defined")

#: Of this run only, and never written: a digest in a file tells nobody what is secret in the arguments of a task.
_KEY = os.urandom(32)
#: Imported for the workers only.
INHERITED = (policy, specification)
#: Variable that sends tasks to modules of their own when it is false.
SWITCH = "innergate_in_controller"
display = Display()


class InController(ActionBase):  # type: ignore[misc]
    """Decides where the task runs. C(task) is the module's; C(missing) says why it can't run here, if it can't."""

    task: Task
    missing = ""
    _supports_async = True
    _supports_check_mode = True
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The task's result."""
        variables = task_vars or {}
        super().run(tmp, variables)
        # Ansible makes this folder when it starts, for all of its processes, and removes it at the end.
        foretold = Memory(os.path.join(C.DEFAULT_LOCAL_TMP, "innergate-foretold"))
        result = self._result(variables, foretold)
        if self._task.check_mode:
            result = foretold.told(result, self._digest())
        else:
            foretold.settle(result)
        return result

    def _result(self, variables: dict[str, Any], foretold: Memory) -> dict[str, Any]:
        reason = self._needs_process(variables)
        if reason:
            display.vvv(f"{self._task.action} runs as a module of its own: {reason}")
            args = with_texts(self.task.argument_spec.options, self._task.args)
            return dict(self._execute_module(module_args=args, task_vars=variables, wrap_async=self._task.async_val))
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        host = variables.get("inventory_hostname", "")
        result = run_here(
            self.task,
            as_met(self.task.argument_spec.options, self._task.args),
            name=self._task.action,
            check_mode=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            environment={key: str(value) for key, value in environment.items()},
            progress=lambda text: display.display(f"[{host}] {text}"),
            foretold=foretold,
        )
        if not tells_invocation(variables):
            result.pop("invocation", None)
        return result

    def _digest(self) -> str:
        """Stands for the module and its arguments."""
        asked = to_json([self._task.action, self._task.args], sort_keys=True)
        return hashlib.blake2b(asked.encode(), key=_KEY, digest_size=16).hexdigest()

    def _needs_process(self, variables: dict[str, Any]) -> str:
        """Why the task can't run in the controller; "" if it can."""
        if self.missing:
            return f"the controller's Python lacks {self.missing}"
        if not boolean(self._templar.template(variables.get(SWITCH, True)), strict=False):
            return f"{SWITCH} is false"
        if self._task.async_val:
            return "async"
        if self._connection.transport != "local":
            return f"connection {self._connection.transport}"
        if self._task.become or self._connection.become:
            return "become"
        interpreter = self._interpreter(variables)
        if interpreter and not same_python(interpreter):
            return f"ansible_python_interpreter is {interpreter}"
        return ""

    def _interpreter(self, variables: dict[str, Any]) -> str:
        """The Python that the module would be run with, "" where nobody has chosen one."""
        target = self._task.delegate_to
        if target:
            variables = (variables.get("ansible_delegated_vars") or {}).get(target) or {}
        value = variables.get("ansible_python_interpreter")
        value = "" if value is None else str(self._templar.template(value)).strip()
        return "" if value.startswith("auto") else value


def tells_invocation(variables: dict[str, Any]) -> bool:
    """Whether results hold the options of the task: always before ansible-core 2.21, where it is a setting."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


def same_python(path: str) -> bool:
    """Whether the path is this Python: the same program of the same (virtual) environment."""
    mine, other = os.path.abspath(sys.executable), os.path.abspath(os.path.expanduser(path))
    return mine == other or (
        os.path.dirname(mine) == os.path.dirname(other) and os.path.realpath(mine) == os.path.realpath(other)
    )


def in_controller(name: str) -> type[InController]:
    """The action plugin of a module. Called when Ansible loads the plugin, in the parent of all workers."""
    module = importlib.import_module(f"ansible_collections.innergate.azure.plugins.modules.{name}")
    missing = ""
    for client in module.TASK.clients:
        try:
            sdk.load(client)
        except MissingLibraryError as error:
            missing = error.package
    # What is imported by now stays until the end. Where the garbage collector of a worker does not walk over it, its
    # memory is not copied for the worker.
    gc.freeze()
    return type("ActionModule", (InController,), {"task": module.TASK, "missing": missing, "__module__": __name__})
