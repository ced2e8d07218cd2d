# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs the gates passes none that has failed, or has not run all of its tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import check
import pytest
from support.playbook import BIN, ROOT


@pytest.mark.parametrize(
    ("said", "code", "good"),
    [
        ("3 passed in 0.1s", 0, True),
        ("3 passed in 0.1s", 1, False),
        ("no tests ran in 0.0s", 0, False),
        ("0 passed", 0, False),
        ("3 passed, 1 skipped in 0.1s", 0, False),
        ("3 passed, 2 xfailed in 0.1s", 0, False),
        ("3 passed, 0 skipped in 0.1s", 0, True),
        ("3 passed in 0.1s\n!!!!!! _pytest.outcomes.Exit: done !!!!!!", 0, False),
        ("3 passed in 0.1s\n! _pytest.outcomes.Exit: " + 90 * "x", 0, False),
        ("!!!!!! Interrupted: stopping after 1 failures !!!!!!\n3 passed in 0.1s", 0, False),
    ],
)
def test_a_gate_of_tests_needs_a_test_that_ran(said: str, code: int, good: bool) -> None:
    words = (str(BIN / "python"), "-c", f"print({said!r}); raise SystemExit({code})")
    assert check.run(check.Gate("unit", "tests", words, tests=True), dict(os.environ))[0] is good


def test_a_folder_without_tests_fails_its_gate(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("", encoding="utf-8")
    words = (str(BIN / "python"), "-m", "pytest", "-q", "--rootdir", str(tmp_path), str(tmp_path))
    assert check.run(check.Gate("unit", "tests", words, tests=True), dict(os.environ))[0] is False


def test_a_run_that_a_test_ends_fails_its_gate(tmp_path: Path) -> None:
    text = "import pytest\ndef test_a(): ...\ndef test_b(): pytest.exit('done', returncode=0)\n"
    (tmp_path / "test_end.py").write_text(text, encoding="utf-8")
    words = (str(BIN / "python"), "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), str(tmp_path))
    gate = check.Gate("unit", "tests", words, tests=True)
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert check.problem_of(gate, 0, done.stdout) == "not all tests ran: _pytest.outcomes.Exit: done"


def test_a_rule_that_breaks_fails_its_gate() -> None:
    gate = check.Gate("lint", "ansible-lint", ("ansible-lint",))
    assert check.problem_of(gate, 0, "WARNING  Ignored exception from ValidateSchemaRule.matchyaml while processing x")
    assert not check.problem_of(gate, 0, "Passed: 0 failure(s), 0 warning(s)")


@pytest.mark.parametrize(("fails", "code"), [((), 0), (("test T=",), 1), (("test T=matrix",), 1)])
def test_the_integration_fails_if_one_part_fails(tmp_path: Path, fails: tuple[str, ...], code: int) -> None:
    said = tmp_path / "said"
    cases = "".join(f"  '{words}') exit 2 ;;\n" for words in fails)
    inherited = "${MAKEFLAGS-}${GNUMAKEFLAGS-}${MAKEFILES-}"
    (tmp_path / "make").write_text(
        f'#!/usr/bin/env bash\necho "$*{inherited}" >> {said}\ncase "$*" in\n{cases}  *) ;;\nesac\n', encoding="utf-8"
    )
    (tmp_path / "make").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"MAKEFLAGS": "n", "GNUMAKEFLAGS": "-n", "MAKEFILES": "other.mk"}
    assert subprocess.run([str(ROOT / ".ci/run")], env=environment, check=False).returncode == code
    assert said.read_text(encoding="utf-8").splitlines() == ["test T=", "test T=matrix"]


def test_a_gate_tells_what_it_and_its_children_took() -> None:
    busy = "sum(number for number in range(3_000_000))"
    words = (sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{busy}'])")
    good, spent = check.run(check.Gate("unit", "busy", words), dict(os.environ))
    assert good and min(spent.processor, spent.seconds) > 0.01


def test_all_gates_run_and_one_that_fails_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(gate: check.Gate, environment: dict[str, str]) -> tuple[bool, check.Spent]:
        ran.append(gate.group)
        return gate.group != "docs", check.Spent()

    monkeypatch.setattr(check, "run", run)
    assert check.main([]) == 1
    assert sorted(set(ran)) == sorted({gate.group for gate in check.GATES} - {"matrix"})
    assert check.main(["matrix"]) == 0 and ran[-1] == "matrix"
    assert check.main(["nothing"]) == 2
    assert check.main(["lint", "nothing"]) == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((str(ROOT / "no-such-tool"), "x"), "No such file or directory"),
        ((str(ROOT / "README.md"),), "Permission denied"),
        ((sys.executable, "-c", "import os; os.write(1, b'caf\\xe9\\n')"), "can't decode byte 0xe9"),
        ((sys.executable, "-c", "import os; os.write(1, b'\\xe9'); os._exit(3)"), "exit code 3"),
    ],
)
def test_a_tool_that_is_missing_or_speaks_no_text_is_a_gate_that_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], said: str
) -> None:
    gates = (check.Gate("lint", "broken", command), check.Gate("lint", "other", (sys.executable, "-c", "")))
    monkeypatch.setattr(check, "GATES", gates)
    assert check.main([]) == 1
    shown = capsys.readouterr().out
    assert re.search(f"=== broken: FAILED: .*{said}", shown)
    assert "1 gates passed, 1 gates failed" in shown


@pytest.mark.parametrize(
    "name",
    [
        *("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "MYPYPATH", "MYPY_CONFIG_FILE_DIR", "RUFF_CONFIG", "SHELLCHECK_OPTS"),
        *("YAMLLINT_CONFIG_FILE", "ANSIBLE_LINT_IGNORE_FILE", "FORCE_COLOR", "PY_COLORS", "PYTHONOPTIMIZE"),
    ],
)
def test_what_loosens_a_tool_reaches_no_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    gate = check.Gate("unit", "tests", (sys.executable, "-c", f"import os; raise SystemExit({name!r} in os.environ)"))
    monkeypatch.setattr(check, "GATES", (gate,))
    monkeypatch.setenv(name, "1")
    assert check.main([]) == 0
    assert "1 gates passed, 0 gates failed" in capsys.readouterr().out
