# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Services and which edits wake the load-balancer controller."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud import changes

SERVICE: dict[str, Any] = {
    "metadata": {"name": "s", "namespace": "default", "annotations": {"a": "1"}, "labels": {"l": "1"}},
    "spec": {
        "type": "LoadBalancer",
        "selector": {"app": "s"},
        "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080, "nodePort": 30080}],
        "externalTrafficPolicy": "Cluster",
    },
}


def edited(**spec: Any) -> dict[str, Any]:
    service = copy.deepcopy(SERVICE)
    service["spec"] |= spec
    return service


def with_meta(**meta: Any) -> dict[str, Any]:
    service = copy.deepcopy(SERVICE)
    service["metadata"] |= meta
    return service


def test_a_class_is_somebody_elses() -> None:
    assert changes.wants_balancer(SERVICE)
    assert not changes.wants_balancer(edited(loadBalancerClass="example.com/other"))
    assert not changes.wants_balancer(edited(type="NodePort"))


@pytest.mark.parametrize(
    ("new", "event"),
    [
        (with_meta(annotations={"a": "2"}), None),
        (edited(ports=[{**SERVICE["spec"]["ports"][0], "port": 81}]), None),
        (edited(sessionAffinity="ClientIP"), None),
        (edited(type="ClusterIP"), ("Type", "LoadBalancer -> ClusterIP")),
        (edited(loadBalancerSourceRanges=["10.0.0.0/8"]), ("LoadBalancerSourceRanges", "[] -> [10.0.0.0/8]")),
        (edited(loadBalancerIP="10.0.0.9"), ("LoadbalancerIP", " -> 10.0.0.9")),
        (edited(externalIPs=["192.0.2.1"]), ("ExternalIP", "Count: 0 -> 1")),
        (edited(externalTrafficPolicy="Local"), ("ExternalTrafficPolicy", "Cluster -> Local")),
        (edited(ipFamilies=["IPv4", "IPv6"]), None),
    ],
)
def test_edits_that_matter(new: dict[str, Any], event: tuple[str, str] | None) -> None:
    assert changes.needs_update(SERVICE, new) == (True, event)


@pytest.mark.parametrize(
    "new",
    [
        with_meta(labels={"l": "2"}),
        edited(selector={"app": "other"}),
        edited(ports=[{**SERVICE["spec"]["ports"][0], "targetPort": 9090}]),
        {**SERVICE, "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.4"}]}}},
    ],
)
def test_edits_that_do_not(new: dict[str, Any]) -> None:
    assert changes.needs_update(SERVICE, new) == (False, None)


def test_services_that_never_wanted_a_load_balancer_are_ignored() -> None:
    one, two = edited(type="ClusterIP"), edited(type="NodePort")
    assert changes.needs_update(one, two) == (False, None)


def test_cleanup_waits_for_the_finalizer() -> None:
    deleted = with_meta(deletionTimestamp="2026-01-01T00:00:00Z")
    assert not changes.needs_cleanup(deleted)
    deleted["metadata"]["finalizers"] = [changes.FINALIZER]
    assert changes.needs_cleanup(deleted)
    changed = edited(type="ClusterIP")
    changed["metadata"]["finalizers"] = [changes.FINALIZER]
    assert changes.needs_cleanup(changed)
    kept = with_meta(finalizers=[changes.FINALIZER])
    assert not changes.needs_cleanup(kept)


def test_nodes_behind_load_balancers() -> None:
    def node(name: str, ready: str = "True", **meta: Any) -> dict[str, Any]:
        addresses = [{"type": "Hostname", "address": name}, {"type": "InternalIP", "address": f"10.0.0.{name}"}]
        conditions = [{"type": "Ready", "status": ready}]
        return {"metadata": {"name": name, **meta}, "status": {"conditions": conditions, "addresses": addresses}}

    nodes = [
        node("4"),
        node("5", ready="Unknown"),
        node("6", labels={changes.EXCLUDED: "true"}),
        node("7", deletionTimestamp="2026-01-01T00:00:00Z"),
    ]
    assert changes.balanced_nodes(nodes) == {"4": "10.0.0.4"}
