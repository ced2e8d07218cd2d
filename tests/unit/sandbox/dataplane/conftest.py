# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network and what answers in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.dataplane import DataPlane
from innergate_sandbox.store import Store
from unit.sandbox.dataplane.network import make


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(clock: ManualClock) -> Iterator[Store]:
    found = Store(":memory:", clock)
    yield found
    found.close()


@pytest.fixture
def plane(store: Store, clock: ManualClock) -> DataPlane:
    return make(store, clock)
