# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What item_problems takes for lists, dictionaries and words is what the roles' specifications say."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.consumer_workloads import consumer_workloads
from ansible_collections.innergate.azure.plugins.filter.item_problems import item_problems
from ansible_collections.innergate.azure.plugins.plugin_utils._shapes import SHAPES, Shape
from support.playbook import ROOT

#: What a variable of a role is called here.
VARIABLES = {
    "services": "aks_services_services",
    "apis": "apim_apis_apis",
    "products": "apim_products_products",
    "consumers": "apim_consumers_consumers",
    "subnets": "vnet_subnets_subnets",
    "network_security_groups": "vnet_subnets_network_security_groups",
}
#: Handed on to modules as they are, which say themselves what they take.
HANDED_ON = {
    *("circuit_breaker", "credentials", "protocols", "request", "responses", "security_rules", "service_endpoints"),
    *("specification", "template_parameters", "tls"),
}
#: For people, or documents: what looks like JSON may have become an object.
TEXTS = {"description", "display_name", "policy", "terms", "title"}


def options(variable: str) -> dict[str, Any]:
    """The options of the items in a variable of a role."""
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        found = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
        if variable in found and path.parents[1].name != "environment":
            return dict(found[variable]["options"])
    raise LookupError(variable)


def specified(found: dict[str, Any]) -> Shape:
    """The shape that a specification says. What is needed is what Ansible demands."""
    kinds = {
        name: (option["type"], option.get("elements"), "options" in option)
        for name, option in found.items()
        if name not in HANDED_ON
    }

    def of(*kind: Any) -> frozenset[str]:
        return frozenset(name for name, has in kinds.items() if has == kind)

    lists = of("list", "str", False)
    return Shape(
        words=frozenset(name for name, has in kinds.items() if has[0] not in ("dict", "list")) - TEXTS,
        needed=frozenset(name for name, option in found.items() if option.get("required")),
        dictionaries=of("dict", None, False),
        lists=lists & {"command"},
        lists_of_words=lists - {"command"},
        inner={name: specified(found[name]["options"]) for name in of("dict", None, True)},
        lists_of_inner={name: specified(found[name]["options"]) for name in of("list", "dict", True)},
    )


def differences(ours: Shape, theirs: Shape) -> list[str]:
    """Where a shape is not that of the specification, of which it may need less."""
    lists = {"inner", "lists_of_inner"}
    found = [
        name for name in vars(ours) if name not in {"needed", *lists} and getattr(ours, name) != getattr(theirs, name)
    ]
    found += [name for name in lists if getattr(ours, name).keys() != getattr(theirs, name).keys()]
    found += sorted(ours.needed - theirs.needed)
    for name in lists:
        for key, part in getattr(ours, name).items():
            found += differences(part, getattr(theirs, name)[key])
    return found


@pytest.mark.parametrize("kind", SHAPES)
def test_shapes_are_those_of_the_specifications(kind: str) -> None:
    assert differences(SHAPES[kind], specified(options(VARIABLES[kind]))) == []


ONE: dict[str, dict[str, Any]] = {
    "services": {"name": "s", "exposure": "public"},
    "apis": {"name": "a", "path": "a", "service": "s"},
    "products": {"name": "p"},
    "consumers": {"name": "c", "product": "p"},
    "subnets": {"name": "n"},
    "network_security_groups": {"name": "g"},
}


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("services", {"env": [{"name": "A", "value": "b"}]}, "env has to be a dictionary, not a list"),
        ("services", {"env": 5}, "env has to be a dictionary, not a number"),
        ("services", {"resources": [{"limits": 1}]}, "resources has to be a dictionary, not a list"),
        ("services", {"resources": {"limits": [1]}}, "resources.limits has to be a dictionary, not a list"),
        ("services", {"labels": True}, "labels has to be a dictionary, not a boolean"),
        ("services", {"command": {"a": 1}}, "command has to be a list, not a dictionary"),
        ("consumers", {"workload": ["i"]}, "workload has to be a dictionary, not a list"),
        ("consumers", {"workload": {"env": [1]}}, "workload.env has to be a dictionary, not a list"),
        ("consumers", {"product": None}, "product is needed"),
        ("products", {"apis": 5}, "apis has to be a list, not a number"),
        ("products", {"apis": [["a"]]}, "apis[0] has to be a text, not a list"),
        ("products", {"quota": 5}, "quota has to be a dictionary, not a number"),
        ("apis", {"operations": [None]}, "operations[0] has to be a dictionary, not null"),
        ("apis", {"operations": [{}]}, "operations[0].name is needed"),
        ("apis", {"version_set": ["v"]}, "version_set has to be a dictionary, not a list"),
        (
            "apis",
            {"backend": {"credentials": {"authorization": [None]}}},
            "backend: credentials.authorization has to be a dictionary, not a list",
        ),
        (
            "apis",
            {"backend": {"circuit_breaker": {"rules": [{"name": "r", "failure_condition": [None]}]}}},
            "backend: circuit_breaker.rules[0].failure_condition has to be a dictionary, not a list",
        ),
        (
            "apis",
            {"backend": {"circuit_breaker": {"rules": [None]}}},
            "backend: circuit_breaker.rules[0] has to be a dictionary, not null",
        ),
        (
            "apis",
            {"operations": [{"name": "o", "request": 5}]},
            "operation o: request has to be a dictionary, not a number",
        ),
    ],
)
def test_what_has_another_shape_is_told_with_its_place(kind: str, more: dict[str, Any], told: str) -> None:
    [found] = item_problems([{**ONE[kind], **more}], kind)
    assert found.partition(f" {ONE[kind]['name']}: ")[2] == told


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("name", [["a"], {"a": "b"}], ids=repr)
def test_a_name_is_a_word(kind: str, name: Any) -> None:
    [told] = item_problems([ONE[kind], {**ONE[kind], "name": name}], kind)
    assert " [1]: name has to be a text, not a " in told
    assert item_problems([None], kind)[0].endswith(" [0]: it has to be a dictionary, not null")


def test_numbers_are_as_good_as_texts() -> None:
    operation = {"name": 1, "method": "GET", "url_template": 0}
    assert item_problems([{"name": 7, "path": 2024, "service": 5, "operations": [operation]}], "apis") == []
    assert item_problems([{**ONE["products"], "subscriptions_limit": float("inf")}], "products") == []


def test_a_number_without_an_end_is_none() -> None:
    for limit in (float("inf"), "Infinity", "-inf"):
        [told] = item_problems(
            [{**ONE["apis"], "operations": [{"name": "o", "responses": [{"status_code": limit}]}]}], "apis"
        )
        assert told.endswith("responses[0].status_code has to be a whole number")


def test_a_workload_of_another_shape_is_none() -> None:
    with pytest.raises(AnsibleFilterError, match="consumer c: workload has to be a dictionary, not a list"):
        consumer_workloads([{**ONE["consumers"], "workload": ["i"]}])
