# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken away from an object, for it contradicts what is applied to it; and nothing else is."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import (
    MOST_QUESTIONS,
    Answer,
    clearing,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.together import Together, applied_before
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.plugins._kubernetes.api_rules import Server, cause, patched, refusals, with_defaults

SECRET = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
FIELD = {"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
TCP, HTTP = {"tcpSocket": {"port": 8080}}, {"httpGet": {"path": "/", "port": 8080}}
PORT = {"name": "http", "port": 8080, "targetPort": 8080}
LIMITS = {"cpu": 1, "memory": 2}


def deployment(container: dict[str, Any], *others: dict[str, Any], pod: Any = None, **spec: Any) -> dict[str, Any]:
    containers = [{"name": "api", **container}, *others]
    template = {"spec": {"containers": containers, **(pod or {})}}
    return {"kind": "Deployment", "metadata": {"name": "api"}, "spec": {"template": template, **spec}}


def service(*ports: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "Service", "metadata": {"name": "api"}, "spec": {"ports": list(ports), **more}}


def put_right(found: dict[str, Any], described: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The object after the patch, and with the definition applied to that; it is refused without the patch."""
    found = with_defaults(copy.deepcopy(found))
    assert not list(refusals(found))
    causes = list(refusals(with_defaults(applied(found, described))))
    assert causes
    patch = clearing(found, described, "innergate", causes, Server(found).ask)
    assert patch
    after = with_defaults(patched(found, patch))
    assert not list(refusals(after))
    together = with_defaults(applied(after, described))
    assert not list(refusals(together))
    return after, together


def applied(found: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    return Together(found, described, applied_before(found, described, "innergate")).body


@pytest.mark.parametrize(
    ("found", "described", "expected"),
    [
        (
            deployment({"env": [{"name": "theirs", "value": "x"}, {"name": "A", "value": "x"}]}),
            deployment({"env": [{"name": "A", **SECRET}]}),
            deployment({"env": [{"name": "theirs", "value": "x"}, {"name": "A", **SECRET}]}),
        ),
        (
            deployment({"env": [{"name": "A", **SECRET}]}),
            deployment({"env": [{"name": "A", "value": "x"}]}),
            deployment({"env": [{"name": "A", "value": "x"}]}),
        ),
        (
            deployment({"env": [{"name": "A", **SECRET}]}),
            deployment({"env": [{"name": "A", **FIELD}]}),
            deployment({"env": [{"name": "A", **FIELD}]}),
        ),
        (
            deployment({"readinessProbe": {**HTTP, "periodSeconds": 7}}),
            deployment({"readinessProbe": TCP}),
            deployment({"readinessProbe": {**TCP, "periodSeconds": 7}}),
        ),
        (
            deployment({}, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 3}}),
            deployment({}, strategy={"type": "Recreate"}),
            deployment({}, strategy={"type": "Recreate"}),
        ),
        (
            deployment({}, strategy={"type": "Recreate"}),
            deployment({}, strategy={"rollingUpdate": {"maxSurge": 1}}),
            deployment({}, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}),
        ),
        (service({"port": 80}), service(PORT), service(PORT)),
        (
            service({**PORT, "port": 80}, {"name": "theirs", "port": 9}),
            service(PORT),
            service({"name": "theirs", "port": 9}, PORT),
        ),
        (
            service({"port": 8080, "protocol": "TCP"}, type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.0/8"]),
            service({**PORT, "protocol": "TCP"}, type="ClusterIP"),
            service({**PORT, "protocol": "TCP"}, type="ClusterIP"),
        ),
        (
            deployment({"securityContext": {"privileged": True, "runAsUser": 5}, "env": [{"name": "T", "value": "1"}]}),
            deployment({"securityContext": {"allowPrivilegeEscalation": False}}),
            deployment(
                {
                    "securityContext": {"allowPrivilegeEscalation": False, "runAsUser": 5},
                    "env": [{"name": "T", "value": "1"}],
                }
            ),
        ),
        (
            deployment({"readinessProbe": HTTP}, {"name": "b", "readinessProbe": {**TCP, "failureThreshold": 9}}),
            deployment({"readinessProbe": TCP}, {"name": "b", "readinessProbe": TCP}),
            deployment({"readinessProbe": TCP}, {"name": "b", "readinessProbe": {**TCP, "failureThreshold": 9}}),
        ),
        (
            deployment({"resources": {"limits": LIMITS}}, {"name": "b", "resources": {"limits": LIMITS}}),
            deployment({"resources": {"requests": {"cpu": 2}}}, {"name": "b"}),
            deployment(
                {"resources": {"limits": {"memory": 2}, "requests": {"cpu": 2}}},
                {"name": "b", "resources": {"limits": LIMITS}},
            ),
        ),
        (
            deployment({}, pod={"volumes": [{"name": "v", "secret": {"secretName": "s"}}, {"name": "w"}]}),
            deployment({}, pod={"volumes": [{"name": "v", "configMap": {"name": "c"}}]}),
            deployment({}, pod={"volumes": [{"name": "v", "configMap": {"name": "c"}}, {"name": "w"}]}),
        ),
        (
            deployment({}, minReadySeconds=5, progressDeadlineSeconds=10),
            deployment({}, minReadySeconds=20),
            deployment({}, minReadySeconds=20),
        ),
        (
            deployment({}, pod={"initContainers": [{"name": "b"}, {"name": "c"}]}),
            deployment({}, {"name": "b"}),
            deployment({}, {"name": "b"}, pod={"initContainers": [{"name": "c"}]}),
        ),
        (
            {"kind": "ConfigMap", "binaryData": {"a": "eA==", "b": "eA=="}, "data": {"c": "1"}},
            {"kind": "ConfigMap", "data": {"a": "1"}},
            {"kind": "ConfigMap", "binaryData": {"b": "eA=="}, "data": {"c": "1", "a": "1"}},
        ),
    ],
)
def test_what_contradicts_goes_and_all_else_stays(
    found: dict[str, Any], described: dict[str, Any], expected: dict[str, Any]
) -> None:
    dummy, together = put_right(found, described)
    assert together == with_defaults(expected)


def test_a_patch_only_takes_away_where_that_is_enough() -> None:
    """What it put there would be of who sends it, and stay when it is not described any more."""
    found = with_defaults(deployment({"env": [{"name": "A", "value": "x"}, {"name": "B", "value": "y"}]}))
    described = deployment({"env": [{"name": "A", **SECRET}, {"name": "B", **SECRET}]})
    causes = [cause("spec.template.spec.containers[0].env[0].valueFrom")]
    patch = clearing(found, described, "innergate", causes, Server(found).ask)
    assert [(item["op"], item["path"].rpartition("/env")[2]) for item in patch] == [
        ("test", "/1/value"),
        ("remove", "/1/value"),
        ("test", "/0/value"),
        ("remove", "/0/value"),
    ]


def test_what_goes_with_the_definition_is_not_put_back() -> None:
    """A volume that was applied before and is not described any more; somebody else has mounted it."""
    mount = {"name": "v", "mountPath": "/mine"}
    side = {"name": "side", "image": "x", "volumeMounts": [{"name": "v", "mountPath": "/theirs"}]}
    found = deployment({"volumeMounts": [mount]}, side, pod={"volumes": [{"name": "v", "emptyDir": {}}]})
    keys = {'k:{"name":"v"}': {".": {}, "f:name": {}, "f:emptyDir": {}}}
    container = {".": {}, "f:name": {}, "f:volumeMounts": {'k:{"mountPath":"/mine"}': {".": {}, "f:name": {}}}}
    pod = {"f:volumes": keys, "f:containers": {'k:{"name":"api"}': container}}
    theirs = {"f:containers": {'k:{"name":"side"}': {".": {}, "f:name": {}, "f:image": {}}}}
    found["metadata"]["managedFields"] = [
        {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:spec": {"f:template": {"f:spec": theirs}}}},
        {"manager": "innergate", "operation": "Apply", "fieldsV1": {"f:spec": {"f:template": {"f:spec": pod}}}},
    ]
    dummy, together = put_right(found, deployment({}))
    spec = together["spec"]["template"]["spec"]
    assert spec["containers"][1] == {"name": "side", "image": "x", "volumeMounts": []}
    assert not spec["containers"][0].get("volumeMounts") and not spec.get("volumes")


def test_what_others_have_too_stays_when_it_is_not_described_any_more() -> None:
    fields = {
        "f:spec": {"f:a": {}, "f:b": {"f:c": {}, "f:d": {}}, "f:list": {'k:{"name":"x"}': {"f:y": {}}, "v:1": {}}}
    }
    found = {
        "kind": "Thing",
        "spec": {"a": 1, "b": {"c": 1, "d": 2}, "list": [{"name": "x", "y": 1}]},
        "metadata": {
            "managedFields": [
                {"manager": "innergate", "operation": "Apply", "fieldsV1": fields},
                {"manager": "other", "operation": "Update", "fieldsV1": {"f:spec": {"f:a": {}, "f:b": {"f:c": {}}}}},
            ]
        },
    }
    assert applied_before(found, {"kind": "Thing"}, "innergate") == {("spec", "b", "d"), ("spec", "list")}
    assert applied_before(found, {"spec": {"list": [{"name": "x"}]}}, "innergate") == {
        ("spec", "b", "d"),
        ("spec", "list", 0, "y"),
    }
    assert applied_before(found, {"kind": "Thing"}, "nobody") == set()


def test_places_are_known_inside_of_what_nobody_describes() -> None:
    """Positions in lists change when something before goes."""
    mounts = [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}]
    side = {"name": "side", "volumeMounts": mounts}
    found = {"kind": "Deployment", "spec": {"containers": [{"name": "old"}, side, {"name": "api"}]}}
    without = {("spec", "containers", 0), ("spec", "containers", 1, "volumeMounts", 0)}
    together = Together(found, {"spec": {"containers": [{"name": "api", "image": "x"}]}}, without)
    assert together.place(("spec", "containers", 1, "volumeMounts")) == ("spec", "containers", 0, "volumeMounts")
    assert together.place(("spec", "containers", 1, "volumeMounts", 1)) == ("spec", "containers", 0, "volumeMounts", 0)
    assert together.place(("spec", "containers", 2)) == ("spec", "containers", 1)
    assert together.place(("spec", "containers", 0)) is None
    assert together.place(("spec", "containers", 0, "name")) is None
    assert together.body["spec"]["containers"][0]["volumeMounts"] == mounts[1:]


def test_what_is_put_in_place_is_that_of_the_same_item() -> None:
    """A container of this manager goes, so that the one of others has another position; what it has is not lost."""
    side = {"name": "side", "keep": {"a": 1}, "wrong": {"deep": {"x": 1, "y": 2}}}
    found: dict[str, Any] = {"kind": "Thing", "spec": {"list": [{"name": "old"}, side, {"name": "api"}]}}
    keys = {'k:{"name":"old"}': {".": {}, "f:name": {}}, 'k:{"name":"api"}': {".": {}, "f:name": {}}}
    own = {"manager": "innergate", "operation": "Apply", "fieldsV1": {"f:spec": {"f:list": keys}}}
    found["metadata"] = {"managedFields": [own]}
    described = {"kind": "Thing", "spec": {"list": [{"name": "api", "image": "x"}]}}

    def ask(operations: Any) -> Answer:
        body = patched(found, operations)
        items = {item.get("name"): item for item in body["spec"]["list"]}
        if None in items:
            return Answer(None, [cause("spec.list[0].name", "FieldValueRequired")])
        deep = items.get("side", {}).get("wrong", {}).get("deep", {})
        if "x" in deep and "image" in items["api"]:
            return Answer(None, [cause("spec.list[0].wrong.deep.x")])
        if deep and "image" not in items["api"]:
            deep["default"] = 1  # so that it is not enough to take something away
        return Answer(body, [])

    patch = clearing(found, described, "innergate", [cause("spec.list[0].wrong.deep.x")], ask)
    after = {item["name"]: item for item in patched(found, patch)["spec"]["list"]}
    assert after["side"] == {"name": "side", "keep": {"a": 1}, "wrong": {"deep": {"y": 2}}}


def test_what_is_beside_a_refused_field_is_nearer_than_what_is_far_below() -> None:
    """Each question costs time."""
    deep = {"a": {"b": {"c": {"d": 1}}}}
    described = {"kind": "Thing", "spec": {"a": {"b": {"c": {}}}, "wanted": 1}}
    found = {"kind": "Thing", "spec": {**deep, "wrong": 1}}
    asked: list[Any] = []

    def ask(operations: Any) -> Answer:
        asked.append(body := patched(found, operations))
        return Answer(None, [cause("spec")]) if "wrong" in body["spec"] else Answer(body, [])

    assert clearing(found, described, "innergate", [cause("spec")], ask)
    assert "wrong" not in asked[1]["spec"]


@pytest.mark.parametrize(
    "causes", [[], [{}], [cause("spec.nothing.there")], [{**cause("spec.selector"), "message": "field is immutable"}]]
)
def test_what_nothing_helps_changes_nothing(causes: list[dict[str, str]]) -> None:
    def refuse(operations: Any) -> Answer:
        return Answer(None, causes)

    assert clearing(service(PORT, a=1, b={"c": 2}), service(PORT), "innergate", causes, refuse) == []


def test_an_api_server_that_does_not_tell_is_not_asked_on_and_on() -> None:
    asked = []

    def answer(operations: Any) -> Answer:
        asked.append(operations)
        return Answer(None, [cause("spec.a")])

    found = service(PORT, **{f"x{number}": number for number in range(200)})
    assert clearing(found, service(PORT), "innergate", [cause("spec.a")], answer) == []
    assert len(asked) == MOST_QUESTIONS
    silent = [cause("spec.a")]
    assert clearing(found, service(PORT), "innergate", silent, lambda operations: Answer(None, None)) == []


def test_secrets_are_left_alone() -> None:
    found = {"kind": "Secret", "spec": {"a": {"b": "hunter2", "c": 1}}}
    described = {"kind": "Secret", "spec": {"a": {"b": "x"}}}
    assert clearing(found, described, "innergate", [cause("spec.a.c")], Server(found).ask) == []


#: Contradictions in one container: what is found, and what is described.
CONTRADICTIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"env": [{"name": "A", "value": "x"}]}, {"env": [{"name": "A", **SECRET}]}),
    ({"readinessProbe": HTTP}, {"readinessProbe": TCP}),
    ({"livenessProbe": {"exec": {"command": ["x"]}}}, {"livenessProbe": TCP}),
    ({"securityContext": {"privileged": True}}, {"securityContext": {"allowPrivilegeEscalation": False}}),
    ({"resources": {"limits": {"cpu": 1}}}, {"resources": {"requests": {"cpu": 2}}}),
]
#: What others have written and contradicts nothing.
OTHERS: dict[str, Any] = {
    "env": [{"name": "theirs", "value": "1"}],
    "readinessProbe": {"failureThreshold": 9},
    "livenessProbe": {"periodSeconds": 3},
    "securityContext": {"runAsUser": 5},
    "resources": {"limits": {"memory": 7}},
    "image": "theirs",
    "ports": [{"containerPort": 9}],
}


def merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{name: merged(one[name], item) if name in one else item for name, item in other.items()}}
    return [*one, *other] if isinstance(one, list) else other


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from(range(len(CONTRADICTIONS)))), min_size=1, max_size=2),
    st.lists(st.sets(st.sampled_from(sorted(OTHERS))), min_size=2, max_size=2),
)
def test_nothing_of_others_is_lost(wrong: list[set[int]], beside: list[set[str]]) -> None:
    found, described, expected = [], [], []
    for index, (chosen, names) in enumerate(zip(wrong, beside, strict=False)):
        mine, theirs, both = {"name": f"c{index}"}, {"name": f"c{index}"}, {"name": f"c{index}"}
        for number, (there, wanted) in enumerate(CONTRADICTIONS):
            mine, both = merged(mine, wanted), merged(both, wanted)
            theirs = merged(theirs, there if number in chosen else wanted)
        others = {name: OTHERS[name] for name in names}
        found.append(merged(theirs, others))
        described.append(mine)
        expected.append(merged(both, others))
    if not any(wrong[: len(found)]):
        return
    before, after = (
        json.loads(json.dumps({"kind": "Deployment", "spec": {"template": {"spec": {"containers": items}}}}))
        for items in (found, described)
    )
    dummy, together = put_right(before, after)
    for container, right in zip(together["spec"]["template"]["spec"]["containers"], expected, strict=True):
        if not container.get("resources", {}).get("limits", {"": 0}):
            del container["resources"]["limits"]
        container["env"].sort(key=lambda entry: entry["name"])
        right["env"].sort(key=lambda entry: entry["name"])
        assert container == right
