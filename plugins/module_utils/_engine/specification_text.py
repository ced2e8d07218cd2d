# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GraphQL and gRPC (protobuf): compared as a whole, by their words, without white space and comments."""

from __future__ import annotations

import json
import re

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    SpecificationError,
)

# Whatever begins first is what it is: there are no comments in a text, and no texts in a comment.
_WORD = r"(?P<word>[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.,])"
_GRAPHQL = re.compile(r'#[^\r\n]*|(?P<text>"""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\r\n])*")|' + _WORD, re.DOTALL)
_PROTO = re.compile(
    r"""//[^\r\n]*|/\*.*?\*/|(?P<text>"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*')|""" + _WORD, re.DOTALL
)
_DEFINITIONS = frozenset(("directive", "enum", "input", "interface", "scalar", "schema", "type", "union"))


def graphql(text: str) -> Expected:
    """A schema of GraphQL. Raises SpecificationError."""
    openings = [word for word in _words(_GRAPHQL, text)[:3] if word != "extend" and not word.startswith('"')]
    if not openings or openings[0] not in _DEFINITIONS:
        raise SpecificationError("the document has no GraphQL definitions")
    return Expected("graphql", text=graphql_tokens(text), text_type="graphql")


def grpc(text: str) -> Expected:
    """A definition of gRPC services, of which the first one names the API. Raises SpecificationError."""
    words = _words(_PROTO, text)
    depth = 0
    for index, word in enumerate(words):
        depth += (word == "{") - (word == "}")
        begins = index == 0 or words[index - 1] in ("}", ";")
        if depth == 0 and begins and word == "service" and words[index + 2 : index + 3] == ["{"]:
            return Expected("grpc", title=words[index + 1], text=proto_tokens(text), text_type="proto")
    raise SpecificationError("the document has no gRPC service")


def graphql_tokens(text: str) -> str:
    """A text of GraphQL in a form that is the same for all ways to write it."""
    return json.dumps(_words(_GRAPHQL, text))


def proto_tokens(text: str) -> str:
    """The same of protobuf.

    A text may be in either kind of quotes, a call without options may end with C({}) as well as with C(;), and a C(;)
    that ends nothing means nothing (protobuf.dev, "Protocol Buffers Language Specification (Proto3)": strLit, service,
    emptyStatement).
    """
    found: list[str] = []
    for word in map(_in_double_quotes, _words(_PROTO, text)):
        if word == ";" and found[-1:] in ([";"], ["{"], ["}"]):
            continue
        if word == "}" and found[-2:] == [")", "{"]:
            found[-1:] = [";"]
        else:
            found.append(word)
    return json.dumps(found)


def _in_double_quotes(word: str) -> str:
    """A text as it is in double quotes, without signs in front of others that need none; other words as they are."""
    if not word.startswith(("'", '"')):
        return word
    inner = re.sub(r"""\\(.)|(")""", lambda found: "'" if found[1] == "'" else f"\\{found[1] or found[2]}", word[1:-1])
    return f'"{inner}"'


def _words(language: re.Pattern[str], text: str) -> list[str]:
    return [found["text"] or found["word"] for found in language.finditer(text) if found["text"] or found["word"]]
