# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts programs of the virtual environment from a process that has imported the libraries beside Ansible already.

ansible-playbook spends half a second of a processor on importing the Azure SDKs, the Kubernetes client and others, and
so does each module that it runs; a test run starts them some hundred times. Ansible and the collection are never among
what is imported before: they are loaded anew by each run, with its settings, as at a user's.

This file is also the program of that process. It forks for each job that comes in through a socket, and the child
becomes the program of the job; the code with which that ends is sent back.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import re
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

#: What runs import sooner or later. What the Kubernetes client is built on may be something else with other versions.
LIBRARIES = (
    "azure.identity",
    "azure.mgmt.apimanagement.operations",
    "azure.mgmt.network.operations",
    "cryptography.x509",
    "dateutil.parser",
    "jinja2.nativetypes",
    "jmespath",
    "kubernetes.client",
    "pydantic",
    "requests_oauthlib",
    "websocket",
    "yaml",
)
#: The Kubernetes client beside its interface to the server, the large part: it looks at KUBECONFIG when it is imported.
FORGOTTEN = re.compile(r"kubernetes(?!\.client\b)(?:\.|$)")
#: Starts modules (programs/python.py).
PYTHON = Path(__file__).resolve().parent / "programs" / "python.py"
#: Environment variables that a process minds when it starts, and never again.
_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "HOME")
_ROOM = 1 << 17  # bytes of a job, at most; Linux takes no more than 208 KiB in one message (net.core.wmem_default)

Job = dict[str, Any]


class Launcher:
    """The process, as seen by who has started it."""

    def __init__(self, folder: Path) -> None:
        self._path = path = folder / "launcher"
        ours, theirs = socket.socketpair()
        command = [sys.executable, str(Path(__file__).resolve()), str(path), str(theirs.fileno())]
        with theirs:
            # Its own session: what a terminal sends to the tests is not meant for it.
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)
        self._alive = ours
        if self._alive.recv(1) != b"+":
            raise RuntimeError("the launcher has not started")
        #: Runs a script as C(python SCRIPT) does, for programs that are to start theirs from the process, too.
        self.python = folder / "python"
        words = [sys.executable, "-IS", str(PYTHON), sys.executable, str(path)]
        self.python.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        self.python.chmod(0o700)

    def close(self) -> None:
        """End the process; programs that it has started go on."""
        self._alive.close()
        self._process.wait()

    def suits(self, environment: Mapping[str, str]) -> bool:
        """Whether a program with this environment is the same when it is started from there."""
        mine, theirs = (
            {name: value for name, value in variables.items() if name.startswith(_AT_START)}
            for variables in (os.environ, environment)
        )
        return mine == theirs

    def run(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a script of the virtual environment to its end, as C(subprocess.run) does with C(capture_output).

        Raises subprocess.TimeoutExpired, when it and all its children are killed.
        """
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            Path(os.devnull).open("rb") as nothing,
            self._connected() as line,
        ):
            job = {"command": list(command), "cwd": str(cwd), "environment": dict(env)}
            socket.send_fds(line, [json.dumps(job).encode()], [file.fileno() for file in (nothing, out, err)])
            line.shutdown(socket.SHUT_WR)
            pid = int(line.recv(32))
            line.settimeout(timeout)
            try:
                code = int(line.recv(32))
            except TimeoutError:
                os.killpg(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(command), timeout, _text(out), _text(err)) from None
            return subprocess.CompletedProcess(list(command), code, _text(out), _text(err))

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.connect(str(self._path))
            yield line


@contextmanager
def launcher() -> Iterator[Launcher]:
    """A launcher for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        started = Launcher(Path(folder))
        try:
            yield started
        finally:
            started.close()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _serve(path: str, lifeline: socket.socket) -> Job | None:
    """Fork for each job until nobody is at the other end of the lifeline. In a child: its job; None in the end."""
    del sys.path[0]  # the folder of this file
    for name in LIBRARIES:
        if importlib.util.find_spec(name.partition(".")[0]):
            importlib.import_module(name)
    # What is here is never collected: a child whose collector looked at it would get a copy of all of it.
    gc.collect()
    gc.freeze()
    lines: dict[int, socket.socket] = {}  # by the process that they wait for
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen()
        lifeline.send(b"+")
        while True:
            ready = select.select([door.fileno(), lifeline.fileno(), awake], [], [])[0]
            if awake in ready:
                os.read(awake, 4096)
                _report(lines)
            if lifeline.fileno() in ready:
                return None
            if door.fileno() not in ready:
                continue
            line = door.accept()[0]
            text, files, dummy, dummy = socket.recv_fds(line, _ROOM, 3)
            pid = os.fork()
            if not pid:
                _take_over(files)
                for other in (door, line, lifeline, *lines.values()):
                    other.close()
                for end in (awake, wake):
                    os.close(end)
                job: Job = json.loads(text)
                return job
            for file in files:
                os.close(file)
            lines[pid] = line
            line.send(str(pid).encode())


def _report(lines: dict[int, socket.socket]) -> None:
    """Send the exit codes of all children that have ended."""
    while lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with lines.pop(pid) as line, contextlib.suppress(OSError):  # nobody may wait any more
            line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _take_over(files: Sequence[int]) -> None:
    """Be a process as it is when it starts, with these files for what it reads and says."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)


def forget() -> None:
    """Let be imported anew what looks at the environment while that is done."""
    for name in [name for name in sys.modules if FORGOTTEN.match(name)]:
        del sys.modules[name]


def _become(job: Job) -> None:
    """Run the script of the job in this process, to the end of it."""
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["environment"])
    forget()
    script, *dummy = sys.argv = job["command"]
    sys.path.insert(0, str(Path(script).parent))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    found = _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
    if found is not None:
        _become(found)
