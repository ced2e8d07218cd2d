# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first draft of a declaration, made of what the SDK says about an ARM type."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Any

from generator.documents import HEADER
from generator.sdk import Model, Property, accepts, answer_model, body_model, client, operation, path_parameters

#: What is no API Management is a network.
CLIENT_OF_THE_REST = ("network", "Microsoft.Network")
CLIENTS = {"microsoft.apimanagement": "apimanagement", "microsoft.network": "network"}
#: Segments that _scopes.py has words for.
SHARED = {"apis": "API", "operations": "API_OPERATION", "products": "PRODUCT"}
#: What _scopes.py calls SAFE.
SAFE = "[^*#&+:<>?]+"
DEEPEST = 8


class UnknownType(Exception):
    """The SDK serves no such type."""


@dataclass(frozen=True)
class Served:
    """An operation group, and the collections and names in the path of its resource."""

    client: str
    sdk: str
    group: Any
    segments: tuple[tuple[str, str], ...]  # ("apis", "api_id")
    list_sdk: str
    limits: dict[str, Any]  # max_length and pattern of its name, where the SDK checks them


def served(arm_type: str) -> Served:
    """The operation group that serves C(Microsoft.ApiManagement/service/loggers), found by the URL of its PUT."""
    provider, *types = arm_type.split("/")
    name = CLIENTS.get(provider.lower())
    if name is None:
        raise UnknownType(f"no SDK is in use for {provider}; one of {', '.join(CLIENTS)} is meant?")
    for attribute, group in vars(client(name)).items():
        function = operation(group, "create_or_update")
        if attribute.startswith("_") or function is None:
            continue
        found = _segments(group, attribute, function)
        if [collection.lower() for collection, dummy in found] == [part.lower() for part in types]:
            lists = [verb for verb in dir(group) if re.fullmatch(r"list(_by_\w+)?", verb)]
            exact = [verb for verb in lists if len(path_parameters(getattr(group, verb))) == len(found)]
            limits = _limits(_source(group), found[-1][1])
            return Served(name, attribute, group, tuple(found), (exact or lists or [""])[0], limits)
    raise UnknownType(f"azure-mgmt-{name} has no operation group that creates {arm_type}")


def arm_type_of(name: str) -> str:
    """The ARM type that a module is about: C(apim_logger) -> C(Microsoft.ApiManagement/service/loggers)."""
    area, dummy, rest = name.partition("_")
    client_name, provider = ("apimanagement", "Microsoft.ApiManagement") if area == "apim" else CLIENT_OF_THE_REST
    stem = rest if area in ("apim", "vnet") else name
    stems = (stem, f"virtual_network_{stem}") if area == "vnet" else (stem,)
    groups = vars(client(client_name))
    for attribute in (candidate for one in stems for candidate in (one, f"{one}s", f"{one}es")):
        function = operation(groups[attribute], "create_or_update") if attribute in groups else None
        if function is not None:
            types = [collection for collection, dummy in _segments(groups[attribute], attribute, function)]
            return "/".join([provider, *types])
    raise UnknownType(
        f"azure-mgmt-{client_name} has no operation group called {stem}: say which type is meant, TYPE=..."
    )


def _source(group: Any) -> str:
    module = inspect.getmodule(type(group))
    return inspect.getsource(module) if module else ""


def _limits(source: str, parameter: str) -> dict[str, Any]:
    """What the SDK checks of the name in the URL."""
    call = re.search(rf'_SERIALIZER\.url\(\s*"{parameter}",\s*{parameter},\s*"str"([^)]*)\)', source)
    length = re.search(r"max_length=(\d+)", call[1]) if call else None
    pattern = re.search(rf'"{parameter}",\s*{parameter},\s*"str".*?pattern=r"\^(.*?)\$"', source) if call else None
    return {
        **({"pattern": pattern[1]} if pattern else {}),
        **({"max_length": int(length[1])} if length else {}),
    }


def _segments(group: Any, attribute: str, function: Any) -> list[tuple[str, str]]:
    """Collections of the URL behind the provider, each with the parameter that names its member."""
    url = re.search(
        rf'def build_(?:{attribute}_)?create_or_update_request\(.*?"/subscriptions/[^"]*?/providers/[^/"]+([^"]*)"',
        _source(group),
        flags=re.DOTALL,
    )
    names = path_parameters(function)[1:]  # without the resource group
    pairs = re.findall(r"/(\w+)/\{\w+\}", url[1]) if url else []
    return list(zip(pairs, names, strict=False))


def snake(wire: str) -> str:
    """C(loggerType) -> C(logger_type)."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire)
    return text.lower()


def fields(found: Served) -> list[str]:
    """Lines with the fields of the type: what can be written first, then what is only shown."""
    written = body_model(operation(found.group, "create_or_update"))
    read = answer_model(operation(found.group, "get"))
    lines: list[str] = []
    if written is not None:
        lines += _level(written, 2, top=True)
    if read is not None:
        known = set(written.properties()) if written is not None else set()
        for path, entry in read.properties().items():
            if path.startswith("properties.") and (entry.read_only or path not in known):
                lines.append(f'        Field("{snake(path.rpartition(".")[2])}"{_shape(entry)}, read_only=True),')
    return lines


def _level(model: Model, depth: int, *, top: bool) -> list[str]:
    lines: list[str] = []
    for path, entry in model.properties().items():
        if entry.read_only or path in ("id", "name", "type", "etag"):
            continue
        if path == "properties" and entry.model is not None and not entry.shape:
            lines += _level(Model(entry.model.cls, entry.model.prefix), depth, top=True)
            continue
        lines += _field(path, entry, depth, top=top)
    return lines


def _field(path: str, entry: Property, depth: int, *, top: bool) -> list[str]:
    pad = "    " * depth
    name = snake(path.rpartition(".")[2])
    words = [f'"{name}"{_shape(entry)}']
    if top and not path.startswith("properties.") and name in ("tags", "location", "sku", "zones", "identity"):
        words.append(f'wire="{path}"')
    if entry.required:
        words.append("required_on_create=True" if top else "required=True")
    if entry.choices:
        words.append(f"choices={entry.choices!r}".replace("'", '"'))
        words.append("compare=Compare.CASELESS")
    words += [f"{limit}={value!r}" for limit, value in entry.limits if limit != "pattern"]
    if entry.sounds_secret(name):
        words.append("secret=True")
    if entry.model is None or depth > DEEPEST:
        return [f"{pad}Field({', '.join(words)}),"]
    inner = _level(entry.model, depth + 2, top=False)
    return [
        f"{pad}Field(",
        *(f"{pad}    {word}," for word in words),
        f"{pad}    fields=(",
        *inner,
        f"{pad}    ),",
        f"{pad}),",
    ]


def _shape(entry: Property) -> str:
    if entry.shape == "list":
        return ', "list", elements="dict"' if entry.model else ', "list", elements="str"'
    if entry.shape == "dict" or entry.model:
        return ', "dict"'
    return f', "{entry.kind}"' if entry.kind in ("bool", "int", "float") else ""


def declaration(name: str, arm_type: str) -> str:
    """The text of C(_resources/<name>.py), to be read, corrected and shortened by a person."""
    found = served(arm_type)
    title = name.partition("_")[2].replace("_", " ")
    if_match = accepts(operation(found.group, "delete"), "if_match")
    pattern = found.limits.get("pattern", "")
    words = ["SAFE" if pattern == SAFE else f'r"{pattern}"'] if pattern else []
    limits = "".join(f", pattern={word}" for word in words)
    limits += f", max_length={found.limits['max_length']}" if "max_length" in found.limits else ""
    own = f'Segment("{found.segments[-1][0]}", "name"{limits})'
    if found.client == "apimanagement":
        parents = [
            SHARED.get(collection) or f'Segment("{collection}", "{parameter.removesuffix("_id")}_name")'
            for collection, parameter in found.segments[1:-1]
        ]
        scope = f"below_service({', '.join([*parents, own])})"
        shared = {*parents, *words} & {*SHARED.values(), "SAFE"}
        helper = ", ".join([*sorted(shared), "below_service"])
    else:
        collection, parameter = found.segments[0]
        top = f'network("{collection}")'
        if len(found.segments) > 1:
            top = f'network("{collection}", "{parameter.removesuffix("_name")}"), {own}'
        scope, helper = f"(RESOURCE_GROUP, {top})", "RESOURCE_GROUP, network"
    lines = fields(found)
    text = "\n".join(lines)
    imports = ["Field", "ResourceType", "Scope"]
    imports += ["Segment"] if "Segment(" in scope else []
    imports += ["Compare"] if "Compare." in text else []
    imports += [] if if_match and found.client == "apimanagement" else ["IfMatch"]
    match = "" if if_match else f"\n    if_match=IfMatch.{'BODY' if found.client == 'network' else 'NO'},"
    return f'''{HEADER}
"""{arm_type}."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    {", ".join(sorted(imports))},
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import {helper}

RESOURCE = ResourceType(
    name="{name}",
    arm_type="{arm_type}",
    client="{found.client}",
    title="{title}",
    scopes=(Scope("{found.sdk}", {scope}, list_sdk="{found.list_sdk}"),),{match}
    fields=(
{text}
    ),
)
'''
