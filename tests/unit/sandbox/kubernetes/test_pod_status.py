# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phases and conditions of pods."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.kubernetes.node.status import Container, Facts, initial, pod_phase, pod_status

FACTS = Facts("10.244.0.2", "10.224.0.4", "2026-01-01T00:00:00Z")
NOW = "2026-01-01T00:01:00Z"
RUNNING = {"running": {"startedAt": "2026-01-01T00:00:30Z"}}


def pod(*names: str, inits: tuple[str, ...] = (), **extra: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": name, "image": "nginx"} for name in names], **extra}
    if inits:
        spec["initContainers"] = [{"name": name, "image": "nginx"} for name in inits]
    return {"metadata": {"name": "p", "generation": 1}, "spec": spec}


def ended(code: int) -> dict[str, Any]:
    return {"terminated": {"exitCode": code}}


def running(name: str, ready: bool = True) -> Container:
    return Container(name, "nginx", RUNNING, ready=ready, started=True)


def condition(status: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(item for item in status["conditions"] if item["type"] == kind)


def test_a_fresh_pod_is_pending_and_says_what_it_waits_for() -> None:
    item = pod("a", "b")
    status = pod_status(item, *initial(item), FACTS, NOW)
    assert status["phase"] == "Pending"
    assert status["podIP"] == "10.244.0.2" and status["hostIP"] == "10.224.0.4"
    assert status["containerStatuses"][0]["state"] == {"waiting": {"reason": "ContainerCreating"}}
    assert condition(status, "Ready")["message"] == "containers with unready status: [a b]"
    assert condition(status, "Initialized")["status"] == "True"
    assert condition(status, "PodReadyToStartContainers")["status"] == "True"


def test_init_containers_come_first() -> None:
    item = pod("a", inits=("i",))
    inits, containers = initial(item)
    status = pod_status(item, inits, containers, FACTS, NOW)
    assert status["phase"] == "Pending"
    assert status["containerStatuses"][0]["state"] == {"waiting": {"reason": "PodInitializing"}}
    found = condition(status, "Initialized")
    assert (found["reason"], found["message"]) == (
        "ContainersNotInitialized",
        "containers with incomplete status: [i]",
    )


def test_all_ready_is_ready() -> None:
    status = pod_status(pod("a", "b"), [], [running("a"), running("b")], FACTS, NOW)
    assert status["phase"] == "Running"
    assert condition(status, "Ready") == {
        "type": "Ready",
        "status": "True",
        "observedGeneration": 1,
        "reason": None,
        "message": None,
        "lastProbeTime": None,
        "lastTransitionTime": NOW,
    }


def test_one_unready_container_makes_the_pod_unready() -> None:
    status = pod_status(pod("a", "b"), [], [running("a"), running("b", ready=False)], FACTS, NOW)
    assert status["phase"] == "Running"
    assert condition(status, "ContainersReady")["message"] == "containers with unready status: [b]"


def test_a_condition_that_did_not_change_keeps_its_time() -> None:
    item = pod("a") | {"status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "before"}]}}
    status = pod_status(item, [], [running("a")], FACTS, NOW)
    assert condition(status, "Ready")["lastTransitionTime"] == "before"
    assert condition(status, "ContainersReady")["lastTransitionTime"] == NOW


def test_gates_hold_back_readiness_but_not_that_of_the_containers() -> None:
    item = pod("a", readinessGates=[{"conditionType": "example.com/gate"}])
    status = pod_status(item, [], [running("a")], FACTS, NOW)
    assert condition(status, "ContainersReady")["status"] == "True"
    assert condition(status, "Ready")["reason"] == "ReadinessGatesNotReady"
    item["status"] = {"conditions": [{"type": "example.com/gate", "status": "True"}]}
    assert condition(pod_status(item, [], [running("a")], FACTS, NOW), "Ready")["status"] == "True"


@pytest.mark.parametrize(
    ("containers", "phase"),
    [
        ([Container("a", "i", ended(0), final=True)], "Succeeded"),
        ([Container("a", "i", ended(1), final=True)], "Failed"),
        ([Container("a", "i", ended(0), final=True), running("b")], "Running"),
        ([Container("a", "i", {"waiting": {"reason": "CrashLoopBackOff"}}, last=ended(1))], "Running"),
        ([Container("a", "i", {"waiting": {"reason": "ErrImagePull"}}), running("b")], "Pending"),
        ([Container("a", "i", ended(1))], "Running"),
    ],
)
def test_phases(containers: list[Container], phase: str) -> None:
    assert pod_phase(pod(), [], containers) == phase


def test_a_finished_pod_is_not_ready_because_it_is_completed() -> None:
    status = pod_status(pod("a"), [], [Container("a", "i", ended(0), final=True)], FACTS, NOW)
    assert condition(status, "Ready")["reason"] == condition(status, "Initialized")["reason"] == "PodCompleted"


def test_a_failed_init_container_fails_the_pod() -> None:
    assert pod_phase(pod("a"), [Container("i", "i", ended(1), final=True)], [running("a")]) == "Failed"
