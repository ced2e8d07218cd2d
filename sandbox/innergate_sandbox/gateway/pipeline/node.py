# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy's element as the builders of policies read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.apimanagement.policies.document import Comment, Element, Text, plain
from innergate_sandbox.gateway.expressions.compiled import Expression
from innergate_sandbox.gateway.pipeline.program import Step
from innergate_sandbox.gateway.pipeline.values import BadPolicy, Value

if TYPE_CHECKING:
    from innergate_sandbox.gateway.pipeline.compiler import Compiler

_CDATA = re.compile(r"<!\[CDATA\[(.*)\]\]>", re.DOTALL)


@dataclass(frozen=True)
class Node:
    """An element, the compiler that is at work, and the element's place in the document."""

    element: Element
    compiler: Compiler
    path: str

    @property
    def name(self) -> str:
        """The policy's name."""
        return self.element.name

    def has(self, name: str) -> bool:
        """Say whether an attribute is there."""
        return self.element.get(name) is not None

    def get(self, name: str) -> Value | None:
        """Return an attribute."""
        text = self.element.get(name)
        return None if text is None else value(text)

    def value(self, name: str, default: str) -> Value:
        """Return an attribute or the value it has when it is left out."""
        return self.get(name) or Value(default)

    def require(self, name: str) -> Value:
        """Return an attribute that has to be there; a BadPolicy if it is not."""
        found = self.get(name)
        if found is None:
            raise BadPolicy(f"{self.name} needs the attribute {name}")
        return found

    def number(self, name: str, default: float | None = None) -> float:
        """Return an attribute that is a number and takes no expression; a BadPolicy if it is neither there nor one."""
        found = self.require(name) if default is None else self.value(name, str(default))
        try:
            return float(found.fixed)
        except ValueError as error:
            raise BadPolicy(f"{name} of {self.name} is not a number: {found.literal}") from error

    def choice(self, name: str, default: str, *allowed: str) -> str:
        """Return an attribute that takes one of a few words."""
        found = self.value(name, default).fixed
        if found.lower() not in allowed:
            raise BadPolicy(f"{name} of {self.name} is one of {', '.join(allowed)}, not {found}")
        return found.lower()

    @property
    def text(self) -> Value:
        """The characters inside the element, without blanks around them."""
        parts = []
        for child in self.element.children:
            if isinstance(child, Text):
                parts.append(child.value)
            elif isinstance(child, Comment) and (found := _CDATA.fullmatch(child.value)):
                parts.append(found[1])
        return value(plain("".join(parts)).strip())

    def child(self, name: str) -> Node | None:
        """Return the first child element with a name."""
        return next(iter(self.children(name)), None)

    def children(self, *names: str) -> list[Node]:
        """Return the child elements with these names (all, if none is given)."""
        found = [child for child in self.element.elements if not names or child.name in names]
        return [Node(child, self.compiler, f"{self.path}/{child.name}") for child in found]

    def values(self, container: str, item: str) -> list[Value]:
        """Return the texts of `<container><item>..</item>..</container>`."""
        found = self.child(container)
        return [child.text for child in found.children(item)] if found else []

    def steps(self, keep: Callable[[Element], bool] = lambda element: True) -> tuple[Step, ...]:
        """Return the policies inside this one."""
        return self.compiler.steps([child for child in self.element.elements if keep(child)], f"{self.path}/")


def value(text: str) -> Value:
    """Make a value of an attribute's or element's text."""
    stripped = text.strip()
    if stripped.startswith(("@(", "@{")):
        return Value(stripped, Expression.of(stripped))
    return Value(text)
