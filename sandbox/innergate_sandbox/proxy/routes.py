# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a proxied connection goes: to ARM, a gateway, an address of the data plane, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from innergate_sandbox.runtime import Runtime

Zone = Literal["internet", "vnet"]
Target = tuple[str, int]

AZURE_HOSTS = (
    "management.azure.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "sts.windows.net",
    "graph.microsoft.com",
)
METADATA_ADDRESS = "169.254.169.254"
SERVICE = "Microsoft.ApiManagement/service"
_GATEWAY_PORTS = {443: "gateway", 80: "gateway_http"}


@dataclass(frozen=True)
class NoRoute:
    """A connection that is refused: the status of the proxy's answer, and why."""

    status: int
    reason: str


class Routes:
    """The routing table of one zone; everything in it is looked up anew for each connection."""

    def __init__(self, runtime: Runtime, zone: Zone) -> None:
        """Take the sandbox and where the clients of this proxy stand."""
        self._runtime = runtime
        self._zone: Zone = zone

    async def find(self, host: str, port: int) -> Target | NoRoute:
        """Return the loopback address behind host and port."""
        name, ports = host.strip("[]").lower().rstrip("."), self._runtime.settings.ports
        if name in AZURE_HOSTS:
            if port == 443:
                return "127.0.0.1", ports["arm"]
            return NoRoute(403, f"{host} answers on port 443 only")
        if self._zone == "vnet" and (name, port) == (METADATA_ADDRESS, 80):
            return "127.0.0.1", ports["imds"]
        service = self._service_of(name)
        if service is not None:
            return self._gateway(name, port, internal=service == "Internal")
        return self._data_plane(name, port)

    def _service_of(self, name: str) -> str | None:
        """Return the VNET mode of the service whose gateway has this host name, None if no gateway has it."""
        for service in self._runtime.store.find(SERVICE):
            properties = service.body.get("properties") or {}
            names = {f"{service.name}.azure-api.net".lower()}
            for entry in properties.get("hostnameConfigurations") or []:
                if entry.get("type", "Proxy") == "Proxy":
                    names.add(str(entry.get("hostName", "")).lower())
            for region in properties.get("additionalLocations") or []:
                names.add(str(region.get("gatewayRegionalUrl") or "").removeprefix("https://").lower())
            names.add(str(properties.get("gatewayRegionalUrl") or "").removeprefix("https://").lower())
            if name in names:
                return str(properties.get("virtualNetworkType") or "None")
        return None

    def _gateway(self, name: str, port: int, *, internal: bool) -> Target | NoRoute:
        if internal and self._zone == "internet":
            return NoRoute(403, f"{name} is the gateway of an internal service: it has an address in its VNET only")
        route = getattr(self._runtime.gateway, "route", None)
        if route is not None:
            found: Target | None = route(name, port, self._zone)
            return found or NoRoute(403, f"{name} does not answer on port {port}")
        kept = self._runtime.settings.ports.get(_GATEWAY_PORTS.get(port, ""))
        return ("127.0.0.1", kept) if kept else NoRoute(403, f"{name} does not answer on port {port}")

    def _data_plane(self, name: str, port: int) -> Target | NoRoute:
        found = self._runtime.dataplane.resolve(name, port, zone=self._zone)
        if isinstance(found, tuple):
            return str(found[0]), int(found[1])
        # Outside, the proxy is a guard that lets nothing else through; inside, it is the network, and says it failed.
        return NoRoute(403 if self._zone == "internet" else 502, str(found.reason))
