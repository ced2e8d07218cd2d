# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unit tests as ansible-test runs them: a process for each, which shares what takes long, and closes on warnings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ansible_test
import pytest
import sanity

DATA = Path(ansible_test.__file__).parent
TESTS = """
import os
import sys
import warnings
from pathlib import Path

import pytest
from support.forked import once

FILE = Path(__file__).with_suffix(".made")


def make():
    FILE.write_text(f"{FILE.read_text() if FILE.exists() else ''}made ")
    return {"a": [1]}


@pytest.mark.parametrize("number", range(6))
def test_shared(number):
    assert once("it", make) == {"a": [1]}
    assert FILE.read_text() == "made "


@pytest.mark.parametrize("number", range(4))
def test_alone(number):
    assert "azure.mgmt.network" in sys.modules and "CHANGED" not in os.environ
    os.environ["CHANGED"] = "yes"


def test_warning():
    warnings.warn("nobody minds", UserWarning)


def test_no_one_catches_it():
    class Closes:
        def __del__(self):
            raise ValueError("too late")

    Closes()


def test_left_open():
    Path(__file__).open()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of this collection with other unit tests."""
    place = sanity.copy(sanity.ROOT, tmp_path)
    shutil.rmtree(place / sanity.UNITS)
    (place / sanity.UNITS).mkdir()
    (place / sanity.UNITS / "test_it.py").write_text(TESTS, encoding="utf-8")
    return place


def test_forks_share_what_takes_long_and_close_on_warnings(place: Path) -> None:
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(place.parents[2]),
        "ANSIBLE_CONTROLLER_MIN_PYTHON_VERSION": "3.11",
        "PYTHONPATH": str(DATA / "_util/target/pytest/plugins"),
        "PYTEST_PLUGINS": "ansible_pytest_collections,ansible_forked",
    }
    settings = (
        "-c",
        str(DATA / "_data/pytest/config/default.ini"),
        "--rootdir",
        str(place),
        "--confcutdir",
        str(place),
    )
    command = [sys.executable, "-m", "pytest", "-ra", "-n", "2", "-p", "no:cacheprovider", *settings, sanity.UNITS]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    failed = re.findall(r"^FAILED \S+::(\w+) - (.*)$", done.stdout, re.MULTILINE)
    assert sorted(name for name, dummy in failed) == ["test_left_open", "test_no_one_catches_it", "test_warning"]
    assert "UserWarning: nobody minds" in dict(failed)["test_warning"]
    assert "10 passed" in done.stdout
