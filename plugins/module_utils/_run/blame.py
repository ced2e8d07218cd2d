# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names the resource in messages that only speak of an option, and values where Azure only names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import choose_scope
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType, camel


def described(resource: ResourceType, options: Mapping[str, Any]) -> str:
    """What people call the resource: C(tag gold of apim-demo), C(policy of apim-demo/orders)."""
    try:
        segments = choose_scope(resource, options).segments
    except PlanError:  # the options contradict each other, and that is what is being said
        segments = resource.scopes[0].segments
    names = [str(options[segment.option]) for segment in segments[1:] if segment.option and options.get(segment.option)]
    own = segments[-1].option
    name = f" {names.pop()}" if own and names and options.get(own) else ""
    return f"{resource.title}{name}" + (f" of {'/'.join(names)}" if names else "")


def about(resource: ResourceType, options: Mapping[str, Any], error: PlanError) -> PlanError:
    """The same refusal, beginning with the resource."""
    message = f"{described(resource, options)}: {error.message}"
    return PlanError(message, field=error.field, old=error.old, new=error.new)


def add_values(resource: ResourceType, options: Mapping[str, Any], error: ArmError) -> None:
    """Add what was asked for in the fields that Azure blames: it says C(scope: Product not found), not which one.

    Where it names no field either (C(Entity with specified identifier not found)), that is what the task refers to.
    """
    blamed = {word.lower() for word in re.findall(r"(\w+): ", error.message)}
    fields = [field for field in resource.fields if blamed & {camel(field.name).lower(), _on_wire(field).lower()}]
    if not fields and error.status == 400 and "not found" in error.message.lower():
        fields = [field for field in resource.fields if field.reference is not None]
    values = [
        f"{field.name} was {options[field.name]!r}"
        for field in fields
        if not field.secret
        and isinstance(options.get(field.name), (str, int))
        and str(options[field.name]) not in error.message
        and len(str(options[field.name])) <= 200
    ]
    if values:
        error.message = f"{error.message.rstrip('.')} ({', '.join(values)})"


def _on_wire(field: Field) -> str:
    return field.wire.rpartition(".")[2]
