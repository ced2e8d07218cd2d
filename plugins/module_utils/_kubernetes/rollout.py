# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Are the pods of a workload ready, and if not, why not. Pure: JSON of the API server in, sentences out.

Reasons are those of the kubelet (waiting containers), of the scheduler (the condition PodScheduled) and of the
controllers (the conditions ReplicaFailure and Progressing of a Deployment; Kubernetes API reference, apps/v1 and v1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Kind -> the part of URLs that lists it. All are in apps/v1.
WORKLOADS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}
#: The annotation in which the Deployment controller numbers what it has rolled out.
REVISION = "deployment.kubernetes.io/revision"
_PULLS = frozenset({"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable"})
_CONFIGURATION = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Why:
    """Why pods are not ready, as a sentence without the workload's name, and what to do."""

    code: str
    reason: str
    advice: str


def wanted(workload: Body) -> int:
    """How many pods there are to be."""
    if workload.get("kind") == "DaemonSet":
        return int(_status(workload).get("desiredNumberScheduled") or 0)
    replicas = (workload.get("spec") or {}).get("replicas")
    return 1 if replicas is None else int(replicas)


def available(workload: Body) -> int:
    """How many of them are ready, and have been for minReadySeconds."""
    status = _status(workload)
    key = {"DaemonSet": "numberAvailable", "StatefulSet": "readyReplicas"}.get(str(workload.get("kind")))
    return int(status.get(key or "availableReplicas") or 0)


def is_ready(workload: Body) -> bool:
    """Whether all pods are those of the newest version and available, as C(kubectl rollout status) sees it."""
    count = wanted(workload)
    updated = _is_seen(workload) and _updated(workload) >= count and not _has_old_pods(workload)
    return updated and available(workload) >= count


def is_held(workload: Body) -> bool:
    """Whether it waits for somebody to resume it: a Deployment that is paused does not get the pods of a new version.

    It is scaled all the same, so that one whose pods are all of the newest version may become ready. What was never
    rolled out has no revision (Kubernetes: "Pausing and Resuming a rollout of a Deployment"; the annotation is that of
    the Deployment controller).
    """
    if workload.get("kind") != "Deployment" or not (workload.get("spec") or {}).get("paused"):
        return False
    revision = ((workload.get("metadata") or {}).get("annotations") or {}).get(REVISION)
    never = not revision and _updated(workload) < wanted(workload)
    return _is_seen(workload) and (never or _has_old_pods(workload))


def _is_seen(workload: Body) -> bool:
    """Whether the status is that of the workload as it is described now."""
    described = (workload.get("metadata") or {}).get("generation")
    return int(_status(workload).get("observedGeneration") or 0) >= int(described or 0)


def _updated(workload: Body) -> int:
    key = "updatedNumberScheduled" if workload.get("kind") == "DaemonSet" else "updatedReplicas"
    return int(_status(workload).get(key) or 0)


def _has_old_pods(workload: Body) -> bool:
    """Whether pods of a former version of a Deployment are still there."""
    return workload.get("kind") == "Deployment" and int(_status(workload).get("replicas") or 0) > _updated(workload)


def selector(workload: Body) -> str:
    """The label selector of its pods."""
    labels = ((workload.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    return ",".join(f"{name}={value}" for name, value in labels.items())


def waiting(pods: Iterable[Body]) -> list[Body]:
    """The pods that are not ready, the newest first."""
    found = [pod for pod in pods if not _is(pod, "Ready")]
    return sorted(found, key=lambda pod: str((pod.get("metadata") or {}).get("creationTimestamp")), reverse=True)


def why(workload: Body, pods: Sequence[Body], events: Sequence[Body]) -> Why:
    """Why the workload is not ready. C(events) are those of the newest pod that is not, oldest first."""
    if is_held(workload):
        metadata = workload.get("metadata") or {}
        names = f"{metadata.get('name')} --namespace {metadata.get('namespace') or 'default'}"
        advice = f"resume it (kubectl rollout resume deployment {names})"
        return Why("Paused", "it is paused, so that its newest version is not rolled out", advice)
    failure = _condition(workload, "ReplicaFailure")
    if failure.get("status") == "True":
        return _not_created(str(failure.get("message") or failure.get("reason") or ""))
    late = waiting(pods)
    if late:
        return _pod(late[0], events)
    progress = _condition(workload, "Progressing")
    if not pods and wanted(workload):
        said = str(progress.get("message") or "no controller has reported anything")
        return Why("NoPods", f"it has no pods ({said})", "see the events of its ReplicaSets or of the workload itself")
    return Why("InProgress", "its pods are not available for long enough yet", "wait, or raise the time to wait")


def _not_created(message: str) -> Why:
    if "exceeded quota" in message:
        advice = "ask for less, remove what is not needed, or raise the ResourceQuota of the namespace"
        return Why("QuotaExceeded", f"its pods can't be created: {message}", advice)
    return Why("FailedCreate", f"its pods can't be created: {message}", "mend what the message names")


def _pod(pod: Body, events: Sequence[Body]) -> Why:
    name = (pod.get("metadata") or {}).get("name")
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        said = scheduled.get("message") or scheduled.get("reason")
        advice = "add nodes, ask for less, or mend node selectors and tolerations"
        return Why("Unschedulable", f"pod {name} has no node: {said}", advice)
    status = _status(pod)
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        found = _container(str(name), container, pod)
        if found:
            return found
    unhealthy = next((event for event in reversed(events) if event.get("reason") == "Unhealthy"), None)
    if unhealthy:
        return Why(
            "Unhealthy",
            f"pod {name} runs, but is not ready: {_line(unhealthy.get('message'))}",
            "see that the port and the path of the readiness probe are those that the container answers on",
        )
    warning = next((event for event in reversed(events) if event.get("type") == "Warning"), None)
    if warning:
        said = f"{warning.get('reason')}: {_line(warning.get('message'))}"
        return Why(
            str(warning.get("reason") or "Waiting"), f"pod {name} is not ready: {said}", "mend what the event names"
        )
    phase = status.get("phase") or "Pending"
    return Why(
        "NotReady", f"pod {name} is not ready ({phase})", "see its log and its events, or raise the time to wait"
    )


def _container(pod: str, container: Body, whole: Body) -> Why | None:
    """What is wrong with a container, None if nothing is."""
    state, name = container.get("state") or {}, container.get("name")
    halt = state.get("waiting") or {}
    reason, said = str(halt.get("reason") or ""), _line(halt.get("message"))
    if reason in _PULLS:
        return Why(
            "ImagePull",
            f"pod {pod}: image {container.get('image') or _image(whole, name)} can't be pulled ({reason}: {said})",
            "mend the name or tag of the image, or let the cluster pull from that registry (for example az aks update "
            "--attach-acr)",
        )
    if reason == "InvalidImageName":
        return Why(reason, f"pod {pod}: {said}", "mend the name of the image")
    if reason in _CONFIGURATION:
        return Why(
            reason, f"pod {pod}: container {name} can't be started: {said}", "create what the message names first"
        )
    ended = (container.get("lastState") or {}).get("terminated") or state.get("terminated") or {}
    if reason == "CrashLoopBackOff" or (ended and not container.get("ready")):
        code = f"{ended.get('reason') or 'Error'}, exit code {ended.get('exitCode', '?')}"
        text = f": {_line(ended.get('message'))}" if ended.get("message") else ""
        advice = f"see its log: kubectl logs --previous {pod}"
        return Why("CrashLoop", f"pod {pod}: container {name} ends again and again ({code}){text}", advice)
    return None


def _image(pod: Body, name: Any) -> str:
    containers = (pod.get("spec") or {}).get("containers") or []
    return next((str(item.get("image")) for item in containers if item.get("name") == name), "")


def _status(item: Body) -> Body:
    return item.get("status") or {}


def _condition(item: Body, kind: str) -> Body:
    return next((entry for entry in _status(item).get("conditions") or [] if entry.get("type") == kind), {})


def _is(item: Body, kind: str) -> bool:
    return bool(_condition(item, kind).get("status") == "True")


def _line(text: Any, limit: int = 300) -> str:
    line = " ".join(str(text or "").split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
