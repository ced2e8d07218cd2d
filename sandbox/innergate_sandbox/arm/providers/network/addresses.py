# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private and public addresses: who has which, and who gets the next one.

Azure keeps five addresses of every subnet to itself, the first four and the last (Microsoft Learn:
virtual-networks-faq). The first that anybody gets is base+4; a Dynamic one is the lowest that is free and stays over
every PUT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import Document, Parts
from innergate_sandbox.arm.providers.network.graph import NAMESPACE
from innergate_sandbox.store import Entity, Store, id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.graph import Use
    from innergate_sandbox.arm.providers.network.write import Write

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Claims = dict[tuple[str, Address], str]  # (network, address) -> who has it

# Documentation and benchmark ranges (RFC 5737, RFC 2544): public to the rehearsal, routed nowhere in the real world.
_PUBLIC = ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "198.18.0.0/16")
_PUBLIC_V6 = "2001:db8:40::/64"
_PREFIXES, _PREFIXES_V6 = "198.19.0.0/16", "2001:db8:41::/64"


@dataclass(frozen=True)
class Subnet:
    """A subnet as others need it. id is spelled as in its virtual network."""

    id: str
    name: str
    vnet: Entity
    document: Document = field(repr=False)

    @property
    def location(self) -> str:
        """The region."""
        return str(self.vnet.body["location"])

    @property
    def prefixes(self) -> tuple[Network, ...]:
        """The address ranges: the scalar or the list, whichever it has."""
        return tuple(prefixes(self.document))

    @property
    def prefix(self) -> str:
        """The first range as text."""
        return str(self.prefixes[0]) if self.prefixes else ""

    @property
    def delegations(self) -> tuple[str, ...]:
        """The services it is delegated to, such as "Microsoft.Web/serverFarms"."""
        items = self.document["properties"].get("delegations") or []
        return tuple(str(item["properties"].get("serviceName", "")) for item in items)

    def linked(self, name: str) -> str | None:
        """Return the id behind a reference: networkSecurityGroup, routeTable, natGateway."""
        found = self.document["properties"].get(name)
        return str(found["id"]) if found else None

    def usable(self) -> int:
        """Return how many IPv4 addresses it has for others (without the five of Azure)."""
        return sum(max(0, network.num_addresses - 5) for network in self.prefixes if network.version == 4)


def prefixes(document: Document) -> list[Network]:
    """Return the ranges of a subnet's document."""
    properties = document["properties"]
    texts = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    return [ip_network(text) for text in texts if text]


def find_subnet(store: Store, subnet_id: str) -> Subnet | None:
    """Return the subnet with this id, or None."""
    parent, dummy, name = subnet_id.rstrip("/").rpartition("/")
    vnet_id = parent.rpartition("/")[0]
    vnet = store.get(vnet_id) if parent.lower().endswith("/subnets") else None
    if vnet is None or vnet.type.lower() != f"{NAMESPACE}/virtualNetworks".lower():
        return None
    for item in vnet.body["properties"].get("subnets", []):
        if item["name"].lower() == name.lower():
            return Subnet(f"{vnet.id}/subnets/{item['name']}", item["name"], vnet, item)
    return None


def reserved(network: Network) -> set[Address]:
    """Return the addresses of a range that Azure keeps."""
    first = [network[number] for number in range(min(4, network.num_addresses))]
    return {*first, network[-1]} if network.version == 4 else set(first)


def free(subnet: Subnet, taken: set[Address], version: int = 4) -> Iterator[Address]:
    """Yield the free addresses of a subnet, the lowest first."""
    for network in subnet.prefixes:
        if network.version == version:
            kept = reserved(network)
            # hosts() of an IPv6 /64 is endless for practical purposes, which a generator does not mind.
            yield from (one for one in network.hosts() if one not in kept and one not in taken)


def taken(users: list[Use]) -> dict[Address, str]:
    """Return the addresses in use with the parts that have them; a part may have a block of them, "10.0.0.16/28"."""
    return {address: use.part for use in users if use.address for address in ip_network(use.address)}


def _block(subnet: Subnet, used: set[Address], length: int) -> Network | None:
    """Return the lowest block of a subnet in which nobody has an address."""
    for network in subnet.prefixes:
        if network.version == 4 and network.prefixlen < length:
            kept = used | reserved(network)
            for block in network.subnets(new_prefix=length):
                if not any(address in block for address in kept):
                    return block
    return None


def full(subnet: Subnet, wanted: int) -> Exception:
    """400 of a subnet without enough addresses (text: karpenter-provider-azure#734)."""
    message = (
        f"Subnet {subnet.id} with address prefix {subnet.prefix} does not have enough capacity for {wanted} IP "
        "addresses."
    )
    return faults.refused("SubnetIsFull", message)


# -- for the parts of network resources -----------------------------------------------------------------------------


def assign(write: Write) -> None:
    """Give every part that stands in a subnet its private address; refuse what cannot be had, changing nothing."""
    for collection, kind in write.resource.fields.items():
        if isinstance(kind, Parts) and kind.part.address:
            items = write.document["properties"].get(collection, [])
            inside = [(item, _subnet_of(write, item)) for item in items]
            _assign(write, collection, [(item, subnet) for item, subnet in inside if subnet])


def _subnet_of(write: Write, item: Document) -> Subnet | None:
    link = item["properties"].get("subnet")
    return find_subnet(write.store, link["id"]) if link else None


def _assign(write: Write, collection: str, items: list[tuple[Document, Subnet]]) -> None:
    claimed: Claims = {}
    for item, subnet in items:
        if item["properties"].get("privateIPAllocationMethod") == "Static":
            part = f"{write.root}/{collection}/{item['name']}"
            address = _static(write, item["properties"].get("privateIPAddress"), subnet, part, claimed)
            claimed[id_key(subnet.vnet.id), address] = part
            item["properties"]["privateIPAddress"] = str(address)
    waiting = []
    for item, subnet in items:
        if item["properties"].get("privateIPAllocationMethod") != "Static":
            item["properties"].pop("privateIPAddress", None)
            kept = _kept(write, collection, item, subnet)
            mine = {(id_key(subnet.vnet.id), address) for address in ip_network(kept)} if kept else set()
            if not mine or mine & set(claimed):
                waiting.append((item, subnet))
                continue
            claimed.update(dict.fromkeys(mine, str(item["name"])))
            item["properties"]["privateIPAddress"] = kept
    for item, subnet in waiting:
        version = 6 if item["properties"].get("privateIPAddressVersion") == "IPv6" else 4
        used = {address for vnet, address in claimed if vnet == id_key(subnet.vnet.id)}
        used |= set(taken(write.graph.strangers(subnet.id, write.root)))
        length = item["properties"].get("privateIPAddressPrefixLength", 32)
        single = next(free(subnet, used, version), None) if version == 6 or length >= 32 else None
        chosen = ip_network(single) if single else _block(subnet, used, length) if length < 32 else None
        if chosen is None:
            raise full(subnet, sum(id_key(other.id) == id_key(subnet.id) for dummy, other in waiting))
        for address in chosen:
            claimed[id_key(subnet.vnet.id), address] = item["name"]
        item["properties"]["privateIPAddress"] = str(single or chosen)


def _kept(write: Write, collection: str, item: Document, subnet: Subnet) -> str | None:
    """Return the address (or block) that the part had before, if it stands in the same subnet."""
    before = write.before(collection, item["name"])
    if before is None or "subnet" not in before["properties"] or "privateIPAddress" not in before["properties"]:
        return None
    if id_key(before["properties"]["subnet"]["id"]) != id_key(subnet.id):
        return None
    text = str(before["properties"]["privateIPAddress"])
    first = ip_network(text).network_address
    same_size = item["properties"].get("privateIPAddressPrefixLength", 32) >= 32 or "/" in text
    return text if same_size and any(first in network for network in subnet.prefixes) else None


def _static(write: Write, text: str | None, subnet: Subnet, part: str, claimed: Claims) -> Address:
    if not text:
        message = f"IP configuration {part} has the allocation method Static, but no private IP address."
        raise faults.refused("PrivateIPAddressMissing", message)
    try:
        address = ip_address(text)
    except ValueError:
        message = f"IP configuration {part} has an invalid private IP address {text}."
        raise faults.refused("InvalidIPAddressFormat", message) from None
    network = next((one for one in subnet.prefixes if address in one), None)
    if network is None:
        message = f"Private static IP address {text} does not belong to the range of subnet prefix {subnet.prefix}."
        raise faults.refused("PrivateIPAddressNotInSubnet", message)
    if address in reserved(network):
        message = f"Private static IP address {text} falls within reserved IP range of subnet prefix {network}."
        raise faults.refused("PrivateIPAddressInReservedRange", message)
    twin = claimed.get((id_key(subnet.vnet.id), address))
    if twin:
        message = (
            f"IP configuration {part} is requesting the same private IP address {text} as IP Configurations {twin}. "
            f"Private IP address {text} from the subnet can be assigned to only one IP configuration."
        )
        raise faults.refused("MultipleIpConfigsRequestSamePrivateIpAddress", message)
    owner = taken(write.graph.strangers(subnet.id, write.root)).get(address)
    if owner:
        message = (
            f"IP configuration {part} is using the private IP address {text} which is already allocated to resource "
            f"{owner}."
        )
        raise faults.refused("PrivateIPAddressIsAllocated", message)
    return address


# -- public ---------------------------------------------------------------------------------------------------------


def public_prefix(store: Store, length: int, version: str = "IPv4") -> str:
    """Return a public range that no public IP prefix of this sandbox has, apart from where single addresses are."""
    taken = [
        ip_network(entity.body["properties"]["ipPrefix"]) for entity in store.find(type=f"{NAMESPACE}/publicIPPrefixes")
    ]
    for network in ip_network(_PREFIXES_V6 if version == "IPv6" else _PREFIXES).subnets(new_prefix=length):
        if not any(network.overlaps(other) for other in taken if other.version == network.version):
            return str(network)
    raise faults.refused("PublicIPPrefixesNotAvailable", "No public IP prefixes are left in this region.")


def public_address(store: Store, version: str = "IPv4", prefix: str | None = None) -> str:
    """Return a public address that nobody in this sandbox has; one of `prefix`, if that is given."""
    entities = store.find(type=f"{NAMESPACE}/publicIPAddresses")
    used = {entity.body["properties"].get("ipAddress") for entity in entities}
    if prefix:
        for address in ip_network(prefix):
            if str(address) not in used:
                return str(address)
        raise faults.refused("PublicIpPrefixOutOfIpAddresses", f"All addresses of the prefix {prefix} are in use.")
    for text in (_PUBLIC_V6,) if version == "IPv6" else _PUBLIC:
        for address in ip_network(text).hosts():
            if str(address) not in used:
                return str(address)
    raise faults.refused("PublicIPAddressesNotAvailable", "No public IP addresses are left in this region.")
