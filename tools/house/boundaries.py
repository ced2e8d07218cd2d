# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may import whom: the collection and the sandbox don't know each other, and the engine does nothing but think."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from house.findings import Checkout, Finding

UTILS = "ansible_collections.innergate.azure.plugins.module_utils"
ENGINE = Path("plugins/module_utils/_engine")
#: Modules with which the engine can't reach anything outside of it.
THOUGHT = frozenset(
    [
        "__future__",
        "ast",
        "base64",
        "bisect",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "difflib",
        "datetime",
        "enum",
        "functools",
        "hashlib",
        "html",
        "ipaddress",
        "itertools",
        "json",
        "math",
        "re",
        "string",
        "textwrap",
        "types",
        "typing",
        "unicodedata",
        "urllib.parse",
        "uuid",
        "xml.etree",
        "xml.parsers",
        "yaml",
    ]
)
#: Folder -> what its files may not import, as the beginning of a module's name.
STRANGERS = {
    Path("plugins"): ("innergate_sandbox", "tests", "support", "tools"),
    Path("sandbox"): ("ansible_collections", "ansible", "plugins", "support"),
}
#: What a distribution is called where its modules are called otherwise.
_MODULES = {"PyYAML": ("yaml",), "kubernetes": ("kubernetes", "urllib3", "certifi")}
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Lines and names of all modules that are imported, by statement or by importlib with a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Call) and "import" in ast.unparse(node.func) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value


def is_in(module: str, *packages: str) -> bool:
    """Whether a module (or a name in it) is one of these packages, or in one of them."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def find(checkout: Checkout) -> Iterator[Finding]:
    """Imports across a border."""
    for path in checkout.below(*map(str, STRANGERS), suffixes=(".py",)):
        for line, module in imports(ast.parse(checkout.text(path))):
            for folder, strangers in STRANGERS.items():
                if path.is_relative_to(folder) and is_in(module, *strangers):
                    yield Finding(path, line, f"{folder} does not import {module.partition('.')[0]}")
            if path.is_relative_to(ENGINE) and not is_in(module, f"{UTILS}._engine", *THOUGHT):
                yield Finding(path, line, f"the engine is pure: it does not import {module}")
    yield from _requirements(checkout)


def _requirements(checkout: Checkout) -> Iterator[Finding]:
    """requirements.txt names what the plugins import, and nothing else."""
    path = Path("requirements.txt")
    named = [found[0] for line in checkout.text(path).splitlines() if (found := _NAME.match(line))]
    known = {name: _MODULES.get(name, (name.replace("-", "."),)) for name in named}
    used: set[str] = set()
    for source in checkout.below("plugins", suffixes=(".py",)):
        text = checkout.text(source)
        used |= {name for name, modules in known.items() if any(f'"{module}' in text for module in modules)}
        for line, module in imports(ast.parse(text)):
            # Jinja comes with ansible-core.
            if module.partition(".")[0] in sys.stdlib_module_names | {"ansible", "ansible_collections", "jinja2"}:
                continue
            owners = {name for name, modules in known.items() if is_in(module, *modules)}
            used |= owners
            if not owners:
                yield Finding(source, line, f"{module} is of no distribution that requirements.txt names")
    yield from (Finding(path, 1, f"nothing in plugins imports {name}") for name in named if name not in used)
