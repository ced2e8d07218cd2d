# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo with each supported Python that the other tests do not run with.

The matrix runs the collection with each of them, against a sandbox that the usual Python runs. The demo runs all of it
with the one that it is told: the sandbox, the programs in its pods, C(ansible-playbook) and what it starts. Each gets a
copy of the commit that is checked out. A Python that is not on this machine is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from combinations import CORES, git
from matrix import VERSION, interpreter
from setup import ROOT

#: What C(tools/check.py) and C(make) say to their children: the copy has an environment of its own.
FOREIGN = ("VIRTUAL_ENV", "PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH", "MAKE", "MFLAGS")


def others() -> list[str]:
    """The versions that are asked for, without this one."""
    here = ".".join(map(str, sys.version_info[:2]))
    return [version for version in CORES if version != here]


def demo(version: str, commit: str) -> bool:
    """Whether the demo of a commit ends well with this Python."""
    python = interpreter(version)
    if not python:
        print(f"python {version}: not on this machine")
        return False
    started = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    with tempfile.TemporaryDirectory(prefix="innergate-demo-") as folder:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x"], cwd=folder, input=archive, check=True)

        def run(*command: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

        done = run("make", "demo", f"PYTHON={python}")
        used = run(f"{folder}/.venv/bin/python", "-c", VERSION).stdout.strip() if not done.returncode else ""
        down = run("make", "down", f"PYTHON={python}")
    good = (done.returncode, down.returncode, used) == (0, 0, version)
    if not good:
        print(f"{done.stdout[-6000:]}{done.stderr[-2000:]}{down.stdout[-1000:]}{down.stderr[-1000:]}")
    print(f"python {version}: the demo {'ends well' if good else 'has FAILED'}, {time.monotonic() - started:.0f} s")
    return good


def main() -> int:
    """Run from the command line."""
    commit = git("rev-parse", "HEAD")
    results = [demo(version, commit) for version in others()]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
