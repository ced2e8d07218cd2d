# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change the engine in a thousand places, and see whether its tests notice.

mutmut works on a copy of the checkout (C(.venv/mutants)), so that nothing here is touched; the tests are those of
C(tests/unit/plugins/_engine). It goes on where it was interrupted. The score is the share of changes that made a test
fail or run for ever, of all changes; below C(--least) per cent it fails. C(--only merge) looks at one module of the
engine, C(--show) prints the changes that nothing noticed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from environments import prepare
from setup import ROOT, VENV

WORK = VENV / "mutants"
COLLECTION = "ansible_collections/innergate/azure"
ENGINE = f"{COLLECTION}/plugins/module_utils/_engine"
TESTS = "tests/unit/plugins/_engine"
#: The settings of mutmut and pytest in the copy, where pytest finds the collection that is changed beside the tests.
SETTINGS = f"""[tool.mutmut]
source_paths = ["{COLLECTION}"]
only_mutate = ["{ENGINE}/*"]
pytest_add_cli_args = ["-q", "-x"]
pytest_add_cli_args_test_selection = ["{TESTS}"]
track_dependencies = false
use_git_change_detection = false

[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:cacheprovider"
asyncio_mode = "auto"
pythonpath = ["tests"]
"""
#: The same examples each time, and no limit of time that a busy machine could break.
PROFILE = """from hypothesis import settings

settings.register_profile("mutation", derandomize=True, deadline=None, database=None)
settings.load_profile("mutation")
"""
NOTICED = ("killed", "timeout", "segfault", "caught by type check")
LINE = re.compile(rf"^\s*{re.escape(ENGINE.replace('/', '.'))}\.(\S+): (.+)$")


def copy() -> None:
    """Bring the copy up to date; what mutmut knows of unchanged modules is kept."""
    WORK.mkdir(parents=True, exist_ok=True)
    for folder in ("tests", COLLECTION, f"mutants/{TESTS}", "mutants/tests/support"):
        shutil.rmtree(WORK / folder, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "plugins", WORK / COLLECTION / "plugins", ignore=ignore)
    shutil.copytree(ROOT / TESTS, WORK / TESTS, ignore=ignore)
    shutil.copytree(ROOT / "tests/support", WORK / "tests/support", ignore=ignore)
    (WORK / "tests" / "conftest.py").write_text(PROFILE, encoding="utf-8")
    (WORK / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")


def mutmut(tool: Path, *words: str, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command of mutmut in the copy."""
    environment = {**os.environ, "PYTHONPATH": "", "PATH": f"{tool.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("ANSIBLE_COLLECTIONS_PATH", None)
    return subprocess.run(
        [str(tool), *words],
        cwd=WORK,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE if quiet else None,
    )


def outcomes(said: str) -> dict[str, str]:
    """What C(mutmut results --all true) says of each change: its name without the package, and its outcome."""
    return {found[1]: found[2].strip() for found in map(LINE.match, said.splitlines()) if found}


def table(found: dict[str, str]) -> str:
    """The score of each module of the engine and of all of it, in per cent."""
    modules = sorted({name.split(".", maxsplit=1)[0] for name in found})
    lines = []
    for module in [*modules, ""]:
        counted = Counter(outcome for name, outcome in found.items() if name.startswith(f"{module}.") or not module)
        rest = ", ".join(f"{number} {outcome}" for outcome, number in counted.most_common() if outcome not in NOTICED)
        mark = score(found, module)
        lines.append(f"{mark:5.1f} %  {counted.total():5} changes  {module or 'all'}{f' ({rest})' if rest else ''}")
    return "\n".join(lines)


def score(found: dict[str, str], module: str = "") -> float:
    """The share of changes of a module (or of all) that the tests noticed, in per cent; 0 if there was no change."""
    outcome = [what for name, what in found.items() if name.startswith(f"{module}.") or not module]
    return 100 * sum(what in NOTICED for what in outcome) / len(outcome) if outcome else 0.0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="MODULE", help="one module of the engine")
    parser.add_argument("--least", type=float, default=80.0, metavar="PERCENT", help="the score to reach (default: 80)")
    parser.add_argument("--show", action="store_true", help="print the changes that nothing noticed")
    options = parser.parse_args()
    tool = prepare("mutation", ROOT / "tools" / "mutation-requirements.txt") / "mutmut"
    copy()
    names = [f"{ENGINE.replace('/', '.')}.{options.only}.*"] if options.only else []
    if code := mutmut(tool, "run", *names).returncode:
        print(f"mutmut failed (exit code {code})")
        return 1
    found = outcomes(mutmut(tool, "results", "--all", "true", quiet=True).stdout)
    found = {
        name: outcome for name, outcome in found.items() if not options.only or name.startswith(f"{options.only}.")
    }
    if options.show:
        for name in (name for name, outcome in found.items() if outcome not in NOTICED):
            print(f"\n# {name}: {found[name]}", flush=True)
            mutmut(tool, "show", f"{ENGINE.replace('/', '.')}.{name}")
    print(table(found))
    if not found or score(found) < options.least:
        print(f"below {options.least:g} %: tests are missing (--show prints the changes that nothing noticed)")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
