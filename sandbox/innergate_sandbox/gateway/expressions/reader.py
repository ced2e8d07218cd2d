# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both parsers share: walking over tokens, and reading types."""

from __future__ import annotations

from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.tokens import END, NAME, OPERATOR, SyntaxProblem, Token

PREDEFINED = frozenset(
    {"bool", "byte", "sbyte", "char", "decimal", "double", "float", "int", "uint", "long", "ulong", "short", "ushort",
     "object", "string", "var", "dynamic", "void"}
)  # fmt: skip
KEYWORDS = frozenset(
    {"as", "break", "case", "catch", "continue", "default", "do", "else", "finally", "for", "foreach", "if", "in", "is",
     "new", "null", "out", "return", "switch", "this", "throw", "true", "false", "try", "typeof", "using", "while"}
)  # fmt: skip
# After `>` these show that `a < b >` was a list of type arguments and not two comparisons (as C# itself decides)
_AFTER_TYPE_ARGUMENTS = frozenset({"(", ")", "]", "}", ":", ";", ",", ".", "?.", "?", "==", "!=", "[", "{"})

# Behind `?` these begin the second part of a conditional; all others show that it belongs to a type
_BEGINS_OPERAND = frozenset({"(", "!", "-", "+", "~", "++", "--"})


class Reader:
    """A place in a list of tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        """Begin at the first token."""
        self.tokens, self.at = tokens, 0

    @property
    def token(self) -> Token:
        """The token at this place."""
        return self.tokens[self.at]

    def ahead(self, offset: int = 1) -> Token:
        """Return a later token; beyond the end, the last one."""
        return self.tokens[min(self.at + offset, len(self.tokens) - 1)]

    def sees(self, *texts: str, offset: int = 0) -> bool:
        """Say whether an operator or word stands at this place."""
        token = self.ahead(offset)
        return token.kind in (OPERATOR, NAME) and token.value in texts

    def take(self, *texts: str) -> bool:
        """Move over an operator or word, if it is one of these."""
        if self.sees(*texts):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Move over an operator or word that has to be there."""
        if not self.take(text):
            raise SyntaxProblem(f"'{text}' expected, not '{self.token.value}' at {self.token.at}")

    def name(self) -> str:
        """Move over a name and return it."""
        token = self.token
        if token.kind != NAME:
            raise SyntaxProblem(f"a name expected, not '{token.value}' at {token.at}")
        self.at += 1
        return str(token.value)

    def at_end(self) -> bool:
        """Say whether all tokens were read."""
        return self.token.kind == END

    def try_type(self) -> TypeName | None:
        """Read a type if there is one at this place; otherwise stay here."""
        start = self.at
        found = self._type()
        if found is None:
            self.at = start
        return found

    def type(self) -> TypeName:
        """Read a type that has to be there."""
        found = self.try_type()
        if found is None:
            raise SyntaxProblem(f"a type expected, not '{self.token.value}' at {self.token.at}")
        return found

    def _type(self) -> TypeName | None:
        name = ""
        arguments: tuple[TypeName, ...] = ()
        while True:
            if self.token.kind != NAME or self.token.value in KEYWORDS:
                return None
            name = self.name()
            if self.sees("<"):
                found = self.type_arguments()
                if found is None:
                    return None
                arguments = found
            if not self.take("."):
                break
        nullable = self.sees("?") and self._nullable()
        arrays = 0
        while self.sees("[") and self.sees("]", ",", offset=1):
            while not self.take("]"):
                self.at += 1
            arrays += 1
        if name == "Nullable" and len(arguments) == 1:
            return TypeName(arguments[0].name, arguments[0].arguments, arrays, nullable=True)
        return TypeName(name, arguments, arrays, nullable)

    def _nullable(self) -> bool:
        """Move over the `?` of `int?`, which is told from a conditional by what follows."""
        after = self.ahead(1)
        is_type = after.kind == END or (after.kind == OPERATOR and after.value not in _BEGINS_OPERAND)
        declares = after.kind == NAME and self.sees("=", ";", ",", ")", "in", offset=2)
        self.at += is_type or declares
        return is_type or declares

    def type_arguments(self) -> tuple[TypeName, ...] | None:
        """Read `<A, B>` at this place, or stay and return None."""
        start = self.at
        self.expect("<")
        found: list[TypeName] = []
        while True:
            argument = self.try_type()
            if argument is None:
                break
            found.append(argument)
            if not self.take(","):
                break
        if found and self.take(">"):
            return tuple(found)
        self.at = start
        return None

    def call_types(self) -> tuple[TypeName, ...] | None:
        """Read type arguments behind a name in an expression, where `<` may be a comparison."""
        start = self.at
        found = self.type_arguments() if self.sees("<") else None
        token = self.token
        if found is not None and (
            token.kind == END or (token.kind == OPERATOR and token.value in _AFTER_TYPE_ARGUMENTS)
        ):
            return found
        self.at = start
        return None
