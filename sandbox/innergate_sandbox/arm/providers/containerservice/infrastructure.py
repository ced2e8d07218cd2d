# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a managed cluster has in its node resource group: scale sets, a security group, perhaps a network."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from innergate_sandbox.arm import group_deletion, groups
from innergate_sandbox.arm.message import ArmRequest, parse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers import network
from innergate_sandbox.arm.providers.compute import TYPE as SCALE_SET
from innergate_sandbox.arm.providers.compute import create_scale_set
from innergate_sandbox.arm.providers.containerservice.document import number, refused
from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.store import Entity

OWN_SPACE, OWN_SUBNET = "10.224.0.0/12", "10.224.0.0/16"


def check(request: ArmRequest, ctx: Context, properties: dict[str, Any]) -> None:
    """Refuse a cluster that does not fit into its network."""
    service = properties["networkProfile"]["serviceCidr"]
    for pool in properties["agentPoolProfiles"]:
        subnet_id = pool.get("vnetSubnetID")
        if not subnet_id:
            continue
        network.check_join(ctx, request, subnet_id)
        subnet = network.subnet(ctx.store, subnet_id)
        if subnet is None:
            raise faults.no_such_reference(subnet_id, request.id)
        for item in subnet.vnet.body["properties"]["subnets"]:
            for prefix in network.addresses.prefixes(item):
                if prefix.version == 4 and prefix.overlaps(ip_network(service)):
                    message = (
                        f"The specified service CIDR {service} is conflicted with an existing subnet CIDR {prefix}"
                    )
                    code = "ServiceCidrOverlapExistingSubnetsCidr"
                    raise refused(code, message, "networkProfile.serviceCIDR")
        needed = _addresses(pool, properties["networkProfile"])
        users = network.uses(ctx.store, subnet.id)
        mine = f"/resourcegroups/{properties['nodeResourceGroup']}/".lower()
        others = sum(mine not in use.root.lower() for use in users if use.address)
        left = subnet.usable() - others
        if needed > left:
            message = (
                f"Pre-allocated IPs {needed} exceeds IPs available {left} in Subnet Cidr {subnet.prefix}, Subnet Name "
                f"{subnet.name}. http://aka.ms/aks/insufficientsubnetsize"
            )
            raise refused("InsufficientSubnetSize", message, "agentPoolProfile.vnetSubnetID")


def _addresses(pool: dict[str, Any], profile: dict[str, Any]) -> int:
    """Return how many addresses a pool takes."""
    return int(pool["count"]) * (1 + _pod_addresses(pool, profile))


def _pod_addresses(pool: dict[str, Any], profile: dict[str, Any]) -> int:
    """Return how many addresses of the subnet a node takes for its pods: all it may ever have, with flat Azure CNI."""
    flat = profile["networkPlugin"] == "azure" and profile.get("networkPluginMode") != "overlay"
    return int(pool["maxPods"]) if flat and not pool.get("podSubnetID") else 0


async def build(request: ArmRequest, ctx: Context, cluster: Entity) -> None:
    """Make or adjust the node resource group of a cluster."""
    properties, location = cluster.body["properties"], cluster.body["location"]
    subscription = request.subscription
    group = f"/subscriptions/{subscription}/resourceGroups/{properties['nodeResourceGroup']}"
    if ctx.store.get(group) is None:
        tags = {"aks-managed-cluster-name": cluster.name, "aks-managed-cluster-rg": str(request.resource_group)}
        state = {"provisioningState": "Succeeded"}
        body = {"location": location, "managedBy": cluster.id, "tags": tags, "properties": state}
        ctx.store.put(group, groups.TYPE, body)
    digits = number(cluster.id)
    security = f"{group}/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-{digits}-nsg"
    await _ensure(request, ctx, security, {"location": location})
    own = ""
    if any(not pool.get("vnetSubnetID") for pool in properties["agentPoolProfiles"]):
        own = f"{group}/providers/Microsoft.Network/virtualNetworks/aks-vnet-{digits}"
        subnet = {"addressPrefix": OWN_SUBNET, "networkSecurityGroup": {"id": security}}
        inner = {
            "addressSpace": {"addressPrefixes": [OWN_SPACE]},
            "subnets": [{"name": "aks-subnet", "properties": subnet}],
        }
        await _ensure(request, ctx, own, {"location": location, "properties": inner})
    scale_sets = f"{group}/providers/{SCALE_SET}"
    with ctx.store.transaction():
        for pool in properties["agentPoolProfiles"]:
            name = f"aks-{pool['name']}-{digits}-vmss"
            subnet_id = pool.get("vnetSubnetID") or f"{own}/subnets/aks-subnet"
            model = _scale_set(cluster, pool, subnet_id, name)
            extra = _pod_addresses(pool, properties["networkProfile"])
            create_scale_set(ctx.store, f"{scale_sets}/{name}", model, name, extra)
        wanted = {f"aks-{pool['name']}-{digits}-vmss" for pool in properties["agentPoolProfiles"]}
        for scale_set in ctx.store.find(SCALE_SET, group):
            if scale_set.body.get("tags", {}).get("aks-managed-poolName") and scale_set.name not in wanted:
                ctx.store.delete(scale_set.id)
    ctx.signal("network-changed", id=group)


async def _ensure(request: ArmRequest, ctx: Context, resource_id: str, body: dict[str, Any]) -> None:
    """Make a network resource in the cluster's name unless it exists; it is ready at once."""
    if ctx.store.get(resource_id) is not None:
        return
    version = network.PROVIDER.api_version
    inner = parse("PUT", f"{resource_id}?api-version={version}", base_url=request.base_url, principal=request.principal)
    inner.body = body
    await network.PROVIDER.handle(inner, ctx)
    for operation in ctx.operations.running_for(resource_id):
        ctx.operations.finish(operation)


def _scale_set(cluster: Entity, pool: dict[str, Any], subnet_id: str, name: str) -> dict[str, Any]:
    configuration = {"primary": True, "privateIPAddressVersion": "IPv4", "subnet": {"id": subnet_id}}
    interface = {
        "name": name,
        "properties": {
            "primary": True,
            "enableIPForwarding": True,
            "ipConfigurations": [{"name": "ipconfig1", "properties": configuration}],
        },
    }
    return {
        "location": cluster.body["location"],
        "sku": {"name": pool["vmSize"], "tier": "Standard", "capacity": int(pool["count"])},
        "tags": {
            "aks-managed-poolName": pool["name"],
            "aks-managed-orchestrator": f"Kubernetes:{pool['orchestratorVersion']}",
        },
        **({"zones": pool["availabilityZones"]} if pool.get("availabilityZones") else {}),
        "properties": {
            "singlePlacementGroup": False,
            "orchestrationMode": "Uniform",
            "upgradePolicy": {"mode": "Manual"},
            "overprovision": False,
            "virtualMachineProfile": {
                "osProfile": {"computerNamePrefix": name, "adminUsername": "azureuser"},
                "networkProfile": {"networkInterfaceConfigurations": [interface]},
            },
        },
    }


def forget(ctx: Context, cluster: Entity, pool: str) -> None:
    """Remove what the pool of this name has, at once."""
    subscription, group = cluster.id.split("/")[2], cluster.body["properties"]["nodeResourceGroup"]
    name = f"aks-{pool}-{number(cluster.id)}-vmss"
    scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
    ctx.store.delete(f"{scope}/providers/{SCALE_SET}/{name}")
    ctx.signal("network-changed", id=scope)


def tear_down(ctx: Context, cluster: Entity) -> None:
    """Begin to delete the node resource group with everything in it."""
    subscription = cluster.id.split("/")[2]
    name = cluster.body["properties"]["nodeResourceGroup"]
    group = ctx.store.get(f"/subscriptions/{subscription}/resourceGroups/{name}")
    if group is None:
        return
    group.body["properties"]["provisioningState"] = "Deleting"
    group_deletion.start(ctx.store.put(group), ctx)
