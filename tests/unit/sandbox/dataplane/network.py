# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network in a store, written in the shapes ARM answers: two connected VNETs, one apart, a load balancer."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.clock import ManualClock
from innergate_sandbox.dataplane import DataPlane
from innergate_sandbox.store import Store

GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
CLUSTER = f"{GROUP}/virtualNetworks/cluster"
NODES = f"{CLUSTER}/subnets/nodes"
SERVICES = f"{CLUSTER}/subnets/services"
APIM = f"{CLUSTER}/subnets/apim"
HUB = f"{GROUP}/virtualNetworks/hub"
HUB_APIM = f"{HUB}/subnets/apim"
ISLAND = f"{GROUP}/virtualNetworks/island"
ISLAND_APIM = f"{ISLAND}/subnets/apim"
BALANCER = f"{GROUP}/loadBalancers/kubernetes-internal"
POD = ("127.0.0.1", 40001)
OTHER_POD = ("127.0.0.1", 40002)


def vnet(store: Store, resource_id: str, prefix: str, subnets: dict[str, str], peer: str | None = None) -> None:
    """Write a VNET with subnets (name -> prefix), perhaps peered with another."""
    body: dict[str, Any] = {"properties": {"addressSpace": {"addressPrefixes": [prefix]}}}
    if peer:
        remote = {"remoteVirtualNetwork": {"id": peer}, "peeringState": "Connected"}
        body["properties"]["virtualNetworkPeerings"] = [{"name": "to", "properties": remote}]
    store.put(resource_id, "Microsoft.Network/virtualNetworks", body)
    for name, part in subnets.items():
        inner = {"properties": {"addressPrefix": part}}
        store.put(f"{resource_id}/subnets/{name}", "Microsoft.Network/virtualNetworks/subnets", inner)


def group(store: Store, name: str, subnet: str, *rules: dict[str, Any]) -> None:
    """Write a security group with rules and put it on a subnet."""
    inner = [{"name": f"rule{number}", "properties": rule} for number, rule in enumerate(rules)]
    resource_id = f"{GROUP}/networkSecurityGroups/{name}"
    store.put(resource_id, "Microsoft.Network/networkSecurityGroups", {"properties": {"securityRules": inner}})
    found = store.require(subnet)
    found.body["properties"]["networkSecurityGroup"] = {"id": resource_id}
    store.put(found)


def rule(access: str, direction: str, source: str, port: str, priority: int = 100, **more: Any) -> dict[str, Any]:
    """Make the properties of a security rule towards everywhere."""
    return {
        "access": access,
        "direction": direction,
        "priority": priority,
        "protocol": "Tcp",
        "sourceAddressPrefix": source,
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": port,
        **more,
    }


def balancer(store: Store, address: str | None = "10.0.2.10", port: int = 8080, public_ip: str | None = None) -> None:
    """Write the load balancer as the cloud controller does, its frontend private or on a public IP."""
    frontend: dict[str, Any] = {"subnet": {"id": SERVICES}, "privateIPAddress": address}
    if public_ip:
        frontend = {"publicIPAddress": {"id": public_ip}}
    frontend_id = f"{BALANCER}/frontendIPConfigurations/f"
    inner = {
        "protocol": "Tcp",
        "frontendPort": port,
        "backendPort": port,
        "enableFloatingIP": True,
        "frontendIPConfiguration": {"id": frontend_id},
    }
    member = {"name": "node-0", "properties": {"ipAddress": "10.0.0.4"}}
    body = {
        "properties": {
            "frontendIPConfigurations": [{"name": "f", "id": frontend_id, "properties": frontend}],
            "loadBalancingRules": [{"name": "r", "properties": inner}],
            "backendAddressPools": [{"name": "p", "properties": {"loadBalancerBackendAddresses": [member]}}],
        }
    }
    store.put(BALANCER, "Microsoft.Network/loadBalancers", body)


def make(store: Store, clock: ManualClock) -> DataPlane:
    """Return a data plane on a store, two pods ready behind 10.0.2.10:8080."""
    parts = {"nodes": "10.0.0.0/24", "services": "10.0.2.0/24", "apim": "10.0.3.0/24"}
    vnet(store, CLUSTER, "10.0.0.0/16", parts, peer=HUB)
    vnet(store, HUB, "10.9.0.0/16", {"apim": "10.9.1.0/24"}, peer=CLUSTER)
    vnet(store, ISLAND, "10.8.0.0/16", {"apim": "10.8.1.0/24"})
    balancer(store)
    plane = DataPlane(store, clock)
    endpoints = {
        ("10.0.2.10", 8080): [POD, OTHER_POD],
        ("10.0.0.4", 30080): [POD],
        ("10.244.0.7", 8080): [POD],
        ("10.1.0.1", 80): [POD],
    }
    plane.publish("cluster", endpoints, {"api.default.svc.cluster.local": "10.1.0.1"}, frontends=["10.0.2.10"])
    return plane
