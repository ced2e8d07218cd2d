# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long-running child processes: started, watched, started again when they crash, ended with the sandbox."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from innergate_sandbox.failures import StartFailed
from innergate_sandbox.kubernetes.control import dying
from innergate_sandbox.kubernetes.tasks import background, cancel

_STEADY = 30.0
_LONGEST_PAUSE = 10.0
_REASONS = ("panic:", "Error:", "error:", "fatal", "F0", "F1")


class ProcessError(StartFailed):
    """A child process ended before it was of any use; the message has the end of its log."""


class Child:
    """One program with its log and a file that says which process it is."""

    def __init__(
        self, name: str, arguments: list[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """`folder` gets NAME.log and NAME.pid."""
        environment = os.environ if environment is None else environment
        self.name = name
        self.log = folder / f"{name}.log"
        self._arguments = arguments
        self._pid_file = folder / f"{name}.pid"
        self._environment = dict(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it, after ending what an earlier, killed sandbox may have left."""
        await end_stale(self._pid_file, self._arguments[0])
        await self._spawn()
        self._watch = background(self._keep_alive(), name=f"keep {self.name} alive")

    async def stop(self, patience: float = 3.0) -> None:
        """End it: politely, then not."""
        await cancel(self._watch)
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), patience)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        self._pid_file.unlink(missing_ok=True)

    def alive(self) -> None:
        """Raise ProcessError if it has already been started again and again."""
        if self.restarts > 2:
            raise ProcessError(f"{self.name} does not stay up. The end of {self.log}:\n{tail(self.log)}")

    async def _spawn(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the sandbox, which then ends its children in order
                preexec_fn=dying.with_parent(),
            )
        except OSError as error:
            raise ProcessError(f"{self._arguments[0]} cannot be run: {error}") from error
        finally:
            os.close(descriptor)
        self._pid_file.write_text(str(self._process.pid))

    async def _keep_alive(self) -> None:
        pause = 0.5
        while True:
            assert self._process is not None
            began = time.monotonic()
            await self._process.wait()
            pause = 0.5 if time.monotonic() - began > _STEADY else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)
            self.restarts += 1
            await self._spawn()


def tail(path: Path, lines: int = 12) -> str:
    """What a log says last: the reason of a crash if it names one, else its last lines."""
    if not path.exists():
        return "(no log)"
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65536))
        last = file.read().decode(errors="replace").splitlines()
    reasons = [line for line in last if line.startswith(_REASONS)]
    return "\n".join((reasons or last)[-lines:])


async def end_stale(pid_file: Path, program: str) -> None:
    """End the process that a pid file names, if it still runs this program."""
    await asyncio.to_thread(_end_stale, pid_file, program)


def _end_stale(pid_file: Path, program: str) -> None:
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return
    deadline = time.monotonic() + 2
    while _runs(pid, program) and time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    pid_file.unlink(missing_ok=True)


def _runs(pid: int, program: str) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return command.read_bytes().split(b"\0")[0].decode(errors="replace") == program
        except OSError:
            return False
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return answer.stdout.strip().startswith(program)
