# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network as ARM describes it: virtual networks, subnets, security groups, load balancer frontends.

A snapshot, read from the store in one go and never changed; `DataPlane` takes a new one when anything of
Microsoft.Network changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from innergate_sandbox.store import Entity, Store, id_key

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NS = "Microsoft.Network"


@dataclass(frozen=True)
class Subnet:
    """One subnet. id, vnet and nsg are lower-case ARM ids."""

    id: str
    vnet: str
    prefixes: tuple[Network, ...]
    nsg: str | None = None


@dataclass(frozen=True)
class VirtualNetwork:
    """One virtual network; peers are the ids of those it is connected with (both sides agreed)."""

    id: str
    name: str
    space: tuple[Network, ...]
    peers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One load balancing rule; port 0 with protocol All is a high-availability rule (every port)."""

    protocol: str
    port: int
    backend_port: int
    floating: bool


@dataclass(frozen=True)
class Frontend:
    """An address on which a load balancer listens. subnet is set for a private one; nodes are the subnets behind it."""

    balancer: str
    name: str
    address: Address
    subnet: str | None
    rules: tuple[Rule, ...]
    nodes: frozenset[str] = frozenset()

    def rule_for(self, port: int) -> Rule | None:
        """Return the rule that takes TCP connections to a port."""
        for rule in self.rules:
            if rule.protocol in ("tcp", "all") and rule.port in (port, 0):
                return rule
        return None


@dataclass
class Inventory:
    """Everything that decides about a flow, by lower-case id, frontends by address.

    public_names: the DNS names that public IP addresses were given -> the address.
    """

    vnets: dict[str, VirtualNetwork] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    security_rules: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    frontends: dict[Address, list[Frontend]] = field(default_factory=dict)
    public_names: dict[str, str] = field(default_factory=dict)

    def subnet_of(self, address: Address) -> Subnet | None:
        """Return the subnet an address lies in (the first, when separate networks overlap)."""
        return next((subnet for subnet in self.subnets.values() if _inside(address, subnet.prefixes)), None)

    def vnets_of(self, address: Address) -> set[str]:
        """Return the ids of the virtual networks whose address space holds an address."""
        return {vnet.id for vnet in self.vnets.values() if _inside(address, vnet.space)}

    def reachable_from(self, vnet: str) -> set[str]:
        """Return the networks that something in a network reaches: itself and its peers (peering is not transitive)."""
        found = self.vnets.get(id_key(vnet))
        return {found.id, *found.peers} if found else set()


def read(store: Store) -> Inventory:
    """Take the snapshot."""
    inventory = Inventory()
    for entity in store.find(type=f"{_NS}/virtualNetworks"):
        _read_vnet(inventory, entity, store)
    for entity in store.find(type=f"{_NS}/networkSecurityGroups"):
        inline = [(rule.get("name"), rule) for rule in _properties(entity.body).get("securityRules") or []]
        children = store.children(entity.id, f"{_NS}/networkSecurityGroups/securityRules")
        rules = [(child.name, child.body) for child in children] or inline
        inventory.security_rules[id_key(entity.id)] = [{**_properties(body), "name": name} for name, body in rules]
    public: dict[str, Any] = {}
    for entity in store.find(type=f"{_NS}/publicIPAddresses"):
        inner = _properties(entity.body)
        public[id_key(entity.id)] = inner.get("ipAddress")
        name = (inner.get("dnsSettings") or {}).get("fqdn")
        if name and inner.get("ipAddress"):
            inventory.public_names[str(name).lower()] = str(inner["ipAddress"])
    for entity in store.find(type=f"{_NS}/loadBalancers"):
        for frontend in _frontends(entity, public, inventory):
            inventory.frontends.setdefault(frontend.address, []).append(frontend)
    return inventory


def _read_vnet(inventory: Inventory, entity: Entity, store: Store) -> None:
    key, properties = id_key(entity.id), _properties(entity.body)
    own = store.children(entity.id, f"{_NS}/virtualNetworks/virtualNetworkPeerings")
    peerings = [child.body for child in own] or properties.get("virtualNetworkPeerings") or []
    inventory.vnets[key] = VirtualNetwork(
        id=key,
        name=entity.name,
        space=_networks((properties.get("addressSpace") or {}).get("addressPrefixes")),
        peers=frozenset(_peers(peerings)),
    )
    children = store.children(entity.id, f"{_NS}/virtualNetworks/subnets")
    subnets = [(child.id, child.body) for child in children]
    if not subnets:
        subnets = [(f"{entity.id}/subnets/{item.get('name')}", item) for item in properties.get("subnets") or []]
    for subnet_id, body in subnets:
        inner = _properties(body)
        prefixes = inner.get("addressPrefixes") or [inner.get("addressPrefix")]
        nsg = _reference(inner.get("networkSecurityGroup"))
        inventory.subnets[id_key(subnet_id)] = Subnet(id_key(subnet_id), key, _networks(prefixes), nsg)


def _peers(peerings: list[dict[str, Any]]) -> Iterator[str]:
    for peering in map(_properties, peerings):
        remote = _reference(peering.get("remoteVirtualNetwork"))
        connected = peering.get("peeringState", "Connected") == "Connected"
        if remote and connected and peering.get("allowVirtualNetworkAccess", True):
            yield remote


def _frontends(entity: Entity, public: dict[str, Any], inventory: Inventory) -> Iterator[Frontend]:
    properties = _properties(entity.body)
    nodes = frozenset(_node_subnets(properties.get("backendAddressPools") or [], inventory))
    for item in properties.get("frontendIPConfigurations") or []:
        inner = _properties(item)
        reference = _reference(inner.get("publicIPAddress"))
        text = public.get(reference) if reference else inner.get("privateIPAddress")
        if not text:
            continue
        own_id = id_key(item.get("id") or f"{entity.id}/frontendIPConfigurations/{item.get('name')}")
        rules = tuple(_rules(properties.get("loadBalancingRules") or [], own_id))
        subnet = None if reference else _reference(inner.get("subnet"))
        yield Frontend(entity.name, str(item.get("name")), ip_address(text), subnet, rules, nodes)


def _rules(rules: list[dict[str, Any]], frontend: str) -> Iterator[Rule]:
    for inner in map(_properties, rules):
        if _reference(inner.get("frontendIPConfiguration")) == frontend:
            port = int(inner.get("frontendPort") or 0)
            backend = int(inner.get("backendPort") or 0)
            yield Rule(str(inner.get("protocol", "Tcp")).lower(), port, backend, bool(inner.get("enableFloatingIP")))


def _node_subnets(pools: list[dict[str, Any]], inventory: Inventory) -> Iterator[str]:
    """Yield the subnets of the machines in the pools, as far as the pools name their addresses."""
    for pool in map(_properties, pools):
        for member in map(_properties, pool.get("loadBalancerBackendAddresses") or []):
            named = _reference(member.get("subnet"))
            found = inventory.subnet_of(ip_address(member["ipAddress"])) if member.get("ipAddress") else None
            if named or found:
                yield named or (found.id if found else "")


def _inside(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _networks(texts: list[str | None] | None) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts or [] if text)


def _properties(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("properties")
    return found if isinstance(found, dict) else {}


def _reference(value: Any) -> str | None:
    """Return the lower-case id that a reference object `{"id": ...}` holds."""
    return id_key(value["id"]) if isinstance(value, dict) and value.get("id") else None
