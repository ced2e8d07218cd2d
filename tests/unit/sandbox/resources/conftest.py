# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the tests of deployments."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from innergate_sandbox.arm.providers import apimanagement, network, resources
from innergate_sandbox.testing import TestSandbox, sandbox


@pytest.fixture
async def arm() -> AsyncIterator[TestSandbox]:
    """A sandbox with deployments, networks and API Management."""
    async with sandbox(resources.PROVIDER, network.PROVIDER, apimanagement.PROVIDER) as it:
        yield it
