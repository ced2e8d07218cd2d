# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing `new ...`: objects, arrays, and what is put into them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from innergate_sandbox.gateway.expressions import syntax as s
from innergate_sandbox.gateway.expressions.reader import Reader
from innergate_sandbox.gateway.expressions.tokens import NAME


class CreationParser(Reader):
    """Reads one creation at the place it is at; the parser of expressions completes it."""

    expression: Callable[[], s.Node]
    arguments: Callable[[], tuple[s.Argument, ...]]
    indices: Callable[[], tuple[s.Node, ...]]

    def creation(self) -> s.Node:
        """Read `new ...`."""
        self.expect("new")
        if self.sees("{"):
            return self._anonymous()
        if self.take("["):
            self.expect("]")
            return s.New(s.TypeName("object", arrays=1), initial=self.elements()[0])
        wanted = self.type()
        if self.sees("?") and self.sees("(", offset=1):
            self.at += 1
            wanted = replace(wanted, nullable=True)
        if wanted.arrays and self.sees("{"):
            return s.New(wanted, initial=self.elements()[0])
        if self.take("["):
            length = self.expression()
            self.expect("]")
            wanted = s.TypeName(wanted.name, wanted.arguments, wanted.arrays + 1)
            initial = self.elements()[0] if self.sees("{") else None
            return s.New(wanted, initial=initial, length=length)
        arguments = self.arguments() if self.sees("(") else ()
        if self.sees("{"):
            initial, keyed = self.elements()
            return s.New(wanted, arguments, initial, keyed)
        return s.New(wanted, arguments)

    def _anonymous(self) -> s.Node:
        self.expect("{")
        members = []
        while not self.take("}"):
            if self.token.kind == NAME and self.sees("=", offset=1):
                name = self.name()
                self.at += 1
                members.append((name, self.expression()))
            else:
                value = self.expression()
                members.append((value.name if isinstance(value, s.Name | s.Member) else "", value))
            self.take(",")
        return s.Anonymous(tuple(members))

    def elements(self) -> tuple[tuple[object, ...], bool]:
        """Read `{ a, b }`, `{ {k, v} }`, `{ ["k"] = v }` or `{ Name = v }`; the flag says that they are pairs."""
        self.expect("{")
        found: list[object] = []
        keyed = False
        while not self.take("}"):
            if self.take("{"):
                key = self.expression()
                self.expect(",")
                found.append((key, self.expression()))
                self.expect("}")
                keyed = True
            elif self.take("["):
                key = self.indices()[0]
                self.expect("=")
                found.append((key, self.expression()))
                keyed = True
            elif self.token.kind == NAME and self.sees("=", offset=1):
                key = s.Literal(self.name())
                self.at += 1
                found.append((key, self.expression()))
                keyed = True
            else:
                found.append(self.expression())
            self.take(",")
        return tuple(found), keyed
