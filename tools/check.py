# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the gates of the project one after another: C(check.py) for all, C(check.py lint unit) for some.

A gate fails when its command fails, and a gate of tests also when no test ran. All gates run even if one fails, so
that one run shows everything; the exit code tells whether all passed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
TREE = ROOT / ".venv" / "tree"
PYTHON = str(BIN / "python")
TYPED = ["sandbox/innergate_sandbox", "tools"]
TYPED_COLLECTION = "ansible_collections.innergate.azure.plugins.module_utils"


@dataclass(frozen=True)
class Gate:
    """A named command; C(tests) says that its output must tell of passed tests."""

    group: str
    name: str
    command: tuple[str, ...]
    tests: bool = False


def pytest(folder: str, *options: str) -> tuple[str, ...]:
    """The command that runs the tests below a folder."""
    return (PYTHON, "-m", "pytest", "-q", "--durations=5", *options, f"tests/{folder}")


#: Checks of tools/field.py.
FIELD = (
    ("reuse", "licences"),
    ("shell", "shellcheck"),
    ("changelog", "changelog"),
    ("workflows", "workflows"),
)
GATES = (
    Gate("lint", "ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
    Gate("lint", "ruff check", (str(BIN / "ruff"), "check", ".")),
    Gate("lint", "mypy: sandbox and tools", (str(BIN / "mypy"), *TYPED)),
    Gate("lint", "mypy: collection", (str(BIN / "mypy"), "-p", TYPED_COLLECTION)),
    Gate("lint", "yamllint", (str(BIN / "yamllint"), "--strict", ".")),
    Gate("lint", "ansible-lint", (str(BIN / "ansible-lint"), "--offline", "--profile", "production", "--strict")),
    Gate("lint", "generated files", (PYTHON, "tools/generate.py", "--check")),
    *(Gate("lint", text, (PYTHON, "tools/field.py", name)) for name, text in FIELD),
    Gate("docs", "documentation site", (PYTHON, "tools/build_docs.py")),
    Gate("gates", "tests of the gates", pytest("gates"), tests=True),
    Gate("matrix", "oldest, newest and pinned versions", (PYTHON, "tools/matrix.py", "--corners")),
    Gate("unit", "unit tests", pytest("unit", "-n", "2"), tests=True),
    Gate("contract", "contract tests", pytest("contract"), tests=True),
    Gate("integration", "integration tests", pytest("integration"), tests=True),
    Gate("chaos", "bad input and bad days", pytest("chaos"), tests=True),
    Gate("e2e", "end-to-end tests", pytest("e2e"), tests=True),
)


def run(gate: Gate, environment: dict[str, str]) -> tuple[bool, float]:
    """Run one gate, showing its output; returns whether it passed and its seconds."""
    print(f"\n=== {gate.name}: {' '.join(gate.command)}", flush=True)
    started, passed = time.monotonic(), 0
    with subprocess.Popen(gate.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            found = re.search(r"\b(\d+) passed\b", line)
            passed = int(found[1]) if found else passed
    good = process.returncode == 0 and (passed > 0 or not gate.tests)
    if process.returncode == 0 and not good:
        print(f"{gate.name}: no test ran, which counts as a failure")
    return good, time.monotonic() - started


def main(groups: list[str]) -> int:
    """Run the gates of the groups named, or all."""
    chosen = [gate for gate in GATES if not groups or gate.group in groups]
    if not chosen:
        print(f"No gate of that name; there are: {', '.join(dict.fromkeys(gate.group for gate in GATES))}")
        return 2
    environment = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(TREE), PYTHONPATH=str(TREE))
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
    results = [(gate, *run(gate, environment)) for gate in chosen]
    print("\n=== summary")
    for gate, good, seconds in results:
        print(f"{'ok    ' if good else 'FAILED'} {seconds:6.0f} s  {gate.name}")
    failed = sum(not good for (_gate, good, _seconds) in results)
    print(f"{len(results) - failed} gates passed, {failed} gates failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
