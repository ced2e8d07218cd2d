# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The C# expressions of policy documents: where one ends, and which tokens it has.

An expression is C(@(...)) or C(@{...}) (Microsoft Learn: api-management-policy-expressions). Only as much of C# is
known here as finding its end takes: brackets, the five kinds of string literals, character literals and comments.
Every character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_CLOSER = {"(": ")", "[": "]", "{": "}"}
_CODE = re.compile(
    r"""(?P<space>\s+)
      | (?P<word>\w+)
      | (?P<line>//[^\r\n]*)
      | (?P<block>/\*)
      | (?P<interpolated>\$@"|@\$"|\$")
      | (?P<verbatim>@")
      | (?P<string>")
      | (?P<char>')
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_STRING_END = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_CHAR_END = re.compile(r"[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'")
_LINE = re.compile(r"[^\r\n]*")
_INTERPOLATED = re.compile(r'["{}\\]')
# Operators that become another one when written together: the blank between them has a meaning.
_STICKY = frozenset("+-*/%&|^!=<>?:.~@$")
_ENTITIES = frozenset(("quot", "apos", "lt", "gt", "amp", "#"))


class ExpressionError(ValueError):
    """The text from the start on is no complete expression. C(position) is where that was noticed."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class Expression:
    """An expression as it stands in a text: C(end) is the index behind it, C(tokens) its tokens without comments."""

    end: int
    tokens: tuple[str, ...]


def past(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Where the text goes on behind what the pattern matches at this place; the place itself if it does not."""
    match = pattern.match(text, position)
    return match.end() if match else position


def starts_at(text: str, position: int) -> bool:
    """Whether an expression starts at this place."""
    return text.startswith(("@(", "@{"), position)


def escapes_code(tokens: Sequence[str]) -> bool:
    """Whether there are escapes of XML outside of the literals, where C# has none."""
    return any(mark == "&" and word in _ENTITIES for mark, word in pairwise(tokens))


def scan(text: str, start: int, limit: int | None = None) -> Expression:
    """Read the expression that starts at C(start).

    Tokens are the words, operators, brackets and literals (exactly as written). A blank stands between two tokens only
    where leaving it out would change what they mean, whatever white space or comments the text has there.
    Raises ExpressionError when the brackets do not match or a literal does not end before C(limit).
    """
    limit = len(text) if limit is None else limit
    tokens: list[str] = []
    frames: list[str] = []  # what has been opened: "(", "[", "{", or '$"' and '$@"' for interpolated strings
    literal = -1  # where the outermost interpolated string starts
    strings = 0  # how many interpolated strings are open
    gap = False
    apostrophes = 0  # up to here they have been found to start no character literal
    position = start + 1
    while position < limit:
        if frames and frames[-1][0] == "$":
            position, event = _inside_string(text, position, limit, verbatim=frames[-1] == '$@"')
            if event == "{":
                frames.append("{")
            else:
                frames.pop()
                strings -= 1
                if not strings:
                    _add(tokens, text[literal:position], gap)
                    gap = False
            continue
        match = _CODE.match(text, position)
        if match is None:  # one of the alternatives takes any character
            break
        kind, token = str(match.lastgroup), match.group()
        begin, position = position, match.end()
        if kind in ("space", "line", "block"):
            if kind == "block":
                position = _find(text, "*/", position, limit, "a comment", begin)
            gap = True
            continue
        if kind == "interpolated":
            if not strings:
                literal = begin
            strings += 1
            frames.append('$"' if token == '$"' else '$@"')
            continue
        if kind == "char" and begin >= apostrophes:
            literal_end = _CHAR_END.match(text, position, limit)
            if literal_end:
                position = literal_end.end()
            else:
                apostrophes = past(_LINE, text, position)
        elif kind in ("string", "verbatim"):
            position = _end_of_string(text, kind, begin, position, limit)
        elif kind == "open":
            frames.append(token)
        elif kind == "close":
            if not frames or _CLOSER.get(frames[-1]) != token:
                raise ExpressionError(f"'{token}' closes nothing", begin)
            frames.pop()
        if not strings:
            _add(tokens, text[begin:position], gap)
            gap = False
        if not frames:
            return Expression(position, ("@", *tokens))
    raise ExpressionError("it never ends", limit)


def _add(tokens: list[str], token: str, gap: bool) -> None:
    if gap and tokens:
        before, after = tokens[-1][-1], token[0]
        words = (before.isalnum() or before in "_\"'") and (after.isalnum() or after in "_\"'")
        if words or (before in _STICKY and after in _STICKY):
            tokens.append(" ")
    tokens.append(token)


def _find(text: str, what: str, position: int, limit: int, name: str, begin: int) -> int:
    found = text.find(what, position, limit)
    if found < 0:
        raise ExpressionError(f"{name} in it never ends", begin)
    return found + len(what)


def _end_of_string(text: str, kind: str, begin: int, position: int, limit: int) -> int:
    if kind == "verbatim":
        while True:
            position = _find(text, '"', position, limit, "a string", begin)
            if not text.startswith('"', position):
                return position
            position += 1
    match = _STRING_END.match(text, position, limit)
    if not match:
        raise ExpressionError("a string in it never ends", begin)
    return match.end()


def _inside_string(text: str, position: int, limit: int, *, verbatim: bool) -> tuple[int, str]:
    """Go on in an interpolated string to its end (event C(")) or to the next hole (event C({))."""
    while True:
        match = _INTERPOLATED.search(text, position, limit)
        if not match:
            raise ExpressionError("a string in it never ends", position)
        mark, position = match.group(), match.end()
        if mark == "\\":
            position += 0 if verbatim else 1
        elif text.startswith(mark, position) and (mark != '"' or verbatim):
            position += 1  # doubled: {{ }} and, in verbatim strings, ""
        elif mark in '"{':
            return position, mark
