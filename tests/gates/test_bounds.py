# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions that the collection says to work with, and that were not run, are found."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from house import bounds
from house.findings import Checkout
from support.playbook import ROOT

FILES = (
    bounds.MATRIX,
    bounds.REQUIREMENTS,
    bounds.SYSTEM,
    bounds.IMAGE,
    bounds.RUNTIME,
    bounds.SANDBOX,
    bounds.GALAXY,
    *bounds.COLLECTIONS,
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout with the files that name versions."""
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def findings(place: Path) -> str:
    return "\n".join(map(str, bounds.find(Checkout(place))))


def test_what_is_said_was_run(place: Path) -> None:
    assert findings(place) == ""


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (bounds.REQUIREMENTS, "azure-core>=1.31.0", "azure-core>=1.30.0", "azure-core (1, 30, 0) is not the oldest"),
        (bounds.REQUIREMENTS, "kubernetes>=28.1.0", "kubernetes>=29.0.0", "kubernetes (29, 0, 0) is not the oldest"),
        (bounds.REQUIREMENTS, "<6", "<99", "azure-mgmt-apimanagement <(99,): what was tested ends before (6,)"),
        (bounds.REQUIREMENTS, ",<6", "", "azure-mgmt-apimanagement>=4.0.1: from where to where?"),
        (bounds.REQUIREMENTS, "<34", "<33", "azure-mgmt-network <(33,): what was tested ends before (34,)"),
        (bounds.REQUIREMENTS, "jmespath>=1.0.1", "jmespath", "jmespath: from where to where?"),
        (bounds.REQUIREMENTS, "jmespath>=1.0.1", "jmespath>=1.0.1; x == 'y'", "from where to where?"),
        (bounds.REQUIREMENTS, "jmespath>=1.0.1", "jmespath>=1.0.0", "jmespath (1, 0, 0) is not the oldest"),
        (bounds.REQUIREMENTS, "PyYAML>=6.0.2", "PyYAML>=6.0", "pyyaml (6, 0) is not the oldest"),
        (bounds.REQUIREMENTS, "jmespath", "elsewhere", "elsewhere is not among what was tested"),
        (
            bounds.GALAXY,
            ">=6.2.0,<7",
            ">=6.2.0",
            "galaxy.yml:1: kubernetes.core >=6.2.0: what was tested is >=6.2.0,<7",
        ),
        (bounds.COLLECTIONS[0], "6.2.0", "6.1.0", "requirements.yml:1: kubernetes.core >=6.1.0,<7: what was tested is"),
        (bounds.COLLECTIONS[1], "<7", "<8", "kubernetes.core >=6.2.0,<8: what was tested is >=6.2.0,<7"),
        (bounds.SANDBOX, "<6", "<7", "pyproject.toml:1: azure-mgmt-apimanagement <(7,)"),
        (bounds.SANDBOX, ">=3.11", ">=3.9", "the oldest Python that was tested is 3.11"),
        (bounds.SYSTEM, "python3 [", "libnothing-dev [platform:rpm]\npython3 [", "of the system is needed: python3"),
        (bounds.SYSTEM, "Python 3.11", "Python 3.9", "the oldest Python that was tested is 3.11"),
        (bounds.IMAGE, "<2.22", "<2.23", "what was tested ends before (2, 22)"),
        (bounds.IMAGE, ">=2.17,", ">=2.16,", "the oldest ansible-core that was tested is (2, 17)"),
        (bounds.IMAGE, ">=2.17,<2.22", ">=2.17", "the oldest ansible-core that was tested"),
        (bounds.RUNTIME, ">=2.17.0", ">=2.16.0", "the oldest ansible-core that was tested is (2, 17)"),
    ],
)
def test_what_was_not_run_is_found(place: Path, path: Path, old: str, new: str, said: str) -> None:
    text = (place / path).read_text(encoding="utf-8")
    assert old in text
    (place / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in findings(place)


def test_only_what_passed_was_tested(place: Path) -> None:
    """The newest ansible-core of the image was run; it is the row that counts, not the plan."""
    file = place / bounds.MATRIX
    rows = json.loads(file.read_text(encoding="utf-8"))
    for row in rows:
        if row["core"] == "2.21":
            row["outcome"] = "failed"
    file.write_text(json.dumps(rows), encoding="utf-8")
    assert f"{bounds.IMAGE}:1: ansible-core>=2.17,<2.22: what was tested ends before" in findings(place)
