# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From wire JSON to option form: what results show, and what comparisons read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import mask
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*")
#: Nobody has declared these as secrets, for nobody has declared them at all.
_SOUNDS_SECRET = re.compile(r"(?i)(password|secret|primaryKey|secondaryKey|accessKey|connectionString)$")

#: What is no property of the resource, or is shown in another way.
_ENVELOPE = ("id", "name", "type", "etag", "properties", "systemData")


def read(field: Field, tree: Any, *, top: bool = False) -> Any:
    """The field's value in option form; None where Azure has none. C(tree): the object the field belongs to."""
    path = paths.wire_path(field, top)
    raw = paths.get(tree, path)
    if field.scalar:
        twin = paths.get(tree, field.scalar)
        if not raw and twin not in (None, ""):
            raw = [twin]
    if field.from_azure is not None:
        raw = field.from_azure(raw)
    if raw is None:
        return None
    if field.fields and isinstance(raw, dict):
        return _object(field.fields, raw)
    if field.fields and isinstance(raw, list):
        return [_object(field.fields, item) for item in raw]
    return raw


def _object(fields: Sequence[Field], tree: Any) -> dict[str, Any]:
    values = {field.name: read(field, tree) for field in fields}
    return {name: value for name, value in values.items() if value is not None}


def to_options(
    resource: ResourceType, body: Mapping[str, Any], *, secrets: Callable[[Field], bool] = lambda field: False
) -> dict[str, Any]:
    """A resource as results show it: C(id), C(name), every declared field, and in snake_case what is not declared.

    What Azure answers with null is left out. C(secrets) says of a secret field whether it is shown. Of a link, there is
    nothing but id and name: what lists and writes answer beside them belongs to the resource that it leads to, and a
    HEAD has none of it.
    """
    result: dict[str, Any] = {key: body[key] for key in ("id", "name") if key in body}
    if resource.link:
        return result
    if body.get("etag"):
        result["etag"] = body["etag"]
    for field in resource.fields:
        if field.write_only and not field.secret:
            continue
        value = show(field, read(field, body, top=True), secrets)
        if value is not None:
            result[field.name] = value
    for name, value in undeclared(resource, body).items():
        result.setdefault(name, value)
    return result


def show(field: Field, value: Any, secrets: Callable[[Field], bool]) -> Any:
    """The value without the secrets in it."""
    if value is None or (field.secret and not secrets(field)):
        return None
    if not field.fields:
        return mask(value) if field.address else value
    if isinstance(value, list):
        return [_shown(field.fields, item, secrets) for item in value]
    # An object of which nothing may be shown is left out: {} as an option would clear it.
    return _shown(field.fields, value, secrets) or (None if value else value)


def _shown(fields: Sequence[Field], value: Mapping[str, Any], secrets: Callable[[Field], bool]) -> dict[str, Any]:
    by_name = {field.name: field for field in fields}
    shown = {name: show(by_name[name], item, secrets) for name, item in value.items()}
    return {name: item for name, item in shown.items() if item is not None}


def undeclared(resource: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """What Azure answers that the declaration does not know, in snake_case."""
    known: set[str] = set(resource.not_in_get)
    for field in resource.fields:
        known.update(_first_two(paths.wire_path(field, True)))
        if field.scalar:
            known.update(_first_two(field.scalar))
        if field.fields and paths.wire_path(field, True) == "properties":
            known.update(f"properties.{paths.wire_path(part, False)}" for part in field.fields)
    found: dict[str, Any] = {}
    for key, value in body.items():
        if key not in known and key not in _ENVELOPE and value is not None and not _SOUNDS_SECRET.search(key):
            found[snake(key)] = _snaked(value)
    properties = body.get("properties")
    if isinstance(properties, dict):
        for key, value in properties.items():
            if f"properties.{key}" not in known and value is not None and not _SOUNDS_SECRET.search(key):
                found.setdefault(snake(key), _snaked(value))
    return found


def _first_two(path: str) -> tuple[str, ...]:
    """The keys that C(undeclared) looks at: C(properties.a.b) -> C(properties.a); C(sku.name) -> C(sku)."""
    keys = path.split(".")
    return (".".join(keys[:2]),) if keys[0] == "properties" else (keys[0],)


def _snaked(value: Any) -> Any:
    """Property names in snake_case; keys that are data (ids, header names) stay as they are."""
    if isinstance(value, dict):
        return {
            snake(key) if _PLAIN_KEY.fullmatch(key) else key: _snaked(item)
            for key, item in value.items()
            if not _SOUNDS_SECRET.search(key)
        }
    if isinstance(value, list):
        return [_snaked(item) for item in value]
    return value


def snake(name: str) -> str:
    """C(serviceUrl) -> C(service_url), C(publicIPAddresses) -> C(public_ip_addresses)."""
    return _HUMP.sub("_", name).lower()
