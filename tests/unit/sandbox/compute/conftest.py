# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the compute tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from innergate_sandbox.arm.providers import compute, network
from innergate_sandbox.testing import sandbox
from unit.sandbox.network.cloud import Cloud
from unit.sandbox.network.states import keys, state

__all__ = ["cloud", "keys", "state"]


@pytest.fixture
async def cloud(state: Path) -> AsyncIterator[Cloud]:
    """A sandbox with network and compute."""
    async with sandbox(network.PROVIDER, compute.PROVIDER, state=state) as arm:
        yield Cloud(arm)
