# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken away from an object, for it contradicts what is applied to it. The causes are real ones."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import clearing

FROM = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
TCP, HTTP = {"tcpSocket": {"port": 8080}}, {"httpGet": {"path": "/", "port": 8080}}
PORT = {"name": "http", "port": 8080, "targetPort": 8080}


def cause(field: str, reason: str = "FieldValueInvalid") -> dict[str, str]:
    return {"field": field, "reason": reason, "message": "no"}


def deployment(container: dict[str, Any], **spec: Any) -> dict[str, Any]:
    template = {"spec": {"containers": [{"name": "other"}, {"name": "api", **container}]}}
    return {"kind": "Deployment", "metadata": {"name": "api"}, "spec": {"template": template, **spec}}


def service(*ports: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "Service", "metadata": {"name": "api"}, "spec": {"ports": list(ports), **more}}


AT = "/spec/template/spec/containers/1"
ENV = "spec.template.spec.containers[0].env[1].valueFrom"  # positions in what both would be together


@pytest.mark.parametrize(
    ("found", "described", "why", "place", "value"),
    [
        (
            deployment({"env": [{"name": "theirs", "value": "x"}, {"name": "A", "value": "x"}]}),
            deployment({"env": [{"name": "A", **FROM}]}),
            cause(ENV),
            f"{AT}/env/1",
            {"name": "A", **FROM},
        ),
        (
            deployment({"env": [{"name": "A", **FROM}]}),
            deployment({"env": [{"name": "A", "value": "x"}]}),
            cause(ENV),
            f"{AT}/env/0",
            {"name": "A", "value": "x"},
        ),
        (
            deployment({"readinessProbe": {**HTTP, "periodSeconds": 7}}),
            deployment({"readinessProbe": TCP}),
            cause("spec.template.spec.containers[1].readinessProbe.tcpSocket", "FieldValueForbidden"),
            f"{AT}/readinessProbe",
            {**TCP, "periodSeconds": 7},
        ),
        (
            deployment({}, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}}),
            deployment({}, strategy={"type": "Recreate"}),
            cause("spec.strategy.rollingUpdate", "FieldValueForbidden"),
            "/spec/strategy",
            {"type": "Recreate"},
        ),
        (
            deployment({}, strategy={"type": "Recreate"}),
            deployment({}, strategy={"rollingUpdate": {"maxSurge": 1}}),
            cause("spec.strategy.rollingUpdate", "FieldValueForbidden"),
            "/spec/strategy",
            {"rollingUpdate": {"maxSurge": 1}},
        ),
        (
            service({"port": 80, "targetPort": 8080, "protocol": "TCP"}),
            service(PORT),
            cause("spec.ports[0].name", "FieldValueRequired"),
            "/spec/ports",
            [PORT],
        ),
        (
            service({**PORT, "port": 80}, {"name": "theirs", "port": 9}),
            service(PORT),
            cause("spec.ports[1].name", "FieldValueDuplicate"),
            "/spec/ports",
            [{"name": "theirs", "port": 9}, PORT],
        ),
        (
            service({**PORT, "protocol": "TCP", "nodePort": 31000}, {"port": 9, "protocol": "UDP"}),
            service(PORT),
            cause("spec.ports[1].name", "FieldValueRequired"),
            "/spec/ports",
            [{**PORT, "protocol": "TCP", "nodePort": 31000}],
        ),
    ],
)
def test_what_contradicts_goes_and_all_else_stays(
    found: dict[str, Any], described: dict[str, Any], why: dict[str, str], place: str, value: Any
) -> None:
    test, replace = clearing(found, described, [why, why])
    assert (test["op"], test["path"]) == ("test", place)
    assert replace == {"op": "replace", "path": place, "value": value}


def test_a_place_in_another_is_put_right_with_that() -> None:
    found = service({"port": 80}, {**PORT, "targetPort": 1, "appProtocol": "x"})
    causes = [cause("spec.ports[1].targetPort"), cause("spec.ports[0].name", "FieldValueRequired")]
    operations = clearing(found, service(PORT), causes)
    assert [item["path"] for item in operations] == ["/spec/ports", "/spec/ports"]
    assert operations[1]["value"] == [PORT]


@pytest.mark.parametrize(
    "field",
    ["", "spec", "metadata.name", "data[a key]", "spec.selector", "spec.nothing.there", "spec.ports[0]", "spec[0].x"],
)
def test_what_is_not_understood_changes_nothing(field: str) -> None:
    found = service(PORT)
    assert clearing(found, service(PORT), [cause(field), {}]) == []


def test_secrets_are_left_alone() -> None:
    found = {"kind": "Secret", "spec": {"a": {"b": "hunter2", "c": 1}}}
    assert clearing(found, {"kind": "Secret", "spec": {"a": {"b": "x"}}}, [cause("spec.a.c")]) == []
