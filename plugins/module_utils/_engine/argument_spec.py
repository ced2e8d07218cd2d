# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs: those of declarations, and the part that every module has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    IfMatch,
    Items,
    ResourceType,
    Scope,
)

#: Names that make ansible-core ask whether no_log was forgotten.
_SOUNDS_SECRET = re.compile(r"pass|secret|token|key", re.IGNORECASE)


@dataclass(frozen=True)
class ArgumentSpec:
    """What AnsibleModule and ArgumentSpecValidator are made with. C(a + b) has the options and rules of both."""

    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_together: tuple[tuple[str, ...], ...] = ()
    required_if: tuple[tuple[Any, ...], ...] = ()
    required_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __add__(self, other: ArgumentSpec) -> ArgumentSpec:
        if twice := sorted(set(self.options) & set(other.options)):
            raise ValueError(f"options declared twice: {', '.join(twice)}")
        merged: dict[str, Any] = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            merged[item.name] = {**mine, **theirs} if isinstance(mine, dict) else (*mine, *theirs)
        return ArgumentSpec(**merged)

    def rules(self) -> dict[str, Any]:
        """The keyword arguments beside the options, in the types that ansible-core documents."""
        lists = ("mutually_exclusive", "required_one_of", "required_together", "required_if")
        rules: dict[str, Any] = {name: [list(rule) for rule in getattr(self, name)] for name in lists}
        rules["required_by"] = {option: list(needed) for option, needed in self.required_by.items()}
        return rules


#: How to sign in and where: the names are those of azure.azcollection. Read by _arm/settings.py.
AUTH = ArgumentSpec(
    {
        "auth_source": {
            "type": "str",
            "choices": ["auto", "cli", "credential_file", "env", "msi", "workload_identity"],
        },
        "profile": {"type": "str"},
        "subscription_id": {"type": "str"},
        "client_id": {"type": "str"},
        "secret": {"type": "str", "no_log": True},
        "tenant": {"type": "str"},
        "x509_certificate_path": {"type": "path"},
        "cloud_environment": {"type": "str"},
        "disable_instance_discovery": {"type": "bool"},
    }
)


def needed_beside(fields: Iterable[Field], options: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """What an object demands as soon as anything is in it: an empty one clears it. Takes C(required) from the options.

    Ansible would ask for what is required in an empty dictionary, too.
    """
    needed = [item.name for item in fields if item.required]
    for name in needed:
        del options[name]["required"]
    beside = {name: [other for other in needed if other != name] for name in options}
    return {name: others for name, others in beside.items() if others}


def contradictions(options: Mapping[str, Mapping[str, Any]], given: Any) -> Iterator[tuple[str, str]]:
    """Options that are given twice with different values, once by an alias: their name and that alias.

    ansible-core lets the alias win. The option of a task would then give way to a default of its group, and another
    resource would be written or deleted than the task names.
    """
    for item in given if isinstance(given, list) else [given]:
        if not isinstance(item, Mapping):
            continue
        for name, option in options.items():
            known = [key for key in (name, *option.get("aliases", ())) if item.get(key) is not None]
            yield from ((known[0], key) for key in known[1:] if item[key] != item[known[0]])
            for key in known if option.get("options") else ():
                yield from contradictions(option["options"], item[key])


def contradiction(options: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]) -> str:
    """What to say of options that contradict each other, "" if none does. No values: they may be secrets."""
    return "; ".join(
        f"{name} and {alias} are one option, and have different values: leave one of them out "
        f"(a default of module_defaults gives way only to the same name)"
        for name, alias in contradictions(options, given)
    )


def managing(resource: ResourceType) -> ArgumentSpec:
    """The argument spec of the managing module of a resource type. Raises ValueError if two options have one name."""
    common: dict[str, dict[str, Any]] = {
        "state": {"type": "str", "choices": list(resource.states), "default": resource.states[0]},
        "wait_timeout": {"type": "int", "default": resource.wait_timeout},
    }
    if resource.if_match is not IfMatch.NO and not resource.link:
        common["if_match"] = {"type": "str"}
    if resource.show_secrets:
        common[resource.show_secrets] = {"type": "bool", "default": False, "no_log": False}
    placed = ArgumentSpec(scope_options(resource.scopes, name_required=True))
    own = ArgumentSpec(
        field_options(resource.fields),
        mutually_exclusive=resource.mutually_exclusive,
        required_one_of=resource.required_one_of,
        required_together=resource.required_together,
        required_if=resource.required_if,
    )
    return AUTH + placed + own + ArgumentSpec(field_options(resource.absent_options)) + ArgumentSpec(common)


def informing(resource: ResourceType) -> ArgumentSpec:
    """The argument spec of the info module: one resource if it is named, else all of them in the place.

    Where each one's secrets can be shown, which costs a request for each, several can be named.
    """
    options: dict[str, dict[str, Any]] = scope_options(resource.scopes, name_required=False)
    options.update(field_options(resource.info_options))
    if not resource.show_secrets:
        return AUTH + ArgumentSpec(options)
    options[resource.show_secrets] = {"type": "bool", "default": False, "no_log": False}
    options["names"] = {"type": "list", "elements": "str"}
    own = resource.scopes[0].segments[-1].option
    return AUTH + ArgumentSpec(options, mutually_exclusive=((own, "names"),))


def scope_options(scopes: Iterable[Scope], *, name_required: bool) -> dict[str, dict[str, Any]]:
    """The options that name the place. Those that not every scope has are optional: they say which scope is meant."""
    scopes = tuple(scopes)
    options: dict[str, dict[str, Any]] = {}
    for scope in scopes:
        for segment in scope.segments:
            if not segment.option:
                continue
            everywhere = all(any(s.option == segment.option for s in other.segments) for other in scopes)
            is_name = segment is scope.segments[-1]
            option: dict[str, Any] = {"type": "str"}
            if everywhere and (name_required or not is_name):
                option["required"] = True
            if segment.aliases:
                option["aliases"] = list(segment.aliases)
            options[segment.option] = option
            if segment.revision:
                options[segment.revision] = {"type": "str"}
    return options


def field_options(declared: Iterable[Field]) -> dict[str, dict[str, Any]]:
    """The options of fields, with their suboptions and purge options."""
    options: dict[str, dict[str, Any]] = {}
    for item in declared:
        if item.read_only:
            continue
        option: dict[str, Any] = {"type": item.type}
        if item.type == "list":
            option["elements"] = item.elements or "str"
        if item.fields:
            option["options"] = field_options(item.fields)
        if item.can_be_cleared and (needed := needed_beside(item.fields, option["options"])):
            option["required_by"] = needed
        if item.choices:
            option["choices"] = list(item.choices)
        if item.aliases:
            option["aliases"] = list(item.aliases)
        if item.required:
            option["required"] = True
        if item.secret:
            option["no_log"] = True
        elif _SOUNDS_SECRET.search(item.name):
            option["no_log"] = False
        options[item.name] = option
        if item.purge and item.items in (Items.BY_KEY, Items.MERGE):
            options[item.purge] = {"type": "bool", "default": False}
    return options
