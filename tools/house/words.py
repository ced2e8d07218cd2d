# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read is true of the roles, and says nothing of the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from house.findings import Checkout, Finding

GUIDES = "docs/docsite/rst"
#: Blocks of code in guides. The first kind is linted and run by the tests; a block of another name would be neither.
BLOCKS = ("yaml+jinja", "console", "text")
#: Folders of a role in which its options are used.
USING = ("tasks", "templates", "vars", "handlers")
#: The role whose options are the variables that playbooks read.
OF_PLAYBOOKS = "environment"


def find(checkout: Checkout) -> Iterator[Finding]:
    """Folders of this machine, variables that no role has or uses, defaults that the specification contradicts."""
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
    yield from _unused(checkout, roles)


def _unused(checkout: Checkout, roles: dict[str, Path]) -> Iterator[Finding]:
    """Options that are taken and do nothing.

    One of a role stands in its tasks, templates or variables; one of the role that checks what playbooks read stands in
    a playbook, or is one of another role, to which playbooks leave it. One within an option stands in any of them or is
    a key in the code of a plugin, for lists of items are handed on as they are.
    """
    own = {
        role: checkout.below("playbooks", suffixes=(".yml", ".j2"))
        if role == OF_PLAYBOOKS
        else checkout.below(*(f"roles/{role}/{folder}" for folder in USING))
        for role in roles
    }
    words = {role: set(re.findall(r"\w+", _code(checkout, paths))) for role, paths in own.items()}
    if OF_PLAYBOOKS in roles:
        words[OF_PLAYBOOKS] |= {
            name for role, path in roles.items() if role != OF_PLAYBOOKS for name in _specification(checkout, path)
        }
    plugins = "".join(map(checkout.text, checkout.below("plugins", suffixes=(".py",))))
    anywhere = set(re.findall(r"""["'](\w+)["']""", plugins)).union(*words.values())
    for role, path in roles.items():
        options = _specification(checkout, path)
        yield from (Finding(path, 1, f"nothing uses {name}") for name in options if name not in words[role])
        yield from (
            Finding(path, 1, f"nothing uses {name}") for name in _within(options) if name.split(".")[-1] not in anywhere
        )


def _code(checkout: Checkout, paths: list[Path]) -> str:
    """What stands in the files but for lines that are comments."""
    lines = (line for path in paths for dummy, line in checkout.lines(path))
    return "".join(f"{line}\n" for line in lines if not line.lstrip().startswith("#"))


def _within(options: dict[str, Any]) -> Iterator[str]:
    """The options within options, as C(calls.path)."""
    for name, option in options.items():
        inner = option.get("options") or {}
        yield from (f"{name}.{key}" for key in inner)
        yield from (f"{name}.{deeper}" for deeper in _within(inner))


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
        # An empty text stands for nothing, as omit does.
        if "default" not in option and real.get(name, "") != "" and "{{" not in str(real[name]):
            yield Finding(path, 1, f"{name}: {file} sets the default {real[name]!r}, of which nothing is said")
        if option.get("required") and name in real:
            yield Finding(path, 1, f"{name} is required, but has a default")
    yield from (Finding(file, 1, f"{name} is no option of the role") for name in real if name not in said)
