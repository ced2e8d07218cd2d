# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ARM types that the SDKs serve: every operation group that can create something, by the URL of its PUT."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.sdk import client, operation, path_parameters

#: The clients by provider, and what the names of modules begin with.
CLIENTS = {"Microsoft.ApiManagement": "apimanagement", "Microsoft.Network": "network"}
APIM, VNET = "apim_", "vnet_"
#: Members that are always the same, where the SDK has a parameter for them nevertheless.
ONLY = {"policy_id": "policy"}
#: URLs of what is in a resource group; the SDK has the rest of the world, too.
IN_A_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"


class UnknownType(Exception):
    """What the name of a module, or a type, is about can't be told, or can't have that name."""


@dataclass(frozen=True)
class Part:
    """One pair in the path of a resource: a collection, and the parameter that names its member, or a constant."""

    collection: str  # "apis"
    parameter: str = ""  # "api_id"
    constant: str = ""  # "default"


@dataclass(frozen=True)
class Served:
    """An operation group, and where its resource is."""

    provider: str
    client: str
    sdk: str
    group: Any
    parts: tuple[Part, ...]

    @property
    def arm_type(self) -> str:
        """C(Microsoft.ApiManagement/service/loggers)."""
        return "/".join([self.provider, *(part.collection for part in self.parts)])

    @property
    def names(self) -> set[str]:
        """The names that a module for it can have, without what they begin with, in the singular."""
        collections = [snake(part.collection) for part in self.parts]
        below = collections[1:] or collections
        last = self.parts[-1]
        named = (
            {snake(last.constant), f"{singular(collections[-1])}_{snake(last.constant)}"} if last.constant else set()
        )
        return {singular(self.sdk), singular(below[-1]), "_".join(map(singular, below)), *map(singular, named)}

    @property
    def list_sdk(self) -> str:
        """The operation that lists the members of its collection, "" if there is none."""
        verbs = [verb for verb in dir(self.group) if re.fullmatch(r"list(_by_\w+)?", verb)]
        own = sum(bool(part.parameter) for part in self.parts)
        exact = [verb for verb in verbs if len(path_parameters(getattr(self.group, verb))) == own]
        return (exact or verbs or [""])[0]

    def function(self, verb: str) -> Any:
        """The operation C(get), C(create_or_update), C(update) or C(delete), None if there is none."""
        names = {"get": ("get", "get_by_name")}.get(verb, (verb,))
        return next((found for found in (operation(self.group, name) for name in names) if found is not None), None)

    def limits(self) -> dict[str, Any]:
        """C(max_length) and C(pattern) of its name, where the SDK checks them."""
        name = self.parts[-1].parameter
        source = source_of(self.group)
        call = re.search(rf'_SERIALIZER\.url\(\s*"{name}",\s*{name},\s*"str"([^)]*)\)', source)
        length = re.search(r"max_length=(\d+)", call[1]) if call else None
        pattern = re.search(rf'"{name}",\s*{name},\s*"str".*?pattern=r"\^(.*?)\$"', source) if call else None
        return {
            **({"pattern": pattern[1]} if pattern else {}),
            **({"max_length": int(length[1])} if length else {}),
        }


@cache
def all_types() -> tuple[Served, ...]:
    """Everything that can be created in a resource group."""
    found = []
    for provider, name in CLIENTS.items():
        for attribute, group in vars(client(name)).items():
            function = operation(group, "create_or_update")
            if attribute.startswith("_") or function is None:
                continue
            parts = _parts(provider, attribute, group, function)
            if parts:
                found.append(Served(provider, name, attribute, group, parts))
    return tuple(found)


def served(arm_type: str, name: str = "") -> Served:
    """Who serves C(Microsoft.ApiManagement/service/loggers). C(name): of the module, if several do."""
    provider = arm_type.partition("/")[0]
    if provider.lower() not in {known.lower() for known in CLIENTS}:
        raise UnknownType(f"no SDK is in use for {provider}; one of {', '.join(CLIENTS)} is meant?")
    found = [one for one in all_types() if one.arm_type.lower() == arm_type.lower()]
    if len(found) > 1:
        stem = singular(_stem(name))
        found = [one for one in found if stem in one.names] or found
    if len(found) > 1:
        raise UnknownType(f"{arm_type} is served by {', '.join(one.sdk for one in found)}: call the module like one")
    if not found:
        raise UnknownType(f"azure-mgmt-{_client(provider)} has no operation group that creates {arm_type}")
    return found[0]


def named(name: str) -> Served:
    """What a module of this name is about: C(apim_logger) is C(Microsoft.ApiManagement/service/loggers)."""
    if "_" not in name:
        raise UnknownType(f"{name}: a module is called <area>_<singular>, for example apim_logger or route_table")
    client_name = "apimanagement" if name.startswith(APIM) else "network"
    stem = singular(_stem(name))
    stems = {stem, f"virtual_network_{stem}"} if name.startswith(VNET) else {stem}
    known = [one for one in all_types() if one.client == client_name]
    for match in (
        [one for one in known if singular(one.sdk) in stems],
        [one for one in known if one.names & stems],
    ):
        if len(match) == 1:
            return match[0]
        if match:
            types = ", ".join(sorted({one.arm_type for one in match}))
            raise UnknownType(f"{name} may be one of {types}: say which type is meant, TYPE=...")
    raise UnknownType(
        f"azure-mgmt-{client_name} has no operation group called {stem}: say which type is meant, TYPE=..."
    )


def _stem(name: str) -> str:
    return next((name.removeprefix(area) for area in (APIM, VNET) if name.startswith(area)), name)


def _client(provider: str) -> str:
    return next(name for known, name in CLIENTS.items() if known.lower() == provider.lower())


@cache
def source_of(group: Any) -> str:
    """The text of the SDK's module that has the operation group."""
    module = inspect.getmodule(type(group))
    return inspect.getsource(module) if module else ""


def _parts(provider: str, attribute: str, group: Any, function: Any) -> tuple[Part, ...]:
    """What the URL of the PUT says behind the provider; nothing if that is not in a resource group."""
    url = re.search(
        rf'def build_(?:{attribute}_)?create_or_update_request\(.*?"(/[^"]*/providers/[^"]*)"',
        source_of(group),
        flags=re.DOTALL,
    )
    begin = f"{IN_A_GROUP}{provider}/"
    if url is None or not url[1].startswith(begin):
        return ()
    words = url[1].removeprefix(begin).split("/")
    names = iter(path_parameters(function, whole=True)[1:])  # without the resource group
    parts = []
    for collection, member in zip(words[::2], words[1::2], strict=True):
        parameter = next(names, "") if member.startswith("{") else ""
        constant = ONLY.get(parameter, "") if parameter else member
        parts.append(Part(collection, "" if constant else parameter, constant))
    return tuple(parts)


def snake(wire: str) -> str:
    """C(loggerType) -> C(logger_type)."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire)
    return text.lower()


def singular(name: str) -> str:
    """C(loggers) -> C(logger), C(policies) -> C(policy), C(public_ip_addresses) -> C(public_ip_address)."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
        if name.endswith(ending):
            return name.removesuffix(ending) + instead
    return name
