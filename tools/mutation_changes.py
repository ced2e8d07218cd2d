# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All changes that mutmut would make to the engine, as JSON: run with the Python of the environment C(mutation).

mutmut's own runner collects the tests anew for each change, which takes seconds; its changes are taken as they are, and
C(mutation_trial.py) tries them.
"""

from __future__ import annotations

import ast
import difflib
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


def lines(node: cst.CSTNode, places: Any, parents: Any) -> list[int]:
    """First and last line of what runs if this node does: its statement up to the end of the node.

    Of what is part of a function's head, these are the lines of the function.
    """
    last, part = places[node].end.line, node
    while not isinstance(part, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        part = parents[part]
    if isinstance(part, cst.FunctionDef):
        return [places[part.body].start.line, places[part.body].end.line]
    return [places[part].start.line, last]


def text(function: cst.FunctionDef, classes: list[str]) -> str:
    """The source of a function, in bare classes of these names: in them C(super) means the same."""
    code: str = cst.Module(body=[function.with_changes(decorators=[], leading_lines=[])]).code
    for name in classes:
        code = f"class {name}:\n{textwrap.indent(code, '    ')}"
    return code


def valid(code: str) -> bool:
    """Whether Python can read it."""
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def changes(path: Path, package: str) -> Iterator[dict[str, Any]]:
    """Each change of a module that can be tried.

    C(id), C(module) (to import), C(path), C(function) (its qualified name), C(lines) (first and last that has to run),
    C(code) (the source of the function with the change), C(diff).
    """
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    places, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    numbers: dict[str, int] = {}
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue
        owner = parents.get(parents[function])  # of a method: the class, around its body
        classes = [owner.name.value] if isinstance(owner, cst.ClassDef) else []
        name = ".".join([*classes, function.name.value])
        before = text(function, classes)
        after = text(deep_replace(function, mutation.original_node, mutation.mutated_node), classes)
        if before == after or not valid(after):
            continue
        numbers[name] = numbers.get(name, 0) + 1
        diff = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
        yield {
            "id": f"{path.stem}.{name}.{numbers[name]}",
            "module": f"{package}.{path.stem}",
            "path": str(path.resolve()),
            "function": name,
            "lines": lines(mutation.original_node, places, parents),
            "code": after,
            "diff": "\n".join(list(diff)[2:]),
        }


if __name__ == "__main__":
    folder, dotted = Path(sys.argv[1]), sys.argv[2]
    json.dump([change for file in sorted(folder.glob("*.py")) for change in changes(file, dotted)], sys.stdout)
