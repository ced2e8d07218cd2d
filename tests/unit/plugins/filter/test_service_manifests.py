# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.service_manifests import FilterModule

service_manifests = FilterModule().filters()["service_manifests"]
PREFIX = "service.beta.kubernetes.io/azure-load-balancer-"


def one(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Deployment and Service of a service that says little beside this."""
    deployment, service = service_manifests([{"name": "web", "image": "i", "container_port": 8080, **more}], "demo")
    return deployment, service


def test_little_is_said() -> None:
    deployment, service = one(exposure="cluster")
    about = {"name": "web", "namespace": "demo", "labels": {"app": "web"}}
    probe = {"tcpSocket": {"port": 8080}, "periodSeconds": 2}
    container = {"name": "web", "image": "i", "ports": [{"containerPort": 8080}], "readinessProbe": probe}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    assert deployment == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": about,
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }
    ports = [{"name": "http", "protocol": "TCP", "port": 8080, "targetPort": 8080}]
    assert service == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": about,
        "spec": {"type": "ClusterIP", "selector": {"app": "web"}, "ports": ports},
    }


def test_everything_is_said() -> None:
    source = {"secretKeyRef": {"name": "s", "key": "k"}}
    deployment, service = one(
        namespace="shop",
        labels={"a": "b"},
        replicas="2",
        min_ready_seconds=0,
        strategy={"type": "Recreate"},
        command=["--x", 5, True],
        env={"TEXT": "t", "NUMBER": 8080, "TRUTH": True, "SECRET": source},
        health_path="/health",
        resources={"limits": {"cpu": "1"}},
        pod_annotations={"x": "y"},
        exposure="node_port",
        port=80,
        node_port="30080",
        annotations={"c": "d"},
    )
    assert deployment["metadata"] == {"name": "web", "namespace": "shop", "labels": {"app": "web", "a": "b"}}
    spec = deployment["spec"]
    assert [spec[key] for key in ("replicas", "minReadySeconds", "strategy")] == [2, 0, {"type": "Recreate"}]
    assert spec["template"]["metadata"] == {"labels": {"app": "web", "a": "b"}, "annotations": {"x": "y"}}
    (container,) = spec["template"]["spec"]["containers"]
    assert container["args"] == ["--x", "5", "true"] and container["resources"] == {"limits": {"cpu": "1"}}
    assert container["readinessProbe"] == {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 2}
    assert container["env"] == [
        {"name": "TEXT", "value": "t"},
        {"name": "NUMBER", "value": "8080"},
        {"name": "TRUTH", "value": "true"},
        {"name": "SECRET", "valueFrom": source},
    ]
    assert service["metadata"]["annotations"] == {"c": "d"} and service["metadata"]["namespace"] == "shop"
    (port,) = service["spec"]["ports"]
    assert port == {"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080, "nodePort": 30080}
    assert service["spec"]["type"] == "NodePort" and service["spec"]["externalTrafficPolicy"] == "Local"


def test_load_balancers() -> None:
    inside = {f"{PREFIX}internal": "true", f"{PREFIX}internal-subnet": "lb"}
    internal = one(subnet="lb", annotations={"c": "d"})[1]
    assert internal["metadata"]["annotations"] == {"c": "d", **inside}
    assert internal["spec"]["type"] == "LoadBalancer" and "externalTrafficPolicy" not in internal["spec"]
    fixed = one(subnet="lb", address="10.0.0.4", node_port=30080)[1]
    assert fixed["metadata"]["annotations"] == {**inside, f"{PREFIX}ipv4": "10.0.0.4"}
    assert "nodePort" not in fixed["spec"]["ports"][0]
    public = one(exposure="public", subnet="lb", external_traffic_policy="Local")[1]
    assert "annotations" not in public["metadata"] and public["spec"]["type"] == "LoadBalancer"
    assert public["spec"]["externalTrafficPolicy"] == "Local"


def test_the_traffic_policy_can_be_chosen_where_there_is_one() -> None:
    assert one(exposure="node_port", external_traffic_policy="Cluster")[1]["spec"]["externalTrafficPolicy"] == "Cluster"
    assert "externalTrafficPolicy" not in one(exposure="cluster", external_traffic_policy="Local")[1]["spec"]


def test_kubernetes_takes_texts_only() -> None:
    odd = {
        "one": 1,
        "half": 0.5,
        "yes": True,
        "no": False,
        "nothing": None,
        "day": date(2026, 1, 31),
        "list": [1],
        7: "x",
    }
    texts = {"one": "1", "half": "0.5", "yes": "true", "no": "false", "nothing": "", "day": "2026-01-31"}
    texts |= {"list": "[1]", "7": "x"}
    deployment, service = one(exposure="cluster", labels=odd, annotations=odd, pod_annotations=odd, env=odd)
    template = deployment["spec"]["template"]
    assert service["metadata"]["annotations"] == template["metadata"]["annotations"] == texts
    for metadata in (service["metadata"], deployment["metadata"], template["metadata"]):
        assert metadata["labels"] == {"app": "web", **texts}
    (container,) = template["spec"]["containers"]
    assert {entry["name"]: entry["value"] for entry in container["env"]} == texts


def test_null_is_as_not_said() -> None:
    said = ("namespace", "labels", "replicas", "env", "command", "health_path", "resources", "annotations", "exposure")
    assert one(subnet="lb", **dict.fromkeys(said)) == one(subnet="lb")


@pytest.mark.parametrize("exposure", ["cluster", "internal", "node_port", "public"])
def test_what_is_empty_is_as_not_said(exposure: str) -> None:
    """Who applies C(annotations: {}) does so anew after the first annotation of somebody else."""
    options = ("labels", "env", "resources", "annotations", "pod_annotations", "strategy")
    said: dict[str, Any] = {option: {} for option in options}
    manifests = one(**said, command=[], exposure=exposure)
    assert manifests == one(exposure=exposure)
    assert list(empty(manifests)) == []


def empty(value: Any) -> Iterator[Any]:
    """The empty objects and lists in a value."""
    if value in ({}, []):
        yield value
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for item in items:
        yield from empty(item)


def test_an_unknown_exposure() -> None:
    with pytest.raises(AnsibleFilterError, match="service web: exposure is outside, not one of internal, public"):
        one(exposure="outside")


def test_letters_of_a_text_are_no_arguments() -> None:
    with pytest.raises(AnsibleFilterError, match="service web: command is no list"):
        one(command="a b")
