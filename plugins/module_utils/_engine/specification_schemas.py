# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the schemas that a specification has with those that the service keeps. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_xsd
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    NUMBER,
    Expected,
    mapping,
    text_of,
)

#: What makes up the meaning of a JSON schema. Titles, descriptions and examples do not.
_SCHEMA_KEYS = frozenset(
    (
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "discriminator",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "nullable",
        "oneOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "type",
        "uniqueItems",
        "writeOnly",
    )
)
#: What YAML and .NET call what is no number, or has no end.
_NO_NUMBER = re.compile(r"(-?)\+?\.?(inf|nan)(?:inity)?", re.IGNORECASE)
Json = Mapping[str, Any]


def schema_differences(
    expected: Expected, live: Sequence[Json], canonical: Callable[[str], str] | None = None
) -> Iterator[str]:
    """How the schemas differ. The service adds some of its own for nameless ones; these do not count.

    Schemas that come without their document (no recording of a list was found) tell nothing.
    """
    if live and not any("document" in mapping(item.get("properties")) for item in live):
        return
    documents = [
        (text_of(properties.get("contentType")), mapping(properties.get("document")))
        for properties in (mapping(item.get("properties")) for item in live)
    ]
    if expected.text and canonical:
        texts = [text_of(document.get("value")) for kind, document in documents if expected.text_type in kind.lower()]
        if not any(_canonical(text, canonical) == expected.text for text in texts):
            yield "the schema is another one" if texts else "the schema is missing"
        return
    if expected.xsd:
        texts = [text_of(document.get("value")) for kind, document in documents if expected.text_type in kind.lower()]
        if texts or expected.sure_of_xsd:
            yield from specification_xsd.differences(expected.xsd, [item for text in texts for item in _defined(text)])
        return
    found: dict[str, Any] = {}
    for _kind, document in documents:
        found |= dict(mapping(mapping(document.get("components")).get("schemas")))
        found |= dict(mapping(document.get("definitions")))
    for name, schema in expected.schemas.items():
        if name not in found:
            yield f"schema {name} is missing"
        elif _meaning(schema) != _meaning(found[name]):
            yield f"schema {name} is another one"


def _canonical(text: str, canonical: Callable[[str], str]) -> str:
    try:
        return canonical(text)
    except (ValueError, SyntaxError):  # ElementTree.ParseError is a SyntaxError
        return ""


def _defined(text: str) -> list[specification_xsd.Schema]:
    try:
        return specification_xsd.schemas(text)
    except (ValueError, SyntaxError):  # ElementTree.ParseError is a SyntaxError
        return []


def _meaning(schema: Any) -> Any:
    """A schema without what does not change which values it takes."""
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        says_nothing = value is None or value in ([], {}) or (value is False and key != "additionalProperties")
        if key not in _SCHEMA_KEYS or says_nothing:
            continue
        if key == "properties" and isinstance(value, Mapping):
            value = {name: _meaning(inner) for name, inner in value.items()}
        elif key in ("items", "not", "additionalProperties"):
            value = _meaning(value)
        elif key in ("allOf", "anyOf", "oneOf") and isinstance(value, list):
            value = [_meaning(inner) for inner in value]
        elif key == "required" and isinstance(value, list):
            value = sorted(map(str, value))
        elif key == "enum" and isinstance(value, list):
            value = sorted(map(_enumerated, value))
        else:
            value = _spelled(value)
        found[key] = value
    return found


def _spelled(value: Any) -> Any:
    """Data however YAML and JSON spell it: C(1.50) is C(1.5), C(.nan), which JSON has not, is C(NaN), a text.

    (YAML 1.2.2, section 10.3.2.) A number that no double can hold stays what it is.
    """
    if isinstance(value, Mapping):
        return {name: _spelled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    if isinstance(value, str):
        found = _NO_NUMBER.fullmatch(value)
        return (found[1] + found[2]).lower() if found else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    try:
        number = float(value)
    except OverflowError:
        return int(value)
    return number if math.isfinite(number) else str(number)


def _enumerated(value: Any) -> str:
    """One of several values. Numbers may have become texts, and the other way round: C(010) is one of either."""
    if isinstance(value, (bool, Mapping, list)) or (isinstance(value, float) and not math.isfinite(value)):
        return str(_spelled(value))
    text = str(value)
    return str(float(text)) if NUMBER.fullmatch(text) and math.isfinite(float(text)) else str(_spelled(text))
