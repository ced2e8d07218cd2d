# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a merge says of every difference: where it is, what was there, what is wanted, and whether it is a secret."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.merge import Difference, add_import
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import merged_map
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, Items
from unit.plugins._engine.test_merge import merge, properties

TOP = (
    Field("title"),
    Field("token", secret=True),
    Field("password", secret=True, write_only=True),
    Field("fixed", immutable=True),
    Field("ranges", "list", elements="str", scalar="properties.range", excludes=("pool",)),
    Field("pool", secret=True, excludes=("ranges",)),
    Field("kind"),
    Field("depth", "int", only_with=("kind", "deep"), secret=True),
    Field("state", vacant="Disabled"),
)
#: The same below an object.
INSIDE = (Field("box", "dict", fields=tuple(replace(field, scalar=field.scalar[11:]) for field in TOP)),)


def found(values: dict[str, Any], inside: bool) -> dict[str, Any]:
    return properties(box=values) if inside else properties(**values)


@pytest.mark.parametrize("inside", [False, True], ids=["top", "inside"])
@pytest.mark.parametrize(
    ("wanted", "values", "expected"),
    [
        ({"title": "b"}, {"title": "a"}, [("title", "title", "a", "b", False)]),
        ({"title": ""}, {"title": "a"}, [("title", "title", "a", "", False)]),
        ({"token": "b"}, {"token": "a"}, [("token", "token", "a", "b", True)]),
        ({"ranges": ["b"]}, {"range": "a"}, [("ranges", "range", ["a"], ["b"], False)]),
        ({"ranges": ["b", "c"]}, {"range": "a"}, [("ranges", "ranges", ["a"], ["b", "c"], False)]),
        (
            {"pool": "p"},
            {"range": "a"},
            [("pool", "pool", None, "p", True), ("ranges", "ranges", ["a"], None, False)],
        ),
        (
            {"ranges": ["b", "c"]},
            {"pool": "p"},
            [("ranges", "ranges", None, ["b", "c"], False), ("pool", "pool", "p", None, True)],
        ),
        (
            {"kind": "flat"},
            {"kind": "deep", "depth": 3},
            [("kind", "kind", "deep", "flat", False), ("depth", "depth", 3, None, True)],
        ),
        ({"state": ""}, {"state": "Enabled"}, [("state", "state", "Enabled", "", False)]),
        ({"state": ""}, {"state": "Disabled"}, []),
        ({"kind": "deep", "depth": 3}, {"kind": "deep", "depth": 3}, []),
        ({"password": "x"}, {"title": "a"}, []),
    ],
)
def test_each_difference_is_told_whole(
    inside: bool, wanted: dict[str, Any], values: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    result = merge(INSIDE, {"box": wanted}, found(values, True)) if inside else merge(TOP, wanted, found(values, False))
    path, wire = ("box.", "properties.box.") if inside else ("", "properties.")
    assert result.differences == [
        Difference(path + name, wire + own, before, after, secret) for name, own, before, after, secret in expected
    ]
    assert result.replaced is (len(expected) > 1 and expected[1][0] != "depth")


def test_what_is_taken_away_is_gone_from_the_body() -> None:
    assert merge(TOP, {"pool": "p"}, properties(range="a", ranges=[])).body == properties(pool="p")
    result = merge(TOP, {"kind": "flat"}, properties(kind="deep", depth=3))
    assert result.body == properties(kind="flat") and result.patch() == properties(kind="flat", depth=None)
    inner = merge(INSIDE, {"box": {"pool": "p"}}, properties(box={"range": "a"}))
    assert inner.patch() == properties(box={"pool": "p", "ranges": None})


def test_several_that_depend_are_each_looked_at() -> None:
    fields = (
        Field("kind"),
        Field("first", only_with=("kind", "deep")),
        Field("second", "int", only_with=("kind", "flat")),
        Field("third", "int", only_with=("kind", "deep")),
    )
    result = merge(fields, {"kind": "flat", "second": 1, "first": ""}, properties(kind="deep", first="a", third=3))
    assert result.body == properties(kind="flat", second=1)
    with pytest.raises(PlanError, match="third"):
        merge(fields, {"kind": "flat", "third": 3}, properties(kind="deep"))
    # What is not known of the other option is left to Azure.
    assert merge(fields, {"third": 3}, properties()).body == properties(third=3)


def test_unseen_parts_of_a_new_object_are_a_difference_and_are_sent_with_it() -> None:
    fields = (Field("login", "dict", fields=(Field("user"), Field("password", secret=True, write_only=True))),)
    new = merge(fields, {"login": {"password": "x"}}, properties())
    assert new.differences == [Difference("login.password", "properties.login.password", None, "x", True)]
    assert new.body == properties(login={"password": "x"})
    known = merge(fields, {"login": {"password": "x"}}, properties(login={"user": "a"}))
    assert not known.differences and known.body == properties(login={"user": "a"})
    changed = merge(fields, {"login": {"user": "b", "password": "x"}}, properties(login={"user": "a"}))
    assert [difference.path for difference in changed.differences] == ["login.user"]
    assert changed.body == properties(login={"user": "b", "password": "x"})
    nothing = merge(fields, {"login": {"user": None}}, properties())
    assert not nothing.differences and nothing.body == properties()


def test_an_unseen_value_can_be_cleared_with_something_else() -> None:
    fields = (Field("title"), Field("password", secret=True, write_only=True, empty_on_wire=""))
    assert merge(fields, {"password": ""}, properties(title="a")).body == properties(title="a")
    assert merge(fields, {"title": "b", "password": ""}, properties(title="a")).body == properties(
        title="b", password=""
    )
    assert merge(fields, {"title": "b", "password": ""}).body == properties(title="b")


def test_what_is_sent_later_does_not_change_with_what_was_given() -> None:
    hidden = Field("hidden", "dict", compare=Compare.NEVER)
    given = {"a": {"b": 1}}
    body = merge((Field("title"), hidden), {"title": "b", "hidden": given}, properties(title="a")).body
    given["a"]["b"] = 2
    assert body == properties(title="b", hidden={"a": {"b": 1}})


@pytest.mark.parametrize(("secret", "shown"), [(False, True), (True, False)])
def test_no_part_of_an_immutable_object_changes(secret: bool, shown: bool) -> None:
    place = Field("place", "dict", immutable=True, fields=(Field("zone", secret=secret), Field("row")))
    assert not merge((place,), {"place": {"zone": "one"}}, properties(place={"zone": "one", "row": 1})).differences
    assert merge((place,), {"place": {"zone": "one"}}).body == properties(place={"zone": "one"})
    with pytest.raises(PlanError) as raised:
        merge((place,), {"place": {"zone": "zone-two"}}, properties(place={"zone": "zone-one", "row": 1}))
    assert raised.value.field == "place.zone"
    assert [text in str(raised.value) for text in ("zone-one", "zone-two")] == [shown, shown]


def test_what_is_needed_inside_is_asked_for_where_the_object_is_new() -> None:
    box = Field("box", "dict", fields=(Field("name", required_on_create=True), Field("note")))
    assert merge((box,), {"box": {"note": "x"}}, properties(box={"name": "a"})).body == properties(
        box={"name": "a", "note": "x"}
    )
    for existing in (None, properties()):
        with pytest.raises(PlanError, match=r"needs: name|name"):
            merge((box,), {"box": {"note": "x"}}, existing)


@pytest.mark.parametrize(
    ("wanted", "found", "purge", "expected"),
    [
        ({"gone": None}, {"kept": "a"}, False, {"kept": "a"}),
        ({"KEPT": "b"}, {"kept": "a"}, False, {"kept": "b"}),
        ({"KEPT": "b"}, {"kept": "a", "KEPT": "c"}, False, {"kept": "a", "KEPT": "b"}),
        ({"kept": "a"}, {"kept": "a", "other": "b"}, True, {"kept": "a"}),
        ({"flag": True}, {"flag": "true"}, False, {"flag": "true"}),
        ({"flag": False}, {"flag": "true"}, False, {"flag": False}),
    ],
)
def test_maps(wanted: dict[str, Any], found: dict[str, Any], purge: bool, expected: dict[str, Any]) -> None:
    field = Field("tags", "dict", items=Items.MERGE, compare=Compare.NUMBER_TEXT)
    assert merged_map(field, wanted, found, purge=purge) == expected


def test_a_whole_map_is_written_only_if_it_differs() -> None:
    field = Field("values", "dict", compare=Compare.CASELESS)
    assert not merge((field,), {"values": {"a": "X"}}, properties(values={"a": "x"})).differences
    assert merge((field,), {"values": {"a": "Y"}}, properties(values={"a": "x", "b": "z"})).body == properties(
        values={"a": "Y"}
    )


def test_the_parts_of_an_import_are_where_the_declaration_says() -> None:
    parts = (Field("format"), Field("selector", "dict", fields=(Field("service_name", wire="wsdlServiceName"),)))
    value = {"format": "wsdl", "selector": {"service_name": "orders"}}
    for wire, expected in (("properties", properties), ("", dict)):
        body: dict[str, Any] = {}
        add_import(Field("specification", "dict", wire=wire, fields=parts), value, body)
        assert body == expected(format="wsdl", selector={"wsdlServiceName": "orders"})


def test_an_empty_text_that_is_a_value_is_no_missing_one() -> None:
    path = Field("path", required_on_create=True, empty_is_value=True)
    assert merge((path,), {"path": ""}).body == properties(path="")
    for fields, wanted in (((path,), {}), ((replace(path, empty_is_value=False),), {"path": ""})):
        with pytest.raises(PlanError, match="what is not there yet"):
            merge(fields, wanted)
