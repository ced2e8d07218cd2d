# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-core makes of the options of a declaration: judged by its own validator, not by the dictionaries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import (
    ArgumentSpec,
    contradiction,
    informing,
    managing,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    IfMatch,
    Items,
    ResourceType,
    Scope,
    Segment,
)

GROUP = Segment("resourceGroups", "resource_group")
NAME = Segment("providers/X/things", "name", aliases=("thing",))
RULE = (Field("port", "int", required=True), Field("note"), Field("access", choices=("Allow", "Deny")))
TLS = (Field("chain", required=True), Field("name", required=True), Field("depth", "int"))
THING = ResourceType(
    "thing",
    "X/things",
    "network",
    "thing",
    (Scope("things", (GROUP, NAME)),),
    fields=(
        Field("title", required=True, aliases=("label",)),
        Field("names", "list"),
        Field("sizes", "list", elements="int"),
        Field("rules", "list", elements="dict", items=Items.BY_KEY, key="port", purge="purge_rules", fields=RULE),
        Field("tags", "dict", items=Items.MERGE, purge="purge_tags"),
        Field("steps", "list", elements="dict", purge="purge_steps", fields=(Field("what"),)),
        Field("tls", "dict", fields=TLS),
        Field("state_of_it", read_only=True),
        Field("password", secret=True),
        Field("key_name"),
        Field("level", choices=("low", "high")),
    ),
    absent_options=(Field("force", "bool"),),
    info_options=(Field("like"),),
    wait_timeout=77,
)  # fmt: skip
PLACE = {"resource_group": "rg", "name": "t", "title": "a"}


def judged(spec: ArgumentSpec, **given: Any) -> ValidationResult:
    """What ansible-core says of these options."""
    return ArgumentSpecValidator(dict(spec.options), **spec.rules()).validate(given)


def managed(**given: Any) -> dict[str, Any]:
    """The options of a task, with defaults, converted."""
    result = judged(managing(THING), **PLACE, **given)
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def refused(spec: ArgumentSpec, **given: Any) -> str:
    return " ".join(judged(spec, **given).error_messages)


def test_a_task_names_the_place_and_what_is_required() -> None:
    assert refused(managing(THING)) == "missing required arguments: name, resource_group, title"
    assert not judged(informing(THING), resource_group="rg").error_messages
    assert refused(informing(THING)) == "missing required arguments: resource_group"
    assert managing(THING).options["name"]["type"] == "str"


def test_a_place_that_only_some_scopes_have_says_which_is_meant() -> None:
    api = Segment("apis", "api", revision="api_revision")
    two = replace(THING, scopes=(*THING.scopes, Scope("inner", (GROUP, api, Segment("policies", constant="policy")))))
    assert refused(managing(two), title="a") == "missing required arguments: resource_group"
    assert not judged(managing(two), resource_group="rg", title="a", api="x", api_revision="2").error_messages
    assert not judged(managing(two), resource_group="rg", title="a", name="x").error_messages
    assert set(managing(two).options) - set(managing(THING).options) == {"api", "api_revision"}


def test_aliases_are_other_names_of_the_option() -> None:
    result = judged(managing(THING), resource_group="rg", thing="t", label="a")
    assert not result.error_messages
    assert (result.validated_parameters["name"], result.validated_parameters["title"]) == ("t", "a")


def test_defaults() -> None:
    options = managed()
    assert (options["state"], options["wait_timeout"]) == ("present", 77)
    assert options["purge_rules"] is options["purge_tags"] is False
    assert "purge_steps" not in options, "a list that is always whole has nothing to purge"
    assert options["force"] is None
    assert "state_of_it" not in options
    given = managed(state="absent", force="yes", purge_rules="yes", wait_timeout="5")
    assert (given["force"], given["purge_rules"], given["wait_timeout"]) == (True, True, 5)
    assert "state must be one of" in refused(managing(THING), **PLACE, state="gone")


def test_elements_have_their_types() -> None:
    options = managed(names=[1], sizes=["2"], rules=[{"port": "80"}], tls={"chain": "c", "name": "n", "depth": "3"})
    assert (options["names"], options["sizes"]) == (["1"], [2])
    assert options["rules"][0]["port"] == 80
    assert options["tls"]["depth"] == 3
    assert "'sizes'" in refused(managing(THING), **PLACE, sizes=["many"])


def test_choices_and_unknown_options_are_refused_at_every_depth() -> None:
    assert "level must be one of: low, high" in refused(managing(THING), **PLACE, level="middle")
    assert "one of: Allow, Deny" in refused(managing(THING), **PLACE, rules=[{"port": 1, "access": "Maybe"}])
    assert "missing required arguments: port" in refused(managing(THING), **PLACE, rules=[{"note": "x"}])
    assert "rules.color" in refused(managing(THING), **PLACE, rules=[{"port": 1, "color": "red"}])
    assert "like" in informing(THING).options and "like" not in managing(THING).options


def test_an_empty_object_clears_but_one_with_anything_in_it_has_to_be_whole() -> None:
    assert managed(tls={})["tls"] == {"chain": None, "name": None, "depth": None}
    assert "chain" in refused(managing(THING), **PLACE, tls={"depth": 1})
    assert "name" in refused(managing(THING), **PLACE, tls={"chain": "c"})
    assert "chain" in refused(managing(THING), **PLACE, tls={"name": "n"})
    needed = replace(THING, fields=(Field("tls", "dict", required=True, fields=RULE),))
    assert "port" in refused(managing(needed), resource_group="rg", name="t", tls={})


def test_secrets_are_kept_out_of_the_log_and_what_sounds_like_one_is_said_to_be_none() -> None:
    options = managing(THING).options
    assert options["password"]["no_log"] is True
    assert options["key_name"]["no_log"] is False
    assert "no_log" not in options["title"]
    assert options["secret"]["no_log"] is True, "that of the service principal"
    shown = replace(THING, show_secrets="show_secret")
    for spec in (managing(shown), informing(shown)):
        assert spec.options["show_secret"]["no_log"] is False
        place = PLACE if "title" in spec.options else {"resource_group": "rg"}
        assert judged(spec, **place).validated_parameters["show_secret"] is False


def test_an_etag_can_be_given_where_writes_carry_one() -> None:
    assert managed(if_match='W/"1"')["if_match"] == 'W/"1"'
    for other in (replace(THING, if_match=IfMatch.NO), replace(THING, link=True)):
        assert "if_match" not in managing(other).options


@pytest.mark.parametrize(
    ("rules", "given", "said"),
    [
        ({"mutually_exclusive": (("title", "level"),)}, {"level": "low"}, "mutually exclusive: title|level"),
        ({"required_one_of": (("names", "sizes"),)}, {}, "one of the following is required: names, sizes"),
        ({"required_together": (("names", "sizes"),)}, {"names": ["a"]}, "required together: names, sizes"),
        ({"required_if": (("level", "low", ("names",)),)}, {"level": "low"}, "level is low but all of the following"),
    ],
)
def test_the_rules_of_a_type_are_ansible_s(rules: dict[str, Any], given: dict[str, Any], said: str) -> None:
    assert said in refused(managing(replace(THING, **rules)), **PLACE, **given)


def test_specs_are_added_with_all_their_rules() -> None:
    one = ArgumentSpec({"a": {}}, (("a", "x"),), (("a", "y"),), (("a", "z"),), (("a", 1, ("b",)),), {"a": ("b",)})
    two = ArgumentSpec({"b": {}}, (("b", "x"),), (("b", "y"),), (("b", "z"),), (("b", 1, ("a",)),), {"b": ("a",)})
    both = one + two
    assert list(both.options) == ["a", "b"]
    assert both.rules() == {
        "mutually_exclusive": [["a", "x"], ["b", "x"]],
        "required_one_of": [["a", "y"], ["b", "y"]],
        "required_together": [["a", "z"], ["b", "z"]],
        "required_if": [["a", 1, ("b",)], ["b", 1, ("a",)]],
        "required_by": {"a": ["b"], "b": ["a"]},
    }
    with pytest.raises(ValueError, match=r"options declared twice: a, b$"):
        both + ArgumentSpec({"b": {}, "c": {}, "a": {}})


SPEC = managing(THING).options


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "a", "thing": "a"}, []),
        ({"name": None, "thing": "a"}, []),
        ({"name": "a", "thing": None}, []),
        ({"name": "a", "thing": "b"}, ["name and thing are one option"]),
        ({"name": "a", "thing": "b", "title": 1, "label": 2}, ["name and thing", "title and label"]),
    ],
)
def test_one_option_with_two_values(given: dict[str, Any], said: list[str]) -> None:
    told = contradiction(SPEC, given)
    assert len([part for part in told.split("; ") if part]) == len(said)
    assert all(part in told for part in said)


def test_one_option_with_two_values_at_every_depth() -> None:
    inner = {"outer": {"options": {"name": {"aliases": ["n"]}}}, "plain": {}}
    assert "name and n are one option" in contradiction(inner, {"outer": [{}, {"name": 1, "n": 2}], "plain": {"n": 1}})
    assert "name and n are one option" in contradiction(inner, {"outer": {"name": 1, "n": 2}})
    assert contradiction(inner, {"outer": ["text", {"name": 1}], "plain": {"name": 1, "n": 2}}) == ""
    assert contradiction(inner, {"outer": "text"}) == ""
