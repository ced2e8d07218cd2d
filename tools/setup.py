# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare the checkout: a virtual environment, the sandbox, and a tree in which ansible finds the collections.

Nothing is assumed but Python 3.11 and a package index. Every step is skipped when its inputs have not changed since it
last succeeded, so that a second run takes no time. The tree C(.venv/tree/ansible_collections) holds a link to this
checkout (innergate.azure) and kubernetes.core, which is taken out of the PyPI package C(ansible): Galaxy need not be
reachable.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TREE = VENV / "tree" / "ansible_collections"
CONSTRAINTS = ROOT / "tools" / "constraints.txt"
ANSIBLE_CORE = "ansible-core>=2.17,<2.22"
COLLECTIONS_WHEEL = "ansible==12.3.0"  # carries kubernetes.core 6.2.0
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]


def say(text: str) -> None:
    """One line of progress."""
    print(f"setup: {text}", flush=True)


def digest(*parts: str | Path) -> str:
    """A digest of texts and of the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return total.hexdigest()


def step(name: str, key: str, action: Callable[[], object]) -> None:
    """Run C(action) unless it has succeeded with the same key before."""
    stamp = VENV / f".{name}.stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == key:
        return
    started = time.monotonic()
    say(f"{name} ...")
    action()
    stamp.write_text(key, encoding="utf-8")
    say(f"{name} done in {time.monotonic() - started:.0f} s")


def pip(*arguments: str) -> None:
    """Run pip of the virtual environment."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True, cwd=ROOT)


def make_venv() -> None:
    """Create the virtual environment afresh."""
    keep = [path for path in VENV.glob("*") if path.name == "tree"] if VENV.is_dir() else []
    for path in VENV.glob("*") if VENV.is_dir() else []:
        if path not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)


def install() -> None:
    """Install what the collection, the sandbox and the tests need."""
    wanted = [argument for file in REQUIREMENTS for argument in ("-r", str(file))]
    pip("install", "-c", str(CONSTRAINTS), ANSIBLE_CORE, *wanted, "-e", str(ROOT / "sandbox"))


def kubernetes_core(wheel: str = COLLECTIONS_WHEEL, tree: Path = TREE) -> None:
    """Take kubernetes.core out of a wheel that carries the community collections, whichever Python that is for."""
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        pip("download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "-d", folder, wheel)
        (archived,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(archived) as archive:
            members = [name for name in archive.namelist() if name.startswith("ansible_collections/kubernetes/core/")]
            archive.extractall(folder, members)
        target = tree / "kubernetes" / "core"
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(Path(folder) / "ansible_collections" / "kubernetes" / "core"), target)


def link() -> None:
    """Let this checkout be ansible_collections/innergate/azure."""
    place = TREE / "innergate" / "azure"
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        place.unlink()
    place.symlink_to(os.path.relpath(ROOT, place.parent), target_is_directory=True)


def main() -> int:
    """Bring the checkout up to date; says what it does."""
    if sys.version_info < (3, 11):
        say(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}")
        return 1
    try:
        step("venv", f"{sys.version} {ROOT}", make_venv)
        step("packages", digest(ANSIBLE_CORE, CONSTRAINTS, *REQUIREMENTS, ROOT / "sandbox" / "pyproject.toml"), install)
        step("kubernetes.core", COLLECTIONS_WHEEL, kubernetes_core)
        link()
    except subprocess.CalledProcessError as error:
        say(f"failed: {' '.join(map(str, error.cmd[-4:]))} (exit code {error.returncode})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
