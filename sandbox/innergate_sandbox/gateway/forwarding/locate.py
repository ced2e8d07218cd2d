# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a backend's host is in the rehearsed world: always a port on loopback, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from innergate_sandbox.dataplane import DataPlane, Unreachable
from innergate_sandbox.gateway.configuration.cache import Services
from innergate_sandbox.gateway.configuration.model import Service

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass
class Locator:
    """Knows the gateways' own ports and those of Azure's public hosts, and asks the data plane for everything else.

    ports: of this gateway, by scheme. public: host name -> loopback port of what the sandbox plays itself.
    """

    dataplane: DataPlane
    services: Services
    ports: dict[str, int] = field(default_factory=dict)
    public: dict[str, int] = field(default_factory=dict)

    def locate(self, service: Service, scheme: str, host: str, port: int) -> tuple[str, int] | Unreachable:
        """Return where to connect to reach a host as this service's gateway reaches it."""
        if host in LOOPBACK:
            return host, port
        if host in self.public:
            return "127.0.0.1", self.public[host]
        other = self.services.by_host(host)
        if other is not None:
            return self._gateway(service, other, scheme)
        if service.mode == "None" or service.subnet is None:
            return self.dataplane.resolve(host, port, zone="internet")
        return self.dataplane.resolve(host, port, zone="vnet", subnet=service.subnet)

    def _gateway(self, service: Service, other: Service, scheme: str) -> tuple[str, int] | Unreachable:
        """Reach a gateway, which an Internal one cannot do with its own name (Microsoft Learn: backends)."""
        if other.mode == "Internal" and (other.id == service.id or service.mode == "None"):
            return Unreachable(f"the gateway of {other.name} has no public address")
        return ("127.0.0.1", self.ports[scheme]) if scheme in self.ports else Unreachable("no gateway listens")
