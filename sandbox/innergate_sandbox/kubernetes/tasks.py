# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in the background whose failure is not swallowed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def background(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Start a task. If it fails, the event loop is told, so that the log has the reason."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report)
    return task


async def cancel(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks (but for the one that calls) and wait until they have ended."""
    found = [task for task in tasks if task is not None and task is not asyncio.current_task()]
    for task in found:
        task.cancel()
    await asyncio.gather(*found, return_exceptions=True)


def _report(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    context = {"message": f"{task.get_name()} has failed", "exception": task.exception(), "task": task}
    task.get_loop().call_exception_handler(context)
