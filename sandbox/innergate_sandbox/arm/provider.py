# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource provider is to the front door, and what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from innergate_sandbox.arm.message import ArmRequest, ArmResponse, Principal
from innergate_sandbox.clock import Clock
from innergate_sandbox.store import Store

if TYPE_CHECKING:
    from innergate_sandbox.arm.operations import Operation, Operations
    from innergate_sandbox.settings import Settings


class Provider(Protocol):
    """One namespace. A package `innergate_sandbox.arm.providers.<namespace>` exposes an instance as `PROVIDER`.

    Optional attributes: `api_version` (str: the version that the sandbox itself uses, e.g. when a resource group's
    deletion deletes its resources one by one) and `resource_types` (list of dicts as GET /providers/NS answers them in
    `resourceTypes`), and `setup(ctx)`, called once before the first request.
    """

    namespace: str

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door; raise ArmError for an error answer."""

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Apply the end of a long operation (`operation.status` is Succeeded, Failed or Canceled) in a transaction.

        An ArmError makes it fail instead: what was written is undone, and the call is repeated with status Failed and
        `operation.error`.
        """


class Context:
    """What every provider is given: state, time, operations, settings and in-process notifications."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        """Take the parts; operations, providers, `dispatch` and the check for denials are filled in by others."""
        self.store = store
        self.clock = clock
        self.settings = settings
        self.operations: Operations
        self.providers: dict[str, Provider] = {}
        self.dispatch: Callable[[ArmRequest], Awaitable[ArmResponse]]
        self.is_denied: Callable[[Principal, str, str], bool] = lambda principal, action, scope: False
        self._callbacks: dict[str, list[Callable[..., None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def on(self, event: str, callback: Callable[..., None]) -> None:
        """Call back (synchronously, with the signal's keywords) whenever the event is signalled."""
        self._callbacks.setdefault(event, []).append(callback)

    def signal(self, event: str, **data: Any) -> None:
        """Tell everyone who asked with `on`, e.g. `ctx.signal("network-changed", id=...)`."""
        for callback in list(self._callbacks.get(event, ())):
            callback(**data)

    def denied(self, principal: Principal, action: str, scope: str) -> bool:
        """Say whether a role denial is in force, e.g. for ".../subnets/join/action" on a linked subnet."""
        return self.is_denied(principal, action, scope)

    def provider(self, namespace: str) -> Provider | None:
        """Return the provider of a namespace, whatever its case."""
        return self.providers.get(namespace.lower())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background. It may be cut off at any `await`, and must be able to go on later."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop the timer and all background work."""
        self.operations.stop()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
