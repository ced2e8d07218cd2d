# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway as a part of a running sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from innergate_sandbox.clock import Clock
from innergate_sandbox.dataplane import DataPlane, Zone
from innergate_sandbox.gateway import echo
from innergate_sandbox.gateway.assumptions import Assumptions
from innergate_sandbox.gateway.configuration.cache import Services
from innergate_sandbox.gateway.counters import Counters
from innergate_sandbox.gateway.engine import Engine
from innergate_sandbox.gateway.errors import Dropped
from innergate_sandbox.gateway.forwarding.client import Client
from innergate_sandbox.gateway.forwarding.locate import Locator
from innergate_sandbox.gateway.journal import Journal
from innergate_sandbox.gateway.memory import Memory
from innergate_sandbox.gateway.policies import table
from innergate_sandbox.gateway.server import Front
from innergate_sandbox.server import Servers
from innergate_sandbox.store import Store

PORTS: dict[tuple[str, Zone], str] = {
    ("https", "internet"): "gateway",
    ("http", "internet"): "gateway_http",
    ("https", "vnet"): "gateway_inside",
    ("http", "vnet"): "gateway_inside_http",
}
"""The names of the ports in the sandbox's settings."""

IDENTITY_HOSTS = ("login.microsoftonline.com", "login.windows.net", "sts.windows.net", "management.azure.com")


class Runtime(Protocol):
    """What the gateway needs of the sandbox."""

    store: Store
    clock: Clock
    context: Any
    settings: Any
    dataplane: Any
    tls: Any
    core: Any

    def port(self, name: str) -> int:
        """Return the port with this name."""

    def publish_env(self, name: str, value: str) -> None:
        """Put a variable into DIR/env."""


class Gateway:
    """A running gateway."""

    def __init__(self, engine: Engine, ports: dict[tuple[str, Zone], int]) -> None:
        """Take the engine and the ports, by scheme and zone."""
        self.engine = engine
        self.ports = ports
        self.servers = Servers()

    def route(self, name: str, port: int, zone: Zone) -> tuple[str, int] | None:
        """Return where a gateway's host name answers on a port for callers of a zone; None if it does not."""
        scheme = {443: "https", 80: "http"}.get(port)
        service = self.engine.services.by_host(name)
        if scheme is None or service is None:
            return None
        try:
            self.engine.admit(service, scheme, zone)
        except Dropped:
            return None
        return "127.0.0.1", self.ports[scheme, zone]

    async def reset(self) -> None:
        """Forget counters and caches along with the store's contents."""
        self.engine.counters.clear()
        self.engine.memory.clear()
        self.engine.services.forget()

    async def stop(self) -> None:
        """Close all ports and connections."""
        await self.servers.stop()
        await self.engine.close()


async def start(runtime: Runtime) -> Gateway:
    """Open the gateway's ports and publish INNERGATE_GATEWAY_URL."""
    ports = {place: runtime.port(name) for place, name in PORTS.items()}
    services = Services(runtime.store, table())
    dataplane: DataPlane = runtime.dataplane
    own = {scheme: port for (scheme, zone), port in ports.items() if zone == "vnet"}
    public = dict.fromkeys(IDENTITY_HOSTS, runtime.settings.ports["arm"])
    authority = Path(runtime.tls.certificate_file)
    client = Client(Locator(dataplane, services, own, public), authority)
    counters = Counters(runtime.store, runtime.clock)
    assumptions = runtime.settings.assumed("gateway", Assumptions())
    engine = Engine(runtime.clock, services, dataplane, client, counters, Memory(runtime.clock), assumptions)
    machine = runtime.settings.identities["machine"]
    engine.issue_token = lambda resource: str(runtime.core.tokens.issue(machine, resource))
    gateway = Gateway(engine, ports)
    try:
        await _listen(gateway, runtime, public)
    except BaseException:
        await gateway.stop()
        raise
    runtime.publish_env("INNERGATE_GATEWAY_URL", f"https://localhost:{ports['https', 'internet']}")
    return gateway


async def _listen(gateway: Gateway, runtime: Runtime, public: dict[str, int]) -> None:
    public[echo.HOST] = await gateway.servers.listen(echo.application(), runtime.port("echo"))
    journal = Journal(runtime.clock, runtime.core.log, runtime.core.faults, runtime.core.wiretap.latency)
    for (scheme, zone), port in gateway.ports.items():
        front = Front(gateway.engine, runtime.clock, journal, scheme, zone)
        context = runtime.tls.server_context(any_name=True) if scheme == "https" else None
        await gateway.servers.listen(front.application(), port, context)
