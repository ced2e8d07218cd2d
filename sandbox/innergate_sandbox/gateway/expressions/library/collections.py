# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrays, lists, dictionaries and sets."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.gateway.expressions.convert import convert, default
from innergate_sandbox.gateway.expressions.format import to_text
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import ExpressionError, Reference, items

arrays = Kind("List", list, tuple)
arrays.alias("Array", "IList", "IReadOnlyList", "ICollection", "IReadOnlyCollection", "HashSet", "Stack", "Queue")


def _at(source: Any, at: int) -> Any:
    if at < 0:
        raise IndexError
    return source[at]


def _put(source: Any, at: int, value: Any) -> None:
    if at < 0:
        raise IndexError
    source[at] = value


def _index_of(source: Any, item: Any) -> int:
    return next((at for at, found in enumerate(source) if found == item), -1)


def _remove(source: list[Any], item: Any) -> bool:
    present = item in source
    if present:
        source.remove(item)
    return present


arrays.constructor = lambda source=None, *dummy: list(items(source)) if source and not isinstance(source, int) else []
arrays.properties.update({"Length": len, "Count": len})
arrays.methods.update(
    {
        "Add": lambda source, item: source.append(item),
        "AddRange": lambda source, more: source.extend(items(more)),
        "Insert": lambda source, at, item: source.insert(at, item),
        "Remove": _remove,
        "RemoveAt": lambda source, at: source.pop(at) and None,
        "Clear": lambda source: source.clear(),
        "IndexOf": _index_of,
        "ForEach": lambda source, action: [action(item) for item in source] and None,
        "Find": lambda source, test: next((item for item in source if test(item)), None),
        "FindIndex": lambda source, test: next((at for at, item in enumerate(source) if test(item)), -1),
        "Exists": lambda source, test: any(test(item) for item in source),
        "Sort": lambda source, *dummy: source.sort(),
        "Push": lambda source, item: source.append(item),
        "Pop": lambda source: source.pop(),
        "Enqueue": lambda source, item: source.append(item),
        "Dequeue": lambda source: source.pop(0),
    }
)
arrays.get_item, arrays.set_item = _at, _put
arrays.static_methods.update(
    {
        "IndexOf": _index_of,
        "Exists": lambda source, test: any(test(item) for item in source),
        "Find": lambda source, test: next((item for item in source if test(item)), None),
        "ConvertAll": lambda source, make: [make(item) for item in source],
        "Empty": list,
        "Resize": lambda *dummy: None,
    }
)

byte_arrays = Kind("byte[]", bytes)
byte_arrays.properties.update({"Length": len, "Count": len})
byte_arrays.get_item = lambda source, at: source[at]

dictionaries = Kind("Dictionary", dict).alias("IDictionary", "IReadOnlyDictionary", "ConcurrentDictionary")


def get_or_default(source: Any, key: Any, *fallback: Any, types: tuple[TypeName, ...] = ()) -> Any:
    """Return `dictionary.GetValueOrDefault<T>(key, fallback)`; a stored value of another type is an error."""
    if key in source:
        found = source[key]
        return convert(found, types[0]) if types and found is not None and _differs(found, types[0]) else found
    return fallback[0] if fallback else default(types[0]) if types else None


def _differs(value: Any, wanted: TypeName) -> bool:
    """Say whether a value has to be read as the wanted type (an int where text lies, text where a number lies)."""
    names = {str: ("string", "String"), bool: ("bool", "Boolean"), int: ("int", "long", "Int32", "Int64")}
    return wanted.name in sum(names.values(), ()) and wanted.name not in names.get(type(value), ())


def _add(source: dict[Any, Any], key: Any, value: Any) -> None:
    if key in source:
        raise ExpressionError("An item with the same key has already been added.", "ArgumentException")
    source[key] = value


def _try_get(source: Any, key: Any, target: Reference) -> bool:
    target.value = source.get(key)
    return key in source


def _lookup(source: Any, key: Any) -> Any:
    if key not in source:
        raise ExpressionError(
            f"The given key '{to_text(key)}' was not present in the dictionary.", "KeyNotFoundException"
        )
    return source[key]


dictionaries.constructor = lambda source=None, *dummy: dict(source) if isinstance(source, dict) else {}
dictionaries.properties["Count"] = len
dictionaries.properties.update(
    {
        "Keys": list,
        "Values": lambda source: [source[key] for key in source],
    }
)
dictionaries.methods.update(
    {
        "ContainsKey": lambda source, key: key in source,
        "ContainsValue": lambda source, value: value in source.values(),
        "Add": _add,
        "Remove": lambda source, key: source.pop(key, None) is not None,
        "TryGetValue": _try_get,
        "Clear": lambda source: source.clear(),
    }
)
dictionaries.method("GetValueOrDefault", generic=True)(get_or_default)
dictionaries.get_item = _lookup
dictionaries.set_item = dict.__setitem__
