# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields pass from a client that has written them to one that applies them, and no other field does."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import Answer
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.takeover import BALANCER_FIELDS, patch
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules import kubernetes_takeover_plan
from support.fake_cluster import FakeCluster
from unit.plugins._kubernetes.api_rules import Server

FORMER = ["OpenAPI-Generator"]
PATH = "/api/v1/namespaces/demo/services/api"
DEFINITION = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "api", "namespace": "demo", "labels": {"app": "api"}, "annotations": {"x.io/mine": "1"}},
    "spec": {"type": "NodePort"},
}
METADATA = {
    "f:labels": {".": {}, "f:app": {}},
    "f:annotations": {".": {}, "f:x.io/mine": {}, "f:x.io/theirs": {}, f"{BALANCER_FIELDS}internal": {}},
    "f:finalizers": {".": {}, 'v:"x"': {}},
}
SPEC = {"f:type": {}, "f:externalTrafficPolicy": {}}


INSTALL = (
    "and no CustomResourceDefinition that brings it is described: describe that, too, or install what brings it before"
)

WAIT = "To do: wait until it is gone, and run the task again, which makes it anew"
TAKE_OUT = "take out what kubectl get has shown beside what is wanted"


def entry(**more: Any) -> dict[str, Any]:
    known = {"apiVersion": "v1", "fieldsType": "FieldsV1", "manager": FORMER[0], "operation": "Update", "time": "t"}
    return {**known, "fieldsV1": {"f:metadata": METADATA, "f:spec": SPEC}, **more}


def service(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "api", "namespace": "demo", "managedFields": list(entries)}}


def test_what_the_definition_is_about_is_taken_over_and_the_rest_is_left() -> None:
    others = entry(manager="kubectl-annotate")
    operations = patch(service(others, entry()), DEFINITION, "innergate", FORMER)
    assert [(item["op"], item["path"].rpartition("/")[2]) for item in operations] == [
        ("test", "manager"),
        ("test", "operation"),
        ("test", "fieldsV1"),
        ("replace", "1"),
        ("add", "-"),
    ]
    taken, left = operations[3]["value"], operations[4]["value"]
    assert taken == entry(
        manager="innergate",
        operation="Apply",
        fieldsV1={
            "f:spec": SPEC,
            "f:metadata": {
                "f:labels": METADATA["f:labels"],
                "f:annotations": {"f:x.io/mine": {}, f"{BALANCER_FIELDS}internal": {}},
            },
        },
    )
    assert left == entry(
        fieldsV1={
            "f:metadata": {
                "f:annotations": {".": {}, "f:x.io/theirs": {}},
                "f:finalizers": METADATA["f:finalizers"],
            }
        }
    )


def test_nothing_is_left_where_nothing_is_of_others() -> None:
    only = entry(fieldsV1={"f:spec": SPEC, "f:metadata": {"f:labels": METADATA["f:labels"]}})
    assert [item["op"] for item in patch(service(only), DEFINITION, "innergate", FORMER)] == ["test"] * 3 + ["replace"]


@pytest.mark.parametrize(
    "found",
    [
        service(),
        {"metadata": {"name": "api"}},
        service(entry(manager="kubectl-edit")),
        service(entry(subresource="scale")),
        service(entry(apiVersion="v2")),
        service(entry(operation="Apply")),
        service(entry(), entry(manager="innergate", operation="Apply")),
        service(entry(fieldsV1={"f:metadata": {"f:annotations": {"f:x.io/theirs": {}}}})),
    ],
)
def test_what_is_of_others_or_was_applied_before_is_not_taken_over(found: dict[str, Any]) -> None:
    assert patch(found, DEFINITION, "innergate", FORMER) == []


def run(
    monkeypatch: pytest.MonkeyPatch, cluster: FakeCluster, *definitions: Any, check_mode: bool = False, **more: Any
) -> dict[str, Any]:
    monkeypatch.setattr(clusters, "Cluster", lambda given: cluster)
    defaults = {name: option.get("default") for name, option in kubernetes_takeover_plan.SPEC.options.items()}
    return kubernetes_takeover_plan.TASK.run(
        Context({**defaults, "definitions": list(definitions), **more}, check_mode=check_mode)
    )


def test_only_objects_with_something_to_take_over_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    there = {"/api/v1": kinds, PATH: service(entry()), f"{PATH}2": service(), "/api/v1/namespaces/kube-system": {}}
    others = [{**DEFINITION, "metadata": {"name": name, "namespace": "demo"}} for name in ("api2", "missing")]
    result = run(monkeypatch, FakeCluster(there), *others, DEFINITION)
    assert [{**item, "patch": len(item["patch"])} for item in result["objects"]] == [
        {
            "api_version": "v1",
            "kind": "Service",
            "name": "api",
            "namespace": "demo",
            "patch": 5,
            "contradicts": False,
            "rehearsal": [],
            "index": 2,
        }
    ]
    # The first two: one that is there, and would change nothing, and one that is not.
    assert result["pending"] == [1, 2]
    assert not result["changed"]


@pytest.mark.parametrize(
    ("spec", "status", "contradicts"),
    [
        ({"ports": [{"port": 80}]}, 0, True),
        ({"ports": [{"port": 80}], "old": True}, 0, False),
        ({"ports": [{"port": 80}]}, 403, False),
        ({"ports": [{"port": 80}]}, 422, False),
        ({"ports": [{"name": "http", "port": 8080}]}, 0, False),
    ],
)
def test_what_contradicts_a_definition_is_to_be_put_right_if_that_can_work(
    monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any], status: int, contradicts: bool
) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    found = {**service(), "apiVersion": "v1", "kind": "Service", "spec": spec}
    cluster = FakeCluster({"/api/v1": kinds, PATH: found, "/api/v1/namespaces/kube-system": {}})
    cluster.refused = {f"{PATH} innergate": 422} | ({f"{PATH} patch": status} if status else {})
    cluster.causes = [{"field": "spec.ports[0].name", "reason": "FieldValueRequired", "message": "no"}]
    cluster.patching = Server(found).ask
    # Nobody could make such a Service any more.
    cluster.creating = lambda body: Answer(None, cluster.causes) if "old" in body["spec"] else Answer(body, [])
    definition = {**DEFINITION, "spec": {"ports": [{"name": "http", "port": 8080}]}}
    result = run(monkeypatch, cluster, definition)
    told = run(monkeypatch, cluster, definition, check_mode=True)
    assert [item["contradicts"] for item in result["objects"]] == [True] * contradicts
    # What can't be put right is applied all the same, and refused with the API server's reason.
    assert result["pending"] == [0] and result["applied"] == []
    assert [item["patch"][-1]["path"] for item in result["objects"]] == ["/metadata/managedFields"] * contradicts
    # What it becomes is told only where that is needed.
    assert [item["rehearsal"] for item in result["objects"]] == [[]] * contradicts
    assert [item["rehearsal"][-1] for item in told["objects"]] == (
        [{"op": "replace", "path": "/spec", "value": definition["spec"]}] if contradicts else []
    )


def test_what_makes_a_public_service_private_is_to_be_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    notes = {f"{BALANCER_FIELDS.removeprefix('f:')}internal": "true"}
    found = {**service(), "apiVersion": "v1", "kind": "Service", "spec": {}}
    found["metadata"]["annotations"] = notes
    cluster = FakeCluster({"/api/v1": kinds, PATH: found, "/api/v1/namespaces/kube-system": {}})
    # Nothing else would change: the API server takes it.
    assert run(monkeypatch, cluster, DEFINITION, exposures=["internal"])["applied"]
    result = run(monkeypatch, cluster, DEFINITION, exposures=["public"])
    (planned,) = result["objects"]
    assert planned["contradicts"] and planned["patch"] and planned["rehearsal"] == []
    assert (result["applied"], result["pending"]) == ([], [0])
    (told,) = run(monkeypatch, cluster, DEFINITION, exposures=["public"], check_mode=True)["objects"]
    path = "/metadata/annotations/service.beta.kubernetes.io~1azure-load-balancer-internal"
    assert told["rehearsal"][-1] == {"op": "remove", "path": path}


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"metadata": {"finalizers": ["x.io/y", "foregroundDeletion"], "deletionGracePeriodSeconds": 0}},
            (
                f"2026-01-31 12:00:00 UTC, and held by these finalizers: x.io/y, foregroundDeletion. {WAIT}; if it "
                "stays, what has set these finalizers does not work: see to that, or remove them."
            ),
        ),
        (
            {"metadata": {"deletionGracePeriodSeconds": 30}},
            f"2026-01-31 11:59:30 UTC. {WAIT}.",
        ),
        (
            {
                "kind": "Namespace",
                "spec": {"finalizers": ["kubernetes"]},
                "status": {
                    "conditions": [
                        {"status": "False", "message": "All is well"},
                        {"status": "True", "message": "Some content has finalizers remaining: x.io/y in 1 instance"},
                    ]
                },
            },
            (
                "2026-01-31 12:00:00 UTC, and held by the finalizer: kubernetes. Some content has finalizers "
                f"remaining: x.io/y in 1 instance. {WAIT}."
            ),
        ),
    ],
)
def test_an_object_that_is_being_deleted_is_refused(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], told: str, check_mode: bool
) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    metadata = {"name": "api", "namespace": "demo", "deletionTimestamp": "2026-01-31T12:00:00Z"}
    found = {"kind": "Service", **more, "metadata": {**metadata, **more.get("metadata", {})}}
    cluster = FakeCluster({"/api/v1": kinds, PATH: found, "/api/v1/namespaces/kube-system": {}})
    missing = {**DEFINITION, "metadata": {"name": "missing", "namespace": "demo"}}
    result = run(monkeypatch, cluster, DEFINITION, missing, check_mode=check_mode)
    assert result["error"]["code"] == "BeingDeleted" and result["error"]["target"] == "demo/Service/api"
    assert result["msg"] == f"{found['kind']} demo/api is being deleted, since {told}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"metadata": {"name": "api", "uid": "u", "resourceVersion": "1", "creationTimestamp": None}},
            "metadata.resourceVersion, metadata.uid can't be described, for the API server alone writes them: "
            + TAKE_OUT,
        ),
        (
            {"metadata": {"name": "api", "managedFields": []}},
            f"metadata.managedFields can't be described, for the API server alone writes it: {TAKE_OUT}",
        ),
        (
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "ClusterRole",
                "aggregationRule": {},
                "rules": [{"verbs": ["get"]}],
            },
            (
                "the cluster overwrites rules beside aggregationRule: leave rules out, and describe them in another "
                "ClusterRole with labels that aggregationRule selects"
            ),
        ),
        ({"metadata": {"name": "api", "uid": "", "resourceVersion": None, "generation": 3}, "status": {}}, ""),
        ({"kind": "ClusterRole", "aggregationRule": {}, "rules": [{}]}, ""),
    ],
)
def test_what_can_not_be_applied_or_not_again_is_refused(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], told: str
) -> None:
    roles = {"resources": [{"kind": "ClusterRole", "name": "clusterroles", "namespaced": False}]}
    kinds = {"resources": [{"kind": kind, "name": "x", "namespaced": True} for kind in ("Service", "ClusterRole")]}
    cluster = FakeCluster({"/api/v1": kinds, "/apis/rbac.authorization.k8s.io/v1": roles})
    result = run(monkeypatch, cluster, {**DEFINITION, **more}, titles=["manifests[0]"])
    assert result.get("msg") == (f"manifests[0]: {told}" if told else None)


def test_namespaces_that_are_missing_are_answered_with_objects_or_without(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    there = {"/api/v1": kinds, PATH: service(), "/api/v1/namespaces/kube-system": {}, "/api/v1/namespaces/demo": {}}
    for definitions in ([DEFINITION], []):
        cluster = FakeCluster(there)
        result = run(monkeypatch, cluster, *definitions, namespaces=["new", "demo", "new"])
        assert result["missing_namespaces"] == ["new"] and len(result["applied"]) == len(definitions)
        assert [path for path in cluster.asked if path.endswith(("/new", "/demo"))] == [
            "/api/v1/namespaces/new",
            "/api/v1/namespaces/demo",
        ]
    cluster.refused["/api/v1/namespaces/new"] = 403
    refused = run(monkeypatch, cluster, namespaces=["new"])
    assert refused["error"]["code"] == "ClusterError" and refused["error"]["target"] == "new"


def test_objects_go_to_the_usual_namespace_unless_their_kind_is_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [("Service", "services", True), ("Namespace", "namespaces", False)]
    resources = [{"kind": kind, "name": name, "namespaced": namespaced} for kind, name, namespaced in kinds]
    there = {"/api/v1": {"resources": resources}, PATH: service(), "/api/v1/namespaces/kube-system": {}}
    unnamed = {**DEFINITION, "metadata": {"name": "api"}}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "namespace": "ignored"}}
    elsewhere = {**DEFINITION, "metadata": {"name": "api", "namespace": "other"}}
    cluster = FakeCluster(there)
    result = run(monkeypatch, cluster, unnamed, space, elsewhere, namespace="demo")
    demo, other = ({"metadata": {"namespace": name}} for name in ("demo", "other"))
    assert result["places"] == [demo, {}, other]
    assert result["pending"] == [1, 2] and result["missing_namespaces"] == ["other"]
    # Something was found in the other one.
    assert cluster.asked.count("/api/v1/namespaces/demo") == 1  # as an object
    # Who may not see a namespace may be one who may write there.
    cluster.refused["/api/v1/namespaces/other"] = 403
    assert run(monkeypatch, cluster, elsewhere)["missing_namespaces"] == []
    cluster.refused["/api/v1/namespaces/other"] = 500
    assert run(monkeypatch, cluster, elsewhere)["error"]["code"] == "ClusterError"


def test_a_namespace_that_is_described_and_missing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Namespace", "name": "namespaces", "namespaced": False}]}
    there = {"/api/v1": kinds, "/api/v1/namespaces/kube-system": {}, "/api/v1/namespaces/there": {}}
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("new", "there")]
    cluster = FakeCluster(there)
    found = run(monkeypatch, cluster, *spaces)
    assert (found["missing_namespaces"], found["cluster"]) == (["new"], "")
    assert "/api/v1/namespaces/kube-system" not in cluster.asked
    there["/api/v1/namespaces/kube-system"] = {"metadata": {"uid": "uid-1"}}
    assert run(monkeypatch, cluster, *spaces, check_mode=True)["cluster"] == "uid-1"
    assert run(monkeypatch, cluster, spaces[1], check_mode=True)["cluster"] == ""


def test_nothing_is_looked_for_in_a_namespace_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    cluster = FakeCluster({"/api/v1": kinds, "/api/v1/namespaces/kube-system": {}})
    result = run(monkeypatch, cluster, DEFINITION, namespaces=["demo"])
    assert result["pending"] == [0] and result["missing_namespaces"] == ["demo"] and PATH not in cluster.asked


def test_objects_that_applying_does_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    metadata = {"name": "api", "namespace": "demo", "resourceVersion": "4711", "uid": "u"}
    there = {"apiVersion": "v1", "kind": "Service", "metadata": metadata}
    cluster = FakeCluster({"/api/v1": kinds, PATH: there, "/api/v1/namespaces/kube-system": {}})
    named = {"name": "api", "namespace": "demo", "uid": "u", "resourceVersion": "4711"}
    result = run(monkeypatch, cluster, DEFINITION)
    assert result["pending"] == []
    assert result["applied"] == [{"apiVersion": "v1", "kind": "Service", "metadata": named}]
    assert cluster.asked[-2:] == [PATH, f"{PATH} innergate"]
    cluster.changing.add(PATH)
    changing = run(monkeypatch, cluster, DEFINITION)
    assert changing["applied"] == [] and changing["pending"] == [0]
    cluster.changing.clear()
    cluster.refused[f"{PATH} innergate"] = 403
    assert run(monkeypatch, cluster, DEFINITION)["applied"] == []
    cluster.refused[f"{PATH} innergate"] = 0
    assert run(monkeypatch, cluster, DEFINITION)["error"]["code"] == "ClusterError"


def test_who_has_fields_to_take_over_has_not_applied_them(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"resources": [{"kind": "Service", "name": "services", "namespaced": True}]}
    cluster = FakeCluster({"/api/v1": kinds, PATH: service(entry()), "/api/v1/namespaces/kube-system": {}})
    result = run(monkeypatch, cluster, DEFINITION)
    assert len(result["objects"]) == 1 and result["applied"] == [] and cluster.asked[-1] == PATH


def test_what_is_no_object_is_refused_and_no_object_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = FakeCluster({})
    nothing = run(monkeypatch, cluster)
    assert all(nothing[key] == [] for key in ("objects", "applied", "pending", "places", "missing_namespaces"))
    assert cluster.asked == []
    told = "definitions[0]: apiVersion is missing, metadata.name is missing"
    assert run(monkeypatch, cluster, {"kind": "Service"}, DEFINITION)["msg"] == told
    cluster.refused["/api/v1"] = 401
    assert run(monkeypatch, cluster, DEFINITION)["error"]["code"] == "ClusterError"


#: As API servers list the kinds that the tests are about (Kubernetes documentation: "API Concepts", discovery).
KINDS = {
    "resources": [
        {"kind": "Service", "name": "services", "singularName": "service", "shortNames": ["svc"], "namespaced": True},
        {"kind": "Service", "name": "services/status", "singularName": "", "namespaced": True},
        {"kind": "Secret", "name": "secrets", "singularName": "secret", "namespaced": True},
        {"kind": "Namespace", "name": "namespaces", "singularName": "namespace", "shortNames": ["ns"]},
    ]
}


@pytest.mark.parametrize(
    ("kind", "meant"),
    [("secret", "Secret"), ("secrets", "Secret"), ("SECRET", "Secret"), ("svc", "Service"), ("ns", "Namespace")],
)
def test_a_kind_that_the_cluster_writes_otherwise_is_refused(
    monkeypatch: pytest.MonkeyPatch, kind: str, meant: str
) -> None:
    """kubernetes.core would find it, and nobody else would find what it has applied."""
    cluster = FakeCluster({"/api/v1": KINDS, "/api/v1/namespaces/kube-system": {}})
    other = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, "stringData": {"p": "hunter2"}}
    result = run(monkeypatch, cluster, DEFINITION, other, titles=["service api", "aks_services_manifests[0]"])
    assert result["failed"] and result["error"]["code"] == "InvalidOptions"
    assert result["msg"] == f"aks_services_manifests[0]: {kind} is no kind of v1; did you mean {meant}?"
    assert "hunter2" not in str(result)


def test_an_object_is_described_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = FakeCluster({"/api/v1": KINDS, "/api/v1/namespaces/kube-system": {}})
    same = {**DEFINITION, "metadata": {"name": "api"}}
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "namespace": n}} for n in "ab"]
    result = run(monkeypatch, cluster, DEFINITION, same, *spaces, namespace="demo", titles=["service api"])
    advice = "describe it in one place only, or each undoes what the other makes"
    assert result["msg"].split("; ") == [
        f"service api and definitions[1] describe the same object, Service demo/api: {advice}",
        f"definitions[2] and definitions[3] describe the same object, Namespace x: {advice}",
    ]
    assert "failed" not in run(monkeypatch, cluster, DEFINITION, same, namespace="other")


def listed(*kinds: str) -> dict[str, Any]:
    """Kinds as discovery answers them."""
    return {"resources": [{"kind": kind, "name": f"{kind.lower()}s", "namespaced": True} for kind in kinds]}


#: What discovery answers of a cluster with an aggregated server that is down, or does not tell everybody.
DISCOVERY = {
    "/api/v1": listed("ConfigMap", "Secret", "Service"),
    "/apis": {
        "groups": [
            {"name": group, "preferredVersion": {"groupVersion": f"{group}/{version}"}}
            for group, version in (("metrics.k8s.io", "v1beta1"), ("apps", "v1"), ("example.org", "v2"))
        ]
    },
    "/apis/apps/v1": listed("Deployment"),
    "/apis/example.org/v2": listed("Widget", "Secret"),
}


@pytest.mark.parametrize(
    ("version", "kind", "told"),
    [
        ("v1", "ConfigMapp", "ConfigMapp is no kind of v1; did you mean ConfigMap?"),
        ("v1", "Deployment", "Deployment is no kind of v1; did you mean Deployment of apps/v1?"),
        ("core/v1", "configmaps", "the cluster does not serve core/v1; did you mean ConfigMap of v1?"),
        ("apps/v1beta1", "Deployment", "the cluster does not serve apps/v1beta1; did you mean Deployment of apps/v1?"),
        ("example.org/v1", "Secret", "the cluster does not serve example.org/v1; did you mean Secret of v1?"),
        (
            "example.org/v1",
            "Gadget",
            "the cluster does not serve example.org/v1; did you mean Gadget of example.org/v3?",
        ),
        ("v1", "Something", f"Something is no kind of v1, {INSTALL}"),
        ("example.net/v1", "Thing", f"the cluster does not serve example.net/v1, {INSTALL}"),
    ],
)
def test_a_kind_that_the_cluster_does_not_serve_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: str, kind: str, told: str
) -> None:
    cluster = FakeCluster({**DISCOVERY, "/apis/apiextensions.k8s.io/v1": listed("CustomResourceDefinition")})
    cluster.refused = {"/apis/metrics.k8s.io/v1beta1": 503}
    names = {"kind": "Gadget", "plural": "gadgets"}
    spec = {"group": "example.org", "scope": "Namespaced", "names": names, "versions": [{"name": "v3"}]}
    gadgets = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": spec}
    wrong = {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "data": {"p": "hunter2"}}
    result = run(monkeypatch, cluster, {**gadgets, "metadata": {"name": "g"}}, wrong)
    assert result["error"]["code"] == "InvalidOptions" and "hunter2" not in str(result)
    assert result["msg"] == f"definitions[1]: {told}"
    # Who may not ask what there is gets no advice, and is not told anything else.
    cluster.refused["/apis"] = 403
    assert run(monkeypatch, cluster, wrong)["msg"].startswith(
        f"definitions[0]: {told.partition(';')[0].partition(',')[0]}"
    )


def test_where_nobody_may_ask_what_kinds_there_are_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = FakeCluster({})
    cluster.refused = {"/apis/example.org/v1": 403, "/apis/rbac.authorization.k8s.io/v1": 403}
    objects = [("example.org/v1", "Widget"), ("rbac.authorization.k8s.io/v1", "ClusterRole")]
    given = [{"apiVersion": version, "kind": kind, "metadata": {"name": "x"}} for version, kind in objects]
    result = run(monkeypatch, cluster, *given, namespace="demo")
    assert result["pending"] == [0, 1] and result["unserved"] == []
    assert result["places"] == [{"metadata": {"namespace": "demo"}}, {}]
    cluster.refused["/apis/example.org/v1"] = 500
    assert run(monkeypatch, cluster, *given)["error"]["code"] == "ClusterError"
