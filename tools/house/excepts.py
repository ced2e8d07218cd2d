# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody takes whatever exception there is. ruff lets those pass that log it, and those that call it otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house.findings import Checkout, Finding

BROAD = ("Exception", "BaseException")
#: With these, a handler need not come to the raise at its end.
_LEAVING = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom)


def find(checkout: Checkout) -> Iterator[Finding]:
    """Broad exceptions in handlers, in C(suppress), and under names of their own."""
    for path in checkout.below(suffixes=(".py",)):
        for node in ast.walk(ast.parse(checkout.text(path))):
            if name := next(filter(None, map(_broad, _taken(node))), ""):
                yield Finding(path, getattr(node, "lineno", 1), f"{name} is every exception: name those that are meant")


def _taken(node: ast.AST) -> Iterator[ast.AST]:
    """What a node takes exceptions by, or may give to one that does."""
    if isinstance(node, ast.ExceptHandler):
        if node.type and not _hands_on(node):
            yield node.type
    elif isinstance(node, ast.Call):
        if ast.unparse(node.func).rpartition(".")[2] == "suppress":
            yield from node.args
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        if node.value:
            yield node.value
    elif isinstance(node, ast.ImportFrom) and node.module == "builtins":
        yield from (ast.Name(name.name) for name in node.names)


def _hands_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tidies up, and raises again what it took."""
    last = handler.body[-1]
    inside = (node for statement in handler.body for node in ast.walk(statement))
    return isinstance(last, ast.Raise) and last.exc is None and not any(isinstance(node, _LEAVING) for node in inside)


def _broad(tree: ast.AST) -> str:
    """The broad exception that an expression names, by itself or among others; "" for none."""
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in BROAD:
            return name
    return ""
