# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure, the network or the credentials misbehave: what passes is ridden out, what doesn't is said in one message.

All of it happens in one run, which goes on after each failure. Each resource has its own fault.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import certifi
import pytest
from chaos.conftest import Task
from support.playbook import Step, on_controller, run_playbook
from support.sandbox import Sandbox

GROUP, SERVICE, VNET = "aks-demo-rg", "apim-demo", "aks-vnet"
APIM = {"resource_group": GROUP, "service_name": SERVICE}
PLACE = f"/resourceGroups/{GROUP}/providers/Microsoft.ApiManagement/service/{SERVICE}"
FIRE = {"code": "InternalServerError", "message": "The fabric is on fire."}
NETWORK = {"resource_group": GROUP, "location": "westeurope"}
STOPPED = {**NETWORK, "name": "stopped", "address_prefixes": ["10.98.0.0/16"]}
HALF = {**APIM, "name": "half", "display_name": "half", "value": "1"}
STATUSES = (401, 403, 500)
NOT_ABSENT = {f"answered {status}": (f"/tags/t{status}$", {"status": status}) for status in STATUSES}


def once(path: str, then: dict[str, Any], times: int = 1, **more: Any) -> dict[str, Any]:
    """A fault of the first requests to a path."""
    return {"path": path, "times": times, "then": then, **more}


FAULTS = [
    *({"method": "GET", "path": path, "then": then} for path, then in NOT_ABSENT.values()),
    {"path": f"{VNET}/subnets/aks-subnet$", "then": {"deny": "Microsoft.Network/virtualNetworks/subnets/read"}},
    once("/tags/patient", {"status": 429, "headers": {"Retry-After": "1"}}, 2),
    once("/tags/broken-off", {"close": "after"}, method="PUT"),
    once("/tags/half-told", {"close": "during"}, 3),
    once("virtualNetworks/stopped", {"operation": {"status": "Canceled"}}, method="PUT"),
    once("virtualNetworks/burning", {"operation": FIRE}, method="PUT"),
    once("namedValues/half", {"operation": {"azure_seconds": 6000}}, method="PUT"),
]


def tag(name: str, **more: Any) -> dict[str, Any]:
    """A task that makes a tag."""
    return {"innergate.azure.apim_tag": {**APIM, "name": name, "display_name": name, **more}}


def asked(**environment: str) -> dict[str, Any]:
    """A task that asks Azure for tags, in an environment."""
    return {"innergate.azure.apim_tag_info": APIM, "environment": environment}


def tasks(home: Path) -> dict[str, dict[str, Any]]:
    """All tasks by their names."""
    nothing = dict.fromkeys(("AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_TENANT"), "")
    return {
        # Where a task fails, Ansible shows what stands in the playbook.
        "wrong secret": asked(AZURE_SECRET="{{ lookup('env', 'WRONG') }}"),
        "no credentials": asked(**nothing, HOME=str(home), PATH="/nowhere"),
        "unreachable endpoint": asked(AZURE_CLOUD_ENVIRONMENT="https://localhost:1"),
        "untrusted certificate": asked(**dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), certifi.where())),
        **{f"answered {status}": tag(f"t{status}", wait_timeout=5) for status in STATUSES},
        "no right on the subnet": {
            "innergate.azure.vnet_subnet": {
                "resource_group": GROUP,
                "virtual_network": VNET,
                "name": "aks-subnet",
                "service_endpoints": [],
            }
        },
        "throttled": tag("patient"),
        "broken off": tag("broken-off"),
        "half told": tag("half-told"),
        "canceled": {"innergate.azure.virtual_network": STOPPED},
        "canceled, again": {"innergate.azure.virtual_network": STOPPED},
        "canceled, and again": {"innergate.azure.virtual_network": STOPPED},
        "failed": {
            "innergate.azure.virtual_network": {**NETWORK, "name": "burning", "address_prefixes": ["10.99.0.0/16"]}
        },
        "killed": {"innergate.azure.apim_named_value": {**HALF, "wait_timeout": 1}},
        "killed, again": {"innergate.azure.apim_named_value": HALF},
    }


@pytest.fixture(scope="module")
def day(shared: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Step], str, str]:
    """How each task ended, what Ansible said, and when it began."""
    for rule in FAULTS:
        shared.fault(rule)
    named = tasks(tmp_path_factory.mktemp("home"))
    play = on_controller(*({"name": name, "ignore_errors": True, **task} for name, task in named.items()))
    start = shared.moment()
    run = run_playbook(play, environment={**shared.environment, "WRONG": "not-the-secret"})
    shared.clear_faults()
    assert run.code == 0 and "Traceback" not in run.output, run.output
    assert [step.task for step in run.steps] == list(named)
    return {step.task: step for step in run.steps}, run.output, start


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wrong secret", ("AADSTS7000215", "AZURE_SECRET")),
        ("no credentials", ("AZURE_CLIENT_ID",)),
        ("unreachable endpoint", ("localhost:1", "connect")),
        ("untrusted certificate", ("certificate", "REQUESTS_CA_BUNDLE")),
        *((f"answered {status}", (f"t{status}", f" {status}")) for status in STATUSES),
        ("no right on the subnet", ("subnets/read", VNET, "role")),
        ("canceled", ("stopped", "Canceled")),
        ("failed", ("burning", "The fabric is on fire")),
        ("killed", ("half",)),
    ],
)
def test_what_does_not_pass_is_said(day: tuple[dict[str, Step], str, str], name: str, words: tuple[str, ...]) -> None:
    steps, output, dummy = day
    assert steps[name].status == "ignored"
    message = str(steps[name].result["msg"])
    missing = [word for word in words if word.lower() not in message.lower()]
    assert not missing, f"{missing} not in: {message}"
    assert "not-the-secret" not in output


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_is_not_absence(day: tuple[dict[str, Step], str, str], shared: Sandbox, status: int) -> None:
    paths = [
        (entry["method"], entry["path"]) for entry in shared.requests(day[2]) if entry["path"].endswith(f"t{status}")
    ]
    assert paths and {method for method, dummy in paths} == {"GET"}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("throttled", True),
        ("broken off", True),
        ("half told", True),
        ("canceled, again", True),
        ("canceled, and again", False),
        ("killed, again", None),
    ],
)
def test_what_passes_is_no_failure(day: tuple[dict[str, Step], str, str], name: str, changed: bool | None) -> None:
    step = day[0][name]
    assert step.status == "ok", step.result
    assert changed is None or step.result["changed"] is changed


@pytest.mark.usefixtures("day")
def test_what_was_written_without_an_answer_is_there(shared: Sandbox) -> None:
    assert shared.arm("GET", f"{PLACE}/tags/broken-off").ok
    assert shared.arm("GET", f"{PLACE}/namedValues/half").json()["properties"]["value"] == "1"


def test_a_token_endpoint_that_is_down_for_a_moment(task: Task, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault({"path": "/oauth2/v2.0/token$", "times": 1, "then": {"close": "before"}})
    sandbox.fault({"path": "/oauth2/v2.0/token$", "times": 1, "then": {"status": 503, "headers": {"Retry-After": "1"}}})
    run = task("apim_tag_info", **APIM, environment={"INNERGATE_TOKEN_CACHE": str(tmp_path)})
    assert run.code == 0, run.output
    assert [rule["hits"] for rule in sandbox.faults()] == [1, 1]
