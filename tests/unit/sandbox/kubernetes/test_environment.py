# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables of containers: order, expansion, references, and the kubelet's words for what is missing."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from innergate_sandbox.kubernetes.node.environment import ConfigError, expand, references, resolve, service_variables

POD: dict[str, Any] = {
    "metadata": {"name": "web-1", "namespace": "shop", "uid": "u", "labels": {"app": "web"}},
    "spec": {"nodeName": "n1", "serviceAccountName": "default"},
}
STORE: dict[tuple[str, str], dict[str, Any]] = {
    ("secrets", "gateway"): {"data": {"key": base64.b64encode(b"s3cret").decode()}},
    ("configmaps", "settings"): {"data": {"URL": "http://x", "key": "from-map"}},
}


def environment(container: dict[str, Any], services: list[dict[str, Any]] | None = None, **spec: Any) -> dict[str, str]:
    pod = {**POD, "spec": {**POD["spec"], **spec}}
    return resolve(
        pod, container, services or [], "10.244.0.2", "10.224.0.4", lambda kind, name: STORE.get((kind, name))
    )


def test_literals_and_expansion_in_order() -> None:
    found = environment(
        {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "$(A)-$(C)-$$(A)"}, {"name": "C", "value": "3"}]}
    )
    assert found == {"A": "1", "B": "1-$(C)-$(A)", "C": "3"}


@pytest.mark.parametrize(("text", "shown"), [("$$", "$"), ("$A", "$A"), ("$(", "$("), ("$(X)$(A)", "$(X)1"), ("", "")])
def test_expansion(text: str, shown: str) -> None:
    assert expand(text, {"A": "1"}) == shown


def test_references_to_secrets_maps_and_fields() -> None:
    container = {
        "env": [
            {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "gateway", "key": "key"}}},
            {"name": "URL", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "URL"}}},
            {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}},
            {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "APP", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        ]
    }
    assert environment(container) == {
        "KEY": "s3cret",
        "URL": "http://x",
        "IP": "10.244.0.2",
        "HOST": "10.224.0.4",
        "NAME": "web-1",
        "APP": "web",
        "NODE": "n1",
    }
    assert references(container) == {("secrets", "gateway"), ("configmaps", "settings")}


def test_whole_secrets_and_maps_come_before_single_variables() -> None:
    container = {
        "envFrom": [{"configMapRef": {"name": "settings"}}, {"prefix": "GW_", "secretRef": {"name": "gateway"}}],
        "env": [{"name": "key", "value": "own"}],
    }
    assert environment(container) == {"URL": "http://x", "key": "own", "GW_key": "s3cret"}
    assert references(container) == {("secrets", "gateway"), ("configmaps", "settings")}


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "nope", "key": "k"}}}]},
            'secret "nope" not found',
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "gateway", "key": "k"}}}]},
            "couldn't find key k in Secret shop/gateway",
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "k"}}}]},
            "couldn't find key k in ConfigMap shop/settings",
        ),
        ({"envFrom": [{"configMapRef": {"name": "nope"}}]}, 'configmap "nope" not found'),
        ({"env": [{"name": "A", "value": "a\0b"}]}, "environment variable A contains a NUL byte"),
    ],
)
def test_what_is_missing_is_an_error_in_the_kubelets_words(container: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        environment(container)
    assert str(caught.value) == message


def test_what_is_optional_may_be_missing() -> None:
    container = {
        "envFrom": [{"secretRef": {"name": "nope", "optional": True}}],
        "env": [
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": "nope", "key": "k", "optional": True}}},
            {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "k", "optional": True}}},
        ],
    }
    assert environment(container) == {}


SERVICE = {
    "metadata": {"name": "my-api"},
    "spec": {
        "clusterIP": "10.0.0.9",
        "ports": [{"name": "http", "port": 80}, {"name": "dns", "port": 53, "protocol": "UDP"}],
    },
}


def test_services_announce_themselves() -> None:
    found = service_variables([SERVICE, {"metadata": {"name": "headless"}, "spec": {"clusterIP": "None", "ports": []}}])
    assert found["MY_API_SERVICE_HOST"] == "10.0.0.9"
    assert found["MY_API_SERVICE_PORT"] == found["MY_API_SERVICE_PORT_HTTP"] == "80"
    assert found["MY_API_PORT"] == found["MY_API_PORT_80_TCP"] == "tcp://10.0.0.9:80"
    assert found["MY_API_PORT_53_UDP_PROTO"] == "udp"
    assert not [name for name in found if name.startswith("HEADLESS")]


def test_a_pod_can_do_without_them() -> None:
    assert "MY_API_SERVICE_HOST" in environment({}, [SERVICE])
    assert environment({}, [SERVICE], enableServiceLinks=False) == {}
