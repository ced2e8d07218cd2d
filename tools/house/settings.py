# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools are told to leave alone is what is said here, so that nobody adds to it in passing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomllib
import yaml

from house.findings import Checkout, Finding

PYPROJECT, YAMLLINT = Path("pyproject.toml"), Path(".yamllint")
#: Rules of ruff that are ignored; pyproject.toml says of each why.
RUFF = frozenset(
    [
        "ANN401",
        "EXE001",
        "N812",
        "N815",
        "N818",
        "PLW1509",
        "PT018",
        "RUF001",
        "RUF002",
        "RUF012",
        "S101",
        "S105",
        "S106",
        "S311",
        "S603",
        "S607",
        "S608",
        "SIM108",
    ]
)
#: Settings of mypy for single modules: libraries without types, and nothing else.
MYPY = frozenset(["module", "ignore_missing_imports"])
#: A rule of yamllint that ansible-lint wants to be off in the file that both read; the gate turns it on.
OFF_FOR_ANSIBLE_LINT = ("comments-indentation",)
#: Words for pytest that leave tests out.
LEAVING_OUT = ("--ignore", "--deselect", "-k", "-m", "--collect-only")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Settings that make a tool look away."""
    settings = tomllib.loads(checkout.text(PYPROJECT))["tool"]
    lint = settings["ruff"]["lint"]
    if extra := set(lint.get("ignore", ())) - RUFF:
        yield Finding(PYPROJECT, 1, f"ruff ignores {', '.join(sorted(extra))}")
    broad = {code for codes in lint.get("per-file-ignores", {}).values() for code in codes} & {
        "ALL",
        "BLE",
        "BLE001",
        "E",
        "F",
    }
    if broad:
        yield Finding(PYPROJECT, 1, f"ruff ignores {', '.join(sorted(broad))} in some files")
    if "BLE" not in lint.get("select", ()):
        yield Finding(PYPROJECT, 1, "ruff does not look for a broad except")
    yield from _mypy(settings.get("mypy", {}))
    words = str(settings.get("pytest", {}).get("ini_options", {}).get("addopts", "")).split()
    for word in words:
        if word.partition("=")[0] in LEAVING_OUT:
            yield Finding(PYPROJECT, 1, f"pytest leaves tests out: {word}")
    yield from _yamllint(yaml.safe_load(checkout.text(YAMLLINT) or "{}") or {})


def _mypy(settings: dict[str, Any]) -> Iterator[Finding]:
    if settings.get("strict") is not True or settings.get("exclude") or settings.get("disable_error_code"):
        yield Finding(PYPROJECT, 1, "mypy is not strict, or leaves something out")
    for entry in settings.get("overrides", ()):
        if extra := set(entry) - MYPY:
            yield Finding(PYPROJECT, 1, f"mypy is told {', '.join(sorted(extra))} for {entry.get('module')}")


def _yamllint(settings: dict[str, Any]) -> Iterator[Finding]:
    for rule, value in (settings.get("rules") or {}).items():
        if value == "disable" and rule not in OFF_FOR_ANSIBLE_LINT:
            yield Finding(YAMLLINT, 1, f"yamllint does not look at {rule}")
