# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The models of azure-mgmt-apimanagement and azure-mgmt-network, read as data.

The two SDKs come from two generators: one flattens C(properties) into dotted keys, the other nests. Here both answer
the same question: what does the contract say about a wire path?
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any

from azure.core.credentials import AccessToken
from azure.mgmt.apimanagement import ApiManagementClient
from azure.mgmt.apimanagement import models as apim_models
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.network import models as network_models

#: The base class of all models of azure-mgmt-network.
NETWORK_BASE = next(cls for cls in network_models.Subnet.__mro__ if cls.__name__ == "Model")


#: Names of secrets, names that only sound like some, and how the SDK describes those with other names.
_SECRET = re.compile(r"password|secret|key$|token|connection_?string|encoded", re.IGNORECASE)
_NO_SECRET = re.compile(r"(?:identifier|_ids?|_names?|_type|_methods?|_endpoint)$|^is_")
_ABOUT_SECRETS = re.compile(r"pkcs12|private key|base[ -]?64[ -]encoded certificate", re.IGNORECASE)
_ABOUT = re.compile(r":ivar (\w+):(.*?)(?=\n\s*:(?:ivar|vartype)\b|\Z)", re.DOTALL)

#: What the contracts limit, in the words of the vocabulary.
LIMITS = frozenset({"min_length", "max_length", "pattern", "minimum", "maximum", "min_items", "max_items", "unique"})

#: What was read of each model class: they are asked again and again.
_KNOWN: dict[type[Any], dict[str, Property]] = {}


@dataclass(frozen=True)
class Property:
    """What the contract says about one wire path."""

    read_only: bool
    required: bool
    limits: tuple[tuple[str, Any], ...]  # (word of LIMITS, value)
    choices: tuple[str, ...]
    shape: str  # "list", "dict" or "" for everything else
    kind: str  # "str", "bool", "int", "float", as the contract names it
    model: Model | None  # of the object, or of the elements of a list or map of objects
    about: str = ""  # what the documentation of the model says of it

    def sounds_secret(self, name: str) -> bool:
        """Whether an option of that name, for this property, holds what nobody should see."""
        if self.model or self.kind in ("bool", "int", "float") or _NO_SECRET.search(name):
            return False
        return bool(_SECRET.search(name) or _ABOUT_SECRETS.search(self.about))


@dataclass(frozen=True)
class Model:
    """A model class, or the part of one below a flattened prefix."""

    cls: type[Any]
    prefix: str = ""

    def resolve(self, path: str) -> Property | Model | None:
        """The property at a dotted path, the rest of the model below a prefix, or None where there is nothing."""
        found = self.properties()
        for key, value in found.items():
            if path == key:
                return value
            if path.startswith(key + ".") and value.model is not None:
                return value.model.resolve(path[len(key) + 1 :])
        if any(key.startswith(path + ".") for key in found):
            return Model(self.cls, f"{self.prefix}{path}.")
        return None

    def properties(self) -> dict[str, Property]:
        """All properties by their path below this model."""
        whole = _read(self.cls)
        return {key[len(self.prefix) :]: value for key, value in whole.items() if key.startswith(self.prefix)}

    def writable(self) -> Iterator[str]:
        """Paths that a client may write, with those of nested objects below C(properties) in place of it."""
        for key, value in self.properties().items():
            if value.read_only:
                continue
            if key == "properties" and value.model is not None and not value.shape:
                yield from (f"properties.{inner}" for inner in value.model.writable())
            else:
                yield key


@dataclass(frozen=True)
class Texts:
    """A map of texts: the contract names none of its keys."""

    def resolve(self, path: str) -> Property | None:
        """Any key is a text that can be written."""
        return Property(False, False, (), (), "", "str", None) if "." not in path else None


def parts(node: Property | Model) -> Model | Texts | None:
    """Where to look up what is below a property."""
    if isinstance(node, Model):
        return node
    return Texts() if node.kind == "{str}" else node.model


def _enum(annotation: Any, models: ModuleType) -> tuple[str, ...]:
    for name in re.findall(r"_models\.(\w+)", str(annotation)):
        cls = getattr(models, name, None)
        if isinstance(cls, type) and issubclass(cls, Enum):
            return tuple(str(member.value) for member in cls)
    return ()


def _read(cls: type[Any]) -> dict[str, Property]:
    """All properties of a model class."""
    if cls not in _KNOWN:
        _KNOWN[cls] = _flattened(cls) if hasattr(cls, "_attribute_map") else _nested(cls)
    return _KNOWN[cls]


def _flattened(cls: type[Any]) -> dict[str, Property]:
    """azure-mgmt-apimanagement, and old azure-mgmt-network (28): _attribute_map and _validation.

    Enumerations are only in the annotations of __init__.
    """
    models = network_models if issubclass(cls, NETWORK_BASE) else apim_models
    annotations = _signatures(cls)
    about = {name: " ".join(text.split()) for name, text in _ABOUT.findall(cls.__doc__ or "")}
    out = {}
    for name, entry in cls._attribute_map.items():
        rules = cls._validation.get(name, {})
        kind = entry["type"]
        nested = getattr(models, kind.strip("[]{}"), None)
        out[entry["key"].replace("\\.", "#")] = Property(
            read_only=bool(rules.get("readonly")),
            required=bool(rules.get("required")),
            limits=tuple(sorted((k, v) for k, v in rules.items() if k in LIMITS)),
            choices=_enum(annotations.get(name), models),
            shape="list" if kind.startswith("[") else "dict" if kind.startswith("{") else "",
            kind=kind,
            model=Model(nested) if isinstance(nested, type) and hasattr(nested, "_attribute_map") else None,
            about=about.get(name, ""),
        )
    return out


def _signatures(cls: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base is not object and "__init__" in base.__dict__:
            found.update({name: parameter.annotation for name, parameter in inspect.signature(base).parameters.items()})
    return found


def _nested(cls: type[Any]) -> dict[str, Property]:
    """azure-mgmt-network: rest fields with visibility, and annotations."""
    cls({})  # the table of fields is made when the first object is
    fields = cls._attr_to_rest_field
    out = {}
    for name, rest in fields.items():
        annotation = next(
            inspect.get_annotations(base)[name] for base in cls.__mro__ if name in inspect.get_annotations(base)
        )
        text = str(annotation)
        nested = next(
            (
                candidate
                for candidate in (getattr(network_models, n, None) for n in re.findall(r"_models\.(\w+)", text))
                if isinstance(candidate, type) and issubclass(candidate, NETWORK_BASE)
            ),
            None,
        )
        out[rest._rest_name] = Property(
            read_only=rest._visibility == ["read"],
            required="Optional" not in text and "NoneType" not in text,
            limits=(),
            choices=_enum(annotation, network_models),
            shape="list" if "list[" in text else "dict" if "dict[" in text else "",
            kind=next((kind for kind in ("bool", "int", "float") if re.search(rf"\b{kind}\b", text)), "str"),
            model=Model(nested) if nested else None,
        )
    return out


class _NoCredential:
    def get_token(self, *scopes: str, **dummy: Any) -> AccessToken:
        raise AssertionError(f"a contract test asked for a token for {scopes}")


@cache
def client(name: str) -> Any:
    """The SDK's client; it never connects anywhere."""
    cls = {"apimanagement": ApiManagementClient, "network": NetworkManagementClient}[name]
    return cls(_NoCredential(), "00000000-0000-0000-0000-000000000000")


def operation(group: Any, verb: str) -> Any:
    """C(create_or_update) or C(begin_create_or_update), whichever the group has."""
    return getattr(group, verb, None) or getattr(group, f"begin_{verb}", None)


def path_parameters(function: Any, *, whole: bool = False) -> list[str]:
    """Names of the positional parameters that are segments of the path; C(whole): with those of only one value."""
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and parameter.default is parameter.empty
        and name not in ("if_match", *(() if whole else ("policy_id",)))
        and "IO[bytes]" not in str(parameter.annotation)
    ]


def accepts(function: Any, keyword: str) -> bool:
    """Whether an operation knows a keyword argument: an unknown one would silently go to the pipeline."""
    return function is not None and keyword in inspect.signature(function).parameters


def body_model(function: Any) -> Model | None:
    """The model of the body that an operation sends."""
    for parameter in inspect.signature(function).parameters.values():
        if "IO[bytes]" in str(parameter.annotation):
            return _model(parameter.annotation)
    return None


def answer_model(function: Any) -> Model | None:
    """The model of what an operation answers."""
    return _model(inspect.signature(function).return_annotation)


def _model(annotation: Any) -> Model | None:
    candidates = (annotation, *typing.get_args(annotation))
    for cls in candidates:
        if isinstance(cls, type) and (hasattr(cls, "_attribute_map") or issubclass(cls, NETWORK_BASE)):
            return Model(cls)
    return None
