# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces, and those that private endpoints and private link services make for themselves."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import addresses, faults
from innergate_sandbox.arm.providers.network.declaration import Document

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.graph import Graph
    from innergate_sandbox.arm.providers.network.write import Write

INTERNAL_SUFFIX = "bx.internal.cloudapp.net"


def configurations(write: Write) -> None:
    """Complete the IP configurations: one is primary, dynamic unless they say otherwise."""
    items = write.properties.get("ipConfigurations", [])
    if not items:
        message = f"Network interface {write.root} must have one or more IP configurations."
        raise faults.refused("NetworkInterfaceMustHaveIpConfiguration", message)
    if not any(item["properties"].get("primary") for item in items):
        items[0]["properties"]["primary"] = True
    for item in items:
        item["properties"].setdefault("primary", False)
        later = item is not items[0] and "subnet" not in item["properties"]
        if later and item["properties"].get("privateIPAddressVersion") == "IPv6":
            # Old IPv6, for load balancers only: it has no private address (azurerm: test NetworkInterface_ipv6).
            continue
        if "subnet" in items[0]["properties"]:  # one without a subnet is in that of the first
            item["properties"].setdefault("subnet", dict(items[0]["properties"]["subnet"]))
        if "subnet" not in item["properties"]:
            message = f"IP configuration {write.part_id('ipConfigurations', item['name'])} does not reference a subnet."
            raise faults.refused("IpConfigurationMissingSubnet", message)


def names(write: Write) -> None:
    """Complete the DNS settings."""
    settings = write.properties.setdefault("dnsSettings", {})
    settings.setdefault("dnsServers", [])
    settings["appliedDnsServers"] = []
    settings["internalDomainNameSuffix"] = f"{write.hidden['guid'].replace('-', '')[:26]}.{INTERNAL_SUFFIX}"


def own_interface(write: Write) -> None:
    """Give a private endpoint or a private link service the interface under which it stands in its subnet."""
    held = write.hidden.get("interface")
    if held is None:
        scope = write.root.partition("/providers/")[0]
        name = write.properties.get("customNetworkInterfaceName") or f"{write.target.name}.nic.{uuid.uuid4()}"
        held = write.hidden["interface"] = f"{scope}/providers/Microsoft.Network/networkInterfaces/{name}"
        write.after.append(lambda: _make(write, held))
    write.properties["networkInterfaces"] = [{"id": held}]


def _subnet(write: Write) -> str | None:
    inner = write.properties.get("ipConfigurations") or [{}]
    link = write.properties.get("subnet") or (inner[0].get("properties") or {}).get("subnet")
    return str(link["id"]) if link else None


def _make(write: Write, interface_id: str) -> None:
    subnet = addresses.find_subnet(write.store, _subnet(write) or "")
    if subnet is None or write.store.get(interface_id) is not None:
        return
    used = addresses.taken(write.graph.users(subnet.id))
    wanted = [
        text
        for item in write.properties.get("ipConfigurations", [])
        if (text := item.get("properties", {}).get("privateIPAddress"))
    ]
    inside = [text for text in wanted if any(str(one) == text for one in addresses.free(subnet, set(used)))]
    address = inside[0] if inside else next((str(one) for one in addresses.free(subnet, set(used))), None)
    if address is None:
        raise addresses.full(subnet, 1)
    properties: Document = {
        "subnet": {"id": subnet.id},
        "privateIPAddress": address,
        "privateIPAllocationMethod": "Dynamic",
        "privateIPAddressVersion": "IPv4",
        "primary": True,
    }
    owner = "privateEndpoint" if write.resource.type == "privateEndpoints" else "privateLinkService"
    body: Document = {
        "location": write.document["location"],
        "properties": {
            "ipConfigurations": [{"name": "privateEndpointIpConfig", "properties": properties}],
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
            owner: {"id": write.root},
        },
    }
    write.store.put(interface_id, "Microsoft.Network/networkInterfaces", body, {"guid": str(uuid.uuid4())})


def release(ctx: Context, gone_id: str, document: Document) -> None:
    """Take the interface away with its owner."""
    for item in document["properties"].get("networkInterfaces", []):
        ctx.store.delete(item["id"])


def connections(write: Write) -> None:
    """Say how the connections of a private endpoint stand: approved, or waiting for the other side."""
    states = {
        "privateLinkServiceConnections": ("Approved", "Auto Approved"),
        "manualPrivateLinkServiceConnections": ("Pending", "Awaiting approval"),
    }
    for collection, (status, text) in states.items():
        for item in write.properties.get(collection, []):
            state = {"status": status, "description": text, "actionsRequired": "None"}
            item["properties"].setdefault("privateLinkServiceConnectionState", state)


def link_service(write: Write) -> None:
    """Complete a private link service; its subnet must not apply network policies to it."""
    here = write.document["location"]
    alias = f"{write.target.name}.{write.hidden['guid']}.{here}.azure.privatelinkservice"
    write.properties["alias"] = alias
    subnet = addresses.find_subnet(write.store, _subnet(write) or "")
    if subnet and subnet.document["properties"].get("privateLinkServiceNetworkPolicies") != "Disabled":
        message = (
            f"Private link service {write.root} cannot be created in a subnet {subnet.id} since it has private link "
            "service network policies enabled."
        )
        raise faults.refused("PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled", message)


def lead_here(graph: Graph, root: str, shown: Document) -> None:
    """Show at a private link service which private endpoints lead to it, by its id or its alias.

    Terraform-provider-azurerm writes either as `privateLinkServiceId` (private_connection_resource_alias). What needed
    no approval is described as "Approved" there, as the acceptance test of its data source
    azurerm_private_link_service_endpoint_connections expects. What waits for it has the message of who asks.
    """
    here = {root.lower(), str(shown["properties"].get("alias", "")).lower()}
    found = []
    for endpoint in graph.store.find(type="Microsoft.Network/privateEndpoints"):
        inner = endpoint.body["properties"]
        for item in [*inner["privateLinkServiceConnections"], *inner["manualPrivateLinkServiceConnections"]]:
            link = item["properties"]
            if str(link.get("privateLinkServiceId", "")).lower() not in here:
                continue
            name = f"{endpoint.name}.{endpoint.hidden['guid']}"
            state = dict(link["privateLinkServiceConnectionState"])
            approved = state.get("status") == "Approved"
            state["description"] = "Approved" if approved else link.get("requestMessage", "")
            properties = {"provisioningState": "Succeeded", "privateEndpoint": {"id": endpoint.id}}
            properties["privateLinkServiceConnectionState"] = state
            kind = "privateEndpointConnections"
            head = {"name": name, "id": f"{root}/{kind}/{name}", "etag": shown["etag"]}
            found.append(head | {"properties": properties, "type": f"Microsoft.Network/privateLinkServices/{kind}"})
    shown["properties"]["privateEndpointConnections"] = found
