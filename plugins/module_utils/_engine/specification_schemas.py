# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the schemas that a specification has with those that the service keeps. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import specification_xsd
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
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
        elif key in ("required", "enum") and isinstance(value, list):
            value = sorted(str(item) for item in value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            value = float(value)
        found[key] = value
    return found
