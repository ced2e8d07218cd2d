# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a declaration that say which values are refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import check_fields, validate
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Reference,
    ResourceType,
)


def capital(text: str) -> str | None:
    return None if text.isupper() else "has to be in capitals"


TEXT = Field("x", min_length=2, max_length=3)
SHORT = Field("x", "list", elements="str", min_items=1, max_items=2)
ONCE = Field("x", "list", elements="str", compare=Compare.CASELESS, unique=True)
LISTS = Field("x", "dict", elements="list", secret=True)
OBJECTS = Field("x", "dict", elements="dict")
INNER = Field("x", "list", elements="dict", fields=(Field("name", required=True, well_formed=capital),))
REFERENCE = Field("x", reference=Reference("/a/{name}"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TEXT, None),
        (TEXT, "ab"),
        (TEXT, "abc"),
        (SHORT, ["a", "b"]),
        (ONCE, ["a", "b"]),
        (LISTS, {"a": ["b"], "c": None}),
        (OBJECTS, {"a": {}}),
        (INNER, []),
        (INNER, [{"name": "A"}]),
        (Field("x", "list", elements="str", min_length=0), [""]),
        (Field("x", required_on_create=True, empty_is_value=True), ""),
        (Field("x", compare=Compare.DURATION), "P1DT2H3M4.5S"),
        (REFERENCE, "name"),
        (Field("x", read_only=True, min_length=1), ""),
    ],
)
def test_what_can_be_is_taken(field: Field, value: Any) -> None:
    check_fields([field], {"x": value})


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (TEXT, "", "x can't be empty"),
        (TEXT, "a", "x has to have at least 2 characters"),
        (TEXT, "abcd", "x may have 3 characters, 'abcd' has 4"),
        (SHORT, [], "x can't be empty"),
        (SHORT, ["a", "b", "c"], "x may have 2 elements, not 3"),
        (Field("x", "list", elements="str", min_items=2), ["a"], "x has to have at least 2 elements"),
        (SHORT, [""], "an element of x can't be empty"),
        (ONCE, ["a", "b", "A"], "x has 'A' twice"),
        (LISTS, {"a": "sesame"}, "x.a has to be a list"),
        (OBJECTS, {"a": "b"}, "x.a has to be a dictionary"),
        (INNER, [{"name": "A"}, {"name": "b"}], "x[1].name: 'b' has to be in capitals"),
        (INNER, [{"name": None}], "x[0].name is needed"),
        (Field("x", secret=True, well_formed=capital), "sesame", "x: the value has to be in capitals"),
        (Field("x", required_on_create=True), "", "x can't be empty: Azure demands a value"),
        (Field("x", default_on_create="y"), "", "x can't be empty: Azure demands a value"),
        *(
            (Field("x", compare=Compare.DURATION), text, "is no ISO 8601 duration")
            for text in ("P", "PT", "1h", "pt1s")
        ),
        (REFERENCE, " name", "x: ' name' has white space around it"),
    ],
)
def test_what_can_not_be_is_refused_with_the_option(field: Field, value: Any, words: str) -> None:
    with pytest.raises(PlanError) as refusal:
        check_fields([field], {"x": value})
    assert words in str(refusal.value)
    assert "sesame" not in str(refusal.value)
    at = words.partition(" ")[0].rstrip(":") if words.startswith("x[") else "x"
    assert refusal.value.field == at


LARGE = Field("x", "int", minimum=2, maximum=4)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (LARGE, 1, "x has to be at least 2, not 1"),
        (LARGE, 5, "x may be at most 4, not 5"),
        (Field("x", "list", min_items=1), [], "x can't be empty"),
        (ONCE, ["a", "A"], "x has 'A' twice"),
        (Field("x", required=True), "", "x can't be empty: Azure demands a value"),
    ],
)
def test_the_value_that_can_not_be_is_told_with_the_option(field: Field, value: Any, words: str) -> None:
    with pytest.raises(PlanError) as refusal:
        check_fields([field], {"x": value})
    assert (str(refusal.value), refusal.value.field) == (words, "x")


@pytest.mark.parametrize("value", [2, 4, True, None, "1"])
def test_only_numbers_have_a_range(value: Any) -> None:
    check_fields([LARGE], {"x": value})


def test_an_object_that_is_cleared_is_not_looked_into_but_an_element_is() -> None:
    inner = (Field("name", required=True, min_length=1), Field("note", min_length=1))
    check_fields([Field("x", "dict", fields=inner)], {"x": {}})
    check_fields([Field("x", "list", elements="dict", fields=inner)], {"x": [{}, "no object"]})
    with pytest.raises(PlanError, match=r"^x\.note can't be empty$") as refusal:
        check_fields([Field("x", "dict", fields=inner)], {"x": {"note": ""}})
    assert refusal.value.field == "x.note"
    with pytest.raises(PlanError, match=r"^a\.x\.name is needed$"):
        check_fields([Field("x", "dict", fields=inner)], {"x": {"name": None, "note": "a"}}, "a.")
    check_fields([Field("x", required=True)], {"x": None})  # at the top, ansible-core says it


def test_every_field_is_checked() -> None:
    fields = [Field("a", read_only=True), Field("b"), Field("c", "dict"), Field("d", "list"), Field("e", max_length=1)]
    with pytest.raises(PlanError, match=r"^e may have"):
        check_fields(fields, {"a": 1, "c": {"k": 1}, "d": ["x"], "e": "ab"})


def test_the_rule_of_a_type_is_asked_last() -> None:
    ruled = ResourceType("t", "x", "network", "t", (), fields=(TEXT,), check=lambda wanted: wanted.get("why"))
    validate(ruled, {"x": "ab"})
    with pytest.raises(PlanError, match=r"^x may have"):
        validate(ruled, {"x": "abcd", "why": "because"})
    with pytest.raises(PlanError, match=r"^because$"):
        validate(ruled, {"x": "ab", "why": "because"})
