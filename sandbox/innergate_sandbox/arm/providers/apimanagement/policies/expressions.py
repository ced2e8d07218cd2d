# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where C# begins and ends in a policy document.

An attribute or text that starts with `@(` is an expression, with `@{` a block of statements. Finding their end takes a
little knowledge of C#: strings (plain, verbatim, interpolated), characters and comments may hold brackets and quotes.
"""

from __future__ import annotations

import re

from .characters import BLANKS

_START = re.compile(rf"[{BLANKS}]*@[({{]")
_PAIRS = {"(": ")", "{": "}", "[": "]"}
_ESCAPE = re.compile(r"&(?:quot|apos|lt|gt|amp|#\d+|#x[0-9a-fA-F]+);")
_LITERAL = re.compile(r'[@$]*"(?:[^"\\]|\\.|"")*"', re.DOTALL)
_CHARACTER = re.compile(r"'(?:\\.[0-9a-fA-F]{0,8}|[^'\\\n])'")

#: Nothing, or an operator at the end. Types may end with > and ?, and with ! what is known to be no null.
_UNFINISHED = re.compile(r"(?<!\+)\+$|(?<!-)-$|[*/%&|^=<:,.~]$|^$")
_LEAVES = re.compile(r"\b(?:return|throw)\b")


def is_expression(value: str) -> bool:
    """Whether an attribute or text is C#."""
    return _START.match(value) is not None


def is_escaped(value: str) -> bool:
    """Whether a value is an expression that only is C# when its escapes are resolved."""
    if not is_expression(value) or not _ESCAPE.search(value):
        return False
    outside = _LITERAL.sub("", value)
    return _ESCAPE.search(outside) is not None


def end(text: str, start: int) -> int | None:
    """The position after an expression whose `@` stands at or after `start` (blanks before it); None if it has none."""
    found = _START.match(text, start)
    return _code(text, found.end(), _PAIRS[text[found.end() - 1]]) if found else None


def flaw(value: str) -> str:
    """What the compiler says of an expression that is not complete; "" if it is.

    That it is asked when a document is written was seen in GitHub issues (azure-api-management-devops-resource-kit 350,
    api-management-policy-snippets 137); its words are those of C# (CS1026, CS1513, CS1525 and CS1643).
    Only what is C# in no reading is told, for a compiler knows more than brackets: an expression that is empty or ends
    with an operator, and a block that nothing returns from (Microsoft Learn, api-management-policy-expressions: all
    code paths must end with a return statement). What named values stand for is not known.
    """
    found = _START.match(value)
    if not found:
        return ""
    opening, stop = value[found.end() - 1], end(value, 0)
    if stop is None:
        return f"{_PAIRS[opening]} expected"
    code = _bare(value[found.end() : stop - 1]).strip()
    if opening == "(":
        return "Invalid expression term ')'" if _UNFINISHED.search(code) else ""
    return "" if _LEAVES.search(code) or "{{" in code else "not all code paths return a value"


def _bare(code: str) -> str:
    """Code without its comments; strings and characters are empty."""
    kept, at = "", 0
    while at < len(code):
        here = code[at]
        if code.startswith(("//", "/*"), at):
            ending = "\n" if code[at + 1] == "/" else "*/"
            stop = code.find(ending, at + 2)
            at = len(code) if stop < 0 else stop + len(ending)
        elif here == '"' or (here in "$@" and re.match(r'(\$@|@\$|\$|@)"', code[at : at + 3])):
            kept, at = kept + '""', _string(code, at) or len(code)
        elif here == "'" and (found := _CHARACTER.match(code, at)):
            kept, at = kept + "''", found.end()
        else:
            kept, at = kept + here, at + 1
    return kept


def _code(text: str, at: int, closing: str) -> int | None:
    """The position after the bracket that closes the code starting at `at`."""
    stack = [closing]
    while at < len(text):
        here = text[at]
        if text.startswith("//", at):
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif text.startswith("/*", at):
            at = text.find("*/", at + 2) + 2 if "*/" in text[at + 2 :] else len(text)
        elif here == '"' or (here in "$@" and re.match(r'(\$@|@\$|\$|@)"', text[at : at + 3])):
            stop = _string(text, at)
            if stop is None:
                return None
            at = stop
        elif here == "'" and (found := _CHARACTER.match(text, at)):
            at = found.end()
        elif here in _PAIRS:
            stack.append(_PAIRS[here])
            at += 1
        elif here in ")}]":
            if stack.pop() != here:
                return None
            at += 1
            if not stack:
                return at
        else:
            at += 1
    return None


def _string(text: str, at: int) -> int | None:
    """The position after a string literal that starts at `at` with its prefix."""
    quote = text.index('"', at)
    prefix = text[at:quote]
    verbatim, interpolated = "@" in prefix, "$" in prefix
    at = quote + 1
    while at < len(text):
        here = text[at]
        if here == '"':
            if verbatim and text.startswith('""', at):
                at += 2
                continue
            return at + 1
        if here == "\\" and not verbatim:
            at += 2
        elif interpolated and here == "{":
            if text.startswith("{{", at):
                at += 2
                continue
            stop = _code(text, at + 1, "}")
            if stop is None:
                return None
            at = stop
        else:
            at += 1
    return None
