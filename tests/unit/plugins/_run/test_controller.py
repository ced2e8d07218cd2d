# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running in the controller: the same validation, censoring and shape as a module's."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure, Task

SPEC = ArgumentSpec(
    {
        "name": {"type": "str", "required": True},
        "count": {"type": "int", "default": 1, "aliases": ["number"]},
        "secret": {"type": "str", "no_log": True},
        "nested": {
            "type": "dict",
            "options": {"token": {"type": "str", "no_log": True, "aliases": ["ticket"]}},
        },
    },
    mutually_exclusive=(("secret", "nested"),),
)


def run(execute: Any, *, supports_check_mode: bool = True, **how: Any) -> dict[str, Any]:
    given = {"name": "a", **how.pop("args", {})}
    args = {name: value for name, value in given.items() if value is not None}
    return run_here(Task(SPEC, execute, supports_check_mode), args, name="innergate.azure.thing", **how)


def test_a_result_has_what_a_module_s_has() -> None:
    def execute(context: Context) -> dict[str, Any]:
        context.warn("mind this")
        return {"id": f"{context.params['name']}{context.params['count']}", "check": context.check_mode}

    assert run(execute, args={"count": "2", "_ansible_verbosity": 3}, check_mode=True) == {
        "changed": False,
        "id": "a2",
        "check": True,
        "warnings": ["mind this"],
        "invocation": {"module_args": {"name": "a", "count": 2, "secret": None, "nested": None}},
    }


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"name": None}, "missing required arguments: name"),
        ({"count": "many"}, "cannot be converted to an int"),
        ({"secret": "sesame", "nested": {}}, "parameters are mutually exclusive: secret|nested"),
        ({"odd": 1}, "Unsupported parameters for (innergate.azure.thing) module: odd"),
        ({"nested": {"odd": 1}}, "nested.odd"),
    ],
)
def test_arguments_are_validated(args: dict[str, Any], said: str) -> None:
    result = run(lambda context: pytest.fail("it must not run"), args=args)
    assert result["failed"]
    assert said in result["msg"]
    assert result["changed"] is False


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"count": 1, "number": 2}, "count and number are one option"),
        ({"nested": {"ticket": "sesame", "token": "tahini"}}, "token and ticket are one option"),
    ],
)
def test_an_alias_with_another_value_is_refused(args: dict[str, Any], said: str) -> None:
    result = run(lambda context: pytest.fail("it must not run"), args=args)
    assert result["failed"] and result["error"]["code"] == "InvalidOptions"
    assert said in result["msg"] and "sesame" not in str(result) and "tahini" not in str(result)


def test_an_alias_with_the_same_value_is_mentioned() -> None:
    result = run(lambda context: {"count": context.params["count"]}, args={"count": 2, "number": 2})
    assert result["count"] == 2
    assert result["warnings"] == ["Both option count and its alias number are set."]


def test_secrets_are_censored_everywhere() -> None:
    def execute(context: Context) -> dict[str, Any]:
        raise Failure(
            f"Azure does not like {context.params['secret']}", changed=True, error={"message": "sesame it is"}
        )

    result = run(execute, args={"secret": "sesame"})
    assert "sesame" not in str(result)
    assert result["msg"] == "Azure does not like ********"
    assert result["changed"] is True
    assert "tahini" not in str(run(lambda context: {"x": ["tahini"]}, args={"nested": {"token": "tahini"}}))


def test_secrets_of_the_environment_are_in_no_failure() -> None:
    def execute(context: Context) -> dict[str, Any]:
        raise Failure(f"who is {context.environ['AZURE_SECRET']}", error={"message": "open-sesame"})

    result = run(execute, environment={"AZURE_SECRET": "open-sesame"})
    assert "open-sesame" not in str(result)
    assert result["msg"] == "who is ********"


def test_what_was_asked_for_is_shown_but_not_where_options_are_repeated() -> None:
    def execute(context: Context) -> dict[str, Any]:
        context.revealed.add("sesame")
        return {"key": "sesame"}

    result = run(execute, args={"secret": "sesame"})
    assert result["key"] == "sesame"
    assert result["invocation"]["module_args"]["secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_the_environment_of_the_task_holds_while_it_runs() -> None:
    def execute(context: Context) -> dict[str, Any]:
        return {"seen": [context.environ["INNERGATE_TEST"], os.environ["INNERGATE_TEST"]]}

    assert run(execute, environment={"INNERGATE_TEST": "x"})["seen"] == ["x", "x"]
    assert "INNERGATE_TEST" not in os.environ


def test_a_task_that_can_t_predict_is_skipped_in_check_mode() -> None:
    assert run(lambda context: {}, check_mode=True, supports_check_mode=False)["skipped"]


@pytest.mark.parametrize(
    ("error", "code", "msg"),
    [
        (PlanError("sku can't change", field="sku"), "InvalidOptions", "sku can't change"),
        (ArmError("Conflict", "busy", status=409, advice="Wait."), "Conflict", "409 Conflict: busy. Wait."),
        (Failure("no", error={"code": "Odd"}), "Odd", "no"),
    ],
)
def test_all_that_can_be_foreseen_fails_in_one_shape(error: Exception, code: str, msg: str) -> None:
    def execute(context: Context) -> dict[str, Any]:
        raise error

    result = run(execute)
    assert (result["failed"], result["error"]["code"], result["msg"]) == (True, code, msg)


def test_a_missing_library_is_named() -> None:
    def execute(context: Context) -> dict[str, Any]:
        raise MissingLibraryError("azure-identity", "No module named 'azure'")

    assert "azure-identity" in run(execute)["msg"]


def test_what_nobody_foresaw_is_not_swallowed() -> None:
    def execute(context: Context) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(execute)
