# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which combinations of Python, ansible-core and SDKs are supported, and what came of the last run of each.

C(tools/matrix.py) runs them and writes C(tools/matrix.json), from which the table in README.md is generated.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from setup import ROOT

RESULTS = ROOT / "tools" / "matrix.json"
#: Which Python can run which ansible-core on the controller.
CORES = {
    "3.11": ("2.17", "2.18", "2.19"),
    "3.12": ("2.17", "2.18", "2.19", "2.20", "2.21"),
    "3.13": ("2.18", "2.19", "2.20", "2.21"),
}
#: What requirements.txt begins with.
OLDEST = (
    "azure-core==1.31.0",
    "azure-identity==1.19.0",
    "azure-mgmt-apimanagement==4.0.1",
    "azure-mgmt-network==28.0.0",
    "jmespath==1.0.1",
    "kubernetes==28.1.0",
    "PyYAML==6.0.2",
)
NEWEST = ("azure-mgmt-apimanagement>=5,<6", "azure-mgmt-network>=33,<34", "kubernetes>=37")
#: requirements.txt of azure.azcollection as the package ansible 14.5 carries it: what images of AWX contain.
PINNED = (
    "azure-core==1.38.0",
    "azure-identity==1.25.2",
    "azure-mgmt-core==1.6.0",
    "azure-mgmt-apimanagement==4.0.1",
    "azure-mgmt-network==28.0.0",
)
SETS = {"oldest": OLDEST, "newest": NEWEST, "azcollection": PINNED}
CORNERS = (("3.11", "2.17", "oldest"), ("3.13", "2.21", "newest"), ("3.12", "2.19", "azcollection"))
#: What is installed with pip, and the collection beside this one.
INSTALLED = (
    *("ansible-core", "azure-core", "azure-identity", "azure-mgmt-apimanagement", "azure-mgmt-network"),
    *("jmespath", "kubernetes", "pyyaml"),
)
SHOWN = (*INSTALLED, "kubernetes.core")
#: No ansible-core has fewer tests of sanity that look at something here.
FEWEST = 20
#: What a row says of when and on what it was run.
RECORD = ("date", "commit", "plugins")


@dataclass(frozen=True)
class Cell:
    """One combination."""

    python: str
    core: str
    sdks: str

    @property
    def name(self) -> str:
        """What it is called in what is said, and for C(--only)."""
        return f"python {self.python}, ansible-core {self.core}, {self.sdks} SDKs"


def cells() -> list[Cell]:
    """All combinations: each ansible-core on each Python with the oldest and newest SDKs, each Python with the pins."""
    found = [Cell(*corner) for corner in CORNERS]
    for python, cores in CORES.items():
        found += [Cell(python, core, sdks) for core in cores for sdks in ("oldest", "newest")]
        found.append(Cell(python, "2.19", "azcollection"))
    return list(dict.fromkeys(found))


def whole_cells() -> list[Cell]:
    """For each Python and ansible-core the combination that runs all of ansible-test: a corner if there is one."""
    first: dict[tuple[str, str], Cell] = {}
    for cell in cells():
        first.setdefault((cell.python, cell.core), cell)
    return list(first.values())


def git(*words: str) -> str:
    """What git says about the checkout."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def record(commit: str) -> dict[str, str]:
    """When and on what a combination is run."""
    plugins = git("rev-parse", "--short=12", f"{commit}:plugins")
    return {"date": datetime.now(timezone.utc).strftime("%Y-%m-%d"), "commit": commit[:12], "plugins": plugins}


def known() -> list[dict[str, Any]]:
    """The rows of C(tools/matrix.json)."""
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else []
    assert isinstance(found, list)
    return found


def keep(results: list[dict[str, Any]]) -> None:
    """Write down what came of these combinations, beside what is known of others."""
    table = {(entry["python"], entry["core"], entry["sdks"]): entry for entry in [*known(), *results]}
    order = [(cell.python, cell.core, cell.sdks) for cell in cells()]
    rows = [table[key] for key in sorted(table, key=str) if key in order]
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def problems(rows: Iterable[dict[str, Any]]) -> list[str]:
    """What rows say that no run of a combination writes."""
    found, seen = [], set()
    for row in rows:
        cell = Cell(row["python"], row["core"], row["sdks"])
        if cell in seen or cell not in cells():
            found.append(f"{cell.name}: no combination, or one that is there already")
            continue
        seen.add(cell)
        if row["outcome"] == "passed":
            found += [f"{cell.name}: {problem}" for problem in _unlike_a_pass(cell, row)]
    return found


def other_versions(cell: Cell, versions: dict[str, str]) -> list[str]:
    """What of the versions that were installed is not what the combination asks for."""
    found = []
    if set(versions) != set(SHOWN) or not versions["ansible-core"].startswith(f"{cell.core}."):
        found.append(f"other versions: {versions}")
    pins = dict(pin.lower().split("==") for pin in SETS[cell.sdks] if "==" in pin)
    return found + [f"{name} {pin} was asked for" for name, pin in pins.items() if versions.get(name, pin) != pin]


def _unlike_a_pass(cell: Cell, row: dict[str, Any]) -> list[str]:
    found = other_versions(cell, row.get("versions", {}))
    whole = row.get("sanity", 0) >= FEWEST and row.get("units", 0) in range(1, row["passed"] + 1)
    if not row["passed"] or ("units" in row and not whole):
        found.append("not all tests ran")
    if any(name in row for name in RECORD) and not all(row.get(name) for name in RECORD):
        found.append("it does not say on what it ran")
    return found


def missing(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Combinations that have not passed, without all of ansible-test where it is asked for, or not known on what."""
    whole = {
        Cell(row["python"], row["core"], row["sdks"]): bool(row.get("sanity") and row.get("units"))
        for row in rows
        if row["outcome"] == "passed" and all(row.get(name) for name in RECORD)
    }
    asked = whole_cells()
    return [cell.name for cell in cells() if cell not in whole or (cell in asked and not whole[cell])]


def unheard_of(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Rows that say to have run on plugins that the history of this checkout, as far as it is here, has never had."""
    if git("rev-parse", "--is-shallow-repository") == "true":
        return []
    commits = git("rev-list", "HEAD", "--", "plugins").split()
    asked = "".join(f"{commit}:plugins\n" for commit in commits)
    command = ["git", "cat-file", "--batch-check=%(objectname)"]
    trees = subprocess.run(command, cwd=ROOT, input=asked, capture_output=True, text=True, check=True).stdout.split()
    short = {tree[:12] for tree in trees}
    return [
        f"{row['python']}, {row['core']}, {row['sdks']}" for row in rows if row.get("plugins") not in (None, *short)
    ]
