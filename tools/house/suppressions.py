# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No comment silences a gate, but for the few codes that say nothing about what a program does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from house.findings import Checkout, Finding

#: Long lines of documentation and of recorded texts.
ALLOWED_NOQA = {"E501"}
#: What mypy can't know: types of libraries without any. A type that is wrong is mended.
ALLOWED_TYPES = {
    "attr-defined",
    "import-untyped",
    "misc",
    "name-defined",
    "no-any-return",
    "no-untyped-call",
    "unused-ignore",
}
_TYPE = re.compile(r"#\s*type:\s*ignore\[(?P<codes>[^\]]*)\]")
_NOQA = re.compile(r"#\s*(?:ruff|flake8)?:?\s*noqa\b:?\s*(?P<codes>[A-Z]+[0-9]+(?:[ ,]+[A-Z]+[0-9]+)*)?", re.IGNORECASE)
#: What else can silence a tool or leave a test out.
_SILENCERS = re.compile(
    r"""
    \#\s*type:\s*ignore(?!\[) | \#\s*mypy: | \#\s*ruff:(?!\s*noqa\b) | \bno_type_check\b
    | \#\s*pragma:\s*no | \#\s*nosec | \#\s*fmt:\s*off
    | \#\s*pylint:\s*disable | \#\s*shellcheck\s+disable | \#\s*yamllint\s+disable | \#\s*pyright:
    | \bskip_ansible_lint\b | ^\s*(?:skip_list|warn_list|ignore_errors_in):
    | \bsuppress\((?:Base)?Exception\b
    | \bpytest\.(?:skip|xfail|importorskip)\( | \bmark\.(?:skip|skipif|xfail)\b | \bunittest\.skip
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Files that hold such words because they look for them.
ABOUT_THEM = (Path("tools/house/suppressions.py"), Path("tests/gates"))
#: Lists of what a tool is not to look at, and settings that would count instead of those in pyproject.toml.
_IGNORE_FILES = re.compile(
    r"(?:^|/)(?:ignore-[\d.]+\.txt|\.?ansible-lint-ignore(?:\.txt)?|\.?pylintrc|\.yamllint-ignore|baseline.*\.json"
    r"|\.?(?:mypy|pytest|tox)\.ini|\.?ruff\.toml|setup\.cfg|\.flake8|\.shellcheckrc)$"
)

#: What ansible-lint does not look at: what is installed or made here, and texts of unit tests that are no plays.
LEFT_TO_OTHERS = {".venv/", ".sandbox/", ".ansible/", "tests/unit/"}


def find(checkout: Checkout) -> Iterator[Finding]:
    """Comments that silence a gate, tests that are left out, and files with lists of exceptions."""
    for path in checkout.files:
        if _IGNORE_FILES.search(path.as_posix()):
            yield Finding(path, 1, "a list of exceptions, or settings of a tool beside pyproject.toml")
        if any(path.is_relative_to(known) for known in ABOUT_THEM):
            continue
        for number, line in checkout.lines(path):
            for comment in _NOQA.finditer(line):
                codes = set(re.split(r"[ ,]+", comment["codes"] or "everything"))
                if codes - ALLOWED_NOQA:
                    yield Finding(path, number, f"noqa for {', '.join(sorted(codes - ALLOWED_NOQA))}")
            for comment in () if path.is_relative_to("tests") else _TYPE.finditer(line):
                if wrong := set(re.split(r"[ ,]+", comment["codes"])) - ALLOWED_TYPES:
                    yield Finding(path, number, f"a wrong type is not mended: {', '.join(sorted(wrong))}")
            if silencer := _SILENCERS.search(line):
                yield Finding(path, number, f"a gate is silenced: {silencer[0].strip()}")
    config = Path(".ansible-lint")
    if config in checkout.files:
        settings = yaml.safe_load(checkout.text(config)) or {}
        if extra := set(settings.get("exclude_paths") or ()) - LEFT_TO_OTHERS:
            yield Finding(config, 1, f"ansible-lint has to look at {', '.join(sorted(extra))}")
        if settings.get("profile") != "production":
            yield Finding(config, 1, "the profile of ansible-lint is production")
