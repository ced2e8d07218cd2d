# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in the background whose failure is not swallowed."""

from __future__ import annotations

import asyncio
from typing import Any

from innergate_sandbox.kubernetes.tasks import background, cancel


async def fails() -> None:
    raise LookupError("lost")


async def test_a_failure_reaches_the_log() -> None:
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    await asyncio.wait({background(fails(), "searching")})
    await asyncio.sleep(0)
    assert told[0]["message"] == "searching has failed"
    assert isinstance(told[0]["exception"], LookupError)


async def test_being_cancelled_is_no_failure() -> None:
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    task = background(asyncio.sleep(60), "sleeping")
    await cancel(task, None)
    assert task.cancelled() and not told
