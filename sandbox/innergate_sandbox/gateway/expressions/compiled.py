# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An expression of a policy, parsed once and evaluated for each call."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.expressions import library
from innergate_sandbox.gateway.expressions.calls import invoke
from innergate_sandbox.gateway.expressions.evaluate import Scope
from innergate_sandbox.gateway.expressions.execute import Executor
from innergate_sandbox.gateway.expressions.library.context import Context
from innergate_sandbox.gateway.expressions.parse_statement import parse
from innergate_sandbox.gateway.expressions.syntax import Block, Node
from innergate_sandbox.gateway.expressions.tokens import SyntaxProblem
from innergate_sandbox.gateway.expressions.values import ExpressionError

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

__all__ = ["Expression", "ExpressionError"]

library.load()
_BODY = re.compile(r"\bBody\b")


@dataclass(frozen=True, eq=False)
class Expression:
    """One expression. tree is None when the code could not be parsed; then problem says why, at every evaluation.

    reads_body: the message bodies have to be in memory before it is evaluated.
    """

    code: str
    tree: Node | None
    problem: str = ""
    reads_body: bool = False

    @classmethod
    def of(cls, code: str) -> Expression:
        """Parse `@(...)` or `@{...}`.

        Documents whose C# has XML's escapes (`&lt;`, `&amp;&amp;`) are common: what is no C# is tried again without.
        """
        problem = ""
        for text in (code, html.unescape(code)):
            try:
                return cls(text, parse(text), reads_body=bool(_BODY.search(text)))
            except SyntaxProblem as error:
                problem = problem or str(error)
        return cls(code, None, problem)

    def evaluate(self, x: Exchange) -> Any:
        """Return the value for a call; an ExpressionError if there is none."""
        if self.tree is None:
            raise ExpressionError(f"The expression is not understood: {self.problem}", "CompilationException")
        scope = Scope()
        scope.values["context"] = Context(x)
        executor = Executor()
        return invoke(executor.run if isinstance(self.tree, Block) else executor.value, self.tree, scope)
