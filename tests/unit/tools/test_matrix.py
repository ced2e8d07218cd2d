# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each supported ansible-core runs tests of sanity, and a run that looked at less is none."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

import combinations
import matrix
import pytest
import sanity
from combinations import Cell

NO_ENGINE = "--ignore=tests/unit/plugins/_engine/test_merge.py"


def units_of(cell: Cell, beside: bool) -> list[tuple[str, ...]]:
    """What pytest itself is asked for of the tests of the plugins."""
    return [selection for selection in matrix.selections(matrix.ROOT, cell, beside) if selection[0] == sanity.UNITS]


def test_each_python_runs_all_of_ansible_test_with_each_ansible_core_once() -> None:
    chosen = [(cell.python, cell.core) for cell in combinations.whole_cells()]
    assert sorted(chosen) == sorted((python, core) for python, cores in combinations.CORES.items() for core in cores)
    assert {Cell(*corner) for corner in combinations.CORNERS} <= set(combinations.whole_cells())


def test_the_others_run_the_tests_of_the_plugins_without_those_of_the_engine() -> None:
    for cell in combinations.cells():
        units = units_of(cell, beside=False)
        assert bool(units) is (cell not in combinations.whole_cells())
        assert all(NO_ENGINE in selection for selection in units)


def test_corners_beside_the_other_gates_run_them_all_once_and_the_engine_with_the_newest_python() -> None:
    for cell in (Cell(*corner) for corner in combinations.CORNERS):
        [units] = units_of(cell, beside=True)
        assert (NO_ENGINE in units) is (cell.python != "3.13")


def test_what_only_differs_with_the_python_knows_neither_ansible_nor_the_sdks() -> None:
    engine = sorted((matrix.ROOT / "plugins/module_utils/_engine").glob("*.py"))
    assert len(engine) > 20 and [path.name for path in engine if matrix.varies(path)] == []
    once = {path.name for path in matrix.engine_tests(matrix.ROOT)}
    assert {"test_merge.py", "test_reconcile.py"} <= once and "test_argument_spec.py" not in once


SAID = "x\n24 tests of sanity and 9 unit tests passed in 3 s\n"


@pytest.mark.parametrize(
    ("code", "said", "ran"),
    [
        (0, SAID, (24, 9)),
        (0, SAID.replace("24", "0"), (0, 9)),
        (0, SAID.replace("9", "0"), (24, 0)),
        (0, "", (0, 0)),
        (1, SAID, (0, 0)),
    ],
)
def test_less_than_all_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, said: str, ran: tuple[int, int]
) -> None:
    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        assert "--local" in command
        return subprocess.CompletedProcess(command, code, said, "")

    monkeypatch.setattr(subprocess, "run", run)
    cell = Cell("3.13", "2.21", "newest")
    assert tuple(matrix.ansible_test(tmp_path, cell, which) for which in ("sanity", "units")) == ran


@pytest.mark.parametrize(
    ("words", "beside"), [(["--corners"], True), (["--corners", "--keep"], False), (["--keep"], False), ([], False)]
)
def test_what_is_kept_is_run_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], beside: bool
) -> None:
    asked = []

    def run(cell: Cell, commit: str, beside: bool) -> dict[str, Any]:
        asked.append(beside)
        return row(python=cell.python, core=cell.core, sdks=cell.sdks)

    monkeypatch.setattr(matrix, "run", run)
    monkeypatch.setattr(matrix, "newest_collections", lambda: None)
    monkeypatch.setattr(combinations, "RESULTS", tmp_path / "matrix.json")
    monkeypatch.setattr(sys, "argv", ["matrix.py", *words])
    assert matrix.main() == 0
    assert set(asked) == {beside}


def test_only_what_the_other_gates_run_is_left_out() -> None:
    """With the same ansible-core, to the last digit: a later one may read documentation in another way."""
    usual, python = metadata.version("ansible-core"), ("compile", "import")
    assert matrix.sanity_tests({"ansible-core": usual}, beside=True) == python
    assert matrix.sanity_tests({"ansible-core": usual}, beside=False) == ()
    for other in (f"{usual}1", "2.17.14", "2.21.5"):
        assert set(matrix.sanity_tests({"ansible-core": other}, beside=True)) > {*python, "validate-modules"}
        assert matrix.sanity_tests({"ansible-core": other}, beside=False) == ()


def test_sanity_is_told_which_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = []

    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        told.append(command)
        return subprocess.CompletedProcess(command, 0, SAID, "")

    monkeypatch.setattr(subprocess, "run", run)
    cell = Cell("3.12", "2.19", "azcollection")
    assert matrix.ansible_test(tmp_path, cell, "sanity", ("compile", "import")) == 24
    assert matrix.ansible_test(tmp_path, cell, "sanity") == 24
    assert told[0][-4:] == ["--sanity", "--only", "compile", "import"] and told[1][-1] == "--sanity"


def test_the_oldest_are_those_that_the_requirements_allow() -> None:
    lines = (matrix.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    lowest = {line.partition(",")[0].replace(">=", "==") for line in lines if ">=" in line}
    assert lowest == set(combinations.OLDEST)


def row(**changed: Any) -> dict[str, Any]:
    """What a run writes of the newest corner."""
    versions = dict.fromkeys(combinations.SHOWN, "1") | {"ansible-core": "2.21.5"}
    made = {
        "python": "3.13",
        "core": "2.21",
        "sdks": "newest",
        "versions": versions,
        "passed": 9,
        "sanity": 24,
        "units": 5,
    }
    made |= {"outcome": "passed", "date": "2026-11-24", "commit": "0123456789ab", "plugins": "0123456789ab"}
    return {key: value for key, value in (made | changed).items() if value is not None}


def test_the_rows_are_what_runs_write() -> None:
    assert combinations.problems(combinations.known()) == []
    assert combinations.unheard_of(combinations.known()) == []
    assert combinations.missing(combinations.known()) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"outcome": "failed", "passed": 0}, ""),
        ({"core": "2.22"}, "no combination"),
        ({"python": "3.10"}, "no combination"),
        ({"versions": {"ansible-core": "2.21.5"}}, "other versions"),
        ({"versions": row()["versions"] | {"ansible-core": "2.20.1"}}, "other versions"),
        ({"sdks": "oldest"}, "azure-core 1.31.0 was asked for"),
        ({"passed": 0}, "not all tests ran"),
        ({"sanity": 6}, "not all tests ran"),
        ({"units": 0}, "not all tests ran"),
        ({"units": 99}, "not all tests ran"),
        ({"units": None, "sanity": None}, ""),
        ({"commit": None}, "it does not say on what it ran"),
        ({"date": ""}, "it does not say on what it ran"),
    ],
)
def test_rows_that_no_run_writes_are_found(changed: dict[str, Any], said: str) -> None:
    found = combinations.problems([row(**changed)])
    assert said in "\n".join(found) and bool(found) == bool(said)


def test_a_combination_has_one_row() -> None:
    assert "there already" in combinations.problems([row(), row()])[0]


def test_a_row_ran_on_plugins_that_there_were() -> None:
    commit = combinations.git("rev-parse", "HEAD")
    assert combinations.unheard_of([row(**combinations.record(commit))]) == []
    assert combinations.unheard_of([row()]) == ["3.13, 2.21, newest"]


def test_combinations_run_at_a_time_and_each_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two wait for each other, so that they can't have run one after the other; both run on the same commit."""
    both, commits = threading.Barrier(2, timeout=30), []

    def run(cell: Cell, commit: str, beside: bool) -> dict[str, Any]:
        assert not beside
        both.wait()
        commits.append(commit)
        return row(
            python=cell.python, core=cell.core, sdks=cell.sdks, outcome="failed" if cell.core > "2.20" else "passed"
        )

    monkeypatch.setattr(matrix, "run", run)
    monkeypatch.setattr(combinations, "RESULTS", tmp_path / "matrix.json")
    monkeypatch.setattr(sys, "argv", ["matrix.py", "--keep", "--jobs", "2", "--only", "3.13, ansible-core 2.2"])
    assert matrix.main() == 1
    written = [(entry["core"], entry["sdks"]) for entry in combinations.known()]
    assert written == [("2.20", "newest"), ("2.20", "oldest"), ("2.21", "newest"), ("2.21", "oldest")]
    assert set(commits) == {combinations.git("rev-parse", "HEAD")}


@pytest.mark.parametrize(
    ("changed", "is_missing"),
    [
        ({}, False),
        ({"outcome": "failed"}, True),
        ({"commit": None}, True),
        ({"sanity": None}, True),
        ({"units": None}, True),
    ],
)
def test_a_combination_that_has_not_passed_is_found(changed: dict[str, Any], is_missing: bool) -> None:
    found = combinations.missing([row(**changed)])
    assert (Cell("3.13", "2.21", "newest").name in found) is is_missing
    assert len(found) == len(combinations.cells()) - (not is_missing)


@pytest.mark.parametrize("cell", combinations.cells(), ids=lambda cell: cell.name)
def test_one_of_each_python_and_ansible_core_needs_all_of_ansible_test(cell: Cell) -> None:
    place = {"python": cell.python, "core": cell.core, "sdks": cell.sdks}
    assert cell.name not in combinations.missing([row(**place)])
    found = combinations.missing([row(**place, sanity=None, units=None)])
    assert (cell.name in found) is (cell in combinations.whole_cells())
