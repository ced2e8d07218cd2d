# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the gates of the project one after another: C(check.py) for all, C(check.py lint unit) for some.

A gate fails when its command fails, and a gate of tests also when no test ran or not all of them did. All gates run
even if one fails, so that one run shows everything; the exit code tells whether all passed.

One gate more than there are processors runs at a time, for those that start a sandbox wait for much of their time. The
longest ones begin, and short ones are left for the end, where a long one would leave processors idle. What a gate says
is shown when it has ended. What is run with other versions is run only if it is named (C(check.py matrix)), as it is by
C(.ci/run): the corners of the version matrix are the unit tests three times more.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sanity import BROKEN_OFF, LEFT_OUT

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
TREE = ROOT / ".venv" / "tree"
PYTHON = str(BIN / "python")
TYPED = ["sandbox/innergate_sandbox", "tools", "benchmarks", "tests/support"]
#: Groups that are run only if they are named.
NAMED_ONLY = ("matrix",)
#: Begun in this order, the longest first; then all others.
LONGEST = ("e2e", "chaos", "gates", "sanity", "integration", "unit", "contract", "docs")
#: Words for tools in the environment of whoever runs the gates, as their names begin. They count for none of them: with
#: some a tool looks at less, with PYTHONOPTIMIZE nothing is asserted, and colours are between what is read of tests.
LOOSENING = (
    *("PYTEST_", "MYPY", "RUFF_", "YAMLLINT_", "ANSIBLE_LINT_", "SHELLCHECK_", "PYTHONOPTIMIZE", "PYTHONWARNINGS"),
    *("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE"),
)
TYPED_COLLECTION = "ansible_collections.innergate.azure.plugins"

#: When this run began.
BEGUN = time.monotonic()
#: Held while the output of a gate is shown.
SHOWING = threading.Lock()


@dataclass(frozen=True)
class Gate:
    """A named command; C(tests) says that its output must tell of passed tests, and of none that were left out."""

    group: str
    name: str
    command: tuple[str, ...]
    tests: bool = False


def pytest(folder: str, *options: str) -> tuple[str, ...]:
    """The command that runs the tests below a folder."""
    return (PYTHON, "-m", "pytest", "-q", "--durations=5", *options, f"tests/{folder}")


#: Two files of tests at a time: each has a sandbox of its own, and waits for it for much of its time.
BY_FILE = ("-n", "2", "--dist", "loadfile")
#: ansible-test runs those, in a tree and an environment of its own.
UNITS_OF_ANSIBLE = "--ignore=tests/unit/plugins"
#: Checks of tools/field.py.
FIELD = (
    ("reuse", "licences"),
    ("shell", "shellcheck"),
    ("changelog", "changelog"),
    ("workflows", "workflows"),
    ("importer", "galaxy-importer"),
)
#: ansible-lint reads .yamllint, too, and wants a rule to be off there that is no use to it.
YAML = "{extends: .yamllint, rules: {comments-indentation: enable}}"
GATES = (
    Gate("lint", "ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
    Gate("lint", "ruff check", (str(BIN / "ruff"), "check", ".")),
    Gate("lint", "mypy: sandbox and tools", (str(BIN / "mypy"), *TYPED)),
    Gate("lint", "mypy: collection", (str(BIN / "mypy"), "-p", TYPED_COLLECTION)),
    Gate("lint", "yamllint", (str(BIN / "yamllint"), "--strict", "-d", YAML, ".")),
    Gate("lint", "ansible-lint", (str(BIN / "ansible-lint"), "--offline", "--profile", "production", "--strict")),
    Gate("lint", "ansible-lint: examples", (PYTHON, "tools/lint_examples.py")),
    Gate("lint", "rules of this project", (PYTHON, "tools/rules.py")),
    Gate("lint", "generated files", (PYTHON, "tools/generate.py", "--check")),
    *(Gate("lint", text, (PYTHON, "tools/field.py", name)) for name, text in FIELD),
    Gate("docs", "documentation site", (PYTHON, "tools/build_docs.py")),
    Gate("gates", "tests that no gate runs", (PYTHON, "tools/collected.py")),
    Gate("gates", "tests of the gates", pytest("gates"), tests=True),
    Gate("sanity", "ansible-test units", (PYTHON, "tools/sanity.py", "--units")),
    Gate("sanity", "ansible-test sanity", (PYTHON, "tools/sanity.py", "--sanity")),
    Gate("matrix", "oldest, newest and pinned versions", (PYTHON, "tools/matrix.py", "--corners")),
    Gate("matrix", "playbooks with the oldest and newest", (PYTHON, "tools/cores.py")),
    Gate("matrix", "demo with other versions of Python", (PYTHON, "tools/pythons.py")),
    Gate("unit", "unit tests", pytest("unit", "-n", "2", UNITS_OF_ANSIBLE), tests=True),
    Gate("contract", "contract tests", pytest("contract"), tests=True),
    Gate("integration", "integration tests", pytest("integration"), tests=True),
    Gate("chaos", "bad input and bad days", pytest("chaos"), tests=True),
    Gate("e2e", "end-to-end tests", pytest("e2e", *BY_FILE), tests=True),
)


def problem_of(gate: Gate, code: int, said: str) -> str:
    """Why a gate that has ended is not passed; "" if it is."""
    if code:
        return f"exit code {code}"
    if "Ignored exception from" in said:  # ansible-lint: a rule that breaks is left out, and it passes
        return "a rule of ansible-lint broke"
    if gate.tests and not sum(map(int, re.findall(r"\b(\d+) passed\b", said))):
        return "no test ran"
    if gate.tests and (left := LEFT_OUT.findall(said) + BROKEN_OFF.findall(said)):
        return f"not all tests ran: {', '.join(left)}"
    return ""


@dataclass(frozen=True)
class Spent:
    """What a gate took: seconds that passed, and seconds of processors that it and what it waited for used.

    C(begun): after how many seconds of this run.
    """

    begun: float = 0.0
    seconds: float = 0.0
    processor: float = 0.0


def understood(output: bytes) -> tuple[str, str]:
    """The text of what a gate said, and what is wrong with it: in bytes that are none, nobody finds words."""
    try:
        return output.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return output.decode("utf-8", errors="backslashreplace"), str(error)


def run(gate: Gate, environment: dict[str, str]) -> tuple[bool, Spent]:
    """Run one gate, then show what it said; returns whether it passed and what it took."""
    print(f"--- {gate.name} ...", flush=True)
    started, processor = time.monotonic(), 0.0
    try:
        with subprocess.Popen(
            gate.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            output = process.stdout.read() if process.stdout else b""
            dummy, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        processor = used.ru_utime + used.ru_stime
        said, problem = understood(output)
        problem = problem_of(gate, process.returncode, said) or problem
    except OSError as error:  # the program is not there, or is none
        said, problem = "", str(error)
    spent = Spent(started - BEGUN, time.monotonic() - started, processor)
    good, verdict = not problem, f"FAILED: {problem}" if problem else "ok"
    with SHOWING:
        print(f"\n=== {gate.name}: {' '.join(gate.command)}\n{said}=== {gate.name}: {verdict}", flush=True)
    return good, spent


def turn(gate: Gate) -> int:
    """When it is the turn of a gate: the less, the earlier."""
    return LONGEST.index(gate.group) if gate.group in LONGEST else len(LONGEST)


def main(groups: list[str]) -> int:
    """Run the gates of the groups named, or all."""
    unknown = set(groups) - {gate.group for gate in GATES}
    chosen = [gate for gate in GATES if (gate.group in groups if groups else gate.group not in NAMED_ONLY)]
    if unknown or not chosen:
        known = ", ".join(dict.fromkeys(gate.group for gate in GATES))
        print(f"No gate of that name: {', '.join(sorted(unknown))}; there are: {known}")
        return 2
    environment = {name: value for name, value in os.environ.items() if not name.startswith(LOOSENING)}
    environment.update(ANSIBLE_COLLECTIONS_PATH=str(TREE), PYTHONPATH=str(TREE))
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        begun = {gate: pool.submit(run, gate, environment) for gate in sorted(chosen, key=turn)}
    results = [(gate, *begun[gate].result()) for gate in chosen]
    print("\n=== summary: begun after, seconds that passed, seconds of processors")
    for gate, good, spent in results:
        figures = "".join(f"{figure:6.0f} s" for figure in (spent.begun, spent.seconds, spent.processor))
        print(f"{'ok    ' if good else 'FAILED'}{figures}  {gate.name}")
    failed = sum(not good for (_gate, good, _spent) in results)
    print(f"{len(results) - failed} gates passed, {failed} gates failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
