# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters answer sentences whatever an inventory has for any option of the roles, in the order in which playbooks ask.

What one refuses the next does not get. Of Ansible's own check only what it says of missing and unknown options is
taken for granted before the first filter: what it takes depends on the version.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.filter.consumer_workloads import consumer_workloads
from ansible_collections.innergate.azure.plugins.filter.environment_clashes import environment_clashes
from ansible_collections.innergate.azure.plugins.filter.item_problems import item_problems
from ansible_collections.innergate.azure.plugins.filter.manifest_problems import manifest_problems
from ansible_collections.innergate.azure.plugins.filter.option_problems import option_problems
from ansible_collections.innergate.azure.plugins.filter.presentable import presentable
from ansible_collections.innergate.azure.plugins.filter.reference_problems import reference_problems
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import field_options
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_api_operation,
    apim_backend,
    network_security_group,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support.playbook import ROOT

SPECIFICATION = yaml.safe_load(
    (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
)["argument_specs"]["main"]["options"]
#: What is handed on to modules, by where it is: there, they say what may be inside.
MODULES = {
    ("innergate_apis",): apim_api,
    ("innergate_apis", "backend"): apim_backend,
    ("innergate_apis", "operations"): apim_api_operation,
    ("innergate_network", "network_security_groups"): network_security_group,
}
BASE: dict[str, Any] = {
    "innergate_apim": {"resource_group": "rg", "name": "apim", "mode": "External", "subnet": "apim-subnet"},
    "innergate_network": {
        "resource_group": "rg",
        "virtual_network": "vnet",
        "subnets": [{"name": "apim-subnet", "prefix_length": 27}],
        "network_security_groups": [{"name": "nsg", "preset": "apim_external"}],
    },
    "innergate_cluster": {"namespace": "demo"},
    "innergate_services": [{"name": "api", "image": "i", "container_port": 80, "exposure": "public"}],
    "innergate_apis": [{"name": "random", "path": "random", "service": "api"}],
    "innergate_products": [{"name": "internal", "apis": ["random"]}],
    "innergate_consumers": [
        {"name": "web", "product": "internal", "workload": {"image": "i", "container_port": 80, "exposure": "cluster"}}
    ],
    "innergate_verification": {"calls": [{"name": "answers", "path": "/random"}]},
    "innergate_former_environments": [],
    "aks_services_manifests": [],
}
EXISTING = {
    **{name: [] for name in ("subnets", "network_security_groups", "route_tables", "other_products")},
    "products": [{"name": "starter", "display_name": "Starter"}],
}
NEEDED = {"status_code": 200, "priority": 100}
Path = tuple[str, ...]


def paths(options: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    """Where every option is, in variables of roles and below them in the options of modules."""
    module = MODULES.get(above)
    handed_on = field_options(module.RESOURCE.fields) if module else {}
    for name, option in options.items():
        yield (*above, name)
        yield from paths(option.get("options") or handed_on.get(name, {}).get("options") or {}, (*above, name))


PATHS = [path for path in paths(SPECIFICATION) if path[0] in BASE]


def options_at(path: Path) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The option that the last part of a path names, and those inside it."""
    options: Mapping[str, Any] = SPECIFICATION
    option: Mapping[str, Any] = {}
    for index, name in enumerate(path):
        module = MODULES.get(path[:index])
        option = options[name]
        options = option.get("options") or (
            field_options(module.RESOURCE.fields)[name].get("options", {})
            if module and "dict" in _kinds(option)
            else {}
        )
    return option, dict(options)


def _kinds(option: Mapping[str, Any]) -> tuple[Any, Any]:
    return option["type"], option.get("elements")


def put(environment: dict[str, Any], path: Path, value: Any) -> None:
    """Set an option. Where an object around it is missing, or is something else, it is made with what it needs."""
    inside: Any = environment
    for index, name in enumerate(path[:-1]):
        option, inner = options_at(path[: index + 1])
        listed = option["type"] == "list"
        there = inside.get(name)
        first = there[0] if listed and isinstance(there, list) and there else None if listed else there
        if not isinstance(first, dict):
            first = {key: NEEDED.get(key, f"n{key}") for key, part in inner.items() if part.get("required")}
            inside[name] = [first] if listed else first
        inside = first
    inside[path[-1]] = value


def lacking(options: Mapping[str, Any], given: Any, above: str = "") -> Iterator[str]:
    """What Ansible says of options that are missing, and of what is no option."""
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, dict):
            yield from (
                f"{above}{name} is missing"
                for name, part in options.items()
                if part.get("required") and name not in item
            )
            yield from (f"{above}{name} is no option" for name in item if name not in options)
            for name in options.keys() & item.keys():
                if inner := options[name].get("options"):
                    yield from lacking(inner, item[name], f"{above}{name}.")


def told(environment: dict[str, Any]) -> list[str]:
    """What the role C(environment), and after it the site playbook, says of an environment before it asks Azure."""
    if problems := list(lacking(SPECIFICATION, environment)):
        return problems
    cluster, network = environment["innergate_cluster"], environment["innergate_network"]
    services, consumers = environment["innergate_services"], environment["innergate_consumers"]
    apis, products = environment["innergate_apis"], environment["innergate_products"]
    manifests = environment["aks_services_manifests"]
    looked_at = {name: value for name, value in environment.items() if name != "aks_services_manifests"}
    if problems := option_problems(looked_at):
        return problems
    space = cluster["namespace"]
    problems = [
        *item_problems([*services, *consumer_workloads(consumers, space)], "services", space),
        *manifest_problems(manifests, space, services, consumers),
        *item_problems(apis, "apis"),
        *item_problems(products, "products"),
        *item_problems(consumers, "consumers", space),
        *item_problems(network["subnets"], "subnets"),
        *item_problems(network.get("network_security_groups", []), "network_security_groups"),
    ]
    if problems:
        return problems
    presentable(apis, "apis")
    described = {"services": services, "apis": apis, "products": products, "consumers": consumers, "namespace": space}
    return [
        *environment_clashes({"one": environment, "two": copy.deepcopy(environment)}, "one", ["one", "two"]),
        *reference_problems({**described, "apim": environment["innergate_apim"], "network": network}, EXISTING),
    ]


def spoiled(changes: Mapping[Path, Any]) -> list[str]:
    """What is said of an environment with other values."""
    environment = copy.deepcopy(BASE)
    for path, value in sorted(changes.items(), key=lambda change: len(change[0])):
        put(environment, path, copy.deepcopy(value))
    found = told(environment)
    assert all(isinstance(sentence, str) and sentence for sentence in found), found
    return found


def test_the_environment_that_is_spoiled_is_fine() -> None:
    assert told(BASE) == []
    assert len(PATHS) > 150


@pytest.mark.parametrize("value", [None, 0, float("inf"), "{", [], [None], [[]], {"a": None}], ids=repr)
def test_every_option_may_be_anything(value: object) -> None:
    for path in PATHS:
        spoiled({path: value})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a", "type", "0"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=100, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(PATHS), JSON, min_size=1, max_size=4))
def test_several_options_may_be_anything(changes: dict[Path, Any]) -> None:
    spoiled(changes)
