# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results repeat what a module was told, but not what is in Secrets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import without_contents
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task
from ansible_collections.innergate.azure.plugins.modules import (
    apim_ledger,
    apim_ledger_info,
    kubernetes_objects_info,
    kubernetes_rollout_info,
    kubernetes_takeover_plan,
)

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
CONTENTS = {"data": {"k": "aHVudGVyMg=="}, "stringData": {"k": "hunter2"}}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"k": "seen"}}
MODULES = [
    (apim_ledger.TASK, "manifests"),
    (apim_ledger_info.TASK, "manifests"),
    (kubernetes_objects_info.TASK, "definitions"),
    (kubernetes_rollout_info.TASK, "definitions"),
    (kubernetes_takeover_plan.TASK, "definitions"),
]


@pytest.mark.parametrize(("task", "option"), MODULES)
@pytest.mark.parametrize("wrong", [{}, {"unknown": True}])
def test_what_is_in_a_secret_is_not_repeated(task: Task, option: str, wrong: dict[str, Any]) -> None:
    given = {option: [{**SECRET, **CONTENTS}, CONFIG], **wrong}
    if option == "definitions":
        given |= {"host": "https://127.0.0.1:1", "api_key": "x"}
    result = run_here(task, given, name="a_module")
    assert "hunter2" not in str(result) and "aHVudGVyMg" not in str(result)
    hidden = {**SECRET, "data": "********", "stringData": "********"}
    assert result["invocation"]["module_args"][option] == [hidden, CONFIG]


def test_options_that_were_not_checked() -> None:
    for params in ({}, {"definitions": None}, {"definitions": "text"}, {"manifests": ["text", {"kind": None}]}):
        assert without_contents(params) == params
