# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the API Management tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from innergate_sandbox.arm.providers import apimanagement, network
from innergate_sandbox.testing import TestSandbox, sandbox
from unit.sandbox.apimanagement.console import Console


@pytest.fixture
async def arm() -> AsyncIterator[TestSandbox]:
    """A sandbox with API Management and the network."""
    async with sandbox(apimanagement.PROVIDER, network.PROVIDER) as it:
        yield it


@pytest.fixture
async def gate(arm: TestSandbox) -> Console:
    """A running service of the Developer tier."""
    return await Console(arm).ready()
