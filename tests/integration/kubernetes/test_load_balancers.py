# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Load balancers of Services on a real control plane: addresses, failures and what the events say, repair, end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from integration.kubernetes.cluster import NETWORK, PREFIX, Cluster, add_subnet, service
from support.sandbox import Sandbox

FAILED = "SyncLoadBalancerFailed"
HEAD = "Error syncing load balancer: failed to ensure load balancer: "


@pytest.fixture
def services(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster; its load balancers are deleted after each test."""
    yield cluster
    cluster.sandbox.clear_faults()
    for item in cluster.objects("Service"):
        if item["spec"]["type"] == "LoadBalancer":
            cluster.delete("Service", item["metadata"]["name"])


def touch(cluster: Cluster, name: str, **annotations: str) -> None:
    """An edit, which the controller looks at without waiting for its next try."""
    named: dict[str, Any] = {PREFIX + key.replace("_", "-"): value for key, value in annotations.items()}
    cluster.patch("Service", name, {"metadata": {"annotations": named | {"example.com/touched": "yes"}}})


def test_an_internal_service_gets_the_first_free_address_of_its_subnet(services: Cluster, sandbox: Sandbox) -> None:
    since = sandbox.moment()
    services.apply(service("one", "ingress"))
    assert services.address("one", seconds=10) == "10.225.0.4"
    served = {services.call("http://10.225.0.4:8080/random").headers["X-Served-By"] for dummy in range(9)}
    assert len(served) == 3
    assert services.controller_writes(since) == ["PUT kubernetes-internal", "PUT kubernetes"]
    reasons = [
        item["reason"]
        for item in sorted(services.objects("Event"), key=lambda item: int(item["metadata"]["resourceVersion"]))
        if item["involvedObject"]["name"] == "one" and item["source"].get("component") == "service-controller"
    ]
    assert reasons == ["EnsuringLoadBalancer", "EnsuredLoadBalancer"]


def test_its_address_is_not_reached_from_the_internet(services: Cluster) -> None:
    services.apply(service("one", "ingress"))
    address = services.address("one")
    answer = services.call(f"http://{address}:8080/random", "internet", retries=0)
    assert answer.status_code == 403
    assert "private address" in answer.text


def test_addresses_come_back_when_services_go(services: Cluster) -> None:
    services.apply(service("one", "ingress"))
    services.address("one")
    services.apply(service("two", "ingress"))
    assert services.address("two") == "10.225.0.5"
    services.delete("Service", "one")
    services.apply(service("three", "ingress"))
    assert services.address("three") == "10.225.0.4"


def test_the_last_service_takes_the_load_balancer_with_it(services: Cluster, sandbox: Sandbox) -> None:
    services.apply(service("one", "ingress"))
    services.address("one")
    since = sandbox.moment()
    services.delete("Service", "one")
    assert services.controller_writes(since) == ["DELETE kubernetes-internal"]
    services.event("one", "DeletedLoadBalancer")


def test_a_missing_subnet_is_told_and_its_creation_repairs_it(services: Cluster, sandbox: Sandbox) -> None:
    services.apply(service("lost", "nosuch"))
    event = services.event("lost", FAILED)
    assert event["message"] == (
        f"{HEAD}ensure(default/lost): lb(kubernetes-internal) - failed to get subnet: aks-vnet/nosuch"
    )
    assert event["source"]["component"] == "service-controller"
    add_subnet(sandbox, "nosuch", "10.225.2.0/24")
    assert services.address("lost", seconds=10) == "10.225.2.4"  # at the next try, after 5 s
    services.delete("Service", "lost")
    assert sandbox.arm("DELETE", f"{NETWORK}/subnets/nosuch", version="2025-05-01").status_code in (200, 202, 204)


def test_a_full_subnet_is_told_and_does_not_hold_up_others(services: Cluster) -> None:
    for number in range(3):
        services.apply(service(f"tiny-{number}", "tiny"))
    assert {services.address(f"tiny-{number}") for number in range(3)} == {"10.225.1.4", "10.225.1.5", "10.225.1.6"}
    services.apply(service("tiny-3", "tiny"))
    event = services.event("tiny-3", FAILED)
    assert "\nRESPONSE 400: 400 Bad Request\nERROR CODE: SubnetIsFull\n" in event["message"]
    services.apply(service("other", "ingress"))
    services.address("other")
    services.delete("Service", "tiny-1")
    touch(services, "tiny-3")
    assert services.address("tiny-3") == "10.225.1.5"


def test_a_missing_right_on_the_subnet_is_told(services: Cluster, sandbox: Sandbox) -> None:
    sandbox.fault(
        {"path": "/subnets/ingress$", "then": {"deny": "Microsoft.Network/virtualNetworks/subnets/join/action"}}
    )
    services.apply(service("denied", "ingress"))
    message = services.event("denied", FAILED)["message"]
    assert message.startswith(f"{HEAD}PUT https://")
    assert "ERROR CODE: LinkedAuthorizationFailed" in message
    assert "Microsoft.Network/virtualNetworks/subnets/join/action" in message
    sandbox.clear_faults()
    touch(services, "denied")
    services.address("denied")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.99.0.50", "PrivateIPAddressNotInSubnet"),
        ("10.225.0.2", "PrivateIPAddressInReservedRange"),
    ],
)
def test_an_address_that_cannot_be_had_is_told(services: Cluster, address: str, code: str) -> None:
    services.apply(service("fixed", "ingress", address=address))
    assert f"ERROR CODE: {code}" in services.event("fixed", FAILED, words=address)["message"]
    touch(services, "fixed", ipv4="10.225.0.77")
    assert services.address("fixed") == "10.225.0.77"


def test_services_share_an_address_but_not_a_port(services: Cluster) -> None:
    services.apply(service("first", "ingress", address="10.225.0.50"))
    services.address("first")
    services.apply(service("second", "ingress", port=8081, address="10.225.0.50"))
    assert services.address("second") == "10.225.0.50"
    assert services.call("http://10.225.0.50:8081/random").status_code == 200
    services.apply(service("third", "ingress", address="10.225.0.50"))
    message = services.event("third", FAILED)["message"]
    assert message.startswith(f"{HEAD}checkLoadBalancerResourcesConflicts: service port http is trying to consume")


def test_an_old_address_stays_while_a_change_fails(services: Cluster) -> None:
    services.apply(service("moved", "ingress"))
    before = services.address("moved")
    touch(services, "moved", internal_subnet="nosuch-either")
    services.event("moved", FAILED, words="nosuch-either")
    assert services.address("moved") == before
    assert services.call(f"http://{before}:8080/random").status_code == 200
    touch(services, "moved", internal_subnet="tiny")
    assert services.address("moved", unlike=before) == "10.225.1.4"


def test_a_public_service_is_reached_from_the_internet(services: Cluster, sandbox: Sandbox) -> None:
    since = sandbox.moment()
    services.apply(service("public", port=80))
    address = services.address("public")
    assert services.call(f"http://{address}/random", "internet").status_code == 200
    writes = services.controller_writes(since)
    assert writes[0].startswith("PUT kubernetes-a")
    assert writes[1] == "PUT kubernetes"
    touch(services, "public", internal="true", internal_subnet="ingress")
    inner = services.address("public", unlike=address)
    assert inner.startswith("10.225.0.")
    assert services.call(f"http://{address}/random", "internet", retries=0).status_code == 403
    assert services.controller_writes(since)[-1].startswith("DELETE kubernetes-a")


def test_another_type_clears_the_status_and_the_load_balancer(services: Cluster) -> None:
    services.apply(service("changed", "ingress"))
    address = services.address("changed")
    services.patch("Service", "changed", {"spec": {"type": "ClusterIP"}})
    services.wait("Service", "changed", lambda item: not item["status"]["loadBalancer"])
    services.wait("Service", "changed", lambda item: not item["metadata"].get("finalizers"))
    assert services.call(f"http://{address}:8080/random", retries=0).status_code != 200
    services.delete("Service", "changed")


def test_node_ports_with_the_local_policy_answer_only_where_a_pod_is(services: Cluster) -> None:
    spec = {"type": "NodePort", "externalTrafficPolicy": "Local"}
    services.apply(service("local", port=8080, **spec))
    port = services.get("Service", "local")["spec"]["ports"][0]["nodePort"]
    pods = {
        item["spec"]["nodeName"]: item["metadata"]["name"] for item in services.objects("Pod", labelSelector="app=api")
    }
    assert len(pods) == 3
    node = services.request("GET", f"api/v1/nodes/{next(iter(pods))}")
    address = next(item["address"] for item in node["status"]["addresses"] if item["type"] == "InternalIP")
    served = {services.call(f"http://{address}:{port}/random").headers["X-Served-By"] for dummy in range(4)}
    assert served == {pods[node["metadata"]["name"]]}
    services.delete("Service", "local")
