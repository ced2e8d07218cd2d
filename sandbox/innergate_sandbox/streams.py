# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections of asyncio's streams that are closed whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection at the end and wait until it is closed; at once, if the task is cancelled.

    A goodbye takes as long as the other side likes, and who cancels a task does not want to wait for it.
    """
    try:
        try:
            yield
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            if not writer.is_closing():  # closed twice, a connection with TLS could not be aborted any more
                writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    except asyncio.CancelledError:
        writer.transport.abort()
        raise


class Connections:
    """The tasks that serve the connections of one server."""

    def __init__(self) -> None:
        """Start with none."""
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def served(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        """Count a connection in while the current task serves it, and close it at the end."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            # Nobody waits for this task, and asyncio of Python 3.11 takes its being cancelled for a failure.
            with contextlib.suppress(asyncio.CancelledError):
                async with closing(writer):
                    yield
        finally:
            self._tasks.discard(task)

    async def end(self) -> None:
        """Close all connections and wait until nobody serves them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
