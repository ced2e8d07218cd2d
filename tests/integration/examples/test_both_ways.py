# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module says the same in the controller and as a process of its own, whether it succeeds or fails.

The examples of resource types are compared in test_twelve_steps; here are the other modules, and what every module
answers to options that it does not have and to credentials that there are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from contract.declarations import MODULE_NAMES, TYPE_NAMES, module
from integration.examples.observe import play, rendered
from integration.examples.ordinary import run_ordinary
from support.playbook import run_playbook
from support.returned import broken
from support.sandbox import Sandbox

APIM = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}
NOWHERE = {"host": "https://127.0.0.1:1", "api_key": "x"}
#: Modules that are no resource types -> tasks for them, by what comes of it.
OTHERS: dict[str, dict[str, dict[str, Any]]] = {
    "apim_gateway_probe": {
        "succeeds": {"url": "http://127.0.0.1:1/", "expect": "unreachable", "timeout": 5},
        "fails": {"url": "http://127.0.0.1:1/", "timeout": 5, "max_calls": 1},
        "refuses": {"url": "nonsense"},
    },
    "apim_ledger": {"succeeds": {"ledger": APIM, "objects": {"apim_product": ["partners"]}, "_check": True}},
    "apim_ledger_info": {"succeeds": {"ledger": APIM, "objects": {"apim_product": ["partners"]}}},
    "apim_vnet_join_plan": {
        "succeeds": {**APIM, "mode": "Internal", "virtual_network": "contoso-vnet", "subnet": "apim-subnet"},
        "fails": {**APIM, "service_name": "nobody-has-it", "mode": "Internal", "subnet": "contoso-vnet/apim-subnet"},
    },
    "apim_network_preflight": {
        "succeeds": {**APIM, "mode": "Internal", "subnet": "contoso-vnet/apim-subnet", "fail": False},
        "fails": {**APIM, "mode": "Internal", "subnet": "contoso-vnet/aks-subnet"},
        "refuses": {**APIM, "mode": "Internal", "subnet": "nonsense"},
    },
    "apim_network_status_info": {"succeeds": APIM, "fails": {**APIM, "service_name": "nobody-has-it"}},
    "kubernetes_load_balancer_info": {"fails": {**NOWHERE, "name": "api", "wait_timeout": 1}},
    "kubernetes_namespace_contents_info": {"fails": {**NOWHERE, "namespaces": ["demo"]}},
    "kubernetes_rollout_info": {
        "succeeds": {**NOWHERE, "definitions": []},
        "fails": {**NOWHERE, "definitions": [{"kind": "Deployment", "metadata": {"name": "api", "namespace": "demo"}}]},
    },
    "kubernetes_takeover_plan": {
        "succeeds": {**NOWHERE, "definitions": []},
        "fails": {**NOWHERE, "definitions": [{"kind": "Deployment", "metadata": {"name": "api", "namespace": "demo"}}]},
    },
    "kubernetes_objects_info": {"succeeds": NOWHERE, "fails": {**NOWHERE, "ids": ["c/demo/v1/Secret/web"]}},
    "vnet_subnet_plan": {
        "succeeds": {
            "resource_group": "contoso-rg",
            "virtual_network": "contoso-vnet",
            "subnets": [{"name": "new", "prefix_length": 24}],
        },
        "fails": {
            "resource_group": "contoso-rg",
            "virtual_network": "contoso-vnet",
            "subnets": [{"name": "new", "prefix_length": 8}],
        },
    },
}
#: What takes another time in each run.
VOLATILE = {"elapsed", "waited", "last_updated", "last_status_change", "request_id", "exception", "invocation"}


def cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(module, what it is, options) of every task."""
    for name in MODULE_NAMES:
        yield name, "an option that it does not have", {**first_example(name), "colour": "red"}
        if "auth_source" in module(name).TASK.argument_spec.options:
            yield name, "credentials that there are not", {**first_example(name), "profile": "nobody-has-it"}
    for name, tasks in OTHERS.items():
        yield from ((name, title, options) for title, options in tasks.items())


def first_example(name: str) -> dict[str, Any]:
    """The options of the first example of a module, without what earlier tasks of a play have to register."""
    tasks = yaml.safe_load(module(name).EXAMPLES)
    options = next(task[f"innergate.azure.{name}"] for task in tasks if f"innergate.azure.{name}" in task)
    return {key: rendered(value) for key, value in options.items() if key != "subscription_key"}


CASES = list(cases())


def test_every_module_has_its_tasks() -> None:
    assert set(OTHERS) == {name for name in MODULE_NAMES if name.removesuffix("_info") not in TYPE_NAMES}


@pytest.fixture(scope="module")
def in_controller(environment: Sandbox) -> list[dict[str, Any]]:
    """The results of all tasks of one play."""
    tasks = [
        {
            "name": f"{name}: {title}",
            f"innergate.azure.{name}": {key: value for key, value in options.items() if key != "_check"},
            "check_mode": bool(options.get("_check")),
            "diff": True,
            "ignore_errors": True,
        }
        for name, title, options in CASES
    ]
    run = run_playbook(play(tasks), "-vvv", environment=environment.environment)
    assert len(run.steps) == len(CASES), run.output
    assert "runs as a module of its own" not in run.output
    return [{**step.result, **({} if step.status == "ok" else {"failed": True})} for step in run.steps]


def comparable(value: Any) -> Any:
    """The result without what differs each time."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if key not in VOLATILE and key[:1] != "_"}
    return [comparable(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{name}, {title}" for name, title, _options in CASES])
def test_both_ways_say_the_same(in_controller: list[dict[str, Any]], environment: Sandbox, number: int) -> None:
    name, title, options = CASES[number]
    inside = in_controller[number]
    given = {key: value for key, value in options.items() if key != "_check"}
    outside = run_ordinary(
        name,
        {**given, "_ansible_module_name": f"innergate.azure.{name}"},
        check=bool(options.get("_check")),
        environment=environment.environment,
    )
    assert bool(inside.get("failed")) is (title != "succeeds"), inside
    assert comparable({"changed": False, **outside}) == comparable({"changed": False, **inside})
    known = {key: value for key, value in inside.items() if not key.startswith("_ansible")}
    if title == "an option that it does not have":
        assert "colour" in inside["msg"] and f"(innergate.azure.{name})" in inside["msg"]
    else:
        assert broken(name, known) == []
