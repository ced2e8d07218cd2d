# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values for the options of any declaration, for property tests."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils import _resources
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    ResourceType,
    Scope,
)
from hypothesis import strategies as st

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12).map(lambda text: f"n{text}")
ADDRESSES = st.builds(lambda a, b: f"10.{a}.{b}.0/24", st.integers(0, 255), st.integers(0, 255))
POLICIES = st.sampled_from(
    [
        "<policies><inbound><base /></inbound></policies>",
        "<policies>\n  <inbound>\n    <base/>\n  </inbound>\n</policies>",
        '<policies><inbound><set-header name="a"><value>@(1 < 2 ? "x" : "y")</value></set-header></inbound></policies>',
    ]
)
OF_COMPARE: dict[Compare, st.SearchStrategy[Any]] = {
    Compare.CIDR: ADDRESSES,
    Compare.LOCATION: st.sampled_from(["westeurope", "West Europe", "northeurope"]),
    Compare.DURATION: st.sampled_from(["PT60S", "PT1M", "PT2H", "P1D"]),
    Compare.PATH: st.sampled_from(["orders", "/orders", "a/b", ""]),
    Compare.POLICY: POLICIES,
    Compare.NUMBER_TEXT: st.sampled_from(["1", "True", "false"]),
}
#: Texts of every form that a declaration asks for.
WELL_FORMED = (
    *("*", "443", "8000-8100"),
    *("http://10.225.1.4:8080", "https://orders.example/v1", "{{orders-url}}"),
    *("10.225.0.4", "10.225.0.5", "fd00::4"),
)


def declarations() -> dict[str, ResourceType]:
    """Every declared resource type by its module's name."""
    found: dict[str, ResourceType] = {}
    for module in pkgutil.iter_modules(_resources.__path__):
        if not module.name.startswith("_"):
            found[module.name] = importlib.import_module(f"{_resources.__name__}.{module.name}").RESOURCE
    return found


def names(scope: Scope) -> dict[str, str]:
    """Options that name a place."""
    return {segment.option: "contoso" for segment in scope.segments if segment.option}


def options(fields: Sequence[Field], *, complete: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Options for the fields. C(complete): with all that a new resource needs."""
    needed: dict[str, st.SearchStrategy[Any]] = {}
    possible: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields:
        if field.read_only or field.compare is Compare.SPECIFICATION:
            continue
        required = field.required or (complete and field.required_on_create)
        drawn = value(field, complete=complete)
        demanded = required or field.required_on_create or field.default_on_create is not None
        if demanded and not field.empty_is_value:
            drawn = drawn.filter(bool) if field.type not in ("bool", "int") else drawn
        (needed if required else possible)[field.name] = drawn
    return st.fixed_dictionaries(needed, optional=possible)


def value(field: Field, *, complete: bool) -> st.SearchStrategy[Any]:
    """Values for one field."""
    if field.type == "list" and field.fields:
        element = options(field.fields, complete=True)
        if field.items is Items.BY_KEY:
            return st.lists(element, max_size=3, unique_by=lambda item: str(item.get(field.key)).casefold())
        return st.lists(element, min_size=field.min_items or 0, max_size=3)
    if field.type == "list":
        fewest = field.min_items or 0
        return st.lists(_plain(field), min_size=fewest, max_size=3, unique_by=lambda item: str(item).casefold())
    if field.fields:
        return options(field.fields, complete=True)
    if field.type == "dict":
        held = {"list": st.lists(WORDS, max_size=2), "dict": st.dictionaries(WORDS, WORDS, max_size=2)}
        return st.dictionaries(WORDS, held.get(field.elements or "", WORDS), max_size=3)
    return _plain(field)


def _plain(field: Field) -> st.SearchStrategy[Any]:
    kind = field.elements if field.type == "list" else field.type
    if field.choices:
        return st.sampled_from(list(field.choices))
    if kind == "bool":
        return st.booleans()
    if kind == "int":
        return st.integers(field.minimum or 0, field.maximum if field.maximum is not None else 1000)
    if kind == "dict":
        return st.dictionaries(WORDS, WORDS, max_size=2)
    if field.reference is not None:
        return _references(field)
    if field.compare in OF_COMPARE:
        return OF_COMPARE[field.compare]
    if field.well_formed is not None:
        return st.sampled_from([text for text in WELL_FORMED if field.well_formed(text) is None])
    if field.pattern:
        return st.from_regex(field.pattern, fullmatch=True).filter(lambda text: len(text) <= (field.max_length or 80))
    return WORDS


def _references(field: Field) -> st.SearchStrategy[str]:
    assert field.reference is not None
    template = field.reference.template
    name = WORDS.map(lambda text: f"vnet/{text}") if "{parent}" in template else WORDS
    # Below a service, an id without what stands before it: the whole one is right in one service only.
    parts = {"service": "", "resource_group_id": "/subscriptions/s/resourceGroups/g", "parent": "vnet"}
    return st.one_of(name, WORDS.map(lambda text: template.format(name=text, **parts)))
