# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gates that are gone or ask for less are found, and callers that do not run them or do not hear what they say."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import check
import pytest
from house import callers, pinned, settings, suppressions
from house.findings import Checkout
from support.playbook import BIN, ROOT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout with what is pinned."""
    for path in (*pinned.FILES, callers.MAKEFILE, callers.INTEGRATION):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def findings(place: Path) -> str:
    checkout = Checkout(place)
    return "\n".join(str(found) for rule in (callers, settings, suppressions) for found in rule.find(checkout))


def test_what_is_right_passes(place: Path) -> None:
    assert findings(place) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("Makefile", "\t@$(BIN)/python tools/check.py lint", "\t-@false", "a gate may fail here without a word: -"),
        ("Makefile", "\t@$(BIN)/python tools/check.py lint", "\t@-false", "a gate may fail here without a word: @-"),
        ("Makefile", "check.py lint", "check.py lint || true", "a gate may fail here without a word: || true"),
        (
            ".github/workflows/ci.yml",
            ".ci/run",
            ".ci/run\n        continue-on-error: true",
            "without a word: continue-on-error",
        ),
        (
            ".github/workflows/ci.yml",
            ".ci/run",
            ".ci/run\n        if: false",
            "a gate may fail here without a word: if:",
        ),
        (".ci/run", "make", "set +e\nmake", "a gate may fail here without a word: set +e"),
        (".ci/run", "make test T=", "make test T= || :", "a gate may fail here without a word: || :"),
        ("Makefile", "check.py $(T)", "check.py $(T) | tee log", "the verb test is ['test: setup', "),
        ("Makefile", "check.py $(T)", "check.py $(T); true", "the verb test is ['test: setup', "),
        ("Makefile", "test: setup", "test: setup  ## x\n\t@exit 0\ntest: setup", "the verb test is ['test: setup', "),
        ("Makefile", "test: setup", "test: BIN := /x\ntest: setup", "the verb test is ['test: BIN := /x', "),
        ("Makefile", "python tools/check.py $(T)", "echo", "the verb test is ['test: setup', "),
        ("Makefile", "tools/setup.py", "tools/setup.py; exit 0", "the verb setup is ['setup:', "),
        ("Makefile", "PYTEST :=", ".IGNORE:\nPYTEST :=", "this may hold for all verbs: .IGNORE:"),
        ("Makefile", "PYTEST :=", "SHELL := /bin/true\nPYTEST :=", "for all verbs: SHELL := /bin/true"),
        ("Makefile", "BIN := .venv/bin", "BIN := .", "this may hold for all verbs: BIN := ."),
        ("Makefile", "PYTEST :=", "%:\n\t@exit 0\nPYTEST :=", "this may hold for all verbs: %:"),
        ("Makefile", "down test lint", "down lint", "with a file called test, make would do nothing"),
        (".ci/run", "T= || status=1", "T= || echo", ".ci/run:1: it is ['#!/usr/bin/env bash', "),
        (".ci/run", "make test T=matrix", "true", ".ci/run:1: it is ['#!/usr/bin/env bash', "),
        (".ci/run", "#!/usr/bin/env bash", "#!/usr/bin/env true", ".ci/run:1: it is ['#!/usr/bin/env true', "),
        (".github/workflows/ci.yml", "run: .ci/run", "run: .ci/run || echo", "jobs.gates.steps[3].run is '.ci/run || "),
        (".github/workflows/ci.yml", "      - run: .ci/run\n", "", "ci.yml:1: jobs.gates.steps is"),
        (
            ".github/workflows/ci.yml",
            "    steps",
            "    defaults: {run: {shell: x}}\n    steps",
            "gates has defaults, too",
        ),
    ],
)
def test_a_caller_that_does_not_hear_its_gates_is_found(place: Path, file: str, old: str, new: str, said: str) -> None:
    text = (place / file).read_text(encoding="utf-8")
    assert old in text
    (place / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in findings(place)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("ruff check", (str(BIN / "ruff"), "check", "--ignore=F", ".")),
        ("ansible-lint", (str(BIN / "ansible-lint"), "--offline", "--profile", "production")),
        ("unit tests", ("python", "-m", "pytest", "-q", "--durations=5", "-n", "2", "tests/unit/tools")),
        ("ansible-test units", ("python", "tools/sanity.py", "--sanity")),
        ("documentation site", ("true",)),
    ],
)
def test_a_gate_that_asks_less_of_its_tool_is_found(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: tuple[str, ...]
) -> None:
    changed = [replace(gate, command=command) if gate.name == name else gate for gate in check.GATES]
    monkeypatch.setattr(callers, "GATES", changed)
    assert f"tools/check.py:1: the gate {name} is " in findings(place)
    monkeypatch.setattr(callers, "GATES", [gate for gate in check.GATES if gate.name != name])
    assert f"tools/check.py:1: the gate {name} is None" in findings(place)


def test_a_gate_that_is_not_pinned_or_does_not_count_its_tests_is_found(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = [replace(gate, tests=False) if gate.name == "unit tests" else gate for gate in check.GATES]
    monkeypatch.setattr(callers, "GATES", [*changed, check.Gate("lint", "new", ("new", "x"))])
    monkeypatch.setattr(callers, "NAMED_ONLY", ("matrix", "e2e"))
    found = findings(place)
    assert "tools/check.py:1: the gate new is 'new x', not None" in found
    assert "nobody asks whether all tests of unit tests ran" in found
    assert "of ('matrix', 'e2e') only ('matrix',) may have to be named" in found
