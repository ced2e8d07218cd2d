# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the pods of a workload are ready, and the reason if they are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import rollout
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.rollout_wait import Named, Waiter
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules import kubernetes_rollout_info
from support.fake_cluster import FakeCluster

READY = {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
DEPLOYMENT = "/apis/apps/v1/namespaces/demo/deployments/api"
MANIFEST = {"kind": "Deployment", "metadata": {"name": "api", "namespace": "demo"}}


def workload(kind: str = "Deployment", replicas: int = 1, *conditions: dict[str, Any], **status: Any) -> dict[str, Any]:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "api"}}}
    metadata = {"name": "api", "generation": 2, "resourceVersion": "7"}
    return {"kind": kind, "metadata": metadata, "spec": spec, "status": {**status, "conditions": list(conditions)}}


def pod(name: str = "api-1", *, state: Any = None, last: Any = None, created: str = "1", **more: Any) -> dict[str, Any]:
    container = {"name": "api", "image": "r/api:1", "ready": False, "state": state or {"running": {}}}
    if last:
        container["lastState"] = {"terminated": last}
    status = {"phase": "Pending", "containerStatuses": [container], "conditions": [], **more}
    return {"metadata": {"name": name, "creationTimestamp": created}, "status": status}


@pytest.mark.parametrize(
    ("found", "ready"),
    [
        (workload(**READY), True),
        (workload(**{**READY, "observedGeneration": 1}), False),
        (workload(**{**READY, "updatedReplicas": 0}), False),
        (workload(**{**READY, "replicas": 2}), False),  # an old pod is still there
        (workload(**{**READY, "availableReplicas": 0}), False),
        (workload(replicas=0, observedGeneration=2), True),
        (workload(), False),
        (workload("StatefulSet", observedGeneration=2, updatedReplicas=1, readyReplicas=1), True),
        (workload("StatefulSet", observedGeneration=2, updatedReplicas=1), False),
        (
            workload(
                "DaemonSet",
                observedGeneration=2,
                desiredNumberScheduled=2,
                updatedNumberScheduled=2,
                numberAvailable=2,
            ),
            True,
        ),
        (workload("DaemonSet", observedGeneration=2, desiredNumberScheduled=2, updatedNumberScheduled=1), False),
    ],
)
def test_when_a_workload_is_ready(found: dict[str, Any], ready: bool) -> None:
    assert rollout.is_ready(found) is ready


@pytest.mark.parametrize(
    ("late", "code", "words"),
    [
        (
            pod(state={"waiting": {"reason": "ImagePullBackOff", "message": "no such\n host"}}),
            "ImagePull",
            "api-1: image r/api:1 can't be pulled (ImagePullBackOff: no such host)",
        ),
        (
            pod(state={"waiting": {"reason": "InvalidImageName", "message": 'invalid "r/API"'}}),
            "InvalidImageName",
            'invalid "r/API"',
        ),
        (
            pod(state={"waiting": {"reason": "CreateContainerConfigError", "message": 'secret "s" not found'}}),
            "CreateContainerConfigError",
            'can\'t be started: secret "s" not found',
        ),
        (
            pod(
                state={"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}},
                last={"reason": "OOMKilled", "exitCode": 137},
            ),
            "CrashLoop",
            "ends again and again (OOMKilled, exit code 137)",
        ),
        (
            pod(conditions=[{"type": "PodScheduled", "status": "False", "message": "0/1 nodes: Insufficient cpu."}]),
            "Unschedulable",
            "has no node: 0/1 nodes: Insufficient cpu",
        ),
        (pod(phase="Running"), "NotReady", "api-1 is not ready (Running)"),
    ],
)
def test_what_pods_wait_for(late: dict[str, Any], code: str, words: str) -> None:
    why = rollout.why(workload(), [pod("ready", conditions=[{"type": "Ready", "status": "True"}]), late], [])
    assert why.code == code and words in why.reason and why.advice


def test_the_newest_pod_tells() -> None:
    broken = {"waiting": {"reason": "ErrImagePull", "message": "x"}}
    assert (
        rollout.why(workload(), [pod("old", created="1"), pod("new", created="2", state=broken)], []).code
        == "ImagePull"
    )


def test_events_tell_of_probes_and_volumes() -> None:
    probe = {"type": "Warning", "reason": "Unhealthy", "message": "Readiness probe failed: HTTP 404"}
    mount = {"type": "Warning", "reason": "FailedMount", "message": 'configmap "c" not found'}
    assert "Readiness probe failed: HTTP 404" in rollout.why(workload(), [pod()], [probe, mount]).reason
    volume = rollout.why(workload(), [pod()], [{"type": "Normal", "reason": "Pulled"}, mount])
    assert volume.code == "FailedMount" and 'configmap "c" not found' in volume.reason


def test_a_quota_is_named_though_there_are_no_pods() -> None:
    message = 'pods "api-1" is forbidden: exceeded quota: q, requested: cpu=2, used: cpu=0, limited: cpu=1'
    why = rollout.why(
        workload("Deployment", 1, {"type": "ReplicaFailure", "status": "True", "message": message}), [], []
    )
    assert why.code == "QuotaExceeded" and "limited: cpu=1" in why.reason and "ResourceQuota" in why.advice
    other = {"type": "ReplicaFailure", "status": "True", "message": "admission webhook denied"}
    assert rollout.why(workload("Deployment", 1, other), [], []).code == "FailedCreate"
    assert rollout.why(workload(), [], []).code == "NoPods"


def paused(revision: str = "", **status: Any) -> dict[str, Any]:
    found = workload()
    found["metadata"].update(namespace="demo", annotations={rollout.REVISION: revision} if revision else {})
    return {**found, "spec": {**found["spec"], "paused": True}, "status": {"observedGeneration": 2, **status}}


OLD_PODS = {"replicas": 1, "availableReplicas": 1}


@pytest.mark.parametrize(
    ("found", "held"),
    [
        (paused("1", **OLD_PODS), True),  # a newer version was described
        (paused("2", **{**OLD_PODS, "replicas": 2, "updatedReplicas": 1}), True),  # paused in the middle
        (paused(), True),  # paused from the beginning
        (paused("1"), False),  # scaled up from nothing, which goes on
        (paused("1", replicas=1, updatedReplicas=1), False),  # only to be waited for
        ({**paused("1", **OLD_PODS), "kind": "StatefulSet"}, False),
        ({**paused("1", **OLD_PODS), "spec": {"replicas": 1}}, False),
        ({**paused(), "metadata": {"name": "api", "generation": 3}}, False),  # no controller has looked yet
    ],
)
def test_when_a_deployment_waits_to_be_resumed(found: dict[str, Any], held: bool) -> None:
    why = rollout.why(found, [pod()], [])
    assert rollout.is_held(found) is held is (why.code == "Paused")
    if held:
        assert "kubectl rollout resume deployment api --namespace demo" in why.advice


class Cluster(FakeCluster):
    """Becomes ready with the given watch; C(watched) counts them."""

    def __init__(self, ready_after: int) -> None:
        state = {"waiting": {"reason": "ErrImagePull", "message": "denied"}}
        super().__init__(
            {
                DEPLOYMENT: workload(),
                "/api/v1/namespaces/demo/pods": {"items": [pod(state=state)]},
                "/api/v1/namespaces/demo/events": {"items": []},
            }
        )
        self.watched, self._after = 0, ready_after

    def watch(self, path: str, query: Mapping[str, Any], seconds: int) -> Iterator[tuple[str, dict[str, Any]]]:
        self.watched += 1
        assert query["fieldSelector"] == "metadata.name=api" and path == DEPLOYMENT.rpartition("/")[0]
        if self.watched == self._after:
            self.answers[DEPLOYMENT] = workload(**READY)
        yield "MODIFIED", {}


def run(
    monkeypatch: pytest.MonkeyPatch, cluster: FakeCluster, *, check: bool = False, **options: Any
) -> dict[str, Any]:
    monkeypatch.setattr(clusters, "Cluster", lambda given: cluster)
    defaults = {name: option.get("default") for name, option in kubernetes_rollout_info.SPEC.options.items()}
    params = {**defaults, "definitions": [MANIFEST], **options}
    return kubernetes_rollout_info.TASK.run(Context(params, check_mode=check))


def test_it_waits_with_the_changes_of_the_workload(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(3)
    result = run(monkeypatch, cluster)
    assert result["ready"] and cluster.watched == 3 and result["workloads"][0]["reason"] is None
    assert "/api/v1/namespaces/demo/pods" not in cluster.asked


def test_when_the_time_is_over_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, Cluster(0), wait_timeout=0)
    assert result["failed"] and result["error"]["code"] == "ImagePull"
    assert result["msg"].startswith("Deployment demo/api has 0 of 1 pods available: pod api-1: image r/api:1 can't")
    assert "To do: mend the name or tag of the image" in result["msg"]


def test_nobody_waits_for_a_deployment_that_is_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(0)
    cluster.answers[DEPLOYMENT] = paused("1", **OLD_PODS)
    result = run(monkeypatch, cluster, wait_timeout=1)
    assert cluster.watched == 0 and result["error"]["code"] == "Paused"
    assert result["msg"].startswith("Deployment demo/api has 1 of 1 pods available: it is paused, so that")
    # Others are waited for, so that what is told of them is how they end.
    other = {"kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"}}
    cluster.answers[DEPLOYMENT.replace("deployments/api", "deployments/web")] = workload(**READY)
    assert [item["ready"] for item in run(monkeypatch, cluster, definitions=[MANIFEST, other])["workloads"]] == [
        False,
        True,
    ]


def test_a_look_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    for options in ({"wait": False}, {"check": True}):
        result = run(monkeypatch, Cluster(0), **options)  # type: ignore[arg-type]
        assert "failed" not in result and not result["ready"] and result["workloads"][0]["available"] == 0
    missing = run(monkeypatch, FakeCluster({}), wait=False)
    assert missing["workloads"][0]["reason"]["code"] == "NotFound"


def test_other_objects_are_left_out_and_a_refusal_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, FakeCluster({}), definitions=[{"kind": "Service", "metadata": {"name": "a"}}])["ready"]
    cluster = Cluster(0)
    cluster.refused[DEPLOYMENT] = 403
    assert run(monkeypatch, cluster)["error"]["code"] == "ClusterError"


def test_a_watch_that_is_refused_does_not_make_a_circle() -> None:
    times = iter(range(100))
    slept: list[float] = []

    class Refusing(Cluster):
        def watch(self, path: str, query: Mapping[str, Any], seconds: int) -> Iterator[tuple[str, dict[str, Any]]]:
            return iter(())

    waiter = Waiter(
        Refusing(0), [Named("Deployment", "demo", "api")], clock=lambda: next(times) / 10, sleep=slept.append
    )
    waiter.run(1.0)
    assert slept and set(slept) == {1.0}
