# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network security group lets pass."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from innergate_sandbox.dataplane import DataPlane, Unreachable
from innergate_sandbox.dataplane.security import INBOUND, OUTBOUND, End, Flow, verdict
from innergate_sandbox.store import Store
from unit.sandbox.dataplane.network import APIM, group, rule

CLIENT = End(tags=frozenset({"internet"}))
SUBNET = End((ip_network("10.0.3.0/24"),), frozenset({"virtualnetwork"}))
FLOW = Flow(CLIENT, SUBNET, 443)


def test_the_default_rules_decide_when_no_own_rule_does() -> None:
    inside = End.of(ip_address("10.0.0.4"), "VirtualNetwork")
    assert verdict([], INBOUND, FLOW) == (False, "DenyAllInBound")
    assert verdict([], INBOUND, Flow(inside, SUBNET, 443)) == (True, "AllowVnetInBound")
    assert verdict([], OUTBOUND, Flow(SUBNET, inside, 443)) == (True, "AllowVnetOutBound")
    assert verdict([], OUTBOUND, Flow(SUBNET, End(tags=frozenset({"internet"})), 80)) == (True, "AllowInternetOutBound")


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"destinationPortRange": "400-500"}, True),
        ({"destinationPortRange": "80"}, False),
        ({"destinationPortRange": None, "destinationPortRanges": ["80", "443"]}, True),
        ({"protocol": "Udp"}, False),
        ({"protocol": "*"}, True),
        ({"sourceAddressPrefix": "*"}, True),
        ({"sourceAddressPrefix": "ApiManagement"}, False),
        ({"sourceAddressPrefix": "198.51.100.7"}, False),
        ({"sourceAddressPrefix": None, "sourceAddressPrefixes": ["ApiManagement", "internet"]}, True),
        ({"destinationAddressPrefix": "VirtualNetwork"}, True),
        ({"destinationAddressPrefix": "10.0.3.0/24"}, True),
        ({"destinationAddressPrefix": "10.0.4.0/24"}, False),
        ({"direction": "Outbound"}, False),
    ],
)
def test_a_rule_covers_what_its_prefixes_ports_and_protocol_say(change: dict[str, Any], allowed: bool) -> None:
    allow = {**rule("Allow", "Inbound", "Internet", "443"), **change, "name": "own"}
    assert verdict([allow], INBOUND, FLOW) == ((True, "own") if allowed else (False, "DenyAllInBound"))


def test_the_lowest_number_decides() -> None:
    allow = {**rule("Allow", "Inbound", "Internet", "443", priority=200), "name": "allow"}
    deny = {**rule("Deny", "Inbound", "*", "*", priority=150), "name": "deny"}
    assert verdict([allow, deny], INBOUND, FLOW) == (False, "deny")
    assert verdict([{**allow, "priority": 100}, deny], INBOUND, FLOW) == (True, "allow")


def test_a_gateway_subnet_is_closed_to_the_internet_until_a_rule_opens_it(store: Store, plane: DataPlane) -> None:
    closed = plane.admits(APIM, 443, zone="internet")
    assert isinstance(closed, Unreachable) and "no network security group" in closed.reason
    assert plane.admits(APIM, 443, zone="vnet") is None
    group(store, "apim", APIM, rule("Allow", "Inbound", "Internet", "443"))
    assert plane.admits(APIM, 443, zone="internet") is None
    group(store, "apim", APIM, rule("Deny", "Inbound", "*", "443"))
    for zone in ("internet", "vnet"):
        denied = plane.admits(APIM, 443, zone=zone)
        assert isinstance(denied, Unreachable) and "rule rule0 of network security group apim" in denied.reason
