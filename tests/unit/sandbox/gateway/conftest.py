# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway of these tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from unit.sandbox.gateway.world import World, world


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[World]:
    """A gateway whose store is empty."""
    async with world() as it:
        yield it
