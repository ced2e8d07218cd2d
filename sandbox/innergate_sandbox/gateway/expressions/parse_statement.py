# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing statements: the inside of `@{ ... }` and of lambdas with a body."""

from __future__ import annotations

from innergate_sandbox.gateway.expressions import nullables
from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.parse_expression import ExpressionParser
from innergate_sandbox.gateway.expressions.tokens import NAME, SyntaxProblem, tokenize


class Parser(ExpressionParser):
    """Reads statements and expressions."""

    def block(self) -> s.Node:
        """Read `{ ... }`."""
        self.expect("{")
        found = []
        while not self.take("}"):
            found.append(self.statement())
        return s.Block(tuple(found))

    def statement(self) -> s.Node:
        """Read one statement."""
        if self.sees("{"):
            return self.block()
        if self.take(";"):
            return s.Block(())
        word = str(self.token.value) if self.token.kind == NAME else ""
        special = getattr(self, f"_{word}_statement", None)
        if special is not None:
            self.at += 1
            node: s.Node = special()
            return node
        node = self._declaration() or s.Evaluate(self.expression())
        self.expect(";")
        return node

    def _declaration(self) -> s.Node | None:
        """Read `T a = 1, b` without the semicolon, if that is what stands here."""
        start = self.at
        self.take("const")
        wanted = self.try_type()
        if wanted is None or self.token.kind != NAME or not self.sees("=", ";", ",", offset=1):
            self.at = start
            return None
        variables = []
        while True:
            name = self.name()
            variables.append((name, self._initial() if self.take("=") else None))
            if not self.take(","):
                return s.Declare(wanted, tuple(variables))

    def _initial(self) -> s.Node:
        if self.sees("{"):
            return s.New(s.TypeName("object", arrays=1), initial=self.elements()[0])
        return self.expression()

    def _parenthesised(self) -> s.Node:
        self.expect("(")
        node = self.expression()
        self.expect(")")
        return node

    def _if_statement(self) -> s.Node:
        test = self._parenthesised()
        then = self.statement()
        return s.If(test, then, self.statement() if self.take("else") else None)

    def _foreach_statement(self) -> s.Node:
        self.expect("(")
        wanted = nullables.without(self.type())
        variable = self.name()
        self.expect("in")
        items = self.expression()
        self.expect(")")
        return s.ForEach(variable, items, self.statement(), wanted)

    def _for_statement(self) -> s.Node:
        self.expect("(")
        start: list[s.Node] = []
        while not self.take(";"):
            start.append(self._declaration() or s.Evaluate(self.expression()))
            self.take(",")
        test = None if self.sees(";") else self.expression()
        self.expect(";")
        advance = []
        while not self.take(")"):
            advance.append(self.expression())
            self.take(",")
        return s.For(tuple(start), test, tuple(advance), self.statement())

    def _while_statement(self) -> s.Node:
        test = self._parenthesised()
        return s.For(test=test, body=self.statement())

    def _do_statement(self) -> s.Node:
        body = self.statement()
        self.expect("while")
        test = self._parenthesised()
        self.expect(";")
        return s.For(test=test, body=body, check_last=True)

    def _return_statement(self) -> s.Node:
        value = None if self.sees(";") else self.expression()
        self.expect(";")
        return s.Return(value)

    def _throw_statement(self) -> s.Node:
        value = None if self.sees(";") else self.expression()
        self.expect(";")
        return s.Throw(value)

    def _break_statement(self) -> s.Node:
        self.expect(";")
        return s.Break()

    def _continue_statement(self) -> s.Node:
        self.expect(";")
        return s.Continue()

    def _using_statement(self) -> s.Node:
        self.expect("(")
        head = self._declaration() or s.Evaluate(self.expression())
        self.expect(")")
        return s.Block((head, self.statement()))

    def _try_statement(self) -> s.Node:
        body = self.block()
        handlers = []
        while self.take("catch"):
            wanted, variable, condition = None, "", None
            if self.take("("):
                wanted = self.type()
                variable = "" if self.sees(")") else self.name()
                self.expect(")")
            if self.take("when"):
                condition = self._parenthesised()
            handlers.append(s.Catch(wanted, variable, self.block(), condition))
        return s.Try(body, tuple(handlers), self.block() if self.take("finally") else None)

    def _switch_statement(self) -> s.Node:
        value = self._parenthesised()
        self.expect("{")
        sections = []
        while not self.take("}"):
            labels: list[s.Node | None] = []
            while self.sees("case", "default"):
                labels.append(None if self.take("default") else self._label())
                self.expect(":")
            if not labels:
                raise SyntaxProblem(f"'case' expected, not '{self.token.value}' at {self.token.at}")
            body = []
            while not self.sees("case", "default", "}"):
                body.append(self.statement())
            sections.append((tuple(labels), tuple(body)))
        return s.Switch(value, tuple(sections))

    def _label(self) -> s.Node:
        self.expect("case")
        return self._coalesce()


def parse(code: str) -> s.Node:
    """Parse `@(expression)` or `@{ statements }`; a SyntaxProblem says why it cannot."""
    text = code.strip()
    parser = Parser(tokenize(text[1:]))
    if text.startswith("@{"):
        node = parser.block()
    elif text.startswith("@("):
        parser.expect("(")
        node = parser.expression()
        parser.expect(")")
    else:
        raise SyntaxProblem("an expression starts with @( or @{")
    if not parser.at_end():
        raise SyntaxProblem(f"unexpected '{parser.token.value}' behind the expression")
    return node
