# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops of a role call what they are over by a name of the role, never C(item).

Whoever includes a role in a loop hands it C({{ item }}), which Ansible evaluates where the role uses it: in a loop of
the role over items of its own, that would be one of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from house.findings import Checkout, Finding

#: Keys of a task that make it a loop.
_LOOP = re.compile(r"loop|with_\w+")
#: What a loop gives names to, and how they are called if it does not; empty for none.
_NAMES = {"loop_var": "item", "index_var": ""}


def find(checkout: Checkout) -> Iterator[Finding]:
    """Loops in roles whose variables may be those of whoever includes the role."""
    for path in checkout.below("roles", suffixes=(".yml",)):
        if path.parts[2] not in ("tasks", "handlers"):
            continue
        own = f"{path.parts[1]}_"
        for task in _mappings(yaml.compose(checkout.text(path))):
            line = next((key.start_mark.line + 1 for key, dummy in task.value if _LOOP.fullmatch(str(key.value))), 0)
            control = next((value for key, value in task.value if key.value == "loop_control"), None)
            names = {key.value: str(value.value) for key, value in (control.value if control else ())}
            for name, usual in _NAMES.items() if line else ():
                if (called := names.get(name, usual)) and not called.startswith(own):
                    yield Finding(path, line, f"the {name} of a loop is {called}: it has to begin with {own}")


def _mappings(node: Any) -> Iterator[yaml.MappingNode]:
    """All mappings in a document, at any depth."""
    if isinstance(node, yaml.MappingNode):
        yield node
        for dummy, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value)
