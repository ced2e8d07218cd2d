# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods on the virtual nodes: started, probed, refused, restarted, ended, their output read."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from integration.kubernetes.cluster import Cluster, Object, deployment, service


@pytest.fixture
def pods(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster; what a test has added is deleted after it."""
    before = {kind: {item["metadata"]["name"] for item in cluster.objects(kind)} for kind in KINDS}
    yield cluster
    for kind in KINDS:
        for item in cluster.objects(kind):
            if item["metadata"]["name"] not in before[kind]:
                cluster.delete(kind, item["metadata"]["name"])
    cluster.wait_all("Pod", lambda items: all(item["metadata"]["labels"]["app"] == "api" for item in items))


KINDS = ("Service", "Deployment", "Secret")


def pod_of(cluster: Cluster, app: str) -> Object:
    """The pod of a Deployment with one replica, as soon as there is one."""
    found = cluster.wait_all("Pod", lambda items: [item for item in items if item["metadata"]["labels"]["app"] == app])
    return next(item for item in found if item["metadata"]["labels"]["app"] == app)


def waiting(reason: str) -> object:
    """A condition: the first container waits for this reason."""

    def check(item: Object) -> bool:
        statuses = item["status"].get("containerStatuses") or [{}]
        return bool(statuses[0].get("state", {}).get("waiting", {}).get("reason") == reason)

    return check


def ready(item: Object) -> bool:
    """Whether a pod is Ready."""
    conditions = item["status"].get("conditions") or []
    return any(entry["type"] == "Ready" and entry["status"] == "True" for entry in conditions)


def test_a_pod_is_ready_soon_after_it_was_applied(pods: Cluster) -> None:
    began = time.monotonic()
    pods.apply(deployment("quick", "nginx"))
    found = pods.wait("Pod", pod_of(pods, "quick")["metadata"]["name"], ready)
    assert time.monotonic() - began < 10
    status = found["status"]
    assert status["phase"] == "Running"
    assert status["podIP"].startswith("10.244.")
    assert status["containerStatuses"][0]["started"] is True
    assert pods.call(f"http://{status['podIP']}/").status_code == 200


def test_an_unknown_image_is_refused_as_a_registry_would(pods: Cluster) -> None:
    pods.apply(deployment("unknown", "nobody/nothing:1.0"))
    name = pod_of(pods, "unknown")["metadata"]["name"]
    found = pods.wait("Pod", name, waiting("ErrImagePull"))
    assert "docker.io/nobody/nothing:1.0" in found["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
    found = pods.wait("Pod", name, waiting("ImagePullBackOff"))
    assert found["status"]["phase"] == "Pending"
    assert pods.event(name, "BackOff")["message"] == 'Back-off pulling image "nobody/nothing:1.0"'
    pods.apply(deployment("unknown", "nginx"))
    pods.wait("Deployment", "unknown", lambda item: item["status"].get("readyReplicas") == 1)


def test_a_missing_secret_is_told_and_its_creation_starts_the_pod(pods: Cluster) -> None:
    reference = {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "late", "key": "key"}}}
    pods.apply(deployment("secretive", "ealen/echo-server", env=[reference]))
    name = pod_of(pods, "secretive")["metadata"]["name"]
    found = pods.wait("Pod", name, waiting("CreateContainerConfigError"))
    message = found["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
    assert message == 'secret "late" not found'
    assert pods.event(name, "Failed")["message"] == 'Error: secret "late" not found'
    pods.apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "late"}, "stringData": {"key": "x"}})
    pods.wait("Pod", name, ready)


def test_a_container_that_crashes_is_started_again_and_again(pods: Cluster) -> None:
    pods.apply(deployment("crashing", "nginx", env=[{"name": "INNERGATE_EXIT", "value": "3"}]))
    name = pod_of(pods, "crashing")["metadata"]["name"]
    found = pods.wait("Pod", name, waiting("CrashLoopBackOff"))
    status = found["status"]["containerStatuses"][0]
    assert status["restartCount"] == 1
    assert status["lastState"]["terminated"]["exitCode"] == 3
    assert status["state"]["waiting"]["message"].startswith("back-off 10s restarting failed container=crashing pod=")
    assert pods.event(name, "BackOff", words="Back-off restarting failed container crashing")


def test_a_pod_that_is_not_ready_gets_no_traffic(pods: Cluster) -> None:
    probe = {"httpGet": {"path": "/?status=503", "port": 80}, "periodSeconds": 1, "failureThreshold": 1}
    pods.apply(deployment("sick", "ealen/echo-server", readinessProbe=probe))
    pods.apply(service("sick", app="sick", port=80, target=80, type="ClusterIP"))
    name = pod_of(pods, "sick")["metadata"]["name"]
    assert pods.event(name, "Unhealthy")["message"] == "Readiness probe failed: HTTP probe failed with statuscode: 503"
    address = pods.get("Service", "sick")["spec"]["clusterIP"]
    answer = pods.call(f"http://{address}/", retries=0)
    assert answer.status_code != 200
    assert "no ready endpoint" in answer.text
    probe["httpGet"] = {"path": "/healthz", "port": 80}
    pods.apply(deployment("sick", "ealen/echo-server", readinessProbe=probe))
    pods.wait("Deployment", "sick", lambda item: item["status"].get("readyReplicas") == 1)
    assert pods.call(f"http://{address}/").status_code == 200


def test_a_container_that_fails_its_liveness_probe_is_restarted(pods: Cluster) -> None:
    probe = {"httpGet": {"path": "/?status=500", "port": 80}, "periodSeconds": 1, "failureThreshold": 1}
    pods.apply(deployment("hung", "ealen/echo-server", livenessProbe=probe))
    name = pod_of(pods, "hung")["metadata"]["name"]
    found = pods.wait("Pod", name, lambda item: item["status"]["containerStatuses"][0]["restartCount"] > 0)
    assert found["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"] == 143
    killed = pods.event(name, "Killing")["message"]
    assert killed == "Container hung failed liveness probe, will be restarted"


def test_output_is_read_through_the_api_server(pods: Cluster) -> None:
    pods.apply(deployment("talkative", "ealen/echo-server"))
    found = pods.wait("Pod", pod_of(pods, "talkative")["metadata"]["name"], ready)
    pods.call(f"http://{found['status']['podIP']}/said?subscription-key=secret")
    text = pods.request("GET", f"{pods.path('Pod', found['metadata']['name'])}/log")
    assert "GET /said 200" in text
    assert "secret" not in text


def test_the_api_server_reaches_pods_and_services(pods: Cluster) -> None:
    pods.apply(service("proxied", type="ClusterIP"))
    path = f"{pods.path('Service', 'proxied:8080')}/proxy/random"
    pods.call("http://proxied:8080/random")  # as soon as it has endpoints
    assert 0 <= pods.request("GET", path) < 1000


def test_a_deleted_pod_ends_and_another_takes_its_place(pods: Cluster) -> None:
    pods.apply(deployment("mortal", "nginx"))
    first = pods.wait("Pod", pod_of(pods, "mortal")["metadata"]["name"], ready)
    began = time.monotonic()
    pods.delete("Pod", first["metadata"]["name"])
    assert time.monotonic() - began < 15  # not the grace period of half a minute
    second = pods.wait("Pod", pod_of(pods, "mortal")["metadata"]["name"], ready)
    assert second["metadata"]["uid"] != first["metadata"]["uid"]
    assert pods.event(first["metadata"]["name"], "Killing")["message"] == "Stopping container mortal"
