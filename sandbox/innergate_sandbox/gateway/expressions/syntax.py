# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree that C# is parsed into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TypeName:
    """A type as written: its last name, generic arguments, how many array brackets follow, and whether `?` does."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    arrays: int = 0
    nullable: bool = False


class Node:
    """Anything in the tree."""


@dataclass(frozen=True)
class Literal(Node):
    """A value written down: number, text, character, true, false, null."""

    value: Any


@dataclass(frozen=True)
class Interpolation(Node):
    """parts: fixed text, or (expression, format, width)."""

    parts: tuple[str | tuple[Node, str, int], ...]


@dataclass(frozen=True)
class Name(Node):
    """A variable, or the first part of a type's or namespace's name."""

    name: str


@dataclass(frozen=True)
class TypeExpression(Node):
    """A type used as a value: `string.Join`, `List<int>`, the argument of `typeof`."""

    type: TypeName


@dataclass(frozen=True)
class Member(Node):
    """`target.name` or `target?.name`."""

    target: Node
    name: str
    conditional: bool = False


@dataclass(frozen=True)
class Index(Node):
    """`target[arguments]` or `target?[arguments]`."""

    target: Node
    arguments: tuple[Node, ...]
    conditional: bool = False


@dataclass(frozen=True)
class Argument:
    """One argument of a call. name: of a named one. out: the variable that an `out` argument fills."""

    value: Node | None
    name: str = ""
    out: str = ""


@dataclass(frozen=True)
class Call(Node):
    """`target(arguments)`; types: of a generic method."""

    target: Node
    arguments: tuple[Argument, ...]
    types: tuple[TypeName, ...] = ()


@dataclass(frozen=True)
class Chain(Node):
    """A postfix chain that a `?.` in it cuts short as a whole: null makes all of it null."""

    inner: Node


@dataclass(frozen=True)
class New(Node):
    """`new T(...) { ... }`. initial: elements, or pairs (key, value) when `keyed`; length: of `new T[n]`."""

    type: TypeName
    arguments: tuple[Argument, ...] = ()
    initial: tuple[Any, ...] | None = None
    keyed: bool = False
    length: Node | None = None


@dataclass(frozen=True)
class Anonymous(Node):
    """`new { a = 1, b }`."""

    members: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Unary(Node):
    """`!x`, `-x`, `+x`, `~x`."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Step(Node):
    """`x++`, `--x`. prefix: the new value is the result."""

    target: Node
    delta: int
    prefix: bool


@dataclass(frozen=True)
class Binary(Node):
    """Two operands; `&&`, `||` and `??` look at the second only when they need it."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Conditional(Node):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Cast(Node):
    """`(T)x`, or `x as T` when it is soft."""

    type: TypeName
    operand: Node
    soft: bool = False


@dataclass(frozen=True)
class Is(Node):
    """`x is T name`, `x is null`; type None: a comparison with `value`."""

    operand: Node
    type: TypeName | None
    value: Node | None = None
    binding: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Lambda(Node):
    """`x => body`; the body is an expression or a Block."""

    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True)
class Assign(Node):
    """operator: "" for `=`, else the one before the equals sign."""

    target: Node
    operator: str
    value: Node


# -- statements -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declare(Node):
    """`T a = 1, b;`"""

    type: TypeName
    variables: tuple[tuple[str, Node | None], ...]


@dataclass(frozen=True)
class Evaluate(Node):
    """An expression as a statement."""

    expression: Node


@dataclass(frozen=True)
class Block(Node):
    """`{ ... }`."""

    statements: tuple[Node, ...]


@dataclass(frozen=True)
class If(Node):
    """`if (test) then else otherwise`."""

    test: Node
    then: Node
    otherwise: Node | None = None


@dataclass(frozen=True)
class ForEach(Node):
    """`foreach (var variable in items) body`. nullable: T if the variable is declared as `T?`."""

    variable: str
    items: Node
    body: Node
    nullable: TypeName | None = None


@dataclass(frozen=True)
class For(Node):
    """`for`, and `while` and `do` (check_last) as its special cases."""

    start: tuple[Node, ...] = ()
    test: Node | None = None
    advance: tuple[Node, ...] = ()
    body: Node = field(default_factory=lambda: Block(()))
    check_last: bool = False


@dataclass(frozen=True)
class Return(Node):
    """`return value;`"""

    value: Node | None = None


@dataclass(frozen=True)
class Break(Node):
    """`break;`"""


@dataclass(frozen=True)
class Continue(Node):
    """`continue;`"""


@dataclass(frozen=True)
class Throw(Node):
    """`throw value`; without a value the error at hand."""

    value: Node | None = None


@dataclass(frozen=True)
class Catch:
    """One handler. type None: catches everything; when: its condition."""

    type: TypeName | None
    variable: str
    body: Node
    when: Node | None = None


@dataclass(frozen=True)
class Try(Node):
    """`try body catch ... finally last`."""

    body: Node
    handlers: tuple[Catch, ...]
    last: Node | None = None


@dataclass(frozen=True)
class Switch(Node):
    """sections: (labels, statements); a label None is `default`."""

    value: Node
    sections: tuple[tuple[tuple[Node | None, ...], tuple[Node, ...]], ...]
