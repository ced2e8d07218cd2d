# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment: the build context is complete, and what goes into the image follows from the archive.

No image is built: that takes a container engine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from environments import prepare
from support.artefact import archive, installed
from support.playbook import BIN, ROOT

DEFINITION = ROOT / "execution-environment"
#: What ansible-builder leaves out, because ansible-core brings it.
IN_THE_BASE = ("PyYAML",)
SOURCES = re.compile(r"^COPY (?!--from)(\S+) ", re.MULTILINE)


@pytest.fixture(scope="module")
def builder() -> Path:
    """The program ansible-builder."""
    return prepare("runner", ROOT / "tests/gates/requirements.txt") / "ansible-builder"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the collection."""
    return archive(tmp_path_factory.mktemp("archive"))


def run(builder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(builder.parent), str(BIN), os.environ["PATH"]])
    command = [str(builder), *map(str, words)]
    environment = {**os.environ, "PATH": path, "PYTHONPATH": ""}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def create(builder: Path, package: Path | None, folder: Path) -> subprocess.CompletedProcess[str]:
    """Create a build context of the definition, with the archive beside it."""
    shutil.copytree(DEFINITION, folder / "definition", ignore=shutil.ignore_patterns("*.tar.gz"))
    if package is not None:
        shutil.copy(package, folder / "definition")
    file = folder / "definition" / "execution-environment.yml"
    return run(builder, "create", "-f", file, "-c", folder / "context", "--output-filename", "Containerfile")


def entries(file: str) -> list[str]:
    """The lines of a list of requirements."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def missing(context: Path) -> list[str]:
    """What the build would ask for and not find in its context."""
    sources = SOURCES.findall((context / "Containerfile").read_text(encoding="utf-8"))
    wanted = yaml.safe_load((context / "_build/requirements.yml").read_text(encoding="utf-8"))["collections"]
    files = [f"_build/{entry['name']}" for entry in wanted if entry.get("type") == "file"]
    assert sources and files
    return [name for name in (*sources, *files) if not (context / name).exists()]


def test_the_build_context_is_complete(builder: Path, package: Path, tmp_path: Path) -> None:
    done = create(builder, package, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert missing(tmp_path / "context") == []
    assert (tmp_path / "context/_build/archives" / package.name).read_bytes() == package.read_bytes()


def test_a_context_without_the_archive_is_incomplete(builder: Path, package: Path, tmp_path: Path) -> None:
    assert create(builder, None, tmp_path).returncode == 0
    assert missing(tmp_path / "context") == [f"_build/archives/{package.name}"]


def test_dependencies_are_those_of_the_archive(builder: Path, package: Path, tmp_path: Path) -> None:
    place = installed(package, tmp_path)
    shutil.rmtree(tmp_path / "ansible_collections/kubernetes")
    done = run(builder, "introspect", tmp_path)
    assert done.returncode == 0, done.stderr
    python = [line for line in entries("requirements.txt") if line.split(">")[0] not in IN_THE_BASE]
    found = yaml.safe_load(done.stdout)
    assert found["python"] == [f"{line}  # from collection innergate.azure" for line in python]
    assert found["system"] == [f"{line}  # from collection innergate.azure" for line in entries("bindep.txt")]
    (place / "requirements.txt").unlink()
    again = run(builder, "introspect", tmp_path)
    assert "azure-core" not in again.stdout


def test_collections_are_those_that_galaxy_yml_names() -> None:
    wanted = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"]
    for file in (ROOT / "requirements.yml", DEFINITION / "requirements.yml"):
        named = yaml.safe_load(file.read_text(encoding="utf-8"))["collections"]
        assert {entry["name"]: entry["version"] for entry in named if "version" in entry} == wanted
