# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes of the control plane: started again, ended, and ended when they were left behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from innergate_sandbox.kubernetes.control.processes import Child, ProcessError, end_stale, tail

STAY = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    for dummy in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not so after {seconds} s")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_a_crash_is_followed_by_another_start(tmp_path: Path) -> None:
    child = Child("stay", STAY, tmp_path)
    await child.start()
    first = child.pid
    assert first is not None
    os.kill(first, 9)
    await until(lambda: child.pid not in (None, first))
    assert child.restarts == 1
    assert (tmp_path / "stay.pid").read_text() == str(child.pid)
    second = child.pid
    assert second is not None
    await child.stop()
    assert child.pid is None and not alive(second)
    assert not (tmp_path / "stay.pid").exists()


async def test_one_that_never_stays_up_is_reported_with_its_last_words(tmp_path: Path) -> None:
    child = Child("broken", [sys.executable, "-c", "print('no such flag'); raise SystemExit(1)"], tmp_path)
    await child.start()
    child.restarts = 3
    await until(lambda: "no such flag" in tail(child.log))
    with pytest.raises(ProcessError, match="no such flag"):
        child.alive()
    await child.stop()


async def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match=r"/no/such/etcd cannot be run"):
        await Child("etcd", ["/no/such/etcd"], tmp_path).start()


async def test_one_that_ignores_the_polite_request_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    child = Child("deaf", [sys.executable, "-c", code], tmp_path)
    await child.start()
    await until(lambda: child.log.read_text() == "up\n")
    pid = child.pid
    assert pid is not None
    await child.stop(0.1)
    assert not alive(pid)


def test_what_an_earlier_sandbox_left_is_ended(tmp_path: Path) -> None:
    left = subprocess.Popen(STAY)
    (tmp_path / "x.pid").write_text(str(left.pid))
    asyncio.run(end_stale(tmp_path / "x.pid", sys.executable))
    assert left.wait(5) == -9
    assert not (tmp_path / "x.pid").exists()


def test_a_process_id_that_another_program_has_now_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(STAY)
    (tmp_path / "x.pid").write_text(str(other.pid))
    asyncio.run(end_stale(tmp_path / "x.pid", "/usr/bin/etcd"))
    assert other.poll() is None
    other.kill()
    other.wait()


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import asyncio, pathlib
        from innergate_sandbox.kubernetes.control.processes import Child
        async def main():
            child = Child("stay", {STAY!r}, pathlib.Path({str(tmp_path)!r}))
            await child.start()
            print(child.pid, flush=True)
            await asyncio.sleep(600)
        asyncio.run(main())
        """
    )
    source = str(Path(__file__).parents[4] / "sandbox")
    environment = {**os.environ, "PYTHONPATH": source}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    deadline = time.monotonic() + 5
    while alive(child):
        assert time.monotonic() < deadline
