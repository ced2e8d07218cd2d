# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linters look at every file that is theirs, and every file of tests has one. Tools are content with nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from house.findings import Checkout, Finding

#: Where mypy looks, as the commands of its gates say, and where it does not: tests are not typed.
TYPED = ("plugins", "sandbox/innergate_sandbox", "tools", "benchmarks", "tests/support")
UNTYPED = ("tests",)
BIN = Path(sys.executable).parent
#: Tool -> how it lists what it looks at, and the endings of its files.
TOOLS = {
    "ruff": (("check", "--show-files", "."), (".py",)),
    "yamllint": (("--list-files", "."), (".yml", ".yaml")),
}


def find(checkout: Checkout) -> Iterator[Finding]:
    """Files that a linter leaves out, and files of tests without any."""
    for path in checkout.below("tests", suffixes=(".py",)):
        if path.name.startswith("test_") and not _has_tests(checkout.text(path)):
            yield Finding(path, 1, "pytest finds no test in it")
        if path.name.endswith("_test.py"):
            yield Finding(path, 1, "ansible-test looks at test_*.py only")
    for path in checkout.below(suffixes=(".py",)):
        if not any(path.is_relative_to(folder) for folder in (*TYPED, *UNTYPED)):
            yield Finding(path, 1, "mypy does not look at it")
    # Whatever stands in the module beside it.
    yield from (Finding(p, 1, "mypy looks at it in place of a module") for p in checkout.below(suffixes=(".pyi",)))
    for tool, (words, suffixes) in TOOLS.items():
        command = [str(BIN / tool), *words]
        said = subprocess.run(command, cwd=checkout.root, capture_output=True, text=True, check=True).stdout
        seen = {(checkout.root / line).resolve() for line in said.splitlines()}
        for path in checkout.below(suffixes=suffixes):
            if (checkout.root / path).resolve() not in seen:
                yield Finding(path, 1, f"{tool} does not look at it")


def _has_tests(text: str) -> bool:
    """Whether there is a function that pytest runs."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, functions) and node.name.startswith("test") for node in ast.walk(ast.parse(text)))
