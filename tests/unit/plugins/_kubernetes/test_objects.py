# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which objects exist, under identifiers that name their cluster."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import (
    Objects,
    from_definition,
    from_id,
)
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.modules import kubernetes_objects_info
from support.fake_cluster import FakeCluster
from support.returned import broken


def kind(name: str, plural: str, *, namespaced: bool = True) -> dict[str, Any]:
    return {"kind": name, "name": plural, "namespaced": namespaced}


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster(
        {
            "/api/v1/namespaces/kube-system": {"metadata": {"uid": "uid-1"}},
            "/api/v1": {
                "resources": [
                    kind("Namespace", "namespaces", namespaced=False),
                    kind("Namespace", "namespaces/status", namespaced=False),
                    kind("Secret", "secrets"),
                ]
            },
            "/apis/apps/v1": {"resources": [kind("Deployment", "deployments"), kind("Scale", "deployments/scale")]},
            "/api/v1/namespaces/demo": {"metadata": {}},
            "/api/v1/namespaces/demo/secrets/web": {"metadata": {"uid": "uid-of-web"}, "data": {"key": "c2VjcmV0"}},
            "/api/v1/namespaces/default/secrets/there": {},
            "/apis/apps/v1/namespaces/demo/deployments/api": {},
        }
    )


def manifest(version: str, kind: str, name: str, namespace: str = "") -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


@pytest.mark.parametrize(
    ("definition", "identifier", "exists"),
    [
        (manifest("v1", "Namespace", "demo"), "uid-1//v1/Namespace/demo", True),
        (manifest("v1", "Namespace", "demo", "ignored"), "uid-1//v1/Namespace/demo", True),
        (manifest("v1", "Secret", "web", "demo"), "uid-1/demo/v1/Secret/web", True),
        (manifest("v1", "Secret", "there"), "uid-1/default/v1/Secret/there", True),
        (manifest("v1", "Secret", "other", "demo"), "uid-1/demo/v1/Secret/other", False),
        (manifest("apps/v1", "Deployment", "api", "demo"), "uid-1/demo/apps/v1/Deployment/api", True),
        (manifest("example.com/v1", "Widget", "w", "demo"), "uid-1/demo/example.com/v1/Widget/w", False),
    ],
)
def test_an_object_by_its_manifest_and_again_by_its_id(
    cluster: FakeCluster, definition: dict[str, Any], identifier: str, exists: bool
) -> None:
    objects = Objects(cluster)
    found = objects.look(from_definition(definition))
    assert (found["id"], found["exists"], found["elsewhere"]) == (identifier, exists, False)
    assert found["uid"] == ("uid-of-web" if definition["metadata"]["name"] == "web" else "")
    assert objects.look(from_id(identifier)) == found


def test_kinds_are_asked_for_once(cluster: FakeCluster) -> None:
    objects = Objects(cluster)
    for name in ("web", "other"):
        objects.look(from_definition(manifest("v1", "Secret", name, "demo")))
    assert cluster.asked.count("/api/v1") == 1


def test_what_another_cluster_has_is_not_looked_for(cluster: FakeCluster) -> None:
    found = Objects(cluster).look(from_id("uid-2/demo/v1/Secret/web"))
    assert found["elsewhere"] and not found["exists"] and found["id"] == "uid-2/demo/v1/Secret/web"
    assert cluster.asked == ["/api/v1/namespaces/kube-system"]


def test_who_may_not_see_the_system_tells_clusters_apart_by_their_address(cluster: FakeCluster) -> None:
    cluster.refused = {"/api/v1/namespaces/kube-system": 403}
    first = Objects(cluster).fingerprint.text
    cluster.host = "https://another"
    assert first and "/" not in first and Objects(cluster).fingerprint.text != first


def test_a_cluster_is_known_by_its_address_too_and_may_have_another_one(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.refused = {"/api/v1/namespaces/kube-system": 403}
    restricted = Objects(cluster)
    mine = restricted.look(from_definition(manifest("v1", "Secret", "web", "demo")))["id"]
    assert restricted.look(from_id("uid-1/demo/v1/Secret/web"))["elsewhere"]  # perhaps
    cluster.refused = {}
    found = Objects(cluster).look(from_id(mine))
    assert found["exists"] and not found["elsewhere"] and found["id"] == mine
    cluster.host = "https://another"
    monkeypatch.setattr(clusters, "Cluster", lambda settings: cluster)
    warned: list[str] = []
    ids = [mine, "uid-2/demo/v1/Secret/web", "uid-1/demo/v1/Secret/web"]
    context = Context({"definitions": [], "ids": ids}, warn=warned.append)
    answer = kubernetes_objects_info.TASK.run(context)
    assert [found["elsewhere"] for found in answer["objects"]] == [True, True, False]
    assert warned[0].endswith(f"in another cluster than https://another: {ids[1]}")
    assert warned[1].startswith("whether these objects are in the cluster https://another can't be told")
    assert warned[1].endswith(f"kube-system: {mine}") and len(warned) == 2


@pytest.mark.parametrize("path", ["/api/v1/namespaces/kube-system", "/api/v1", "/api/v1/namespaces/demo/secrets/web"])
@pytest.mark.parametrize("status", [0, 401, 500])
def test_only_404_means_absent(cluster: FakeCluster, path: str, status: int) -> None:
    cluster.refused = {path: status}
    with pytest.raises(ClusterError):
        Objects(cluster).look(from_id("uid-1/demo/v1/Secret/web"))


@pytest.mark.parametrize("text", ["", "web", "a/b/c/d", "c/ns/v1/Secret/", "/ns/v1/Secret/web", "c/n/a/b/c/K/x"])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cluster/namespace/apiVersion/kind/name"):
        from_id(text)


@pytest.mark.parametrize("options", [{"definitions": [{"kind": "Secret"}]}, {"ids": ["web"]}])
def test_the_module_refuses_what_names_no_object(options: dict[str, Any]) -> None:
    result = run_here(kubernetes_objects_info.TASK, options, name="kubernetes_objects_info")
    assert result["failed"] and next(iter(options)) in result["msg"]


def test_the_module_says_which_cluster_does_not_answer() -> None:
    options = {"host": "https://127.0.0.1:1", "api_key": "x", "ids": ["c/demo/v1/Secret/web"]}
    result = run_here(kubernetes_objects_info.TASK, options, name="kubernetes_objects_info")
    assert result["failed"] and "127.0.0.1:1 can't be reached" in result["msg"]
    assert result["error"]["target"] == "demo/Secret/web"


def test_without_objects_no_cluster_is_asked() -> None:
    options = {"host": "https://127.0.0.1:1", "api_key": "x"}
    assert run_here(kubernetes_objects_info.TASK, options, name="kubernetes_objects_info")["objects"] == []


def test_the_module_returns_what_it_promises(cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "Cluster", lambda settings: cluster)
    options = {"ids": ["uid-1/demo/v1/Secret/web"], "host": "https://127.0.0.1:1", "api_key": "x"}
    result = run_here(kubernetes_objects_info.TASK, options, name="kubernetes_objects_info")
    (found,) = result["objects"]
    assert found["exists"] and found["definition"] == manifest("v1", "Secret", "web", "demo")
    assert broken("kubernetes_objects_info", result) == []
