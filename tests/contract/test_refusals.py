# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of an option says what is refused about it, and what an empty value does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    ResourceType,
)
from generator.documents import options
from generator.limits import missing

from contract.declarations import RESOURCES

#: What is said of an option that a new resource gets its own name for.
TAKES_NAME = "gets its O(name)"
every_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def described(
    fields: tuple[Field, ...], documents: dict[str, Any], where: str = "", *, element: bool = False
) -> Iterator[tuple[str, Field, str, bool]]:
    """(name, field, description, whether it is a part of something that is given as a whole) of every option."""
    for field in fields:
        if not field.read_only:
            document = documents[field.name]
            yield where + field.name, field, " ".join(document["description"]), element
            inner = element or field.type == "list" or field.write_only
            yield from described(field.fields, document.get("suboptions", {}), f"{where}{field.name}.", element=inner)


@every_type
def test_every_limit_is_documented(resource: ResourceType) -> None:
    unsaid = {
        name: sentences
        for name, field, text, element in described(resource.fields, options(resource.name))
        if (sentences := missing(field, text, element=element))
    }
    assert unsaid == {}


@every_type
def test_what_is_needed_to_create_is_documented(resource: ResourceType) -> None:
    unsaid = [
        name
        for name, field, text, element in described(resource.fields, options(resource.name))
        if field.required_on_create and not re.search(r"[Rr]equired when|[Nn]eed|new \w+", text)
    ]
    assert unsaid == []


@every_type
def test_it_is_documented_of_what_takes_its_name_and_of_nothing_else(resource: ResourceType) -> None:
    said = {name for name, _field, text, _e in described(resource.fields, options(resource.name)) if TAKES_NAME in text}
    taken = [field for field in resource.fields if field.default_on_create == OWN_NAME]
    assert said == {field.name for field in taken}
    assert not any(field.required_on_create for field in taken)


@every_type
def test_a_well_formed_value_is_shown(resource: ResourceType) -> None:
    unsaid = []
    for name, field, text, _element in described(resource.fields, options(resource.name)):
        if field.well_formed is None:
            continue
        shown = re.findall(r"[VC]\(([^)]*)\)", text)
        if not any(field.well_formed(value) is None for value in shown) and "white space" not in text:
            unsaid.append(name)
    assert unsaid == []


FIELD = {
    "limits": Field("a", min_length=2, max_length=7),
    "many": Field("a", "list", min_items=2, max_items=3),
    "number": Field("a", "int", minimum=4, maximum=30),
    "pattern": Field("a", pattern="(x|y)+"),
    "unique": Field("a", "list", unique=True),
    "only with": Field("a", only_with=("b", True)),
    "duration": Field("a", compare=Compare.DURATION),
    "immutable": Field("a", immutable=True),
    "address": Field("a", address=True),
}


@pytest.mark.parametrize("case", FIELD)
def test_every_kind_of_limit_is_wanted_and_satisfied_by_its_own_sentence(case: str) -> None:
    wanted = missing(FIELD[case], "What it is.")
    assert wanted
    assert missing(FIELD[case], " ".join(["What it is.", *wanted])) == []


def test_options_of_options_are_named_with_what_they_are_in() -> None:
    field = Field("a", "int", only_with=("b", True))
    wanted = ["Azure takes it with O(routes[].b=true) only."]
    assert missing(field, "", above="routes[].") == wanted
    for named in ("O(b=true)", "O(routes[].b=true)", "O(pool.b=true)"):
        assert missing(field, f"Only with {named}.", above="routes[].") == []
    assert missing(field, "Only with O(pool.ab=true).", above="routes[].") == wanted
