# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments beside the usual one, for tools that would not go together with it."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setup import VENV, digest


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Several gates begin at a time, and want the same thing: the first makes it while the others wait."""
    with (VENV / f".{name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(name: str, requirements: Path) -> Path:
    """The folder of programs of an environment with these requirements; made unless it is there."""
    folder = VENV / name
    stamp, key = folder / ".stamp", digest(sys.version, requirements)
    with alone(name):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != key:
            print(f"{name}: installing the tools", flush=True)
            venv.EnvBuilder(with_pip=True, clear=True).create(folder)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
            subprocess.run([*pip, "-r", str(requirements)], check=True)
            stamp.write_text(key, encoding="utf-8")
    return folder / "bin"
