# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be said to be wrong with the options before Azure is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType


def validate(resource: ResourceType, wanted: Mapping[str, Any]) -> None:
    """Check lengths, ranges, patterns and the declaration's own rule. Raises PlanError."""
    check_fields(resource.fields, wanted)
    if resource.check is not None:
        refuse(resource.check(wanted))


def refuse(reason: str | None) -> None:
    """Raise the reason as a PlanError, if there is one."""
    if reason:
        raise PlanError(reason)


def check_fields(fields: Iterable[Field], values: Mapping[str, Any], path: str = "") -> None:
    """Check the values of fields, and below them."""
    for field in fields:
        value = values.get(field.name)
        if value is None or field.read_only:
            continue
        name = path + field.name
        if field.fields:
            for index, item in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(item, dict):
                    inner = f"{name}[{index}]." if isinstance(value, list) else f"{name}."
                    check_fields(field.fields, item, inner)
        else:
            for item in value if isinstance(value, list) else [value]:
                _check_value(field, item, name)


def _check_value(field: Field, value: Any, name: str) -> None:
    shown = "the value" if field.secret else repr(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if field.minimum is not None and value < field.minimum:
            raise PlanError(f"{name} has to be at least {field.minimum}, not {value}", field=name, new=value)
        if field.maximum is not None and value > field.maximum:
            raise PlanError(f"{name} may be at most {field.maximum}, not {value}", field=name, new=value)
    if not isinstance(value, str):
        return
    if field.max_length is not None and len(value) > field.max_length:
        raise PlanError(f"{name} may have {field.max_length} characters, {shown} has {len(value)}", field=name)
    if field.pattern and value and not re.fullmatch(field.pattern, value):
        raise PlanError(f"{name}: {shown} has to match {field.pattern}", field=name)
