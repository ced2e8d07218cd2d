# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a task inside the controller as its module would run: same validation, same censoring, same result.

A module of its own costs a quarter of a second before its first line, and imports the SDK anew each time.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import secrets_told, without_secrets
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task


def run_here(
    task: Task,
    args: Mapping[str, Any],
    *,
    name: str,
    check_mode: bool = False,
    diff: bool = False,
    environment: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = print,
    foretold: Foretold | None = None,
) -> dict[str, Any]:
    """The result of the task with these arguments (plain JSON types). C(name) is how messages call the module.

    C(environment) are the variables that the play sets for the task; they hold in this process while it runs. That is
    safe in Ansible's workers, which are processes that do one task at a time. C(foretold) remembers what other tasks
    have said in check mode.
    """
    validator = ArgumentSpecValidator(
        {name: dict(option) for name, option in task.argument_spec.options.items()}, **task.argument_spec.rules()
    )
    args = {name: value for name, value in args.items() if not name.startswith("_ansible_")}
    validated = validator.validate(dict(args))
    options = task.argument_spec.options
    censored = set(validated._no_log_values) | task.secrets(validated.validated_parameters)
    for told in (args, validated.validated_parameters):  # as it came, and what validation has made of it
        censored |= secrets_told(options, told)
    warnings = [f"Both option {item['option']} and its alias {item['alias']} are set." for item in validated._warnings]
    repeated = task.shown(without_secrets(options, validated.validated_parameters))
    invocation = {"module_args": copy.deepcopy(repeated)}
    if validated.error_messages:
        message = validated.errors.msg
        if isinstance(validated.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({name}) module: {message}"
        failure = {
            "failed": True,
            "msg": message,
            "invocation": invocation,
            "changed": False,
        }
        return _clean(failure, censored)
    invocation = _clean(invocation, censored)
    if check_mode and not task.supports_check_mode:
        return {"changed": False, "skipped": True, "msg": "remote module does not support check mode"}
    with _environment(environment or {}) as environ:
        context = Context(
            validated.validated_parameters,
            check_mode=check_mode,
            diff=diff,
            environ=environ,
            warn=warnings.append,
            progress=progress,
            foretold=foretold,
        )
        result = task.run(context, args)
    result.setdefault("changed", False)
    if warnings:
        result["warnings"] = warnings
    # Options are repeated without their secrets, whatever the result itself may show.
    return {**_clean(result, censored - context.revealed), "invocation": invocation}


def _clean(result: dict[str, Any], censored: set[str]) -> dict[str, Any]:
    """The result as a module would return it: secrets of the options replaced wherever they stand."""
    kept = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    return {**remove_values(result, censored), **kept}


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """This process' environment with the given variables, put back afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update({name: str(value) for name, value in values.items()})
    try:
        yield dict(os.environ)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
