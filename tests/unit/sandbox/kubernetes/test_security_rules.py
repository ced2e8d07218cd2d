# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the nodes' security group."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.kubernetes.cloud import security
from innergate_sandbox.kubernetes.cloud.wish import Wish, read

FOREIGN = {"name": "ours", "properties": {"priority": 500, "direction": "Inbound"}}


def wish(internal: bool = True, port: int = 80, **spec: Any) -> Wish:
    annotations = {"service.beta.kubernetes.io/azure-load-balancer-internal": str(internal).lower()}
    meta = {"namespace": "default", "name": "s", "uid": "1" * 36, "annotations": annotations}
    return read({"metadata": meta, "spec": {"ports": [{"port": port, "nodePort": 30080}], **spec}})


def group(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"securityRules": list(rules)}}


def test_an_internal_service_without_restrictions_needs_none() -> None:
    assert security.reconcile(group(FOREIGN), wish(), "10.225.0.4") is None


def test_source_ranges_become_a_rule_beside_the_others() -> None:
    service = wish(loadBalancerSourceRanges=["10.9.0.0/16", "10.8.0.0/16"])
    body = security.reconcile(group(FOREIGN), service, "10.225.0.4")
    assert body is not None
    foreign, rule = body["properties"]["securityRules"]
    assert foreign == FOREIGN
    assert rule["name"].startswith("k8s-azure-lb_allow_IPv4_")
    assert rule["properties"] == {
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "destinationPortRanges": ["80"],
        "sourceAddressPrefixes": ["10.8.0.0/16", "10.9.0.0/16"],
        "access": "Allow",
        "direction": "Inbound",
        "priority": 501,
        "destinationAddressPrefix": "10.225.0.4",
    }
    assert security.reconcile(body, service, "10.225.0.4") is None


def test_a_public_service_is_open_to_the_internet() -> None:
    body = security.reconcile(group(), wish(internal=False), "203.0.113.1")
    assert body is not None
    assert body["properties"]["securityRules"][0]["properties"]["sourceAddressPrefix"] == "Internet"


def test_services_that_agree_share_a_rule_and_leave_it_one_by_one() -> None:
    one = security.reconcile(group(), wish(internal=False), "203.0.113.1")
    assert one is not None
    two = security.reconcile(one, wish(internal=False), "203.0.113.2")
    assert two is not None
    (rule,) = two["properties"]["securityRules"]
    assert rule["properties"]["destinationAddressPrefixes"] == ["203.0.113.1", "203.0.113.2"]
    left = security.reconcile(two, None, "203.0.113.1")
    assert left is not None
    assert left["properties"]["securityRules"][0]["properties"]["destinationAddressPrefix"] == "203.0.113.2"
    empty = security.reconcile(left, None, "203.0.113.2")
    assert empty is not None
    assert empty["properties"]["securityRules"] == []


def test_other_ports_move_the_address_to_another_rule() -> None:
    before = security.reconcile(group(), wish(internal=False), "203.0.113.1")
    assert before is not None
    after = security.reconcile(before, wish(internal=False, port=443), "203.0.113.1")
    assert after is not None
    (rule,) = after["properties"]["securityRules"]
    assert rule["properties"]["destinationPortRanges"] == ["443"]
