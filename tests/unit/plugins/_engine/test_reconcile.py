# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: what is done, what is sent, what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import Plan, reconcile
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    ResourceType,
    Scope,
    Segment,
)

SEGMENTS = (Segment("resourceGroups", "resource_group"), Segment("providers/X/things", "name"))
DOCUMENT = Field(
    "document",
    "dict",
    wire="properties",
    write_only=True,
    compare=Compare.SPECIFICATION,
    fields=(Field("format"), Field("content", wire="value"), Field("selector", "dict", fields=(Field("port"),))),
)
THING = ResourceType(
    "thing",
    "X/things",
    "network",
    "thing",
    (Scope("things", SEGMENTS),),
    fields=(
        Field("title", required_on_create=True),
        Field("key", secret=True),
        Field("state_of_it", read_only=True, wire="properties.state"),
        Field("children", "list", read_only=True),
        DOCUMENT,
    ),
    keep_wire=("properties.children",),
)
FOUND = {
    "id": "/x",
    "name": "t",
    "type": "X/things",
    "etag": "e",
    "properties": {
        "title": "a",
        "key": "tahini",
        "state": "ok",
        "children": [1],
        "provisioningState": "Succeeded",
        "x": 1,
    },
}
ID = "/subscriptions/sub/resourceGroups/rg/providers/X/things/t"


def plan(wanted: dict[str, Any], found: dict[str, Any] | None, resource: ResourceType = THING, **how: Any) -> Plan:
    options = {"resource_group": "rg", "name": "t", **wanted}
    return reconcile(locate(resource, options, "sub"), options, found, **how)


def test_absent_stays_absent() -> None:
    assert plan({"state": "absent"}, None) == Plan("noop")


def test_deleting_shows_what_was_there_but_no_secret() -> None:
    result = plan({"state": "absent"}, FOUND)
    assert (result.action, result.body, result.predicted) == ("delete", None, None)
    assert result.before == {"title": "a", "key": "(hidden)"}
    assert result.after == {}


def test_creating_predicts_the_resource() -> None:
    result = plan({"title": "a", "key": "sesame"}, None)
    assert result.action == "create"
    assert result.body == {"properties": {"title": "a", "key": "sesame"}}
    assert result.predicted == {**result.body, "id": ID, "name": "t"}
    assert result.diff == {"before": {}, "after": {"title": "a", "key": "(hidden, changed)"}}


def test_creating_names_what_is_missing() -> None:
    with pytest.raises(PlanError, match="title is needed to create the thing 't'"):
        plan({}, None)


NAMED = replace(
    THING,
    fields=(Field("title", default_on_create=OWN_NAME, default_unless=("source",), max_length=9), Field("source")),
)


def test_what_is_new_is_called_as_it_is_named_and_what_is_there_keeps_its_own() -> None:
    result = plan({}, None, NAMED)
    assert (result.action, result.body, result.after) == ("create", {"properties": {"title": "t"}}, {"title": "t"})
    assert plan({"title": "a"}, None, NAMED).body == {"properties": {"title": "a"}}
    assert plan({}, FOUND, NAMED).action == "noop"
    assert plan({"title": "t"}, FOUND, NAMED).after == {"title": "t"}
    result = plan({"source": "s"}, None, NAMED)
    assert (result.body, result.after) == ({"properties": {"source": "s"}}, {"source": "s"})


def test_what_another_task_makes_may_be_called_otherwise() -> None:
    result = plan({}, None, NAMED, foretold=True)
    assert (result.action, result.body, result.after) == ("update", {}, {})
    for wanted in ({"title": "a"}, {"source": "s"}):
        result = plan(wanted, None, NAMED, foretold=True)
        assert (result.action, result.after) == ("create", wanted)


def test_a_name_may_be_too_long_for_people() -> None:
    with pytest.raises(PlanError, match="title is needed to create the thing 'ten-or-more'"):
        plan({"name": "ten-or-more"}, None, NAMED)
    assert plan({"name": "ten-or-more", "title": "t"}, None, NAMED).body == {"properties": {"title": "t"}}


def test_nothing_to_do_shows_equal_sides() -> None:
    result = plan({"title": "a", "key": "tahini"}, FOUND)
    assert (result.action, result.body, result.predicted) == ("noop", None, FOUND)
    assert result.before == result.after == {"title": "a", "key": "(hidden)"}


def test_a_put_starts_from_what_was_found_without_what_only_azure_says() -> None:
    result = plan({"title": "b"}, FOUND)
    assert result.action == "update"
    assert result.body == {"properties": {"title": "b", "key": "tahini", "children": [1], "x": 1}}
    assert result.diff == {"before": {"title": "a"}, "after": {"title": "b"}}


def test_a_patch_has_the_differences_only() -> None:
    assert plan({"title": "b", "key": "tahini"}, FOUND, replace(THING, update="patch")).body == {
        "properties": {"title": "b"}
    }


def test_where_something_has_to_go_the_whole_is_put() -> None:
    thing = replace(THING, update="patch", fields=(*THING.fields, Field("vault", "dict", fields=(Field("at"),))))
    thing = replace(
        thing, fields=tuple(replace(f, excludes=("vault",)) if f.name == "key" else f for f in thing.fields)
    )
    properties = {"title": "a", "vault": {"at": "v"}, "x": 1}
    made = plan({"key": "sesame"}, {**FOUND, "properties": properties}, thing)
    assert made.whole and made.body == {"properties": {"title": "a", "key": "sesame", "x": 1}}
    assert made.before["vault"] == {"at": "v"} and not made.after["vault"]


def test_a_changed_secret_is_a_difference_that_tells_nothing() -> None:
    result = plan({"key": "sesame"}, FOUND)
    assert result.diff == {"before": {"key": "(hidden)"}, "after": {"key": "(hidden, changed)"}}


def test_a_write_that_failed_in_azure_is_repeated() -> None:
    assert plan({"title": "a"}, FOUND, repair=True).action == "update"
    patch = plan({"title": "a"}, FOUND, replace(THING, update="patch"), repair=True)
    assert patch.body == {"properties": {"title": "a"}}


def test_an_import_sends_the_document_and_leaves_to_it_what_it_sets() -> None:
    document = {"format": "wsdl", "content": "<x/>", "selector": {"port": "p"}}
    sent = {"format": "wsdl", "value": "<x/>", "selector": {"port": "p"}}
    assert plan({"title": "a", "document": document}, None).body == {"properties": {"title": "a", **sent}}
    assert plan({"document": document}, FOUND).action == "noop"
    result = plan({"document": document}, FOUND, importing=("properties.title",))
    assert result.body == {"properties": {"key": "tahini", "children": [1], "x": 1, **sent}}
    assert "document" not in str(result.diff)


def test_documents_are_shown_line_by_line_and_policies_by_their_meaning() -> None:
    found = {"properties": {"text": "a\nb", "policy": "<policies>\r\n\t<inbound></inbound>\r\n</policies>"}}
    fields = (Field("text"), Field("policy", compare=Compare.POLICY))
    wanted = {"text": "a\nc", "policy": "<policies><inbound><base/></inbound></policies>"}
    result = plan(wanted, found, replace(THING, fields=fields))
    assert (result.before["text"], result.after["text"]) == (["a", "b"], ["a", "c"])
    assert [line for line in result.after["policy"] if line not in result.before["policy"]]
    assert [line.strip() for line in result.before["policy"]] == [
        "<policies>",
        "<inbound>",
        "</inbound>",
        "</policies>",
    ]
    broken = plan({"policy": "<policies"}, found, replace(THING, fields=fields))
    assert broken.after["policy"] == "<policies"


def test_a_link_has_no_body() -> None:
    link = replace(THING, link=True, fields=())
    made = plan({}, None, link)
    assert (made.action, made.body) == ("create", None)
    assert made.diff == {"before": {}, "after": {"resource_group": "rg", "name": "t"}}
    assert plan({}, {"id": ID}, link).action == "noop"
    assert plan({"state": "absent"}, {"id": ID}, link).before == {"resource_group": "rg", "name": "t"}


def test_the_rules_of_a_type_are_asked_when_they_apply() -> None:
    ruled = replace(
        THING,
        check=lambda wanted: "never" if wanted.get("title") == "never" else None,
        check_create=lambda wanted: "not new" if wanted.get("title") == "old" else None,
        check_update=lambda found, wanted: f"from {found['title']}" if wanted.get("title") == "far" else None,
    )
    for title, found, said in (("never", FOUND, "never"), ("old", None, "not new"), ("far", FOUND, "from a")):
        with pytest.raises(PlanError, match=said):
            plan({"title": title}, found, ruled)
    assert plan({"title": "old"}, FOUND, ruled).action == "update"
    assert plan({"title": "far"}, None, ruled).action == "create"
    assert plan({"title": "never", "state": "absent"}, FOUND, ruled).action == "delete"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (Field("size", "int", minimum=2), 1, "size has to be at least 2, not 1"),
        (Field("size", "int", maximum=2), 3, "size may be at most 2, not 3"),
        (Field("size", max_length=2), "abc", "size may have 2 characters, 'abc' has 3"),
        (Field("size", pattern="[a-z]+"), "A1", "size: 'A1' has to match"),
        (Field("size", "list", pattern="[a-z]+"), ["a", "B"], "size: 'B' has to match"),
        (Field("size", "dict", fields=(Field("x", "int", maximum=1),)), {"x": 2}, "size.x may be at most 1"),
        (
            Field("size", "list", elements="dict", fields=(Field("x", "int", maximum=1),)),
            [{"x": 1}, {"x": 2}],
            r"size\[1\].x may be at most 1",
        ),
    ],
)
def test_values_are_checked_before_anything_is_sent(field: Field, value: Any, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        plan({"size": value}, FOUND, replace(THING, fields=(field,)))


def test_a_secret_that_is_wrong_is_not_told() -> None:
    with pytest.raises(PlanError) as caught:
        plan({"key": "sesame"}, FOUND, replace(THING, fields=(Field("key", secret=True, max_length=3),)))
    assert "sesame" not in str(caught.value)
