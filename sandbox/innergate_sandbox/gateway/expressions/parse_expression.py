# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing expressions, by precedence climbing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.parse_creation import CreationParser
from innergate_sandbox.gateway.expressions.reader import KEYWORDS, PREDEFINED
from innergate_sandbox.gateway.expressions.tokens import (
    CHAR,
    END,
    INTERPOLATED,
    NAME,
    NUMBER,
    OPERATOR,
    STRING,
    Hole,
    SyntaxProblem,
    tokenize,
)
from innergate_sandbox.gateway.expressions.values import Char

if TYPE_CHECKING:
    from collections.abc import Callable

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">=", "is", "as"), ("<<", ">>"),
    ("+", "-"), ("*", "/", "%"),
)  # fmt: skip
_ASSIGNMENTS = {"=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "|=": "|", "&=": "&", "^=": "^",
                "??=": "??"}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}


class ExpressionParser(CreationParser):
    """Reads one expression at the place it is at."""

    block: Callable[[], s.Node]

    def expression(self) -> s.Node:
        """Read an expression, assignments and lambdas included."""
        function = self._lambda()
        if function:
            return function
        left = self._conditional()
        if self.token.kind == OPERATOR and self.token.value in _ASSIGNMENTS:
            operator = _ASSIGNMENTS[self.token.value]
            self.at += 1
            return s.Assign(left, operator, self.expression())
        return left

    def _lambda(self) -> s.Lambda | None:
        if self.token.kind == NAME and self.sees("=>", offset=1):
            names: tuple[str, ...] = (self.name(),)
        elif self.sees("(") and self.tokens[min(self._closing(), len(self.tokens) - 1)].value == "=>":
            self.at += 1
            found = []
            while not self.take(")"):
                last = self.name()
                while not self.sees(",", ")"):
                    if self.token.kind == OPERATOR:  # of its type
                        self.at += 1
                    else:
                        last = self.name()
                found.append(last)
                self.take(",")
            names = tuple(found)
        else:
            return None
        self.expect("=>")
        return s.Lambda(names, self.block() if self.sees("{") else self.expression())

    def _closing(self) -> int:
        """Return the place behind the bracket that closes the one at this place."""
        depth, at = 0, self.at
        while self.tokens[at].kind != END:
            if self.tokens[at].kind == OPERATOR:
                depth += (self.tokens[at].value in "([{") - (self.tokens[at].value in ")]}")
            at += 1
            if depth == 0:
                break
        return at

    def _conditional(self) -> s.Node:
        test = self._coalesce()
        if not self.take("?"):
            return test
        yes = self.expression()
        self.expect(":")
        return s.Conditional(test, yes, self.expression())

    def _coalesce(self) -> s.Node:
        left = self._binary(0)
        return s.Binary("??", left, self._throw_or_coalesce()) if self.take("??") else left

    def _throw_or_coalesce(self) -> s.Node:
        return s.Throw(self.expression()) if self.take("throw") else self._coalesce()

    def _binary(self, level: int) -> s.Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while True:
            operator = self._operator(level)
            if operator is None:
                return left
            if operator == "is":
                left = self._is(left)
            elif operator == "as":
                left = s.Cast(self.type(), left, soft=True)
            else:
                left = s.Binary(operator, left, self._binary(level + 1))

    def _operator(self, level: int) -> str | None:
        """Move over an operator of a level and return it."""
        shift = self.sees(">") and self.sees(">", offset=1) and self.ahead().at == self.token.at + 1
        if shift and ">>" in _LEVELS[level]:
            self.at += 2
            return ">>"
        if self.sees(*_LEVELS[level]) and not (shift and ">" in _LEVELS[level]):
            self.at += 1
            return str(self.tokens[self.at - 1].value)
        return None

    def _is(self, left: s.Node) -> s.Node:
        negated = self.take("not")
        if self.token.kind != NAME or self.sees("null", "true", "false"):
            return s.Is(left, None, self._binary(_LEVELS.index(("<<", ">>"))), negated=negated)
        wanted = self.type()
        binds = self.token.kind == NAME and self.token.value not in KEYWORDS and not self.sees("and", "or")
        return s.Is(left, wanted, binding=self.name() if binds else "", negated=negated)

    def _unary(self) -> s.Node:
        if self.sees("!", "-", "+", "~"):
            self.at += 1
            return s.Unary(str(self.tokens[self.at - 1].value), self._unary())
        if self.sees("++", "--"):
            delta = 1 if self.take("++") else -1
            self.take("--")
            return s.Step(self._unary(), delta, prefix=True)
        cast = self._cast()
        return cast or self._postfix(self._primary())

    def _cast(self) -> s.Node | None:
        """Read `(T)operand`, if the parentheses hold a type and something follows that a cast can apply to."""
        start = self.at
        if not self.take("("):
            return None
        wanted = self.try_type()
        if wanted is not None and self.take(")"):
            token = self.token
            starts = token.kind in (STRING, CHAR, NUMBER, INTERPOLATED) or self.sees("(", "!", "~")
            starts = starts or (token.kind == NAME and token.value not in ("is", "as", "in"))
            if starts or (wanted.name in PREDEFINED and self.sees("-", "+")):
                return s.Cast(wanted, self._unary())
        self.at = start
        return None

    def _postfix(self, left: s.Node) -> s.Node:
        conditional = False
        while True:
            if self.take("."):
                left = s.Member(left, self.name())
            elif self.take("?."):
                conditional = True
                left = s.Member(left, self.name(), conditional=True)
            elif self.sees("?") and self.sees("[", offset=1) and self._is_conditional_index():
                self.at += 2
                conditional = True
                left = s.Index(left, self.indices(), conditional=True)
            elif self.take("["):
                left = s.Index(left, self.indices())
            elif self.sees("(") or (self.sees("<") and isinstance(left, s.Member | s.Name)):
                types = self.call_types() if self.sees("<") else ()
                if types is None:
                    break
                if self.sees("("):
                    left = s.Call(left, self.arguments(), types)
                elif isinstance(left, s.Name):
                    left = s.TypeExpression(s.TypeName(left.name, types))
            elif self.sees("++", "--"):
                left = s.Step(left, 1 if self.token.value == "++" else -1, prefix=False)
                self.at += 1
            else:
                break
        return s.Chain(left) if conditional else left

    def _is_conditional_index(self) -> bool:
        """Tell `a?[0]` from `a ? [..] : b` (which C# 7 does not have): both brackets touch the question mark."""
        return self.ahead().at == self.token.at + 1

    def indices(self) -> tuple[s.Node, ...]:
        """Read the rest of `[a, b]` behind the bracket."""
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        self.expect("]")
        return tuple(found)

    def arguments(self) -> tuple[s.Argument, ...]:
        """Read `(a, name: b, out c)`."""
        self.expect("(")
        found: list[s.Argument] = []
        while not self.take(")"):
            label = ""
            if self.token.kind == NAME and self.sees(":", offset=1):
                label = self.name()
                self.at += 1
            if self.take("out", "ref"):
                if not (self.sees(",", ")", offset=1)):
                    self.type()
                found.append(s.Argument(None, label, self.name()))
            else:
                found.append(s.Argument(self.expression(), label))
            if not self.sees(")"):
                self.expect(",")
        return tuple(found)

    def _primary(self) -> s.Node:
        token = self.token
        if token.kind in (NUMBER, STRING):
            self.at += 1
            return s.Literal(token.value)
        if token.kind == CHAR:
            self.at += 1
            return s.Literal(Char(token.value))
        if token.kind == INTERPOLATED:
            self.at += 1
            return s.Interpolation(tuple(self._part(part) for part in token.value))
        if self.take("("):
            inner = self.expression()
            if self.sees(",", ":") or (isinstance(inner, s.TypeExpression) and self.token.kind == NAME):
                # Microsoft Learn, api-management-policy-expressions, has Tuple in its list of types, and no ValueTuple
                raise SyntaxProblem("tuples of C# 7 are of System.ValueTuple, which policies may not use")
            self.expect(")")
            return inner
        if token.kind == NAME:
            return self._word()
        raise SyntaxProblem(f"unexpected '{token.value}' at {token.at}")

    def _part(self, part: str | Hole) -> str | tuple[s.Node, str, int]:
        if isinstance(part, str):
            return part
        inner = type(self)(tokenize(part.code))
        node = inner.expression()
        if not inner.at_end():
            raise SyntaxProblem(f"unexpected '{inner.token.value}' in an interpolated string")
        return node, part.format, part.width

    def _word(self) -> s.Node:
        if self.sees("new"):
            return self.creation()
        if self.take("typeof", "nameof"):
            word = self.tokens[self.at - 1].value
            self.expect("(")
            wanted = self.type()
            self.expect(")")
            return s.Literal(wanted.name) if word == "nameof" else s.TypeExpression(wanted)
        if self.take("default"):
            if self.take("("):
                wanted = self.type()
                self.expect(")")
                return s.Cast(s.TypeName("default", (wanted,)), s.Literal(None))
            return s.Literal(None)
        name = self.name()
        if name in _CONSTANTS:
            return s.Literal(_CONSTANTS[name])
        if name in PREDEFINED and name != "var":
            return s.TypeExpression(s.TypeName(name))
        if name in KEYWORDS:
            raise SyntaxProblem(f"unexpected '{name}' at {self.tokens[self.at - 1].at}")
        return s.Name(name)
