# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking the tree of an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innergate_sandbox.gateway.expressions import nullables
from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.calls import (
    call_method,
    index,
    invoke,
    read_member,
    write_index,
    write_member,
)
from innergate_sandbox.gateway.expressions.convert import cast, default, is_instance
from innergate_sandbox.gateway.expressions.format import format_value, pad
from innergate_sandbox.gateway.expressions.members import NAMESPACES, Namespace, TypeReference, find_type
from innergate_sandbox.gateway.expressions.operators import BINARY, equal, next_char, truth, unary
from innergate_sandbox.gateway.expressions.values import ExpressionError, Record, Reference, bounded, null_reference

BUDGET = 400_000
"""Steps after which an expression is stopped; nothing sensible comes near, an endless loop does at once."""


class Scope:
    """The variables of a block, and the blocks around it. nullables: T of the variables that were declared as `T?`."""

    __slots__ = ("nullables", "outer", "values")

    def __init__(self, outer: Scope | None = None) -> None:
        """Begin without variables."""
        self.values: dict[str, Any] = {}
        self.nullables: dict[str, s.TypeName] = {}
        self.outer = outer

    def find(self, name: str) -> Scope | None:
        """Return the innermost scope that has a variable."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values:
            scope = scope.outer
        return scope


class CutShort(Exception):
    """A `?.` met null: the whole chain it stands in is null."""


class Evaluator:
    """Evaluates expressions; `execute` adds the statements."""

    def __init__(self) -> None:
        """Begin with the whole budget."""
        self.left = BUDGET

    def value(self, node: s.Node, scope: Scope) -> Any:
        """Return the value of an expression."""
        self.left -= 1
        if self.left < 0:
            raise ExpressionError("The expression takes too many steps.", "TimeoutException")
        return _VISIT[type(node)](self, node, scope)

    def _literal(self, node: s.Literal, scope: Scope) -> Any:
        return node.value

    def _interpolation(self, node: s.Interpolation, scope: Scope) -> str:
        parts = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
            else:
                parts.append(pad(format_value(self.value(part[0], scope), part[1]), part[2]))
        return "".join(parts)

    def _name(self, node: s.Name, scope: Scope) -> Any:
        found = scope.find(node.name)
        if found is not None:
            return found.values[node.name]
        kind = find_type(node.name)
        if kind:
            return TypeReference(s.TypeName(node.name), kind)
        if node.name in NAMESPACES:
            return Namespace()
        message = f"The name '{node.name}' does not exist in the current context"
        raise ExpressionError(message, "CompilationException")

    def _type(self, node: s.TypeExpression, scope: Scope) -> Any:
        kind = find_type(node.type.name)
        if kind is None:
            raise ExpressionError(f"The type or namespace name '{node.type.name}' could not be found")
        return TypeReference(node.type, kind)

    def _member(self, node: s.Member, scope: Scope) -> Any:
        target = self.value(node.target, scope)
        if target is None and node.conditional:
            raise CutShort
        if nullables.has_property(target, node.name, nullables.type_of(node.target, scope)):
            return nullables.read(target, node.name)
        return read_member(target, node.name)

    def _index(self, node: s.Index, scope: Scope) -> Any:
        target = self.value(node.target, scope)
        if target is None and node.conditional:
            raise CutShort
        return index(target, [self.value(argument, scope) for argument in node.arguments])

    def _chain(self, node: s.Chain, scope: Scope) -> Any:
        try:
            return self.value(node.inner, scope)
        except CutShort:
            return None

    def _call(self, node: s.Call, scope: Scope) -> Any:
        target = node.target
        if isinstance(target, s.Member):
            owner = self.value(target.target, scope)
            if owner is None and target.conditional:
                raise CutShort
            positional, named, outs = self._arguments(node.arguments, scope)
            known = nullables.type_of(target.target, scope)
            if nullables.has_method(owner, target.name, known, len(positional)):
                result = nullables.call(owner, target.name, known, positional)
            else:
                result = call_method(owner, target.name, positional, named, node.types)
        else:
            function = self.value(target, scope)
            if function is None:
                raise null_reference()
            positional, dummy, outs = self._arguments(node.arguments, scope)
            if not callable(function):
                raise ExpressionError("Method name expected", "CompilationException")
            result = function(*positional)
        for name, reference in outs:
            (scope.find(name) or scope).values[name] = reference.value
        return result

    def _arguments(
        self, arguments: tuple[s.Argument, ...], scope: Scope
    ) -> tuple[list[Any], dict[str, Any], list[tuple[str, Reference]]]:
        """Return positional values, named values, and the references for `out` arguments."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        outs: list[tuple[str, Reference]] = []
        for argument in arguments:
            if argument.value is None:
                reference = Reference()
                outs.append((argument.out, reference))
                value: Any = reference
            else:
                value = self.value(argument.value, scope)
            if argument.name:
                named["".join(f"_{c.lower()}" if c.isupper() else c for c in argument.name)] = value
            else:
                positional.append(value)
        return positional, named, outs

    def _new(self, node: s.New, scope: Scope) -> Any:
        wanted = node.type
        if wanted.arrays:
            if node.initial is not None:
                return [self.value(item, scope) for item in node.initial]
            length = self.value(node.length, scope) if node.length else 0
            inner = s.TypeName(wanted.name, wanted.arguments, wanted.arrays - 1)
            return [default(inner)] * bounded(int(length))
        if wanted.nullable:
            return self._arguments(node.arguments, scope)[0][0] if node.arguments else None
        kind = find_type(wanted.name)
        if kind is None or kind.constructor is None:
            raise ExpressionError(f"The type or namespace name '{wanted.name}' could not be found")
        positional, named, dummy = self._arguments(node.arguments, scope)
        made = invoke(kind.constructor, *positional, **named)
        for item in node.initial or ():
            if node.keyed:
                key, value = (self.value(part, scope) for part in item)
                if kind.set_property:
                    write_member(made, key, value)
                else:
                    write_index(made, [key], value)
            else:
                call_method(made, "Add", [self.value(item, scope)], {}, ())
        return made

    def _anonymous(self, node: s.Anonymous, scope: Scope) -> Record:
        return Record((name, self.value(value, scope)) for name, value in node.members)

    def _unary(self, node: s.Unary, scope: Scope) -> Any:
        return unary(node.operator, self.value(node.operand, scope))

    def _step(self, node: s.Step, scope: Scope) -> Any:
        before = self.value(node.target, scope)
        after = next_char(before, node.delta)
        self._store(node.target, after, scope)
        return after if node.prefix else before

    def _binary(self, node: s.Binary, scope: Scope) -> Any:
        operator = node.operator
        left = self.value(node.left, scope)
        if operator == "??":
            return left if left is not None else self.value(node.right, scope)
        if operator == "&&":
            return truth(left) and truth(self.value(node.right, scope))
        if operator == "||":
            return truth(left) or truth(self.value(node.right, scope))
        try:
            return BINARY[operator](left, self.value(node.right, scope))
        except (TypeError, ValueError, OverflowError) as error:
            message = f"Operator '{operator}' cannot be applied to these operands"
            raise ExpressionError(message, "CompilationException") from error

    def _conditional(self, node: s.Conditional, scope: Scope) -> Any:
        return self.value(node.yes if truth(self.value(node.test, scope)) else node.no, scope)

    def _cast(self, node: s.Cast, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if node.soft:
            return value if is_instance(value, node.type) else None
        if value is None and not node.type.nullable and nullables.type_of(node.operand, scope):
            raise nullables.no_value()
        return cast(value, node.type)

    def _is_test(self, node: s.Is, scope: Scope) -> bool:
        value = self.value(node.operand, scope)
        if node.type is None:
            found = equal(value, self.value(node.value, scope)) if node.value else False
        else:
            found = is_instance(value, node.type)
        if found and node.binding:
            scope.values[node.binding] = value
        return found != node.negated

    def _function(self, node: s.Lambda, scope: Scope) -> Callable[..., Any]:
        def function(*values: Any) -> Any:
            inner = Scope(scope)
            inner.values.update(zip(node.parameters, values, strict=False))
            if isinstance(node.body, s.Block):
                return self.run(node.body, inner)
            return self.value(node.body, inner)

        return function

    def run(self, block: s.Block, scope: Scope) -> Any:
        """Run the body of a lambda or expression and return what it returns."""
        raise ExpressionError("Statements are not allowed here.", "CompilationException")

    def _assign(self, node: s.Assign, scope: Scope) -> Any:
        if node.operator == "??":
            before = self.value(node.target, scope)
            value = before if before is not None else self.value(node.value, scope)
        elif node.operator:
            value = self._binary(s.Binary(node.operator, node.target, node.value), scope)
        else:
            value = self.value(node.value, scope)
        self._store(node.target, value, scope)
        return value

    def _throw(self, node: s.Throw, scope: Scope) -> Any:
        value = self.value(node.value, scope) if node.value else None
        raise value if isinstance(value, ExpressionError) else ExpressionError("Exception was thrown.")

    def _store(self, target: s.Node, value: Any, scope: Scope) -> None:
        """Assign to a variable, an element or a property."""
        if isinstance(target, s.Name):
            (scope.find(target.name) or scope).values[target.name] = value
        elif isinstance(target, s.Index):
            arguments = [self.value(argument, scope) for argument in target.arguments]
            write_index(self.value(target.target, scope), arguments, value)
        elif isinstance(target, s.Member):
            write_member(self.value(target.target, scope), target.name, value)
        else:
            message = "The left-hand side of an assignment must be a variable, property or indexer"
            raise ExpressionError(message, "CompilationException")


_VISIT: dict[type, Callable[[Evaluator, Any, Scope], Any]] = {
    s.Literal: Evaluator._literal,
    s.Interpolation: Evaluator._interpolation,
    s.Name: Evaluator._name,
    s.TypeExpression: Evaluator._type,
    s.Member: Evaluator._member,
    s.Index: Evaluator._index,
    s.Chain: Evaluator._chain,
    s.Call: Evaluator._call,
    s.New: Evaluator._new,
    s.Anonymous: Evaluator._anonymous,
    s.Unary: Evaluator._unary,
    s.Step: Evaluator._step,
    s.Binary: Evaluator._binary,
    s.Conditional: Evaluator._conditional,
    s.Cast: Evaluator._cast,
    s.Is: Evaluator._is_test,
    s.Lambda: Evaluator._function,
    s.Assign: Evaluator._assign,
    s.Throw: Evaluator._throw,
}
