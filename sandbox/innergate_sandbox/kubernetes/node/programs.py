# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `kubectl exec` finds in a container: a few programs that look, and none that could change the machine.

A stand-in has no file system of its own, so that a shell would be the machine's. Whatever is not here is not found, as
in an image without it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Inside:
    """What a program sees: the container's variables, and the folder in which its mounts are."""

    variables: Mapping[str, str]
    root: Path


@dataclass(frozen=True)
class Result:
    """How a program ended."""

    out: str = ""
    err: str = ""
    code: int = 0


def run(words: list[str], inside: Inside) -> Result | None:
    """Run a program; None if the container has none of this name."""
    program = PROGRAMS.get(posixpath.basename(words[0])) if words else None
    return program(words[1:], inside) if program else None


def status(words: list[str], result: Result | None) -> dict[str, Any]:
    """Return the Status object with which kubelets end a session, in the words of containerd and runc."""
    if result is not None and result.code == 0:
        return {"metadata": {}, "status": "Success"}
    if result is not None:
        causes = [{"reason": "ExitCode", "message": str(result.code)}]
        text = f"command terminated with non-zero exit code: exit status {result.code}"
        return _failure("NonZeroExitCode", text, {"causes": causes}, {})
    name = words[0] if words else ""
    said = (
        "error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec "
        f'failed: exec failed: unable to start container process: exec: "{name}": executable file not found in $PATH: '
        "unknown"
    )
    text = f"Internal error occurred: {said}"
    return _failure("InternalError", text, {"causes": [{"message": said}]}, {"code": 500})


def _failure(reason: str, message: str, details: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {}, "status": "Failure", "message": message, "reason": reason, "details": details, **more}


def _env(words: list[str], inside: Inside) -> Result:
    return Result("".join(f"{name}={value}\n" for name, value in inside.variables.items()))


def _printenv(words: list[str], inside: Inside) -> Result:
    if not words:
        return _env(words, inside)
    found = [inside.variables[word] for word in words if word in inside.variables]
    return Result("".join(f"{value}\n" for value in found), code=0 if len(found) == len(words) else 1)


def _each(words: list[str], read: Callable[[Path, str], str], inside: Inside, name: str) -> Result:
    out, err = "", ""
    for word in words:
        place = inside.root / posixpath.normpath(f"/{word}").lstrip("/")
        try:
            out += read(place, word)
        except OSError as error:
            err += f"{name}: {word}: {error.strerror}\n"
    return Result(out, err, 1 if err else 0)


def _cat(words: list[str], inside: Inside) -> Result:
    return _each(words, lambda place, word: place.read_text("utf-8", "replace"), inside, "cat")


def _ls(words: list[str], inside: Inside) -> Result:
    def names(place: Path, word: str) -> str:
        if not place.is_dir():
            place.lstat()
            return f"{word}\n"
        return "".join(f"{item.name}\n" for item in sorted(place.iterdir()) if not item.name.startswith("."))

    return _each([word for word in words if not word.startswith("-")] or ["/"], names, inside, "ls")


PROGRAMS: dict[str, Callable[[list[str], Inside], Result]] = {
    "cat": _cat,
    "echo": lambda words, inside: Result(" ".join(words) + "\n"),
    "env": _env,
    "false": lambda words, inside: Result(code=1),
    "hostname": lambda words, inside: Result(inside.variables.get("HOSTNAME", "") + "\n"),
    "ls": _ls,
    "printenv": _printenv,
    "pwd": lambda words, inside: Result("/\n"),
    "true": lambda words, inside: Result(),
}
