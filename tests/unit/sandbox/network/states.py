# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State directories for tests with keys and certificates in them: making those takes longer than a test."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from innergate_sandbox.arm.providers.network import PROVIDER
from innergate_sandbox.testing import sandbox


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a sandbox that was started once, without what it remembers."""
    folder = tmp_path_factory.mktemp("keys")

    async def run_once() -> None:
        async with sandbox(PROVIDER, state=folder, group=False):
            pass

    asyncio.run(run_once())
    for file in [*folder.glob("*.db*"), folder / "settings.json"]:
        file.unlink()
    return folder


@pytest.fixture
def state(keys: Path, tmp_path: Path) -> Path:
    """A directory for one sandbox."""
    return Path(shutil.copytree(keys, tmp_path / "state"))
