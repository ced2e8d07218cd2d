# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools are told is what is said in tools/house/pinned.py, and nobody tells them elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomllib
import yaml

from house import pinned
from house.findings import Checkout, Finding
from house.pinned import Few, Many

#: Files that hold exceptions, or that a tool reads instead of those that are pinned.
_OTHER_FILES = re.compile(
    r"""
    (?:^|/)(?:
        ignore-[\d.]+\.txt | \.?ansible-lint-ignore(?:\.txt)? | \.yamllint-ignore | baseline.*\.json | \.ignore
        | \.(?:ansible-lint|yamllint)\.ya?ml | \.config/ansible-lint\.ya?ml
        | \.?(?:mypy|pytest|tox)\.(?:ini|toml) | setup\.cfg | \.?ruff\.toml | \.flake8 | \.?pylintrc(?:\.toml)?
        | \.?shellcheckrc | actionlint\.ya?ml | \.coveragerc | galaxy-importer\.cfg | ansible\.cfg
        | GNUmakefile | makefile | \.reuse/.* | \.gitattributes | tests/config\.ya?ml
    )$
    | /(?:\.ansible-lint|\.yamllint|REUSE\.toml|\.gitignore)$
    """,
    re.VERBOSE,
)
#: What pytest calls while it collects and reports, in conftest.py or in a test: it can lose tests without a word.
_HOOK = re.compile(r"pytest_\w+|collect_ignore(?:_glob)?|__test__")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Settings that differ from what is pinned, files that a tool would prefer, and hooks that lose tests."""
    for path, said in pinned.FILES.items():
        told = _load(checkout, path) if path in checkout.files else None
        yield from (Finding(path, 1, f"{text} (tools/house/pinned.py)") for text in differences(said, told, ""))
    for path in checkout.files:
        if _OTHER_FILES.search(path.as_posix()):
            yield Finding(path, 1, "a list of exceptions, or settings of a tool beside those that are pinned")
        if path.name == "pyproject.toml" and path not in pinned.FILES:
            for tool in sorted(set(_load(checkout, path).get("tool", {})) - pinned.ELSEWHERE):
                yield Finding(path, 1, f"settings of {tool} beside those that are pinned")
    for path in checkout.below("tests", suffixes=(".py",)):
        for line, name in _named(checkout.text(path)):
            if _HOOK.fullmatch(name) and name not in pinned.HOOKS.get(path, ()):
                yield Finding(path, line, f"tests are lost with {name}")


def _load(checkout: Checkout, path: Path) -> Any:
    text = checkout.text(path)
    return tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)


def differences(said: Any, told: Any, where: str) -> Iterator[str]:
    """What a tool is told, and is not said to be told."""
    name = where.removeprefix(".") or "the file"
    if isinstance(said, Few | Many) and told is None:
        if isinstance(said, Many):
            yield f"{name} is not there"
    elif isinstance(said, Many):
        yield from (f"{name} is without {word}" for word in said.words if word not in _words(told))
    elif isinstance(said, Few) and not said.keys:
        yield from (f"{name} has {word}, too" for word in _words(told) if word not in said.words)
    elif isinstance(said, Mapping | Few):
        known = said.keys if isinstance(said, Few) else said
        found = told if isinstance(told, Mapping) else {}
        yield from (f"{name} has {key}, too" for key in found if key not in known)
        for key, value in known.items():
            if key in found or not isinstance(said, Few):
                yield from differences(value, found.get(key), f"{where}.{key}")
    elif isinstance(said, list) and isinstance(told, list) and len(said) == len(told):
        for number, (one, other) in enumerate(zip(said, told, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif said != told:
        yield f"{name} is {told!r}, not {said!r}"


def _words(told: Any) -> list[str]:
    return [str(word) for word in told] if isinstance(told, list) else [str(told)]


def _named(text: str) -> Iterator[tuple[int, str]]:
    """What a file of Python defines or sets, with the lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, name.asname or name.name) for name in node.names)
