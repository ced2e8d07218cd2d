# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Places and references."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import ids
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Reference,
    ResourceType,
    Scope,
    Segment,
)

GROUP = Segment("resourceGroups", "resource_group", max_length=90)
SERVICE = Segment("providers/Microsoft.ApiManagement/service", "service_name", pattern="[a-z]+", max_length=10)
API = Segment("apis", "api_name", revision="api_revision")
PRODUCT = Segment("products", "product_name")
POLICY = Segment("policies", constant="policy")
AT = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc"
OPTIONS = {"resource_group": "rg", "service_name": "svc"}


def policy() -> ResourceType:
    scopes = (
        Scope("policy", (GROUP, SERVICE, POLICY)),
        Scope("product_policy", (GROUP, SERVICE, PRODUCT, POLICY)),
        Scope("api_policy", (GROUP, SERVICE, API, POLICY)),
    )
    return ResourceType("apim_policy", "x/policies", "apimanagement", "policy", scopes)


def api() -> ResourceType:
    return ResourceType("apim_api", "x/apis", "apimanagement", "API", (Scope("api", (GROUP, SERVICE, API)),))


def place(options: dict[str, Any]) -> ids.Place:
    return ids.locate(api(), {**OPTIONS, **options}, "sub")


def test_an_id_is_made_of_the_options() -> None:
    found = place({"api_name": "orders"})
    assert found.id == f"{AT}/apis/orders"
    assert found.names == ("rg", "svc", "orders")
    assert found.name == "orders"
    assert found.service_id == AT
    assert found.resource_group_id == "/subscriptions/sub/resourceGroups/rg"
    assert ids.locate_all(api(), OPTIONS, "sub").id == f"{AT}/apis"


def test_a_revision_is_part_of_the_name() -> None:
    assert place({"api_name": "orders", "api_revision": "2"}).name == "orders;rev=2"
    with pytest.raises(PlanError, match="names a revision already; leave api_revision out") as caught:
        place({"api_name": "orders;rev=3", "api_revision": "2"})
    assert caught.value.field == "api_name"


@pytest.mark.parametrize(
    ("options", "id_"),
    [
        ({}, f"{AT}/policies/policy"),
        ({"product_name": "p"}, f"{AT}/products/p/policies/policy"),
        ({"api_name": "a", "api_revision": "2"}, f"{AT}/apis/a;rev=2/policies/policy"),
    ],
)
def test_the_options_that_are_set_choose_the_scope(options: dict[str, str], id_: str) -> None:
    assert ids.locate(policy(), {**OPTIONS, **options}, "sub").id == id_


def test_options_of_two_scopes_are_refused() -> None:
    with pytest.raises(PlanError, match=r"api_name, product_name, .* these combinations do: resource_group"):
        ids.locate(policy(), {**OPTIONS, "product_name": "p", "api_name": "a"}, "sub")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"api_name": ""}, "api_name is needed"),
        ({"api_name": "a/b"}, "without slashes"),
        ({"api_name": ".."}, "stands for a folder"),
        ({"api_name": "."}, "stands for a folder"),
        ({"api_name": "a", "service_name": ".."}, "stands for a folder"),
        ({"api_name": "a" * 81}, "may have 80 characters"),
        ({"api_name": "a", "service_name": "Svc1"}, "has to match"),
    ],
)
def test_names_that_azure_refuses_are_refused_before(options: dict[str, str], said: str) -> None:
    with pytest.raises(PlanError, match=said) as caught:
        place(options)
    name = "service_name" if "service_name" in options else "api_name"
    assert caught.value.field == name


@pytest.mark.parametrize("length", [79, 80])
def test_names_may_be_as_long_as_azure_says(length: int) -> None:
    assert place({"api_name": "a" * length}).name == "a" * length


def test_an_empty_option_names_no_scope() -> None:
    assert ids.locate(policy(), {**OPTIONS, "product_name": "", "api_name": None}, "sub").scope.sdk == "policy"
    assert place({"api_name": "orders", "api_revision": ""}).name == "orders"


def test_a_collection_is_chosen_by_the_options_above_it() -> None:
    scopes = (Scope("api", (GROUP, SERVICE, API)), Scope("product", (GROUP, SERVICE, PRODUCT, API)))
    two = ResourceType("x", "x/apis", "apimanagement", "API", scopes)
    assert ids.locate_all(two, OPTIONS, "sub").id == f"{AT}/apis"
    assert ids.locate_all(two, {**OPTIONS, "product_name": "p"}, "sub").id == f"{AT}/products/p/apis"
    with pytest.raises(PlanError, match=r"^api_name, resource_group together do not name a place for a API; these "):
        ids.locate_all(two, {"resource_group": "rg", "api_name": "a"}, "sub")


def test_what_is_in_no_service() -> None:
    network = (GROUP, Segment("providers/Microsoft.Network/virtualNetworks", "name"))
    resource = ResourceType("v", "x/v", "network", "network", (Scope("virtual_networks", network),))
    here = ids.locate(resource, {"resource_group": "rg", "name": "v"}, "sub")
    assert here.service_id == ""
    with pytest.raises(PlanError, match="'/backends/b' is neither a name nor a full ARM id"):
        ids.expand(BACKEND, "/backends/b", here, {})
    assert ids.relative(FULL) == FULL
    assert [ids.relative(text) for text in (f"{AT}/apis/a", AT.upper(), f"{AT}/")] == ["/apis/a", "/", "/"]


def test_templates_are_made_of_places_and_options() -> None:
    here = place({"api_name": "orders"})
    whole = Reference("{subscription}/{location}/{name}{parent}")
    assert ids.expand(whole, "n/p", here, {"location": "west", "name": "other", "none": None}) == (
        "/subscriptions/sub/west/pn"
    )
    assert ids.expand(Reference("{subscription}/{location}/{name}"), "n", here, {"location": "west", "name": "x"}) == (
        "/subscriptions/sub/west/n"
    )
    assert ids.expand(BACKEND, "/SUBSCRIPTIONS/x/y", here, {}) == "/SUBSCRIPTIONS/x/y"
    assert ids.expand(BACKEND, None, here, {}) is None
    assert ids.on_wire(BACKEND, None, here, {}) is None


BACKEND = Reference("{service}/backends/{name}")
SUBNET = Reference("{resource_group_id}/providers/Microsoft.Network/virtualNetworks/{parent}/subnets/{name}")
SCOPE = Reference("{service}/products/{name}", form="relative", any_type=True)
FULL = "/subscriptions/other/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"


@pytest.mark.parametrize(
    ("reference", "value", "full", "wire"),
    [
        (BACKEND, "b", f"{AT}/backends/b", f"{AT}/backends/b"),
        (BACKEND, "/backends/b", f"{AT}/backends/b", f"{AT}/backends/b"),
        (SCOPE, "p", f"{AT}/products/p", "/products/p"),
        (SCOPE, "/apis", f"{AT}/apis", "/apis"),
        (SCOPE, f"{AT}/products/p", f"{AT}/products/p", "/products/p"),
        (SCOPE, AT.upper(), AT.upper(), "/"),
        (SUBNET, "v/s", FULL.replace("/other/resourceGroups/g/", "/sub/resourceGroups/rg/"), None),
        (SUBNET, FULL, FULL, FULL),
        (
            SUBNET,
            FULL.upper(),
            FULL.upper(),
            FULL.replace("/other/", "/OTHER/").replace("/g/", "/G/").replace("s/v/", "s/V/")[:-1] + "S",
        ),
        (SCOPE, f"{AT}/PRODUCTS/p".upper(), f"{AT}/PRODUCTS/p".upper(), "/products/P"),
        (BACKEND, "", "", ""),
        (BACKEND, f"{AT}/backends/b/", f"{AT}/backends/b", f"{AT}/backends/b"),
        (SUBNET, f"{FULL}/", FULL, FULL),
        (SCOPE, "/products/p/", f"{AT}/products/p", "/products/p"),
        (SCOPE, "/", f"{AT}/", "/"),
        (SCOPE, f"{AT}/", AT, "/"),
    ],
)
def test_references(reference: Reference, value: str, full: str, wire: str | None) -> None:
    here = place({"api_name": "orders"})
    assert ids.expand(reference, value, here, OPTIONS) == full
    assert ids.on_wire(reference, value, here, OPTIONS) == (full if wire is None else wire)


@pytest.mark.parametrize("value", ["subnet", "a/b/c"])
def test_a_reference_to_a_child_names_its_parent(value: str) -> None:
    with pytest.raises(PlanError, match="neither of the form PARENT/NAME"):
        ids.expand(SUBNET, value, place({"api_name": "orders"}), OPTIONS)


@pytest.mark.parametrize(
    ("reference", "value", "said"),
    [
        (SCOPE, AT.replace("/svc", "/svc2") + "/products/p", "is not in svc, the service of the API orders"),
        (SCOPE, AT.replace("/sub/", "/other/") + "/products/p", "is not in svc"),
        (BACKEND, AT.replace("/rg/", "/group/") + "/backends/b", "is not in svc"),
        (BACKEND, FULL, "is not in svc"),
        (BACKEND, f"{AT}/apis/b", "does not lead to what is meant here, .*/service/SERVICE/backends/NAME$"),
        (BACKEND, f"{AT}/backends/b/more", "does not lead"),
        (BACKEND, f"{AT}/backends/", "does not lead"),
        (BACKEND, "/apis/b", "does not lead"),
        (SUBNET, FULL.replace("/subnets/s", ""), "does not lead to .*/GROUP/.*/virtualNetworks/PARENT/subnets/NAME$"),
        (SUBNET, FULL.replace("virtualNetworks", "routeTables"), "does not lead"),
        (SUBNET, FULL.replace("/resourceGroups/g", ""), "does not lead"),
    ],
)
def test_what_a_reference_can_t_lead_to_is_refused(reference: Reference, value: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        ids.on_wire(reference, value, place({"api_name": "orders"}), OPTIONS)


LINK = ResourceType(
    "apim_product_api",
    "x/products/apis",
    "apimanagement",
    "API of a product",
    (Scope("product_api", (GROUP, SERVICE, PRODUCT, API)),),
)


@pytest.mark.parametrize("in_case", [str, str.upper, str.lower])
@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("product", ["p", "/products/p", f"{AT}/products/p"])
@pytest.mark.parametrize("api_id", ["a;rev=2", "/apis/a;rev=2", f"{AT}/apis/a;rev=2", f"{AT}/products/p/apis/a;rev=2"])
def test_what_a_link_connects_is_named_in_many_ways(in_case: Any, end: str, product: str, api_id: str) -> None:
    given = {"product_name": product, "api_name": api_id}
    for option, value in given.items():
        if "/" in value:
            holder, dummy, name = value.rpartition("/")
            given[option] = f"{in_case(holder)}/{name}{end}"
    named = ids.by_name(LINK, {**OPTIONS, **given}, "sub")
    assert named == {**OPTIONS, "product_name": "p", "api_name": "a;rev=2"}
    assert ids.locate(LINK, named, "sub").id == f"{AT}/products/p/apis/a;rev=2"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"resource_group": "/subscriptions/SUB/resourcegroups/rg/", "service_name": AT}, {}),
        ({"api_name": f"{AT}/apis/orders", "api_revision": "2"}, {"api_name": "orders", "api_revision": "2"}),
        ({"api_name": None}, {"api_name": None}),
    ],
)
def test_what_a_policy_is_in_is_named_in_many_ways(options: dict[str, Any], named: dict[str, Any]) -> None:
    assert ids.by_name(policy(), {**OPTIONS, **options}, "sub") == {**OPTIONS, **named}


def test_the_name_of_the_resource_itself_is_a_name() -> None:
    own = ResourceType("x", "x", "apimanagement", "x", (Scope("x", (GROUP, SERVICE, Segment("tags", "name"))),))
    options = {**OPTIONS, "name": f"{AT}/tags/t"}
    assert ids.by_name(own, options, "sub") == options
    with pytest.raises(PlanError, match="plain name without slashes"):
        ids.locate(own, options, "sub")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"api_name": f"{AT.replace('/svc', '/other')}/apis/a"}, "is not in /subscriptions/sub/resourceGroups/rg/"),
        ({"api_name": f"{AT.replace('/sub/', '/else/')}/apis/a"}, "is not in /subscriptions/sub/"),
        ({"api_name": f"{AT}/products/other/apis/a"}, "is not in"),
        ({"api_name": f"{AT}/products/a"}, "is neither a name nor an id like"),
        ({"api_name": "/products/a"}, "is neither a name nor an id like"),
        ({"api_name": "apis/a"}, "is neither a name nor an id like"),
        ({"api_name": "//"}, "is neither a name nor an id like"),
        ({"resource_group": "/subscriptions/else/resourceGroups/rg"}, "is not in /subscriptions/sub, where"),
        (
            {"service_name": "/service/svc"},
            "is neither a name nor an id like /subscriptions/sub/resourceGroups/rg/prov",
        ),
    ],
)
def test_ids_that_lead_elsewhere_are_refused(options: dict[str, str], words: str) -> None:
    with pytest.raises(PlanError) as caught:
        ids.by_name(LINK, {**OPTIONS, "product_name": "p", "api_name": "a", **options}, "sub")
    assert words in caught.value.message and caught.value.field == next(iter(options))
