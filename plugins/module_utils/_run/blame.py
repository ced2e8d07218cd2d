# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names the resource in messages that only speak of an option, and values where Azure only names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, choose_scope
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    ResourceType,
    Segment,
    camel,
)

#: Operation groups with a get for what resources are below, or link, by collection.
_FOUND_BY = {"apis": "api", "operations": "api_operation", "products": "product", "groups": "group"}


@dataclass(frozen=True)
class Part:
    """A part of an id that is a resource of its own. C(group) gets it by C(names); C(option) is what names it."""

    option: str
    name: str
    group: str
    names: tuple[str, ...]
    id: str


def parts(place: Place) -> list[Part]:
    """Those inside the service that the resource is below, and those that a link connects."""
    found = []
    last = len(place.scope.segments) - 1
    for index, (segment, name) in enumerate(zip(place.scope.segments, place.names, strict=True)):
        linked = index == last and place.resource.link
        if segment.collection not in _FOUND_BY or (index == last and not linked):
            continue
        above = 2 if linked else index
        whole = f"{place.up_to(above)}/{segment.collection}/{name}"
        names = (*place.names[:above], name)
        found.append(Part(segment.option, name, _FOUND_BY[segment.collection], names, whole))
    return found


def described(resource: ResourceType, options: Mapping[str, Any]) -> str:
    """What people call the resource: C(tag gold of apim-demo), C(policy of apim-demo/orders)."""
    try:
        segments = choose_scope(resource, options).segments
    except PlanError:  # the options contradict each other, and that is what is being said
        segments = resource.scopes[0].segments
    names = [_called(segment, options) for segment in segments[1:] if segment.option and options.get(segment.option)]
    own = segments[-1].option
    name = f" {names.pop()}" if own and names and options.get(own) else ""
    return f"{resource.title}{name}" + (f" of {'/'.join(names)}" if names else "")


def _called(segment: Segment, options: Mapping[str, Any]) -> str:
    revision = options.get(segment.revision) if segment.revision else None
    return f"{options[segment.option]};rev={revision}" if revision else str(options[segment.option])


def about(resource: ResourceType, options: Mapping[str, Any], error: PlanError) -> PlanError:
    """The same refusal, beginning with the resource."""
    message = f"{described(resource, options)}: {error.message}"
    return PlanError(message, field=error.field)


def add_values(resource: ResourceType, options: Mapping[str, Any], error: ArmError) -> None:
    """Add what was asked for in the fields that Azure blames: it says C(scope: Product not found), not which one.

    Where it names no field either, that is what the task refers to (C(Entity with specified identifier not found)), or
    the names that the resource is found by (C(Group not found)).
    """
    blamed = {word.lower() for word in re.findall(r"(\w+): ", error.message)}
    if "name" in blamed:  # what API Management calls a display name (GitHub issues Azure/apiops 606 and 837)
        blamed.add("displayname")
    fields = [field for field in resource.fields if blamed & {camel(field.name).lower(), _on_wire(field).lower()}]
    names: list[str] = []
    if not fields and error.status in (400, 404) and "not found" in error.message.lower():
        names = _parents(resource, options, error.message)
        if error.status == 400:
            fields = [field for field in resource.fields if field.reference is not None]
    names += [field.name for field in fields if not field.secret]
    values = [
        f"{name} was {options[name]!r}"
        for name in dict.fromkeys(names)
        if isinstance(options.get(name), (str, int))
        and str(options[name]) not in error.message
        and len(str(options[name])) <= 200
    ]
    if values:
        error.message = f"{error.message.rstrip('.')} ({', '.join(values)})"


def add_missing(azure: Azure, place: Place, error: ArmError) -> bool:
    """Add which of the names in the id do not exist, where Azure only says that something does not. Whether one does.

    What Azure said before counts, so an error of these requests is none of the task.
    """
    if error.status not in (400, 404) or not re.search(r"(?i)\bidentifier not found", error.message):
        return False
    missing: list[str] = []
    for part in parts(place):
        try:
            found = azure.find(place.resource.client, part.group, "get", *part.names, target=place.id)
        except ArmError:
            return False
        if found is None:
            missing.append(f"{part.option} {part.name!r} does not exist")
    if missing:
        error.message = f"{error.message.rstrip('.')} ({', '.join(missing)})"
    return bool(missing)


def _parents(resource: ResourceType, options: Mapping[str, Any], message: str) -> list[str]:
    """The options that name what a resource is below or links: those of the kind that is missing, if it is said."""
    segments = choose_scope(resource, options).segments
    own = segments if resource.link else segments[:-1]
    named = {segment.collection.lower(): segment.option for segment in own[2:] if segment.option}
    kinds = [f"{noun.lower()}s" for noun in re.findall(r"(\w+) not found", message)]
    return [option for kind, option in named.items() if kind in kinds] or list(named.values())


def _on_wire(field: Field) -> str:
    return field.wire.rpartition(".")[2]
