# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the control plane once, showing step by step what is done.

The programs appear in the cache all at once or not at all. Finished ones of an interrupted build are kept, and so is
what Go compiled, so that the next run continues. Two builders at the same time: the second waits for the first.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from innergate_sandbox.failures import StartFailed
from innergate_sandbox.kubernetes.build.recipe import (
    PROGRAMS,
    Recipe,
    build_folder,
    cache_folder,
    complete,
)
from innergate_sandbox.kubernetes.build.toolchain import Say, Toolchain, find_or_install, go_environment
from innergate_sandbox.kubernetes.control import dying

HEARTBEAT = 15.0


class BuildError(StartFailed):
    """The control plane could not be built; the message says why and what to do."""


def build(recipe: Recipe, say: Say, environment: Mapping[str, str] | None = None) -> Path:
    """The folder with all programs; builds them if they are not there yet. `say` is given one line per step."""
    environment = os.environ if environment is None else environment
    folder = build_folder(recipe, environment)
    if complete(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / "lock", say):
        if complete(folder):
            return folder
        started = time.monotonic()

        def step(text: str) -> None:
            minutes, seconds = divmod(int(time.monotonic() - started), 60)
            say(f"{minutes:3d}:{seconds:02d}  {text}")

        say(f"Kubernetes {recipe.version} is built once, about 5 minutes on 2 cores, into {folder}")
        toolchain = find_or_install(recipe.go_version, cache_folder(environment), step, environment)
        step(f"compiler: {toolchain}")
        partial = folder.with_name(folder.name + ".partial")
        partial.mkdir(exist_ok=True)
        (partial / "go.mod").write_bytes(recipe.go_mod)
        (partial / "go.sum").write_bytes(recipe.go_sum)
        for name, package in PROGRAMS.items():
            if os.access(partial / name, os.X_OK):
                step(f"{name}: finished earlier")
            else:
                _compile(name, package, partial, recipe, toolchain, step, environment)
        partial.rename(folder)
        step("Kubernetes is built")
    return folder


def _compile(
    name: str,
    package: str,
    folder: Path,
    recipe: Recipe,
    toolchain: Toolchain,
    step: Say,
    environment: Mapping[str, str],
) -> None:
    step(f"{name}: compiling")
    unfinished = folder / (name + ".new")
    process = subprocess.Popen(
        [str(toolchain.program), "build", "-v", *recipe.flags, "-o", str(unfinished), package],
        cwd=folder,
        env=go_environment({**environment, "PWD": str(folder)}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dying.with_parent(),
    )
    lines: list[str] = []
    assert process.stderr is not None
    reader = threading.Thread(target=_collect, args=(process.stderr, lines), daemon=True)
    reader.start()
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(HEARTBEAT)
                break
            downloads = sum(line.startswith("go: downloading") for line in lines)
            counted = {"modules downloaded": downloads, "packages compiled": len(lines) - downloads}
            shown = ", ".join(f"{number} {what}" for what, number in counted.items() if number)
            step(f"{name}: {shown or 'linking'}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        reader.join(5)
    if process.returncode:
        raise BuildError(_explain(name, lines))
    unfinished.rename(folder / name)
    step(f"{name}: done, {(folder / name).stat().st_size / 1e6:.0f} MB")


def _collect(source: IO[str], lines: list[str]) -> None:
    with source:
        lines.extend(source)


def _explain(name: str, lines: list[str]) -> str:
    told = [
        line.rstrip()
        for line in lines
        if not line.startswith("go: downloading") and (" " in line.strip() or line.startswith("#"))
    ]
    text = "\n".join(told[-15:]) or "go build said nothing."
    advice = (
        "Bring a cluster (KUBECONFIG) or binaries (KUBEBUILDER_ASSETS) instead, "
        "or start the sandbox with --no-kubernetes."
    )
    if any(
        word in text
        for word in ("dial tcp", "no such host", "i/o timeout", "connection refused", "proxyconnect", "x509:")
    ):
        advice = (
            "Go's modules could not be downloaded: set GOPROXY to a module proxy that this machine reaches. " + advice
        )
    elif "no space left" in text:
        advice = "The disk is full: about 4 GB are needed for modules and compiled packages."
    return f"Building {name} failed:\n{text}\n{advice}"


@contextlib.contextmanager
def _alone(path: Path, say: Say) -> Iterator[None]:
    """Hold the lock file. It is released by the kernel when this process ends, however it ends."""
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            say(f"process {lock.read().strip() or 'unknown'} is building Kubernetes; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
