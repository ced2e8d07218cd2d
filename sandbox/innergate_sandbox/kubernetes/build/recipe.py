# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the control plane is built from: the Go module without Go code, its programs and compiler flags.

The module (go.mod and go.sum, pinned) lives in tools/kubernetes of a checkout and is part of this package as
`module/`. Another folder with the two files can be named by INNERGATE_KUBERNETES_MODULE.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.failures import StartFailed

MODULE_VARIABLE = "INNERGATE_KUBERNETES_MODULE"
CACHE_VARIABLE = "INNERGATE_CACHE"

# Program -> Go package, in the order in which they share most of what is compiled. The lone etcd comes first: it is
# the quickest, so that a machine without network or compiler says so after seconds and not after minutes.
PROGRAMS: dict[str, str] = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
}


class RecipeError(StartFailed):
    """The Go module of the control plane is missing or not what it should be."""


@dataclass(frozen=True)
class Recipe:
    """The pinned Go module of the control plane."""

    folder: Path

    @property
    def go_mod(self) -> bytes:
        """Content of go.mod."""
        return (self.folder / "go.mod").read_bytes()

    @property
    def go_sum(self) -> bytes:
        """Content of go.sum."""
        return (self.folder / "go.sum").read_bytes()

    @property
    def version(self) -> str:
        """Version of Kubernetes, such as v1.36.3."""
        return self._find(r"^(?:require )?\s*k8s\.io/kubernetes (v\S+)")

    @property
    def go_version(self) -> tuple[int, ...]:
        """Lowest Go version that the module accepts, such as (1, 26, 0)."""
        return tuple(int(part) for part in self._find(r"^go (\d+(?:\.\d+)*)$").split("."))

    @property
    def flags(self) -> list[str]:
        """Flags of `go build`. Without the version the server reports v0.0.0-master and clients misbehave."""
        major, minor = self.version.lstrip("v").split(".")[:2]
        package = "k8s.io/component-base/version"
        link = [
            "-s",
            "-w",
            f"-X {package}.gitVersion={self.version}",
            f"-X {package}.gitMajor={major}",
            f"-X {package}.gitMinor={minor}",
        ]
        return ["-trimpath", "-ldflags=" + " ".join(link)]

    @property
    def digest(self) -> str:
        """Names the finished build: changes with every byte of go.mod and go.sum and with the flags."""
        content = hashlib.sha256()
        for part in (self.go_mod, self.go_sum, "\n".join([*self.flags, *PROGRAMS.values()]).encode()):
            content.update(len(part).to_bytes(8, "big") + part)
        return content.hexdigest()[:20]

    def _find(self, pattern: str) -> str:
        match = re.search(pattern, self.go_mod.decode(), re.MULTILINE)
        if match is None:
            raise RecipeError(f"{self.folder / 'go.mod'} has no line like {pattern}")
        return match.group(1)


def find_recipe(environment: Mapping[str, str] | None = None) -> Recipe:
    """The Go module: where INNERGATE_KUBERNETES_MODULE says, else the one of this package or checkout."""
    environment = os.environ if environment is None else environment
    named = environment.get(MODULE_VARIABLE)
    here = Path(__file__).resolve()
    folders = [Path(named)] if named else [here.parents[1] / "module", here.parents[4] / "tools" / "kubernetes"]
    for folder in folders:
        if (folder / "go.mod").is_file() and (folder / "go.sum").is_file():
            return Recipe(folder)
    tried = " and ".join(str(folder) for folder in folders)
    raise RecipeError(
        f"No go.mod and go.sum of the control plane in {tried}. Set {MODULE_VARIABLE} to a folder that has them."
    )


def cache_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where builds and the private Go toolchain are kept: INNERGATE_CACHE, else innergate/ in the user's cache."""
    environment = os.environ if environment is None else environment
    named = environment.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "innergate"


def build_folder(recipe: Recipe, environment: Mapping[str, str] | None = None) -> Path:
    """Where the finished programs of this recipe are, or will be."""
    environment = os.environ if environment is None else environment
    return cache_folder(environment) / "kubernetes" / recipe.digest


def complete(folder: Path) -> bool:
    """Whether all programs are in the folder and can be run."""
    return all(os.access(folder / name, os.X_OK) for name in PROGRAMS)
