# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What network security groups do with traffic."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._network import firewall
from ansible_collections.innergate.azure.plugins.module_utils._network.firewall import Decision
from ansible_collections.innergate.azure.plugins.module_utils._network.flows import Flow, flows
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import Kind

SUBNET = [IPv4Network("10.225.0.0/27")]
MANAGEMENT = Flow("Inbound", "ApiManagement", (3443,), "management")
CALLERS = Flow("Inbound", "Internet", (443,), "callers")
PROBE = Flow("Inbound", "AzureLoadBalancer", (6390,), "probe")
STORAGE = Flow("Outbound", "Storage", (443,), "storage")
LIMITS = Flow("Inbound", "VirtualNetwork", (4290,), "limits", protocol="Udp")


def rule(priority: int, access: str, **properties: Any) -> dict[str, Any]:
    """A rule that fits everything inbound unless the properties say otherwise."""
    defaults = {
        "direction": "Inbound",
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
    }
    return {
        "name": f"{access}{priority}",
        "properties": {**defaults, "priority": priority, "access": access, **properties},
    }


def decide(flow: Flow, *rules: dict[str, Any], region: str = "westeurope") -> Decision:
    group = {"properties": {"securityRules": list(rules)}}
    return firewall.decide(firewall.all_rules(group), flow, flow.ports[0], SUBNET, region)


@pytest.mark.parametrize(
    ("flow", "allowed", "by"),
    [
        (MANAGEMENT, False, "DenyAllInBound"),
        (CALLERS, False, "DenyAllInBound"),
        (PROBE, True, "AllowAzureLoadBalancerInBound"),
        (STORAGE, True, "AllowInternetOutBound"),
        (LIMITS, True, "AllowVnetInBound"),
    ],
)
def test_default_rules(flow: Flow, allowed: bool, by: str) -> None:
    assert decide(flow) == Decision(allowed, by)


def test_default_rules_of_the_answer_win_over_ours() -> None:
    group = {"properties": {"securityRules": [], "defaultSecurityRules": [rule(65000, "Deny")]}}
    assert firewall.decide(firewall.all_rules(group), PROBE, 6390, SUBNET, "").rule == "Deny65000"


def test_the_lowest_number_decides() -> None:
    allow = rule(200, "Allow", sourceAddressPrefix="ApiManagement", destinationPortRange="3443")
    assert decide(MANAGEMENT, allow, rule(300, "Deny")).allowed
    assert decide(MANAGEMENT, allow, rule(100, "Deny")) == Decision(False, "Deny100")
    assert decide(MANAGEMENT, rule(100, "Deny", direction="Outbound"), allow).allowed


@pytest.mark.parametrize(
    ("properties", "allowed"),
    [
        ({"sourceAddressPrefix": "ApiManagement"}, True),
        ({"sourceAddressPrefix": "apimanagement"}, True),
        ({"sourceAddressPrefix": "ApiManagement.WestEurope"}, True),
        ({"sourceAddressPrefix": "AzureCloud"}, True),
        ({"sourceAddressPrefix": "Internet"}, True),
        ({"sourceAddressPrefix": "*"}, True),
        ({"sourceAddressPrefix": "0.0.0.0/0"}, True),
        ({"sourceAddressPrefix": "", "sourceAddressPrefixes": ["10.0.0.0/8", "ApiManagement"]}, True),
        ({"sourceAddressPrefix": "VirtualNetwork"}, False),
        ({"sourceAddressPrefix": "AzureLoadBalancer"}, False),
        ({"sourceAddressPrefix": "Storage"}, False),
        ({"destinationAddressPrefix": "VirtualNetwork"}, True),
        ({"destinationAddressPrefix": "10.225.0.0/27"}, True),
        ({"destinationAddressPrefix": "10.0.0.0/8"}, True),
        ({"destinationAddressPrefix": "10.226.0.0/16"}, False),
        ({"destinationAddressPrefix": "Internet"}, False),
        ({"destinationPortRange": "3443"}, True),
        ({"destinationPortRange": "3000-4000"}, True),
        ({"destinationPortRange": "", "destinationPortRanges": ["443", "3443-3445"]}, True),
        ({"destinationPortRange": "443"}, False),
        ({"destinationPortRange": "3444-4000"}, False),
        ({"protocol": "Tcp"}, True),
        ({"protocol": "TCP"}, True),
        ({"protocol": "Udp"}, False),
        ({"protocol": "Icmp"}, False),
    ],
)
def test_what_a_rule_is_about(properties: dict[str, Any], allowed: bool) -> None:
    assert decide(MANAGEMENT, rule(100, "Allow", **properties)).allowed is allowed


@pytest.mark.parametrize(
    ("flow", "properties"),
    [
        (MANAGEMENT, {"sourceAddressPrefix": "13.64.0.0/16"}),
        (MANAGEMENT, {"sourceAddressPrefix": "ApiManagement.EastUS"}),
        (MANAGEMENT, {"destinationAddressPrefix": "10.225.0.4/32"}),
        (MANAGEMENT, {"sourcePortRange": "1024-65535"}),
        (MANAGEMENT, {"destinationApplicationSecurityGroups": [{"id": "x"}]}),
        (CALLERS, {"sourceAddressPrefix": "AzureFrontDoor.Backend"}),
        (CALLERS, {"sourceAddressPrefix": "203.0.113.0/24"}),
    ],
)
def test_a_rule_about_a_part_does_not_decide_but_is_remembered(flow: Flow, properties: dict[str, Any]) -> None:
    assert decide(flow, rule(100, "Allow", **properties)) == Decision(False, "DenyAllInBound", "Allow100")
    everything = rule(200, "Allow")
    assert decide(flow, rule(100, "Deny", **properties), everything) == Decision(True, "Allow200", "Deny100")


def test_a_regional_deny_is_a_whole_one_in_its_own_region() -> None:
    deny = rule(100, "Deny", direction="Outbound", destinationAddressPrefix="Storage.WestEurope")
    assert not decide(STORAGE, deny, region="West Europe").allowed
    assert decide(STORAGE, deny, region="North Europe") == Decision(True, "AllowInternetOutBound", "Deny100")


def test_blocking_the_internet_blocks_azure_too() -> None:
    deny = rule(100, "Deny", direction="Outbound", destinationAddressPrefix="Internet")
    assert not decide(STORAGE, deny).allowed
    allow = rule(90, "Allow", direction="Outbound", destinationAddressPrefix="Storage", destinationPortRange="443")
    assert decide(STORAGE, allow, deny).allowed


def test_what_each_kind_of_connection_needs() -> None:
    """Microsoft Learn, virtual-network-reference."""
    external = {flow.title for flow in flows(Kind.INJECTION, "Premium", "External") if flow.needed}
    internal = {flow.title for flow in flows(Kind.INJECTION, "Premium", "Internal") if flow.needed}
    assert set(external - internal) == {"inbound TCP 443 from Internet (callers of the gateway)"}
    assert len(internal) == 7
    developer = [flow for flow in flows(Kind.INJECTION, "Developer", "Internal") if flow.needed]
    assert len(developer) == 6 and all(flow.ports != (6390,) for flow in developer)
    assert list(flows(Kind.INTEGRATION, "StandardV2", "External")) == []
    assert [flow.peer for flow in flows(Kind.INJECTION_V2, "PremiumV2", "Internal")] == ["Storage"]
    regions = [flow.peer for flow in flows(Kind.INJECTION, "Premium", "External", regions=2)]
    assert "AzureTrafficManager" in regions
    units = [flow for flow in flows(Kind.INJECTION, "Premium", "External", units=2) if flow.peer == "VirtualNetwork"]
    assert [flow.protocol for flow in units] == ["Tcp", "Udp"]
