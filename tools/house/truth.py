# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions of roles and playbooks read a boolean as one: with C(-e name=false), or from a survey, it is a text.

Ansible holds variables against argument specs without turning them into what the specs say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from house.findings import Checkout, Finding


def find(checkout: Checkout) -> Iterator[Finding]:
    """Booleans of argument specs that a condition takes as they are."""
    names: set[str] = set()
    for path in checkout.below("roles", suffixes=("meta/argument_specs.yml",)):
        for entry in yaml.safe_load(checkout.text(path))["argument_specs"].values():
            names |= set(_booleans(entry.get("options") or {}))
    if not names:
        return
    known = "|".join(sorted(names))
    asked = re.compile(
        rf"(?:\bwhen:|^\s*-|\bnot|\bif|\band|\bor|\()\s*[\"']?(?:\w+\.)*({known})\b"
        rf"|\{{[{{%]\s*(?:\w+\.)*({known})\b(?=[^}}]*\s(?:and|or|if)\s)"
    )
    read = re.compile(r"(?:\s*\|\s*default\([^)]*\))?\s*\|\s*bool\b|:")
    for path in checkout.below("roles", "playbooks", suffixes=(".yml", ".j2")):
        if path.parent.name in ("meta", "defaults"):
            continue
        for number, line in checkout.lines(path):
            for found in asked.finditer(line):
                if not read.match(line, found.end()):
                    yield Finding(path, number, f"{found[1] or found[2]} is read without | bool: it may be a text")


def _booleans(options: Mapping[str, Any]) -> Iterator[str]:
    for name, option in options.items():
        if option.get("type") == "bool":
            yield name
        yield from _booleans(option.get("options") or {})
