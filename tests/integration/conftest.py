# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all tests against the sandbox have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.playbook import quick_starts


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Playbooks do not wait until libraries are imported."""
    with quick_starts():
        yield
