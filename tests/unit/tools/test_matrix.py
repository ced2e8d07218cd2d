# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each supported ansible-core runs tests of sanity, and a run that looked at less is none."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import matrix
import pytest
import yaml
from matrix import Cell


def test_each_ansible_core_runs_tests_of_sanity_once() -> None:
    chosen = matrix.sanity_cells()
    assert sorted(cell.core for cell in chosen) == sorted({core for cores in matrix.CORES.values() for core in cores})
    assert {Cell(*corner) for corner in matrix.CORNERS} <= set(chosen)


@pytest.mark.parametrize(
    ("code", "said", "ran"),
    [
        (0, f"x\n{len(matrix.SANITY)} tests of sanity and 0 unit tests passed in 3 s\n", len(matrix.SANITY)),
        (0, f"{len(matrix.SANITY) - 1} tests of sanity and 0 unit tests passed in 3 s\n", 0),
        (0, "", 0),
        (1, f"{len(matrix.SANITY)} tests of sanity and 0 unit tests passed in 3 s\n", 0),
    ],
)
def test_less_than_all_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, said: str, ran: int
) -> None:
    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0 if command[0] == "git" else code, said, "")

    monkeypatch.setattr(subprocess, "run", run)
    assert matrix.sanity(tmp_path, Cell("3.13", "2.21", "newest")) == ran


def test_the_oldest_are_those_that_the_requirements_allow() -> None:
    """PyYAML comes with ansible-core, which decides of it."""
    lines = (matrix.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    lowest = {line.partition(",")[0].replace(">=", "==") for line in lines if ">=" in line}
    assert lowest - {"PyYAML==6.0"} == set(matrix.OLDEST)


def test_the_collection_beside_it_is_the_one_that_the_tests_run_with() -> None:
    manifest = matrix.VENV / "tree/ansible_collections/kubernetes/core/MANIFEST.json"
    tested = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
    wanted = yaml.safe_load((matrix.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"]
    assert wanted == {"kubernetes.core": f">={tested}"}
