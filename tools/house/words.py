# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read leads somewhere, is true of the roles, and says nothing of the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from house.findings import Checkout, Finding

_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+\s+(?P<text>.*?)\s*$", re.MULTILINE)
GUIDES = "docs/docsite/rst"
#: Blocks of code in guides. The first kind is linted and run by the tests; a block of another name would be neither.
BLOCKS = ("yaml+jinja", "console", "text")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Dead links, folders of this machine, variables that no role has, defaults that the specification contradicts."""
    for path in checkout.below(suffixes=(".md",)):
        yield from _links(checkout, path)
    machine = [f"{folder}/" for folder in (checkout.root, Path.home())]
    for path in checkout.files:
        for number, line in checkout.lines(path):
            yield from (
                Finding(path, number, f"{name} is a folder of this machine") for name in machine if name in line
            )
    roles = {path.parts[1]: path for path in checkout.below("roles", suffixes=("meta/argument_specs.yml",))}
    yield from _guides(checkout, roles)
    for role, path in roles.items():
        yield from _defaults(checkout, role, path)


def _links(checkout: Checkout, path: Path) -> Iterator[Finding]:
    for number, line in checkout.lines(path):
        for link in _LINK.finditer(line):
            target, _hash, anchor = link["target"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            there = (checkout.root / path.parent / unquote(target)).resolve() if target else checkout.root / path
            if not there.exists():
                yield Finding(path, number, f"the link to {link['target']} leads nowhere")
            elif anchor and there.suffix == ".md" and anchor not in _anchors(there.read_text(encoding="utf-8")):
                yield Finding(path, number, f"there is no heading for {link['target']}")


def _anchors(text: str) -> set[str]:
    """How headings are called in links (GitHub's way)."""
    headings = (re.sub(r"[^\w\- ]", "", found["text"].lower()) for found in _HEADING.finditer(text))
    return {heading.replace(" ", "-") for heading in headings}


def _specification(checkout: Checkout, path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(checkout.text(path))["argument_specs"]
    return {name: option for entry in loaded.values() for name, option in (entry.get("options") or {}).items()}


def _guides(checkout: Checkout, roles: dict[str, Path]) -> Iterator[Finding]:
    """Variables of roles in the guides are options of those roles."""
    options = {name for path in roles.values() for name in _specification(checkout, path)}
    results = {name for role in roles for name in (role, f"{role}_result")}
    for path in checkout.below(GUIDES, suffixes=(".rst",)):
        for number, line in checkout.lines(path):
            block = re.match(r"\s*\.\. (?:code-block|code|sourcecode|highlight)::\s*(\S*)", line)
            if block and block[1] not in BLOCKS:
                yield Finding(path, number, f"code of the kind {block[1]!r} is not tested: use {' or '.join(BLOCKS)}")
            for found in re.finditer(r"``([a-z0-9_]+)``|^\s+([a-z0-9_]+):", line):
                name = found[1] or found[2]
                if any(name.startswith(f"{role}_") for role in roles) and name not in options | results:
                    yield Finding(path, number, f"no role has a variable {name}")


def _defaults(checkout: Checkout, role: str, path: Path) -> Iterator[Finding]:
    """What an argument specification says of defaults is what the role does."""
    file = Path("roles") / role / "defaults" / "main.yml"
    if file not in checkout.files:  # a role that only checks
        return
    real = yaml.safe_load(checkout.text(file)) or {}
    said = _specification(checkout, path)
    for name, option in said.items():
        if "default" in option and name in real and option["default"] != real[name] and "{{" not in str(real[name]):
            yield Finding(path, 1, f"{name}: the default is {real[name]!r}, not {option['default']!r}")
        if "default" in option and name not in real:
            yield Finding(path, 1, f"{name}: {file} does not set the default {option['default']!r}")
        if option.get("required") and name in real:
            yield Finding(path, 1, f"{name} is required, but has a default")
    yield from (Finding(file, 1, f"{name} is no option of the role") for name in real if name not in said)
