# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as users get it: built into an archive, and installed from it into an empty place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from support.playbook import BIN, ROOT, TREE


def galaxy(*words: str | Path, cwd: Path) -> None:
    """Run C(ansible-galaxy collection)."""
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(cwd), "PYTHONPATH": ""}
    command = [str(BIN / "ansible-galaxy"), "collection", *map(str, words)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def archive(folder: Path) -> Path:
    """The archive of what git knows of this checkout, changes that are not committed included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    source = folder / "source"
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    galaxy("build", "--output-path", folder, cwd=source)
    (found,) = folder.glob("innergate-azure-*.tar.gz")
    return found


def installed(package: Path, tree: Path) -> Path:
    """Install an archive beside kubernetes.core; returns where it is."""
    galaxy("install", "--no-deps", package, "-p", tree, cwd=package.parent)
    shutil.copytree(TREE / "ansible_collections/kubernetes", tree / "ansible_collections/kubernetes")
    return tree / "ansible_collections/innergate/azure"
