# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's status says, computed from what its containers do; the words of kubernetes pkg/kubelet/status."""

from __future__ import annotations

from dataclasses import dataclass, field

from innergate_sandbox.kubernetes.api.client import Object


@dataclass
class Container:
    """What there is to know about one container. `state` and `last` have the shape of ContainerState."""

    name: str
    image: str
    state: Object = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    last: Object = field(default_factory=dict)
    ready: bool = False
    started: bool = False
    restarts: int = 0
    container_id: str = ""
    image_id: str = ""
    shown_image: str = ""
    final: bool = False

    def wire(self) -> Object:
        """The ContainerStatus."""
        found: Object = {
            "name": self.name,
            "image": self.shown_image or self.image,
            "imageID": self.image_id,
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready,
            "started": self.started,
            "restartCount": self.restarts,
        }
        return found | ({"containerID": self.container_id} if self.container_id else {})


@dataclass(frozen=True)
class Facts:
    """A pod's circumstances. Times are timestamps; `sandbox` is whether it has its address."""

    pod_ip: str
    node_ip: str
    since: str
    sandbox: bool = True


def pod_status(pod: Object, inits: list[Container], containers: list[Container], facts: Facts, now: str) -> Object:
    """The whole status but for the scheduler's condition. `pod` gives the conditions of before."""
    phase = pod_phase(pod, inits, containers)
    status: Object = {
        "phase": phase,
        "observedGeneration": pod["metadata"].get("generation", 1),
        "hostIP": facts.node_ip,
        "hostIPs": [{"ip": facts.node_ip}],
        "startTime": (pod.get("status") or {}).get("startTime") or facts.since,
        "containerStatuses": [item.wire() for item in containers],
        "conditions": _conditions(pod, inits, containers, facts, phase, now),
    }
    if facts.sandbox and facts.pod_ip:
        status |= {"podIP": facts.pod_ip, "podIPs": [{"ip": facts.pod_ip}]}
    if inits:
        status["initContainerStatuses"] = [item.wire() for item in inits]
    return status


def pod_phase(pod: Object, inits: list[Container], containers: list[Container]) -> str:
    """Pending, Running, Succeeded or Failed (kubelet_pods.go:getPhase)."""
    if any(item.final and _exit_code(item) for item in inits):
        return "Failed"
    if not all(_exit_code(item) == 0 for item in inits):
        return "Pending"
    if containers and all(item.final for item in containers):
        failed = any(_exit_code(item) for item in containers)
        return "Failed" if failed else "Succeeded"
    if any("waiting" in item.state and not item.last for item in containers):
        return "Pending"
    return "Running"


def initial(pod: Object) -> tuple[list[Container], list[Container]]:
    """The containers of a pod before anything has happened: (init containers, containers)."""
    inits = pod["spec"].get("initContainers") or []
    reason = "PodInitializing" if inits else "ContainerCreating"

    def fresh(item: Object) -> Container:
        return Container(item["name"], item["image"], {"waiting": {"reason": reason}})

    return [fresh(item) for item in inits], [fresh(item) for item in pod["spec"]["containers"]]


def _conditions(
    pod: Object, inits: list[Container], containers: list[Container], facts: Facts, phase: str, now: str
) -> list[Object]:
    incomplete = [item.name for item in inits if _exit_code(item) != 0]
    unready = [item.name for item in containers if not item.ready]
    initialized: Object = {"status": "True"}
    if phase == "Succeeded":
        initialized["reason"] = "PodCompleted"
    elif incomplete:
        message = f"containers with incomplete status: {_go_list(incomplete)}"
        initialized = {"status": "False", "reason": "ContainersNotInitialized", "message": message}
    if phase in ("Succeeded", "Failed"):
        ready: Object = {"status": "False", "reason": "PodCompleted" if phase == "Succeeded" else "PodFailed"}
    elif unready:
        message = f"containers with unready status: {_go_list(unready)}"
        ready = {"status": "False", "reason": "ContainersNotReady", "message": message}
    else:
        ready = {"status": "True"}
    found = {
        "PodReadyToStartContainers": {"status": "True" if facts.sandbox else "False"},
        "Initialized": initialized,
        "Ready": _with_gates(pod, ready),
        "ContainersReady": ready,
    }
    before = {item["type"]: item for item in (pod.get("status") or {}).get("conditions") or []}
    generation = pod["metadata"].get("generation", 1)
    conditions = []
    for kind, content in found.items():
        old = before.get(kind, {})
        since = old.get("lastTransitionTime") if old.get("status") == content["status"] else None
        # A strategic merge keeps what is not named: absent reasons and messages must be taken away by name.
        conditions.append(
            {
                "type": kind,
                "observedGeneration": generation,
                "reason": None,
                "message": None,
                "lastProbeTime": None,
                "lastTransitionTime": since or now,
                **content,
            }
        )
    return conditions


def _with_gates(pod: Object, ready: Object) -> Object:
    gates = [item["conditionType"] for item in pod["spec"].get("readinessGates") or []]
    if ready["status"] != "True" or not gates:
        return ready
    before = {item["type"]: item["status"] for item in (pod.get("status") or {}).get("conditions") or []}
    messages = []
    for gate in gates:
        if gate not in before:
            messages.append(f'corresponding condition of pod readiness gate "{gate}" does not exist.')
        elif before[gate] != "True":
            messages.append(f'the status of pod readiness gate "{gate}" is not "True", but {before[gate]}')
    if not messages:
        return ready
    return {"status": "False", "reason": "ReadinessGatesNotReady", "message": ", ".join(messages)}


def _exit_code(item: Container) -> int | None:
    code = item.state.get("terminated", {}).get("exitCode")
    return None if code is None else int(code)


def _go_list(names: list[str]) -> str:
    return f"[{' '.join(names)}]"
