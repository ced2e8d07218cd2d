# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No comment silences a gate, but for the few codes that say nothing about what a program does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from house import pinned
from house.findings import Checkout, Finding

#: Long lines of documentation and of recorded texts.
ALLOWED_NOQA = {"E501"}
_TYPE = re.compile(r"^\s*(?P<code>.*?)\s*#\s*type:\s*ignore(?P<codes>\[[^\]]*\])")
_NOQA = re.compile(r"#\s*(?:ruff|flake8)?:?\s*noqa\b(?=(?:\s*:(?P<codes>.*))?)", re.IGNORECASE)
#: A code, whatever stands between two of them: ruff takes tabs, or nothing at all. Without a colon it hears everything.
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
#: What else can silence a tool or leave a test out.
_SILENCERS = re.compile(
    r"""
    \#\s*type:\s*ignore(?!\[) | \#\s*mypy: | \#\s*ruff:(?!\s*noqa\b) | \bno_type_check\b
    | \#\s*pragma:\s*no | \#\s*nosec | \#\s*fmt:\s*off | \#\s*isort:
    | \#\s*pylint:\s*(?:disable|skip) | \#\s*shellcheck\s+disable | \#\s*yamllint\s+disable | \#\s*pyright:
    | \bskip_ansible_lint\b
    | \bpytest\.(?:skip|xfail|importorskip)\( | \bmark\.(?:skip|skipif|xfail)\b | \bunittest\.skip
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What ends a run of tests. It is looked for in code only, for tests hand programs with it to others.
ENDS = ("pytest.exit", "os._exit")
#: Where gates are called, and what forgives them there whatever they find, or does not call them.
CALLERS = ("Makefile", ".ci", ".github", ".pre-commit-config.yaml")
_FORGIVEN = re.compile(r"continue-on-error|\|\|\s*(?:true|:|exit\s+0)(?:\s|$)|^\t@?-|\bset\s+\+e|^\s*(?:- )?if:")
#: Files that hold such words because they look for them.
ABOUT_THEM = (Path("tools/house/suppressions.py"), Path("tests/gates"))


def find(checkout: Checkout) -> Iterator[Finding]:
    """Comments that silence a gate, and tests that are left out."""
    for path in checkout.files:
        if any(path.is_relative_to(known) for known in ABOUT_THEM):
            continue
        for number, line in checkout.lines(path):
            for comment in _NOQA.finditer(line):
                codes = set(_CODE.findall(comment["codes"] or "")) or {"everything"}
                if codes - ALLOWED_NOQA:
                    yield Finding(path, number, f"noqa for {', '.join(sorted(codes - ALLOWED_NOQA))}")
            untyped = None if _is_untyped_test(path) else _TYPE.search(line)
            if untyped and f"{untyped['code']} {untyped['codes']}" not in pinned.TYPES.get(path.as_posix(), ()):
                yield Finding(path, number, f"a wrong type is not mended: {untyped['codes']}")
            if silencer := _SILENCERS.search(line):
                yield Finding(path, number, f"a gate is silenced: {silencer[0].strip()}")
            if any(map(path.is_relative_to, CALLERS)) and (forgiven := _FORGIVEN.search(line)):
                yield Finding(path, number, f"a gate may fail here without a word: {forgiven[0].strip()}")
        if path.suffix == ".py" and path.is_relative_to("tests"):
            for number, name in _ends(ast.parse(checkout.text(path))):
                # A helper may end a process that it has forked.
                if name == "pytest.exit" or path.name.startswith(("test_", "conftest")):
                    yield Finding(path, number, f"a gate is silenced: {name}")


def _ends(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where the process that runs the tests may be ended by one of them, with 0, before the others had their turn."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names = [ast.unparse(node)]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name in ENDS)


def _is_untyped_test(path: Path) -> bool:
    """Whether it is a test at which mypy does not look, and its comments tell it nothing."""
    return path.is_relative_to("tests") and not path.is_relative_to("tests/support")
