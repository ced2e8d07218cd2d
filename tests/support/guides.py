# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the guides: their YAML, and the texts that they quote."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import Any

import yaml

from support.playbook import ROOT

GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
_BLOCK = re.compile(r"^\.\. code-block:: yaml\+jinja\n\n((?:    .*\n|\n)+)", re.MULTILINE)


def blocks() -> list[Any]:
    """Every YAML block of every guide, read."""
    return [
        yaml.safe_load(textwrap.dedent(block))
        for guide in GUIDES
        for block in _BLOCK.findall(guide.read_text(encoding="utf-8") + "\n")
    ]


def plays() -> list[tuple[str, dict[str, Any]]]:
    """Every play of every guide, with a name that tells which it is."""
    return [(play["name"], play) for block in blocks() if isinstance(block, list) for play in block]


def text_of_plugins() -> str:
    """All texts in the code of the plugins, in one piece even where they stand on several lines."""
    found = []
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
                found.append("".join(map(str, parts)))
    return "\n".join(found)
