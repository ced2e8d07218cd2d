# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of Newtonsoft's JSON types, and `JsonConvert`."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.gateway.expressions.convert import convert
from innergate_sandbox.gateway.expressions.format import TEXTS
from innergate_sandbox.gateway.expressions.library.basic import enumeration
from innergate_sandbox.gateway.expressions.library.json_tokens import (
    TYPE_NAMES,
    Array,
    Object,
    Property,
    Token,
    Value,
    children_of,
    dump,
    item,
    parse,
    parse_as,
    put,
    select,
    text_of,
    to_object,
    token,
    type_of,
)
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError

enumeration("Formatting", "None", "Indented")
enumeration("JTokenType", *TYPE_NAMES)
TEXTS[Token] = text_of

tokens = Kind("JToken", Token).alias("JContainer", "JRaw")
objects = Kind("JObject", Object)
arrays = Kind("JArray", Array)
values = Kind("JValue", Value)
properties = Kind("JProperty", Property)

tokens.static_methods.update(
    {"Parse": lambda text, *dummy: parse(text), "FromObject": lambda value, *dummy: token(value)}
)
objects.static_methods.update({"Parse": parse_as(Object, "JObject"), "FromObject": lambda value, *dummy: token(value)})
arrays.static_methods.update({"Parse": parse_as(Array, "JArray"), "FromObject": lambda value, *dummy: token(value)})
for _kind, _make in ((objects, Object), (arrays, Array), (values, Value), (properties, Property)):
    _kind.constructor = lambda *content, make=_make: make(*content)
values.static_methods["CreateNull"] = Value
tokens.get_item, tokens.set_item = item, put


def _first_selected(value: Token, path: str, *dummy: Any) -> Token | None:
    return next(iter(select(value, path)), None)


def _token_value(value: Token, *key: Any, types: tuple[TypeName, ...] = ()) -> Any:
    found = item(value, key[0]) if key else value
    return to_object(found, types) if found is not None else convert(None, types[0]) if types else None


tokens.methods.update(
    {
        "ToString": text_of,
        "SelectToken": _first_selected,
        "SelectTokens": lambda value, path, *dummy: select(value, path),
        "Children": lambda value: _properties(value) if isinstance(value, Object) else children_of(value),
        "Values": lambda value, *dummy: children_of(value),
        "DeepClone": lambda value: token(value.plain()),
    }
)
tokens.static_methods["DeepEquals"] = lambda left, right: left.plain() == right.plain()
tokens.method("Value", generic=True)(_token_value)
tokens.method("ToObject", generic=True)(lambda value, *dummy, types=(): to_object(value, types))
tokens.properties.update(
    {
        "Type": type_of,
        "HasValues": lambda value: bool(children_of(value)),
        "First": lambda value: next(iter(children_of(value)), None),
        "Last": lambda value: next(iter(children_of(value)[::-1]), None),
    }
)


def _properties(value: Object) -> list[Property]:
    return [Property(name, inner) for name, inner in value.members.items()]


def _add(value: Object, *content: Any) -> None:
    name = content[0].name if isinstance(content[0], Property) else content[0]
    if name in value.members:
        message = f"Can not add property {name} to Newtonsoft.Json.Linq.JObject. Property already exists."
        raise ExpressionError(message, "ArgumentException")
    value.members[name] = content[0].value if isinstance(content[0], Property) else token(content[1])


def _merge(value: Object, other: Object, *dummy: Any) -> None:
    for name, inner in other.members.items():
        mine = value.members.get(name)
        if isinstance(mine, Object) and isinstance(inner, Object):
            _merge(mine, inner)
        else:
            value.members[name] = inner


def _named(value: Object, name: str, *options: Any) -> Token | None:
    lower = name.lower() if options else None
    return next((inner for key, inner in value.members.items() if key == name or key.lower() == lower), None)


def _try_get(value: Object, name: str, *rest: Any) -> bool:
    rest[-1].value = _named(value, name, *rest[:-1])
    return rest[-1].value is not None


objects.methods.update(
    {
        "Add": _add,
        "Remove": lambda value, name: value.members.pop(name, None) is not None,
        "ContainsKey": lambda value, name: name in value.members,
        "Property": lambda value, name: next((p for p in _properties(value) if p.name == name), None),
        "Properties": _properties,
        "PropertyValues": children_of,
        "GetValue": _named,
        "TryGetValue": _try_get,
        "Merge": _merge,
    }
)
objects.properties["Count"] = len
arrays.methods.update(
    {
        "Add": lambda value, new: value.items.append(token(new)),
        "Insert": lambda value, at, new: value.items.insert(at, token(new)),
        "RemoveAt": lambda value, at: value.items.pop(at) and None,
        "Remove": lambda value, old: old in value.items and value.items.remove(old) is None,
        "Clear": lambda value: value.items.clear(),
    }
)
arrays.properties["Count"] = len
values.properties["Value"] = lambda value: value.value
properties.properties.update({"Name": lambda value: value.name, "Value": lambda value: value.value})

converter = Kind("JsonConvert")
converter.static_methods.update(
    {
        "SerializeObject": lambda value, *options: dump(value, *(options or (EnumValue("Formatting", "None"),))),
        "DeserializeObject": lambda text, *dummy: parse(text),
    }
)
