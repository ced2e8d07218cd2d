# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.reference_problems import FilterModule

reference_problems = FilterModule().filters()["reference_problems"]

SERVICES = [{"name": "api", "subnet": "ingress"}, {"name": "inner", "exposure": "cluster"}]
NETWORK = {
    "resource_group": "rg",
    "virtual_network": "vnet",
    "subnets": [{"name": "apim", "network_security_group": "nsg"}, {"name": "ingress"}],
    "network_security_groups": [{"name": "nsg"}],
}


def told(existing: dict[str, Any] | None = None, **environment: Any) -> list[str]:
    found: list[str] = reference_problems({"namespace": "demo", "services": SERVICES, **environment}, existing)
    return found


@pytest.mark.parametrize(
    "api",
    [
        {"service": "api"},
        {"service": "demo/api"},
        {"service": "elsewhere", "service_url": "https://x"},
        {"specification": {}},
        {"service": None},
    ],
)
def test_apis_that_lead_somewhere(api: dict[str, Any]) -> None:
    assert told(apis=[{"name": "a", **api}]) == []


@pytest.mark.parametrize(
    ("service", "words"),
    [
        ("apj", "API a: its service 'apj' is not described (did you mean api?). Mend the name"),
        ("other/api", "its service 'other/api' is not described"),
        ("API", "its service 'API' is not described"),
        ("inner", "API a: its service 'inner' has the exposure cluster, so that API Management can't reach it"),
    ],
)
def test_apis_that_lead_nowhere(service: str, words: str) -> None:
    [problem] = told(apis=[{"name": "a", "service": service, "specification": {}}])
    assert words in problem


def test_an_api_says_which_namespace() -> None:
    both = [*SERVICES, {"name": "api", "namespace": "other"}]
    [problem] = told(services=both, apis=[{"name": "a", "service": "api"}])
    assert problem == "API a: service 'api' may be demo/api or other/api. Set service to one of these"
    assert told(services=both, apis=[{"name": "a", "service": "other/api"}]) == []


def test_subnets() -> None:
    fine = {"network": NETWORK, "apim": {"subnet": "APIM"}}
    assert told({"subnets": ["aks"]}, **fine) == []
    assert told({"subnets": ["aks"]}, **{**fine, "apim": {"subnet": "aks"}}) == []
    wrong = {**fine, "apim": {"subnet": "apmi"}, "services": [*SERVICES, {"name": "b", "subnet": "nowhere"}]}
    consumers = [{"name": "w", "product": "p", "workload": {"subnet": "lost"}}, {"name": "n", "product": "p"}]
    problems = told({"subnets": ["aks"]}, **wrong, consumers=consumers)
    assert [problem.partition(" is ")[0] for problem in problems] == [
        "innergate_apim: its subnet 'apmi'",
        "service demo/b: its subnet 'nowhere'",
        "service demo/w: its subnet 'lost'",
    ]
    assert "neither described nor there in the virtual network vnet (did you mean apim?). To do:" in problems[0]
    assert told({"subnets": None}, **wrong) == told(**wrong) == []


def test_a_subnet_is_that_of_an_internal_load_balancer_only() -> None:
    services = [{"name": "b", "subnet": "nowhere", "exposure": "public"}]
    assert told({"subnets": []}, services=services, network=NETWORK) == []


@pytest.mark.parametrize("name", ["NSG", "there", "/subscriptions/x/networkSecurityGroups/any", None])
def test_security_groups(name: str | None) -> None:
    network = {**NETWORK, "subnets": [{"name": "s", "network_security_group": name}]}
    assert told({"network_security_groups": ["there"]}, network=network) == []


@pytest.mark.parametrize("name", ["There", "/subscriptions/x/routeTables/any", None])
def test_route_tables(name: str | None) -> None:
    network = {**NETWORK, "subnets": [{"name": "s", "route_table": name}]}
    assert told({"route_tables": ["there"]}, network=network) == []


def test_route_tables_that_are_nowhere() -> None:
    network = {**NETWORK, "subnets": [{"name": "s", "route_table": "routs"}, {"name": "t", "route_table": "routes"}]}
    [problem] = told({"route_tables": ["routes"]}, network=network)
    assert problem == (
        "subnet s: its route_table 'routs' is not there in the resource group rg (did you mean routes?). "
        "Mend the name, or create it first, for example with the module route_table"
    )
    assert told({}, network=network) == []


def test_security_groups_that_are_nowhere() -> None:
    network = {**NETWORK, "subnets": [{"name": "s", "network_security_group": "nsx"}]}
    [problem] = told({"network_security_groups": []}, network=network)
    assert problem.startswith(
        "subnet s: its network_security_group 'nsx' is neither described nor there in the resource group rg "
        "(did you mean nsg?). Mend the name, create it first"
    )
    assert told({}, network=network) == []


@pytest.mark.parametrize(
    "product",
    ["External", "theirs", "neighbour", "/products/external", "/apis", "/apis/x", "/subscriptions/1/products/theirs"],
)
def test_products_of_consumers(product: str) -> None:
    existing = {"products": [{"name": "theirs", "display_name": "Theirs"}], "other_products": ["neighbour"]}
    consumers = [{"name": "c", "product": product}]
    assert told(existing, products=[{"name": "external"}], consumers=consumers) == []


@pytest.mark.parametrize("product", ["externl", "/products/externl"])
def test_products_that_are_nowhere(product: str) -> None:
    environment = {"products": [{"name": "external"}], "consumers": [{"name": "c", "product": product}]}
    [problem] = told({"products": []}, **environment)
    assert problem.startswith(
        "consumer c: its product 'externl' is neither described nor there (did you mean external?)."
    )
    assert told({"products": None}, **environment) == []


def test_a_product_is_not_renamed() -> None:
    """(GitHub issue Azure/apiops 606.)"""
    existing = {"products": [{"name": "internal", "display_name": "Internal callers"}]}
    [problem] = told(existing, products=[{"name": "inside", "display_name": "internal Callers"}])
    assert problem.startswith(
        "product inside: its display_name 'internal Callers' is that of the product internal, which exists. "
        "Give inside another display_name; or, if it is internal that is meant, keep the name internal"
    )
    assert told(existing, products=[{"name": "INTERNAL", "display_name": "Internal callers"}]) == []
    assert told(existing, products=[{"name": "inside"}]) == []


def test_products_give_up_display_names_in_their_order() -> None:
    existing = {"products": [{"name": "one", "display_name": "A"}, {"name": "two", "display_name": "B"}]}
    first, second = {"name": "one", "display_name": "C"}, {"name": "three", "display_name": "A"}
    assert told(existing, products=[first, second]) == []
    [problem] = told(existing, products=[second, first])
    assert problem.endswith("Give it another one, or describe one before it with another one")
