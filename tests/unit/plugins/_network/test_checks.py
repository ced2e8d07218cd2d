# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check before a join, on a situation that is good but for one thing."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._network import check_public_ip, check_rules, checks
from ansible_collections.innergate.azure.plugins.module_utils._network.finding import CHECKS, Finding
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import Situation, Wanted, subnet_id

SUB = "/subscriptions/sub/resourceGroups/rg/providers"
SUBNET_ID = f"{SUB}/Microsoft.Network/virtualNetworks/v/subnets/apim"
NSG_ID = f"{SUB}/Microsoft.Network/networkSecurityGroups/nsg"
PIP_ID = f"{SUB}/Microsoft.Network/publicIPAddresses/ip"
ALLOW = {"protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*", "access": "Allow", "priority": 100}
ANY = {"sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}


def situation(
    *,
    sku: str = "Premium",
    capacity: int = 1,
    mode: str = "External",
    service: dict[str, Any] | None = None,
    subnet: dict[str, Any] | None = None,
    address: dict[str, Any] | None = None,
    public_ip: str = PIP_ID,
    rules: list[dict[str, Any]] | None = None,
    routes: list[dict[str, Any]] | None = None,
) -> Situation:
    """A service, a subnet, a group that lets everything through, an address. Dictionaries replace properties."""
    wanted = Wanted("apim-demo", "sub", subnet_id(SUBNET_ID, "sub", "rg"), mode, public_ip)
    inner = {"addressPrefix": "10.0.1.0/26", "networkSecurityGroup": {"id": NSG_ID}, **(subnet or {})}
    everything = [
        {"name": f"all-{way}", "properties": {**ALLOW, **ANY, "direction": way}} for way in ("Inbound", "Outbound")
    ]
    ip = {
        "publicIPAllocationMethod": "Static",
        "publicIPAddressVersion": "IPv4",
        "dnsSettings": {"domainNameLabel": "x"},
    }
    extra = address or {}
    return Situation(
        wanted,
        service={
            "location": "West Europe",
            "sku": {"name": sku, "capacity": capacity},
            "properties": {"provisioningState": "Succeeded", "virtualNetworkType": "None", **(service or {})},
        },
        vnet={
            "name": "v",
            "location": "westeurope",
            "properties": {"subnets": [{"name": "Apim", "properties": inner}]},
        },
        group={"name": "nsg", "properties": {"securityRules": everything if rules is None else rules}},
        routes=None
        if routes is None
        else {"name": "rt", "properties": {"routes": [{"properties": r} for r in routes]}},
        public_ip={
            "location": extra.pop("location", "westeurope"),
            "sku": {"name": extra.pop("sku", "Standard")},
            "properties": {**ip, **extra},
        },
    )


def bad(found: Situation) -> list[Finding]:
    return [item for item in checks.examine(found).findings if not item.ok]


def errors(found: Situation) -> list[str]:
    return [item.name for item in checks.examine(found).errors]


def with_delegation(service: str) -> dict[str, Any]:
    return {"delegations": [{"name": "d", "properties": {"serviceName": service}}]}


def dual_stack(prefix: str) -> dict[str, Any]:
    return {"addressPrefix": None, "addressPrefixes": ["fd00::/64", prefix]}


USERS = {"ipConfigurations": [{"id": f"/nic/{number}"} for number in range(58)]}
LINK = {
    "serviceAssociationLinks": [{"properties": {"linkedResourceType": "Microsoft.ContainerInstance/containerGroups"}}]
}
OWN_LINK = {"resourceNavigationLinks": [{"properties": {"linkedResourceType": "Microsoft.ApiManagement/service"}}]}
JOINED = {"virtualNetworkType": "Internal", "virtualNetworkConfiguration": {"subnetResourceId": SUBNET_ID}}
WITH_IP = {**JOINED, "publicIpAddressId": PIP_ID}
TAKEN_OUT = {"virtualNetworkType": "None", "publicIpAddressId": PIP_ID}
FARMS = with_delegation("Microsoft.Web/serverFarms")
TUNNEL = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"}


def v2(subnet: dict[str, Any]) -> Situation:
    """A service of a v2 tier, with that subnet."""
    return situation(sku="StandardV2", public_ip="", subnet=subnet)


@pytest.mark.parametrize(
    "good",
    [
        situation(),
        situation(mode="Internal", public_ip=""),
        situation(sku="Developer", subnet={"addressPrefix": "10.0.1.0/28"}),
        v2(FARMS),
        situation(subnet={"ipConfigurations": [{"id": "a"}, {"id": "b"}]}),
    ],
)  # fmt: skip
def test_good_ones(good: Situation) -> None:
    assert bad(good) == []


@pytest.mark.parametrize(
    ("found", "name", "words"),
    [
        (situation(sku="Basic"), "tier", "the tier Basic can't be connected to a VNET"),
        (situation(sku="Consumption"), "tier", "in the mode External these can: Developer, Premium"),
        (situation(sku="StandardV2", mode="Internal"), "tier", "in the mode External only, not Internal"),
        (situation(sku="PremiumV2", mode="Internal"), "tier", "only when it is created"),
        (situation(service={"provisioningState": "Activating"}), "service_state", "busy (Activating)"),
        (situation(service={"platformVersion": "stv1"}), "platform", "retired"),
        (situation(subnet={"addressPrefix": "10.0.1.0/29"}, capacity=2), "subnet_size", "needs a /28 or larger"),
        (situation(subnet={"addressPrefixes": ["10.0.1.0/29"], "addressPrefix": ""}, capacity=2), "subnet_size", "/29"),
        (v2({"addressPrefix": "10.0.1.0/28", **FARMS}), "subnet_size", "/27"),
        (situation(subnet={"addressPrefix": "fd00:60::/64"}), "subnet_size", "(fd00:60::/64) has no IPv4 range"),
        (v2({"addressPrefix": None, "addressPrefixes": ["fd00:60::/64"], **FARMS}), "subnet_size", "no IPv4 range"),
        (situation(subnet=dual_stack("10.0.1.0/29"), capacity=2), "subnet_size", "needs a /28 or larger"),
        (situation(subnet=USERS), "free_addresses", "has 1 free addresses"),
        (situation(subnet=FARMS), "delegation", "needs one that is not delegated"),
        (v2({}), "delegation", "is not delegated to Microsoft.Web/serverFarms"),
        (v2(with_delegation("Microsoft.Sql/managedInstances")), "delegation", "Microsoft.Sql/managedInstances"),
        (v2({**FARMS, "ipConfigurations": [{"id": "/nic/1"}, {"id": "/nic/2"}]}), "occupation", "/nic/1 and 1 others"),
        (situation(subnet=LINK), "occupation", "Microsoft.ContainerInstance"),
        (situation(subnet={"networkSecurityGroup": None}), "network_security_group", "lets nothing in"),
        (situation(rules=[]), "network_security_rules", "port 443 by the rule DenyAllInBound"),
        (situation(public_ip=""), "public_ip_address", "in the mode External the service needs a public IP address"),
        (situation(address={"sku": "Basic"}), "public_ip_address", "has the SKU Basic"),
        (situation(address={"publicIPAllocationMethod": "Dynamic"}), "public_ip_address", "is Dynamic"),
        (situation(address={"publicIPAddressVersion": "IPv6"}), "public_ip_address", "no IPv4"),
        (situation(address={"dnsSettings": None}), "public_ip_address", "no DNS label"),
        (situation(address={"location": "North Europe"}), "public_ip_address", "is in North Europe"),
        (situation(address={"ipConfiguration": {"id": "/lb/x"}}), "public_ip_address", "in use by /lb/x"),
        (situation(service=WITH_IP), "public_ip_address", "needs another one"),
        (situation(service=WITH_IP, public_ip=""), "public_ip_address", "needs another one"),
        (situation(service=TAKEN_OUT), "public_ip_address", "needs another one"),
        (situation(service=TAKEN_OUT, mode="Internal", public_ip=""), "public_ip_address", "needs another one"),
        (situation(routes=[TUNNEL]), "routes", "answers of the management endpoint (3443) get lost"),
        (situation(routes=[TUNNEL]), "service_endpoints", "Microsoft.Sql, Microsoft.Storage, Microsoft.EventHub"),
    ],
)  # fmt: skip
def test_errors(found: Situation, name: str, words: str) -> None:
    matching = [item for item in checks.examine(found).errors if item.name == name]
    assert any(words in item.message for item in matching), bad(found)
    assert all(item.advice for item in matching)


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (situation(service={"provisioningState": "Failed"}), "service_state"),
        (situation(subnet={"addressPrefix": "10.0.1.0/29"}), "room_to_scale"),
        (situation(sku="StandardV2", subnet=FARMS), "public_ip_address"),
    ],
)
def test_warnings_are_no_errors(found: Situation, name: str) -> None:
    assert name in [item.name for item in bad(found)]
    assert errors(found) == []


def test_forced_tunnelling_done_right_leaves_a_warning_for_callers() -> None:
    endpoints = {"serviceEndpoints": [{"service": name.lower()} for name in check_rules.NEEDED_ENDPOINTS]}
    routes = [
        {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualNetworkGateway"},
        {"addressPrefix": "ApiManagement", "nextHopType": "Internet"},
    ]
    assert errors(situation(subnet=endpoints, routes=routes)) == []
    assert [item.name for item in bad(situation(subnet=endpoints, routes=routes))] == ["routes"]
    assert bad(situation(subnet=endpoints, routes=routes, mode="Internal", public_ip="")) == []


def test_a_default_route_to_the_internet_is_no_matter() -> None:
    assert bad(situation(routes=[{"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}])) == []


def test_optional_traffic_is_only_warned_about() -> None:
    deny = {**ALLOW, "direction": "Outbound", "access": "Deny", "priority": 90, "destinationAddressPrefix": "EventHub",
            "sourceAddressPrefix": "*", "destinationPortRange": "5671"}  # fmt: skip
    everything = situation().group
    assert everything is not None
    rules = [{"name": "no-events", "properties": deny}, *everything["properties"]["securityRules"]]
    found = situation(rules=rules)
    assert errors(found) == []
    assert ["no-events" in item.message for item in bad(found)] == [True]


@pytest.mark.parametrize(
    ("priority", "direction", "advice"),
    [
        (100, "Inbound", "remove the rule block, or give it a number greater than 100, which is the highest priority"),
        (101, "Inbound", "add a rule of higher priority: allow Inbound Tcp from ApiManagement to VirtualNetwork"),
        (100, "Outbound", ""),
    ],
)
def test_no_rule_is_before_one_of_the_highest_priority(priority: int, direction: str, advice: str) -> None:
    ends = {"sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "sourcePortRange": "*"}
    deny = {"access": "Deny", "protocol": "*", "priority": priority, "direction": direction, **ends}
    block = {"name": "block", "properties": {**deny, "destinationPortRange": "3443"}}
    rules = (situation().group or {})["properties"]["securityRules"]
    others = [{**rule, "properties": {**rule["properties"], "priority": 200 + n}} for n, rule in enumerate(rules)]
    found = bad(situation(rules=[block, *others]))
    assert [item.advice.partition(", and")[0][: len(advice)] for item in found] == ([advice] if advice else [])


def test_partly_allowed_callers_are_warned_about() -> None:
    group = situation().group
    assert group is not None
    rules = copy.deepcopy(group["properties"]["securityRules"])
    rules[0]["properties"]["sourceAddressPrefix"] = "AzureLoadBalancer"
    door = {
        **ALLOW,
        "direction": "Inbound",
        "destinationAddressPrefix": "*",
        "sourceAddressPrefix": "AzureFrontDoor.Backend",
    }
    management = {
        **ALLOW,
        "direction": "Inbound",
        "destinationAddressPrefix": "*",
        "sourceAddressPrefix": "ApiManagement",
    }
    rules += [{"name": "door", "properties": door}, {"name": "management", "properties": management}]
    found = situation(rules=rules)
    assert errors(found) == []
    assert ["allows only a part" in item.message for item in bad(found)] == [True]


def test_its_own_subnet_is_no_foreign_one() -> None:
    moved = situation(service=JOINED, subnet={**USERS, **OWN_LINK}, public_ip=PIP_ID)
    assert "free_addresses" not in errors(moved)
    assert "occupation" not in errors(moved)
    assert errors(situation(subnet=OWN_LINK)) == []


def test_of_a_dual_stack_subnet_the_ipv4_range_counts() -> None:
    both = dual_stack("10.0.1.0/26")
    assert bad(situation(subnet=both)) == []
    size = next(item for item in checks.examine(situation(subnet=both)).findings if item.name == "subnet_size")
    assert "(10.0.1.0/26) has 59 addresses to assign" in size.message


def test_whose_addresses_are_used_is_not_known_of_a_dual_stack_subnet() -> None:
    used = {**USERS, **dual_stack("10.0.1.0/26")}
    assert [(item.name, item.severity) for item in bad(situation(subnet=used))] == [("free_addresses", "warning")]


def test_connected_already() -> None:
    found = checks.examine(
        situation(mode="Internal", service=JOINED, public_ip="", subnet={"addressPrefix": "10.0.1.0/29"})
    )
    assert found.connected
    assert [item.name for item in found.findings] == ["connected"]


@pytest.mark.parametrize("name", ["vnet", "subnet", "other"])
def test_what_is_missing(name: str) -> None:
    found = situation()
    if name == "vnet":
        found.vnet = None
    elif name == "subnet":
        found.vnet = {"location": "westeurope", "properties": {"subnets": [{"name": "aks", "properties": {}}]}}
    else:
        found.denied["subnet"] = "no authorization to perform action 'Microsoft.Network/virtualNetworks/read'"
    words = {"vnet": "no virtual network v in resource group rg", "subnet": "only aks", "other": "can't be read"}
    problem = bad(found)
    assert [item.name for item in problem] == ["subnet"]
    assert words[name] in problem[0].message


def test_other_subscription() -> None:
    found = situation()
    found.wanted = Wanted("apim-demo", "another", found.wanted.subnet, "External", PIP_ID)
    assert errors(found) == ["subscription"]


def test_other_region() -> None:
    found = situation()
    found.vnet = {**(found.vnet or {}), "location": "eastus"}
    assert errors(found) == ["region"]


def test_public_ip_that_does_not_exist() -> None:
    found = situation()
    found.public_ip = None
    assert errors(found) == ["public_ip_address"]


def test_what_may_not_be_read_is_warned_about() -> None:
    found = situation(subnet={"routeTable": {"id": f"{SUB}/Microsoft.Network/routeTables/rt"}})
    found.group = found.public_ip = None
    found.denied = dict.fromkeys(("network_security_group", "routes", "public_ip_address"), "no right")
    assert errors(found) == []
    assert [item.name for item in bad(found)] == ["network_security_group", "routes", "public_ip_address"]


@pytest.mark.parametrize(
    ("actions", "excluded", "allowed"),
    [
        (["*"], [], True),
        (["Microsoft.Network/*"], [], True),
        (["microsoft.network/virtualnetworks/subnets/join/action"], [], True),
        (["Microsoft.Network/virtualNetworks/*/action"], [], True),
        (["*/read"], [], False),
        (["*"], ["Microsoft.Network/virtualNetworks/subnets/join/action"], False),
        ([], [], False),
    ],
)
def test_rights(actions: list[str], excluded: list[str], allowed: bool) -> None:
    permissions = [
        {"actions": ["Microsoft.Resources/*"], "notActions": []},
        {"actions": actions, "notActions": excluded},
    ]
    assert checks.allows(permissions, checks.JOIN) is allowed
    found = situation()
    found.permissions = permissions
    assert errors(found) == ([] if allowed else ["rights"])


@pytest.mark.parametrize("text", ["apim", "a/b/c", "/subscriptions/x", f"{SUBNET_ID}/more/x", ""])
def test_no_subnet_at_all(text: str) -> None:
    with pytest.raises(ValueError, match="neither an ARM id"):
        subnet_id(text, "sub", "rg")
    assert str(subnet_id("v/apim", "sub", "rg")) == SUBNET_ID


def test_every_check_has_a_name_that_can_be_ignored() -> None:
    """The names that findings are made with, as they stand in the code, are those of the option's choices."""
    folder = Path(checks.__file__).parent
    used = set()
    for module in (checks, check_rules, check_public_ip):
        tree = ast.parse((folder / f"{module.__name__.rpartition('.')[2]}.py").read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Finding":
                name = call.args[0]
                used.add(name.value if isinstance(name, ast.Constant) else getattr(module, ast.unparse(name)))
    assert used == set(CHECKS)
    assert len(CHECKS) == len(used)
