# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vnet_subnet_plan, apim_network_preflight and apim_network_status_info as tasks: what they ask Azure for, and say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._network import status
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure, Task
from ansible_collections.innergate.azure.plugins.modules import (
    apim_network_preflight,
    apim_network_status_info,
    apim_service_info,
    vnet_subnet_plan,
)
from support.fake_arm import SUBSCRIPTION, Clock, FakeArm, error, reply

GROUP = "/resourceGroups/rg"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v"
NSG = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
PIP = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/ip"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim"


def rule(name: str, priority: int, source: str, port: str) -> dict[str, Any]:
    """A rule that lets traffic in, as GET answers it."""
    properties = {"protocol": "Tcp", "direction": "Inbound", "access": "Allow", "priority": priority}
    ends = {"sourceAddressPrefix": source, "destinationAddressPrefix": "VirtualNetwork"}
    return {"name": name, "properties": {**properties, **ends, "sourcePortRange": "*", "destinationPortRange": port}}


@pytest.fixture
def arm() -> FakeArm:
    """A VNET with a good subnet for a good service."""
    fake = FakeArm()
    fake.put(
        SERVICE,
        {
            "location": "West Europe",
            "sku": {"name": "Developer", "capacity": 1},
            "properties": {"provisioningState": "Succeeded", "virtualNetworkType": "None", "platformVersion": "stv2"},
        },
    )
    rules = [rule("callers", 100, "Internet", "443"), rule("management", 110, "ApiManagement", "3443")]
    fake.put(NSG, {"location": "westeurope", "properties": {"securityRules": rules}})
    fake.put(
        VNET,
        {
            "location": "westeurope",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.224.0.0/12"]},
                "subnets": [
                    {
                        "name": "apim-subnet",
                        "properties": {
                            "addressPrefix": "10.225.0.0/27",
                            "networkSecurityGroup": {"id": f"/subscriptions/{SUBSCRIPTION}{NSG}"},
                        },
                    }
                ],
            },
        },
    )
    fake.put(
        PIP,
        {
            "location": "westeurope",
            "sku": {"name": "Standard"},
            "properties": {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "apim"}},
        },
    )
    return fake


def run(
    task: Task,
    arm: FakeArm,
    *,
    warnings: list[str] | None = None,
    check_mode: bool = False,
    foretold: Memory | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Run a task as a module would, options validated first."""
    validator = ArgumentSpecValidator(dict(task.argument_spec.options), **task.argument_spec.rules())
    checked = validator.validate(options)
    assert not checked.error_messages, checked.error_messages
    context = Context(
        checked.validated_parameters,
        connection=arm.connection(),
        deadline=Clock().deadline(),
        check_mode=check_mode,
        foretold=foretold,
        warn=(warnings if warnings is not None else []).append,
    )
    return task.run(context)


def preflight(arm: FakeArm, **options: Any) -> dict[str, Any]:
    wanted = {
        "resource_group": "rg",
        "service_name": "apim",
        "subnet": "v/apim-subnet",
        "public_ip_address": "ip",
        **options,
    }
    return run(apim_network_preflight.TASK, arm, **wanted)


def test_plan_asks_once(arm: FakeArm) -> None:
    result = run(
        vnet_subnet_plan.TASK,
        arm,
        resource_group="rg",
        virtual_network="v",
        avoid=["10.0.0.0/16"],
        subnets=[
            {"name": "apim-subnet", "prefix_length": 27, "network_security_group": "nsg"},
            {"name": "api", "prefix_length": 24},
        ],
    )
    assert result["subnets"] == {"apim-subnet": "10.225.0.0/27", "api": "10.224.0.0/24"}
    assert result["plan"][0] == {"name": "apim-subnet", "address_prefix": "10.225.0.0/27", "exists": True, "usable": 27}
    assert (result["changed"], result["location"], result["id"].endswith("/v")) == (False, "westeurope", True)
    assert "10.225.0.32/27" in result["free"]
    assert arm.log == [("GET", VNET)]


def test_plan_errors_name_the_network(arm: FakeArm) -> None:
    missing = run(vnet_subnet_plan.TASK, arm, resource_group="rg", virtual_network="w", subnets=[])
    assert "no virtual network w in resource group rg" in missing["msg"]
    assert missing["error"]["code"] == "VirtualNetworkNotFound"
    full = run(
        vnet_subnet_plan.TASK,
        arm,
        resource_group="rg",
        virtual_network="v",
        subnets=[{"name": "a", "prefix_length": 8}],
    )
    assert full["failed"] and "no room for subnet a (/8)" in full["msg"]


def test_preflight_passes(arm: FakeArm) -> None:
    result = preflight(arm)
    assert result["ok"] is True, result
    assert result["connected"] is False
    assert {item["name"] for item in result["checks"]} >= {
        "tier", "service_state", "subscription", "subnet", "region", "subnet_size", "delegation", "occupation",
        "network_security_group", "network_security_rules", "public_ip_address",
    }  # fmt: skip
    assert len(arm.log) == 5  # service, VNET, group, address, rights
    assert arm.writes == []


def test_preflight_of_a_connected_service_asks_once(arm: FakeArm) -> None:
    arm.put(
        SERVICE,
        {
            "location": "West Europe",
            "sku": {"name": "Developer", "capacity": 1},
            "properties": {
                "virtualNetworkType": "External",
                "virtualNetworkConfiguration": {
                    "subnetResourceId": f"/subscriptions/{SUBSCRIPTION}{VNET}/subnets/apim-subnet".upper()
                },
                "publicIpAddressId": f"/subscriptions/{SUBSCRIPTION}{PIP}",
            },
        },
    )
    result = preflight(arm)
    assert (result["ok"], result["connected"]) == (True, True)
    assert len(arm.log) == 1


def test_preflight_fails_with_one_message_for_all(arm: FakeArm) -> None:
    result = preflight(arm, subnet="v/apim-subnet", public_ip_address="other", mode="External", sku="Basic")
    assert result["failed"] is True
    assert result["msg"].startswith("API Management service apim can't be connected to subnet apim-subnet")
    assert "there is no public IP address other. To do: create it" in result["msg"]
    assert result["error"]["target"] == "apim"
    lenient = preflight(arm, public_ip_address="other", ignore=["public_ip_address"])
    assert lenient["ok"] is True
    told = preflight(arm, public_ip_address="other", fail=False)
    assert (told["ok"], "failed" in told) == (False, False)


def test_preflight_names_tier_before_it_reads_networks(arm: FakeArm) -> None:
    arm.put(SERVICE, {"location": "West Europe", "sku": {"name": "Basic", "capacity": 1}, "properties": {}})
    result = preflight(arm)
    assert "the tier Basic can't be connected" in result["msg"]
    assert len(arm.log) == 1


def test_preflight_without_the_right_to_read(arm: FakeArm) -> None:
    def deny(request: Request) -> Answer | None:
        if "virtualNetworks" in request.url:
            said = "no authorization to perform action 'Microsoft.Network/virtualNetworks/read' over scope '/x'"
            return error(403, "AuthorizationFailed", said)
        return None

    arm.script.append(deny)
    result = preflight(arm)
    assert "Microsoft.Network/virtualNetworks/read" in result["msg"]
    assert "Network Contributor" in result["msg"]


def test_preflight_without_the_right_to_join(arm: FakeArm) -> None:
    def permissions(request: Request) -> Answer | None:
        if "Microsoft.Authorization/permissions" in request.url:
            return reply(200, {"value": [{"actions": ["*/read", "Microsoft.ApiManagement/*"], "notActions": []}]})
        return None

    arm.script.append(permissions)
    result = preflight(arm)
    assert "you may not do Microsoft.Network/virtualNetworks/subnets/join/action" in result["msg"]


def test_preflight_of_a_service_that_is_still_to_come(arm: FakeArm) -> None:
    arm.store.pop(f"/subscriptions/{SUBSCRIPTION}{SERVICE}".lower())
    assert "give sku and location" in preflight(arm)["msg"]
    assert preflight(arm, sku="Premium", units=2, location="westeurope")["ok"] is True
    assert "the service in northeurope" in preflight(arm, sku="Premium", location="northeurope")["msg"]


def test_preflight_of_a_nonsense_subnet(arm: FakeArm) -> None:
    assert "neither an ARM id" in preflight(arm, subnet="just-a-name")["msg"]


def test_preflight_before_the_subnet_is_made_checks_what_does_not_depend_on_it(arm: FakeArm) -> None:
    result = preflight(arm, subnet="v/later", planned=True)
    assert result["ok"] is True, result
    assert {item["name"] for item in result["checks"]} == {
        "tier", "service_state", "subscription", "subnet", "region",
    }  # fmt: skip
    assert arm.log == [("GET", SERVICE), ("GET", VNET)]
    assert preflight(arm, subnet="v/later", planned=True, public_ip_address="")["ok"] is True
    arm.store[f"/subscriptions/{SUBSCRIPTION}{VNET}".lower()]["location"] = "northeurope"
    assert "v is in northeurope, the service in West Europe" in preflight(arm, subnet="v/later", planned=True)["msg"]
    assert "there is no virtual network w" in preflight(arm, subnet="w/later", planned=True)["msg"]


def test_preflight_before_a_subnet_is_changed_checks_what_that_does_not_mend(arm: FakeArm) -> None:
    network = arm.store[f"/subscriptions/{SUBSCRIPTION}{VNET}".lower()]
    (subnet,) = network["properties"]["subnets"]
    del subnet["properties"]["networkSecurityGroup"]
    subnet["properties"]["delegations"] = [{"properties": {"serviceName": "Microsoft.Web/serverFarms"}}]
    assert preflight(arm)["failed"]
    assert preflight(arm, planned=True)["ok"] is True
    subnet["properties"]["addressPrefix"] = "10.225.0.0/30"
    assert "is too small" in preflight(arm, planned=True)["msg"]


@pytest.mark.parametrize("foretold", [True, False])
def test_preflight_in_check_mode_does_not_insist_on_a_network_that_a_task_before_it_makes(
    arm: FakeArm, foretold: bool, tmp_path: Path
) -> None:
    memory, warnings = Memory(str(tmp_path / "foretold")), list[str]()
    if foretold:
        memory.note({"changed": True, "id": f"/subscriptions/{SUBSCRIPTION}{GROUP}/providers/Microsoft.Network/"
                     "virtualNetworks/W", "resource": {"name": "W"}, "diff": {"before": {}, "after": {}}})  # fmt: skip
    options = {"subnet": "w/later", "planned": True}
    result = preflight(arm, **options, check_mode=True, foretold=memory, warnings=warnings)
    assert result["ok"] is True
    assert len(warnings) == (0 if foretold else 1)
    assert preflight(arm, subnet="w/later", check_mode=True, foretold=memory)["failed"]


def test_preflight_of_a_service_that_is_known_does_not_ask_for_it(arm: FakeArm) -> None:
    publisher = {"publisherEmail": "apis@contoso.example", "publisherName": "Contoso"}
    arm.store[f"/subscriptions/{SUBSCRIPTION}{SERVICE}".lower()]["properties"].update(publisher)
    seen = run(apim_service_info.TASK, arm, resource_group="rg", name="apim")["resources"][0]
    arm.log.clear()
    assert preflight(arm, service=seen)["checks"] == preflight(arm)["checks"]
    assert len(arm.log) == 4 + 5
    for change in (
        {"sku": {"name": "Basic", "capacity": 1}},
        {"provisioning_state": "Updating"},
        {"platform_version": "stv1"},
        {"location": "North Europe"},
    ):
        assert preflight(arm, service={**seen, **change})["failed"], change
    subnet = f"/subscriptions/{SUBSCRIPTION}{VNET}/subnets/apim-subnet"
    joined = {"virtual_network_type": "External", "subnet": subnet, "public_ip_address": f"{subnet}/../x"}
    arm.log.clear()
    assert preflight(arm, service={**seen, **joined}, public_ip_address="")["connected"] is True
    assert arm.log == []


MOMENT = "2026-01-01T00:00:00Z"


def network_status(*items: tuple[str, str, bool]) -> list[dict[str, Any]]:
    entries = [
        {"name": name, "status": state, "error": "timed out" if state == "failure" else "", "isOptional": optional,
         "resourceType": "BlobStorage", "lastUpdated": MOMENT, "lastStatusChange": MOMENT}
        for name, state, optional in items
    ]  # fmt: skip
    return [
        {"location": "West Europe", "networkStatus": {"dnsServers": ["168.63.129.16"], "connectivityStatus": entries}}
    ]


def answering(*bodies: Any) -> Any:
    """A handler for networkstatus: one body after the other, the last one for ever."""
    left = list(bodies)

    def handler(request: Request) -> Answer | None:
        if "/networkstatus" not in request.url:
            return None
        return reply(200, left.pop(0) if len(left) > 1 else left[0])

    return handler


STATUS = {"resource_group": "rg", "service_name": "apim"}


def test_status(arm: FakeArm) -> None:
    arm.script.append(answering(network_status(("blob", "success", False), ("mail", "failure", True))))
    warnings: list[str] = []
    result = run(apim_network_status_info.TASK, arm, warnings=warnings, **STATUS)
    assert (result["ok"], result["unreached"]) == (True, [])
    assert result["locations"][0]["connectivity_status"][1]["is_optional"] is True
    assert "mail" in warnings[0]


def test_status_fails_only_when_asked_to(arm: FakeArm) -> None:
    arm.script.append(answering(network_status(("blob", "failure", False))))
    assert run(apim_network_status_info.TASK, arm, **STATUS)["ok"] is False
    failed = run(apim_network_status_info.TASK, arm, **STATUS, fail=True)
    assert "does not reach what it needs: West Europe, blob (BlobStorage): timed out" in failed["msg"]


def test_status_of_one_location(arm: FakeArm) -> None:
    arm.script.append(answering(network_status(("blob", "success", False))[0]["networkStatus"]))
    result = run(apim_network_status_info.TASK, arm, **STATUS, location="West Europe")
    assert result["locations"][0]["location"] == "West Europe"
    assert arm.log == [("GET", f"{SERVICE}/locations/West Europe/networkstatus")]


def waiting(arm: FakeArm, clock: Clock, **options: Any) -> dict[str, Any]:
    params = {"location": None, "wait": True, "wait_timeout": 60, "fail": False, **STATUS, **options}
    context = Context(params, connection=arm.connection(), deadline=clock.deadline())
    return status.execute(context, clock=lambda: clock.now, sleep=clock.sleep)


def test_status_is_waited_for(arm: FakeArm) -> None:
    clock = Clock()
    arm.script.append(
        answering(network_status(("blob", "initializing", False)), network_status(("blob", "failure", False)),
                  network_status(("blob", "success", False)))
    )  # fmt: skip
    assert waiting(arm, clock)["ok"] is True
    assert len(arm.log) == 3


def test_status_is_not_waited_for_forever(arm: FakeArm) -> None:
    clock = Clock()
    arm.script.append(answering(network_status(("blob", "initializing", False))))
    with pytest.raises(Failure, match="has not told within 60 s whether it reaches West Europe, blob"):
        waiting(arm, clock)
    assert clock.now == pytest.approx(60)
