# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in a namespace: all kinds, without what the cluster keeps there by itself."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contents import Contents
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import Named
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.modules import kubernetes_namespace_contents_info
from support.fake_cluster import FakeCluster
from support.returned import broken


def item(name: str, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **metadata}}


def kind(name: str, *, verbs: tuple[str, ...] = ("get", "list"), namespaced: bool = True) -> dict[str, Any]:
    return {"name": name, "namespaced": namespaced, "verbs": list(verbs)}


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster(
        {
            "/api/v1/namespaces/demo": {"metadata": {"labels": {"app.kubernetes.io/managed-by": "innergate"}}},
            "/api/v1": {
                "resources": [
                    kind("namespaces", namespaced=False),
                    kind("configmaps"),
                    kind("pods"),
                    kind("pods/log", verbs=("get",)),
                    kind("bindings", verbs=("create",)),
                    kind("events"),
                    kind("endpoints"),
                ]
            },
            "/apis": {
                "groups": [
                    {"name": name, "preferredVersion": {"groupVersion": f"{name}/v1"}}
                    for name in ("apps", "metrics.k8s.io", "example.com")
                ]
            },
            "/apis/apps/v1": {"resources": [kind("deployments")]},
            "/apis/example.com/v1": {"resources": [kind("widgets")]},
            "/api/v1/namespaces/demo/configmaps": {
                "kind": "ConfigMapList",
                "items": [item("kube-root-ca.crt"), item("settings")],
                "metadata": {"continue": "token"},
            },
            "/api/v1/namespaces/demo/configmaps token": {"kind": "ConfigMapList", "items": [item("more")]},
            "/api/v1/namespaces/demo/pods": {
                "kind": "PodList",
                "items": [item("owned", ownerReferences=[{}]), item("gone", deletionTimestamp="now"), item("bare")],
            },
            "/apis/apps/v1/namespaces/demo/deployments": {"kind": "DeploymentList", "items": [item("api")]},
            "/apis/example.com/v1/namespaces/demo/widgets": {"kind": "WidgetList", "items": [item("w")]},
        }
    )


def test_every_kind_is_looked_at_and_what_belongs_to_the_cluster_left_out(cluster: FakeCluster) -> None:
    found = Contents(cluster).namespace("demo", None)
    assert found == {
        "exists": True,
        "empty": False,
        "labels": {"app.kubernetes.io/managed-by": "innergate"},
        "objects": ["ConfigMap/more", "ConfigMap/settings", "Deployment/api", "Pod/bare", "Widget/w"],
        "unseen": [],
    }
    assert not any("events" in path or "endpoints" in path or "metrics" in path for path in cluster.asked)


def test_what_is_disregarded_does_not_count(cluster: FakeCluster) -> None:
    others = [Named("v1", "Pod", "bare", "elsewhere"), Named("example.com/v1", "Deployment", "api", "demo")]
    everything = Contents(cluster).namespace("demo", None)
    assert Contents(cluster, others).namespace("demo", None) == everything
    own = [
        Named("v1", "ConfigMap", "settings", "demo"),
        Named("v1", "ConfigMap", "more", "demo"),
        Named("apps/v1beta1", "Deployment", "api", "demo"),
        Named("v1", "Pod", "bare", "demo"),
    ]
    assert Contents(cluster, own).namespace("demo", None)["objects"] == ["Widget/w"]
    left = Contents(cluster, [*own, Named("example.com/v1", "Widget", "w", "demo")]).namespace("demo", None)
    assert (left["objects"], left["empty"]) == ([], True)


def test_the_module_refuses_to_disregard_what_is_no_object() -> None:
    options = {"host": "https://127.0.0.1:1", "api_key": "x", "namespaces": ["demo"], "disregard": [{"kind": "Pod"}]}
    result = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert result["failed"] and result["msg"].startswith("disregard: an object needs apiVersion, kind")


def test_only_the_kinds_named(cluster: FakeCluster) -> None:
    found = Contents(cluster).namespace("demo", ["apps/v1/deployments"])
    assert found["objects"] == ["Deployment/api"]
    assert cluster.asked == ["/api/v1/namespaces/demo", "/apis/apps/v1/namespaces/demo/deployments"]


def test_no_kind_tells_only_whether_the_namespace_exists(cluster: FakeCluster) -> None:
    contents = Contents(cluster)
    nothing, missing = contents.namespace("demo", []), contents.namespace("other", None)
    assert (nothing["exists"], nothing["empty"]) == (True, True)
    assert (missing["exists"], missing["empty"]) == (False, False)
    assert cluster.asked == ["/api/v1/namespaces/demo", "/api/v1/namespaces/other"]


def test_what_may_not_be_seen_is_named(cluster: FakeCluster) -> None:
    cluster.refused = {"/apis/example.com/v1": 503, "/api/v1/namespaces/demo/pods": 403}
    found = Contents(cluster).namespace("demo", None)
    assert found["unseen"] == ["pods", "example.com/v1/*"]
    assert "Deployment/api" in found["objects"]


@pytest.mark.parametrize("path", ["/api/v1/namespaces/demo", "/apis", "/api/v1/namespaces/demo/pods"])
def test_a_cluster_that_does_not_answer_is_an_error(cluster: FakeCluster, path: str) -> None:
    cluster.refused = {path: 0}
    with pytest.raises(ClusterError):
        Contents(cluster).namespace("demo", None)


def test_the_module_says_which_cluster_does_not_answer() -> None:
    options = {"host": "https://127.0.0.1:1", "api_key": "x", "namespaces": ["demo"]}
    result = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert result["failed"] and "127.0.0.1:1 can't be reached" in result["msg"]
    assert result["error"]["target"] == "demo"


def test_the_module_returns_what_it_promises(cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.refused = {"/apis/example.com/v1": 503}
    monkeypatch.setattr(clusters, "Cluster", lambda settings: cluster)
    options = {"namespaces": ["demo", "other"], "host": "https://127.0.0.1:1", "api_key": "x"}
    result = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert [found["exists"] for found in result["namespaces"].values()] == [True, False]
    assert broken("kubernetes_namespace_contents_info", result) == []
