# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address and port of the cluster is answered by which ready pods: what kube-proxy and load balancers do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.api.watch import Informer, Key
from innergate_sandbox.kubernetes.foreign import ForeignPods, foreign_pods
from innergate_sandbox.kubernetes.node.surroundings import Target

SOURCE = "cluster"


@dataclass
class Table:
    """`endpoints` maps addresses to loopback targets, `names` DNS names to addresses, `frontends` are those of load
    balancers.
    """

    endpoints: dict[Target, list[Target]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    frontends: set[str] = field(default_factory=set)


class Publisher(Protocol):
    """The data plane, as far as it is needed here."""

    def publish(
        self,
        source: str,
        endpoints: Mapping[Target, list[Target]],
        names: Mapping[str, str] | None = None,
        frontends: Iterable[str] = (),
    ) -> None:
        """Replace what the source said before."""


@dataclass(frozen=True)
class _Endpoint:
    address: str
    node: str | None
    ports: dict[str, int]


def build(
    services: Iterable[Object], slices: Iterable[Object], targets: Mapping[Target, Target], nodes: Mapping[str, str]
) -> Table:
    """The whole table. `targets` are the pods' ports on loopback, `nodes` the address of each node by name."""
    table = Table(endpoints={pod: [local] for pod, local in targets.items()})
    ready = _ready_endpoints(slices)
    bare: dict[str, list[str]] = {}
    for service in services:
        meta, spec = service["metadata"], service["spec"]
        key = (meta["namespace"], meta["name"])
        for port in spec.get("ports") or []:
            if port.get("protocol", "TCP") == "TCP":
                _add_port(table, service, port, ready.get(key, []), targets, nodes)
        address = _name_address(spec, ready.get(key, []))
        if address:
            namespace, name = key
            for suffix in (namespace, f"{namespace}.svc", f"{namespace}.svc.cluster.local"):
                table.names[f"{name}.{suffix}"] = address
            bare.setdefault(name, []).append(address)
        table.frontends.update(_ingress(service))
    # A short name means the pod's own namespace, which the data plane does not know: it works while it is unambiguous.
    table.names |= {name: addresses[0] for name, addresses in bare.items() if len(addresses) == 1}
    return table


class Router:
    """Publishes the table to the data plane, soon after anything changed."""

    def __init__(
        self,
        plane: Publisher,
        services: Informer,
        slices: Informer,
        targets: Mapping[Target, Target],
        fixed: Mapping[Target, Target],
    ) -> None:
        """`fixed` are endpoints that are always there, such as the API server's."""
        self.nodes: Mapping[str, str] = {}
        self.table = Table()
        self._plane = plane
        self._services = services
        self._slices = slices
        self._targets = targets
        self._fixed = fixed
        self._pending: asyncio.Handle | None = None
        self.foreign: ForeignPods | None = None
        services.subscribe(lambda old, new: self.soon())
        slices.subscribe(lambda old, new: self.soon())

    def soon(self) -> None:
        """Publish in this turn of the event loop, once for many changes."""
        if self._pending is None:
            self._pending = asyncio.get_running_loop().call_soon(self.publish)

    def publish(self) -> None:
        """Publish now."""
        self._pending = None
        services, slices = self._services.items.values(), self._slices.items.values()
        if self.foreign is not None:
            self.foreign.want(foreign_pods(slices, self.nodes))
        table = build(services, slices, self._targets, self.nodes)
        table.endpoints |= {address: [local] for address, local in self._fixed.items()}
        self.table = table
        self._plane.publish(SOURCE, table.endpoints, table.names, table.frontends)

    async def withdraw(self) -> None:
        """Nothing answers any more."""
        if self._pending is not None:
            self._pending.cancel()
        self._plane.publish(SOURCE, {}, {})


def _ready_endpoints(slices: Iterable[Object]) -> dict[Key, list[_Endpoint]]:
    found: dict[Key, list[_Endpoint]] = {}
    for item in slices:
        name = (item["metadata"].get("labels") or {}).get("kubernetes.io/service-name")
        if not name or item.get("addressType") != "IPv4":
            continue
        ports = {port.get("name") or "": port["port"] for port in item.get("ports") or [] if port.get("port")}
        for endpoint in item.get("endpoints") or []:
            if (endpoint.get("conditions") or {}).get("ready") is not False:
                entry = _Endpoint(endpoint["addresses"][0], endpoint.get("nodeName"), ports)
                found.setdefault((item["metadata"]["namespace"], name), []).append(entry)
    return found


def _add_port(
    table: Table,
    service: Object,
    port: Object,
    ready: list[_Endpoint],
    targets: Mapping[Target, Target],
    nodes: Mapping[str, str],
) -> None:
    def locals_of(endpoints: Iterable[_Endpoint]) -> list[Target]:
        pods = ((item.address, item.ports.get(port.get("name") or "", 0)) for item in endpoints)
        return [targets[pod] for pod in pods if pod in targets]

    spec = service["spec"]
    everywhere = locals_of(ready)
    own = [address for address in spec.get("clusterIPs") or [spec.get("clusterIP")] if address and address != "None"]
    for address in (*own, *(spec.get("externalIPs") or []), *_ingress(service)):
        table.endpoints[(address, port["port"])] = everywhere
    if port.get("nodePort"):
        local = spec.get("externalTrafficPolicy") == "Local"
        for name, address in nodes.items():
            here = locals_of(item for item in ready if item.node == name) if local else everywhere
            table.endpoints[(address, port["nodePort"])] = here


def _ingress(service: Object) -> list[str]:
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    return [item["ip"] for item in ingress if item.get("ip")]


def _name_address(spec: Object, ready: list[_Endpoint]) -> str | None:
    address: str | None = spec.get("clusterIP")
    if address == "None":
        return ready[0].address if ready else None
    return address or None
