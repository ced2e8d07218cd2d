# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode warns of, because something else is in the way, and what is refused in either mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from support.fake_arm import SUBSCRIPTION, error, reply
from support.running import AT, NETWORK, SERVICE, Runner

ENDING = ". Unless something changes that before, Azure will refuse this."
SETS = f"/subscriptions/{SUBSCRIPTION}{AT}/apiVersionSets"
API = {**SERVICE, "name": "new", "display_name": "New"}
SUBNET = {"resource_group": "rg", "virtual_network": "v", "name": "s"}
NEW_SERVICE = {
    "resource_group": "rg",
    "name": "svc",
    "location": "westeurope",
    "publisher_email": "a@b.c",
    "publisher_name": "B",
    "sku": {"name": "Developer"},
}


@pytest.fixture
def azure() -> Runner:
    return Runner()


def warned(azure: Runner, kind: str, **options: Any) -> list[str]:
    """The warnings of a task in check mode, without what they have in common."""
    return [text.removesuffix(ENDING) for text in azure.foretell(kind, **options)]


@pytest.mark.parametrize("path", ["echo", "/ECHO", "echo/", "ec%68o"])
def test_a_path_that_is_taken(azure: Runner, path: str) -> None:
    azure.arm.put(f"{AT}/apis/echo-api", {"properties": {"path": "echo", "displayName": "Echo"}})
    [told] = warned(azure, "apim_api", **API, path=path)
    assert told.endswith("is that of the API echo-api, which is no version of the same set")
    assert told.startswith("API new of svc: path ")
    azure.arm.put(f"{AT}/apis/new", {"properties": {"path": "free", "displayName": "New"}})
    assert len(warned(azure, "apim_api", **API, path=path)) == 1
    assert warned(azure, "apim_api", **API, description="Other") == []
    assert azure.verbs == "GET"  # the path stays, so nobody looks
    assert warned(azure, "apim_api", **API, path="free2") == []
    azure.warned.clear()
    assert azure.manage("apim_api", **API, path=path)["changed"]
    assert (azure.verbs, azure.warned) == ("GET PUT", [])


@pytest.mark.parametrize("path", ["orders", "/orders", "orders/", "/orders/"])
def test_slashes_at_the_ends_are_no_part_of_a_path(azure: Runner, path: str) -> None:
    assert azure.manage("apim_api", **API, path=path)["resource"]["path"] == "orders"
    assert azure.arm.body()["properties"]["path"] == "orders"
    for other in ("orders", "/orders/"):
        assert not azure.manage("apim_api", **API, path=other)["changed"]
    azure.arm.put(f"{AT}/apis/new", {"properties": {"path": "orders/", "displayName": "New"}})
    assert not azure.manage("apim_api", **API, path=path)["changed"]
    changed = azure.manage("apim_api", **API, path="/")
    assert changed["changed"] and changed["diff"]["after"]["path"] == "" == azure.arm.body()["properties"]["path"]


def test_versions_of_a_set_share_their_path(azure: Runner) -> None:
    first = {"path": "orders", "apiVersion": "v1", "apiVersionSetId": f"{SETS}/own"}
    azure.arm.put(f"{AT}/apiVersionSets/own", {"properties": {}})
    azure.arm.put(f"{AT}/apiVersionSets/other", {"properties": {}})
    azure.arm.put(f"{AT}/apis/one", {"properties": first})
    own = {**API, "path": "orders", "api_version_set": "own"}
    assert warned(azure, "apim_api", **own, api_version="v2") == []
    [told] = warned(azure, "apim_api", **own, api_version="V1")
    assert "api_version 'V1' is that of the API one in the same set" in told
    [told] = warned(azure, "apim_api", **{**own, "api_version_set": "other"}, api_version="v2")
    assert "path 'orders' is that of the API one" in told


def test_a_call_that_is_taken(azure: Runner) -> None:
    azure.arm.put(f"{AT}/apis/a", {"properties": {}})
    azure.arm.put(f"{AT}/apis/a/operations/one", {"properties": {"method": "GET", "urlTemplate": "/x"}})
    operation = {**SERVICE, "api_name": "a", "name": "two", "display_name": "Two", "method": "get"}
    [told] = warned(azure, "apim_api_operation", **operation, url_template="/x")
    assert told.endswith("get /x is that of the operation one")
    assert warned(azure, "apim_api_operation", **operation, url_template="/y") == []


@pytest.mark.parametrize("readable", [True, False])
def test_a_name_that_a_deleted_service_keeps(azure: Runner, readable: bool) -> None:
    """(Microsoft Learn: api-management soft-delete.)"""
    deleted = [
        {"id": "/x/deletedservices/other", "name": "other", "location": "North Europe"},
        {"id": "/x/deletedservices/SVC", "name": "SVC", "location": "West Europe"},
    ]
    answer = reply(200, {"value": deleted}) if readable else error(403, "AuthorizationFailed", "no")
    azure.arm.script.append(lambda request: answer if "/deletedservices" in request.url else None)
    told = warned(azure, "apim_service", **NEW_SERVICE)
    if readable:
        assert len(told) == 1 and "the name is kept by a deleted service in West Europe, which recover" in told[0]
    else:
        assert told == []
    assert azure.verbs == "GET GET"
    publisher = {"publisherEmail": "a@b.c", "publisherName": "B"}
    azure.arm.put(AT, {"location": "West Europe", "properties": publisher, "sku": {"name": "Developer", "capacity": 1}})
    assert warned(azure, "apim_service", resource_group="rg", name="svc", publisher_name="C") == []
    assert azure.verbs == "GET"


@pytest.mark.parametrize(
    ("prefixes", "words"),
    [
        (["10.0.1.0/24"], []),
        (["10.0.0.0/25"], ["10.0.0.0/25 overlaps with the subnet other (10.0.0.0/24)"]),
        (["10.9.0.0/24"], ["10.9.0.0/24 is outside of the address space of the network (10.0.0.0/16, fd00::/48)"]),
        (["10.0.1.0/24", "fd00::/64"], []),
        (["fd01::/64"], ["fd01::/64 is outside"]),
        (["10.0.2.0/24", "10.0.3.0/24"], ["10.0.3.0/24 overlaps with the subnet twins (10.0.3.0/24)"]),
    ],
)
def test_a_range_without_room(azure: Runner, prefixes: list[str], words: list[str]) -> None:
    """(NetcfgSubnetRangesOverlap, NetcfgSubnetRangeOutsideVnet.)"""
    subnets = [
        {"id": "/n/subnets/other", "name": "other", "properties": {"addressPrefix": "10.0.0.0/24"}},
        {"id": "/n/subnets/twins", "name": "twins", "properties": {"addressPrefixes": ["10.0.3.0/24", "10.0.4.0/24"]}},
        {"id": "/n/subnets/S", "name": "S", "properties": {"addressPrefix": "10.0.1.0/24"}},
        {"id": "/n/subnets/pool", "name": "pool", "properties": {}},
    ]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]}}
    azure.arm.put(f"{NETWORK}/virtualNetworks/v", {"properties": {**space, "subnets": subnets}})
    told = warned(azure, "vnet_subnet", **SUBNET, address_prefixes=prefixes)
    assert len(told) == len(words)
    for text, expected in zip(told, words, strict=True):
        assert expected in text
    assert azure.verbs == "GET GET"


def test_a_range_can_not_be_there_twice(azure: Runner) -> None:
    result = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24", "10.0.0.0/24"])
    assert result["failed"] and "address_prefixes has '10.0.0.0/24' twice" in result["msg"]
    assert azure.verbs == ""


USED = {"id": f"/subscriptions/{SUBSCRIPTION}{NETWORK}/virtualNetworks/v/subnets/s"}


@pytest.mark.parametrize(
    ("kind", "path", "options", "properties"),
    [
        ("network_security_group", "networkSecurityGroups/n", {"name": "n"}, {"subnets": [USED]}),
        ("public_ip_address", "publicIPAddresses/n", {"name": "n"}, {"ipConfiguration": USED}),
        (
            "vnet_subnet",
            "virtualNetworks/w/subnets/n",
            {"virtual_network": "w", "name": "n"},
            {"ipConfigurations": [USED]},
        ),
    ],
)
def test_what_is_in_use_is_not_deleted(
    azure: Runner, tmp_path: Path, kind: str, path: str, options: dict[str, Any], properties: dict[str, Any]
) -> None:
    azure.arm.put(f"{NETWORK}/{path}", {"properties": properties})
    gone = {"resource_group": "rg", "state": "absent", **options}
    [told] = warned(azure, kind, **gone)
    assert told.endswith("it is in use by virtualNetworks/v/subnets/s")
    assert azure.verbs == "GET"
    azure.warned.clear()
    assert azure.manage(kind, **gone)["changed"] and azure.warned == []
    # What an earlier task was said to delete, is in nobody's way.
    azure.arm.put(f"{NETWORK}/{path}", {"properties": properties})
    azure.arm.put(f"{NETWORK}/virtualNetworks/v/subnets/s", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert len(warned(azure, kind, **gone)) == 1
    assert warned(azure, "vnet_subnet", **SUBNET, state="absent") == []
    assert warned(azure, kind, **gone) == []


def test_a_network_with_a_subnet_in_use(azure: Runner) -> None:
    user = {"id": f"/subscriptions/{SUBSCRIPTION}{NETWORK}/loadBalancers/kubernetes/frontendIPConfigurations/a"}
    subnets = [{"name": "s", "properties": {"ipConfigurations": [user]}}, {"name": "t", "properties": {}}]
    azure.arm.put(f"{NETWORK}/virtualNetworks/v", {"properties": {"subnets": subnets}})
    [told] = warned(azure, "virtual_network", resource_group="rg", name="v", state="absent")
    assert told.endswith("the subnet s is in use by loadBalancers/kubernetes/frontendIPConfigurations/a")
    assert azure.verbs == "GET"


def test_a_version_set_with_versions(azure: Runner) -> None:
    azure.arm.put(f"{AT}/apiVersionSets/own", {"properties": {"displayName": "Own"}})
    azure.arm.put(f"{AT}/apis/one", {"properties": {"apiVersionSetId": f"{SETS}/OWN"}})
    azure.arm.put(f"{AT}/apis/two", {"properties": {"apiVersionSetId": f"{SETS}/not-own"}})
    [told] = warned(azure, "apim_version_set", **SERVICE, name="own", state="absent")
    assert told.endswith("the API one is a version of it")


def test_a_product_with_subscriptions(azure: Runner) -> None:
    azure.arm.put(f"{AT}/products/p", {"properties": {"displayName": "P"}})
    azure.arm.put(f"{AT}/products/p/subscriptions/alice", {"properties": {}})
    product = {**SERVICE, "name": "p", "state": "absent"}
    [told] = warned(azure, "apim_product", **product)
    assert told.endswith("the subscription alice is for it (delete_subscriptions deletes it, too)")
    assert warned(azure, "apim_product", **product, delete_subscriptions=True) == []
    assert azure.verbs == "GET"


def test_a_product_whose_subscriptions_are_going(azure: Runner, tmp_path: Path) -> None:
    """They are listed below the product, and deleted below the service."""
    azure.arm.put(f"{AT}/products/p", {"properties": {"displayName": "P"}})
    azure.arm.put(f"{AT}/products/p/subscriptions/alice", {"properties": {}})
    azure.arm.put(f"{AT}/subscriptions/alice", {"properties": {"scope": f"{AT}/products/p", "displayName": "A"}})
    azure.foretold = Memory(str(tmp_path / "foretold"))
    product = {**SERVICE, "name": "p", "state": "absent"}
    assert warned(azure, "apim_subscription", **SERVICE, name="alice", state="absent") == []
    assert warned(azure, "apim_product", **product) == []


def products(azure: Runner, *, one: bool, two: bool) -> None:
    """Products with the API a in the first; which of them are open."""
    for name, open in (("one", one), ("two", two)):
        properties = {"displayName": name, "subscriptionRequired": not open}
        azure.arm.put(f"{AT}/products/{name}", {"properties": properties})
    azure.arm.put(f"{AT}/apis/a", {"properties": {"displayName": "A"}})
    azure.arm.put(f"{AT}/products/one/apis/a", {"properties": {}})
    if one:
        azure.arm.put(f"{AT}/apis/a/products/one", {"properties": {"subscriptionRequired": False}})


@pytest.mark.parametrize(("one", "two"), [(True, True), (True, False), (False, True)])
def test_an_api_is_in_one_open_product_at_most(azure: Runner, tmp_path: Path, one: bool, two: bool) -> None:
    """(Microsoft Learn: api-management-subscriptions; Azure/apiops issue 413.)"""
    products(azure, one=one, two=two)
    link = {**SERVICE, "product_name": "two", "api_name": "a"}
    told = warned(azure, "apim_product_api", **link)
    assert len(told) == (one and two)
    assert all(text.endswith("in the open product one: it can be in one of them only") for text in told)
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, "apim_product_api", **link | {"product_name": "one"}, state="absent") == []
    assert warned(azure, "apim_product_api", **link) == []


def test_a_product_that_becomes_open(azure: Runner, tmp_path: Path) -> None:
    products(azure, one=False, two=True)
    product = {**SERVICE, "name": "one", "subscription_required": False}
    assert warned(azure, "apim_product", **product) == []
    azure.arm.put(f"{AT}/products/two/apis/A", {"properties": {}})
    [told] = warned(azure, "apim_product", **product)
    assert told.endswith("its API a is in the open product two, too: it can be in one of them only")
    assert warned(azure, "apim_product", **product | {"subscription_required": True}, description="D") == []
    assert azure.verbs == "GET"
    azure.foretold = Memory(str(tmp_path / "foretold"))
    link = {**SERVICE, "api_name": "a", "state": "absent"}
    assert warned(azure, "apim_product_api", **link, product_name="two") == []
    assert warned(azure, "apim_product", **product) == []


def test_an_open_product_that_was_foretold_to_be_closed(azure: Runner, tmp_path: Path) -> None:
    products(azure, one=True, two=False)
    azure.arm.put(f"{AT}/products/two/apis/a", {"properties": {}})
    opens = {**SERVICE, "name": "two", "subscription_required": False}
    assert len(warned(azure, "apim_product", **opens)) == 1
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, "apim_product", **SERVICE, name="one", description="D") == []
    assert len(warned(azure, "apim_product", **opens)) == 1
    azure.foretold = Memory(str(tmp_path / "again"))
    assert warned(azure, "apim_product", **SERVICE, name="one", subscription_required=True) == []
    assert warned(azure, "apim_product", **opens) == []


@pytest.mark.parametrize("closed", ["one", "two"])
def test_an_api_comes_into_a_product_when_one_was_foretold_to_be_closed(
    azure: Runner, tmp_path: Path, closed: str
) -> None:
    products(azure, one=True, two=True)
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, "apim_product", **SERVICE, name=closed, subscription_required=True) == []
    assert warned(azure, "apim_product_api", **SERVICE, product_name="two", api_name="a") == []


@pytest.mark.parametrize(
    ("kind", "collection"),
    [
        ("apim_group", "groups"),
        ("apim_tag", "tags"),
        ("apim_named_value", "namedValues"),
        ("apim_product", "products"),
    ],
)
def test_a_display_name_that_is_taken(azure: Runner, tmp_path: Path, kind: str, collection: str) -> None:
    """(Azure/apiops issues 606 and 837.)"""
    value = {"value": "v"} if kind == "apim_named_value" else {}
    azure.arm.put(f"{AT}/{collection}/old", {"properties": {"displayName": "Old", **value}})
    own = {**SERVICE, "name": "new", **value}
    [told] = warned(azure, kind, **own, display_name="old")
    assert told.endswith("display_name 'Old' is that of old")
    assert warned(azure, kind, **own, display_name="New") == []
    azure.arm.put(f"{AT}/{collection}/new", {"properties": {"displayName": "New", **value}})
    assert len(warned(azure, kind, **own, display_name="OLD")) == 1
    assert warned(azure, kind, **own, display_name="NEW") == []
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, kind, **SERVICE, name="old", state="absent") == []
    assert warned(azure, kind, **own, display_name="OLD") == []


def test_a_backend_in_a_pool(azure: Runner, tmp_path: Path) -> None:
    azure.arm.put(f"{AT}/backends/one", {"properties": {"url": "https://a.example", "protocol": "http"}})
    members = {"services": [{"id": "/backends/ONE"}]}
    azure.arm.put(f"{AT}/backends/both", {"properties": {"type": "Pool", "pool": members}})
    gone = {**SERVICE, "state": "absent"}
    [told] = warned(azure, "apim_backend", **gone, name="one")
    assert told.endswith("it is in the pool both")
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, "apim_backend", **gone, name="both") == []
    assert warned(azure, "apim_backend", **gone, name="one") == []


@pytest.mark.parametrize(
    ("prefixes", "outside"), [(["10.0.0.0/8"], []), (["10.0.0.0/24", "10.9.0.0/16"], ["twins (10.0.1.0/24)"])]
)
def test_a_network_that_leaves_a_subnet_outside(azure: Runner, prefixes: list[str], outside: list[str]) -> None:
    """(NetcfgSubnetRangeOutsideVnet.)"""
    subnets = [
        {"id": "/n/subnets/one", "name": "one", "properties": {"addressPrefix": "10.0.0.0/25"}},
        {"id": "/n/subnets/twins", "name": "twins", "properties": {"addressPrefixes": ["10.9.1.0/24", "10.0.1.0/24"]}},
        {"id": "/n/subnets/pool", "name": "pool", "properties": {}},
    ]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "10.9.0.0/16"]}}
    azure.arm.put(f"{NETWORK}/virtualNetworks/v", {"location": "x", "properties": {**space, "subnets": subnets}})
    told = warned(azure, "virtual_network", resource_group="rg", name="v", address_prefixes=prefixes)
    assert len(told) == len(outside)
    assert all(f"the subnet {words} is outside of" in text for text, words in zip(told, outside, strict=True))
    assert azure.verbs == "GET"


def test_a_limit_of_subscriptions(azure: Runner, tmp_path: Path) -> None:
    """(SDK: ProductContract.subscriptions_limit.)"""
    azure.arm.put(f"{AT}/products/p", {"properties": {"displayName": "P", "subscriptionsLimit": 1}})
    azure.arm.put(f"{AT}/users/alice", {"properties": {}})
    properties = {"scope": f"{AT}/products/p", "ownerId": f"{AT}/users/Alice"}
    azure.arm.put(f"{AT}/products/p/subscriptions/first", {"properties": properties})
    azure.arm.put(f"{AT}/subscriptions/first", {"properties": properties})
    more = {**SERVICE, "name": "second", "display_name": "S", "scope": "p"}
    [told] = warned(azure, "apim_subscription", **more, owner="alice")
    assert told.endswith("the product p allows a user 1 subscriptions, and there are 1")
    assert warned(azure, "apim_subscription", **more) == []
    assert warned(azure, "apim_subscription", **more | {"scope": "/apis"}, owner="alice") == []
    assert warned(azure, "apim_subscription", **SERVICE, name="first", display_name="F") == []
    azure.foretold = Memory(str(tmp_path / "foretold"))
    assert warned(azure, "apim_subscription", **SERVICE, name="first", state="absent") == []
    assert warned(azure, "apim_subscription", **more, owner="alice") == []


@pytest.mark.parametrize("check", [True, False])
def test_what_is_azures_own_stays(azure: Runner, check: bool) -> None:
    """(Microsoft Learn: api-management-howto-create-groups, api-management-subscriptions.)"""
    azure.arm.put(f"{AT}/groups/developers", {"properties": {"displayName": "Developers", "builtIn": True}})
    azure.arm.put(f"{AT}/subscriptions/master", {"properties": {"scope": f"/subscriptions/{SUBSCRIPTION}{AT}/"}})
    for kind, options, words in (
        ("apim_group", {"name": "developers", "state": "absent"}, "which can't be deleted"),
        ("apim_group", {"name": "developers", "display_name": "D"}, "whose display_name can't be changed"),
        ("apim_subscription", {"name": "master", "state": "absent"}, "which can't be deleted"),
    ):
        result = azure.manage(kind, **SERVICE, **options, check=check)
        assert result["failed"] and words in result["msg"], result
        assert azure.verbs == "GET"
    assert not azure.manage("apim_group", **SERVICE, name="developers", display_name="Developers")["changed"]


@pytest.mark.parametrize("scope", ["/foo/bar", "/products", "products/p", "/apis/a/operations/b", f"{SETS}/x"])
def test_a_subscription_is_for_a_product_an_api_or_all(azure: Runner, scope: str) -> None:
    result = azure.manage("apim_subscription", **SERVICE, name="s", display_name="S", scope=scope)
    assert result["failed"] and "is neither a product" in result["msg"] and azure.verbs == ""


@pytest.mark.parametrize(
    "scope", ["p", "/products/p", "/apis", "/apis/a", "/Apis/a;rev=2", "/products/p/", "/", f"{SETS[:-15]}/apis/a"]
)
def test_a_scope_that_is_one(azure: Runner, scope: str) -> None:
    assert azure.manage("apim_subscription", **SERVICE, name="s", display_name="S", scope=scope)["changed"]


@pytest.mark.parametrize("unborn", [True, False])
@pytest.mark.parametrize(
    ("kind", "place", "values", "words"),
    [
        ("apim_api", SERVICE, {"display_name": "A", "path": "p"}, "path 'p' is that of the API one"),
        ("apim_product", SERVICE, {"display_name": "P"}, "display_name 'P' is that of one"),
        ("apim_tag", SERVICE, {"display_name": "T"}, "display_name 'T' is that of one"),
        (
            "apim_api_operation",
            {**SERVICE, "api_name": "a"},
            {"display_name": "O", "method": "GET", "url_template": "/x"},
            "GET /x is that of the operation one",
        ),
        (
            "vnet_subnet",
            {"resource_group": "rg", "virtual_network": "v"},
            {"address_prefixes": ["10.0.0.0/24"]},
            "10.0.0.0/24 overlaps with the subnet one (10.0.0.0/24)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_was_foretold_is_in_the_way_too(
    azure: Runner, tmp_path: Path, kind: str, place: dict[str, Any], values: dict[str, Any], words: str, unborn: bool
) -> None:
    """Two of one play, be it in something that the same play makes."""
    memory = azure.foretold = Memory(str(tmp_path / "foretold"))
    above = {"vnet_subnet": f"{NETWORK}/virtualNetworks/v", "apim_api_operation": f"{AT}/apis/a"}.get(kind, AT)
    if unborn:
        made = f"/subscriptions/{SUBSCRIPTION}{above}"
        memory.note({"changed": True, "id": made, "resource": {"name": "new"}, "diff": {"before": {}, "after": {}}})
    else:
        azure.arm.put(above, {"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}})
    assert warned(azure, kind, **place, name="one", **values) == []
    [told] = warned(azure, kind, **place, name="two", **values)
    assert words in told
    assert warned(azure, kind, **place, name="ONE", **values) == []  # the same again
    assert azure.foretell(kind, **place, name="two", state="absent") == []
    assert warned(azure, kind, **place, name="one", **values) == []


def test_what_is_given_up_is_free_for_the_tasks_after_that(azure: Runner, tmp_path: Path) -> None:
    azure.foretold = Memory(str(tmp_path / "foretold"))
    azure.arm.put(f"{AT}/apis/one", {"properties": {"path": "p", "displayName": "One", "apiVersion": ""}})
    assert warned(azure, "apim_api", **SERVICE, name="one", path="q") == []
    assert warned(azure, "apim_api", **API, path="p") == []
    [told] = warned(azure, "apim_api", **{**API, "name": "third"}, path="q")
    assert "path 'q' is that of the API one" in told
