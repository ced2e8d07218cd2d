# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of modules, read from their files without importing them."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "plugins" / "modules"
ACTIONS = ROOT / "plugins" / "action"
FRAGMENTS = ROOT / "plugins" / "doc_fragments"
RESOURCES = ROOT / "plugins" / "module_utils" / "_resources"

HEADER = """# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""


@dataclass(frozen=True)
class Module:
    """The three documents of a module."""

    name: str
    documentation: dict[str, Any]
    examples: list[dict[str, Any]]
    returned: dict[str, Any]


def _strings(path: Path) -> dict[str, str]:
    """String constants that a file assigns, at its top or in a class, by name."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node.value.value
    return found


@cache
def module(name: str) -> Module:
    """The module of that name."""
    texts = _strings(MODULES / f"{name}.py")
    return Module(
        name,
        yaml.safe_load(texts["DOCUMENTATION"]),
        yaml.safe_load(texts["EXAMPLES"]) or [],
        yaml.safe_load(texts["RETURN"]) or {},
    )


def reach_plugins() -> None:
    """Make the plugins importable: below the collection tree only."""
    tree = str(ROOT / ".venv" / "tree")
    if tree not in sys.path:
        sys.path.insert(0, tree)


@cache
def version() -> str:
    """The version of the collection."""
    return str(yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def module_names() -> list[str]:
    """All modules, those of the generated info modules included."""
    return sorted(path.stem for path in MODULES.glob("[a-z]*.py"))


def resource_names() -> list[str]:
    """All declared resource types."""
    return sorted(path.stem for path in RESOURCES.glob("[a-z]*.py"))


@cache
def fragment_options(reference: str) -> dict[str, Any]:
    """The options of a documentation fragment, C(innergate.azure._scope.service) for example."""
    file, dummy, name = reference.removeprefix("innergate.azure.").partition(".")
    path = FRAGMENTS / f"{file}.py"
    if not path.is_file():
        return {}
    text = _strings(path)[name.upper() or "DOCUMENTATION"]
    options = yaml.safe_load(text).get("options", {})
    assert isinstance(options, dict)
    return options


def options(name: str) -> dict[str, Any]:
    """All options of a module; its own win over those of fragments."""
    documentation = module(name).documentation
    merged: dict[str, Any] = {}
    for reference in documentation.get("extends_documentation_fragment", []):
        merged.update(fragment_options(reference))
    merged.update(documentation.get("options", {}))
    return merged


class _Dumper(yaml.SafeDumper):  # type: ignore[misc,unused-ignore]
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def dump(value: Any) -> str:
    """YAML as people write it: lists indented, order kept, no anchors."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=116, allow_unicode=True)
    assert isinstance(text, str)
    return text
