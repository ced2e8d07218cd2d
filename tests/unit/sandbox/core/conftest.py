# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox with one provider of the tests' own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from innergate_sandbox.testing import TestSandbox, sandbox, served
from unit.sandbox.core.things import NAMESPACE, Things


@pytest.fixture
def things() -> Things:
    """The provider."""
    return Things()


@pytest.fixture
async def arm(things: Things) -> AsyncIterator[TestSandbox]:
    """ARM without a socket."""
    async with sandbox(things) as it:
        yield it


@pytest.fixture(scope="module")
def azure() -> Iterator[TestSandbox]:
    """ARM and Entra on a TLS port, in a thread of its own."""
    with served(Things()) as it:
        yield it


@pytest.fixture
def thing(arm: TestSandbox) -> str:
    """The id of a thing (that does not exist)."""
    return f"{arm.group}/providers/{NAMESPACE}/things/one"
