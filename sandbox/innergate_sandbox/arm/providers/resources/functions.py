# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions of ARM templates that need nothing but their arguments (Learn, "ARM template functions")."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote, unquote, urljoin

from innergate_sandbox.arm.providers.resources.language import Evaluator, Function, TemplateError

_GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")  # the name space of ARM's guid(): Learn, "guid"


def text(value: Any) -> str:
    """Return a value as a text, as concat, format and string do."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def _concat(*parts: Any) -> Any:
    if parts and all(isinstance(part, list) for part in parts):
        return [item for part in parts for item in part]
    return "".join(text(part) for part in parts)


def _format(pattern: str, *values: Any) -> str:
    def one(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        value, style = values[int(match[1])], match[2] or ""
        number = re.fullmatch(r":[DdXx](\d*)", style)
        if number and isinstance(value, int):
            kind = style[1]
            return f"{value:{'0' + (number[1] or '1')}{'d' if kind in 'Dd' else kind}}"
        return text(value)

    return re.sub(r"\{\{|\}\}|\{(\d+)(:[^}]*)?\}", one, pattern)


def _unique(*parts: Any) -> str:
    """13 letters and digits that depend on the arguments only. (ARM's own hash is not published.)"""
    digest = hashlib.sha256("-".join(map(text, parts)).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:13]


def _contains(holder: Any, wanted: Any) -> bool:
    if isinstance(holder, dict):
        return str(wanted).lower() in (key.lower() for key in holder)
    return wanted in holder


def _equals(one: Any, other: Any) -> bool:
    return bool(type(one) is type(other) and one == other)


def _union(*parts: Any) -> Any:
    if all(isinstance(part, dict) for part in parts):
        found: dict[str, Any] = {}
        for part in parts:
            for key, value in part.items():
                both = isinstance(value, dict) and isinstance(found.get(key), dict)
                found[key] = _union(found[key], value) if both else value
        return found
    return _distinct(item for part in parts for item in part)


def _distinct(items: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _intersection(first: Any, *rest: Any) -> Any:
    if isinstance(first, dict):
        return {key: value for key, value in first.items() if all(other.get(key) == value for other in rest)}
    return _distinct(item for item in first if all(item in other for other in rest))


def _numbers(parts: tuple[Any, ...]) -> list[int]:
    return parts[0] if len(parts) == 1 and isinstance(parts[0], list) else list(parts)


def _bool(value: Any) -> bool:
    if isinstance(value, str):
        known = {"true": True, "1": True, "false": False, "0": False}
        if value.lower() not in known:
            raise ValueError(f"'{value}' is no boolean")
        return known[value.lower()]
    return bool(value)


def _split(value: str, by: Any) -> list[str]:
    signs = [by] if isinstance(by, str) else by
    return re.split("|".join(map(re.escape, signs)), value)


def _substring(value: str, start: int, length: int | None = None) -> str:
    if start < 0 or start + (length or 0) > len(value):
        raise ValueError("the index and length must refer to a location within the string")
    return value[start:] if length is None else value[start : start + length]


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _cidr_subnet(network: str, size: int, index: int) -> str:
    subnets = ip_network(network, strict=False).subnets(new_prefix=size)
    return str(next(found for number, found in enumerate(subnets) if number == index))


def _cidr_host(network: str, index: int) -> str:
    return str(ip_network(network, strict=False)[index + 1])


def _items(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value[key]} for key in sorted(value)]


def _guid(*parts: Any) -> str:
    return str(uuid.uuid5(_GUIDS, "-".join(map(text, parts))))


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _decoded(value: str) -> str:
    return base64.b64decode(value).decode()


FUNCTIONS: dict[str, Function] = {
    "concat": _concat,
    "format": _format,
    "string": lambda value: value if isinstance(value, str) else text(value),
    "tolower": lambda value: value.lower(),
    "toupper": lambda value: value.upper(),
    "trim": lambda value: value.strip(),
    "replace": lambda value, old, new: value.replace(old, new),
    "split": _split,
    "join": lambda items, by: by.join(map(text, items)),
    "substring": _substring,
    "padleft": lambda value, length, sign=" ": text(value).rjust(length, sign),
    "startswith": lambda value, part: value.lower().startswith(part.lower()),
    "endswith": lambda value, part: value.lower().endswith(part.lower()),
    "indexof": lambda value, part: (
        value.lower().find(part.lower()) if isinstance(value, str) else value.index(part) if part in value else -1
    ),
    "lastindexof": lambda value, part: value.lower().rfind(part.lower()),
    "uniquestring": _unique,
    "guid": _guid,
    "newguid": lambda: str(uuid.uuid4()),
    "base64": _base64,
    "base64tostring": _decoded,
    "base64tojson": lambda value: json.loads(_decoded(value)),
    "uri": lambda base, more: urljoin(base if base.endswith("/") else base + "/", more),
    "uricomponent": lambda value: quote(value, safe=""),
    "uricomponenttostring": unquote,
    "datauri": lambda value: f"data:text/plain;charset=utf8;base64,{_base64(value)}",
    "length": len,
    "empty": lambda value: value is None or len(value) == 0,
    "contains": _contains,
    "first": lambda value: value[0] if value else ("" if isinstance(value, str) else None),
    "last": lambda value: value[-1] if value else ("" if isinstance(value, str) else None),
    "skip": lambda value, count: value[max(0, count) :],
    "take": lambda value, count: value[: max(0, count)],
    "union": _union,
    "intersection": _intersection,
    "createarray": lambda *items: list(items),
    "array": lambda value: value if isinstance(value, list) else [value],
    "createobject": lambda *parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    "items": _items,
    "objectkeys": sorted,
    "flatten": lambda value: [item for inner in value for item in inner],
    "range": lambda start, count: list(range(start, start + count)),
    "json": _json,
    "int": int,
    "bool": _bool,
    "true": lambda: True,
    "false": lambda: False,
    "null": lambda: None,
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one - other,
    "mul": lambda one, other: one * other,
    "div": lambda one, other: int(one / other),
    "mod": lambda one, other: one % other,
    "min": lambda *parts: min(_numbers(parts)),
    "max": lambda *parts: max(_numbers(parts)),
    "equals": _equals,
    "not": lambda value: not value,
    "greater": lambda one, other: one > other,
    "greaterorequals": lambda one, other: one >= other,
    "less": lambda one, other: one < other,
    "lessorequals": lambda one, other: one <= other,
    "cidrsubnet": _cidr_subnet,
    "cidrhost": _cidr_host,
}


def _if(evaluator: Evaluator, arguments: tuple[Any, ...]) -> Any:
    if len(arguments) != 3:
        raise TemplateError("The template language function 'if' expects three parameters.")
    return evaluator.node(arguments[1] if _bool(evaluator.node(arguments[0])) else arguments[2])


def _and(evaluator: Evaluator, arguments: tuple[Any, ...]) -> bool:
    return all(_bool(evaluator.node(argument)) for argument in arguments)


def _or(evaluator: Evaluator, arguments: tuple[Any, ...]) -> bool:
    return any(_bool(evaluator.node(argument)) for argument in arguments)


def _coalesce(evaluator: Evaluator, arguments: tuple[Any, ...]) -> Any:
    values = (evaluator.node(argument) for argument in arguments)
    return next((value for value in values if value is not None), None)


LAZY: dict[str, Function] = {"if": _if, "and": _and, "or": _or, "coalesce": _coalesce}
