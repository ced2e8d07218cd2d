# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says to work with is what was run: the oldest and the newest of tools/matrix.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tomllib
import yaml

from house.findings import Checkout, Finding

MATRIX = Path("tools/matrix.json")
REQUIREMENTS, SYSTEM = Path("requirements.txt"), Path("bindep.txt")
IMAGE = Path("execution-environment/execution-environment.yml")
#: Files that ask for the collection beside this one.
GALAXY, COLLECTIONS = Path("galaxy.yml"), (Path("requirements.yml"), Path("execution-environment/requirements.yml"))
BESIDE = "kubernetes.core"
RUNTIME, SANDBOX = Path("meta/runtime.yml"), Path("sandbox/pyproject.toml")
#: What of the system the collection needs: no plugin runs a program.
NEEDED = ["python3 [platform:rpm platform:dpkg]"]
#: Distributions of which a new major version may take away what is called here.
BOUNDED = ("azure-mgmt-apimanagement", "azure-mgmt-network")
_REQUIREMENT = re.compile(r"(?P<name>[\w-]+)>=(?P<lowest>[\d.]+)(?:,<(?P<limit>[\d.]+))?$")
_CORE = re.compile(r"ansible-core>=(?P<lowest>[\d.]+),<(?P<limit>[\d.]+)$")
_PYTHON = re.compile(r"\bPython (\d+\.\d+) or later\b")

Version = tuple[int, ...]


@dataclass(frozen=True)
class Tested:
    """The versions with which the tests passed: C(name -> all of them), with C(python) and C(ansible-core)."""

    versions: dict[str, list[Version]]

    @classmethod
    def of(cls, text: str) -> Tested:
        """What the rows of the matrix say."""
        found: dict[str, list[Version]] = {}
        for row in json.loads(text):
            if row["outcome"] == "passed":
                for name, version in {**row["versions"], "python": row["python"]}.items():
                    found.setdefault(name, []).append(version_of(version))
        return cls({name: sorted(versions) for name, versions in found.items()})

    def oldest(self, name: str) -> Version:
        """The oldest one."""
        return self.versions[name][0]

    def limit(self, name: str, size: int) -> Version:
        """The first version that is newer than the newest one in its first C(size) numbers."""
        *first, last = self.versions[name][-1][:size]
        return (*first, last + 1)


def version_of(text: str) -> Version:
    """The numbers of a version."""
    return tuple(int(number) for number in text.split("."))


def find(checkout: Checkout) -> Iterator[Finding]:
    """Bounds that were not tested."""
    if MATRIX not in checkout.files:
        return
    tested = Tested.of(checkout.text(MATRIX))
    lines = [line for line in checkout.text(REQUIREMENTS).splitlines() if line and not line.startswith("#")]
    yield from _requirements(REQUIREMENTS, lines, tested)
    project = tomllib.loads(checkout.text(SANDBOX))["project"]
    named = [line for line in project["dependencies"] if line.startswith(BOUNDED)]
    yield from _requirements(SANDBOX, named, tested)
    yield from _ansible_core(checkout, tested)
    yield from _collection(checkout, tested)
    python, system = ".".join(map(str, tested.oldest("python"))), checkout.text(SYSTEM)
    if [line for line in system.splitlines() if line and not line.startswith("#")] != NEEDED:
        yield Finding(SYSTEM, 1, f"of the system is needed: {', '.join(NEEDED)}")
    if _PYTHON.findall(system) != [python]:
        yield Finding(SYSTEM, 1, f"the oldest Python that was tested is {python}")
    if project["requires-python"] != f">={python}":
        yield Finding(SANDBOX, 1, f"the oldest Python that was tested is {python}")


def _requirements(path: Path, lines: list[str], tested: Tested) -> Iterator[Finding]:
    for line in lines:
        found = _REQUIREMENT.match(line)
        name = found["name"].lower() if found else line
        if found is None or (name in BOUNDED and not found["limit"]):
            yield Finding(path, 1, f"{line}: from where to where?")
        elif name not in tested.versions:
            yield Finding(path, 1, f"{name} is not among what was tested")
        else:
            if (lowest := version_of(found["lowest"])) != tested.oldest(name):
                yield Finding(path, 1, f"{name} {lowest} is not the oldest that was tested, {tested.oldest(name)}")
            if found["limit"] and (limit := version_of(found["limit"])) != tested.limit(name, 1):
                yield Finding(path, 1, f"{name} <{limit}: what was tested ends before {tested.limit(name, 1)}")


def _ansible_core(checkout: Checkout, tested: Tested) -> Iterator[Finding]:
    """The image gets what was tested, and no older one than the collection asks for."""
    oldest = tested.oldest("ansible-core")[:2]
    said = yaml.safe_load(checkout.text(IMAGE))["dependencies"]["ansible_core"]["package_pip"]
    found = _CORE.match(said)
    if found is None or version_of(found["lowest"]) != oldest:
        yield Finding(IMAGE, 1, f"{said}: the oldest ansible-core that was tested is {oldest}")
    elif version_of(found["limit"]) != (limit := tested.limit("ansible-core", 2)):
        yield Finding(IMAGE, 1, f"{said}: what was tested ends before {limit}")
    wanted = yaml.safe_load(checkout.text(RUNTIME))["requires_ansible"]
    if wanted != f">={'.'.join(map(str, oldest))}.0":
        yield Finding(RUNTIME, 1, f"{wanted}: the oldest ansible-core that was tested is {oldest}")


def _collection(checkout: Checkout, tested: Tested) -> Iterator[Finding]:
    """The collection beside this one, wherever it is asked for."""
    lowest, limit = (".".join(map(str, found)) for found in (tested.oldest(BESIDE), tested.limit(BESIDE, 1)))
    asked = {GALAXY: yaml.safe_load(checkout.text(GALAXY))["dependencies"].get(BESIDE)}
    for path in COLLECTIONS:
        entries = yaml.safe_load(checkout.text(path))["collections"]
        asked[path] = next((entry.get("version") for entry in entries if entry["name"] == BESIDE), None)
    for path, wanted in asked.items():
        if wanted != f">={lowest},<{limit}":
            yield Finding(path, 1, f"{BESIDE} {wanted}: what was tested is >={lowest},<{limit}")
