# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads YAML as YAML 1.2 has it (core schema), from the events of PyYAML, which resolves values by YAML 1.1 only.

In YAML 1.1 C(on), C(no) and C(y) are truth values, C(12:30) is 750, C(010) is 8, and C(2020-01-31) is a date. In a
specification they are names of parameters and values of enumerations, and mean what they look like (OpenAPI 3.0.3,
section Format, recommends YAML 1.2 with the JSON schema, and keys that are texts).

Made of events because documents of many megabytes are read several times faster so than through PyYAML's nodes, and
because PyYAML's composer written in C does not survive deep nesting.
"""

from __future__ import annotations

import re
from typing import Any

try:
    import yaml
except ImportError:  # where a module runs remotely; Ansible itself always has it
    HAS_YAML = False
else:
    HAS_YAML = True

_DEEPEST = 200  # levels; documents that people use have some twenty
_LARGEST = 5_000_000  # values, each alias counted as what it stands for

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_MERGE = "<<"
_TAG = "tag:yaml.org,2002:"
_NUMBERS = frozenset("+-.0123456789")


class WrittenInt(int):
    """A whole number that still knows how it was written: C(007) is the number 7 and the text C(007)."""

    text: str

    def __str__(self) -> str:
        return self.text


class WrittenFloat(float):
    """The same for other numbers: C(1.10) is the number 1.1 and the text C(1.10)."""

    text: str

    def __str__(self) -> str:
        return self.text


def load(text: str) -> Any:
    """The one document in a text: dict with text keys, list, str, bool, None, and numbers that know their text.

    Raises yaml.YAMLError, with the place where that is known. So it does for what YAML allows and nobody can mean: a
    key that is there twice, a value that contains itself, a tag of a program's own.
    """
    builder = _Builder()
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        builder.take(event)
    return builder.document


class _Holder:
    """A list or mapping that is being read."""

    def __init__(self, value: list[Any] | dict[str, Any], anchor: str | None) -> None:
        self.value, self.anchor = value, anchor
        self.key: str | None = None
        self.own: set[str] = set()  # keys that a merge may not replace
        self.size = 1


class _Builder:
    def __init__(self) -> None:
        self.document: Any = None
        self.documents = 0
        self.stack: list[_Holder] = []
        self.anchors: dict[str, tuple[Any, int]] = {}

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if self._wants_key():
                self._name(event)
            else:
                self._add(_scalar(event), 1, event)
        elif isinstance(event, yaml.AliasEvent):
            if self._wants_key() or event.anchor not in self.anchors:
                raise _problem(f"the alias *{event.anchor} stands for nothing that can be here", event)
            value, size = self.anchors[event.anchor]
            self._add(value, size, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if self._wants_key():
                raise _problem("a key must be a text", event)
            if event.tag not in (None, "!", _TAG + "map", _TAG + "seq"):
                raise _problem(f"the tag {event.tag} has no meaning here", event)
            if len(self.stack) >= _DEEPEST:
                raise _problem("it is nested too deeply", event)
            mapping = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_Holder({} if mapping else [], event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            holder = self.stack.pop()
            self._add(holder.value, holder.size, event, anchor=holder.anchor)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _problem("another document begins here", event)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _name(self, event: Any) -> None:
        """The key of what follows."""
        holder, key = self.stack[-1], str(event.value)
        if key in holder.own:
            raise _problem(f"the key {key} is there twice", event)
        holder.own.add(key)
        holder.key = key
        if event.anchor:
            self.anchors[event.anchor] = (key, 1)

    def _add(self, value: Any, size: int, event: Any, anchor: str | None = None) -> None:
        """Put a complete value where it belongs."""
        anchor = anchor or (event.anchor if isinstance(event, yaml.ScalarEvent) else None)
        if anchor:
            self.anchors[anchor] = (value, size)
        if not self.stack:
            self.document = value
            return
        holder = self.stack[-1]
        holder.size += size
        if holder.size > _LARGEST:
            raise _problem("its aliases stand for too much", event)
        if isinstance(holder.value, list):
            holder.value.append(value)
            return
        key, holder.key = str(holder.key), None
        if key == _MERGE:
            for other in value if isinstance(value, list) else [value]:
                if not isinstance(other, dict):
                    raise _problem("only mappings can be merged", event)
                for name, item in other.items():
                    holder.value.setdefault(name, item)
        else:
            holder.value[key] = value


def _scalar(event: Any) -> Any:
    """What a single value means."""
    text, plain, tag = event.value, event.implicit[0], event.tag
    if tag in (None, "!"):
        if not plain:
            return text
        return _value(event)
    if tag == _TAG + "str":
        return text
    value = _value(event)
    kinds: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),)}
    if not isinstance(value, kinds.get(tag.removeprefix(_TAG), ())):
        raise _problem(f"the tag {tag} has no meaning here", event)
    return value


def _value(event: Any) -> Any:
    try:
        return _plain(event.value)
    except ValueError:  # of int, for more digits than Python reads (sys.set_int_max_str_digits)
        raise _problem(f"a number of {len(event.value.lstrip('+-'))} digits is too long to be read", event) from None


def _plain(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if text[0] not in _NUMBERS:
        return text
    if _INT.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        whole = WrittenInt(text[2:] if base != 10 else text, base)
        whole.text = text
        return whole
    if _FLOAT.fullmatch(text):
        number = WrittenFloat(re.sub(r"\.(inf|nan)", r"\1", text.lower()))
        number.text = text
        return number
    return text


def _problem(what: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=event.start_mark)
