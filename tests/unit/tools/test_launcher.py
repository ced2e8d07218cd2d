# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the launcher of the tests starts is no other than what is started without it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.launcher import FORGOTTEN, LIBRARIES, Launcher, launcher

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
#: Looks at what is looked up in the environment while libraries are imported, but by those that are forgotten again.
RECORDED = """
import importlib, os, re, sys
forgotten = re.compile(sys.argv[1])
looked_up = set()
class Recorder(os._Environ):
    def __getitem__(self, key):
        asks = sys._getframe(1)
        while asks.f_globals["__name__"] in ("os", "collections.abc"):
            asks = asks.f_back
        if not forgotten.match(asks.f_globals["__name__"]):
            looked_up.add(os.fsdecode(key))
        return super().__getitem__(key)
old = os.environ
os.environ = Recorder(old._data, old.encodekey, old.decodekey, old.encodevalue, old.decodevalue)
for name in sys.argv[2:]:
    importlib.import_module(name)
print(*sorted(looked_up))
"""
#: Says what of the Kubernetes client looks at the environment, and whether all of it is one client.
KUBERNETES = """
import sys
before = sorted(name for name in sys.modules if name.startswith("kubernetes") and "client" not in name)
import kubernetes.dynamic
from kubernetes.config import kube_config
one = kube_config.ApiClient is kubernetes.client.ApiClient is sys.modules["kubernetes.client"].ApiClient
print(before, kube_config.KUBE_CONFIG_DEFAULT_LOCATION, one)
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


def test_modules_are_run_by_what_is_python_to_them(started: Launcher, script: Path, tmp_path: Path) -> None:
    told = []
    for python in (started.python, sys.executable):
        # By a shell, as Ansible does; it has variables of its own.
        done = subprocess.run(
            ["sh", "-c", f"{shlex.join([str(python), str(script), '3', 'ä b'])} && true"],
            cwd=tmp_path,
            env={**os.environ, "KUBECONFIG": "/elsewhere"},
            input="to be read",
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (3, "complaint\n")
        told.append(json.loads(done.stdout))
    assert told[0] == told[1] and told[0]["input"] == "to be read"


@pytest.mark.parametrize("words", [["-c", "print('said')"], ["-"]])
def test_what_is_no_script_is_left_to_python_itself(started: Launcher, words: list[str]) -> None:
    done = subprocess.run(
        [str(started.python), *words], input="print('said')", capture_output=True, text=True, check=True
    )
    assert done.stdout == "said\n"


@pytest.mark.parametrize("number", [9, 15])
def test_a_module_that_is_killed_says_by_what(started: Launcher, tmp_path: Path, number: int) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import os\nos.kill(os.getpid(), {number})\n", encoding="utf-8")
    assert subprocess.run([str(started.python), str(script)], check=False).returncode == -number


def test_a_module_ends_with_who_has_started_it(started: Launcher, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = tmp_path / "script.py"
    script.write_text(
        f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([str(started.python), str(script)]) as process:
        until(lambda: pid.is_file() and pid.read_text(encoding="utf-8"))
        process.terminate()
        assert process.wait(timeout=30) == -15
    until(lambda: not lives(pid.read_text(encoding="utf-8")))


def test_the_kubernetes_client_finds_the_configuration_of_its_run(started: Launcher, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(KUBERNETES, encoding="utf-8")
    for place in ("/one", "/another"):
        environment = {**os.environ, "KUBECONFIG": place}
        done = started.run([str(script)], cwd=tmp_path, env=environment, timeout=60)
        assert done.stdout == f"[] {place} True\n", done.stderr


def until(condition: Callable[[], object]) -> None:
    """Wait for it."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


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
    until(lambda: not any(map(lives, pids.read_text(encoding="utf-8").split())))


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
        [sys.executable, "-c", RECORDED, FORGOTTEN.pattern, *LIBRARIES],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    minded = {name for name in done.stdout.split() if not name.startswith(("PYTHON", "_PYTHON"))}
    assert minded <= {"HOME", "PATH", "PYDANTIC_DISABLE_PLUGINS"}
