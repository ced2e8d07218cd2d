# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pods answer for which address."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.kubernetes.routing import Table, build

POD_A, POD_B = ("10.244.0.2", 8080), ("10.244.1.2", 8080)
LOCAL_A, LOCAL_B = ("127.0.0.1", 40001), ("127.0.0.1", 40002)
NODES = {"n0": "10.224.0.4", "n1": "10.224.0.5"}


def service(name: str = "api", namespace: str = "default", ingress: str | None = None, **spec: Any) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "protocol": "TCP", "nodePort": 30080}]
    return {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"clusterIP": "10.0.0.9", "clusterIPs": ["10.0.0.9"], "ports": ports, **spec},
        "status": {"loadBalancer": {"ingress": [{"ip": ingress}] if ingress else None}},
    }


def endpoint(pod: tuple[str, int], node: str, ready: bool | None = True) -> dict[str, Any]:
    return {"addresses": [pod[0]], "nodeName": node, "conditions": {"ready": ready}}


def slice_of(*endpoints: dict[str, Any], name: str = "api", port: int = 8080) -> dict[str, Any]:
    return {
        "metadata": {"name": f"{name}-x", "namespace": "default", "labels": {"kubernetes.io/service-name": name}},
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": port}],
        "endpoints": list(endpoints),
    }


def table(services: list[dict[str, Any]], *slices: dict[str, Any]) -> Table:
    return build(services, slices, {POD_A: LOCAL_A, POD_B: LOCAL_B}, NODES)


BOTH = slice_of(endpoint(POD_A, "n0"), endpoint(POD_B, "n1"))


def test_pods_answer_themselves() -> None:
    found = table([])
    assert found.endpoints == {POD_A: [LOCAL_A], POD_B: [LOCAL_B]}


def test_cluster_address_node_ports_and_frontend_lead_to_the_ready_pods() -> None:
    found = table([service(ingress="10.225.0.4")], BOTH)
    for address, port in (("10.0.0.9", 80), ("10.225.0.4", 80), ("10.224.0.4", 30080), ("10.224.0.5", 30080)):
        assert found.endpoints[(address, port)] == [LOCAL_A, LOCAL_B]
    assert found.frontends == {"10.225.0.4"}


def test_pods_that_are_not_ready_get_nothing() -> None:
    found = table([service()], slice_of(endpoint(POD_A, "n0", ready=False), endpoint(POD_B, "n1", ready=None)))
    assert found.endpoints[("10.0.0.9", 80)] == [LOCAL_B]


def test_an_address_without_a_ready_pod_is_known_and_empty() -> None:
    assert table([service()]).endpoints[("10.0.0.9", 80)] == []


def test_a_port_on_which_no_pod_listens_leads_nowhere() -> None:
    found = table([service()], slice_of(endpoint(POD_A, "n0"), port=9090))
    assert found.endpoints[("10.0.0.9", 80)] == []


def test_the_local_policy_keeps_node_ports_on_the_node() -> None:
    found = table([service(externalTrafficPolicy="Local", ingress="10.225.0.4")], slice_of(endpoint(POD_A, "n0")))
    assert found.endpoints[("10.224.0.4", 30080)] == [LOCAL_A]
    assert found.endpoints[("10.224.0.5", 30080)] == []
    assert found.endpoints[("10.225.0.4", 80)] == [LOCAL_A]


def test_names() -> None:
    names = table([service()]).names
    assert set(names) == {"api.default", "api.default.svc", "api.default.svc.cluster.local", "api"}
    assert set(names.values()) == {"10.0.0.9"}


def test_a_short_name_that_two_namespaces_have_means_neither() -> None:
    names = table([service(), service(namespace="other", clusterIP="10.0.0.10")]).names
    assert "api" not in names
    assert names["api.other.svc.cluster.local"] == "10.0.0.10"


def test_a_headless_service_means_its_first_pod() -> None:
    found = table([service(clusterIP="None", clusterIPs=["None"])], BOTH)
    assert found.names["api.default"] == POD_A[0]
    assert ("None", 80) not in found.endpoints


def test_udp_is_not_carried() -> None:
    ports = [{"name": "http", "port": 53, "protocol": "UDP"}]
    assert ("10.0.0.9", 53) not in table([service(ports=ports)], BOTH).endpoints
