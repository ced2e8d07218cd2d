# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two sides of a diff: what the task speaks of, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.shape import (
    before_and_after,
    everything,
    managed,
    readable,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    ResourceType,
)

TAGS = Field("tags", "dict", wire="tags", items=Items.MERGE, purge="purge_tags")
RULES = Field(
    "rules",
    "list",
    elements="dict",
    items=Items.BY_KEY,
    key="name",
    purge="purge_rules",
    fields=(Field("name", required=True), Field("port", "int")),
)


def diff(fields: tuple[Field, ...], wanted: dict[str, Any], found: Any, body: Any) -> tuple[Any, Any]:
    """Both sides, of properties."""
    resource = ResourceType("t", "x/t", "network", "t", (), fields)
    before = None if found is None else {"properties": found}
    return before_and_after(resource, wanted, before, {"properties": body})


def test_only_what_is_given_is_shown() -> None:
    fields = (Field("a"), Field("b"), Field("c", read_only=True), Field("d", compare=Compare.NEVER), Field("e"))
    now = {"a": "1", "b": "1", "c": "1", "d": "1"}
    wanted = {"a": "2", "c": "2", "d": "2", "e": "2"}
    assert diff(fields, wanted, now, {**now, **wanted}) == ({"a": "1", "e": None}, {"a": "2", "e": "2"})


def test_what_is_new_is_shown_with_its_defaults() -> None:
    fields = (Field("a"), Field("b", default_on_create="x"), Field("c"))
    assert diff(fields, {"a": "1"}, None, {"a": "1", "b": "x"}) == ({}, {"a": "1", "b": "x"})
    assert diff(fields, {"a": "1"}, {"a": "0", "b": "y"}, {"a": "1", "b": "y"}) == ({"a": "0"}, {"a": "1"})


def test_what_goes_or_comes_with_another_option_is_shown_when_it_changes() -> None:
    dependent = Field("size", "int", only_with=("kind", "big"))
    fields = (Field("kind"), dependent)
    was = {"kind": "big", "size": 3}
    assert diff(fields, {"kind": "small"}, was, {"kind": "small"}) == (
        {"kind": "big", "size": 3},
        {"kind": "small", "size": None},
    )
    assert diff(fields, {"kind": "big"}, {"kind": "small"}, was)[1] == {"kind": "big", "size": 3}
    assert diff(fields, {"kind": "big"}, was, was) == ({"kind": "big"}, {"kind": "big"})
    hidden = (Field("kind"), Field("size", only_with=("kind", "big"), secret=True))
    assert diff(hidden, {"kind": "small"}, was, {"kind": "small"}) == ({"kind": "big"}, {"kind": "small"})


def test_what_a_value_takes_away_is_shown() -> None:
    fields = (Field("count", "int", excludes=("share",)), Field("share", "int"))
    assert diff(fields, {"count": 1}, {"share": 2}, {"count": 1}) == (
        {"count": None, "share": 2},
        {"count": 1, "share": None},
    )
    assert diff(fields, {"count": 1}, {"count": 2}, {"count": 1}) == ({"count": 2}, {"count": 1})


def test_the_elements_that_a_value_rules_out_are_shown() -> None:
    fields = (Field("size", "int"), Field("parts", "list", stays_with=("size", lambda part, size: part == size)))
    was = {"size": 1, "parts": [1, 2]}
    assert diff(fields, {"size": 1}, was, {"size": 1, "parts": [1]}) == (was, {"size": 1, "parts": [1]})
    assert diff(fields, {"size": 1}, was, was) == ({"size": 1}, {"size": 1})


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({"tags": {"env": "x"}}, {"Env": "dev"}),
        ({"tags": {"ENV": "x", "new": 1}}, {"Env": "dev"}),
        ({"tags": {"env": "x"}, "purge_tags": True}, {"Env": "dev", "old": "y"}),
        ({"tags": {"env": "x"}, "purge_tags": False}, {"Env": "dev"}),
        ({"tags": {}}, {"Env": "dev", "old": "y"}),
    ],
)
def test_of_a_map_the_keys_that_are_named(wanted: dict[str, Any], shown: dict[str, Any]) -> None:
    assert managed(TAGS, wanted["tags"], {"Env": "dev", "old": "y"}, wanted) == shown


def test_of_a_keyed_list_the_elements_that_are_named() -> None:
    now = [{"name": "Web", "port": 80}, {"name": "ssh", "port": 22}]
    named = {"rules": [{"name": "web"}, {"name": "new"}]}
    assert managed(RULES, named["rules"], now, named) == now[:1]
    assert managed(RULES, named["rules"], now, {**named, "purge_rules": True}) == now
    whole = Field("rules", "list", elements="dict", fields=RULES.fields)
    assert managed(whole, named["rules"], now, named) == now


def test_of_an_object_the_parts_that_are_named() -> None:
    inner = Field("inner", "dict", fields=(Field("x"), TAGS))
    field = Field("outer", "dict", fields=(Field("a"), Field("b"), inner))
    now = {"a": "1", "b": "2", "inner": {"x": "3", "tags": {"k": "v", "l": "w"}}}
    assert managed(field, {"b": "9", "a": None}, now, {}) == {"b": "2"}
    assert managed(field, {"inner": {"tags": {"K": "z"}}}, now, {}) == {"inner": {"tags": {"k": "v"}}}
    assert managed(field, {"inner": {"tags": {"K": "z"}, "purge_tags": True}}, now, {}) == {
        "inner": {"tags": {"k": "v", "l": "w"}}
    }
    assert managed(field, {}, now, {}) == now, "it is cleared as a whole"
    assert managed(field, {"a": "1"}, None, {}) is None


def test_texts_of_many_lines_are_lists_of_lines() -> None:
    assert readable(Field("a"), "x\ny") == ["x", "y"]
    assert readable(Field("a"), "x\n") == "x\n"
    assert readable(Field("a"), 3) == 3
    assert readable(Field("a", compare=Compare.POLICY), "<policies>  <inbound/></policies>") == readable(
        Field("a", compare=Compare.POLICY), "<policies><inbound /></policies>"
    )


def test_all_that_can_be_set_is_the_before_of_a_deletion() -> None:
    fields = (Field("a"), Field("b", read_only=True), Field("c", write_only=True), Field("d", secret=True), Field("e"))
    resource = ResourceType("t", "x/t", "network", "t", (), fields)
    values = dict.fromkeys("abcd", "x\ny")
    assert everything(resource, {"properties": values}) == {"a": ["x", "y"], "d": "(hidden)"}
