# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GraphQL and gRPC (protobuf): compared as a whole, by their words, without white space and comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    SpecificationError,
)

# Whatever begins first is what it is: there are no comments in a text, and no texts in a comment.
_WORD = r"(?P<word>[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.])"
_GRAPHQL = re.compile(r'#[^\r\n]*|,|(?P<text>"""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\r\n])*")|' + _WORD, re.DOTALL)
_PROTO = re.compile(
    r"""//[^\r\n]*|/\*.*?\*/|(?P<text>"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*')|""" + _WORD, re.DOTALL
)
_DEFINITIONS = frozenset(("directive", "enum", "input", "interface", "scalar", "schema", "type", "union"))
#: What may stand before the first of several, and what that stands behind.
_LEADING = frozenset((("=", "|"), ("on", "|"), ("implements", "&")))

_LINES = re.compile(r"\r\n|\n|\r")
_GRAPHQL_ESCAPE = re.compile(
    r"\\(?:u\{(?P<code>0*[0-9A-Fa-f]{1,6})\}|u(?P<unit>[0-9A-Fa-f]{4})|(?P<sign>.))", re.DOTALL
)
_GRAPHQL_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}

_PROTO_ESCAPE = re.compile(
    r"\\(?:[xX](?P<hex>[0-9A-Fa-f]{1,2})|(?P<oct>[0-7]{1,3})|u(?P<unit>[0-9A-Fa-f]{4})|U(?P<code>[0-9A-Fa-f]{8})"
    r"|(?P<sign>.))",
    re.DOTALL,
)
_PROTO_SIGNS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PROTO_SIGNS |= {sign: sign for sign in "?\\'\""}
# No number has more digits than 64 bits need.
_PROTO_NUMBER = re.compile(r"0[xX]0*(?P<hex>[0-9A-Fa-f]{1,16})|0+(?P<oct>[0-7]{1,22})")
_HIGHEST = 0x10FFFF


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
    """A text of GraphQL in a form that is the same for all ways to write it.

    What a text between three quotation marks says does not depend on how its lines end, and how far all of them are
    indented; and a sign may stand before the first of several types or places, too (GraphQL specification, October
    2021: BlockStringValue, UnionMemberTypes, ImplementsInterfaces, DirectiveLocations).
    """
    found: list[str] = []
    for word in _words(_GRAPHQL, text):
        if (found[-1] if found else "", word) not in _LEADING:
            found.append(_graphql_text(word) if word.startswith('"') else word)
    return json.dumps(found)


def _graphql_text(word: str) -> str:
    """What a text says, behind one quotation mark."""
    if word.startswith('"""') and len(word) >= 6:
        return '"' + _block(word[3:-3].replace(r'\"""', '"""'))
    said = _GRAPHQL_ESCAPE.sub(_graphql_sign, word[1:-1])
    # Two escapes of UTF-16 stand for one character beyond its first 65536.
    return '"' + said.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _block(raw: str) -> str:
    """(GraphQL specification, October 2021: BlockStringValue.)"""
    lines = _LINES.split(raw)
    indents = [len(line) - len(line.lstrip(" \t")) for line in lines[1:] if line.strip(" \t")]
    common = min(indents, default=0)
    lines = [lines[0], *(line[common:] for line in lines[1:])]
    filled = [index for index, line in enumerate(lines) if line.strip(" \t")]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def _graphql_sign(found: re.Match[str]) -> str:
    """What an escape stands for; one that GraphQL does not know for itself."""
    code = int(found["code"] or found["unit"] or "110000", 16)
    return chr(code) if code <= _HIGHEST else _GRAPHQL_SIGNS.get(found["sign"] or "", found[0])


def proto_tokens(text: str) -> str:
    """The same of protobuf.

    A text may be in either kind of quotes, in several pieces and with escapes for any of its bytes, a number may be
    hexadecimal or octal, a call without options may end with C({}) as well as with C(;), and a C(;) that ends nothing
    means nothing (protobuf.dev, "Protocol Buffers Language Specification (Proto3)": strLit, intLit, service,
    emptyStatement; "Text Format Language Specification": String Concatenation, separators).
    """
    found: list[str] = []
    for word in _in_one_piece(map(_proto_word, _words(_PROTO, text))):
        if word == ";" and found[-1:] in ([";"], ["{"], ["}"]):
            continue
        if word == "}" and found[-2:] == [")", "{"]:
            found[-1:] = [";"]
        elif word != ",":
            found.append(word)
    return json.dumps(found)


def _in_one_piece(words: Iterable[str]) -> Iterator[str]:
    """The words, with texts joined between which there is nothing."""
    text = ""
    for word in words:
        if word.startswith('"'):
            text = text + word[1:] if text else word
            continue
        if text:
            yield text
            text = ""
        yield word
    if text:
        yield text


def _proto_word(word: str) -> str:
    """The bytes of a text, each as a character of its own, behind one quotation mark; whole numbers in decimal."""
    if word.startswith(("'", '"')):
        return '"' + "".join(_proto_bytes(word[1:-1]))
    number = _PROTO_NUMBER.fullmatch(word)
    if number is None:
        return word
    return str(int(number["hex"], 16) if number["hex"] else int(number["oct"], 8))


def _proto_bytes(raw: str) -> Iterator[str]:
    end = 0
    for found in _PROTO_ESCAPE.finditer(raw):
        yield _as_bytes(raw[end : found.start()])
        end = found.end()
        if found["hex"] or found["oct"]:
            yield chr(int(found["hex"], 16) if found["hex"] else int(found["oct"], 8) & 0xFF)
            continue
        code = int(found["code"] or found["unit"] or "110000", 16)
        # An escape that protobuf does not know stands for itself.
        yield _as_bytes(chr(code) if code <= _HIGHEST else _PROTO_SIGNS.get(found["sign"] or "", found[0]))
    yield _as_bytes(raw[end:])


def _as_bytes(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _words(language: re.Pattern[str], text: str) -> list[str]:
    return [found["text"] or found["word"] for found in language.finditer(text) if found["text"] or found["word"]]
