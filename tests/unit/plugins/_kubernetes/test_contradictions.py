# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken away from an object, for it contradicts what is applied to it; and nothing else is."""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import (
    MOST_QUESTIONS,
    Answer,
    clearing,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.plugins._kubernetes.api_rules import (
    Server,
    applied,
    cause,
    contents,
    deployment,
    fine,
    owned,
    patched,
    refusals,
    service,
    with_defaults,
)

SECRET = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
FIELD = {"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
TCP, HTTP = {"tcpSocket": {"port": 8080}}, {"httpGet": {"path": "/", "port": 8080}}
PORT = {"name": "http", "port": 8080, "targetPort": 8080}
LIMITS = {"cpu": 1, "memory": 2}


def put_right(found: dict[str, Any], described: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The object after the patch, which changes no contents, and with the definition applied to that."""
    fields = owned({name: value for name, value in found.items() if name not in ("kind", "metadata")})
    theirs = {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": fields}
    metadata = {"name": "api", "managedFields": [theirs], **found.get("metadata", {})}
    found = with_defaults({**copy.deepcopy(found), "metadata": metadata})
    assert not list(refusals(found))
    causes = list(refusals(with_defaults(applied(found, described))))
    assert causes
    patch, rehearsal = clearing(found, described, "innergate", causes, Server(found).ask, fine)
    assert patch
    after = patched(found, patch)
    assert contents(after) == contents(found)
    together = with_defaults(applied(after, described))
    assert not list(refusals(together))
    foretold = with_defaults(patched(found, rehearsal))
    assert contents(foretold) == contents(together)
    return after, together


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
    assert contents(together) == contents(with_defaults(expected))


@pytest.mark.parametrize("alone", ["as it is", "anew"])
def test_what_is_refused_without_the_definition_too_does_not_contradict_it(alone: str) -> None:
    """A kind whose rules have become stricter: nothing of others goes for that."""
    found = {"kind": "Thing", "metadata": {}, "spec": {"replicas": 5, "image": "a"}}
    refused = cause("spec")

    def ask(operations: Any) -> Answer:
        body = patched(found, operations)
        is_wrong = "replicas" in body["spec"] and (alone == "as it is" or body["spec"] != found["spec"])
        return Answer(None, [refused]) if is_wrong else Answer(body, [])

    described = {"kind": "Thing", "spec": {"image": "b"}}
    for new, expected in ((refused, False), (cause("metadata.name"), alone == "anew")):
        told = partial(Answer, None, [new])
        assert bool(clearing(found, described, "innergate", [refused], ask, told).patch) == expected


def test_what_is_wrong_for_the_same_reason_goes_at_once() -> None:
    """Each question costs time, and there are objects with many variables."""
    names = [f"V{number}" for number in range(200)]
    found = with_defaults(deployment({"env": [{"name": name, **SECRET} for name in [*names, "theirs"]]}))
    described = deployment({"env": [{"name": name, "value": "x"} for name in names]})
    server = Server(found)
    causes = list(refusals(with_defaults(applied(found, described))))
    patch, dummy = clearing(found, described, "innergate", causes, server.ask, fine)
    gone = [item["path"].split("/")[-2] for item in patch if item["path"].endswith("/valueFrom")]
    assert gone == [str(number) for number in range(200)]
    assert len(server.asked) < 10


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
    assert spec["containers"][1] == {"name": "side", "image": "x"}
    assert not spec["containers"][0].get("volumeMounts") and not spec.get("volumes")


def test_what_is_beside_a_refused_field_is_nearer_than_what_is_far_below() -> None:
    """Each question costs time."""
    deep = {"a": {"b": {"c": {"d": 1}}}}
    described = {"kind": "Thing", "spec": {"a": {"b": {"c": {}}}, "wanted": 1}}
    found = {"kind": "Thing", "metadata": {}, "spec": {**deep, "wrong": 1}}
    asked: list[Any] = []

    def ask(operations: Any) -> Answer:
        asked.append(body := patched(found, operations))
        return Answer(None, [cause("spec")]) if {"wanted", "wrong"} <= body["spec"].keys() else Answer(body, [])

    assert clearing(found, described, "innergate", [cause("spec")], ask, fine).patch
    assert "wrong" not in asked[2]["spec"]


@pytest.mark.parametrize(
    "causes", [[], [{}], [cause("spec.nothing.there")], [{**cause("spec.selector"), "message": "field is immutable"}]]
)
def test_what_nothing_helps_changes_nothing(causes: list[dict[str, str]]) -> None:
    def refuse(operations: Any) -> Answer:
        return Answer(None, causes) if operations else Answer({}, [])

    assert clearing(service(PORT, a=1, b={"c": 2}), service(PORT), "innergate", causes, refuse, fine) == ([], [])


def test_an_api_server_that_does_not_tell_is_not_asked_on_and_on() -> None:
    asked = []

    def answer(operations: Any) -> Answer:
        asked.append(operations)
        return Answer(None, [cause("spec.a")]) if operations else Answer({}, [])

    found = service(PORT, **{f"x{number}": number for number in range(200)})
    described = service(PORT, mine=1)
    assert clearing(found, described, "innergate", [cause("spec.a")], answer, fine) == ([], [])
    assert len(asked) == MOST_QUESTIONS + 1
    silent = [cause("spec.a")]
    assert clearing(found, described, "innergate", silent, lambda operations: Answer(None, None), fine) == ([], [])


def test_secrets_are_left_alone() -> None:
    found = {"kind": "Secret", "spec": {"a": {"b": "hunter2", "c": 1}}}
    described = {"kind": "Secret", "spec": {"a": {"b": "x"}}}
    assert clearing(found, described, "innergate", [cause("spec.a.c")], Server(found).ask, fine) == ([], [])


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
