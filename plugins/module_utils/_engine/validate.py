# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be said to be wrong with the options before Azure is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import STARS, mask
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import clears
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, ResourceType

_BOOLEANS = ("true", "false", "yes", "no", "on", "off")
#: As Azure reads them: in capitals, and with at least one part.
_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def validate(resource: ResourceType, wanted: Mapping[str, Any]) -> None:
    """Check lengths, ranges, patterns and the declaration's own rule. Raises PlanError."""
    check_fields(resource.fields, wanted)
    if resource.check is not None:
        refuse(resource.check(wanted))


def check_sign_in(resource: ResourceType, given: Mapping[str, Any], sign_in: Iterable[str]) -> None:
    """Refuse yes or no for an option that says how to sign in, where Azure has a property of that name here.

    C(given): the options of the task, C(sign_in): names of those that are for signing in. What people mean then is the
    property (C(secret: true) of a named value), and Entra ID would only say that the client secret is wrong. Raises
    PlanError.
    """
    for field in resource.fields:
        name = paths.wire_path(field, True).rpartition(".")[2]
        yes_or_no = str(given.get(name)).casefold() in _BOOLEANS
        if field.type == "bool" and name != field.name and name in sign_in and yes_or_no:
            raise PlanError(f"{name} is what to sign in with; did you mean {field.name}?", field=name)


def refuse(reason: str | None) -> None:
    """Raise the reason as a PlanError, if there is one."""
    if reason:
        raise PlanError(reason)


def check_fields(fields: Iterable[Field], values: Mapping[str, Any], path: str = "") -> None:
    """Check the values of fields, and below them."""
    for field in fields:
        value = values.get(field.name)
        name = path + field.name
        if field.read_only:
            continue
        if value is None:
            # Ansible refuses what is left out, but takes an explicit null in an element for a value.
            if field.required and path and field.name in values:
                raise PlanError(f"{name} is needed", field=name)
            continue
        demanded = field.required or field.required_on_create or field.default_on_create is not None
        if demanded and clears(field, value):
            raise PlanError(f"{name} can't be empty: Azure demands a value", field=name)
        if isinstance(value, list):
            _check_count(field, value, name)
        if field.fields:
            for index, item in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(item, dict) and not (item is value and clears(field, value)):
                    inner = f"{name}[{index}]." if isinstance(value, list) else f"{name}."
                    check_fields(field.fields, item, inner)
        elif isinstance(value, dict):
            _check_map(field, value, name)
        elif isinstance(value, list):
            for item in value:
                _check_value(field, item, name, shortest=1 if field.min_length is None else field.min_length)
        else:
            _check_value(field, value, name, shortest=field.min_length or 0)


def _check_count(field: Field, value: list[Any], name: str) -> None:
    if field.min_items is not None and len(value) < field.min_items:
        problem = "can't be empty" if not value else f"has to have at least {field.min_items} elements"
        raise PlanError(f"{name} {problem}", field=name)
    if field.max_items is not None and len(value) > field.max_items:
        raise PlanError(f"{name} may have {field.max_items} elements, not {len(value)}", field=name)
    if field.unique:
        for index, item in enumerate(value):
            if any(same(field.compare, item, other) for other in value[:index]):
                raise PlanError(f"{name} has {item!r} twice", field=name)


def _check_map(field: Field, value: Mapping[str, Any], name: str) -> None:
    """The values of a map with keys of the user's own. They may be secret, so only their keys are named."""
    kind = {"dict": dict, "list": list}.get(field.elements or "")
    wrong = [key for key, item in value.items() if kind is not None and item is not None and not isinstance(item, kind)]
    if wrong:
        wanted = "a dictionary" if kind is dict else "a list"
        raise PlanError(f"{name}.{wrong[0]} has to be {wanted}", field=name)


def _check_value(field: Field, value: Any, name: str, *, shortest: int) -> None:
    shown = "the value" if field.secret else repr(mask(value) if field.address else value)
    if isinstance(value, int) and not isinstance(value, bool):
        if field.minimum is not None and value < field.minimum:
            raise PlanError(f"{name} has to be at least {field.minimum}, not {value}", field=name)
        if field.maximum is not None and value > field.maximum:
            raise PlanError(f"{name} may be at most {field.maximum}, not {value}", field=name)
    if not isinstance(value, str):
        return
    if len(value) < shortest:
        what = "an element of " if field.type == "list" else ""
        problem = "can't be empty" if not value else f"has to have at least {shortest} characters"
        raise PlanError(f"{what}{name} {problem}", field=name)
    if field.address and STARS in value:
        raise PlanError(f"{name}: {shown} has {STARS} in place of what is not shown: write it out", field=name)
    if field.max_length is not None and len(value) > field.max_length:
        raise PlanError(f"{name} may have {field.max_length} characters, {shown} has {len(value)}", field=name)
    if field.pattern and value and not re.fullmatch(field.pattern, value):
        raise PlanError(f"{name}: {shown} has to match {field.pattern}", field=name)
    if field.compare is Compare.DURATION and value and not _DURATION.fullmatch(value):
        raise PlanError(f"{name}: {shown} is no ISO 8601 duration (PT30S, PT1M, P1D)", field=name)
    if field.reference is not None and value != value.strip():
        raise PlanError(f"{name}: {shown} has white space around it", field=name)
    if field.well_formed is not None and value and (reason := field.well_formed(value)):
        raise PlanError(f"{name}: {shown} {reason}", field=name)
