# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module will say of options that a role hands on to it as they are, before its turn comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict, check_type_list
from ansible.module_utils.errors import ArgumentValueError
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import contradiction, field_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import (
    PlanError,
    hint,
    shape_problem,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import REMOVED, scrub
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import secrets_told
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import validate
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.plugin_utils._given import Options, as_met

#: What options of these types take, beside texts that say as much.
_KINDS = {"bool": "boolean", "dict": "dictionary", "float": "number", "int": "whole number", "list": "list"}


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
    told += misshapen or _refused(options, given)
    values = ArgumentSpecValidator(options).validate(given).validated_parameters
    if twice := contradiction(options, given):
        told.append(twice)
    if not told:
        try:
            validate(resource, {**beside, **values})
        except PlanError as error:
            told.append(error.message)
    return list(_without(secrets_told(options, given) | secrets_told(options, values), told))


def _without(secrets: Iterable[str], told: Iterable[str]) -> Iterator[str]:
    """The sentences without secrets.

    Short ones are in many a word: only as a whole value are they taken for what they are. Values are in quotes here.
    """
    whole = {repr(secret): repr(REMOVED) for secret in secrets}
    for text in told:
        for secret, stars in whole.items():
            text = text.replace(secret, stars)
        yield scrub(text, secrets)


def _misshapen(options: Options, given: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """A sentence for what is in place of each object with suboptions, or of a list of them.

    Ansible reads some texts as such, and of others tells no place.
    """
    for main, option in options.items():
        for name in (main, *option.get("aliases", ())) if option.get("options") else ():
            value, place = given.get(name), f"{above}{name}"
            listed = option["type"] == "list"
            if value is None:
                continue
            if not isinstance(value, list | tuple | str if listed else Mapping | str):
                yield shape_problem(place, "list" if listed else "dictionary", value)
                continue
            told = list(_misshapen_parts(option, value, place))
            # A text has no parts that anybody would know.
            yield from [shape_problem(place, "list", value)] if told and listed and isinstance(value, str) else told


def _misshapen_parts(option: Mapping[str, Any], value: Any, place: str) -> Iterator[str]:
    listed = option["type"] == "list"
    for index, part in enumerate(_parts(option, value)):
        at = f"{place}[{index}]" if listed else place
        read = _as_object(part)
        if read is None:
            yield shape_problem(at, "dictionary", part)
        else:
            yield from _misshapen(option["options"], read, f"{at}.")


def _parts(option: Mapping[str, Any], value: Any) -> list[Any]:
    """The objects with suboptions in the value of an option: one, or those of a list, be it a text."""
    if option["type"] != "list":
        return [value]
    return list(check_type_list(value) if isinstance(value, str) else value)


def _as_object(value: Any) -> Mapping[str, Any] | None:
    """The value as Ansible reads it in place of an object; None if it does not."""
    try:
        read = check_type_dict(value) if isinstance(value, str) else value
    except (TypeError, ValueError):  # ValueError: ansible-core before 2.19, of a text of which only a part is key=value
        return None
    return read if isinstance(read, Mapping) else None


def _refused(options: Options, given: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """A sentence for each option that Ansible would miss or refuse, with its place, which Ansible does not tell.

    No sentence has the value: it may be a secret that is in the wrong place.
    """
    for main, option in options.items():
        name = next((name for name in (main, *option.get("aliases", ())) if given.get(name) is not None), None)
        if name is None:
            if option.get("required"):
                yield f"{above}{main} is needed"
        elif inner := option.get("options"):
            for index, part in enumerate(_parts(option, given[name])):
                at = f"{above}{name}[{index}]" if option["type"] == "list" else f"{above}{name}"
                read = _as_object(part) or {}
                yield from _refused(inner, read, f"{at}.")
                yield from _missing_beside(option.get("required_by", {}), inner, read, f"{at}.")
        else:
            yield from _refused_value(option, given[name], f"{above}{name}")


def _missing_beside(
    needed: Mapping[str, Iterable[str]], options: Options, given: Mapping[str, Any], above: str
) -> Iterator[str]:
    there = {
        main
        for main, option in options.items()
        if any(given.get(name) is not None for name in (main, *option.get("aliases", ())))
    }
    missing: dict[str, str] = {}
    for name, others in needed.items():
        for other in others if name in there else ():
            if other not in there:
                missing.setdefault(other, name)
    yield from (f"{above}{other} is needed beside {name}" for other, name in missing.items())


def _refused_value(option: Mapping[str, Any], value: Any, place: str) -> Iterator[str]:
    alone = {key: word for key, word in option.items() if key not in ("aliases", "required")}
    errors = list(ArgumentSpecValidator({"it": alone}).validate({"it": value}).errors)
    if not errors:
        return
    each = "each element of " if option["type"] == "list" and isinstance(value, list | tuple | str) else ""
    kind = _KINDS.get(option["elements"] if each else option["type"], "text")
    if isinstance(errors[0], ArgumentValueError):
        choices = [str(choice) for choice in option["choices"]]
        yield f"{each}{place} has to be one of {', '.join(choices)}{'' if each else hint(str(value), choices)}"
    elif kind in ("dictionary", "list") and not each:
        yield shape_problem(place, kind, value)
    else:
        yield f"{each}{place} has to be a {kind}"


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
