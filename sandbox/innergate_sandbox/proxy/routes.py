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
GATEWAYS = ".azure-api.net"
_PLACES = {"internet": "internet", "vnet": "virtual network"}


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
        found: Target | None = self._runtime.gateway.route(name, port, self._zone)
        if found is not None:
            return found
        if name.endswith(GATEWAYS):
            return self._refused(f"no gateway answers callers of the {_PLACES[self._zone]} at {name}:{port}")
        reached = self._runtime.dataplane.resolve(name, port, zone=self._zone)
        return reached if isinstance(reached, tuple) else self._refused(str(reached.reason))

    def _refused(self, reason: str) -> NoRoute:
        # Outside, the proxy is a guard that lets nothing else through; inside, it is the network, and says it failed.
        return NoRoute(403 if self._zone == "internet" else 502, reason)
