# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests that no gate runs are found, however they were lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import check
import collected
import pytest
from house.findings import Checkout

TESTS = """import pytest


@pytest.mark.parametrize("x", [1, 2])
def test_it(x): ...


class TestThat:
    async def test_that(self): ...


def helper():
    def test_within(): ...
"""


def checkout(place: Path) -> Path:
    """A checkout with tests in a folder that a gate runs."""
    (place / "pyproject.toml").write_text('[tool.pytest.ini_options]\nasyncio_mode = "auto"\n', encoding="utf-8")
    (place / "tests/unit/deep").mkdir(parents=True)
    for name in ("tests/unit/test_it.py", "tests/unit/deep/test_deep.py"):
        (place / name).write_text(TESTS, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout with tests in a folder that a gate runs."""
    return checkout(tmp_path)


def findings(place: Path) -> list[str]:
    return [str(finding) for finding in collected.find(Checkout(place), ["tests/unit", "tests/none"])]


def test_all_are_run(place: Path) -> None:
    assert findings(place) == []


#: Files with tests of which one is lost, and what is found. They are in one checkout: pytest takes a second each time.
LOST = {
    "tests/extra/test_x.py": ("def test_x(): ...\n", "1: no gate runs test_x"),
    "tests/test_x.py": ("def test_x(): ...\n", "1: no gate runs test_x"),
    "tests/unit/test_if.py": ("if not 1:\n    def test_x(): ...\n", "2: no gate runs test_x"),
    "tests/unit/test_twice.py": ("def test_x(): ...\n" * 2, "2: a second test called test_x"),
    "tests/unit/test_gone.py": ("def test_x(): ...\ndel test_x\ndef test_y(): ...\n", "1: no gate runs test_x"),
    "tests/unit/test_named.py": (
        "class TestIt:\n    __test__ = False\n    def test_x(self): ...\n",
        "3: no gate runs TestIt::test_x",
    ),
    "tests/unit/test_made.py": (
        "class TestIt:\n    def __init__(self): ...\n    def test_x(self): ...\n",
        "3: no gate runs TestIt::test_x",
    ),
    "tests/unit/test_class.py": (
        "class Things:\n    def test_x(self): ...\n\ndef test_y(): ...\n",
        "2: no gate runs Things::test_x",
    ),
    "tests/unit/tests_x.py": ("def test_x(): ...\n", "1: no gate runs test_x"),
    "tests/unit/conftest.py": ("async def test_x(): ...\n", "1: no gate runs test_x"),
    "tests/support/x.py": ("class TestIt:\n    def test_x(self): ...\n", "2: no gate runs TestIt::test_x"),
    "sandbox/package/test_x.py": ("def test_x(): ...\n", "1: no gate runs test_x"),
    "tools/x_test.py": ("def test_x(): ...\n", "1: no gate runs test_x"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is found in a checkout with all of them."""
    place = checkout(tmp_path_factory.mktemp("lost"))
    for file, (text, dummy) in LOST.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(text, encoding="utf-8")
    return findings(place)


@pytest.mark.parametrize("file", LOST)
def test_what_a_file_loses_is_found(found: list[str], file: str) -> None:
    assert [finding for finding in found if finding.startswith(f"{file}:")] == [f"{file}:{LOST[file][1]}"]


def test_nothing_else_is_found(found: list[str]) -> None:
    assert len(found) == len(LOST)


@pytest.mark.parametrize(
    ("file", "text", "lost"),
    [
        ("tests/unit/conftest.py", "collect_ignore_glob = ['deep/*']\n", "deep/test_deep.py:5: no gate runs test_it"),
        (
            "tests/unit/conftest.py",
            "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'that' in i.name]\n",
            "tests/unit/test_it.py:5: no gate runs test_it",
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\nasyncio_mode = "auto"\nnorecursedirs = ["deep"]\n',
            "tests/unit/deep/test_deep.py:5: no gate runs test_it",
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\nasyncio_mode = "auto"\npython_functions = ["test_that"]\n',
            "tests/unit/test_it.py:5: no gate runs test_it",
        ),
    ],
)
def test_what_is_lost_is_found(place: Path, file: str, text: str, lost: str) -> None:
    (place / file).parent.mkdir(parents=True, exist_ok=True)
    (place / file).write_text(text, encoding="utf-8")
    assert lost in "\n".join(findings(place))


@pytest.mark.parametrize("value", ["__import__('time').time_ns()", "*{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}"])
def test_parameters_that_are_others_each_time_are_found(place: Path, value: str) -> None:
    text = f"import pytest\n@pytest.mark.parametrize('x', [{value}])\ndef test_x(x): ...\n"
    (place / "tests/unit/test_x.py").write_text(text, encoding="utf-8")
    assert findings(place) == ["tests/unit/test_x.py:3: test_x has other parameters each time"]


def test_a_collection_that_breaks_is_no_pass(place: Path) -> None:
    (place / "tests/unit/test_it.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="nothing_of_that_name"):
        findings(place)


def test_each_gate_of_tests_has_a_folder() -> None:
    places = set(collected.folders())
    assert {"tests/unit", "tests/contract", "tests/gates", "tests/e2e"} <= places
    assert not any(place.startswith("--") for place in places)


def test_what_a_gate_leaves_out_is_lost_unless_ansible_test_runs_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = [check.Gate("unit", "unit tests", check.pytest("unit", "--ignore=tests/unit/deep"), tests=True)]
    monkeypatch.setattr(collected, "GATES", less)
    lost = [str(finding) for finding in collected.find(Checkout(place), collected.folders())]
    assert "tests/unit/deep/test_deep.py:5: no gate runs test_it" in lost
    assert all(finding.startswith("tests/unit/deep/") for finding in lost)
