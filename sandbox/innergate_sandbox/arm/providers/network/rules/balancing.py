# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers: frontends, and the rules that stand on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import Document
from innergate_sandbox.arm.providers.network.rules import in_use
from innergate_sandbox.store import id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write


def sku(write: Write) -> None:
    """A load balancer keeps its SKU."""
    name = str(write.document["sku"]["name"])
    if write.entity and str(write.entity.body["sku"]["name"]).lower() != name.lower():
        message = f"Load balancer {write.root} cannot change its sku from {write.entity.body['sku']['name']} to {name}."
        raise faults.refused("LoadBalancerSkuCannotBeChanged", message)


def frontends(write: Write) -> None:
    """Check the frontends; without one there is nothing for the rest to stand on (azurerm#774)."""
    properties = write.properties
    children = ("backendAddressPools", "loadBalancingRules", "probes", "inboundNatRules", "outboundRules")
    standing = any(properties.get(name) for name in children[1:])
    if not properties["frontendIPConfigurations"] and standing:
        message = (
            f"Load Balancer {write.root} does not have Frontend IP Configuration, but it has other child resources. "
            "This setup is not supported."
        )
        raise faults.refused("LoadBalancerWithoutFrontendIPCantHaveChildResources", message)
    for item in properties["frontendIPConfigurations"]:
        fields = item["properties"]
        sources = [name for name in ("subnet", "publicIPAddress", "publicIPPrefix") if name in fields]
        if len(sources) != 1:
            part = write.part_id("frontendIPConfigurations", item["name"])
            message = (
                f"Frontend IP configuration {part} must reference either a subnet or a public IP address or a public "
                "IP prefix."
            )
            raise faults.refused("LoadBalancerFrontendIPConfigMustHaveSubnetOrPublicIP", message)
        if "subnet" in fields:
            fields.setdefault("privateIPAddressVersion", "IPv4")
    kept = {item["name"].lower() for item in properties["frontendIPConfigurations"]}
    for item in write.old.get("frontendIPConfigurations", []):
        part = write.part_id("frontendIPConfigurations", item["name"])
        users = write.graph.strangers(part, write.root)
        if item["name"].lower() not in kept and any(use.source == "privateLinkServices" for use in users):
            raise in_use.frontend(part, users)


def rules(write: Write) -> None:
    """Complete the rules; two cannot listen to the same port of a frontend or send to the same port of a pool."""
    fronts: dict[tuple[Any, ...], str] = {}
    backs: dict[tuple[Any, ...], str] = {}
    for item in write.properties["loadBalancingRules"]:
        fields, own = item["properties"], write.part_id("loadBalancingRules", item["name"])
        _pools(fields)
        protocol = str(fields.get("protocol", "Tcp")).lower()
        front = _target(fields, "frontendIPConfiguration"), protocol, fields.get("frontendPort")
        other = fronts.setdefault(front, own)
        if other != own and front[0]:
            message = (
                f"Load balancing rules {other} and {own} use the same frontend port {fields.get('frontendPort')}, "
                f"protocol {fields.get('protocol')} and frontend IP configuration "
                f"{fields['frontendIPConfiguration']['id']}."
            )
            raise faults.refused("RulesUseSameFrontendPortProtocolAndIPConfig", message)
        back = _target(fields, "backendAddressPool"), protocol, fields.get("backendPort")
        if fields.get("enableFloatingIP") or not back[0]:
            continue
        other = backs.setdefault(back, own)
        if other != own:
            # text: MicrosoftDocs/azure-docs#94673
            message = (
                f"Load balancing rules {other.rpartition('/')[2]} and {item['name']} with floating IP disabled use the "
                f"same protocol {fields.get('protocol')} and backend port {fields.get('backendPort')}, and must not be "
                f"used with the same backend address pool {fields['backendAddressPool']['id'].rpartition('/')[2]}."
            )
            raise faults.refused("RulesUseSameBackendPortProtocolAndPool", message)


def _pools(fields: Document) -> None:
    """Show the one pool of a rule in both ways, as Azure does; the scalar is what clients write."""
    if "backendAddressPool" in fields:
        fields["backendAddressPools"] = [dict(fields["backendAddressPool"])]
    elif len(fields.get("backendAddressPools", [])) == 1:
        fields["backendAddressPool"] = dict(fields["backendAddressPools"][0])


def _target(fields: Document, name: str) -> str:
    link = fields.get(name)
    return id_key(link["id"]) if link else ""
