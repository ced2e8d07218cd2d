# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results against what the RETURN section of a module promises."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

MODULES = "ansible_collections.innergate.azure.plugins.modules"
#: What every result of Ansible has, and what it adds to them.
COMMON = {"changed", "failed", "msg", "diff", "warnings", "invocation", "exception", "skipped"}
TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "list": list,
    "dict": dict,
    "raw": object,
    "complex": (dict, list),
}


@cache
def promised(name: str) -> dict[str, Any]:
    """The RETURN section of a module."""
    found = yaml.load(
        importlib.import_module(f"{MODULES}.{name}").RETURN, getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    assert isinstance(found, dict)
    return found


def module_of(task: object) -> str | None:
    """The name of the module whose task it is, of those that have been imported; null for a task of a test's own."""
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{MODULES}.") and getattr(module, "TASK", None) is task:
            return name.removeprefix(f"{MODULES}.")
    return None


def broken(name: str, result: Mapping[str, Any]) -> list[str]:
    """Everything in a result that is not as the RETURN section says."""
    values = promised(name)
    rest = {key: value for key, value in result.items() if key not in COMMON or key in values}
    problems = list(_object(values, rest, ""))
    failed = bool(result.get("failed"))
    for key, value in values.items():
        if key not in result and value["returned"] == ("failure" if failed else "success"):
            problems.append(f"{key}: not there, although it is returned on {value['returned']}")
        if key not in result and value["returned"] == "always" and not failed:
            problems.append(f"{key}: not there, although it is returned always")
    return problems


def _object(promise: Mapping[str, Any], found: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, value in found.items():
        one = _of(promise, key)
        if one is None:
            yield f"{where}{key}: not documented"
        else:
            yield from _value(one, value, where + key)
    if where:
        for key, value in promise.items():
            if value["returned"] == "always" and key not in found:
                yield f"{where}{key}: not there, although it is returned always"


def _of(promise: Mapping[str, Any], key: str) -> Any:
    """What is promised of a key. One in capitals stands for the names of things."""
    return promise.get(key) or next((value for name, value in promise.items() if name.isupper()), None)


def _value(promise: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if value is None:
        return
    kind = promise["type"]
    if not isinstance(value, TYPES[kind]) or (kind in ("int", "float") and isinstance(value, bool)):
        yield f"{where}: {type(value).__name__}, and documented as {kind}"
        return
    if kind == "dict" and "contains" in promise:
        yield from _object(promise["contains"], value, f"{where}.")
    if kind == "list":
        for item in value:
            one = {**promise, "type": promise.get("elements", "raw")}
            yield from _value(one, item, f"{where}[]")


def keys(promise: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """All keys that are promised, as C(resource.sku.name), and C(ports[]) for what is in a list."""
    for key, value in promise.items():
        yield where + key
        if value["type"] == "list":
            yield f"{where}{key}[]"
        yield from keys(value.get("contains") or {}, f"{where}{key}.")


def seen(found: Mapping[str, Any], promise: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Those of them that a result has with a value."""
    for key, value in found.items():
        one = _of(promise, key)
        if one is None or value is None:
            continue
        name = key if key in promise else min(name for name in promise if name.isupper())
        yield where + name
        if isinstance(value, list) and any(item is not None for item in value):
            yield f"{where}{name}[]"
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from seen(item, one.get("contains") or {}, f"{where}{name}.")


def unlike(promise: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Samples that are not of the type that is promised beside them."""
    for key, value in promise.items():
        if "sample" in value:
            yield from _value(value, value["sample"], where + key)
        yield from unlike(value.get("contains") or {}, f"{where}{key}.")
