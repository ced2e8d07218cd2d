# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in a namespace: all kinds, without what the cluster keeps there by itself."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contents import Contents
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import Named
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.modules import kubernetes_namespace_contents_info
from support.fake_cluster import FakeCluster
from support.returned import broken


def item(name: str, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **metadata}}


def kind(name: str, *, verbs: tuple[str, ...] = ("get", "list"), namespaced: bool = True) -> dict[str, Any]:
    return {"name": name, "kind": name.title(), "namespaced": namespaced, "verbs": list(verbs)}


def by(kind: str, name: str, uid: str = "u", version: str = "rbac/v1") -> dict[str, Any]:
    return {"ownerReferences": [{"apiVersion": version, "kind": kind, "name": name, "uid": uid}]}


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
                "items": [
                    item("owned", **by("Deployments", "api", version="apps/v1")),
                    item("gone", deletionTimestamp="now"),
                    item("bare"),
                ],
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


def test_what_is_owned_by_something_outside_of_the_namespace_that_stays_counts(cluster: FakeCluster) -> None:
    cluster.answers["/apis"]["groups"].append({"name": "rbac", "preferredVersion": {"groupVersion": "rbac/v1"}})
    cluster.answers["/apis/rbac/v1"] = {"resources": [kind("roles", namespaced=False), kind("bindings")]}
    roles = {"theirs": "u", "another": "v", "mine": "u", "going": "u"}
    for name, uid in roles.items():
        cluster.answers[f"/apis/rbac/v1/roles/{name}"] = {"metadata": {"name": name, "uid": uid}}
    cluster.answers["/apis/rbac/v1/roles/going"]["metadata"]["deletionTimestamp"] = "now"
    cluster.answers["/api/v1/namespaces/demo"]["metadata"]["uid"] = "home"
    both = {
        "ownerReferences": [
            *by("Pods", "bare", version="v1")["ownerReferences"],
            *by("Roles", "theirs")["ownerReferences"],
        ]
    }
    pods = [
        item("of-theirs", **by("Roles", "theirs")),
        item("of-theirs-too", **by("Roles", "theirs", version="rbac/v1beta1")),
        item("of-both", **both),
        item("of-an-earlier", **by("Roles", "another")),
        item("of-gone", **by("Roles", "gone")),
        item("of-going", **by("Roles", "going")),
        item("of-mine", **by("Roles", "mine")),
        item("of-home", **by("Namespaces", "demo", "home", version="v1")),
        item("of-a-neighbour", **by("Bindings", "there")),
        item("of-nothing", **by("Unknown", "x", version="nobody/v1")),
    ]
    cluster.answers["/api/v1/namespaces/demo/pods"]["items"] = pods
    found = Contents(cluster, [Named("rbac/v1", "Roles", "mine")]).namespace("demo", ["pods"])
    stay = ["Pod/of-both", "Pod/of-nothing", "Pod/of-theirs", "Pod/of-theirs-too"]
    assert found["objects"] == stay and not found["empty"]
    # Each owner outside is asked for once, and no other; kinds are known.
    cluster.asked.clear()
    everything = Contents(cluster).namespace("demo", None)
    assert [name for name in everything["objects"] if name.startswith("Pod/")] == sorted([*stay, "Pod/of-mine"])
    owners = [path for path in cluster.asked if "/roles/" in path or path.endswith(("/there", "/bare"))]
    assert sorted(owners) == [
        f"/apis/rbac/v1/roles/{name}" for name in ("another", "going", "gone", "mine", "theirs", "theirs")
    ]
    assert cluster.asked.count("/apis/rbac/v1") == 1 and "/api/v1/namespaces/kube-system" not in cluster.asked
    # Nobody can say of one that may not be seen that it will go.
    cluster.refused = {"/apis/rbac/v1/roles/gone": 403}
    assert "Pod/of-gone" in Contents(cluster).namespace("demo", None)["objects"]
    cluster.refused = {"/apis/rbac/v1/roles/gone": 503}
    assert "pods" in Contents(cluster).namespace("demo", None)["unseen"]


def test_a_kind_is_looked_at_though_its_group_prefers_a_version_without_it(cluster: FakeCluster) -> None:
    (group,) = (group for group in cluster.answers["/apis"]["groups"] if group["name"] == "example.com")
    group["versions"] = [{"groupVersion": f"example.com/{version}"} for version in ("v1", "v1alpha3")]
    cluster.answers["/apis/example.com/v1alpha3"] = {"resources": [kind("widgets"), kind("filters")]}
    cluster.answers["/apis/example.com/v1alpha3/namespaces/demo/filters"] = {"kind": "FilterList", "items": [item("f")]}
    assert {"Filter/f", "Widget/w"} <= set(Contents(cluster).namespace("demo", None)["objects"])
    assert not any("v1alpha3/namespaces/demo/widgets" in path for path in cluster.asked)


def definition(established: str = "True", *versions: dict[str, Any]) -> dict[str, Any]:
    """What the API server has of a kind that was added."""
    names = {"plural": "widgets", "kind": "Widget", "listKind": "Widgets"}
    spec = {"group": "example.com", "names": names, "versions": versions or [{"name": "v1", "served": True}]}
    return {"spec": spec, "status": {"conditions": [{"type": "Established", "status": established}]}}


def of_kind(body: dict[str, Any], *found: dict[str, Any]) -> dict[str, Any]:
    """The answers for a kind and its objects, of which the metadata are told."""
    return {
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com": body,
        "/apis/example.com/v1/widgets": {"kind": "Widgets", "items": [{"metadata": one} for one in found]},
    }


def owned(kind: str, name: str, uid: str = "u") -> dict[str, Any]:
    return {"ownerReferences": [{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": uid}]}


def test_objects_of_a_kind_are_those_that_nobody_removes() -> None:
    deployments = {"resources": [{**kind("deployments"), "kind": "Deployment"}]}
    at = "/apis/apps/v1/namespaces/a/deployments"
    spaced = {"namespace": "a"}
    answers = of_kind(
        definition(),
        {"name": "mine", "namespace": "demo"},
        {"name": "mine", **spaced},
        {"name": "everywhere"},
        {"name": "going", "deletionTimestamp": "now", **spaced},
        {"name": "of-theirs", **owned("Deployment", "theirs"), **spaced},
        {"name": "of-mine", **owned("Deployment", "mine"), **spaced},
        {"name": "of-going", **owned("Deployment", "going"), **spaced},
        {"name": "of-gone", **owned("Deployment", "gone"), **spaced},
        {"name": "of-an-earlier", **owned("Deployment", "theirs", "earlier"), **spaced},
    )
    answers |= {"/api/v1/namespaces/kube-system": {}, "/apis/apps/v1": deployments}
    answers |= {f"{at}/{name}": {"metadata": {"name": name, "uid": "u", **spaced}} for name in ("theirs", "mine")}
    answers[f"{at}/going"] = {"metadata": {"name": "going", "uid": "u", "deletionTimestamp": "now", **spaced}}
    mine = [Named("example.com/v2", "Widget", "mine", "demo"), Named("apps/v1", "Deployment", "mine", "a")]
    found = Contents(FakeCluster(answers), mine).of_kind("widgets.example.com")
    objects = ["Widget/everywhere", "a/Widget/mine", "a/Widget/of-theirs"]
    assert found == {"exists": True, "empty": False, "objects": objects, "unseen": []}


AT_KIND, AT_WIDGETS = of_kind({})
NOT_SERVED = definition("True", {"name": "v1", "served": False})


@pytest.mark.parametrize(
    ("answers", "refused", "exists", "unseen"),
    [
        ({}, {}, False, []),
        (of_kind(definition()), {}, True, []),
        (of_kind(definition("False")), {AT_WIDGETS: 404}, True, []),
        (of_kind(definition()), {AT_WIDGETS: 403}, True, ["example.com/v1/widgets"]),
        (of_kind(definition()), {AT_KIND: 403}, True, ["apiextensions.k8s.io/v1/customresourcedefinitions"]),
        (of_kind(NOT_SERVED), {}, True, ["widgets.example.com"]),
    ],
)
def test_a_kind_is_empty_only_if_that_can_be_seen(
    answers: dict[str, Any], refused: dict[str, int], exists: bool, unseen: list[str]
) -> None:
    cluster = FakeCluster(answers)
    cluster.refused = refused
    found = Contents(cluster).of_kind("widgets.example.com")
    assert (found["exists"], found["objects"], found["unseen"]) == (exists, [], unseen)
    assert found["empty"] is (exists and not unseen)
    cluster.refused = {AT_KIND: 0}
    with pytest.raises(ClusterError):
        Contents(cluster).of_kind("widgets.example.com")


def test_the_module_refuses_to_disregard_what_is_no_object() -> None:
    options = {"host": "https://127.0.0.1:1", "api_key": "x", "namespaces": ["demo"], "disregard": [{"kind": "Pod"}]}
    result = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert result["failed"] and result["msg"] == "disregard[0]: apiVersion is missing, metadata.name is missing"


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
    cluster.answers |= of_kind(definition(), {"name": "w"})
    options = {
        "namespaces": ["demo", "other"],
        "kinds": ["widgets.example.com"],
        "host": "https://127.0.0.1:1",
        "api_key": "one-of-nobody",
    }
    result = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert [found["exists"] for found in result["namespaces"].values()] == [True, False]
    assert result["kinds"]["widgets.example.com"]["objects"] == ["Widget/w"]
    assert broken("kubernetes_namespace_contents_info", result) == []
    cluster.refused = {AT_WIDGETS: 403}
    hidden = run_here(kubernetes_namespace_contents_info.TASK, options, name="kubernetes_namespace_contents_info")
    assert hidden["kinds"]["widgets.example.com"]["unseen"] == ["example.com/v1/widgets"]
    assert broken("kubernetes_namespace_contents_info", hidden) == []
