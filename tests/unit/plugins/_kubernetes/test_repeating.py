# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results repeat what a module was told, but not what is in Secrets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import secrets, without_contents
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


@pytest.mark.parametrize("kind", ["Secret", "secret", "secrets", "SECRET", None, 5])
def test_what_may_be_a_secret_is_hidden_however_it_is_written(kind: object) -> None:
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": '{"stringData": {"p": "hunter2"}}', "a": "seen"}
    item = {**SECRET, "kind": kind, "metadata": {"name": "s", "annotations": annotations}, "stringdata": "hunter2"}
    [shown] = without_contents({"manifests": [item]})["manifests"]
    assert "hunter2" not in str(shown) and shown["metadata"]["name"] == "s"
    assert shown["metadata"]["annotations"]["a"] == "seen"


@pytest.mark.parametrize(
    "value",
    [
        [{"apiVersion": "v1", "kind": "List", "items": [CONFIG, {**SECRET, **CONTENTS}]}],
        [{"apiVersion": "v1", "kind": "SecretList", "items": [CONTENTS]}],
        [{"apiVersion": "v1", "kind": "List", "items": [{"kind": "List", "items": [{**SECRET, **CONTENTS}]}]}],
        [[{**SECRET, **CONTENTS}]],
        {**SECRET, **CONTENTS},
        [{**SECRET, "metadata": {"annotations": "hunter2"}}],
        [{**SECRET, "metadata": "hunter2"}],
        ["kind: Secret\nstringData: {k: hunter2}"],
        "kind: Secret\nstringData: {k: hunter2}",
    ],
)
def test_secrets_are_hidden_wherever_they_are(value: object) -> None:
    shown = str(without_contents({"definitions": value}))
    assert "hunter2" not in shown and "aHVudGVyMg" not in shown
    assert ("seen" in shown) == ("seen" in str(value))


def test_options_that_were_not_checked() -> None:
    for params in ({}, {"definitions": None}, {"definitions": 5}, {"manifests": ["", {"kind": None}, None]}):
        assert without_contents(params) == params


def test_what_lets_somebody_in_is_starred_in_addresses() -> None:
    given = {"host": "https://me:open-sesame@127.0.0.1", "proxy": "http://me@proxy", "context": "me"}
    assert without_contents(given) == {
        "host": "https://********@127.0.0.1",
        "proxy": "http://********@proxy",
        "context": "me",
    }
    assert secrets(given) == {"me:open-sesame", "open-sesame"}
    assert secrets({"host": None, "proxy": 5}) == set()
