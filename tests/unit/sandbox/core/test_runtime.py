# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as a whole, started and stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from innergate_sandbox.runtime import Runtime
from innergate_sandbox.settings import Settings


async def test_a_part_that_fails_to_stop_keeps_nothing_else_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = Runtime(Settings(tmp_path, kubernetes=False), lambda text: None)
    await runtime.start()
    stop = runtime.gateway.stop

    async def fail() -> None:
        await stop()
        raise LookupError

    monkeypatch.setattr(runtime.gateway, "stop", fail)
    with pytest.raises(LookupError):
        await runtime.stop()
    for name in ("arm", "imds", "control", "proxy", "inside_proxy"):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", runtime.port(name))
