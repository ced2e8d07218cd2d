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
    found: list[str] = item_problems([{"name": "a", "path": "a", "service": "s", **more}], "apis")
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
    items = [
        {"name": name, "path": name, "display_name": f"{at}", "service": "s"}
        for at, name in enumerate(("one", "two", "ONE"))
    ]
    assert item_problems(items[:2], kind) == []
    assert item_problems(items, kind) == [f"{title} one: it is described 2 times"]


@pytest.mark.parametrize(
    ("path", "more", "fine"),
    [
        ("three", {}, False),
        ("/Three/", {}, False),
        ("thre%65", {}, False),
        ("three/more", {}, True),
        ("", {}, True),
        ("three/", {"version_set": {"name": "V"}, "api_version": "v2"}, True),
        ("three", {"version_set": {"name": "v"}, "api_version": "V1"}, False),
        ("three", {"version_set": {"name": "w"}, "api_version": "v2"}, False),
    ],
)
def test_no_two_apis_have_one_path(path: str, more: dict[str, Any], fine: bool) -> None:
    first = {"name": "a", "path": "three", "service": "s", "version_set": {"name": "v"}, "api_version": "v1"}
    found = item_problems([first, {"name": "b", "path": path, "service": "s", **more}], "apis")
    said = "APIs a and b: they have the same path 'three'. Give each its own, or make them different versions of one"
    assert [text.removesuffix(" version_set") for text in found] == ([] if fine else [said])


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
    # Templates are not filled in, and an address is looked at.
    filled = [{key: value for key, value in item.items() if key != "address"} for item in found]
    assert item_problems(filled, kind) == []


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


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "API_1"}, "service API_1: name 'API_1' is none that Kubernetes takes for a Service"),
        ({"name": "1a"}, "the first one a letter"),
        ({"name": "a" * 64}, "at most 63"),
        ({"name": "a\n"}, "none that Kubernetes takes"),
        ({"namespace": "Läden"}, "namespace 'Läden' is none that Kubernetes takes"),
        ({"namespace": "a.b"}, "namespace 'a.b'"),
        ({"env": {"GRÜSSE": "1"}}, "env: 'GRÜSSE' is no name of a variable"),
        ({"env": {"A=B": "1"}}, "env: 'A=B'"),
        ({"env": {"": "1"}}, "env: ''"),
        ({"labels": {"team": "Café"}}, "labels: 'Café' of team is no value of a label"),
        ({"labels": {"team": "a" * 64}}, "of team is no value"),
        ({"labels": {"-team": "a"}}, "labels: '-team' is no key"),
        ({"labels": {"Example.com/team": "a"}}, "labels: 'Example.com/team' is no key"),
        ({"annotations": {"a/b/c": "x"}}, "annotations: 'a/b/c' is no key"),
        ({"pod_annotations": {"ü": "x"}}, "pod_annotations: 'ü' is no key"),
    ],
)
def test_names_that_kubernetes_does_not_take(more: dict[str, Any], words: str) -> None:
    [told] = item_problems([{"name": "api", "exposure": "public", **more}], "services")
    assert words in told


def test_names_that_kubernetes_takes() -> None:
    item = {
        "name": "a-1",
        "namespace": "1shop",
        "exposure": "public",
        "env": {"A_b.c-1": 1, "1ST": "Grüße", "_": {"fieldRef": {}}},
        "labels": {"example.com/Team_1": "A.b", "empty": "", "number": 1, "yes": True, "none": None},
        "annotations": {"Example.com/x": "Grüße, alle"},
        "pod_annotations": None,
    }
    assert item_problems([item, {"name": "a" * 63, "exposure": "public"}], "services") == []


def served(**more: Any) -> list[str]:
    """What is said of a service that is fine otherwise."""
    fine = {"name": "api", "image": "i", "container_port": 80, "exposure": "cluster"}
    found: list[str] = item_problems([{**fine, **more}], "services")
    assert all(text.startswith("service api: ") for text in found)
    return [text.removeprefix("service api: ") for text in found]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"container_port": 70000}, "container_port has to be from 1 to 65535, not 70000"),
        ({"container_port": "0"}, "container_port has to be from 1 to 65535, not 0"),
        ({"port": 0}, "port has to be from 1 to 65535, not 0"),
        ({"port": 65536}, "port has to be from 1 to 65535, not 65536"),
        ({"exposure": "node_port", "node_port": 80}, "node_port has to be from 30000 to 32767, not 80"),
        ({"exposure": "node_port", "node_port": 32768}, "node_port has to be from 30000 to 32767, not 32768"),
        ({"replicas": -1}, "replicas has to be from 0 to 2147483647, not -1"),
        ({"min_ready_seconds": 600}, "min_ready_seconds has to be from 0 to 599, not 600"),
        ({"min_ready_seconds": -1}, "min_ready_seconds has to be from 0 to 599, not -1"),
        ({"image": ""}, "image '' is none: it is empty, or has white space"),
        ({"image": "a b"}, "image 'a b' is none: it is empty, or has white space"),
        (
            {"exposure": "internal", "subnet": "s", "address": "10.225.0"},
            "address '10.225.0' is no IPv4 address such as 10.225.0.10",
        ),
        (
            {"labels": {"app": "other"}},
            "labels: app can't be 'other': that label is the name of the service, by which it finds its pods",
        ),
        ({"strategy": {"type": "Sometimes"}}, "strategy.type has to be RollingUpdate or Recreate, not 'Sometimes'"),
        (
            {"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
            "strategy.rollingUpdate is only for the type RollingUpdate",
        ),
        ({"strategy": {"maxSurge": 1}}, "strategy has nothing like maxSurge: it takes type and rollingUpdate"),
        ({"resources": {"cpu": 1}}, "resources has nothing like cpu: it takes requests, limits and claims"),
        (
            {"resources": {"requests": {"memory": "lots"}}},
            "resources.requests.memory 'lots' is no quantity such as 500m or 128Mi",
        ),
        (
            {"resources": {"limits": {"memory": "128MB"}}},
            "resources.limits.memory '128MB' is no quantity such as 500m or 128Mi",
        ),
        ({"resources": {"limits": {"cpu": True}}}, "resources.limits.cpu True is no quantity such as 500m or 128Mi"),
        ({"resources": {"limits": {"cpu": "-1"}}}, "resources.limits.cpu '-1' is no quantity such as 500m or 128Mi"),
        (
            {"resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "1G"}}},
            "resources.requests.memory is more than resources.limits.memory",
        ),
    ],
)
def test_what_kubernetes_does_not_take(more: dict[str, Any], told: str) -> None:
    assert served(**more) == [told]


@pytest.mark.parametrize("value", [{}, {"foo": "bar"}, {"valueFrom": {}}, {"fieldRef": {}, "secretKeyRef": {}}])
def test_where_the_value_of_a_variable_is_from(value: object) -> None:
    [told] = served(env={"A": "text", "B": value})
    assert told.startswith("env: B has to be a text, or an object with one of configMapKeyRef, fieldRef, ")


def test_what_kubernetes_takes_in_services() -> None:
    for fine in (
        {"container_port": "1", "port": 65535, "replicas": 0, "min_ready_seconds": "599", "health_path": "/"},
        # An empty one becomes a slash, and the kubelet puts one before any other (Kubernetes: formatURL in
        # pkg/probe/http, SetDefaults_HTTPGetAction).
        {"health_path": "healthz"},
        {"health_path": ""},
        {"exposure": "node_port", "node_port": "30000"},
        {"exposure": "cluster", "node_port": 80, "address": "unused"},
        {"exposure": "internal", "subnet": "s", "address": "10.225.0.10"},
        {"labels": {"app": "api"}, "env": {"A": {"secretKeyRef": {}}, "B": None, "C": ["a"]}, "strategy": None},
        {"strategy": {"rollingUpdate": {"maxSurge": 1}}, "resources": {"claims": [], "limits": None}},
        {"strategy": {"type": "Recreate", "rollingUpdate": None}},
        {"resources": {"requests": {"cpu": "1e-999999999"}, "limits": {"cpu": "1e999999999"}}},
        {
            "resources": {
                "requests": {"cpu": 0.5, "memory": "1e3"},
                "limits": {"cpu": "500m", "memory": "1Ki", "x": ".5"},
            }
        },
    ):
        assert served(**fine) == []


def test_a_port_of_the_nodes_is_that_of_one_service() -> None:
    one = {"name": "one", "exposure": "node_port", "node_port": 30080}
    fine = [
        one,
        {**one, "name": "two", "node_port": None},
        {"name": "three", "exposure": "cluster", "node_port": 30080},
    ]
    assert item_problems(fine, "services") == []
    assert item_problems([*fine, {**one, "name": "four", "namespace": "x", "node_port": "30080"}], "services") == [
        "services one and four: they have the same node_port 30080. Give each its own"
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"secret": "Web_Keys"}, "secret 'Web_Keys' is none that Kubernetes takes for a Secret"),
        ({"secret": "a..b"}, "secret 'a..b'"),
        ({"secret": "s", "namespace": "a_b"}, "namespace 'a_b'"),
        ({"secret": "s", "url_key": "ürl"}, "url_key 'ürl' is no key of a Secret"),
        ({"secret": "s", "subscription_key_key": "a/b"}, "subscription_key_key 'a/b' is no key"),
    ],
)
def test_names_of_secrets(more: dict[str, Any], words: str) -> None:
    [told] = item_problems([{"name": "web", "product": "p", **more}], "consumers")
    assert told.startswith("consumer web: ") and words in told


def test_names_of_secrets_that_kubernetes_takes() -> None:
    fine = {"name": "web", "product": "p", "secret": "web.keys-1", "url_key": "URL_1.x", "subscription_key_key": None}
    without = {"name": "partner", "product": "p", "namespace": "Not_Looked_At"}
    assert item_problems([fine, without], "consumers") == []


def test_something_has_to_answer() -> None:
    place = {"name": "a", "path": "a"}
    for fine in (
        {"service": "s"},
        {"service_url": "https://x"},
        {"specification": {"format": "openapi+json", "content": "{}"}},
        {"policy": "<policies />"},
    ):
        assert item_problems([{**place, **fine}], "apis") == []
    assert item_problems([place], "apis") == [
        "API a: nothing answers it: set service, service_url, a specification with a server, or a policy that answers"
    ]
    [told] = item_problems([{**place, "backend": {}, "policy": "<policies />"}], "apis")
    assert told == "API a: its backend has no address: set service or service_url"


def test_products_do_not_share_a_display_name() -> None:
    """(GitHub issue Azure/apiops 606.)"""
    items = [{"name": "one", "display_name": "Two"}, {"name": "two"}, {"name": "three"}]
    assert item_problems(items, "products") == [
        "products one and two: they have the same display_name 'Two'. Give each its own"
    ]


@pytest.mark.parametrize(
    ("kind", "title"), [("subnets", "subnet"), ("network_security_groups", "network security group")]
)
def test_what_is_described_twice_would_take_its_own_place(kind: str, title: str) -> None:
    assert item_problems([{"name": "one", "prefix_length": 27}, {"name": "two"}], kind) == []
    assert item_problems([{"name": "one"}, {"name": "ONE"}], kind) == [f"{title} one: it is described 2 times"]
    [told] = item_problems([{"name": "x" * 81}], kind)
    assert "80 characters" in told
