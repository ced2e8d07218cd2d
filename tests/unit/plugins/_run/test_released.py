# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier tasks of check mode have let go of is not in use by them any more; by others, it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.modules import apim_ledger
from support.fake_arm import SUBSCRIPTION
from support.running import AT, NETWORK, Runner

ROOT = f"/subscriptions/{SUBSCRIPTION}"
SUBNET, ADDRESS, GROUP = (
    f"{NETWORK}/{path}" for path in ("virtualNetworks/v/subnets/s", "publicIPAddresses/p", "networkSecurityGroups/n")
)
GOES_SUBNET = ("vnet_subnet", {"resource_group": "rg", "virtual_network": "v", "name": "s", "state": "absent"})
GOES_ADDRESS = ("public_ip_address", {"resource_group": "rg", "name": "p", "state": "absent"})
GOES_GROUP = ("network_security_group", {"resource_group": "rg", "name": "n", "state": "absent"})
SERVICE = {"resource_group": "rg", "name": "svc"}
UID = "0b6fe2a8-6b3c-4c6b-9f6e-4f2c3a1d5e77"
FRONTEND = "a0b6fe2a86b3c4c6b9f6e4f2c3a1d5e7"  # facts of the cloud provider: 32 characters, so the last digit is lost
OTHER = f"{ROOT}/resourceGroups/nodes/providers/Microsoft.Network/networkInterfaces/nic/ipConfigurations/one"


@pytest.fixture
def azure(tmp_path: Path) -> Runner:
    """A service in a subnet with a public address; tasks know of each other, as in the controller."""
    runner = Runner()
    runner.foretold = Memory(str(tmp_path / "foretold"))
    joined = {
        "virtualNetworkType": "External",
        "virtualNetworkConfiguration": {"subnetResourceId": ROOT + SUBNET},
        "publicIpAddressId": (ROOT + ADDRESS).upper(),
        "publisherEmail": "a@b.c",
        "publisherName": "B",
    }
    runner.arm.put(AT, {"location": "West Europe", "sku": {"name": "Developer", "capacity": 1}, "properties": joined})
    occupy(runner, f"{ROOT}{AT}/ipConfigurations/gateway1")
    runner.arm.put(ADDRESS, {"properties": {"ipConfiguration": {"id": ROOT + AT}}})
    runner.arm.put(GROUP, {"location": "West Europe", "properties": {"subnets": [{"id": ROOT + SUBNET}]}})
    return runner


def occupy(runner: Runner, *users: str) -> None:
    properties = {
        "addressPrefix": "10.0.0.0/24",
        "networkSecurityGroup": {"id": ROOT + GROUP},
        "ipConfigurations": [{"id": user} for user in users],
    }
    runner.arm.put(SUBNET, {"properties": properties})


def told(runner: Runner, what: tuple[str, dict[str, Any]]) -> list[str]:
    return runner.foretell(what[0], **what[1])


@pytest.mark.parametrize(
    "leaves",
    [
        {"virtual_network_type": "None", "public_ip_address": ""},
        {"virtual_network_type": "Internal", "subnet": "v/other", "public_ip_address": "q"},
        {"state": "absent"},
    ],
)
def test_a_service_lets_go_of_its_subnet_and_address(azure: Runner, leaves: dict[str, Any]) -> None:
    for what in (GOES_SUBNET, GOES_ADDRESS):
        [words] = told(azure, what)
        assert "in use by service/svc" in words
    azure.foretold = Memory(f"{azure.foretold._path}2")  # what was just foretold to go would not be in use at all
    azure.arm.put(f"{NETWORK}/virtualNetworks/v/subnets/other", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    azure.arm.put(f"{NETWORK}/publicIPAddresses/q", {"properties": {}})
    assert told(azure, ("apim_service", {**SERVICE, **leaves})) == []
    assert told(azure, GOES_SUBNET) == told(azure, GOES_ADDRESS) == []


def test_a_service_that_keeps_its_place_keeps_it(azure: Runner) -> None:
    told(azure, ("apim_service", {**SERVICE, "publisher_name": "C"}))
    assert len(told(azure, GOES_SUBNET)) == len(told(azure, GOES_ADDRESS)) == 1


def test_somebody_else_in_the_subnet_is_still_told(azure: Runner) -> None:
    occupy(azure, f"{ROOT}{AT}/ipConfigurations/gateway1", OTHER, f"{ROOT}{AT}2/ipConfigurations/gateway1")
    told(azure, ("apim_service", {**SERVICE, "virtual_network_type": "None", "public_ip_address": ""}))
    [words] = told(azure, GOES_SUBNET)
    assert "networkInterfaces/nic/ipConfigurations/one" in words and "service/svc2/" in words
    assert "service/svc/" not in words


def test_a_service_that_leaves_a_subnet_is_in_no_other_one_for_that(azure: Runner) -> None:
    elsewhere = {"addressPrefix": "10.0.1.0/24", "ipConfigurations": [{"id": f"{ROOT}{AT}/ipConfigurations/region1"}]}
    azure.arm.put(f"{SUBNET}2", {"properties": elsewhere})
    told(azure, ("apim_service", {**SERVICE, "virtual_network_type": "None", "public_ip_address": ""}))
    assert len(told(azure, ("vnet_subnet", {**GOES_SUBNET[1], "name": "s2"}))) == 1
    assert told(azure, GOES_SUBNET) == []


def test_a_subnet_that_gets_other_rules_lets_go_of_its_own(azure: Runner) -> None:
    assert len(told(azure, GOES_GROUP)) == 1
    azure.foretold = Memory(f"{azure.foretold._path}2")
    assert told(azure, ("vnet_subnet", {**GOES_SUBNET[1], "state": "present", "network_security_group": ""})) == []
    assert told(azure, GOES_GROUP) == []


def removed(azure: Runner, kind: str) -> None:
    """Strike an object of the cluster from the ledger, as the roles do once they have removed it."""
    metadata = {"name": "web", "namespace": "demo"}
    there = {"definition": {"apiVersion": "v1", "kind": kind, "metadata": metadata}, "exists": True, "uid": UID}
    item = {"id": f"c/demo/v1/{kind}/web", **there}
    azure.run(apim_ledger.TASK, check=True, removed={"kubernetes": [item]}, state="absent")


@pytest.mark.parametrize("name", [FRONTEND, f"{FRONTEND}-subnet-of-services"])
def test_a_kubernetes_service_lets_go_of_its_frontend(azure: Runner, name: str) -> None:
    frontend = f"{ROOT}{NETWORK}/loadBalancers/kubernetes-internal/frontendIPConfigurations/{name}"
    occupy(azure, frontend)
    removed(azure, "Secret")
    assert len(told(azure, GOES_SUBNET)) == 1
    azure.foretold = Memory(f"{azure.foretold._path}2")
    removed(azure, "Service")
    occupy(azure, frontend, frontend.replace(FRONTEND, FRONTEND[:-1] + "0"))
    [words] = told(azure, GOES_SUBNET)
    assert words.count("in use by") == 1 and f"/{FRONTEND[:-1]}0" in words
    azure.foretold = Memory(f"{azure.foretold._path}3")
    removed(azure, "Service")
    occupy(azure, frontend)
    subnet = {"id": ROOT + SUBNET, "name": "s", "properties": {"ipConfigurations": [{"id": frontend}]}}
    azure.arm.put(f"{NETWORK}/virtualNetworks/v", {"properties": {"subnets": [subnet]}})
    assert told(azure, ("virtual_network", {"resource_group": "rg", "name": "v", "state": "absent"})) == []
    assert told(azure, GOES_SUBNET) == []


def test_only_check_mode_foretells(azure: Runner) -> None:
    occupy(azure, f"{ROOT}/x/frontendIPConfigurations/{FRONTEND}")
    item = {"id": "c/demo/v1/Service/web", "exists": True, "uid": UID, "definition": {"kind": "Service"}}
    azure.run(apim_ledger.TASK, removed={"kubernetes": [item]}, state="absent")
    assert len(told(azure, GOES_SUBNET)) == 1
