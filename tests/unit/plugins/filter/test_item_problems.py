# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.item_problems import FilterModule
from support.playbook import ROOT

item_problems = FilterModule().filters()["item_problems"]


def product(**more: Any) -> list[str]:
    found: list[str] = item_problems([{"name": "fine"}, {"name": "p", **more}], "products")
    assert all(text.startswith("product p: ") for text in found)
    return [text.removeprefix("product p: ") for text in found]


def api(**more: Any) -> list[str]:
    found: list[str] = item_problems([{"name": "a", "path": "a", **more}], "apis")
    return [text.removeprefix(f"API {more.get('name', 'a')}: ") for text in found]


@pytest.mark.parametrize("period", [0, -60, 301, 3600, "400"])
def test_throttling_ends_at_five_minutes(period: object) -> None:
    assert product(throttling={"calls": 1, "renewal_period": period}) == [
        f"throttling.renewal_period has to be from 1 to 300 seconds, not {period}"
    ]


@pytest.mark.parametrize("period", [1, 300, "60"])
def test_throttling_within_five_minutes(period: object) -> None:
    assert product(throttling={"calls": "1", "renewal_period": period}) == []


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        ({"renewal_period": 300}, "quota needs calls, bandwidth or both"),
        ({"calls": 1, "renewal_period": 299}, "quota.renewal_period has to be at least 300 seconds, or 0 for ever"),
        ({"calls": 1, "renewal_period": -1}, "quota.renewal_period has to be at least 300 seconds"),
        ({"calls": 0, "renewal_period": 300}, "quota.calls has to be at least 1, not 0"),
        ({"calls": 1, "bandwidth": -1, "renewal_period": 300}, "quota.bandwidth has to be at least 1"),
    ],
)
def test_quotas(quota: dict[str, int], words: str) -> None:
    [told] = product(quota=quota)
    assert words in told


@pytest.mark.parametrize("quota", [{"calls": 1, "renewal_period": 0}, {"bandwidth": 1, "renewal_period": 86400}])
def test_quotas_that_azure_takes(quota: dict[str, int]) -> None:
    assert product(quota=quota) == []


def test_everything_is_told_at_once() -> None:
    limits = {"throttling": {"calls": 0, "renewal_period": 301}, "quota": {"renewal_period": 1}}
    assert len(product(**limits, policy="<policies />", subscriptions_limit=-2)) == 6


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"display_name": "n" * 301}, "display_name may have 300 characters"),
        ({"description": "n" * 1001}, "description may have 1000 characters"),
        ({"subscriptions_limit": "-2"}, "subscriptions_limit has to be at least -1"),
        (
            {"policy": '<policies><inbound><rate-limit calls="1" renewal-period="301" /></inbound></policies>'},
            "policy is refused by API Management: line 1, column 42: renewal-period",
        ),
        ({"policy": "<policies>"}, "policy is no policy document: line 1"),
        (
            {"policy": "<policies />", "throttling": {"calls": 1, "renewal_period": 1}},
            "policy is the whole policy, so that throttling beside it would do nothing",
        ),
    ],
)
def test_products(more: dict[str, Any], words: str) -> None:
    [told] = product(**more)
    assert words in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "a*b"}, "name 'a*b' is not a name that Azure accepts"),
        ({"path": "p" * 401}, "path may have 400 characters"),
        ({"backend": {"name": "b" * 81}}, "backend: name may have 80 characters"),
        ({"name": "b" * 81, "backend": {}}, "backend: name may have 80 characters"),
        ({"version_set": {"name": "a#"}}, "version_set: name 'a#' is not a name"),
        ({"operations": [{"name": "o/p"}]}, "operation o/p: name is a plain name without slashes"),
        ({"operations": [{"name": "o", "url_template": "/" * 1001}]}, "operation o: url_template may have 1000"),
        (
            {"policy": '<policies><inbound><quota calls="1" renewal-period="0" /></inbound></policies>'},
            "<quota> has no place in the policy of an API, only of a product",
        ),
    ],
)
def test_apis(more: dict[str, Any], words: str) -> None:
    [told] = api(**more)
    assert words in told


def test_consumers() -> None:
    fine = {"name": "c*", "product": "p", "subscription": "c"}
    assert item_problems([fine], "consumers") == []
    [told] = item_problems([{"name": "c*", "product": "p"}], "consumers")
    assert told.startswith("consumer c*: name 'c*' is not a name that Azure accepts")
    [told] = item_problems([{**fine, "product": "/subscriptions/x "}], "consumers")
    assert "scope" in told and "white space" in told


def test_services_do_not_take_the_place_of_others() -> None:
    inside = {"name": "api", "exposure": "cluster"}
    fine = [inside, {"name": "api", "namespace": "other", "exposure": "public"}, {"name": "web", "subnet": "s"}]
    assert item_problems(fine, "services", "demo") == []
    [told] = item_problems([*fine, {"name": "api", "namespace": "demo", "exposure": "public"}], "services", "demo")
    assert told.startswith("service api: 2 services or workloads of consumers have this name in the namespace demo.")


@pytest.mark.parametrize("more", [{}, {"exposure": "internal"}, {"exposure": None, "subnet": ""}])
def test_an_internal_load_balancer_needs_a_subnet(more: dict[str, Any]) -> None:
    [told] = item_problems([{"name": "api", **more}], "services")
    assert told.startswith("service api: it is to have an internal load balancer but names no subnet")


@pytest.mark.parametrize(("kind", "title"), [("apis", "API"), ("products", "product")])
def test_names_are_described_once(kind: str, title: str) -> None:
    items = [{"name": "one", "path": "1"}, {"name": "two", "path": "2"}, {"name": "ONE", "path": "3"}]
    assert item_problems(items[:2], kind) == []
    assert item_problems(items, kind) == [f"{title} one: it is described 2 times"]


def test_consumers_share_a_subscription_but_neither_scope_nor_secret() -> None:
    one = {"name": "a", "product": "p", "subscription": "s", "secret": "k"}
    for fine in ({"name": "b", "secret": "l"}, {"name": "b", "namespace": "n"}, {"name": "a", "secret": None}):
        assert item_problems([one, {**one, **fine}], "consumers") == []
    [told] = item_problems([one, {**one, "name": "b", "namespace": "demo"}], "consumers", "demo")
    assert told == "Secret k: it is that of a and b in the namespace demo. Give each consumer its own"
    [told] = item_problems([one, {"name": "S", "product": "q"}], "consumers")
    assert told == "subscription s: it is to be for p and for q. Give each consumer its own"


@pytest.mark.parametrize("name", ["sandbox", "dev", "staging", "production"])
@pytest.mark.parametrize("kind", ["services", "apis", "products", "consumers"])
def test_shipped_inventories_have_none(name: str, kind: str) -> None:
    found = [
        item
        for file in (ROOT / "inventories" / name / "group_vars" / "apim").glob("*.yml")
        for item in yaml.safe_load(file.read_text(encoding="utf-8")).get(f"innergate_{kind}") or ()
    ]
    assert found
    assert item_problems(found, kind) == []


def test_kinds_are_known() -> None:
    with pytest.raises(AnsibleFilterError, match="'api' is none of services, apis, products, consumers"):
        item_problems([], "api")


def open_product(name: str, *apis: str, required: Any = False) -> dict[str, Any]:
    return {"name": name, "subscription_required": required, "apis": list(apis)}


@pytest.mark.parametrize("required", [False, "no", "False", 0])
def test_an_api_is_in_one_open_product_at_most(required: Any) -> None:
    """(Microsoft Learn: api-management-subscriptions.)"""
    there = [open_product("one", "a", "b"), open_product("two", "A", required=required)]
    assert item_problems(there, "products") == [
        "API a: it is in the open products one and two. It can be in one such product only"
    ]


@pytest.mark.parametrize("other", [open_product("two", "b"), open_product("two", "a", required="yes")])
def test_an_api_in_one_open_product(other: dict[str, Any]) -> None:
    closed = {"name": "three", "apis": ["a", "b"]}
    unsaid = open_product("four", "a", required=None)
    assert item_problems([open_product("one", "a", "a"), other, closed, unsaid, {"name": "five"}], "products") == []
