# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies checked and read with the SDK's own model metadata (azure-mgmt-apimanagement).

The generated models know the wire name, type, limits and enumeration of every property; nothing of that is written
down again here. What they lost (which flattened properties are required) stands in the declarations.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from enum import EnumMeta
from typing import Any

from azure.mgmt.apimanagement import models

from .faults import Flaw

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
# values that the service knows and the enumerations of this SDK version do not (Terraform documents PremiumV2)
_LATER = {"SkuType": ("PremiumV2",)}


@dataclass(frozen=True)
class Property:
    """One property of a model: where it stands in the JSON, its type and its limits."""

    path: tuple[str, ...]
    type: str
    rules: dict[str, Any] = field(default_factory=dict)
    values: tuple[str, ...] = ()


@functools.cache
def properties(model: str) -> tuple[Property, ...]:
    """The properties of a model class of the SDK, inherited ones included."""
    cls = getattr(models, model)
    found = []
    for attribute, entry in cls._attribute_map.items():
        path = tuple(part.replace("\0", ".") for part in entry["key"].replace("\\.", "\0").split("."))
        rules = cls._validation.get(attribute, {})
        found.append(Property(path, entry["type"], rules, _values(cls, attribute)))
    return tuple(found)


def _values(cls: type, attribute: str) -> tuple[str, ...]:
    """The values of an enumeration: the documentation of a model names the enumeration of each attribute."""
    for base in cls.__mro__:
        text = " ".join((base.__doc__ or "").split())
        # the declared type stands between ":vartype name:" and the next ":"-word or the end of the sentence
        found = re.search(rf":vartype {attribute}: (.*?)(?= :|$)", text)
        if found:
            named = re.search(r"str or ~azure\.mgmt\.apimanagement\.models\.(\w+)", found[1])
            kind = getattr(models, named[1], None) if named else None
            if isinstance(kind, EnumMeta):
                members: dict[str, Any] = dict(kind.__members__)
                known = tuple(str(member.value) for member in members.values())
                return known + _LATER.get(named[1] if named else "", ())
    return ()


def read(model: str, body: Any, *, partial: bool = False) -> tuple[dict[str, Any], list[Flaw]]:
    """What a body says in terms of a model, without what clients may not set or the model does not know.

    `partial` (a PATCH): nothing is required at the top, null means "clear" and is kept; otherwise null is nothing.
    Returns the cleaned JSON object and the flaws found.
    """
    flaws: list[Flaw] = []
    if not isinstance(body, dict):
        return {}, [Flaw("", "The request body must be a JSON object.")]
    if not hasattr(models, model):
        return dict(body), flaws  # an older SDK does not know the type: take the body as it is
    return _object(model, body, "", partial, flaws), flaws


def _object(model: str, body: dict[str, Any], where: str, partial: bool, flaws: list[Flaw]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for item in properties(model):
        present, value = _find(body, item.path)
        target = ".".join(filter(None, (where, *(part for part in item.path if part != "properties"))))
        if item.rules.get("readonly"):
            continue
        if not present or value is None:
            if item.rules.get("required") and not item.rules.get("constant") and not (partial and not present):
                flaws.append(Flaw(target, f"{_title(item.path[-1])} is required."))
            if present and partial:
                _set(clean, item.path, None)
            continue
        _set(clean, item.path, _value(item.type, item, value, target, partial, flaws))
    return clean


def _value(kind: str, item: Property, value: Any, where: str, partial: bool, flaws: list[Flaw]) -> Any:
    if kind[0] == "[":
        return _list(kind[1:-1], item, value, where, flaws)
    if kind[0] == "{":
        if not isinstance(value, dict):
            flaws.append(_unreadable(value, "System.Collections.Generic.Dictionary", where))
            return {}
        single = Property(item.path, kind[1:-1])
        return {
            k: v if v is None else _value(kind[1:-1], single, v, f"{where}.{k}", False, flaws) for k, v in value.items()
        }
    if kind in _SCALARS:
        return _scalar(kind, item, value, where, flaws)
    if not hasattr(models, kind):
        return value
    if isinstance(getattr(models, kind), EnumMeta):
        return _scalar("str", item, value, where, flaws)
    if not isinstance(value, dict):
        flaws.append(_unreadable(value, kind, where))
        return {}
    return _object(kind, value, where, partial, flaws)


def _list(kind: str, item: Property, value: Any, where: str, flaws: list[Flaw]) -> list[Any]:
    if not isinstance(value, list):
        flaws.append(_unreadable(value, "System.Collections.Generic.List", where))
        return []
    least, most = item.rules.get("min_items"), item.rules.get("max_items")
    if most is not None and len(value) > most:
        flaws.append(Flaw(where, f"{_title(item.path[-1])} can have at most {most} items."))
    if least and len(value) < least:
        flaws.append(Flaw(where, f"{_title(item.path[-1])} must have at least {least} items."))
    single = Property(item.path, kind, {}, item.values)
    return [
        _value(kind, single, entry, f"{where}[{number}]", False, flaws)
        for number, entry in enumerate(value)
        if entry is not None
    ]


_SCALARS = {
    "str": "System.String",
    "bool": "System.Boolean",
    "int": "System.Int32",
    "long": "System.Int64",
    "float": "System.Double",
    "iso-8601": "System.DateTime",
    "duration": "System.TimeSpan",
    "object": "System.Object",
}
"""The kinds of the SDK's models, under the names that the service gives them in errors."""


def _unreadable(value: Any, kind: str, where: str) -> Flaw:
    return Flaw(where, f"Error converting value {json.dumps(value)} to type '{kind}'. Path '{where}'.")


def _scalar(kind: str, item: Property, value: Any, where: str, flaws: list[Flaw]) -> Any:
    if kind == "object":
        return value
    convert = {"str": _text, "bool": _truth, "iso-8601": _time, "duration": _span}.get(kind, _number)
    converted = convert(value)
    if converted is None or (kind in ("int", "long") and converted != int(converted)):
        flaws.append(_unreadable(value, _SCALARS[kind], where))
        return None
    if item.values and isinstance(converted, str):
        known = {name.lower(): name for name in item.values}
        if converted.lower() not in known:
            flaws.append(
                Flaw(
                    where,
                    f"'{converted}' is not a valid value for {_title(item.path[-1])}. "
                    f"Valid values are: {', '.join(item.values)}.",
                )
            )
        return known.get(converted.lower(), converted)
    _limits(item, converted, where, flaws)
    return converted


def _limits(item: Property, value: Any, where: str, flaws: list[Flaw]) -> None:
    rules, title = item.rules, _title(item.path[-1])
    if isinstance(value, str):
        least, most = rules.get("min_length", 0), rules.get("max_length")
        if len(value) < least or (most is not None and len(value) > most):
            bound = f"between {least} and {most}" if most is not None else f"at least {least}"
            flaws.append(Flaw(where, f"{title} should have length of {bound} characters."))
        if "pattern" in rules and not re.search(rules["pattern"], value):
            flaws.append(Flaw(where, f"{title} does not match the pattern {rules['pattern']}."))
    elif not isinstance(value, bool):
        least, most = rules.get("minimum", value), rules.get("maximum", value)
        if not least <= value <= most:
            bound = f"{rules.get('minimum', '')}..{rules.get('maximum', '')}"
            flaws.append(Flaw(where, f"{title} is outside of the valid range {bound}."))


def _text(value: Any) -> str | None:
    """Json.NET, which the service uses, turns plain values into texts: True becomes "True"."""
    return str(value) if isinstance(value, (str, int, float)) else None


def _truth(value: Any) -> bool | None:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value if isinstance(value, bool) else None


def _number(value: Any) -> float | int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _time(value: Any) -> str | None:
    return value if isinstance(value, str) and _TIME.fullmatch(value) else None


def _span(value: Any) -> str | None:
    return value if isinstance(value, str) and _DURATION.fullmatch(value) else None


def _find(body: dict[str, Any], path: tuple[str, ...]) -> tuple[bool, Any]:
    """Whether a body has a property, and its value. Names of properties are compared without case, as Json.NET does."""
    here: Any = body
    for part in path:
        if not isinstance(here, dict):
            return False, None
        if part not in here:
            part = next((key for key in here if key.lower() == part.lower()), part)
        if part not in here:
            return False, None
        here = here[part]
    return True, here


def _set(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        target = target.setdefault(part, {})
    target[path[-1]] = value


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
