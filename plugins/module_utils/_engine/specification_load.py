# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the text of a specification into data, or into one sentence that says where it is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, cast
from xml.etree import ElementTree

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import SpecificationError

try:
    import yaml
except ImportError:  # where a module runs remotely; Ansible itself always has it
    HAS_YAML = False
else:
    from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_yaml

    HAS_YAML = True

#: Documents that people use nest some twenty levels.
DEEPEST = 200

#: A text, or the whole of what is written without quotes.
_JSON_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<word>[^\s"\[\]{},:]+)', re.DOTALL)
_JSON_MARKS = re.compile(r'[{}]|(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"', re.DOTALL)
_DECLARATION = re.compile(
    r"""^\s*<\?xml\s+version\s*=\s*(["'])1\.[0-9]+\1"""
    r"""(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.\-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>"""
)
#: What may stand before a document type: a declaration, instructions and comments (XML 1.0, production 22).
_PROLOGUE = re.compile(r"\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*", re.DOTALL)


class RefusedError(SpecificationError):
    """The document is JSON, but has something in it that can't be taken: a key twice in an object, endless digits."""


def load_json(text: str) -> Any:
    """JSON. Raises SpecificationError with line and column, also for a key that an object has twice.

    C(NaN) and C(Infinity), which Python takes, are no JSON (RFC 8259, section 6).
    """
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise SpecificationError(f"this is no JSON: {error.msg}", error.lineno, error.colno) from None
    except _Twice as error:
        raise RefusedError(str(error), *_second(text, error.key)) from None
    except _Endless as error:
        raise RefusedError(str(error), *_word(text, error.word)) from None
    except _Constant as error:
        raise SpecificationError(f"this is no JSON: {error} is no value", *_word(text, str(error))) from None
    except RecursionError:
        raise SpecificationError("this is nested too deeply to be read") from None
    if _depth(found) > DEEPEST:
        raise SpecificationError("this is nested too deeply to be read")
    return found


def _depth(document: Any) -> int:
    level, depth = [document], 0
    while level and depth <= DEEPEST:
        depth += 1
        holders = [item for item in level if isinstance(item, (dict, list))]
        level = [item for holder in holders for item in (holder.values() if isinstance(holder, dict) else holder)]
    return depth


class _Twice(ValueError):
    """An object that has a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(f"an object has the key {key} twice")
        self.key = key


class _Endless(ValueError):
    """A number of more digits than Python reads (sys.set_int_max_str_digits): it can't be compared."""

    def __init__(self, word: str) -> None:
        super().__init__(f"a number of {len(word.lstrip('-'))} digits is too long to be read")
        self.word = word


class _Constant(ValueError):
    """C(NaN) or C(Infinity)."""


def _whole(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise _Endless(word) from None


def _refuse_constant(word: str) -> None:
    raise _Constant(word)


def _word(text: str, word: str) -> tuple[int, int]:
    """Line and column of the first such word that is no text."""
    start = next((found.start() for found in _JSON_WORDS.finditer(text) if found["word"] == word), None)
    return (0, 0) if start is None else place(text, start)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for index, name in enumerate(names) if name in names[:index]))
    return found


def _second(text: str, key: str) -> tuple[int, int]:
    """Line and column where an object names a key for the second time; 0, 0 if that can't be told."""
    opened: list[set[str]] = []
    for match in _JSON_MARKS.finditer(text):
        mark, name = match.group(), match["key"]
        if mark in "{}":
            opened = [*opened, set()] if mark == "{" else opened[:-1]
        elif name is not None and opened:
            name = json.loads(name)
            if name == key and name in opened[-1]:
                return place(text, match.start())
            opened[-1].add(name)
    return 0, 0


def place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def load_yaml(text: str) -> Any:
    """YAML 1.2, of which JSON is a part. Raises SpecificationError with line and column.

    Only C(true) and C(false) are truth values, dates and C(12:30) are texts (YAML 1.2 core schema, which is also how
    OpenAPI wants to be read); a number still knows how it was written.
    """
    if text.lstrip().startswith("{"):
        try:
            return load_json(text)
        except SpecificationError as error:
            if isinstance(error, RefusedError) or not HAS_YAML:
                raise  # else YAML in braces, or JSON with a mistake: YAML's reader knows the line of both
    if not HAS_YAML:
        raise SpecificationError("the Python package PyYAML is needed to read YAML; give the document as JSON instead")
    try:
        return specification_yaml.load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = " ".join((error.problem or error.context or "it can't be read").split())
        raise SpecificationError(f"this is no YAML: {problem}", line, column) from None
    except yaml.YAMLError as error:
        raise SpecificationError(f"this is no YAML: {' '.join(str(error).split())}") from None


def load_xml(text: str, root: str) -> ElementTree.Element:
    """XML whose root element has that local name. Raises SpecificationError with the line."""
    _refuse_types(text)
    # Blanks in place of the declaration keep all else in its line and column.
    bare = _DECLARATION.sub(lambda declaration: re.sub(r"\S", " ", declaration[0]), text, count=1)
    try:
        element = ElementTree.fromstring(bare)
    except ElementTree.ParseError as error:
        line, column = error.position
        raise SpecificationError(f"this is no XML: {str(error).partition(':')[0]}", line, column + 1) from None
    if local(element) != root:
        raise SpecificationError(f"the root element is <{local(element)}>, not <{root}>", 1)
    return element


def xml_events(text: str) -> Iterator[tuple[str, Any]]:
    """XML as what begins and ends in it: C(start) of elements, C(start-ns) and C(end-ns) of prefixes before and after.

    Raises SpecificationError and ElementTree.ParseError.
    """
    _refuse_types(text)
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("start-ns", "end-ns", "start"))
    parser.feed(without_declaration(text))
    parser.close()
    yield from cast("Iterator[tuple[str, Any]]", parser.read_events())


def _refuse_types(text: str) -> None:
    prologue = _PROLOGUE.match(text)
    if prologue and text.startswith("<!DOCTYPE", prologue.end()):
        raise SpecificationError("a document type declaration is not allowed", text.count("\n", 0, prologue.end()) + 1)


def without_declaration(text: str) -> str:
    """XML without its declaration, which may name an encoding that the text, being a text, has no more."""
    return _DECLARATION.sub("", text, count=1)


def local(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def place_of(text: str, keys: Sequence[str]) -> tuple[int, int]:
    """Line and column (from 1) of what stands at a path of keys, in JSON or YAML; 0, 0 if that can't be told.

    Where the path ends early, it is the place of the last key that is there.
    """
    if not HAS_YAML:
        return 0, 0
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 0, 0
    mark = None
    for key in keys:
        if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            node = node.value[int(key)]
            mark = node.start_mark
            continue
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((name, value) for name, value in pairs if str(name.value) == key), None)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
