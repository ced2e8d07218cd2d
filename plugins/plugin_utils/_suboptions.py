# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module will say of options that a role hands on to it as they are, before its turn comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import contradiction, field_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import (
    PlanError,
    hint,
    shape_problem,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import secrets_told
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import validate
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.plugin_utils._given import Options, as_met


def suboption_problems(resource: ResourceType, item: Mapping[str, Any], beside: Mapping[str, Any]) -> list[str]:
    """A sentence for each problem, without secrets.

    C(item) has options of the resource type's module that have suboptions, under their own names; C(beside) the values
    of simple ones, which some rules of the declaration look at, too.
    """
    nested = [field for field in resource.fields if field.fields and item.get(field.name) is not None]
    options = field_options(nested)
    handed_on = {field.name: item[field.name] for field in nested}
    given = as_met(options, handed_on)
    misshapen = list(_misshapen(options, handed_on))
    told = [f"{place} is no option{hint(name, known)}" for place, name, known in _strangers(options, given)]
    told += misshapen
    validated = ArgumentSpecValidator(options).validate(given)
    # Ansible would not tell the place of what is misshapen.
    if not misshapen:
        told += [error.msg for error in validated.errors if not isinstance(error, UnsupportedError)]
    if twice := contradiction(options, given):
        told.append(twice)
    if not told:
        try:
            validate(resource, {**beside, **validated.validated_parameters})
        except PlanError as error:
            told.append(error.message)
    secrets = secrets_told(options, given) | secrets_told(options, validated.validated_parameters)
    return [str(remove_values(text, secrets)) for text in told]


def _misshapen(options: Options, given: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """A sentence for what is in place of each object with suboptions, or of a list of them. Ansible reads texts."""
    for main, option in options.items():
        for name in (main, *option.get("aliases", ())) if option.get("options") else ():
            value, place = given.get(name), f"{above}{name}"
            listed = option["type"] == "list"
            if value is None or isinstance(value, str):
                continue
            if listed and not isinstance(value, list | tuple):
                yield shape_problem(place, "list", value)
                continue
            for index, part in enumerate(value) if listed else [(0, value)]:
                at = f"{place}[{index}]" if listed else place
                if isinstance(part, Mapping):
                    yield from _misshapen(option["options"], part, f"{at}.")
                elif not isinstance(part, str):
                    yield shape_problem(at, "dictionary", part)


def _strangers(options: Options, given: Any, above: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """The place and the name of each key that is no option, with those that are."""
    if isinstance(given, list):
        for index, item in enumerate(given):
            yield from _strangers(options, item, f"{above.removesuffix('.')}[{index}].")
    if not isinstance(given, Mapping):
        return
    known = {name: option for main, option in options.items() for name in (main, *option.get("aliases", ()))}
    for key, value in given.items():
        if key not in known:
            yield f"{above}{key}", str(key), sorted(known)
        elif inner := known[key].get("options"):
            yield from _strangers(inner, value, f"{above}{key}.")
