# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from innergate_sandbox.gateway.expressions import nullables
from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.calls import is_sequence
from innergate_sandbox.gateway.expressions.convert import FLOATS, cast, default
from innergate_sandbox.gateway.expressions.evaluate import Evaluator, Scope
from innergate_sandbox.gateway.expressions.operators import equal, truth
from innergate_sandbox.gateway.expressions.values import ExpressionError, items, null_reference


class Leave:
    """How a statement ended when the next one is not to run: by return, break or continue."""

    def __init__(self, how: str, value: Any = None) -> None:
        """Say how, and the value for a return."""
        self.how, self.value = how, value


_BREAK, _CONTINUE = Leave("break"), Leave("continue")
# A closed list of what a `catch` may catch: everything is an Exception; others by name
_ANY_EXCEPTION = frozenset({"Exception", "SystemException"})


class Executor(Evaluator):
    """Runs statements; returns how a block was left, None when it came to its end."""

    def run(self, block: s.Block, scope: Scope) -> Any:
        """Run the body of a lambda or expression and return what it returns."""
        left = self.execute(block, scope)
        return left.value if left is not None else None

    def execute(self, node: s.Node, scope: Scope) -> Leave | None:
        """Run one statement."""
        self.left -= 1
        if self.left < 0:
            raise ExpressionError("The expression takes too many steps.", "TimeoutException")
        return _RUN[type(node)](self, node, scope)

    def _declare(self, node: s.Declare, scope: Scope) -> None:
        for name, initial in node.variables:
            known = nullables.without(node.type) or (
                nullables.type_of(initial, scope) if node.type.name == "var" else None
            )
            value = default(node.type) if initial is None else self.value(initial, scope)
            scope.nullables.pop(name, None)
            if known:
                scope.nullables[name] = known
            scope.values[name] = cast(value, node.type) if node.type.name in FLOATS and value is not None else value

    def _evaluate(self, node: s.Evaluate, scope: Scope) -> None:
        self.value(node.expression, scope)

    def _block(self, node: s.Block, scope: Scope) -> Leave | None:
        return self._sequence(node.statements, Scope(scope))

    def _sequence(self, statements: Iterable[s.Node], scope: Scope) -> Leave | None:
        """Run statements one after the other until one leaves."""
        for statement in statements:
            left = self.execute(statement, scope)
            if left is not None:
                return left
        return None

    def _choose(self, node: s.If, scope: Scope) -> Leave | None:
        if truth(self.value(node.test, scope)):
            return self.execute(node.then, scope)
        return self.execute(node.otherwise, scope) if node.otherwise else None

    def _for_each(self, node: s.ForEach, scope: Scope) -> Leave | None:
        sequence = self.value(node.items, scope)
        if sequence is None:
            raise null_reference()
        if not is_sequence(sequence):
            raise ExpressionError("foreach cannot operate on this value", "CompilationException")
        for item in items(sequence):
            inner = Scope(scope)
            inner.values[node.variable] = item
            if node.nullable:
                inner.nullables[node.variable] = node.nullable
            left = self.execute(node.body, inner)
            if left is _BREAK:
                break
            if left is not None and left is not _CONTINUE:
                return left
        return None

    def _loop(self, node: s.For, scope: Scope) -> Leave | None:
        inner = Scope(scope)
        self._sequence(node.start, inner)
        first = node.check_last
        while first or node.test is None or truth(self.value(node.test, inner)):
            first = False
            left = self.execute(node.body, inner)
            if left is _BREAK:
                break
            if left is not None and left is not _CONTINUE:
                return left
            for advance in node.advance:
                self.value(advance, inner)
        return None

    def _leave(self, node: s.Return, scope: Scope) -> Leave:
        return Leave("return", self.value(node.value, scope) if node.value else None)

    def _throw_statement(self, node: s.Throw, scope: Scope) -> None:
        if node.value is None:
            caught = scope.find(" caught")
            raise caught.values[" caught"] if caught else ExpressionError("Exception was thrown.")
        self._throw(node, scope)

    def _attempt(self, node: s.Try, scope: Scope) -> Leave | None:
        try:
            left = self.execute(node.body, scope)
        except ExpressionError as error:
            left = self._handle(node, error, scope)
        finally:
            last = self.execute(node.last, scope) if node.last else None
        return last or left

    def _handle(self, node: s.Try, error: ExpressionError, scope: Scope) -> Leave | None:
        """Run the first handler that takes an error; raise it again if none does."""
        for handler in node.handlers:
            fits = handler.type is None or handler.type.name in _ANY_EXCEPTION or handler.type.name == error.kind
            inner = Scope(scope)
            inner.values[" caught"] = error
            if handler.variable:
                inner.values[handler.variable] = error
            if fits and (handler.when is None or truth(self.value(handler.when, inner))):
                return self.execute(handler.body, inner)
        raise error

    def _switch(self, node: s.Switch, scope: Scope) -> Leave | None:
        value = self.value(node.value, scope)
        chosen = None
        for labels, statements in node.sections:
            if any(label is not None and equal(value, self.value(label, scope)) for label in labels):
                chosen = statements
                break
            if None in labels:
                chosen = statements
        left = self._sequence(chosen or (), Scope(scope))
        return None if left is _BREAK else left


_RUN: dict[type, Callable[[Executor, Any, Scope], Leave | None]] = {
    s.Declare: Executor._declare,
    s.Evaluate: Executor._evaluate,
    s.Block: Executor._block,
    s.If: Executor._choose,
    s.ForEach: Executor._for_each,
    s.For: Executor._loop,
    s.Return: Executor._leave,
    s.Throw: Executor._throw_statement,
    s.Try: Executor._attempt,
    s.Switch: Executor._switch,
    s.Break: lambda executor, node, scope: _BREAK,
    s.Continue: lambda executor, node, scope: _CONTINUE,
}
