# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the parts of an OpenAPI or Swagger document that an import reads are of the kind that they have to be.

(OpenAPI 3.1.0, section 4.8, and Swagger 2.0; what they ask for beyond an import's needs is left to validators.) What is
null is as good as absent, a reference is looked at where it leads, and names that begin with C(x-) are anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: A scalar: YAML's numbers and truth values are texts as well, C(version: 1.0).
TEXT = "text"
FLAG = "flag"
OBJECT = "object"

_PARAMETER = {"name!": TEXT, "description": TEXT, "required": FLAG, "schema": OBJECT}
_CONTENT = {"content": {"*": OBJECT}}
_RESPONSES = {"*": {"description": TEXT, **_CONTENT}}
_OPERATION = {"operationId": TEXT, "summary": TEXT, "description": TEXT, "responses": _RESPONSES}
_INFO = {"info": {"title": TEXT, "description": TEXT}}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def _paths(parameter: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    parameters = {"parameters": [parameter]}
    return {"paths": {"*": {**parameters, **{method: {**operation, **parameters} for method in _METHODS}}}}


_SERVERS = {"servers": [{"url": TEXT, "variables": {"*": {"default": TEXT}}}]}
_PLACE = ("path", "query", "header", "cookie")
OPENAPI = {**_INFO, **_SERVERS, **_paths({**_PARAMETER, "in!": _PLACE}, {**_OPERATION, "requestBody": _CONTENT})}
_MIME = {"consumes": [TEXT], "produces": [TEXT]}
SWAGGER = {
    **_INFO,
    **_MIME,
    "host": TEXT,
    "basePath": TEXT,
    "schemes": [TEXT],
    **_paths({**_PARAMETER, "in!": (*_PLACE[:3], "body", "formData")}, {**_OPERATION, **_MIME}),
}


def flaws(value: Any, shape: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is not of its kind, as (message, keys that lead to it); a digit is the place in a list."""
    where = " ".join(keys)
    if value is None:
        return
    if isinstance(shape, str):
        yield from _scalar(value, shape, where, keys)
    elif isinstance(shape, tuple):
        if value not in shape:
            yield f"{where} is none of {', '.join(shape)}", keys
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} is no list", keys
            return
        for index, item in enumerate(value):
            yield from flaws(item, shape[0], (*keys, str(index)))
    elif not isinstance(value, Mapping):
        yield f"{where} is no object", keys
    elif "$ref" not in value:
        yield from _object(value, shape, keys)
    elif not isinstance(value["$ref"], str):
        yield f"{where} has a $ref that is no text", keys


def _scalar(value: Any, shape: str, where: str, keys: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if shape == TEXT and isinstance(value, (Mapping, list)):
        yield f"{where} is no text", keys
    elif shape == FLAG and str(value).lower() not in ("true", "false"):  # in quotes as well: YAML's scalars are texts
        yield f"{where} is neither true nor false", keys
    elif shape == OBJECT and not isinstance(value, (Mapping, bool)):
        yield f"{where} is no object", keys


def _object(
    value: Mapping[str, Any], shape: Mapping[str, Any], keys: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, inner in shape.items():
        if name == "*":
            for key, item in value.items():
                if not str(key).startswith("x-"):
                    yield from flaws(item, inner, (*keys, str(key)))
            continue
        key = name.rstrip("!")
        if name != key and value.get(key) in (None, ""):
            yield f"{' '.join(keys)} has no {key}", keys
        yield from flaws(value.get(key), inner, (*keys, key))
