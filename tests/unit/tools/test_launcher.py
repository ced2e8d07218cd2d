# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the launcher of the tests starts is no other than what is started without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.launcher import LIBRARIES, Launcher, launcher

SCRIPT = """
import json, os, sys
print(json.dumps({
    "arguments": sys.argv, "environment": dict(os.environ), "path": sys.path, "folder": os.getcwd(),
    "name": __name__, "input": sys.stdin.read(),
    "ansible": [name for name in sys.modules if name.partition(".")[0] in ("ansible", "ansible_collections")],
    "files": sorted(os.listdir("/proc/self/fd")),
}))
print("complaint", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""
#: Looks at what is looked up in the environment while libraries are imported.
RECORDED = """
import importlib, os, sys
looked_up = set()
class Recorder(os._Environ):
    def __getitem__(self, key):
        looked_up.add(os.fsdecode(key))
        return super().__getitem__(key)
old = os.environ
os.environ = Recorder(old._data, old.encodekey, old.decodekey, old.encodevalue, old.decodevalue)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*sorted(looked_up))
"""


@pytest.fixture(scope="module")
def started() -> Iterator[Launcher]:
    with launcher() as running:
        yield running


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.mark.parametrize("code", [0, 3])
def test_it_is_the_program_that_it_would_be(started: Launcher, script: Path, tmp_path: Path, code: int) -> None:
    environment = {**os.environ, "KUBECONFIG": "/elsewhere"}
    words = [str(script), str(code), "ä b"]
    there = started.run(words, cwd=tmp_path, env=environment, timeout=60)
    plain = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (there.returncode, there.stderr) == (plain.returncode, plain.stderr) == (code, "complaint\n")
    told, expected = json.loads(there.stdout), json.loads(plain.stdout)
    assert told["ansible"] == [], "Ansible is to be loaded anew"
    assert told == expected


def lives(pid: str) -> bool:
    """Whether a process still runs: it is no zombie that only has to be waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_who_takes_too_long_is_killed_with_its_children(started: Launcher, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = tmp_path / "script.py"
    script.write_text(
        "import os, pathlib, subprocess, sys\n"
        "with subprocess.Popen(['sleep', '600']) as child:\n"
        f"    pathlib.Path({str(pids)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n",
        encoding="utf-8",
    )
    with pytest.raises(subprocess.TimeoutExpired):
        started.run([str(script)], cwd=tmp_path, env=os.environ, timeout=3)
    end = time.monotonic() + 30
    while any(map(lives, pids.read_text(encoding="utf-8").split())):
        assert time.monotonic() < end, "they still run"
        time.sleep(0.01)


def test_one_that_is_killed_says_by_what(started: Launcher, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os\nos.kill(os.getpid(), 9)\n", encoding="utf-8")
    assert started.run([str(script)], cwd=tmp_path, env=os.environ, timeout=60).returncode == -9


@pytest.mark.parametrize(("name", "suits"), [("PYTHONHASHSEED", False), ("LC_ALL", False), ("KUBECONFIG", True)])
def test_what_python_minds_when_it_starts_is_not_taken_over(started: Launcher, name: str, suits: bool) -> None:
    assert started.suits(os.environ)
    assert started.suits({**os.environ, name: "another"}) == suits


def test_libraries_mind_nothing_that_differs_between_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RECORDED, *LIBRARIES], capture_output=True, text=True, check=True, timeout=60
    )
    minded = {name for name in done.stdout.split() if not name.startswith(("PYTHON", "_PYTHON"))}
    assert minded <= {"HOME", "PATH"}
