# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the network tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from innergate_sandbox.arm.providers.network import PROVIDER
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import sandbox
from unit.sandbox.network.cloud import Cloud
from unit.sandbox.network.states import keys, state

__all__ = ["cloud", "keys", "slow", "state"]


@pytest.fixture
async def cloud(state: Path) -> AsyncIterator[Cloud]:
    """A sandbox with the network provider alone, where Azure's minutes take no time."""
    async with sandbox(PROVIDER, state=state) as arm:
        yield Cloud(arm)


@pytest.fixture
async def slow(state: Path) -> AsyncIterator[Cloud]:
    """The same with a clock that only moves by hand: operations run until a test lets time pass."""
    async with sandbox(PROVIDER, state=state, clock=ManualClock()) as arm:
        yield Cloud(arm)
