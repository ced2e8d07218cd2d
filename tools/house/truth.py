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

#: Keys of tasks whose values are expressions as a whole.
CONDITIONS = ("when", "until", "changed_when", "failed_when", "that", "break_when")
_EXPRESSION = re.compile(r"{{(.*?)}}|{%(.*?)%}", re.DOTALL)
#: An expression that is nothing but a variable hands it on, to a module that knows what it should be.
_HANDED_ON = re.compile(r"\s*[\w.]+(?:\s*\|\s*default\([^)]*\))?\s*")
_AS_ONE = re.compile(r"(?:\s*\|\s*default\([^)]*\))?\s*\|\s*bool\b|\s*[:=]")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Booleans of argument specs that an expression takes as they are, other than to hand them on."""
    names: set[str] = set()
    for path in checkout.below("roles", suffixes=("meta/argument_specs.yml",)):
        for entry in yaml.safe_load(checkout.text(path))["argument_specs"].values():
            names |= set(_booleans(entry.get("options") or {}))
    for path in checkout.below("roles", "playbooks", suffixes=(".yml", ".j2")) if names else ():
        if path.parent.name == "meta":
            continue
        text = checkout.text(path)
        found = list(_of_task(yaml.safe_load(text))) if path.suffix == ".yml" else _in_braces(text)
        for name in sorted(names):
            if any(_is_bare(name, expression) for expression in found):
                line = next((n for n, line in checkout.lines(path) if _is_bare(name, line)), 1)
                yield Finding(path, line, f"{name} is read without | bool: it may be a text")


def _booleans(options: Mapping[str, Any]) -> Iterator[str]:
    for name, option in options.items():
        if option.get("type") == "bool":
            yield name
        yield from _booleans(option.get("options") or {})


def _of_task(value: Any, *, condition: bool = False) -> Iterator[str]:
    """The expressions in what a file of YAML holds."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _of_task(inner, condition=key in CONDITIONS)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_task(inner, condition=condition)
    elif isinstance(value, str):
        yield from [value] if condition else _in_braces(value)


def _in_braces(text: str) -> list[str]:
    found = [first or second for first, second in _EXPRESSION.findall(text)]
    return [expression for expression in found if not _HANDED_ON.fullmatch(expression)]


def _is_bare(name: str, expression: str) -> bool:
    """Whether an expression asks for the truth of a variable, an attribute or a key of this name."""
    asked = rf"(?<![\w'\"]){name}(?![\w'\"])|\[['\"]{name}['\"]\]|\b(?:select|reject)attr\(['\"]{name}['\"]\)"
    return any(not _AS_ONE.match(expression, found.end()) for found in re.finditer(asked, expression))
