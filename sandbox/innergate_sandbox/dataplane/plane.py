# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a connection to an address ends up: a loopback port, or nowhere and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal

from innergate_sandbox.clock import Clock
from innergate_sandbox.dataplane.inventory import Address, Frontend, Inventory, Subnet, read
from innergate_sandbox.dataplane.security import INBOUND, OUTBOUND, End, Flow, verdict
from innergate_sandbox.dataplane.watch import Watch
from innergate_sandbox.store import Store, id_key

Zone = Literal["vnet", "internet"]
Target = tuple[str, int]
Endpoints = dict[Target, list[Target]]


@dataclass(frozen=True)
class Unreachable:
    """The connection would not come about; reason is a sentence for people."""

    reason: str


@dataclass(frozen=True)
class _Published:
    endpoints: Endpoints
    names: dict[str, str]
    frontends: frozenset[str]


@dataclass
class DataPlane:
    """All addresses that answer, and the rules that say for whom.

    Whoever runs something publishes its endpoints; ARM's network (read from the store) decides who reaches them.
    """

    store: Store
    clock: Clock
    _sources: dict[str, _Published] = field(default_factory=dict)
    _turns: dict[Target, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without knowledge; the first question reads the network."""
        self._watch = Watch(self.store, namespace="Microsoft.Network")
        self._inventory = Inventory()

    # -- what answers ---------------------------------------------------------------------------------------------

    def publish(
        self,
        source: str,
        endpoints: Mapping[Target, list[Target]],
        names: Mapping[str, str] | None = None,
        frontends: Iterable[str] = (),
    ) -> None:
        """Say what of a source is ready now; replaces all that the source said before.

        endpoints: (address, port) -> loopback targets. names: DNS name -> address, known inside the cluster only.
        frontends: those of the addresses that are load balancer frontends: they answer only while ARM has a load
        balancer with that address, even when no load balancer of that address was ever seen.
        """
        lower = {name.lower().rstrip("."): address for name, address in (names or {}).items()}
        copied = {key: list(targets) for key, targets in endpoints.items()}
        self._sources[source] = _Published(copied, lower, frozenset(frontends))

    @property
    def inventory(self) -> Inventory:
        """ARM's network as it is now."""
        if self._watch.changed():
            self._inventory = read(self.store)
        return self._inventory

    # -- who reaches it -------------------------------------------------------------------------------------------

    def resolve(self, address: str, port: int, *, zone: Zone, subnet: str | None = None) -> Target | Unreachable:
        """Return the loopback port behind an address (or DNS name) and port, in turn when there are several.

        zone: where the connection starts. subnet: the ARM id of the subnet it starts in (a joined API Management
        service); then only that network and its peers are reached, and security groups are asked for this source.
        Without it, zone "vnet" is a pod or node: every network and the cluster's own addresses.
        """
        found = self._address(address, in_cluster=zone == "vnet" and subnet is None)
        if isinstance(found, Unreachable):
            return found
        origin = self.inventory.subnets.get(id_key(subnet)) if subnet else None
        if subnet and origin is None:
            return Unreachable(f"the subnet {subnet} that the connection starts in does not exist")
        frontends = self._frontends(found, origin)
        problem = (
            self._frontend_problem(frontends, found, port, zone, origin)
            if frontends or self._is_frontend(found)
            else self._plain_problem(found, port, zone, origin)
        )
        return problem or self._next(found, port)

    def admits(self, subnet: str, port: int, *, zone: Zone) -> Unreachable | None:
        """Say whether security lets connections of a zone into a subnet; None: yes.

        For a gateway in a subnet. Its load balancer is closed unless a security group opens it, so a subnet without
        one admits nobody from the internet (Microsoft Learn: api-management virtual-network-reference).
        """
        found = self.inventory.subnets.get(id_key(subnet))
        if found is None:
            return Unreachable(f"the subnet {subnet} does not exist")
        if zone == "internet" and found.nsg is None:
            return Unreachable(f"the subnet {_name(found)} has no network security group, so nothing may come in")
        source = End(tags=frozenset({"internet" if zone == "internet" else "virtualnetwork"}))
        flow = Flow(source, End(found.prefixes, frozenset({"virtualnetwork"})), port)
        return self._denied(found, INBOUND, flow)

    # -- steps ----------------------------------------------------------------------------------------------------

    def _address(self, text: str, *, in_cluster: bool) -> Address | Unreachable:
        """Turn an address or a name into an address; names that sources publish are those of the cluster's own DNS."""
        bare = text.strip("[]").lower().rstrip(".")
        bare = self.inventory.public_names.get(bare, bare)
        for published in self._sources.values() if in_cluster else ():
            bare = published.names.get(bare, bare)
        try:
            found = ip_address(bare)
        except ValueError:
            return Unreachable(f"the name {text} does not resolve")
        if found.is_loopback:
            return Unreachable(f"{text} is a loopback address, not one of the network")
        return found

    def _is_frontend(self, address: Address) -> bool:
        return any(str(address) in published.frontends for published in self._sources.values())

    def _frontends(self, address: Address, origin: Subnet | None) -> list[Frontend]:
        """Return the frontends with this address; those in reach first when networks overlap."""
        found = self.inventory.frontends.get(address, [])
        reach = self.inventory.reachable_from(origin.vnet) if origin else set()
        return sorted(found, key=lambda item: self._vnet(item.subnet) not in reach)

    def _vnet(self, subnet: str | None) -> str | None:
        found = self.inventory.subnets.get(subnet) if subnet else None
        return found.vnet if found else None

    def _frontend_problem(
        self, frontends: list[Frontend], address: Address, port: int, zone: Zone, origin: Subnet | None
    ) -> Unreachable | None:
        if not frontends:
            return Unreachable(f"no load balancer has the frontend address {address}")
        frontend = frontends[0]
        private = frontend.subnet is not None
        if private and zone == "internet":
            return Unreachable(f"{address} is a private address of a virtual network, not routed on the internet")
        if private and origin and self._vnet(frontend.subnet) not in self.inventory.reachable_from(origin.vnet):
            return Unreachable(f"{address} lies in a virtual network that is not connected with {_name(origin)}")
        named = [item for item in frontends if item.rule_for(port)]
        if not named:
            return Unreachable(f"load balancer {frontend.balancer} has no rule for port {port} of {address}")
        return self._leaves(origin, address, port, private) or self._enters(named[0], address, port, zone, origin)

    def _plain_problem(self, address: Address, port: int, zone: Zone, origin: Subnet | None) -> Unreachable | None:
        """Judge an address without load balancer: a node's, a pod's, or a service's in the cluster."""
        homes = self.inventory.vnets_of(address)
        if zone == "internet":
            published = self._known(address, port)
            where = "of a virtual network" if homes else "of the cluster" if published else ""
            kind = f"a private address {where}" if where else "an address"
            return Unreachable(f"{address} is {kind}, not routed on the internet")
        if origin and not homes & self.inventory.reachable_from(origin.vnet):
            return Unreachable(f"{address} lies in no virtual network that {_name(origin)} is connected with")
        problem = self._leaves(origin, address, port, private=True)
        home = self.inventory.subnet_of(address) if homes else None
        if problem or home is None or home == origin:
            return problem
        flow = Flow(self._source(zone, origin), End.of(address, "VirtualNetwork"), port)
        return self._denied(home, INBOUND, flow)

    def _source(self, zone: Zone, origin: Subnet | None) -> End:
        tag = "internet" if zone == "internet" else "virtualnetwork"
        return End(origin.prefixes if origin else (), frozenset({tag}))

    def _leaves(self, origin: Subnet | None, address: Address, port: int, private: bool) -> Unreachable | None:
        if origin is None:
            return None
        destination = End.of(address, "VirtualNetwork" if private else "Internet")
        return self._denied(origin, OUTBOUND, Flow(self._source("vnet", origin), destination, port))

    def _enters(
        self, frontend: Frontend, address: Address, port: int, zone: Zone, origin: Subnet | None
    ) -> Unreachable | None:
        """Ask the groups of the subnets that the machines behind a frontend are in; one open way is enough.

        The frontend's own subnet is not asked: Azure applies groups where the packet arrives, at the machines.
        """
        rule = frontend.rule_for(port)
        problem = None
        for node in frontend.nodes:
            subnet = self.inventory.subnets.get(node)
            if subnet is None or rule is None:
                continue
            floating = End.of(address, "VirtualNetwork")
            destination = floating if rule.floating else End(subnet.prefixes, frozenset({"virtualnetwork"}))
            inner = port if rule.floating or not rule.backend_port else rule.backend_port
            problem = self._denied(subnet, INBOUND, Flow(self._source(zone, origin), destination, inner))
            if problem is None:
                return None
        return problem

    def _denied(self, subnet: Subnet, direction: str, flow: Flow) -> Unreachable | None:
        if subnet.nsg is None or subnet.nsg not in self.inventory.security_rules:
            return None
        allowed, rule = verdict(self.inventory.security_rules[subnet.nsg], direction, flow)
        if allowed:
            return None
        group = subnet.nsg.rpartition("/")[2]
        way = "into" if direction == INBOUND else "out of"
        place = f"{way} subnet {_name(subnet)} on port {flow.port}"
        return Unreachable(f"rule {rule} of network security group {group} lets nothing {place}")

    def _known(self, address: Address, port: int) -> list[Target] | None:
        for published in self._sources.values():
            targets = published.endpoints.get((str(address), port))
            if targets is not None:
                return targets
        return None

    def _next(self, address: Address, port: int) -> Target | Unreachable:
        targets = self._known(address, port)
        if not targets:
            what = "nothing listens on" if targets is None else "no ready endpoint is behind"
            return Unreachable(f"{what} {address}:{port}")
        turn = self._turns.get((str(address), port), 0)
        self._turns[(str(address), port)] = turn + 1
        return targets[turn % len(targets)]


def _name(subnet: Subnet) -> str:
    return subnet.id.rpartition("/")[2]
