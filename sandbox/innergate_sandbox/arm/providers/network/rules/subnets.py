# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ranges of a virtual network and its subnets, delegations and service endpoints."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.network import addresses, faults
from innergate_sandbox.arm.providers.network.addresses import Network
from innergate_sandbox.arm.providers.network.declaration import Document
from innergate_sandbox.arm.providers.network.graph import Graph
from innergate_sandbox.arm.providers.network.rules import delegations, in_use

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write

KEEP_SUBNETS = "network.vnet-put-keeps-subnets"
"""Option of the settings: a VNET PUT without `subnets` leaves them alone, as newer api-versions may (not verified)."""

_FORBIDDEN = ("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
_PAIRS = {
    "westeurope": "northeurope", "northeurope": "westeurope", "eastus": "westus", "westus": "eastus",
    "eastus2": "centralus", "centralus": "eastus2", "westus2": "westcentralus", "northcentralus": "southcentralus",
    "southcentralus": "northcentralus", "uksouth": "ukwest", "germanywestcentral": "germanynorth",
    "francecentral": "francesouth", "switzerlandnorth": "switzerlandwest", "southeastasia": "eastasia",
}  # fmt: skip


def keep_or_remove(write: Write) -> None:
    """Replace the whole network: subnets that a PUT of it leaves out are deleted, or InUseSubnetCannotBeDeleted."""
    if write.target.chain:
        return
    body = write.request.body if isinstance(write.request.body, dict) else {}
    sent = body.get("properties") or {}
    if "virtualNetworkPeerings" not in sent and "virtualNetworkPeerings" in write.old:
        write.properties["virtualNetworkPeerings"] = write.old["virtualNetworkPeerings"]
    if "subnets" not in sent and write.ctx.settings.options.get(KEEP_SUBNETS):
        write.properties["subnets"] = write.old.get("subnets", [])
    kept = {item["name"].lower() for item in write.properties["subnets"]}
    for item in write.old.get("subnets", []):
        if item["name"].lower() not in kept:
            subnet_id = write.part_id("subnets", item["name"])
            users = write.graph.strangers(subnet_id, write.root)
            if users:
                raise in_use.subnet(subnet_id, users)


def parse(text: str, resource_id: str) -> Network:
    """Return a range; Azure's refusals if it is none (Azure/azure-service-operator#997)."""
    try:
        network = ip_network(text, strict=False)
        if "/" not in text:
            raise ValueError(text)
    except ValueError:
        message = (
            f"Address prefix {text} of resource {resource_id} is not formatted correctly. It should follow CIDR "
            "notation, for example 10.0.0.0/24."
        )
        raise faults.refused("InvalidAddressPrefixFormat", message) from None
    if text.split("/", maxsplit=1)[0] != str(network.network_address) and network.version == 4:
        message = (
            f"The address prefix {text} in resource {resource_id} has an invalid CIDR notation. For the given prefix "
            f"length, the address prefix should be {network}."
        )
        raise faults.refused("InvalidCIDRNotation", message)
    return network


def _length(allocation: Document, default: int, least: int) -> int:
    """The prefix length with room for the addresses that an allocation wants: a /29 or more, at most a /`least`."""
    if "pool" not in allocation:
        raise faults.refused("MissingJsonReferenceId", "Value for reference id is missing. Path pool.")
    wanted = str(allocation.get("numberOfIpAddresses", default))
    if not re.fullmatch(r"[1-9]\d{0,9}", wanted) or int(wanted) > 2 ** (32 - least):
        message = f"Number of IP addresses '{wanted}' of an allocation from a pool is not valid."
        raise faults.refused("InvalidNumberOfIpAddresses", message)
    return min(29, 32 - (int(wanted) - 1).bit_length())


def space(write: Write) -> None:
    """Check the address space; make one up where a pool of the address manager is to give it."""
    found = write.properties.setdefault("addressSpace", {})
    if found.get("ipamPoolPrefixAllocations") and not found.get("addressPrefixes"):
        length = _length(found["ipamPoolPrefixAllocations"][0], 256, 8)
        found["addressPrefixes"] = [f"10.200.0.0/{length}"]
        found["ipamPoolPrefixAllocations"][0]["allocatedAddressPrefixes"] = found["addressPrefixes"]
    if not found.get("addressPrefixes"):
        message = f"AddressSpace of virtual network {write.root} must have at least one address prefix."
        raise faults.refused("InvalidAddressSpace", message)
    for text in found["addressPrefixes"]:
        network = parse(text, write.root)
        if network.version == 4 and any(network.overlaps(ip_network(one)) for one in _FORBIDDEN):
            message = f"Address prefix {text} of virtual network {write.root} is reserved and cannot be used."
            raise faults.refused("InvalidAddressPrefix", message)


def _texts(write: Write, item: Document, taken: list[Network]) -> list[str]:
    properties = item["properties"]
    subnet_id = write.part_id("subnets", item["name"])
    if properties.get("addressPrefix") and properties.get("addressPrefixes"):
        if properties["addressPrefixes"] != [properties["addressPrefix"]]:
            # text: Azure/azure-cli#32005
            message = (
                f"Invalid configuration on subnet {subnet_id}; cannot populate both address prefix and address "
                "prefixes."
            )
            raise faults.refused("InvalidSubnetConfiguration", message)
        del properties["addressPrefixes"]
    if properties.get("ipamPoolPrefixAllocations") and not properties.get("addressPrefixes"):
        length = _length(properties["ipamPoolPrefixAllocations"][0], 8, 0)
        spaces = [ip_network(prefix) for prefix in write.properties["addressSpace"]["addressPrefixes"]]
        for space_ in (one for one in spaces if one.version == 4 and one.prefixlen <= length):
            for network in space_.subnets(new_prefix=length):
                if not any(network.overlaps(other) for other in taken if other.version == network.version):
                    properties["addressPrefixes"] = [str(network)]
                    properties["ipamPoolPrefixAllocations"][0]["allocatedAddressPrefixes"] = [str(network)]
                    return [str(network)]
    texts = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    if not texts[0]:
        message = f"Subnet '{item['name']}' is not valid in virtual network '{write.root.rpartition('/')[2]}'."
        raise faults.refused("NetcfgInvalidSubnet", message)
    return [str(text) for text in texts]


def ranges(write: Write) -> None:
    """Check that every subnet lies in one prefix of the network and overlaps no other (azure-docs#123869)."""
    network_name = write.root.rpartition("/")[2]
    space_of = [ip_network(text) for text in write.properties["addressSpace"]["addressPrefixes"]]
    written = write.target.chain[0][1].lower() if write.target.chain else ""
    # The subnet that is being written comes last: it is the one that is not valid.
    items = sorted(write.properties.get("subnets", []), key=lambda item: item["name"].lower() == written)
    taken: list[Network] = []
    for item in items:
        mine = [parse(text, write.part_id("subnets", item["name"])) for text in _texts(write, item, taken)]
        start = f"Subnet '{item['name']}' is not valid"
        for network in mine:
            if network.version == 4 and network.prefixlen > 29:
                raise faults.refused("NetcfgInvalidSubnet", f"{start} in virtual network '{network_name}'.")
            if not any(_inside(network, one) for one in space_of):
                message = (
                    f"{start} because its IP address range is outside the IP address range of virtual network "
                    f"'{network_name}'."
                )
                raise faults.refused("NetcfgSubnetRangeOutsideVnet", message)
            if any(network.version == other.version and network.overlaps(other) for other in taken):
                message = (
                    f"{start} because its IP address range overlaps with that of an existing subnet in virtual network "
                    f"'{network_name}'."
                )
                raise faults.refused("NetcfgSubnetRangesOverlap", message)
            taken.append(network)


def _inside(network: Network, other: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)


def services(write: Write) -> None:
    """Complete service endpoints and delegations; refuse services that no subnet can be delegated to."""
    for item in write.properties.get("subnets", []):
        for endpoint in item["properties"].get("serviceEndpoints", []):
            here = write.document["location"]
            storage = [here, _PAIRS[here]] if here in _PAIRS else [here]
            places = {"microsoft.storage": storage, "microsoft.sql": [here]}
            endpoint.setdefault("locations", places.get(str(endpoint.get("service")).lower(), ["*"]))
            endpoint["provisioningState"] = "Succeeded"
        delegations.complete(write, item)


def occupied(write: Write) -> None:
    """Refuse to take a range away from a subnet with something in it (hashicorp/terraform-provider-azurerm#11211)."""
    for item in write.properties.get("subnets", []):
        before = write.before("subnets", item["name"])
        users = write.graph.strangers(write.part_id("subnets", item["name"]), write.root)
        if before is None or not users:
            continue
        for network in addresses.prefixes(before):
            held = [one for one in addresses.taken(users) if one in network]
            if network not in addresses.prefixes(item) and (held or not addresses.taken(users)):
                message = f"IpPrefix {network} on Subnet {item['name']} has active allocations and cannot be deleted."
                raise faults.refused("InUsePrefixCannotBeDeleted", message)
        delegations.still_there(write, item, users)


def decorate(graph: Graph, root: str, shown: Document) -> None:
    """Add what Azure works out when it answers: association links of services, the region's BGP community."""
    properties = shown["properties"]
    if "bgpCommunities" in properties:
        properties["bgpCommunities"] = {**properties["bgpCommunities"], "regionalCommunity": "12076:50004"}
    for subnet in properties.get("subnets", []):
        links = delegations.links(graph, subnet["id"], subnet["properties"], subnet["etag"])
        if links:
            subnet["properties"]["serviceAssociationLinks"] = links
