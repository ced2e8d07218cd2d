# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader of OpenAPI documents says of parts that are of another kind than they have to be.

The service reads with Microsoft.OpenApi, whose words some of these are ("The field 'name' in 'parameter' object is
REQUIRED."); which of them the service shows was not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PLACES = ("path", "query", "header", "cookie", "body", "formData")
KINDS: dict[str, tuple[type, ...]] = {
    "an object": (dict,),
    "a list": (list,),
    "a text": (str, int, float, bool),
    "a schema": (dict, bool),
}
RULES: list[tuple[str, str]] = [
    ("info", "an object"),
    ("info.title", "a text"),
    ("info.description", "a text"),
    ("host", "a text"),
    ("basePath", "a text"),
    ("schemes", "a list"),
    ("consumes", "a list"),
    ("produces", "a list"),
    ("servers", "a list"),
    ("servers.*", "an object"),
    ("servers.*.url", "a text"),
    ("servers.*.variables", "an object"),
    ("servers.*.variables.*", "an object"),
    ("paths", "an object"),
    ("paths.*", "an object"),
    ("paths.*.parameters", "a list"),
    ("paths.*.parameters.*", "an object"),
    *[(f"paths.*.{method}", "an object") for method in METHODS],
    *[
        (f"paths.*.{method}.{name}", kind)
        for method in METHODS
        for name, kind in (
            ("operationId", "a text"),
            ("summary", "a text"),
            ("description", "a text"),
            ("consumes", "a list"),
            ("produces", "a list"),
            ("parameters", "a list"),
            ("parameters.*", "an object"),
            ("requestBody", "an object"),
            ("requestBody.content", "an object"),
            ("requestBody.content.*", "a schema"),
            ("responses", "an object"),
            ("responses.*", "an object"),
            ("responses.*.description", "a text"),
            ("responses.*.content", "an object"),
            ("responses.*.content.*", "a schema"),
            ("responses.*.headers", "an object"),
        )
    ],
]


def errors(document: dict[str, Any]) -> list[str]:
    """One line for each part that is of another kind."""
    found = [
        f"The value at '#/{pointer}' must be {kind}."
        for path, kind in RULES
        for pointer, value in _at(document, path.split("."))
        if value is not None and not isinstance(value, KINDS[kind])
    ]
    if found:
        return found
    found = [
        f"The path item name '{path}' MUST begin with a slash."
        for path in document.get("paths") or {}
        if not path.startswith(("/", "x-"))
    ]
    for path in ("paths.*.parameters.*", *(f"paths.*.{method}.parameters.*" for method in METHODS)):
        for pointer, parameter in _at(document, path.split(".")):
            if isinstance(parameter, dict) and "$ref" not in parameter:
                found += _parameter(pointer, parameter)
    return found


def _parameter(pointer: str, parameter: dict[str, Any]) -> Iterator[str]:
    for name in ("name", "in"):
        if parameter.get(name) in (None, ""):
            yield f"The field '{name}' in 'parameter' object is REQUIRED."
        elif not isinstance(parameter[name], KINDS["a text"]):
            yield f"The value at '#/{pointer}/{name}' must be a text."
    if isinstance(parameter.get("in"), str) and parameter["in"] not in ("", *PLACES):
        yield f"The value '{parameter['in']}' at '#/{pointer}/in' is not one of {', '.join(PLACES)}."
    if str(parameter.get("required", "")).lower() not in ("", "none", "true", "false"):  # bool.Parse of a scalar
        yield f"The value at '#/{pointer}/required' must be a boolean."
    for name, kind in (("description", "a text"), ("schema", "a schema")):
        if parameter.get(name) is not None and not isinstance(parameter[name], KINDS[kind]):
            yield f"The value at '#/{pointer}/{name}' must be {kind}."


def _at(value: Any, path: list[str], pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that a path leads to, with its place; `*` stands for every key or item, extensions aside."""
    if not path:
        yield pointer.lstrip("/"), value
        return
    step, *rest = path
    if isinstance(value, dict):
        names = [name for name in value if not str(name).startswith("x-")] if step == "*" else [step]
        for name in names:
            if name in value:
                yield from _at(value[name], rest, f"{pointer}/{name}")
    elif isinstance(value, list) and step == "*":
        for index, item in enumerate(value):
            yield from _at(item, rest, f"{pointer}/{index}")
