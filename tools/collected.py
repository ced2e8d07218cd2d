# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask pytest for the tests that the gates would run, and find those that are written and not among them.

A test can be lost in many ways: a folder of no gate, an ignored file, a hook, a name that a second one takes, a class
or a file whose name is not one of tests. pytest says nothing of any of them; so what it collects is compared with what
stands in the files.

A test whose parameters are others each time (the time of day, the order of a set) has another id each time, with which
nobody can run it again; where several processes share the tests, none of them runs at all. So pytest is asked twice.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from check import GATES
from house.findings import Checkout, Finding, report
from sanity import UNITS
from setup import ROOT

_COLLECTED = re.compile(r"^(?P<path>\S+?\.py)::(?P<test>(?:\w+::)*\w+).*$", re.MULTILINE)

#: What a file of tests is called, wherever it is. In the folder of tests, any file may hold one.
_NAMED = re.compile(r"test_.*|.*_test\.py")


def folders() -> list[str]:
    """The folders of tests that have a gate, and what these gates leave out and ansible-test does not run, either."""
    commands = [gate.command for gate in GATES if gate.tests]
    left_out = {word for command in commands for word in command if word.startswith("--ignore")}
    return [*(command[-1] for command in commands), *sorted(left_out - {f"--ignore={UNITS.rstrip('/')}"})]


def written(node: ast.AST, inside: str = "") -> Iterator[tuple[str, int]]:
    """The tests that stand in a file, as pytest calls them, with their lines; also those below an C(if).

    Whatever the class is called: a test is one to whoever reads it.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if child.name.startswith("test"):
                yield inside + child.name, child.lineno
        elif isinstance(child, ast.ClassDef):
            yield from written(child, f"{inside}{child.name}::")
        else:
            yield from written(child, inside)


def collected(root: Path, places: Iterable[str], order: int) -> dict[tuple[Path, str], list[str]]:
    """What pytest finds below the folders, some of which may be options, with ids; exits if it breaks while it looks.

    C(order) makes Python put what is in a set in another order.
    """
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        *(place for place in places if place.startswith("--") or (root / place).is_dir()),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": str(order)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"pytest: exit code {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    tests: dict[tuple[Path, str], list[str]] = {}
    for found in _COLLECTED.finditer(done.stdout):
        tests.setdefault((Path(found["path"]), found["test"]), []).append(found[0])
    return tests


def find(checkout: Checkout, places: Iterable[str]) -> Iterator[Finding]:
    """Tests that no gate runs, names that two tests have, and tests that have another id each time."""
    wanted = list(places)
    one, other = (collected(checkout.root, wanted, order) for order in (1, 2))
    for path in checkout.below(suffixes=(".py",)):
        seen: set[str] = set()
        if not (path.is_relative_to("tests") or _NAMED.fullmatch(path.name)):
            continue
        for name, line in written(ast.parse(checkout.text(path))):
            if name in seen:
                yield Finding(path, line, f"a second test called {name}")
            elif (path, name) not in one:
                yield Finding(path, line, f"no gate runs {name}")
            elif one[path, name] != other.get((path, name)):
                yield Finding(path, line, f"{name} has other parameters each time")
            seen.add(name)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    checkout = Checkout(parser.parse_args().source.resolve())
    return report(find(checkout, folders()), "collected", ", ".join(folders()))


if __name__ == "__main__":
    raise SystemExit(main())
