# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the authorization tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from innergate_sandbox.arm.providers import authorization
from innergate_sandbox.testing import TestSandbox, sandbox
from unit.sandbox.network.states import keys, state

__all__ = ["arm", "keys", "state"]


@pytest.fixture
async def arm(state: Path) -> AsyncIterator[TestSandbox]:
    """A sandbox with role assignments."""
    async with sandbox(authorization.PROVIDER, state=state) as it:
        yield it
