# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run C(ansible-test sanity) and C(ansible-test units) over the collection, with nothing ignored and nothing skipped.

ansible-test works on a real folder C(ansible_collections/innergate/azure), so it gets a copy of what git knows of
(files not yet tracked, too), as a repository of its own: below an ignored folder it would find no target and be
content. It is content with many kinds of nothing, so what it says is read: every test that it lists must have run.

ansible-test fetches a script that installs pip into its environments. It takes one from its cache instead, where this
puts a script that installs the pip that Python itself carries: only the package index has to be reachable.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from setup import ROOT, VENV

#: What stands in for the script that ansible-test would fetch.
GET_PIP = """\
import ensurepip, glob, os, sys
sys.path.insert(0, glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl"))[0])
from pip._internal.cli.main import main
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall", *wanted]))
"""
#: The name under which each ansible-core looks for that script.
SCRIPTS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
#: What ansible-test says when it has tested nothing.
NOTHING = re.compile(
    r"All targets skipped|No tests applicable|Skipping sanity test|Skipping tests|no tests ran", re.IGNORECASE
)
#: Tests of sanity that have nothing to look at in this collection, by name: there is no PowerShell in it.
EMPTY = {"pslint"}
#: What pytest says of tests that it has left out.
LEFT_OUT = re.compile(r"\b[1-9]\d* (?:skipped|xfailed|xpassed|deselected)\b")
#: What pytest shows, between exclamation marks, when it ends before all tests ran; its exit code may be 0.
BROKEN_OFF = re.compile(r"^!+ (.+?)(?: !+)?$", re.MULTILINE)
#: The unit tests that it runs.
UNITS = "tests/unit/plugins/"
#: Where it runs: in an environment of its own with what it asks for, or in the one that it is installed in.
OWN, BESIDE = ("--venv",), ("--local",)


class Red(Exception):
    """Something is not as it should be, or was not looked at. C(said): what ansible-test printed about it."""

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said


def copy(source: Path, folder: Path) -> Path:
    """A copy of what git knows of in a tree of its own, beside the kubernetes.core of the source; returns its root."""
    tree = folder / "tree" / "ansible_collections"
    place = tree / "innergate" / "azure"
    place.mkdir(parents=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=source, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        path = source / name
        if path.is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place / name, follow_symlinks=False)
    beside = [root / "tree" / "ansible_collections" / "kubernetes" for root in (source / ".venv", VENV)]
    (tree / "kubernetes").symlink_to(next(filter(Path.is_dir, beside)), target_is_directory=True)
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)
    return place


def environment(home: Path, programs: Path) -> dict[str, str]:
    """The environment for ansible-test: a home of its own for its caches, with the script it would fetch."""
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        unfinished = cache / f"{name}.{os.getpid()}"  # another run may be reading it
        unfinished.write_text(GET_PIP, encoding="utf-8")
        unfinished.replace(cache / name)
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    unwanted = ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8", "ANSIBLE_TEST_PREFER_PODMAN": ""}


def run(words: Sequence[str], place: Path, home: Path, programs: Path) -> str:
    """Run ansible-test, showing what it says; returns that. Red if it fails."""
    command = [str(programs / "ansible-test"), *words]
    said = []
    with subprocess.Popen(
        command,
        cwd=place,
        env=environment(home, programs),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
    if process.returncode:
        raise Red(f"ansible-test {words[0]}: exit code {process.returncode}", "".join(said))
    return "".join(said)


def sanity(
    place: Path, home: Path, programs: Path, python: str, only: Sequence[str] = (), where: Sequence[str] = OWN
) -> int:
    """All tests of sanity, or only these; returns how many ran."""
    if ignored := [path.name for path in (place / "tests" / "sanity").glob("ignore*")]:
        raise Red(f"nothing is to be ignored: {', '.join(ignored)}")
    chosen = [word for name in only for word in ("--test", name)]
    listed = run(["sanity", "--list-tests", *chosen], place, home, programs)
    wanted = set(re.findall(r"^([a-z][a-z0-9-]+)$", listed, re.MULTILINE)) - EMPTY
    said = run(["sanity", "--color", "no", *where, "--python", python, *chosen], place, home, programs)
    if nothing := NOTHING.search(said):
        raise Red(f"ansible-test has not looked at everything: {nothing[0]}")
    ran = set(re.findall(r'Running sanity test "([a-z0-9-]+)"', said))
    if missing := wanted - ran:
        raise Red(f"tests that did not run: {', '.join(sorted(missing))}")
    if not ran:
        raise Red("no test of sanity ran")
    return len(ran)


def units(place: Path, home: Path, programs: Path, python: str, target: str, where: Sequence[str] = OWN) -> int:
    """The unit tests of the plugins, as ansible-test runs them; returns how many passed."""
    said = run(["units", "--color", "no", *where, "--python", python, target], place, home, programs)
    passed = sum(map(int, re.findall(r"\b(\d+) passed\b", said)))
    if not passed or NOTHING.search(said):
        raise Red("no unit test ran")
    if left := LEFT_OUT.findall(said) + BROKEN_OFF.findall(said):
        raise Red(f"not all unit tests ran: {', '.join(left)}")
    return passed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    parser.add_argument("--programs", type=Path, default=VENV / "bin", help="the folder with ansible-test")
    parser.add_argument(
        "--python", default=".".join(map(str, sys.version_info[:2])), help="the Python that it tests with"
    )
    parser.add_argument("--sanity", action="store_true", help="the tests of sanity (default: both)")
    parser.add_argument("--units", action="store_true", help="the unit tests (default: both)")
    parser.add_argument("--only", nargs="+", default=[], metavar="TEST", help="of the tests of sanity these")
    parser.add_argument("--local", action="store_true", help="with what is installed beside ansible-test")
    options = parser.parse_args()
    where = BESIDE if options.local else OWN
    started = time.monotonic()
    sanity_too = options.sanity or options.only or not options.units
    units_too = options.units or not (options.sanity or options.only)
    home = VENV / ("sanity" if sanity_too else "units")  # the two may run at the same time
    with tempfile.TemporaryDirectory(prefix="innergate-sanity-") as folder:
        place = copy(options.source, Path(folder))
        try:
            ran = sanity(place, home, options.programs, options.python, options.only, where) if sanity_too else 0
            passed = units(place, home, options.programs, options.python, UNITS, where) if units_too else 0
        except Red as error:
            print(error, file=sys.stderr)
            return 1
    print(f"{ran} tests of sanity and {passed} unit tests passed in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
