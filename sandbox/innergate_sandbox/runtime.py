# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running sandbox: the core, its sockets, and the parts that bring their own servers and processes."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

from innergate_sandbox import envfile
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.azure import azure_application
from innergate_sandbox.clock import Clock
from innergate_sandbox.control_server import control_application
from innergate_sandbox.core import Core, discover
from innergate_sandbox.failures import BrokenPart
from innergate_sandbox.imds import imds_application
from innergate_sandbox.proxy import Proxy
from innergate_sandbox.proxy.routes import Zone
from innergate_sandbox.seed import is_sown, sow
from innergate_sandbox.server import Servers
from innergate_sandbox.settings import Identity, Settings, write_private
from innergate_sandbox.store import Store
from innergate_sandbox.tls import ARM_NAMES, Authority


class Part(Protocol):
    """What `start(runtime)` of a part returns. It may also have `async reset()`."""

    async def stop(self) -> None:
        """Stop it; called once."""


class Runtime:
    """What a part (gateway, Kubernetes) is given, and what the command line starts and stops."""

    def __init__(self, settings: Settings, progress: Callable[[str], None] = print) -> None:
        """Put the core together; nothing listens yet."""
        self.settings = settings
        self.state: Path = settings.state
        self.progress = progress
        self.tls = Authority(settings.state / "tls")
        self.core = Core(settings, discover())
        self.store: Store = self.core.store
        self.clock: Clock = self.core.clock
        self.context: Context = self.core.ctx
        self.dataplane: Any = None
        self.gateway: Any = None
        self.environment: dict[str, str] = {}
        self._servers = Servers()
        self._proxies: list[Proxy] = []
        self._parts: list[Part] = []

    # -- what parts use -----------------------------------------------------------------------------------------

    def publish_env(self, name: str, value: str) -> None:
        """Put a variable into DIR/env."""
        self.environment[name] = value

    def port(self, name: str) -> int:
        """Return the loopback port of this name; chosen once, the same after a restart."""
        return self.settings.port(name)

    def identity(self, name: str) -> Identity:
        """Return an identity of the tenant: "operator", "cluster" (its controllers), "workload", "machine"."""
        return self.settings.identities[name]

    def trust_service_accounts(self, issuer: str, key_set: dict[str, Any]) -> None:
        """Let a cluster's service account tokens be exchanged for Entra's (workload identity); a ValueError if not.

        key_set: what the cluster shows at /openid/v1/jwks.
        """
        self.core.federation.trust(issuer, key_set)

    # -- start and stop -----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start everything; returns when it answers."""
        settings, core = self.settings, self.core
        for name in ("arm", "imds", "control", "proxy", "inside_proxy"):
            settings.port(name)
        core.start()
        await self._servers.listen(azure_application(core), settings.ports["arm"], self.tls.server_context(ARM_NAMES))
        await self._servers.listen(imds_application(core), settings.ports["imds"])
        await self._servers.listen(control_application(self), settings.ports["control"])
        self.progress(f"ARM and Entra ID answer on {settings.base_url}")
        self._data_plane()
        for variable, value in envfile.basic(self).items():
            self.publish_env(variable, value)
        await self._start_part("gateway")
        await self._open_proxies()
        await self._sow()
        if settings.kubernetes:
            await self._start_part("kubernetes")
        self.write_env()

    def write_env(self) -> None:
        """Write DIR/env (0600: it holds the secret)."""
        write_private(self.state / envfile.FILE, envfile.render(self.environment))

    def _data_plane(self) -> None:
        module = self._import("dataplane")
        self.dataplane = module.DataPlane(self.store, self.clock)

    async def _start_part(self, name: str) -> None:
        module = self._import(name)
        start = getattr(module, "start", None)
        if start is None:
            raise BrokenPart(f"innergate_sandbox.{name} has no start()")
        part = await start(self)
        self._parts.append(part)
        if name == "gateway":
            self.gateway = part

    @staticmethod
    def _import(name: str) -> Any:
        try:
            return importlib.import_module(f"innergate_sandbox.{name}")
        except ImportError as error:
            raise BrokenPart(f"innergate_sandbox.{name} cannot be loaded: {error}") from error

    async def _open_proxies(self) -> None:
        zones: list[tuple[Zone, str]] = [("internet", "proxy"), ("vnet", "inside_proxy")]
        for zone, name in zones:
            proxy = Proxy(self, zone)
            await proxy.listen(self.settings.ports[name])
            self._proxies.append(proxy)

    async def _sow(self) -> None:
        name = self.settings.seed
        if name != "none" and not is_sown(name, self.store):
            self.progress(f"Seeding: {name}")
            await sow(name, self)

    async def reset(self) -> None:
        """Return to the freshly created state without stopping."""
        await self.core.reset()
        # The gateway forgets first; Kubernetes begins anew when ARM has the cluster in which it runs.
        await self._reset_part(self._parts[0])
        await self._sow()
        for part in self._parts[1:]:
            await self._reset_part(part)
        self.write_env()
        self.core.log.clear()

    @staticmethod
    async def _reset_part(part: Part) -> None:
        again = getattr(part, "reset", None)
        if again:
            await again()

    async def stop(self) -> None:
        """Stop everything that was started, the newest first, also if one of them fails to."""
        async with AsyncExitStack() as ending:
            ending.push_async_callback(self.core.stop)
            ending.push_async_callback(self._servers.stop)
            for one in (*self._proxies, *self._parts):
                ending.push_async_callback(one.stop)
