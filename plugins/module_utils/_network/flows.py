# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The traffic that API Management needs in its subnet.

Source: Microsoft Learn, api-management virtual-network-reference (classic injection) and inject-vnet-v2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import Kind, canonical

VNET = "VirtualNetwork"


@dataclass(frozen=True)
class Flow:
    """Traffic in one direction, over all the ports. C(peer) is the service tag at the other end."""

    direction: str  # Inbound or Outbound
    peer: str
    ports: tuple[int, ...]
    purpose: str
    needed: bool = True
    protocol: str = "Tcp"

    @property
    def title(self) -> str:
        ports = ", ".join(map(str, self.ports))
        ends = f"from {self.peer}" if self.direction == "Inbound" else f"to {self.peer}"
        return f"{self.direction.lower()} {self.protocol.upper()} {ports} {ends} ({self.purpose})"

    @property
    def rule(self) -> str:
        """The rule that allows it, for advice."""
        source, destination = (self.peer, VNET) if self.direction == "Inbound" else (VNET, self.peer)
        ports = ",".join(map(str, self.ports))
        return (
            f"allow {self.direction} {self.protocol} from {source} to {destination}, destination port {ports}, source "
            "port *"
        )


_CLASSIC = (
    Flow("Inbound", "ApiManagement", (3443,), "management endpoint"),
    Flow("Inbound", "AzureLoadBalancer", (6390,), "probe of Azure's load balancer"),
    Flow("Outbound", "Storage", (443,), "Azure Storage"),
    Flow("Outbound", "Sql", (1433,), "Azure SQL"),
    Flow("Outbound", "AzureKeyVault", (443,), "Azure Key Vault"),
    Flow("Outbound", "AzureMonitor", (443, 1886), "metrics, logs and health"),
    Flow("Outbound", "Internet", (80,), "validation of certificates"),
    Flow("Outbound", "AzureActiveDirectory", (443,), "Microsoft Entra ID", needed=False),
    Flow("Outbound", "AzureConnectors", (443,), "managed connections", needed=False),
    Flow("Outbound", "EventHub", (443, 5671, 5672), "log-to-eventhub", needed=False),
    Flow("Inbound", VNET, (6381, 6382, 6383), "cache between units", needed=False),
    Flow("Inbound", VNET, (4290,), "rate limits between units", needed=False, protocol="Udp"),
)
_CLIENTS = Flow("Inbound", "Internet", (443,), "callers of the gateway")
_TRAFFIC_MANAGER = Flow("Inbound", "AzureTrafficManager", (443,), "routing between regions")


def flows(kind: Kind, sku: str, mode: str, *, regions: int = 1, units: int = 1) -> Iterator[Flow]:
    """What must get through for a service connected in that way."""
    if kind is Kind.INJECTION_V2:
        yield Flow("Outbound", "Storage", (443,), "Azure Storage")
    if kind is not Kind.INJECTION:
        return
    if mode == "External":
        yield _CLIENTS
        if regions > 1:
            yield _TRAFFIC_MANAGER
    developer = canonical(sku) == "Developer"
    for flow in _CLASSIC:
        if flow.peer == "AzureLoadBalancer" and developer:
            yield replace(flow, needed=False)
        elif flow.peer != VNET or units > 1:
            yield flow
