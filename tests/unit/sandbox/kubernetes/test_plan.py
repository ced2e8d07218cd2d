# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Services to load balancer documents: the shapes, names and choices of the real controller."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud import plan
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.wish import Wish, read

SUB = "11111111-2222-3333-4444-555555555555"
CONFIG = CloudConfig(SUB, "MC_rg_aks_westeurope", "westeurope", "rg", "aks-vnet", "aks-subnet")
SUBNET: dict[str, Any] = {
    "id": f"{CONFIG.vnet_id}/subnets/ilb",
    "name": "ilb",
    "properties": {"addressPrefix": "10.225.0.0/24"},
}
OTHER: dict[str, Any] = {
    "id": f"{CONFIG.vnet_id}/subnets/other",
    "name": "other",
    "properties": {"addressPrefixes": ["10.226.0.0/24"]},
}
LB = f"/subscriptions/{SUB}/resourceGroups/mc_rg_aks_westeurope/providers/Microsoft.Network/loadBalancers"
INTERNAL = {"azure-load-balancer-internal": "true", "azure-load-balancer-internal-subnet": "ilb"}


def wish(
    uid: int = 1,
    annotations: dict[str, str] | None = None,
    ports: list[dict[str, Any]] | None = None,
    status: str | None = None,
    **spec: Any,
) -> Wish:
    named = {f"service.beta.kubernetes.io/{key}": value for key, value in (INTERNAL | (annotations or {})).items()}
    meta = {"namespace": "default", "name": f"s{uid}", "uid": f"0000000{uid}-" + "0" * 23, "annotations": named}
    ports = ports or [{"name": "http", "port": 80, "nodePort": 30080}]
    return read(
        {
            "metadata": meta,
            "spec": {"ports": ports, **spec},
            "status": {"loadBalancer": {"ingress": [{"ip": status}] if status else None}},
        }
    )


def as_azure(body: dict[str, Any], *addresses: str) -> dict[str, Any]:
    """The load balancer as ARM would give it back: ids, etag, an address in every frontend."""
    found = copy.deepcopy(body)
    found |= {"id": f"{LB}/{body['name']}", "etag": 'W/"1"'}
    free = itertools.chain(addresses, (f"10.225.0.{number}" for number in range(4, 250)))
    for item in found["properties"]["frontendIPConfigurations"]:
        if "privateIPAddress" not in item["properties"]:
            item["properties"]["privateIPAddress"] = next(free)
    for field in ("probes", "loadBalancingRules", "backendAddressPools"):
        for item in found["properties"].get(field) or []:
            item["properties"]["provisioningState"] = "Succeeded"
    return found


def test_the_first_internal_service_makes_the_load_balancer() -> None:
    wanted = plan.ensure(wish(), CONFIG, None, SUBNET)
    base = wish().base
    balancer = f"{LB}/kubernetes-internal"
    assert wanted.changed
    assert wanted.body == {
        "name": "kubernetes-internal",
        "location": "westeurope",
        "sku": {"name": "Standard"},
        "properties": {
            "frontendIPConfigurations": [
                {
                    "id": f"{balancer}/frontendIPConfigurations/{base}-ilb",
                    "name": f"{base}-ilb",
                    "zones": ["1", "2", "3"],
                    "properties": {
                        "subnet": {"id": SUBNET["id"], "name": "ilb"},
                        "privateIPAllocationMethod": "Dynamic",
                    },
                }
            ],
            "backendAddressPools": [{"name": "kubernetes", "properties": {}}],
            "probes": [
                {
                    "name": f"{base}-ilb-TCP-80",
                    "properties": {"protocol": "Tcp", "port": 30080, "intervalInSeconds": 5, "probeThreshold": 2},
                }
            ],
            "loadBalancingRules": [
                {
                    "name": f"{base}-ilb-TCP-80",
                    "properties": {
                        "protocol": "Tcp",
                        "frontendIPConfiguration": {"id": f"{balancer}/frontendIPConfigurations/{base}-ilb"},
                        "backendAddressPool": {"id": f"{balancer}/backendAddressPools/kubernetes"},
                        "loadDistribution": "Default",
                        "frontendPort": 80,
                        "backendPort": 80,
                        "enableFloatingIP": True,
                        "disableOutboundSnat": False,
                        "idleTimeoutInMinutes": 4,
                        "enableTcpReset": True,
                        "probe": {"id": f"{balancer}/probes/{base}-ilb-TCP-80"},
                    },
                }
            ],
        },
    }


def test_planning_again_on_what_azure_made_of_it_changes_nothing() -> None:
    found = as_azure(plan.ensure(wish(), CONFIG, None, SUBNET).body)
    again = plan.ensure(wish(status="10.225.0.4"), CONFIG, found, SUBNET)
    assert not again.changed
    assert again.body == found


def test_ids_are_compared_without_case() -> None:
    found = as_azure(plan.ensure(wish(), CONFIG, None, SUBNET).body)
    for rule in found["properties"]["loadBalancingRules"]:
        for name in ("frontendIPConfiguration", "backendAddressPool", "probe"):
            rule["properties"][name]["id"] = rule["properties"][name]["id"].replace("mc_rg", "MC_RG")
    assert not plan.ensure(wish(), CONFIG, found, SUBNET).changed


def test_a_second_service_is_added_at_the_end_and_leaves_the_first_alone() -> None:
    found = as_azure(plan.ensure(wish(1), CONFIG, None, SUBNET).body)
    wanted = plan.ensure(wish(2), CONFIG, found, SUBNET)
    before, after = found["properties"], wanted.body["properties"]
    for field in ("frontendIPConfigurations", "probes", "loadBalancingRules"):
        assert after[field][0] == before[field][0]
        assert after[field][1]["name"].startswith(wish(2).base)
    assert wanted.body["etag"] == found["etag"]


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("10.225.0.50", "10.225.0.9", ("Static", "10.225.0.50")),
        ("not-an-ip", None, ("Static", "not-an-ip")),
        ("10.99.0.1", None, ("Static", "10.99.0.1")),
        (None, "10.225.0.9", ("Static", "10.225.0.9")),
        (None, "10.99.0.1", ("Dynamic", None)),
        (None, None, ("Dynamic", None)),
    ],
)
def test_which_address_is_asked_for(asked: str | None, status: str | None, expected: tuple[str, str | None]) -> None:
    service = wish(annotations={"azure-load-balancer-ipv4": asked} if asked else None, status=status)
    frontend = plan.ensure(service, CONFIG, None, SUBNET).body["properties"]["frontendIPConfigurations"][0]
    content = frontend["properties"]
    assert (content["privateIPAllocationMethod"], content.get("privateIPAddress")) == expected


def test_an_address_no_longer_asked_for_stays() -> None:
    fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
    found = as_azure(plan.ensure(wish(annotations=fixed), CONFIG, None, SUBNET).body)
    assert not plan.ensure(wish(status="10.225.0.50"), CONFIG, found, SUBNET).changed


def test_another_address_replaces_the_frontend() -> None:
    found = as_azure(plan.ensure(wish(), CONFIG, None, SUBNET).body)
    wanted = plan.ensure(wish(annotations={"azure-load-balancer-ipv4": "10.225.0.60"}), CONFIG, found, SUBNET)
    frontends = wanted.body["properties"]["frontendIPConfigurations"]
    assert [item["properties"]["privateIPAddress"] for item in frontends] == ["10.225.0.60"]
    assert wanted.changed


def test_another_subnet_replaces_frontend_rules_and_probes_in_one_write() -> None:
    found = as_azure(plan.ensure(wish(), CONFIG, None, SUBNET).body)
    moved = wish(annotations={"azure-load-balancer-internal-subnet": "other"}, status="10.225.0.4")
    wanted = plan.ensure(moved, CONFIG, found, OTHER)
    content = wanted.body["properties"]
    assert [item["name"] for item in content["frontendIPConfigurations"]] == [f"{moved.base}-other"]
    assert [item["name"] for item in content["loadBalancingRules"]] == [f"{moved.base}-other-TCP-80"]
    assert [item["name"] for item in content["probes"]] == [f"{moved.base}-other-TCP-80"]
    assert content["frontendIPConfigurations"][0]["properties"]["privateIPAllocationMethod"] == "Dynamic"


def test_the_same_address_is_shared_and_brings_only_rules_and_probes() -> None:
    fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
    found = as_azure(plan.ensure(wish(1, fixed), CONFIG, None, SUBNET).body)
    second = wish(2, fixed, ports=[{"name": "https", "port": 443, "nodePort": 30443}])
    wanted = plan.ensure(second, CONFIG, found, SUBNET)
    content = wanted.body["properties"]
    assert len(content["frontendIPConfigurations"]) == 1
    assert wanted.frontend == wish(1).frontend
    assert content["loadBalancingRules"][1]["name"] == f"{second.base}-ilb-TCP-443"
    owner = content["loadBalancingRules"][1]["properties"]["frontendIPConfiguration"]["id"]
    assert owner.endswith(wish(1).frontend)


def test_the_same_address_and_port_is_a_conflict() -> None:
    fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
    found = as_azure(plan.ensure(wish(1, fixed), CONFIG, None, SUBNET).body)
    with pytest.raises(plan.Conflict) as caught:
        plan.ensure(wish(2, fixed), CONFIG, found, SUBNET)
    frontend = found["properties"]["frontendIPConfigurations"][0]["id"]
    assert str(caught.value) == (
        "checkLoadBalancerResourcesConflicts: service port http is trying to consume the port 80 which is being "
        f"referenced by an existing loadBalancing rule {wish(1).base}-ilb-TCP-80 with the same protocol Tcp and "
        f"frontend IP config with ID {frontend}"
    )


def test_a_public_service_has_its_address_and_its_own_load_balancer() -> None:
    service = wish(annotations={"azure-load-balancer-internal": "false"})
    wanted = plan.ensure(service, CONFIG, None, None, "/pip")
    assert wanted.body["name"] == "kubernetes"
    frontend = wanted.body["properties"]["frontendIPConfigurations"][0]
    assert frontend["name"] == service.base
    assert frontend["properties"] == {"publicIPAddress": {"id": "/pip"}}
    assert "zones" not in frontend


class TestRemoval:
    def test_the_last_service_takes_the_load_balancer_with_it(self) -> None:
        found = as_azure(plan.ensure(wish(), CONFIG, None, SUBNET).body)
        assert plan.remove(wish(), found).last

    def test_others_stay(self) -> None:
        found = as_azure(plan.ensure(wish(1), CONFIG, None, SUBNET).body)
        found = as_azure(plan.ensure(wish(2), CONFIG, found, SUBNET).body)
        removal = plan.remove(wish(1), found)
        assert removal.changed and not removal.last
        content = removal.body["properties"]
        for field in ("frontendIPConfigurations", "probes", "loadBalancingRules"):
            assert [item["name"].startswith(wish(2).base) for item in content[field]] == [True]

    def test_a_service_without_anything_there_changes_nothing(self) -> None:
        found = as_azure(plan.ensure(wish(1), CONFIG, None, SUBNET).body)
        removal = plan.remove(wish(2), found)
        assert not removal.changed and not removal.last

    def test_a_frontend_that_another_service_shares_stays(self) -> None:
        fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
        found = as_azure(plan.ensure(wish(1, fixed), CONFIG, None, SUBNET).body)
        second = wish(2, fixed, ports=[{"name": "https", "port": 443, "nodePort": 30443}])
        found = as_azure(plan.ensure(second, CONFIG, found, SUBNET).body)
        removal = plan.remove(wish(1, fixed), found)
        assert not removal.last
        assert len(removal.body["properties"]["frontendIPConfigurations"]) == 1
        assert [item["name"] for item in removal.body["properties"]["loadBalancingRules"]] == [
            f"{second.base}-ilb-TCP-443"
        ]

    def test_a_shared_frontend_goes_with_the_last_service_that_uses_it(self) -> None:
        fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
        found = as_azure(plan.ensure(wish(1, fixed), CONFIG, None, SUBNET).body)
        second = wish(2, fixed, ports=[{"name": "https", "port": 443, "nodePort": 30443}])
        found = as_azure(plan.ensure(second, CONFIG, found, SUBNET).body)
        found = as_azure(plan.remove(wish(1, fixed), found).body)
        assert plan.remove(second, found).last

    def test_what_serves_a_service_is_found_by_name_or_by_shared_address(self) -> None:
        fixed = {"azure-load-balancer-ipv4": "10.225.0.50"}
        found = as_azure(plan.ensure(wish(1, fixed), CONFIG, None, SUBNET).body)
        second = wish(2, fixed, ports=[{"name": "https", "port": 443, "nodePort": 30443}])
        assert plan.owned(second, found) == []
        found = as_azure(plan.ensure(second, CONFIG, found, SUBNET).body)
        assert [item["name"] for item in plan.owned(second, found)] == [wish(1).frontend]


def test_the_pool_names_machines_and_their_network() -> None:
    body = plan.pool_body(CONFIG, {"b": "10.224.0.5", "a": "10.224.0.4"})
    assert body["properties"]["virtualNetwork"] == {"id": CONFIG.vnet_id}
    found = {"properties": {"backendAddressPools": [body]}}
    assert plan.pool_members(found, CONFIG) == {"a": "10.224.0.4", "b": "10.224.0.5"}
