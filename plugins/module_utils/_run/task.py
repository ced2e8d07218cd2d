# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task: what it takes, what it does, and the one place where errors become results.

The same Task runs as a module of its own (C(main)) or inside the controller (controller.py, used by the action plugin):
same validation, same result, same no_log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import SECRETS
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec, contradiction
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import link_secrets
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import scrub
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import secrets_told, without_secrets
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context


class Failure(Exception):
    """A task that can't do its work says so: C(message), and what else the result holds (C(error), facts found ...)."""

    def __init__(self, message: str, **result: Any) -> None:
        super().__init__(message)
        self.message = message
        self.result = result


@dataclass(frozen=True)
class Task:
    """C(execute) does the work and returns the result.

    It may raise Failure, ArmError, PlanError, MissingLibraryError: everything that can be foreseen. C(clients) are the
    SDK clients it uses (C(apimanagement), C(network)), which the controller loads once for all workers.

    Of the options, C(secrets) says what else must not be shown but the values of those that are no_log, and C(shown)
    makes of them what may be repeated. Both may be given options that were not checked.
    """

    argument_spec: ArgumentSpec
    execute: Callable[[Context], dict[str, Any]]
    supports_check_mode: bool = True
    clients: tuple[str, ...] = ()
    secrets: Callable[[Mapping[str, Any]], set[str]] = link_secrets
    shown: Callable[[Mapping[str, Any]], dict[str, Any]] = dict

    def run(self, context: Context, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The task's result; a failed one has C(failed), C(msg) and C(error).

        C(given) are the options before Ansible put those with aliases under their names.
        """
        result = scrub(self._outcome(context, given or {}), self.secrets(context.params))
        if result.get("failed"):  # secrets among the options are taken care of by no_log
            result = scrub(result, (context.environ[name] for name in SECRETS if context.environ.get(name)))
        return result  # type: ignore[no-any-return]

    def _outcome(self, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        try:
            if twice := contradiction(self.argument_spec.options, given):
                raise PlanError(twice)
            return {"changed": False, **self.execute(context)}
        except Failure as error:
            return {"failed": True, "msg": error.message, **error.result}
        except PlanError as error:
            return {"failed": True, "msg": error.message, "error": _plan_error(error)}
        except ArmError as error:
            return {"failed": True, "msg": error.text, "error": error.as_dict()}
        except MissingLibraryError as error:
            message = missing_required_lib(error.package)
            told = shaped("MissingLibrary", message, target=error.package)
            return {"failed": True, "msg": message, "error": told, "exception": error.reason}

    def main(self) -> None:
        """Run as a module of its own."""
        module = _Module(
            self,
            argument_spec={name: dict(option) for name, option in self.argument_spec.options.items()},
            supports_check_mode=self.supports_check_mode,
            **self.argument_spec.rules(),
        )
        context = Context(
            module.params,
            check_mode=module.check_mode,
            diff=bool(getattr(module, "_diff", False)),
            environ=os.environ,
            warn=module.warn,
        )
        result = self.run(context, module.given)
        # Options are repeated without their secrets, whatever the result itself may show.
        result["invocation"] = remove_values({"module_args": module.repeated()}, module.no_log_values)
        module.no_log_values -= context.revealed
        if result.pop("failed", False):
            module.fail_json(**result)
        module.exit_json(**result)


class _Module(AnsibleModule):  # type: ignore[misc]
    """A module that keeps the secrets of its task (Task.secrets) out of its log, and out of all that it returns.

    C(given) are the options as they came, before aliases were resolved.
    """

    params: dict[str, Any]

    def __init__(self, task: Task, **settings: Any) -> None:
        self.task = task
        super().__init__(**settings)

    def _load_params(self) -> None:
        super()._load_params()
        self.given = dict(self.params)

    def repeated(self) -> dict[str, Any]:
        """The options as they may be repeated."""
        return self.task.shown(without_secrets(self.argument_spec, self.params))

    def _know_secrets(self) -> None:
        self.no_log_values |= self.task.secrets(self.params)
        for told in (self.given, self.params):  # as it came, and what validation has made of it
            self.no_log_values |= secrets_told(self.argument_spec, told)

    def _log_invocation(self) -> None:
        self._know_secrets()
        params, self.params = self.params, self.repeated()
        super()._log_invocation()
        self.params = params

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        if "invocation" not in kwargs:  # the options are wrong, and there was no log
            self._know_secrets()
            kwargs["invocation"] = {"module_args": self.repeated()}
        super()._return_formatted(kwargs)


def _plan_error(error: PlanError) -> dict[str, Any]:
    return shaped("InvalidOptions", error.message, target=error.field)


def shaped(code: str, message: str, *, target: str = "") -> dict[str, Any]:
    """C(error) in the shape of Azure's, for what was never asked of Azure: whoever reads results needs one way only."""
    return {
        "code": code,
        "status": None,
        "message": message,
        "target": target or None,
        "request_id": None,
        "operation": None,
    }
