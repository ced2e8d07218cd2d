# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long-running operations: durable, completed lazily.

An operation whose time has come is completed before any request is handled, and by a timer, so nobody ever sees a
state that is out of date, and nobody has to poll for the work to get done.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import id_key

IN_PROGRESS, SUCCEEDED, FAILED, CANCELED = "InProgress", "Succeeded", "Failed", "Canceled"

UNPOLLED_GRACE = 2.0
"""Wall seconds after which an operation ends although nobody polled it as often as `min_polls` asks."""

KEPT_FOR = 24 * 3600.0
"""Wall seconds for which ended operations can still be read."""


@dataclass(frozen=True)
class Injected:
    """A fault rule's wish for the operations that the current request starts."""

    error: dict[str, Any] | None = None
    azure_seconds: float | None = None
    canceled: bool = False


#: Answers it, None if nothing is wished; asked when an operation starts.
injected: ContextVar[Callable[[], Injected | None]] = ContextVar("injected", default=lambda: None)


@dataclass
class Operation:
    """One long-running operation. started, due and ended are seconds since the epoch; error is ARM's error object."""

    id: str
    provider: str
    kind: str
    resource_id: str
    status: str
    started: float
    due: float
    data: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    polls: int = 0
    min_polls: int = 0
    ended: float | None = None
    failure: dict[str, Any] | None = None
    canceled: bool = False

    @property
    def running(self) -> bool:
        """True until it has ended."""
        return self.status == IN_PROGRESS


class Operations:
    """All operations of one sandbox."""

    def __init__(self, ctx: Context) -> None:
        """Continue with the operations that the store holds."""
        self._ctx = ctx
        self._timer: asyncio.TimerHandle | None = None
        ctx.operations = self
        self._store = ctx.store
        oldest = ctx.clock.time() - KEPT_FOR
        self._store.execute("DELETE FROM operation WHERE status != ? AND due < ?", (IN_PROGRESS, oldest))

    def start(
        self,
        *,
        provider: str,
        kind: str,
        resource_id: str,
        azure_seconds: float,
        data: dict[str, Any] | None = None,
        min_polls: int = 0,
        fail: ArmError | None = None,
        id: str | None = None,
    ) -> Operation:
        """Start an operation that takes Azure seconds (scaled); `provider.complete` is called when it ends.

        With 0 seconds it ends before the next request is handled. min_polls: a poller sees InProgress at least so many
        times. fail: how it ends. id: a token of the provider's own form, else a GUID.
        """
        wish = injected.get()()
        if wish and wish.azure_seconds is not None:
            azure_seconds = wish.azure_seconds
        failure = wish.error if wish and wish.error else fail.error() if fail else None
        now = self._ctx.clock.time()
        operation = Operation(
            id or str(uuid.uuid4()), provider, kind, resource_id, IN_PROGRESS, now,
            now + self._ctx.clock.scaled(azure_seconds), data or {}, min_polls=min_polls, failure=failure,
            canceled=bool(wish and wish.canceled),
        )  # fmt: skip
        self.save(operation)
        self.schedule()
        return operation

    def save(self, operation: Operation) -> None:
        """Write an operation (its data, usually) back."""
        record = json.dumps(vars(operation))
        row = (operation.id, id_key(operation.resource_id), operation.status, operation.due, record)
        self._store.execute("INSERT OR REPLACE INTO operation VALUES (?, ?, ?, ?, ?)", row)

    def _select(self, where: str, parameters: tuple[Any, ...]) -> list[Operation]:
        rows = self._store.execute(f"SELECT record FROM operation WHERE {where} ORDER BY due", parameters)
        return [Operation(**json.loads(row[0])) for row in rows]

    def get(self, operation_id: str) -> Operation | None:
        """Return an operation without counting this as a poll."""
        return next(iter(self._select("id = ?", (operation_id,))), None)

    def poll(self, operation_id: str) -> Operation | None:
        """Return an operation on behalf of a client that polls it (counts towards min_polls)."""
        operation = self.get(operation_id)
        if operation and operation.running:
            operation.polls += 1
            self.save(operation)
        return operation

    def running_for(self, resource_id_prefix: str) -> list[Operation]:
        """Return the running operations on a resource and on everything below it."""
        key = id_key(resource_id_prefix)
        where = "status = ? AND (resource = ? OR (resource >= ? AND resource < ?))"
        return self._select(where, (IN_PROGRESS, key, key + "/", key + "0"))

    def complete_due(self) -> int:
        """End all operations whose time has come; returns how many."""
        now = self._ctx.clock.time()
        due = self._select("status = ? AND due <= ?", (IN_PROGRESS, now))
        ready = [op for op in due if op.polls >= op.min_polls or now >= op.due + UNPOLLED_GRACE]
        for operation in ready:
            self._end(operation)
        return len(ready)

    def finish(self, operation: Operation, failure: ArmError | None = None) -> None:
        """End a running operation now, whatever its time."""
        if failure:
            operation.failure = failure.error()
        self._end(operation)

    def _end(self, operation: Operation) -> None:
        operation.ended = self._ctx.clock.time()
        provider = self._ctx.provider(operation.provider)
        if operation.failure is None:
            try:
                with self._store.transaction():
                    operation.status = SUCCEEDED
                    self._save_completed(operation, provider)
                return
            except ArmError as error:
                operation.failure = error.error()
        with self._store.transaction():
            operation.status, operation.error = CANCELED if operation.canceled else FAILED, operation.failure
            self._save_completed(operation, provider)

    def _save_completed(self, operation: Operation, provider: Any) -> None:
        if provider is not None:
            provider.complete(operation, self._ctx)
        self.save(operation)

    # -- the timer ----------------------------------------------------------------------------------------------

    def schedule(self) -> None:
        """Set the timer for the next operation that is due; does nothing outside of an event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self.stop()
        rows = self._store.execute("SELECT record FROM operation WHERE status = ? ORDER BY due", (IN_PROGRESS,))
        waiting = [Operation(**json.loads(row[0])) for row in rows]
        if not waiting:
            return
        ends = [op.due if op.polls >= op.min_polls else op.due + UNPOLLED_GRACE for op in waiting]
        self._timer = loop.call_later(max(0.001, min(ends) - self._ctx.clock.time()), self._tick)

    def stop(self) -> None:
        """Cancel the timer."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self.complete_due()
        self.schedule()
