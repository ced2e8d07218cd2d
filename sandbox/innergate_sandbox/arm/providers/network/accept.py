# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a client sent to what is kept: names spelled right, values of the right kinds, nothing else."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import (
    Document,
    Flag,
    Items,
    Json,
    Kind,
    Number,
    Part,
    Parts,
    Ref,
    Refs,
    Struct,
    Text,
    Texts,
)

_NAME = re.compile(r"\w([\w.\-]{0,78}\w)?")


def check_name(name: str) -> None:
    """Refuse a name that no network resource can have."""
    if not _NAME.fullmatch(name):
        raise faults.bad_name(name)


def check_tags(tags: Any) -> None:
    """Refuse tags that are no dictionary of texts."""
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise faults.unparsable("Error converting the tags to a dictionary of texts. Path 'tags'.")


def document(part: Part, body: Any, resource_id: str, path: str = "") -> Document:
    """Return the document that a body asks for, with defaults; an ArmError if it cannot be read.

    Properties that only the service sets are left out, also those that it keeps over a PUT. `path` stands in front of
    the names in messages.
    """
    if not isinstance(body, dict):
        raise faults.unparsable(f"Error converting value {shown(body)} to an object. Path '{path.rstrip('.')}'.")
    body = {key: value for key, value in body.items() if value is not None}
    found: Document = {key: copy.deepcopy(body[key]) for key in part.top if body.get(key) not in (None, [], {})}
    given = _find(body, "properties")
    given = {} if given is None else given
    if not isinstance(given, dict):
        raise faults.unparsable(f"Error converting value {shown(given)} to an object. Path '{path}properties'.")
    known = {name.lower(): name for name in (*part.fields, *part.server)}
    properties: Document = {}
    for key, value in given.items():
        name = known.get(key.lower(), key)
        kind = part.fields.get(name, Json())
        ignored = name in part.server or (isinstance(kind, Parts) and kind.fixed)
        if value is None or ignored or _says_nothing(kind, value):
            continue
        properties[name] = _value(kind, value, resource_id, f"{path}properties.{name}")
    for name, default in part.defaults.items():
        properties.setdefault(name, copy.deepcopy(default))
    found["properties"] = properties
    return found


def _says_nothing(kind: Kind, value: Any) -> bool:
    """An empty reference is none (official examples write `"backendAddressPool": {}`), and so is an empty value of an
    enumeration (terraform-provider-azurerm writes `"sharingScope": ""`).
    """
    return (isinstance(kind, Ref) and value == {}) or (isinstance(kind, Text) and bool(kind.values) and value == "")


def whole(kind: Struct, body: Any) -> Document:
    """Return a body that is read as one object, for providers without parts: no nulls, values of the right kinds."""
    return _struct(kind, body, "", "")


def _find(body: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in body.items() if key.lower() == name.lower()), None)


def _value(kind: Kind, value: Any, resource_id: str, path: str) -> Any:
    if isinstance(kind, Ref):
        return _reference(value, path)
    if isinstance(kind, Parts):
        return _parts(kind, value, resource_id, path)
    if isinstance(kind, Struct):
        return _struct(kind, value, resource_id, path)
    if isinstance(kind, (Texts, Refs, Items)):
        items = _list(value, path)
        inner: Kind = Text() if isinstance(kind, Texts) else kind.ref if isinstance(kind, Refs) else kind.item
        return [_value(inner, item, resource_id, f"{path}[{number}]") for number, item in enumerate(items)]
    return _scalar(kind, value, path)


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise faults.unparsable(f"Error converting value {shown(value)} to a list. Path '{path}'.")
    return [item for item in value if item is not None]


def _struct(kind: Struct, value: Any, resource_id: str, path: str) -> Document:
    if not isinstance(value, dict):
        raise faults.unparsable(f"Error converting value {shown(value)} to an object. Path '{path}'.")
    known = {name.lower(): name for name in kind.fields}
    found: Document = {}
    for key, item in value.items():
        name = known.get(str(key).lower(), str(key))
        if item is not None:
            found[name] = _value(kind.fields.get(name, Json()), item, resource_id, f"{path}.{name}".lstrip("."))
    return found


def _reference(value: Any, path: str) -> Document:
    target: Any = _find(value, "id") if isinstance(value, dict) else None
    if target is None:
        raise faults.refused("MissingJsonReferenceId", f"Value for reference id is missing. Path {path}.")
    if not isinstance(target, str) or not target.lower().startswith(("/subscriptions/", "/providers/")):
        raise faults.bad_reference(target, f"{path}.id")
    return {"id": target}


def _parts(kind: Parts, value: Any, resource_id: str, path: str) -> list[Document]:
    part = kind.part
    found: list[Document] = []
    for number, item in enumerate(_list(value, path)):
        here = f"{path}[{number}]"
        if not isinstance(item, dict):
            raise faults.unparsable(f"Error converting value {shown(item)} to an object. Path '{here}'.")
        # Who sends back an answer may leave the name to the id.
        name = _find(item, "name") or str(_find(item, "id") or "").rpartition("/")[2]
        if not name and not kind.named:
            name = resource_id.rpartition("/")[2]
        if not isinstance(name, str) or not name:
            raise faults.unparsable(f"Required property 'name' not found in JSON. Path '{here}'.")
        check_name(name)
        if any(other["name"].lower() == name.lower() for other in found):
            message = f"Resource {resource_id} has two child resources with the same name ({name})."
            raise faults.refused("DuplicateResourceName", message)
        child = document(part, item, f"{resource_id}/{part.name}/{name}", f"{here}.")
        found.append({"name": name, **child})
    return found


def _scalar(kind: Kind, value: Any, path: str) -> Any:
    if isinstance(kind, Json):
        return without_nulls(value)
    if isinstance(kind, Flag):
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if isinstance(value, bool):
            return value
        raise _wrong(value, "System.Nullable`1[System.Boolean]", path)
    if isinstance(kind, Number):
        return _number(kind, value, path)
    assert isinstance(kind, Text)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong(value, "System.String", path)
    text = str(value)
    if not kind.values:
        return text
    same = [known for known in kind.values if known.lower() == text.lower()]
    if not same:
        raise _wrong(value, f"an enumeration of {', '.join(kind.values)}", path)
    return same[0]


def _number(kind: Number, value: Any, path: str) -> int:
    whole = re.fullmatch(r"-?\d+", str(value)) if not isinstance(value, bool) else None
    if not whole:
        raise _wrong(value, "System.Nullable`1[System.Int32]", path)
    number = int(whole[0])
    if (kind.least is not None and number < kind.least) or (kind.most is not None and number > kind.most):
        message = f"Value {number} of {path} is out of range. Valid range is {kind.least} - {kind.most}."
        raise faults.refused("InvalidValue", message)
    return number


def _wrong(value: Any, kind: str, path: str) -> ArmError:
    return faults.unparsable(f"Error converting value {shown(value)} to type '{kind}'. Path '{path}'.")


def shown(value: Any) -> str:
    """Return a value as errors show it: as JSON."""
    return json.dumps(value)


def without_nulls(value: Any) -> Any:
    """Return JSON without the nulls in it: to Azure they say no more than a missing key."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value if item is not None] if isinstance(value, list) else value
