# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that manifests define, before and after the cluster serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import definitions, kinds
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import Objects, from_definition
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.rollout_wait import Named, Waiter
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import ClusterLook
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules import kubernetes_rollout_info, kubernetes_takeover_plan
from support.fake_cluster import FakeCluster

AT = f"{kinds.COLLECTION}/widgets.example.org"
WIDGET = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}}
SYSTEM = {"/api/v1/namespaces/kube-system": {"metadata": {"uid": "uid-1"}}, "/api/v1/namespaces/demo": {}}
DEFINED = {
    "/apis/apiextensions.k8s.io/v1": {
        "resources": [{"name": "customresourcedefinitions", "kind": definitions.KIND, "namespaced": False}]
    }
}
GROUPS = {"groups": [{"versions": [{"groupVersion": "example.org/v1"}, {"groupVersion": "example.org/v2"}]}]}


def definition(scope: str = "Namespaced", **status: str) -> dict[str, Any]:
    """A CustomResourceDefinition; C(status): its conditions by type."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": definitions.KIND,
        "metadata": {"name": "widgets.example.org"},
        "spec": {
            "group": "example.org",
            "scope": scope,
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [{"name": "v1", "served": True}, {"name": "v2"}, {"name": "v0", "served": False}],
        },
        "status": {"conditions": [{"type": key, "status": value, "message": "m"} for key, value in status.items()]},
    }


def served(*versions: str, kind: str = "Widget") -> dict[str, Any]:
    """What discovery answers for these versions."""
    listed = {"resources": [{"name": "widgets", "kind": kind, "namespaced": True}]}
    return {f"/apis/example.org/{version}": listed for version in versions}


def test_what_definitions_say_of_kinds() -> None:
    namespaced = {("example.org/v1", "Widget"): ("widgets", True), ("example.org/v2", "Widget"): ("widgets", True)}
    assert definitions.described([WIDGET, definition()]) == namespaced
    assert {place[1] for place in definitions.described([definition("Cluster")]).values()} == {False}
    assert definitions.versions(definition()) == ["example.org/v1", "example.org/v2"]


@pytest.mark.parametrize(
    "spec",
    [
        None,
        [],
        {},
        {"group": 1},
        {"group": "g", "names": {"kind": "K", "plural": "ks"}, "versions": ["v1", {"name": 1}]},
    ],
)
def test_what_is_no_definition_defines_nothing(spec: Any) -> None:
    assert definitions.described([{**definition(), "spec": spec}, {**definition(), "apiVersion": "other/v1"}]) == {}


@pytest.mark.parametrize(
    ("scope", "namespace", "place"),
    [("Namespaced", None, "usual"), ("Namespaced", "mine", "mine"), ("Cluster", None, ""), ("Cluster", "mine", "")],
)
def test_objects_of_kinds_to_come_have_a_place(scope: str, namespace: str | None, place: str) -> None:
    named = from_definition({**WIDGET, "metadata": {"name": "w", "namespace": namespace}})
    cluster = FakeCluster(dict(SYSTEM))
    objects = Objects(cluster)
    assert objects.placed(named, "usual") == named and not objects.is_expected(named)
    objects.expect([definition(scope)])
    placed = objects.placed(named, "usual")
    assert placed.namespace == place and objects.is_expected(named) and objects.find(placed) is None
    # What the cluster says of a kind counts more than what somebody describes.
    cluster.answers |= served("v1")
    known = Objects(cluster)
    known.expect([definition("Cluster")])
    assert known.placed(named, "usual").namespace == (namespace or "usual") and not known.is_expected(named)


@pytest.mark.parametrize("there", [False, True])
def test_a_plan_tells_what_can_not_be_applied_yet(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    answers = {**SYSTEM, **DEFINED, **(served("v1") if there else {})}
    monkeypatch.setattr(clusters, "Cluster", lambda options: FakeCluster(answers))
    result = plan([WIDGET, definition()])
    assert result["pending"] == [0, 1] and result["unserved"] == ([] if there else [0])
    assert result["places"] == [{"metadata": {"namespace": "demo"}}, {}]
    alone = plan([WIDGET])
    assert alone["unserved"] == [] if there else alone["error"]["code"] == "InvalidOptions"
    # Somebody else defines it.
    assert plan([WIDGET], definition())["unserved"] == ([] if there else [0])


def plan(definitions: list[dict[str, Any]], *kinds: dict[str, Any]) -> dict[str, Any]:
    """What the module answers."""
    options = {
        "kinds": list(kinds),
        "titles": [],
        "namespace": "demo",
        "namespaces": [],
        "manager": "innergate",
        "former": [],
    }
    return kubernetes_takeover_plan.TASK.run(Context({**options, "definitions": definitions}))


def test_what_is_kept_of_definitions_defines_the_same() -> None:
    found = definitions.brief([WIDGET, None, "text", definition(Established="True"), {**definition(), "spec": None}])
    assert [one["kind"] for one in found] == [definitions.KIND] * 2
    assert definitions.described(found) == definitions.described([definition()])


@pytest.mark.parametrize("kind", ["widget", "WIDGETS"])
def test_a_kind_to_come_is_called_as_its_definition_does(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    answers = {**SYSTEM, **DEFINED}
    monkeypatch.setattr(clusters, "Cluster", lambda options: FakeCluster(answers))
    told = f"definitions[0]: {kind} is no kind of example.org/v1; did you mean Widget?"
    assert plan([{**WIDGET, "kind": kind}, definition()])["msg"] == told


def test_a_ledger_names_objects_of_kinds_to_come_as_they_will_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for more in ({}, served("v1")):
        monkeypatch.setattr(clusters, "Cluster", lambda options, more=more: FakeCluster({**SYSTEM, **more}))
        names = ClusterLook(Context({}), {}).names({"kubernetes": [WIDGET, definition()]}, "demo")
        assert names["kubernetes"][0] == "uid-1/demo/example.org/v1/Widget/w"
        assert names["kubernetes_namespace"] == ["uid-1//v1/Namespace/demo"]


class Rising(FakeCluster):
    """A cluster that comes to serve a kind step by step, one with each look at the definition; C(watched) counts."""

    def __init__(self) -> None:
        super().__init__({"/apis": {"groups": []}})
        self.steps: list[dict[str, Any]] = [
            {AT: definition()},
            {AT: definition(NamesAccepted="True", Established="False")},
            {AT: definition(NamesAccepted="True", Established="True")},
            served("v1", "v2"),
            {"/apis": GROUPS},
        ]
        self.watched = 0

    def find(self, path: str) -> dict[str, Any] | None:
        if path == AT and self.steps:
            self.answers |= self.steps.pop(0)
        return super().find(path)

    def watch(self, path: str, query: Mapping[str, Any], seconds: int) -> Iterator[tuple[str, dict[str, Any]]]:
        assert path == kinds.COLLECTION and query["fieldSelector"] == "metadata.name=widgets.example.org"
        self.watched += 1
        yield "MODIFIED", {}


def test_it_waits_until_a_kind_is_served_where_clients_look() -> None:
    cluster, slept = Rising(), list[float]()
    waiter = Waiter(cluster, [Named(definitions.KIND, "", "widgets.example.org")], sleep=slept.append)
    (found,) = waiter.run(60)
    assert found["ready"] and found["wanted"] == found["available"] == 2 and found["reason"] is None
    # By the changes of the definition as long as there are some to come.
    assert cluster.watched == 2 and len(slept) == 2 and not cluster.steps


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({}, "NotFound", "it does not exist"),
        ({AT: definition(NamesAccepted="False")}, "NamesAccepted", "its kind is not served: m. To do: mend the names"),
        ({AT: definition(Established="True"), "/apis": GROUPS}, "InProgress", "is served in 0 of 2 versions: its kind"),
        ({AT: definition(Established="True"), "/apis": GROUPS, **served("v1")}, "InProgress", "in 1 of 2 versions"),
        ({AT: definition(Established="True"), "/apis": GROUPS, **served("v1", kind="Gadget")}, "InProgress", "0 of 2"),
        ({AT: definition(Established="True"), "/apis": {"groups": []}, **served("v1")}, "InProgress", "0 of 2"),
    ],
)
def test_why_a_kind_is_not_served(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any], code: str, words: str
) -> None:
    monkeypatch.setattr(clusters, "Cluster", lambda options: FakeCluster(answers))
    result = kubernetes_rollout_info.TASK.run(
        Context({"definitions": [definition(), WIDGET], "wait": True, "wait_timeout": 0})
    )
    assert result["failed"] and result["error"]["code"] == code
    assert result["msg"].startswith("CustomResourceDefinition widgets.example.org ") and words in result["msg"]
