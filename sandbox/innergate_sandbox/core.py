# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of a sandbox without any socket: state, ARM and Entra put together."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from innergate_sandbox import requestlog
from innergate_sandbox.arm import group_deletion, groups, providers
from innergate_sandbox.arm.front import FrontDoor
from innergate_sandbox.arm.operations import Operations
from innergate_sandbox.arm.provider import Context, Provider
from innergate_sandbox.clock import Clock
from innergate_sandbox.entra.certificates import Certificates
from innergate_sandbox.entra.endpoint import Entra
from innergate_sandbox.entra.federation import Federation
from innergate_sandbox.entra.keys import SigningKey
from innergate_sandbox.entra.tokens import Tokens
from innergate_sandbox.failures import BrokenPart
from innergate_sandbox.faults import Faults
from innergate_sandbox.latency import Latency
from innergate_sandbox.requestlog import RequestLog
from innergate_sandbox.settings import Settings
from innergate_sandbox.store import Store
from innergate_sandbox.throttling import Throttle
from innergate_sandbox.wiretap import Wiretap

STATE = "state.db"
ENTRA_KEY, ACCOUNT_KEY = "entra.key", "service-account.key"


def discover() -> list[Provider]:
    """Return the PROVIDER of every package in `innergate_sandbox.arm.providers`."""
    found: list[Provider] = []
    for module in pkgutil.iter_modules(providers.__path__, providers.__name__ + "."):
        try:
            package = importlib.import_module(module.name)
        except (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError) as error:
            raise BrokenPart(f"the resource provider {module.name} cannot be loaded: {error!r}") from error
        provider = getattr(package, "PROVIDER", None)
        if provider is None or not getattr(provider, "namespace", ""):
            raise BrokenPart(f"the resource provider {module.name} does not expose PROVIDER with a namespace")
        found.append(provider)
    return found


class Core:
    """Everything that one sandbox consists of, but sockets and processes."""

    def __init__(self, settings: Settings, given: Iterable[Provider], clock: Clock | None = None) -> None:
        """Open the state directory with these providers."""
        state = settings.state
        self.settings = settings
        self.clock = clock or Clock(settings.time_scale)
        self.store = Store(state / STATE, self.clock)
        self.log = RequestLog(state / requestlog.FILE)
        self.log.prune()
        self.faults = Faults(self.store)
        self.throttle = Throttle(settings.throttling)
        self.wiretap = Wiretap(self.clock, self.faults, Latency.parse(settings.latency), self.log)
        self.tokens = Tokens(settings, self.clock, SigningKey.load(state / ENTRA_KEY))
        self.federation = Federation(settings, self.clock, SigningKey.load(state / ACCOUNT_KEY))
        self.certificates = Certificates(settings, self.clock)
        self.entra = Entra(settings, self.clock, self.tokens, self.federation, self.certificates)
        self.ctx = Context(self.store, self.clock, settings)
        self.ctx.is_denied = self.faults.denied
        self.ctx.providers = {provider.namespace.lower(): provider for provider in given}
        Operations(self.ctx)
        self.front_door = FrontDoor(self.ctx, self.tokens, self.throttle)

    def start(self) -> None:
        """Let the providers set up, and go on with the work that a former process left. Needs a running event loop."""
        for provider in self.ctx.providers.values():
            setup = getattr(provider, "setup", None)
            if setup:
                setup(self.ctx)
        self._resume()

    def _resume(self) -> None:
        self.ctx.operations.complete_due()
        self.ctx.operations.schedule()
        group_deletion.resume(self.ctx, self.store.find(groups.TYPE))

    async def stop(self) -> None:
        """Stop background work and close the files."""
        try:
            await self.ctx.stop()
        finally:
            self.log.close()
            self.store.close()

    async def reset(self) -> None:
        """Return to the freshly created state. Parts that keep something of their own listen to the signal "reset"."""
        await self.ctx.stop()
        self.store.clear()
        self.log.clear()
        self.faults.reload()
        self.throttle.clear()
        self.ctx.signal("reset")
        self._resume()
