# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reaches which address, and what a caller is told who does not."""

from __future__ import annotations

import pytest
from innergate_sandbox.dataplane import DataPlane, Unreachable
from innergate_sandbox.store import Store
from unit.sandbox.dataplane.network import (
    APIM,
    BALANCER,
    GROUP,
    HUB_APIM,
    ISLAND_APIM,
    NODES,
    OTHER_POD,
    POD,
    SERVICES,
    balancer,
    group,
    rule,
)


def reason(result: object) -> str:
    assert isinstance(result, Unreachable), result
    return result.reason


def test_ready_endpoints_of_a_frontend_take_turns(plane: DataPlane) -> None:
    results = [plane.resolve("10.0.2.10", 8080, zone="vnet") for dummy in range(4)]
    assert results == [POD, OTHER_POD, POD, OTHER_POD]


def test_what_a_source_publishes_replaces_what_it_said_before(plane: DataPlane) -> None:
    plane.publish("cluster", {("10.0.2.10", 8080): []}, frontends=["10.0.2.10"])
    assert reason(plane.resolve("10.0.2.10", 8080, zone="vnet")) == "no ready endpoint is behind 10.0.2.10:8080"
    assert "nothing listens on" in reason(plane.resolve("10.0.0.4", 30080, zone="vnet"))


def test_a_private_frontend_is_not_reached_from_the_internet(plane: DataPlane) -> None:
    found = reason(plane.resolve("10.0.2.10", 8080, zone="internet"))
    assert found == "10.0.2.10 is a private address of a virtual network, not routed on the internet"


@pytest.mark.parametrize(("address", "port"), [("10.0.0.4", 30080), ("10.244.0.7", 8080), ("10.1.0.1", 80)])
def test_nodes_pods_and_cluster_addresses_answer_in_the_network_only(plane: DataPlane, address: str, port: int) -> None:
    assert plane.resolve(address, port, zone="vnet") == POD
    assert "not routed on the internet" in reason(plane.resolve(address, port, zone="internet"))


def test_a_name_of_the_cluster_resolves_whatever_its_case(plane: DataPlane) -> None:
    assert plane.resolve("API.default.svc.cluster.local.", 80, zone="vnet") == POD
    assert reason(plane.resolve("nobody.example", 80, zone="vnet")) == "the name nobody.example does not resolve"


def test_names_of_the_cluster_are_unknown_elsewhere(plane: DataPlane) -> None:
    for found in (
        plane.resolve("api.default.svc.cluster.local", 80, zone="internet"),
        plane.resolve("api.default.svc.cluster.local", 80, zone="vnet", subnet=APIM),
    ):
        assert "does not resolve" in reason(found)


def test_loopback_is_no_address_of_the_network(plane: DataPlane) -> None:
    assert "loopback" in reason(plane.resolve("127.0.0.1", 80, zone="vnet"))


def test_a_frontend_answers_only_while_arm_has_it(store: Store, plane: DataPlane) -> None:
    store.delete(BALANCER)
    assert (
        reason(plane.resolve("10.0.2.10", 8080, zone="vnet")) == "no load balancer has the frontend address 10.0.2.10"
    )
    balancer(store)
    assert plane.resolve("10.0.2.10", 8080, zone="vnet") == POD


def test_a_frontend_needs_a_rule_for_the_port(store: Store, plane: DataPlane) -> None:
    balancer(store, port=9000)
    found = reason(plane.resolve("10.0.2.10", 8080, zone="vnet"))
    assert found == "load balancer kubernetes-internal has no rule for port 8080 of 10.0.2.10"


def test_a_public_frontend_is_reached_from_both_zones(store: Store, plane: DataPlane) -> None:
    public = f"{GROUP}/publicIPAddresses/web"
    inner = {"ipAddress": "20.1.2.3", "dnsSettings": {"fqdn": "web.westeurope.cloudapp.azure.com"}}
    store.put(public, "Microsoft.Network/publicIPAddresses", {"properties": inner})
    balancer(store, port=80, public_ip=public.upper())
    plane.publish("cluster", {("20.1.2.3", 80): [POD]}, frontends=["20.1.2.3"])
    assert plane.resolve("20.1.2.3", 80, zone="internet") == POD
    assert plane.resolve("WEB.westeurope.cloudapp.azure.com", 80, zone="internet") == POD
    assert plane.resolve("20.1.2.3", 80, zone="vnet", subnet=ISLAND_APIM) == POD
    store.delete(public)
    assert "no load balancer" in reason(plane.resolve("20.1.2.3", 80, zone="internet"))


@pytest.mark.parametrize("subnet", [APIM, HUB_APIM, APIM.upper()])
def test_a_joined_service_reaches_its_network_and_its_peers(plane: DataPlane, subnet: str) -> None:
    assert plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=subnet) == POD
    assert plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=subnet) == POD


def test_a_joined_service_reaches_no_other_network(plane: DataPlane) -> None:
    found = reason(plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=ISLAND_APIM))
    assert found == "10.0.2.10 lies in a virtual network that is not connected with apim"
    assert "no virtual network" in reason(plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=ISLAND_APIM))
    assert "no virtual network" in reason(plane.resolve("10.244.0.7", 8080, zone="vnet", subnet=APIM))
    assert "does not exist" in reason(plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=APIM + "-gone"))


def test_a_deny_rule_on_the_nodes_stops_a_joined_service(store: Store, plane: DataPlane) -> None:
    group(store, "nodes", NODES, rule("Deny", "Inbound", "10.0.3.0/24", "8080"))
    found = reason(plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=APIM))
    assert found == "rule rule0 of network security group nodes lets nothing into subnet nodes on port 8080"
    assert plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=HUB_APIM) == POD
    assert plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=APIM) == POD


def test_a_group_on_the_frontends_subnet_has_no_effect(store: Store, plane: DataPlane) -> None:
    group(store, "services", SERVICES, rule("Deny", "Inbound", "*", "*"))
    assert plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=APIM) == POD


def test_an_outbound_deny_rule_holds_a_joined_service_back(store: Store, plane: DataPlane) -> None:
    group(store, "apim", APIM, rule("Deny", "Outbound", "*", "8000-8999", destinationAddressPrefix="VirtualNetwork"))
    assert "out of subnet apim on port 8080" in reason(plane.resolve("10.0.2.10", 8080, zone="vnet", subnet=APIM))
    assert plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=APIM) == POD


def test_a_new_group_counts_at_once_and_its_removal_too(store: Store, plane: DataPlane) -> None:
    assert plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=APIM) == POD
    group(store, "nodes", NODES, rule("Deny", "Inbound", "VirtualNetwork", "30000-32767"))
    assert "nodes" in reason(plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=APIM))
    group(store, "nodes", NODES, rule("Deny", "Inbound", "VirtualNetwork", "22"))
    assert plane.resolve("10.0.0.4", 30080, zone="vnet", subnet=APIM) == POD
