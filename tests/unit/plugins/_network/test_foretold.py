# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks in check mode that look at a virtual network, or at a service, which an earlier one of the play would make."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.modules import (
    apim_vnet_join_plan,
    vnet_subnet_info,
    vnet_subnet_plan,
)
from support.fake_arm import error
from support.running import NETWORK, Runner

VNET = {"resource_group": "rg", "name": "New", "location": "westeurope", "address_prefixes": ["10.9.0.0/16"]}
SUBNET = {"resource_group": "rg", "virtual_network": "new", "name": "taken", "address_prefixes": ["10.9.0.0/24"]}
WANTED = {
    "resource_group": "rg",
    "virtual_network": "new",
    "subnets": [{"name": "a", "prefix_length": 24}],
    "avoid": [],
}
SERVICE = {
    "resource_group": "rg",
    "name": "later",
    "location": "westeurope",
    "sku": {"name": "Developer", "capacity": 1},
    "publisher_email": "a@b.example",
    "publisher_name": "x",
}
JOIN = {
    "resource_group": "rg",
    "service_name": "Later",
    "virtual_network": "v",
    "subnet": "s",
    "state": "present",
    "mode": "External",
}


@pytest.fixture
def azure(tmp_path: Path) -> Runner:
    """Tasks that know of each other, as in the controller."""
    runner = Runner()
    runner.foretold = Memory(str(tmp_path / "foretold"))
    return runner


def test_a_subnet_finds_room_in_a_network_to_come(azure: Runner) -> None:
    assert azure.foretell("virtual_network", **VNET) == []
    planned = azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)
    assert (planned["subnets"], planned["location"]) == ({"a": "10.9.0.0/24"}, "westeurope")
    assert azure.foretell("vnet_subnet", **SUBNET) == []
    beside = azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)
    assert beside["subnets"] == {"a": "10.9.1.0/24"}
    same = azure.run(
        vnet_subnet_plan.TASK, check=True, **{**WANTED, "subnets": [{"name": "taken", "prefix_length": 24}]}
    )
    assert same["plan"][0]["exists"] and same["subnets"] == {"taken": "10.9.0.0/24"}


def test_a_subnet_finds_room_beside_one_to_come_in_a_network_that_exists(azure: Runner) -> None:
    old = {"name": "old", "properties": {"addressPrefix": "10.9.0.0/24"}}
    space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}
    azure.arm.put(f"{NETWORK}/virtualNetworks/new", {"properties": {**space, "subnets": [old]}})
    first = {**SUBNET, "address_prefixes": ["10.9.1.0/24"]}
    assert azure.foretell("vnet_subnet", **first) == []
    for check, prefix in ((True, "10.9.2.0/24"), (False, "10.9.1.0/24")):
        assert azure.run(vnet_subnet_plan.TASK, check=check, **WANTED)["subnets"] == {"a": prefix}
    same = azure.run(vnet_subnet_plan.TASK, check=True, **{**WANTED, "subnets": [{"name": "taken", "size": 5}]})
    assert same["plan"][0]["exists"] and same["subnets"] == {"taken": "10.9.1.0/24"}
    azure.foretell("virtual_network", resource_group="rg", name="new", state="absent")
    assert azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)["subnets"] == {"a": "10.9.1.0/24"}


def test_a_subnet_finds_room_in_what_a_network_is_extended_by(azure: Runner) -> None:
    """Neither is it outside of the address space, nor is anything else that was foretold lost."""
    full = {"name": "old", "properties": {"addressPrefix": "10.9.0.0/24"}}
    space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/24"]}}
    azure.arm.put(f"{NETWORK}/virtualNetworks/new", {"location": "x", "properties": {**space, "subnets": [full]}})
    assert azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)["error"]["code"] == "NoSubnetPlan"
    more = {"resource_group": "rg", "name": "New", "address_prefixes": ["10.9.0.0/24", "10.8.0.0/23"]}
    assert azure.foretell("virtual_network", **more) == []
    planned = azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)
    assert (planned["subnets"], planned["location"]) == ({"a": "10.8.0.0/24"}, "x")
    assert azure.foretell("vnet_subnet", **{**SUBNET, "address_prefixes": ["10.8.0.0/24"]}) == []
    assert azure.run(vnet_subnet_plan.TASK, check=True, **WANTED)["subnets"] == {"a": "10.8.1.0/24"}
    assert azure.run(vnet_subnet_plan.TASK, **WANTED)["error"]["code"] == "NoSubnetPlan"
    [told] = azure.foretell("vnet_subnet", **{**SUBNET, "name": "far", "address_prefixes": ["10.7.0.0/24"]})
    assert "10.7.0.0/24 is outside of the address space of the network (10.9.0.0/24, 10.8.0.0/23)" in told


def test_a_subnet_is_outside_of_a_network_to_come(azure: Runner) -> None:
    azure.foretell("virtual_network", **VNET)
    [told] = azure.foretell("vnet_subnet", **{**SUBNET, "address_prefixes": ["10.7.0.0/24"]})
    assert "10.7.0.0/24 is outside of the address space of the network (10.9.0.0/16)" in told
    azure.foretell("virtual_network", resource_group="rg", name="new", state="absent")
    assert azure.foretell("vnet_subnet", **{**SUBNET, "address_prefixes": ["10.7.0.0/24"]}) == []


def test_it_is_not_there_for_who_does_not_rehearse_nor_once_it_would_be_gone(azure: Runner) -> None:
    azure.foretell("virtual_network", **VNET)
    for check in (False, True):
        if check:
            azure.foretell("virtual_network", resource_group="rg", name="new", state="absent")
        assert azure.run(vnet_subnet_plan.TASK, check=check, **WANTED)["error"]["code"] == "VirtualNetworkNotFound"


def test_what_is_to_come_holds_nothing(azure: Runner) -> None:
    place = {"resource_group": "rg", "virtual_network": "new"}
    azure.foretell("virtual_network", **VNET)
    for check in (True, False):
        azure.arm.script[:] = [lambda request: error(404, "ResourceNotFound", "The virtual network was not found.")]
        found = azure.run(vnet_subnet_info.TASK, check=check, **place)
        assert found["resources"] == [] if check else found["error"]["code"] == "ResourceNotFound"


def test_a_service_to_come_joins(azure: Runner) -> None:
    assert azure.run(apim_vnet_join_plan.TASK, check=True, **JOIN)["error"]["code"] == "ServiceNotFound"
    assert azure.foretell("apim_service", **SERVICE) == []
    plan = azure.run(apim_vnet_join_plan.TASK, check=True, **JOIN)
    assert not plan["connected"] and plan["service"]["location"] == "westeurope"
    assert plan["subnet"].endswith("/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s")
    assert azure.run(apim_vnet_join_plan.TASK, **JOIN)["error"]["code"] == "ServiceNotFound"
