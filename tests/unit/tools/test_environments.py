# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments of tools are made once, whoever wants them at a time."""

from __future__ import annotations

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import environments
import pytest


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What pip was run for; an environment is an empty folder, and is made until a second one begins, who must not."""
    made: list[str] = []
    second = threading.Event()

    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        made.append(command[-1])
        if len(made) > 1:
            second.set()
        second.wait(1)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environments, "VENV", tmp_path)
    monkeypatch.setattr(environments.venv.EnvBuilder, "create", lambda builder, folder: folder.mkdir(exist_ok=True))
    monkeypatch.setattr(subprocess, "run", run)
    return made


def test_those_who_want_one_at_a_time_get_one(installed: list[str], tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("tool==1\n", encoding="utf-8")
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda dummy: environments.prepare("field", requirements), range(4)))
    assert found == {tmp_path / "field" / "bin"} and installed == [str(requirements)]
    requirements.write_text("tool==2\n", encoding="utf-8")
    environments.prepare("field", requirements)
    assert len(installed) == 2
