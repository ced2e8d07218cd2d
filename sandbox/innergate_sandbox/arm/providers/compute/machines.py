# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machines of a scale set: who they are, where they stand, and what they look like on the wire."""

from __future__ import annotations

import uuid
from typing import Any

from innergate_sandbox.arm.providers import network
from innergate_sandbox.arm.providers.network import addresses
from innergate_sandbox.store import Entity, Store

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPACE = uuid.UUID("a3a1f0d2-7d9a-4c39-9a55-6c6f7e4c6a10")  # any constant: makes vmId stable
INTERFACE = "Microsoft.Network/networkInterfaces"


def number(instance: int) -> str:
    """Return an instance number as computer names have it: base 36, six digits."""
    text = ""
    while instance or not text:
        instance, rest = divmod(instance, 36)
        text = _DIGITS[rest] + text
    return f"{text:0>6}"


def _configurations(body: dict[str, Any]) -> list[dict[str, Any]]:
    profile = (body.get("properties") or {}).get("virtualMachineProfile") or {}
    found = (profile.get("networkProfile") or {}).get("networkInterfaceConfigurations") or []
    return list(found)


def first_configuration(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return (name of the interface, properties of its first IP configuration) of the machines' model."""
    for configuration in _configurations(body):
        inner = (configuration.get("properties") or {}).get("ipConfigurations") or []
        if inner:
            return str(configuration.get("name", "nic")), dict(inner[0].get("properties") or {})
    return "nic", {}


def pools(properties: dict[str, Any]) -> list[str]:
    """Return the load balancer pools of an IP configuration."""
    return [str(link["id"]) for link in properties.get("loadBalancerBackendAddressPools") or []]


def fill(store: Store, scale_set: Entity) -> dict[str, Any]:
    """Return the machines that a scale set's capacity asks for: those it has, new ones with the lowest free addresses.

    An ArmError 400 SubnetIsFull if the subnet has not so many.
    """
    wanted = int((scale_set.body.get("sku") or {}).get("capacity") or 0)
    machines: dict[str, Any] = dict(scale_set.hidden.get("machines") or {})
    for superfluous in sorted(machines, key=int, reverse=True)[: max(0, len(machines) - wanted)]:
        del machines[superfluous]
    interface, properties = first_configuration(scale_set.body)
    subnet = network.subnet(store, str((properties.get("subnet") or {}).get("id", "")))
    if subnet is None:
        return machines
    used = set(addresses.taken(network.uses(store, subnet.id)))
    prefix = scale_set.hidden.get("prefix") or scale_set.name[:9]
    missing = wanted - len(machines)
    extra = int(scale_set.hidden.get("extra") or 0)
    needed = max(0, missing) * (1 + extra)
    free = [str(address) for address, dummy in zip(addresses.free(subnet, used), range(needed), strict=False)]
    if len(free) < needed:
        raise addresses.full(subnet, needed)
    instance = 0
    for order, address in enumerate(free[: max(0, missing)]):
        more = free[missing + order * extra : missing + (order + 1) * extra]
        while str(instance) in machines:
            instance += 1
        machines[str(instance)] = {
            "address": address,
            "more": more,
            "subnet": subnet.id,
            "interface": interface,
            "computer": f"{prefix}{number(instance)}",
            "pools": pools(properties),
        }
    return dict(sorted(machines.items(), key=lambda pair: int(pair[0])))


def shown(scale_set: Entity, instance: str, machine: dict[str, Any], *, view: bool) -> dict[str, Any]:
    """Return a machine as ARM answers it; view: with its instanceView."""
    own = f"{scale_set.id}/virtualMachines/{instance}"
    link = {"id": f"{own}/networkInterfaces/{machine['interface']}", "properties": {"primary": True}}
    configuration = {
        "primary": True,
        "subnet": {"id": machine["subnet"]},
        "privateIPAddressVersion": "IPv4",
        "loadBalancerBackendAddressPools": [{"id": pool} for pool in machine["pools"]],
    }
    model = {
        "name": machine["interface"],
        "properties": {"primary": True, "ipConfigurations": [{"name": "ipconfig1", "properties": configuration}]},
    }
    properties: dict[str, Any] = {
        "latestModelApplied": True,
        "provisioningState": "Succeeded",
        "vmId": str(uuid.uuid5(_SPACE, own.lower())),
        "hardwareProfile": {},
        "osProfile": {"computerName": machine["computer"], "adminUsername": "azureuser"},
        "networkProfile": {"networkInterfaces": [link]},
        "networkProfileConfiguration": {"networkInterfaceConfigurations": [model]},
    }
    if view:
        properties["instanceView"] = instance_view(machine)
    sku = {key: value for key, value in (scale_set.body.get("sku") or {}).items() if key != "capacity"}
    return {
        "name": f"{scale_set.name}_{instance}",
        "id": own,
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "location": scale_set.body["location"],
        "etag": f'"{scale_set.version}"',
        "instanceId": instance,
        "sku": sku,
        "properties": properties,
    }


def instance_view(machine: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a running machine."""
    up = {"level": "Info"}
    return {
        "computerName": machine["computer"],
        "statuses": [
            {"code": "ProvisioningState/succeeded", "displayStatus": "Provisioning succeeded", **up},
            {"code": "PowerState/running", "displayStatus": "VM running", **up},
        ],
    }


def interface(scale_set: Entity, instance: str, machine: dict[str, Any]) -> dict[str, Any]:
    """Return a machine's network interface as the network provider answers it."""
    vm = f"{scale_set.id}/virtualMachines/{instance}"
    own = f"{vm}/networkInterfaces/{machine['interface']}"
    properties = {
        "provisioningState": "Succeeded",
        "privateIPAddress": machine["address"],
        "privateIPAllocationMethod": "Dynamic",
        "subnet": {"id": machine["subnet"]},
        "primary": True,
        "privateIPAddressVersion": "IPv4",
        "loadBalancerBackendAddressPools": [{"id": pool} for pool in machine["pools"]],
    }
    configuration = {"name": "ipconfig1", "id": f"{own}/ipConfigurations/ipconfig1", "properties": properties}
    mac = "-".join(f"{byte:02X}" for byte in uuid.uuid5(_SPACE, own.lower()).bytes[:3])
    return {
        "name": machine["interface"],
        "id": own,
        "properties": {
            "provisioningState": "Succeeded",
            "ipConfigurations": [configuration],
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "macAddress": f"00-0D-3A-{mac}",
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
            "primary": True,
            "virtualMachine": {"id": vm},
        },
    }
