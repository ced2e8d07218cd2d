# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules look at, and what they find."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """Something that a rule does not allow, and where."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Checkout:
    """The files of a checkout that git knows or would take. Paths are relative to C(root)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
        self.files = [Path(name) for name in said.split("\0") if name and (root / name).is_file()]

    def below(self, *folders: str, suffixes: Iterable[str] = ("",)) -> list[Path]:
        """The files below the folders (all files without any), with one of these endings."""
        wanted = tuple(suffixes)
        found = [path for path in self.files if not folders or any(path.is_relative_to(f) for f in folders)]
        return [path for path in found if path.as_posix().endswith(wanted)]

    def text(self, path: Path) -> str:
        """What is in a file; "" if it is no text."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return ""

    def lines(self, path: Path) -> Iterator[tuple[int, str]]:
        """The numbered lines of a file."""
        yield from enumerate(self.text(path).splitlines(), start=1)


def report(findings: Iterable[Finding], program: str, looked_at: str) -> int:
    """Show what a program found, and in what; the exit code tells whether that is nothing."""
    found = list(findings)
    for finding in found:
        print(finding)
    print(f"{program}: {len(found)} findings in {looked_at}")
    return 1 if found else 0
