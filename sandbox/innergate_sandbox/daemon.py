# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as a process: one per state directory, in the foreground or detached."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from innergate_sandbox.failures import StartFailed
from innergate_sandbox.settings import Settings, private_file, write_private

LOCK, PROCESS, LOG = "lock", "process.json", "sandbox.log"
READY = "ready"
_DONE, _FAILED = "\x04", "\x15"
"""What begins the last line that a detached process writes for the one that waits: it is ready, or why it is not."""

_STOPPED_WITHIN = 30.0


@contextmanager
def exclusive(state: Path) -> Iterator[int | None]:
    """Hold the state directory's lock and yield its descriptor, None if another process holds it.

    The lock falls with the last process that has the descriptor: a detached sandbox inherits it.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / LOCK).open("w") as file:
        # Others take it for a moment, just to see whether it can be taken.
        for dummy in range(20):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield file.fileno()
                return
            time.sleep(0.02)
        yield None


def _is_locked(state: Path) -> bool:
    if not (state / LOCK).exists():
        return False
    with (state / LOCK).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def running(state: Path) -> dict[str, Any] | None:
    """Return {pid, phase, since} of the sandbox of a state directory, None if none runs."""
    # Between taking the lock and writing the file there is a moment without news.
    for dummy in range(100):
        if not _is_locked(state):
            return None
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((state / PROCESS).read_text(encoding="utf-8"))
            if lives(int(found["pid"])):
                return found
        time.sleep(0.02)
    return {"pid": 0, "phase": "starting", "since": time.time()}


def lives(pid: int) -> bool:
    """Say whether a process exists; one that has ended and was not buried yet (by a lazy parent) does not."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    return not stat.rpartition(")")[2].lstrip().startswith("Z")


def _note(state: Path, phase: str) -> None:
    values = {"pid": os.getpid(), "phase": phase, "since": time.time()}
    write_private(state / PROCESS, json.dumps(values))


def run(settings: Settings, progress: Callable[[str], None], ready: Callable[[], None]) -> None:
    """Run in this process until SIGTERM or SIGINT. The caller holds the lock."""
    from innergate_sandbox.runtime import Runtime

    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        _note(settings.state, "starting")
        runtime = Runtime(settings, progress)
        starting = loop.create_task(runtime.start())
        waiting = loop.create_task(stop.wait())
        try:
            await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                raise StartFailed("stopped while starting")
            starting.result()
            _note(settings.state, READY)
            ready()
            await waiting
        finally:
            _note(settings.state, "stopping")
            await runtime.stop()

    try:
        asyncio.run(main())
    finally:
        (settings.state / PROCESS).unlink(missing_ok=True)


def serve_detached() -> None:
    """Entry point of the detached process: `python -m innergate_sandbox.daemon STATE PIPE LOCK`.

    PIPE and LOCK are inherited descriptors: where progress lines go, and the lock of the state directory, which this
    process holds as long as it lives and its children must not have.
    """
    state, descriptor, lock = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.set_inheritable(descriptor, False)
    os.set_inheritable(lock, False)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with os.fdopen(descriptor, "w", buffering=1, encoding="utf-8") as pipe:
        settings = Settings.load(state)
        if settings is None:
            sys.exit(f"{state} has no settings")

        def progress(text: str) -> None:
            print(text, flush=True)
            # The process that waits for the start may be gone: the sandbox lives on.
            with contextlib.suppress(BrokenPipeError, ValueError):
                pipe.write(text.rstrip("\n") + "\n")

        def ready() -> None:
            with contextlib.suppress(BrokenPipeError, ValueError):
                pipe.write(f"{_DONE}\n")
                pipe.close()

        try:
            run(settings, progress, ready)
        except StartFailed as error:
            progress(_FAILED + json.dumps(str(error)))
            sys.exit(1)


def detach(settings: Settings, lock: int, progress: Callable[[str], None]) -> None:
    """Start the sandbox in a process of its own and wait until everything is ready; a StartFailed otherwise.

    lock: the descriptor of the held lock, handed on to that process.
    """
    read_end, write_end = os.pipe()
    command = [sys.executable, "-m", "innergate_sandbox.daemon", str(settings.state), str(write_end), str(lock)]
    with Path(private_file(settings.state / LOG)).open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(write_end, lock),
            start_new_session=True,
        )
    os.close(write_end)
    try:
        with os.fdopen(read_end, encoding="utf-8") as pipe:
            for line in pipe:
                if line.startswith(_DONE):
                    return
                if line.startswith(_FAILED):
                    process.wait()
                    raise StartFailed(json.loads(line[1:]))
                progress(line.rstrip("\n"))
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    code = process.wait()
    raise StartFailed(f"the sandbox ended with code {code} while starting:\n{_tail(settings.state / LOG)}")


def _tail(file: Path, lines: int = 15) -> str:
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def stop(state: Path, timeout: float = _STOPPED_WITHIN) -> bool:
    """Stop the sandbox of a state directory and wait until it is gone; False if none runs."""
    found = running(state)
    if found is None:
        return False
    pid = int(found["pid"])
    _send(pid, signal.SIGTERM)
    end = time.monotonic() + timeout
    while _is_locked(state) or (pid and lives(pid)):
        if time.monotonic() > end:
            _send(pid, signal.SIGKILL)
            end += timeout
        time.sleep(0.02)
    return True


def _send(pid: int, number: int) -> None:
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


if __name__ == "__main__":
    serve_detached()
