# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hard cases of putting what the user named into what Azure has."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.merge import Merge
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import Reader
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    Reference,
    ResourceType,
    Scope,
    Segment,
)

SEGMENTS = (Segment("resourceGroups", "resource_group"), Segment("providers/X/things", "name"))
RULES = Field(
    "rules",
    "list",
    elements="dict",
    items=Items.BY_KEY,
    key="name",
    purge="purge_rules",
    fields=(
        Field("name", required=True),
        Field("port", "int", required_on_create=True),
        Field("access", default_on_create="Allow"),
        Field("note"),
    ),
)
STEPS = Field("steps", "list", elements="dict", fields=(Field("name", required=True), Field("text"), Field("type")))


def merge(fields: tuple[Field, ...], wanted: dict[str, Any], found: dict[str, Any] | None = None) -> Merge:
    resource = ResourceType("thing", "X/things", "network", "thing", (Scope("things", SEGMENTS),), fields)
    options = {"resource_group": "rg", "name": "t", **wanted}
    result = Merge(
        Reader(locate(resource, options, "sub"), options), copy.deepcopy(found or {}), creating=found is None
    )
    result.run(fields, options)
    return result


def properties(**values: Any) -> dict[str, Any]:
    return {"properties": values}


def differing(result: Merge) -> list[str]:
    return [difference.path for difference in result.differences]


def test_what_is_omitted_or_null_is_left_alone() -> None:
    fields = (Field("title"), Field("note"))
    result = merge(fields, {"title": None}, properties(title="a", note="b", other=1))
    assert not result.differences
    assert result.body == properties(title="a", note="b", other=1)


def test_an_empty_text_clears_and_is_no_difference_where_there_is_nothing() -> None:
    field = Field("title")
    assert merge((field,), {"title": ""}, properties(title="a")).body == properties(title=None)
    assert not merge((field,), {"title": ""}, properties(title=None)).differences
    assert not merge((field,), {"title": ""}, properties()).differences
    assert merge((Field("title", empty_on_wire=""),), {"title": ""}, properties(title="a")).body == properties(title="")


def test_an_empty_text_can_be_a_value() -> None:
    field = Field("path", empty_is_value=True, required_on_create=True)
    assert merge((field,), {"path": ""}).body == properties(path="")
    assert merge((field,), {"path": ""}, properties(path="a")).body == properties(path="")


def test_an_object_is_merged_deeply() -> None:
    field = Field("tls", "dict", fields=(Field("chain", "bool"), Field("name", "bool")))
    found = properties(tls={"chain": True, "name": True, "secret": "kept"})
    result = merge((field,), {"tls": {"name": False}}, found)
    assert result.body == properties(tls={"chain": True, "name": False, "secret": "kept"})
    assert differing(result) == ["tls.name"]
    assert result.patch() == properties(tls={"name": False})


def test_an_empty_object_clears() -> None:
    field = Field("tls", "dict", fields=(Field("chain", "bool"),))
    assert merge((field,), {"tls": {}}, properties(tls={"chain": True})).body == properties(tls=None)


def test_a_keyed_list_keeps_what_is_not_named() -> None:
    found = properties(rules=[{"name": "Web", "port": 80, "x": 1}, {"name": "ssh", "port": 22}])
    result = merge((RULES,), {"rules": [{"name": "web", "port": 8080}, {"name": "new", "port": 1}]}, found)
    assert result.body == properties(
        rules=[
            {"name": "Web", "port": 8080, "x": 1},
            {"name": "ssh", "port": 22},
            {"name": "new", "port": 1, "access": "Allow"},
        ]
    )
    assert differing(result) == ["rules"]


def test_a_keyed_list_is_purged_when_asked() -> None:
    found = properties(rules=[{"name": "web", "port": 80}, {"name": "ssh", "port": 22}])
    wanted = {"rules": [{"name": "web"}], "purge_rules": True}
    assert merge((RULES,), wanted, found).body == properties(rules=[{"name": "web", "port": 80}])
    assert not merge((RULES,), {"rules": []}, found).differences
    assert merge((RULES,), {"rules": [], "purge_rules": True}, found).body == properties(rules=[])


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([{"name": "a"}], r"rules\[a\]\.port is needed"),
        ([{"name": "a", "port": 1}, {"name": "A", "port": 2}], "names 'A' twice"),
        ([{"port": 1}], "each element of rules needs name"),
    ],
)
def test_elements_that_make_no_sense(rules: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        merge((RULES,), {"rules": rules}, properties())


def test_a_list_of_objects_keeps_what_is_not_named_of_an_element_that_stays() -> None:
    found = properties(steps=[{"name": "a", "text": "1", "x": 1}, {"name": "b", "text": "2", "x": 2}])
    moved = merge((STEPS,), {"steps": [{"name": "b"}, {"name": "a", "text": "3"}]}, found)
    assert moved.body == properties(steps=[{"name": "b", "text": "2", "x": 2}, {"name": "a", "text": "3", "x": 1}])
    assert differing(moved) == ["steps"]
    assert not merge((STEPS,), {"steps": [{"name": "a"}, {"name": "b"}]}, found).differences
    fewer = merge((STEPS,), {"steps": [{"name": "b"}]}, found)
    assert fewer.body == properties(steps=[{"name": "b", "text": "2", "x": 2}])


def test_the_order_of_a_set_has_no_meaning() -> None:
    ordered, unordered = Field("names", "list"), Field("names", "list", items=Items.SET, compare=Compare.CASELESS)
    found = properties(names=["a", "b"])
    assert differing(merge((ordered,), {"names": ["b", "a"]}, found)) == ["names"]
    assert not merge((unordered,), {"names": ["B", "a"]}, found).differences
    assert differing(merge((unordered,), {"names": ["a", "a"]}, found)) == ["names"]


def test_a_map_is_merged_and_null_removes_a_key() -> None:
    field = Field("tags", "dict", wire="tags", elements="str", items=Items.MERGE, purge="purge_tags")
    found = {"tags": {"Env": "dev", "old": "x"}}
    assert not merge((field,), {"tags": {"env": "dev"}}, found).differences
    assert merge((field,), {"tags": {"env": "prod"}}, found).body == {"tags": {"Env": "prod", "old": "x"}}
    assert merge((field,), {"tags": {"old": None, "n": 1}}, found).body == {"tags": {"Env": "dev", "n": "1"}}
    assert merge((field,), {"tags": {"env": "dev"}, "purge_tags": True}, found).body == {"tags": {"Env": "dev"}}
    assert not merge((field,), {"tags": {}}, found).differences
    assert merge((field,), {"tags": {}, "purge_tags": True}, found).body == {"tags": {}}


def test_what_azure_has_by_itself_in_a_map_is_put_back() -> None:
    """It would come back in any case, and the next run would want to remove it again."""
    field = Field(
        "switches",
        "dict",
        elements="str",
        items=Items.MERGE,
        compare=Compare.NUMBER_TEXT,
        purge="purge_switches",
        vacant={"Tls10": "False", "Http2": "False"},
    )
    found = properties(switches={"tls10": "true", "Http2": "false", "Cipher": "false"})
    assert merge((field,), {"switches": {"TLS10": None}}, found).body == properties(
        switches={"tls10": "False", "Http2": "false", "Cipher": "false"}
    )
    purged = {"switches": {"Http2": True}, "purge_switches": True}
    assert merge((field,), purged, found).body == properties(switches={"tls10": "False", "Http2": "true"})
    off = properties(switches={"tls10": "false", "Http2": "False"})
    for options in ({"switches": {"Tls10": None, "none": None}}, {"switches": {}, "purge_switches": True}):
        assert not merge((field,), options, off).differences
    assert not merge((field,), {"switches": {"Tls10": None}}, properties()).differences


TWINS = Field(
    "prefixes",
    "list",
    wire="properties.prefixes",
    scalar="properties.prefix",
    compare=Compare.CIDR,
    items=Items.SET,
)


@pytest.mark.parametrize("found", [properties(prefix="10.0.0.0/24"), properties(prefixes=["10.0.0.0/24"])])
def test_a_list_of_one_is_found_in_either_twin(found: dict[str, Any]) -> None:
    assert not merge((TWINS,), {"prefixes": ["10.0.0.7/24"]}, found).differences
    assert merge((TWINS,), {"prefixes": ["10.1.0.0/24"]}, found).body == properties(prefix="10.1.0.0/24")
    two = ["10.0.0.0/24", "10.1.0.0/24"]
    assert merge((TWINS,), {"prefixes": two}, found).body == properties(prefixes=two)
    assert merge((TWINS,), {"prefixes": []}, found).body == properties(prefixes=[])


def test_an_immutable_field_can_be_given_but_not_changed() -> None:
    field = Field("location", wire="location", compare=Compare.LOCATION, immutable=True)
    assert merge((field,), {"location": "westeurope"}).body == {"location": "westeurope"}
    assert not merge((field,), {"location": "westeurope"}, {"location": "West Europe"}).differences
    with pytest.raises(PlanError, match="location is 'West Europe' and can't become 'eastus'") as caught:
        merge((field,), {"location": "eastus"}, {"location": "West Europe"})
    assert caught.value.field == "location"
    assert str(caught.value).endswith("remove the resource and create it anew")


def test_an_immutable_field_can_t_be_given_later() -> None:
    zones = Field("zones", "list", wire="zones", items=Items.SET, immutable=True)
    assert not merge((zones,), {"zones": []}, {"location": "westeurope"}).differences
    with pytest.raises(PlanError, match=r"zones is not set and can't become \['1'\]"):
        merge((zones,), {"zones": ["1"]}, {"location": "westeurope"})
    with pytest.raises(PlanError, match=r"zones is \['1'\] and can't become \[\]"):
        merge((zones,), {"zones": []}, {"zones": ["1"]})


def test_an_immutable_secret_is_not_told() -> None:
    field = Field("key", immutable=True, secret=True)
    with pytest.raises(PlanError) as caught:
        merge((field,), {"key": "sesame"}, properties(key="tahini"))
    assert not {"sesame", "tahini"} & set(str(caught.value).split())


def test_what_can_t_be_read_is_sent_only_along_with_something_else() -> None:
    fields = (Field("title"), Field("password", secret=True, write_only=True), Field("format", compare=Compare.NEVER))
    wanted = {"title": "a", "password": "sesame", "format": "xml"}
    everything = properties(title="a", password="sesame", format="xml")
    assert merge(fields, wanted).body == everything
    assert not merge(fields, wanted, properties(title="a")).differences
    changed = merge(fields, wanted, properties(title="b"))
    assert changed.body == everything
    assert changed.patch() == everything


def test_unread_parts_of_an_element_go_with_the_list() -> None:
    certificates = Field(
        "certificates",
        "list",
        elements="dict",
        fields=(Field("store", required=True), Field("data", write_only=True, compare=Compare.NEVER)),
    )
    wanted = {"certificates": [{"store": "Root", "data": "pfx"}], "title": "b"}
    found = properties(certificates=[{"store": "Root"}], title="b")
    assert not merge((certificates, Field("title")), wanted, found).differences
    found = properties(certificates=[{"store": "Root"}], title="a")
    changed = merge((certificates, Field("title")), wanted, found)
    assert changed.body == properties(certificates=[{"store": "Root", "data": "pfx"}], title="b")


def test_references_go_on_the_wire_as_full_ids() -> None:
    group = "/subscriptions/sub/resourceGroups/rg"
    field = Field(
        "subnet",
        wire="properties.network",
        compare=Compare.ARM_ID,
        reference=Reference("{resource_group_id}/vnets/{parent}/subnets/{name}"),
        from_azure=lambda value: value and value["id"],
        to_azure=lambda value: value and {"id": value},
    )
    made = merge((field,), {"subnet": "v/s"})
    assert made.body == properties(network={"id": f"{group}/vnets/v/subnets/s"})
    found = properties(network={"id": f"{group}/VNETS/v/subnets/S", "vnetid": "guid"})
    assert not merge((field,), {"subnet": "v/s"}, found).differences
    assert merge((field,), {"subnet": ""}, found).body == properties(network=None)


def test_an_object_that_is_new_gets_its_defaults() -> None:
    sku = Field("sku", "dict", wire="sku", fields=(Field("name"), Field("capacity", "int", default_on_create=1)))
    assert merge((sku,), {"sku": {"name": "Basic"}}).body == {"sku": {"name": "Basic", "capacity": 1}}
    changed = merge((sku,), {"sku": {"name": "Standard"}}, {"sku": {"name": "Basic", "capacity": 3}})
    assert changed.body == {"sku": {"name": "Standard", "capacity": 3}}


def test_what_is_needed_to_create_is_said_all_at_once() -> None:
    fields = (Field("a", required_on_create=True), Field("b", required_on_create=True))
    with pytest.raises(PlanError, match="a, b are needed to create"):
        merge(fields, {})
    assert not merge(fields, {}, properties()).differences


SEALED = (Field("title"), Field("key", secret=True, compare=Compare.SEALED))


def test_a_secret_that_azure_answers_as_a_token_is_sent_with_other_changes_only() -> None:
    found = properties(title="a", key="{{Logger-Credentials-1}}")
    assert not merge(SEALED, {"title": "a", "key": "sesame"}, found).differences
    changed = merge(SEALED, {"title": "b", "key": "sesame"}, found)
    assert differing(changed) == ["title"]
    assert changed.body == properties(title="b", key="sesame")
    assert merge(SEALED, {"title": "b"}, found).body == properties(title="b", key="{{Logger-Credentials-1}}")


def test_a_reference_to_a_named_value_is_compared_and_a_token_can_be_cleared() -> None:
    found = properties(title="a", key="{{insights-key}}")
    assert not merge(SEALED, {"key": "{{insights-key}}"}, found).differences
    assert differing(merge(SEALED, {"key": "{{other-key}}"}, found)) == ["key"]
    assert merge(SEALED, {"key": ""}, found).body == properties(title="a", key=None)
    assert differing(merge(SEALED, {"title": "a", "key": "sesame"})) == ["title", "key"]


WAYS = Field(
    "ways",
    "dict",
    fields=(
        Field("count", "int", excludes=("share", "parts")),
        Field("share", "int", excludes=("count",)),
        Field("parts", "list", elements="str", scalar="part"),
        Field("sealed", "bool"),
        Field("lock", implies=("sealed", True), echo="locks"),
    ),
)


TIER = Field(
    "sku",
    "dict",
    fields=(
        Field("name", implies=("units", 0), implied_by=("Free",)),
        Field("units", "int", default_on_create=1),
    ),
)


PARTS = (
    Field("title"),
    Field("size", "int"),
    Field(
        "parts",
        "list",
        elements="dict",
        fields=(Field("name"), Field("weight", "int")),
        stays_with=("size", lambda part, size: part["weight"] <= size),
    ),
)


def test_elements_that_another_value_rules_out_go_unless_they_are_named() -> None:
    heavy, light = {"name": "a", "weight": 9, "extra": 1}, {"name": "b", "weight": 1, "extra": 2}
    found = properties(size=9, parts=[heavy, light])
    changed = merge(PARTS, {"size": 2}, found)
    assert differing(changed) == ["size", "parts"]
    assert changed.body == properties(size=2, parts=[light])  # what stays is as it was, to the last property
    assert differing(merge(PARTS, {"size": 10}, found)) == ["size"]
    assert not merge(PARTS, {"title": None}, found).differences
    named = merge(PARTS, {"size": 2, "parts": [{"name": "a", "weight": 9}]}, found)
    assert [part["name"] for part in named.body["properties"]["parts"]] == ["a"]


def test_a_sealed_value_that_is_not_there_yet() -> None:
    """Azure shows a token for each that there is."""
    changed = merge(SEALED, {"key": "sesame"}, properties(title="a"))
    assert differing(changed) == ["key"] and changed.body == properties(title="a", key="sesame")
    assert not merge(SEALED, {"key": ""}, properties(title="a")).differences


@pytest.mark.parametrize(
    ("sku", "units"),
    [({"name": "Free"}, 0), ({"name": "free"}, 0), ({"name": "Free", "units": 2}, 2), ({"name": "Paid"}, 1)],
)
def test_what_follows_from_some_values_does_not_follow_from_others(sku: dict[str, object], units: int) -> None:
    assert merge((TIER,), {"sku": sku}).body == properties(sku={"name": sku["name"], "units": units})


def test_a_value_from_which_nothing_follows_changes_nothing_beside_it() -> None:
    assert not differing(merge((TIER,), {"sku": {"name": "Paid"}}, properties(sku={"name": "Paid", "units": 3})))
    result = merge((TIER,), {"sku": {"name": "FREE"}}, properties(sku={"name": "Paid", "units": 3}))
    assert result.body == properties(sku={"name": "FREE", "units": 0})


def test_a_value_takes_away_what_can_t_be_beside_it() -> None:
    found = properties(ways={"count": 3, "sealed": False})
    result = merge((WAYS,), {"ways": {"share": 5}}, found)
    assert result.body == properties(ways={"share": 5, "sealed": False})
    assert differing(result) == ["ways.share", "ways.count"] and result.replaced
    result = merge((WAYS,), {"ways": {"count": 3}}, properties(ways={"part": "x", "count": 3}))
    assert result.body == properties(ways={"count": 3}) and differing(result) == ["ways.parts"]


def test_what_can_t_be_beside_a_value_is_not_taken_away_for_nothing() -> None:
    assert not differing(merge((WAYS,), {"ways": {"count": 3}}, properties(ways={"count": 3})))
    result = merge((WAYS,), {"ways": {"sealed": True}}, properties(ways={"count": 3}))
    assert result.body == properties(ways={"count": 3, "sealed": True}) and not result.replaced


def test_what_follows_from_a_value_is_written_with_it_unless_it_is_named() -> None:
    assert merge((WAYS,), {"ways": {"lock": "x"}}).body == properties(ways={"lock": "x", "sealed": True})
    named = {"ways": {"lock": "x", "sealed": False}}
    assert merge((WAYS,), named).body == properties(ways={"lock": "x", "sealed": False})
    assert merge((WAYS,), {"ways": {"count": 1}}).body == properties(ways={"count": 1})


def test_what_repeats_a_value_goes_when_it_is_written_only() -> None:
    found = properties(ways={"lock": "x", "locks": ["x"], "sealed": True})
    assert merge((WAYS,), {"ways": {"lock": "x"}}, found).body == found
    assert merge((WAYS,), {"ways": {"lock": "y"}}, found).body == properties(ways={"lock": "y", "sealed": True})


def test_elements_without_an_identity_are_those_in_the_same_place() -> None:
    points = Field("points", "list", elements="dict", fields=(Field("x", "int"), Field("y", "int")))
    found = properties(points=[{"x": 1, "y": 1, "z": 1}, {"x": 2, "y": 2, "z": 2}])
    result = merge((points,), {"points": [{"x": 3}, {"x": 2}]}, found)
    assert result.body == properties(points=[{"x": 3, "y": 1, "z": 1}, {"x": 2, "y": 2, "z": 2}])
    moved = merge((points,), {"points": [{"x": 2}, {"x": 3}]}, found)
    assert moved.body == properties(points=[{"x": 2, "y": 2, "z": 2}, {"x": 3}]), "the first is taken from its place"
    longer = merge((points,), {"points": [{"x": 1}, {"x": 2}, {"x": 3}]}, found)
    assert longer.body["properties"]["points"][2] == {"x": 3}


def test_what_identifies_an_element_is_a_required_option_that_is_no_object() -> None:
    part = Field("part", "dict", required=True, fields=(Field("a"),))
    steps = Field("steps", "list", elements="dict", fields=(Field("note"), part, Field("name", required=True)))
    found = properties(steps=[{"name": "a", "part": {"a": "1"}, "x": 1}, {"name": "b", "part": {"a": "2"}, "x": 2}])
    result = merge((steps,), {"steps": [{"name": "b", "part": {"a": "1"}}]}, found)
    assert result.body == properties(steps=[{"name": "b", "part": {"a": "1"}, "x": 2}])


def test_only_elements_of_a_set_may_change_places() -> None:
    fields = (Field("name", required=True), Field("text"))
    found = properties(steps=[{"name": "a"}, {"name": "b"}])
    turned = {"steps": [{"name": "b"}, {"name": "a"}]}
    assert not differing(merge((Field("steps", "list", items=Items.SET, fields=fields),), turned, found))
    assert differing(merge((Field("steps", "list", fields=fields),), turned, found)) == ["steps"]


def test_looking_for_an_element_leaves_the_others_as_they_are() -> None:
    deep = Field("inner", "dict", fields=(Field("a"), Field("b")))
    steps = Field("steps", "list", elements="dict", fields=(Field("name", required=True), deep))
    found = properties(steps=[{"name": "a", "inner": {"a": "1"}}, {"name": "b", "inner": {"a": "2"}}])
    result = merge((steps,), {"steps": [{"name": "b", "inner": {"a": "3"}}, {"name": "a"}]}, found)
    assert result.body == properties(steps=[{"name": "b", "inner": {"a": "3"}}, {"name": "a", "inner": {"a": "1"}}])


def test_an_immutable_value_within_an_object_is_refused_with_its_path() -> None:
    inner = (Field("name", immutable=True), Field("note"), Field("key", immutable=True, secret=True))
    field = Field("tls", "dict", fields=inner)
    found = properties(tls={"name": "a", "note": "x", "key": "tahini"})
    assert not differing(merge((field,), {"tls": {"name": "a"}}, found))
    with pytest.raises(PlanError, match=r"tls\.name is 'a' and can't become 'b'"):
        merge((field,), {"tls": {"name": "b"}}, found)
    with pytest.raises(PlanError, match=r"^tls\.key has another value: Azure") as caught:
        merge((field,), {"tls": {"key": "sesame"}}, found)
    assert caught.value.field == "tls.key"
