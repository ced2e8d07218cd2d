# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests with each supported combination of Python, ansible-core and SDKs.

Each combination gets a copy of the commit that is checked out when the run begins, with a virtual environment of its
own; the sandbox runs from the usual one. As many combinations run at a time as there are processors (C(--jobs)). The
tests are those of the plugins, the contract tests, and the examples of some modules against the sandbox. One
combination of each Python and ansible-core runs those of the plugins as C(ansible-test units) does, and all tests of
C(ansible-test sanity); the others leave out those of the engine, which knows neither Ansible nor the SDKs.
Declarations follow the newest contract: of older SDKs it is not asked that they know every option, result and choice.

C(--keep) writes what came of it to C(tools/matrix.json), from which the table in README.md is generated: with the day,
the commit and the tree of C(plugins/), for rows may be older than what is there. C(--corners) runs the oldest and the
newest of everything, and the versions that the collection azure.azcollection pins; C(--only TEXT) those combinations
whose name contains the text. Corners that nobody keeps are run beside the other gates, which run all of ansible-test
with the ansible-core of the usual environment: of the tests of sanity, only those are run that another ansible-core, or
another Python, decides about, no linter that comes with it; and the unit tests are run as the other combinations do,
which saves a process for each. A Python that is not on this machine is said to be missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from importlib import metadata
from pathlib import Path
from typing import Any

import sanity
import setup
from combinations import CORES, CORNERS, INSTALLED, SETS, Cell, cells, git, keep, record, whole_cells
from environments import alone
from setup import ROOT, VENV

#: The collections beside this one, where they are not those that the other tests run with.
NEWEST_WHEEL = "ansible==14.5.0"  # carries kubernetes.core 6.6.0
NEWEST_TREE = VENV / "newest" / "ansible_collections"
TOOLS = (
    "pytest>=8",
    "pytest-asyncio>=0.24",
    "pytest-xdist>=3.6",
    "hypothesis>=6",
    "lxml>=5",
    "requests>=2.31",
    "aiohttp",
    "cryptography",
    "PyJWT",
)
#: Tests of the contract that only hold for the newest SDKs.
NEWEST_CONTRACT = (
    *("choices_are_those_of_the_contract", "every_option_can_be_written", "every_result_can_be_read"),
    *("left_out_properties_exist", "nothing_writable_is_forgotten", "every_promised_key_comes_out_of_an_answer"),
)
#: What contributors draft is drafted with the newest SDKs.
NO_DRAFTS = "--ignore=tests/contract/test_drafts.py"
ENGINE = "tests/unit/plugins/_engine"
#: What is other code in each combination.
_VARIES = re.compile(r"^\s*(?:from|import) (?:ansible|azure|kubernetes|jmespath|msal)[. ]", re.MULTILINE)
#: The SDKs as plain clients of the sandbox.
CLIENTS = ("tests/unit/sandbox/apimanagement/test_sdk.py",)
EXAMPLES = ("tests/integration/examples", "-k", "apim_tag or apim_logger or vnet_subnet")
#: The tests of sanity that ansible-test runs with each Python, not only with that of the controller.
OF_PYTHON = ("compile", "import")
#: Those in which an ansible-core reads what it is to run.
OF_CORE = (*OF_PYTHON, "action-plugin-docs", "ansible-doc", "runtime-metadata", "validate-modules")
NEWEST_PYTHON = max(CORES, key=lambda version: tuple(map(int, version.split("."))))
#: Says which Python it is.
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
#: Says what is installed.
LISTED = """
import json
from importlib import metadata
print(json.dumps({found.name: found.version for found in metadata.distributions()}))
"""
#: Held while it is said what came of a combination.
SAYING = threading.Lock()
#: Held by the combination of a Python that runs ansible-test sanity: such runs share environments that it makes.
ONE_AT_A_TIME = {python: threading.Lock() for python in CORES}


def engine_tests(root: Path) -> list[Path]:
    """The tests of the engine that only differ with the Python."""
    return [path for path in sorted((root / ENGINE).glob("test_*.py")) if not varies(path)]


def varies(path: Path) -> bool:
    """Whether a file imports what is another version in each combination."""
    return bool(_VARIES.search(path.read_text(encoding="utf-8")))


def say(*words: str) -> None:
    """Show what belongs together in one piece, for several combinations run at a time."""
    with SAYING:
        print(*words, sep="\n", flush=True)


def sanity_tests(versions: dict[str, str], beside: bool) -> tuple[str, ...]:
    """The names of those that are run with these versions, none for all; C(beside): the other gates are run, too."""
    if not beside:
        return ()
    return OF_PYTHON if versions["ansible-core"] == metadata.version("ansible-core") else OF_CORE


def ansible_test(root: Path, cell: Cell, which: str, only: Sequence[str] = ()) -> int:
    """Run C(sanity) or C(units) of ansible-test with what is installed; returns how many passed, 0 if one did not.

    Of sanity only the tests named, if some are.
    """
    command = [sys.executable, str(ROOT / "tools" / "sanity.py"), "--source", str(root), "--python", cell.python]
    command += ["--programs", str(root / ".venv/bin"), "--local", f"--{which}"]
    command += ["--only", *only] if only else []
    with ONE_AT_A_TIME[cell.python] if which == "sanity" else nullcontext():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(
        r"^(?P<sanity>\d+) tests of sanity and (?P<units>\d+) unit tests passed", done.stdout, re.MULTILINE
    )
    if done.returncode or not found or not int(found[which]):
        errors = re.findall(r"^(?:ERROR|FATAL|FAILED|E  ).*", done.stdout, re.MULTILINE)
        say(f"--- {cell.name}: ansible-test {which}", *errors, done.stdout[-2000:], done.stderr[-2000:])
        return 0
    return int(found[which])


def interpreter(version: str) -> str:
    """A Python of this version on this machine, "" if there is none."""
    homes = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for candidate in (*map(str, homes), f"python{version}", sys.executable):
        probe = [candidate, "-c", VERSION]
        try:
            said = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False).stdout.strip()
        except OSError:
            continue
        if said == version:
            return candidate
    return ""


def newest_collections() -> None:
    """Have the newest of the collections beside this one."""
    with alone("kubernetes.core-newest"):
        setup.step("kubernetes.core-newest", NEWEST_WHEEL, lambda: setup.kubernetes_core(NEWEST_WHEEL, NEWEST_TREE))


def checkout(folder: Path, python: str, cell: Cell, commit: str, tools: Sequence[str] = TOOLS) -> Path:
    """A copy of a commit with an environment of the combination's versions and of tools; returns its root."""
    root = folder / "checkout"
    root.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x"], cwd=root, input=archive, check=True)
    # The usual pip installs into it: one of its own would take as long as a third of the rest. It stays compiled.
    pip = [sys.executable, "-m", "pip", "--python", str(root / ".venv/bin/python"), "--disable-pip-version-check", "-q"]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([python, "-m", "venv", "--without-pip", str(root / ".venv")], check=True)
    wanted = [f"ansible-core=={cell.core}.*", *SETS[cell.sdks], *tools, "-r", str(root / "requirements.txt")]
    # For tests they are compiled here: what Python warns of while it compiles a library would be an error in them.
    compiled = "--compile" if tools else "--no-compile"
    for words in (("install", compiled, *wanted), ("check",)):
        done = subprocess.run([*pip, *words], env=kept, capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"--- {cell.name}: pip {words[0]}", done.stdout[-2000:], done.stderr[-2000:])
            done.check_returncode()
    sandbox = root / ".venv/bin/innergate-sandbox"
    sandbox.write_text(f'#!/bin/sh\nexec env -u PYTHONPATH {VENV}/bin/innergate-sandbox "$@"\n', encoding="utf-8")
    sandbox.chmod(0o755)
    tree = root / ".venv/tree/ansible_collections"
    (tree / "innergate").mkdir(parents=True)
    (tree / "innergate/azure").symlink_to(root, target_is_directory=True)
    beside = NEWEST_TREE if cell.sdks == "newest" else setup.TREE
    shutil.copytree(beside / "kubernetes", tree / "kubernetes")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)  # ansible-test looks at what git knows of
    return root


def versions(root: Path) -> dict[str, str]:
    """What is installed."""
    command = [str(root / ".venv/bin/python"), "-c", LISTED]
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = {name.lower().replace("_", "-"): version for name, version in listed.items()}
    manifest = root / ".venv/tree/ansible_collections/kubernetes/core/MANIFEST.json"
    collection = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]
    return {**{name: found[name] for name in INSTALLED}, "kubernetes.core": collection["version"]}


def selections(root: Path, cell: Cell, beside: bool) -> list[tuple[str, ...]]:
    """What pytest itself is asked for in a combination; C(beside): the other gates are run, too.

    Of the corners beside them, the newest Python is the one of which the engine can't be known to work.
    """
    engine = [f"--ignore={path.relative_to(root)}" for path in engine_tests(root)]
    if beside and cell.python == NEWEST_PYTHON:
        engine = []
    units = [] if cell in whole_cells() and not beside else [(sanity.UNITS, *engine)]
    contract = () if cell.sdks == "newest" else ("-k", f"not ({' or '.join(NEWEST_CONTRACT)})")
    return [*units, CLIENTS, ("tests/contract", NO_DRAFTS, *contract), EXAMPLES]


def run(cell: Cell, commit: str, beside: bool) -> dict[str, Any]:
    """Run one combination on a commit; returns what came of it. C(beside): the other gates are run on it, too."""
    result: dict[str, Any] = {"python": cell.python, "core": cell.core, "sdks": cell.sdks, **record(commit)}
    python = interpreter(cell.python)
    if not python:
        return {**result, "outcome": "this Python was not on the machine"}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="innergate-matrix-") as folder:
        try:
            root = checkout(Path(folder), python, cell, commit)
            result["versions"], result["passed"] = versions(root), 0
        except subprocess.CalledProcessError as error:
            return {**result, "outcome": f"could not be installed (exit code {error.returncode})"}
        tree = str(root / ".venv/tree")
        environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree}
        environment["PATH"] = f"{root / '.venv/bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        outcome = "passed"
        if cell in whole_cells():
            asked = {"sanity": sanity_tests(result["versions"], beside), **({} if beside else {"units": ()})}
            for which, only in asked.items():
                result[which] = ansible_test(root, cell, which, only)
                outcome = outcome if result[which] else "failed"
            result["passed"] += result.get("units", 0)
        for selection in selections(root, cell, beside):
            command = [str(root / ".venv/bin/python"), "-m", "pytest", "-q", "-p", "no:pytest-ansible", *selection]
            done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
            found = re.search(r"\b(\d+) passed\b", done.stdout)
            result["passed"] += int(found[1]) if found else 0
            if done.returncode or not found:
                outcome = "failed"
                say(f"--- {cell.name}: {selection[0]}", done.stdout[-6000:], done.stderr[-2000:])
    result["outcome"] = outcome
    say(f"{cell.name}: {outcome}, {result['passed']} tests, {time.monotonic() - started:.0f} s")
    return result


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corners", action="store_true", help="only the corners")
    parser.add_argument("--only", default="", metavar="TEXT", help="only combinations whose name contains the text")
    parser.add_argument("--keep", action="store_true", help="write tools/matrix.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="so many at a time")
    options = parser.parse_args()
    chosen = [Cell(*corner) for corner in CORNERS] if options.corners else cells()
    newest_collections()
    beside = options.corners and not options.keep
    commit, results = git("rev-parse", "HEAD"), []
    with ThreadPoolExecutor(options.jobs) as pool:
        begun = [pool.submit(run, cell, commit, beside) for cell in chosen if options.only in cell.name]
        for done in as_completed(begun):
            results.append(done.result())
            if options.keep:
                keep(results[-1:])
    passed = sum(result["outcome"] == "passed" for result in results)
    for result in results:
        if "versions" not in result:
            print(f"python {result['python']}, ansible-core {result['core']}: {result['outcome']}")
    print(f"{passed} passed, {len(results) - passed} failed")
    return 0 if results and passed == len(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
