# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as ARM reads it in deployments: with comments, names without quotes, 'quotes', texts over several lines.

`az deployment` sends the template as its author wrote it, behind a bare `template:`.
"""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<comma>,)
    |(?P<close>[}\]])
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)|(\")|([\x00-\x1f])", re.DOTALL)
_WORDS = ("true", "false", "null")


def strict(text: str) -> str:
    """Return the same as strict JSON; what cannot be JSON stays as it is, for a strict reader to refuse."""
    found: list[str] = []
    last, comma = "", False
    for token in _TOKEN.finditer(text):
        kind, value = token.lastgroup, token[0]
        if kind == "blank":
            found.append(" ")
            continue
        if comma and (kind != "close" or last in ("{", "[")):
            found.append(",")
        comma = kind == "comma"
        if kind == "text":
            found.append('"' + _ESCAPE.sub(_escaped, value[1:-1]) + '"')
        elif kind == "word" and value not in _WORDS and last != "-":
            found.append(json.dumps(value) if _is_name(text, token.end()) else value)
        elif kind != "comma":
            found.append(value)
        last = last if comma else value
    return "".join(found)


def _is_name(text: str, at: int) -> bool:
    return re.match(r"\s*:", text[at:]) is not None


def _escaped(match: re.Match[str]) -> str:
    if match[1] is not None:
        return "'" if match[1] == "'" else match[0] if match[1] not in "\r\n" else ""
    return '\\"' if match[2] else json.dumps(match[3])[1:-1]
