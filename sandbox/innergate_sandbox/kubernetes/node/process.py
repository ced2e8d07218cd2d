# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One container as one local process: started, its ports learnt, its output kept, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from innergate_sandbox import images
from innergate_sandbox.images.catalogue import StandIn
from innergate_sandbox.images.server import REPORT
from innergate_sandbox.kubernetes.tasks import background

START = Path(images.__file__).with_name("start.py")
LOG_LIMIT = 10_000_000
PATIENCE = 20.0


class ContainerProcess:
    """A running stand-in. `ports` maps the container's ports to loopback ports."""

    def __init__(self, stand_in: StandIn, environment: Mapping[str, str], log: Path, folder: Path) -> None:
        """Starts nothing yet. The log is in the format of container runtimes: time, stream, F, text."""
        self._stand_in = stand_in
        self._environment = dict(environment)
        self._log = log
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._listening: asyncio.Future[dict[int, int]] | None = None
        self.ports: dict[int, int] = {}

    async def start(self) -> None:
        """Return when it listens; if it ends before that, return too: `wait` tells the exit code."""
        self._listening = asyncio.get_running_loop().create_future()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            "-B",
            str(START),
            self._stand_in.module,
            str(self._stand_in.port),
            stdin=subprocess.PIPE,  # never written: closed with this process, which ends the stand-in
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
            cwd=self._folder,
            start_new_session=True,
        )
        self._reader = background(self._read(), name=f"log {self._log.name}")
        with contextlib.suppress(TimeoutError):
            self.ports = await asyncio.wait_for(asyncio.shield(self._listening), PATIENCE)

    async def wait(self) -> int:
        """The exit code as container runtimes count it: 128 + signal if it was killed."""
        assert self._process is not None and self._reader is not None
        code = await self._process.wait()
        await asyncio.shield(self._reader)  # a cancelled wait must not end the log
        return 128 - code if code < 0 else code

    async def stop(self, grace: float) -> int:
        """End it: SIGTERM, and SIGKILL when the grace period is over."""
        if self._process is None:
            return 0
        for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 10.0)):
            if self._process.returncode is None and (patience > 0 or number == signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    self._process.send_signal(number)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(self._process.wait()), patience)
        return await self.wait()

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None and self._listening is not None
        self._log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab", buffering=0) as log:
            async for line in self._process.stdout:
                if line.startswith(REPORT.encode()) and not self._listening.done():
                    ports = json.loads(line[len(REPORT) :])
                    self._listening.set_result({int(port): int(local) for port, local in ports.items()})
                    continue
                if log.tell() > LOG_LIMIT:
                    log.truncate(0)
                log.write(_stamp() + b" stdout F " + line)
        if not self._listening.done():
            self._listening.set_result({})


def _stamp() -> bytes:
    now = time.time()
    return (time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e9):09d}Z").encode()
