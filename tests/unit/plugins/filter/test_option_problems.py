# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.filter.option_problems import (
    DICTIONARIES,
    FREE_FORM,
    LISTS,
    LISTS_OF_DICTIONARIES,
    NUMBERS,
    FilterModule,
)
from support.playbook import ROOT

option_problems = FilterModule().filters()["option_problems"]
SAYS = " is null: leave it out, or give it a value"


@pytest.mark.parametrize(
    ("variables", "places"),
    [
        ({}, []),
        ({"a": None}, ["a"]),
        ({"a": [], "b": "", "c": 0, "d": False, "e": {}}, []),
        ({"a": {"policy": None, "name": "x"}}, ["a.policy"]),
        ({"a": [{"name": "one", "apis": ["x", None]}, {"name": None}]}, ["a[one].apis[1]", "a[1].name"]),
        (
            {"a": [{"name": "one", "version_set": {"name": "v", "display_name": None}}]},
            ["a[one].version_set.display_name"],
        ),
        ({"a": [{"name": "one", "env": {"X": None}}, {"name": "two", "env": None}]}, ["a[two].env"]),
    ],
)
def test_where_a_null_is(variables: dict[str, Any], places: list[str]) -> None:
    assert option_problems(variables) == [f"{place}{SAYS}" for place in places]


TEXT = "(in extra variables as JSON or YAML, not as a text in quotes; from_json makes one of a text)"


@pytest.mark.parametrize(
    ("variables", "places"),
    [
        ({"apim_products_products": "name=x"}, {"apim_products_products": "list"}),
        ({"apim_products_products": ["name=x"]}, {"apim_products_products[0]": "dictionary"}),
        ({"aks_services_manifests": ["kind=x"]}, {"aks_services_manifests[0]": "dictionary"}),
        ({"apim_products_products": [{"name": "p", "apis": "echo"}]}, {"apim_products_products[p].apis": "list"}),
        ({"x_products": [{"groups": "developers", "apis": ["a"]}]}, {"x_products[0].groups": "list"}),
        ({"x_products": [{"name": "p", "throttling": '{"calls": 5}'}]}, {"x_products[p].throttling": "dictionary"}),
        (
            {"x_services": [{"name": "s", "command": "a b", "env": "A=b"}]},
            {"x_services[s].command": "list", "x_services[s].env": "dictionary"},
        ),
        ({"x_services": [{"env": {"apis": "a", "env": "b"}, "labels": {}}]}, {}),
        ({"x_products": [{"name": "p", "throttling": {"calls": "5"}, "quota": {"calls": "9"}}]}, {}),
        ({"x_former_environments": '["a/b"]'}, {"x_former_environments": "list"}),
        ({"x_verification": {"calls": "5"}}, {"x_verification.calls": "list"}),
        (
            {"innergate_apim": "{}", "innergate_network": {}, "innergate_cluster": "a=b", "innergate_apis": "[]"},
            {"innergate_apim": "dictionary", "innergate_cluster": "dictionary", "innergate_apis": "list"},
        ),
        ({"innergate_network": {"subnets": ["name=a"]}}, {"innergate_network.subnets[0]": "dictionary"}),
        ({"x_apis": [{"protocols": "https"}], "x_calls": [{"status": "401,404", "headers": "a=b"}]}, {}),
        ({"x_apis": [{"operations": "name=x"}]}, {"x_apis[0].operations": "list"}),
    ],
)
def test_where_a_text_is_in_place_of_something_else(variables: dict[str, Any], places: dict[str, str]) -> None:
    assert option_problems(variables) == [
        f"{place} is a text: give a {shape} {TEXT}" for place, shape in places.items()
    ]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"x_products": 5}, "x_products has to be a list, not a number"),
        ({"x_products": [["p"]]}, "x_products[0] has to be a dictionary, not a list"),
        ({"x_products": [{"name": "p", "apis": 5}]}, "x_products[p].apis has to be a list, not a number"),
        (
            {"x_consumers": [{"name": "c", "workload": {"env": [{"name": "A", "value": "b"}]}}]},
            "x_consumers[c].workload.env has to be a dictionary, not a list",
        ),
        (
            {"x_consumers": [{"name": "c", "workload": [1]}]},
            "x_consumers[c].workload has to be a dictionary, not a list",
        ),
        ({"x_services": [{"command": {"a": "b"}}]}, "x_services[0].command has to be a list, not a dictionary"),
    ],
)
def test_where_something_else_is_in_place_of_lists_and_dictionaries(variables: dict[str, Any], told: str) -> None:
    assert option_problems(variables) == [told]


#: Handed on as they are, to modules that make lists and dictionaries of texts, or refuse them by themselves.
HANDED_ON = {
    *("avoid", "circuit_breaker", "credentials", "headers", "protocols", "request", "responses", "security_rules"),
    *("service_endpoints", "specification", "status", "template_parameters", "tls"),
}


def shaped(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Options below the variables that are lists or dictionaries, and what they are."""
    for name, option in options.items():
        if option["type"] in ("list", "dict"):
            of = option.get("elements") == "dict"
            yield name, "dictionary" if option["type"] == "dict" else "dictionaries" if of else "list"
        yield from shaped(option.get("options") or {})


def test_shapes_are_those_of_the_specification() -> None:
    text = (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    variables = yaml.safe_load(text)["argument_specs"]["main"]["options"].values()
    found = [pair for variable in variables for pair in shaped(variable.get("options") or {})]
    kinds = {"list": LISTS, "dictionaries": LISTS_OF_DICTIONARIES, "dictionary": DICTIONARIES}
    assert {(name, shape) for name, shape in found if name not in HANDED_ON} == {
        (name, shape) for shape, names in kinds.items() for name in names
    }


def others(options: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Options that are neither lists nor dictionaries, and what they are in."""
    for name, option in options.items():
        if option["type"] not in ("list", "dict"):
            yield above, name
        yield from others(option.get("options") or {}, name)


def test_what_else_has_such_a_name_is_known() -> None:
    text = (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    found = others(yaml.safe_load(text)["argument_specs"]["main"]["options"])
    shaped_names = LISTS | LISTS_OF_DICTIONARIES | DICTIONARIES
    assert {(above, name) for above, name in found if name in shaped_names} == NUMBERS


def free(options: dict[str, Any]) -> Iterator[str]:
    """Options that take objects of which the role's specification does not say what is in them."""
    for name, option in options.items():
        if "options" in option:
            yield from free(option["options"])
        elif "dict" in (option["type"], option.get("elements")):
            yield name


def test_free_form_is_what_specifications_say_nothing_about() -> None:
    text = (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    found = set(free(yaml.safe_load(text)["argument_specs"]["main"]["options"]))
    # Manifests are a variable of their own.
    assert found - {"aks_services_manifests"} == FREE_FORM
