# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which control plane to use: what the user brings comes first, building comes last."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.kubernetes.build.builder import BuildError
from innergate_sandbox.kubernetes.build.recipe import PROGRAMS, build_folder, complete, find_recipe
from innergate_sandbox.kubernetes.build.toolchain import Say
from innergate_sandbox.kubernetes.control import dying

ASSETS_VARIABLE = "KUBEBUILDER_ASSETS"


@dataclass(frozen=True)
class Binaries:
    """The programs of a control plane by name."""

    programs: Mapping[str, Path]
    origin: str


@dataclass(frozen=True)
class Choice:
    """What of a folder brought by the user is used, and what must come from our own build."""

    brought: Mapping[str, Path]
    missing: tuple[str, ...]


def choose(folder: Path) -> Choice:
    """Look into a KUBEBUILDER_ASSETS folder. envtest's has etcd and kube-apiserver only; without these two it is
    refused with a BuildError, for the user meant to bring something.
    """
    brought = {name: folder / name for name in PROGRAMS if os.access(folder / name, os.X_OK)}
    lacking = [name for name in ("etcd", "kube-apiserver") if name not in brought]
    if lacking:
        raise BuildError(
            f"{ASSETS_VARIABLE}={folder} has no {' and no '.join(lacking)} that can be run. "
            "Point it to a folder with etcd and kube-apiserver (setup-envtest makes one), or unset it."
        )
    return Choice(brought, tuple(name for name in PROGRAMS if name not in brought))


async def find_binaries(say: Say, environment: Mapping[str, str] | None = None) -> Binaries:
    """The programs from KUBEBUILDER_ASSETS, else from the cache, else freshly built."""
    environment = os.environ if environment is None else environment
    assets = environment.get(ASSETS_VARIABLE)
    if not assets:
        folder = await _ours(say, environment)
        return Binaries({name: folder / name for name in PROGRAMS}, str(folder))
    choice = choose(Path(assets))
    if not choice.missing:
        return Binaries(choice.brought, assets)
    say(f"{assets} has no {', '.join(choice.missing)}: taken from our own build")
    folder = await _ours(say, environment)
    theirs = await asyncio.to_thread(_minor, choice.brought["kube-apiserver"])
    ours = await asyncio.to_thread(_minor, folder / "kube-apiserver")
    if theirs != ours:
        say(f"note: kube-apiserver {theirs} of {assets} and {ours} of our build differ; most things work nevertheless")
    return Binaries({**{name: folder / name for name in PROGRAMS}, **choice.brought}, f"{assets} and {folder}")


async def _ours(say: Say, environment: Mapping[str, str]) -> Path:
    recipe = find_recipe(environment)
    folder = build_folder(recipe, environment)
    if complete(folder):
        return folder
    # A process of its own: minutes of work that must end with the sandbox, and must not hold up its event loop.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "innergate_sandbox.kubernetes.build",
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=dying.with_parent(),
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        errors = asyncio.create_task(process.stderr.read())
        last = ""
        async for line in process.stdout:
            if last:
                say(last)
            last = line.decode().rstrip()
        text = (await errors).decode().strip()
        if await process.wait():
            raise BuildError(text or "The build of Kubernetes ended without a word.")
    finally:
        if process.returncode is None:
            process.terminate()
    return folder


def _minor(program: Path) -> str:
    answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=30, check=False)
    match = re.search(r"v(\d+\.\d+)", answer.stdout)
    return match.group(1) if match else "unknown"
