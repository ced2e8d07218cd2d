# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Splitting C# into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

NAME, NUMBER, STRING, CHAR = "name", "number", "string", "char"
INTERPOLATED, OPERATOR, END = "interpolated", "op", "end"

_SKIPPED = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"@?[A-Za-z_]\w*")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F_]+[uUlL]*|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?[uUlLfFdDmM]*")
_OPERATORS = (
    "??=", "<<=", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "|=",
    "&=", "^=", "<<", *"()[]{}.,;:?=<>+-*/%!~&|^",
)  # fmt: skip
_STRING_START = re.compile(r'(\$@|@\$|\$|@|)"')
_ESCAPES = {
    "n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip


class SyntaxProblem(ValueError):
    """Code that is no C# as it is known here; the text says what and where (a position from 0)."""


@dataclass(frozen=True)
class Token:
    """One token. value: the text of a name or operator, the number, the string; interpolated: see `Interpolated`."""

    kind: str
    value: Any
    at: int


@dataclass(frozen=True)
class Hole:
    """The part of an interpolated string in braces: its code, the width it is padded to, and its format."""

    code: str
    format: str = ""
    width: int = 0


def tokenize(code: str) -> list[Token]:
    """Return the tokens of a piece of code, closed by one of kind END."""
    tokens: list[Token] = []
    at = 0
    while True:
        found = _SKIPPED.match(code, at)
        at = found.end() if found else at
        if at >= len(code):
            tokens.append(Token(END, "", at))
            return tokens
        token, at = _token(code, at)
        tokens.append(token)


def _token(code: str, at: int) -> tuple[Token, int]:
    start = _STRING_START.match(code, at)
    if start:
        verbatim, interpolated = "@" in start[1], "$" in start[1]
        parts, end = _string(code, start.end(), verbatim, interpolated)
        if interpolated:
            return Token(INTERPOLATED, tuple(parts), at), end
        return Token(STRING, "".join(part for part in parts if isinstance(part, str)), at), end
    if code[at] == "'":
        text, end = _char(code, at + 1)
        return Token(CHAR, text, at), end
    if found := _NAME.match(code, at):
        return Token(NAME, found[0].lstrip("@"), at), found.end()
    if (code[at].isdigit() or code[at] == ".") and (found := _NUMBER.match(code, at)) and found[0] != ".":
        return Token(NUMBER, _number(found[0]), at), found.end()
    for operator in _OPERATORS:
        # "a ?.5 : 1" is a conditional with a number
        if code.startswith(operator, at) and not (operator == "?." and code[at + 2 : at + 3].isdigit()):
            return Token(OPERATOR, operator, at), at + len(operator)
    raise SyntaxProblem(f"unexpected character {code[at]!r} at {at}")


def _number(text: str) -> int | float:
    bare = text.replace("_", "")
    if bare[:2].lower() == "0x":
        return int(bare.rstrip("uUlL"), 16)
    digits = bare.rstrip("uUlLfFdDmM")
    if digits != bare and bare[-1] in "fFdDmM":
        return float(digits)
    return float(digits) if any(letter in digits for letter in ".eE") else int(digits)


def _char(code: str, at: int) -> tuple[str, int]:
    text, at = _escape(code, at) if code[at : at + 1] == "\\" else (code[at : at + 1], at + 1)
    if code[at : at + 1] != "'":
        raise SyntaxProblem(f"a character literal is not closed at {at}")
    return text, at + 1


def _escape(code: str, at: int) -> tuple[str, int]:
    """Return what a backslash at this place stands for, and the place behind it."""
    letter = code[at + 1 : at + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], at + 2
    found = re.compile(r"u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{8})").match(code, at + 1)
    if not found:
        raise SyntaxProblem(f"unknown escape \\{letter} at {at}")
    return chr(int(found[1] or found[2] or found[3], 16)), found.end()


def _string(code: str, at: int, verbatim: bool, interpolated: bool) -> tuple[list[str | Hole], int]:
    """Return the parts of a string literal whose text starts here, and the place behind its closing quote."""
    parts: list[str | Hole] = []
    text = ""
    while at < len(code):
        here, two = code[at], code[at : at + 2]
        if here == '"' and not (verbatim and two == '""'):
            return [*parts, text], at + 1
        if here == '"' or (interpolated and two in ("{{", "}}")):
            text, at = text + here, at + 2
        elif here == "\\" and not verbatim:
            piece, at = _escape(code, at)
            text += piece
        elif interpolated and here == "{":
            hole, at = _hole(code, at + 1)
            parts += [text, hole]
            text = ""
        else:
            text, at = text + here, at + 1
    raise SyntaxProblem("a string is not closed")


def _hole(code: str, at: int) -> tuple[Hole, int]:
    """Return the braces' contents, `expression[,width][:format]`, and the place behind the closing brace."""
    start, depth = at, 0
    comma = colon = -1
    while at < len(code):
        here = code[at]
        if depth == 0 and here == "}":
            break
        if depth == 0 and here == "," and comma < 0:
            comma = at
        if depth == 0 and here == ":" and code[at + 1 : at + 2] != ":":
            colon = at
            at = code.find("}", at)
            break
        found = _STRING_START.match(code, at)
        if found:
            dummy, at = _string(code, found.end(), "@" in found[1], "$" in found[1])
            continue
        if here == "'" and code[at + 2 : at + 3] == "'":
            at += 3
            continue
        depth += (here in "([{") - (here in ")]}")
        at += 1
    if at < 0 or at >= len(code):
        raise SyntaxProblem("a brace in an interpolated string is not closed")
    head_end = colon if colon >= 0 else at
    code_end = comma if 0 <= comma < head_end else head_end
    width = int(code[comma + 1 : head_end]) if code_end == comma else 0
    return Hole(code[start:code_end], code[colon + 1 : at] if colon >= 0 else "", width), at + 1
