# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Azure would refuse is refused before anything is sent, and what goes together is written together."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import NOOP, UPDATE, Plan, reconcile
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import validate
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    _fields,
    apim_api,
    apim_api_operation,
    apim_backend,
    apim_named_value,
    apim_policy,
    apim_product,
    apim_service,
    apim_subscription,
    apim_version_set,
    network_security_group,
    public_ip_address,
    virtual_network,
    vnet_subnet,
)
from hypothesis import given
from hypothesis import strategies as st

RULE = {"name": "in", "direction": "Inbound", "priority": 100, "protocol": "Tcp", "access": "Allow"}
BREAKER = {"name": "r", "failure_condition": {"count": 3, "error_reasons": ["x"]}}


@pytest.mark.parametrize(
    ("resource", "wanted", "said"),
    [
        (apim_api, {"display_name": ""}, "display_name can't be empty"),
        (apim_api, {"protocols": []}, "protocols can't be empty"),
        (apim_api_operation, {"method": ""}, "method can't be empty"),
        (apim_api_operation, {"url_template": ""}, "url_template can't be empty"),
        (apim_api_operation, {"template_parameters": [{"name": "a", "type": None}]}, "template_parameters[0].type"),
        (apim_backend, {"url": ""}, "url can't be empty"),
        (apim_backend, {"url": "orders.example"}, "'orders.example' is no whole address"),
        (apim_backend, {"circuit_breaker": {"rules": [{**BREAKER, "trip_duration": "pt1m"}]}}, "ISO 8601"),
        (apim_named_value, {"value": ""}, "value can't be empty"),
        (apim_named_value, {"value": " "}, "white space alone"),
        (apim_product, {"display_name": ""}, "display_name can't be empty"),
        (apim_subscription, {"scope": ""}, "scope can't be empty"),
        (apim_subscription, {"scope": " partners "}, "white space around it"),
        (apim_subscription, {"primary_key": ""}, "primary_key can't be empty"),
        (network_security_group, {"location": "west/europe"}, "is no name of a region"),
        (network_security_group, {"security_rules": [{**RULE, "source_port_ranges": []}]}, "can't be empty"),
        (network_security_group, {"security_rules": [{**RULE, "source_port_ranges": ["9-1"]}]}, "is no port"),
        (network_security_group, {"security_rules": [{**RULE, "source_port_ranges": [""]}]}, "an element of"),
        (public_ip_address, {"dns_settings": {"domain_name_label": "a b"}}, "has to match"),
        (public_ip_address, {"sku": {"name": None, "tier": None}}, "sku can't be empty"),
        (virtual_network, {"address_prefixes": []}, "address_prefixes can't be empty"),
        (virtual_network, {"dns_servers": ["10.0.0.4", "dns.example"]}, "'dns.example' is no IP address"),
        (vnet_subnet, {"address_prefixes": []}, "address_prefixes can't be empty"),
        (vnet_subnet, {"address_prefixes": ["10.0.0.1/24"]}, "has bits of a host: the range is 10.0.0.0/24"),
        (vnet_subnet, {"address_prefixes": ["10.0.0.0"]}, "is no address range"),
    ],
)
def test_refused_before_anything_is_sent(resource: Any, wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError) as error:
        validate(resource.RESOURCE, wanted)
    assert said in error.value.message


def test_a_secret_is_not_repeated() -> None:
    with pytest.raises(PlanError) as error:
        validate(apim_named_value.RESOURCE, {"value": "\t"})
    assert "\t" not in error.value.message


@pytest.mark.parametrize(
    ("resource", "found", "wanted", "said"),
    [
        (
            apim_service,
            {"virtual_network_type": "None"},
            {"virtual_network_type": "External"},
            "virtual_network_type External needs a subnet",
        ),
        (apim_service, {"virtual_network_type": "Internal", "subnet": "v/s"}, {"subnet": ""}, "needs a subnet"),
        (public_ip_address, {"sku": {"name": "Standard"}}, {"sku": {"name": "Basic"}}, "can't become 'Basic'"),
        (public_ip_address, {"sku": {"tier": "Regional"}}, {"sku": {"tier": "Global"}}, "can't become 'Global'"),
        (public_ip_address, {"sku": {"name": "Standard"}}, {"public_ip_allocation_method": "Dynamic"}, "Basic only"),
        (
            network_security_group,
            {"security_rules": [RULE]},
            {"security_rules": [{**RULE, "name": "other"}]},
            "priority 100",
        ),
        (
            network_security_group,
            {"security_rules": [RULE, {**RULE, "name": "other", "priority": 101}]},
            {"security_rules": [{"name": "OTHER", "priority": 100}]},
            "priority 100",
        ),
        (
            apim_version_set,
            {"versioning_scheme": "Segment"},
            {"versioning_scheme": "Query", "version_query_name": None},
            "needs version_query_name",
        ),
        (apim_api, {"path": "a"}, {"api_revision": "2", "path": "b"}, "not the current one"),
        (apim_api, {"is_current": True}, {"api_version": "v1"}, "api_version needs api_version_set"),
        (
            apim_api_operation,
            {"url_template": "/{a}", "template_parameters": [{"name": "a"}]},
            {"url_template": "/", "template_parameters": [{"name": "a"}]},
            "template_parameters describes a",
        ),
        (apim_api_operation, {"url_template": "/"}, {"url_template": "/{a}"}, "url_template names a"),
    ],
)
def test_no_way_from_what_is_there(resource: Any, found: Any, wanted: dict[str, Any], said: str) -> None:
    assert said in (resource.RESOURCE.check_update(found, wanted) or "")


@pytest.mark.parametrize(
    ("resource", "found", "wanted"),
    [
        (
            apim_service,
            {"virtual_network_type": "None", "subnet": "v/s"},
            {"virtual_network_type": "External", "public_ip_address": "ip"},
        ),
        (apim_service, {"virtual_network_type": "Internal"}, {"virtual_network_type": "None", "subnet": ""}),
        (public_ip_address, {"sku": {"name": "Basic"}}, {"sku": {"name": "Standard"}}),
        (public_ip_address, {"sku": {"name": "Basic"}}, {"public_ip_allocation_method": "Dynamic"}),
        (
            network_security_group,
            {"security_rules": [RULE]},
            {"security_rules": [{**RULE, "name": "other"}], "purge_security_rules": True},
        ),
        (network_security_group, {"security_rules": [RULE]}, {"security_rules": [RULE]}),
        (apim_api, {"path": "a"}, {"api_revision": "2", "path": "/a", "description": ""}),
        (apim_api, {"is_current": True, "path": "a"}, {"api_revision": "1", "path": "b"}),
        (apim_api_operation, {"url_template": "/{a}", "template_parameters": [{"name": "a"}]}, {"description": "x"}),
    ],
)
def test_a_way_from_what_is_there(resource: Any, found: Any, wanted: dict[str, Any]) -> None:
    assert resource.RESOURCE.check_update(found, wanted) is None


def test_a_new_subscription_takes_no_comment() -> None:
    check = apim_subscription.RESOURCE.check_create
    assert check is not None
    assert "state_comment" in str(check({"state_comment": "x"}))
    assert check({"state_comment": None}) is None


@pytest.mark.parametrize(
    "text", ["http://10.225.1.4:8080", "https://a/b?c", "fabric:/shop/orders", "{{orders-url}}/v1"]
)
def test_an_address_is_a_whole_one(text: str) -> None:
    assert _fields.address(text) is None
    assert text.startswith("{{") or _fields.address(f" {text} ") is not None


def test_a_link_is_an_address() -> None:
    check = apim_policy.RESOURCE.check
    assert check is not None
    assert "is no whole address" in str(check({"value": "<policies />", "format": "xml-link"}))
    assert check({"value": "https://files.example/policy.xml", "format": "xml-link"}) is None


def plan(resource: Any, found: dict[str, Any] | None, **wanted: Any) -> Plan:
    place = locate(resource, {"resource_group": "g", "service_name": "s", "name": "x", "state": "present"}, "sub")
    return reconcile(place, wanted, None if found is None else {"properties": found})


APPROVED = {"displayName": "P", "subscriptionRequired": True, "approvalRequired": True, "subscriptionsLimit": 2}


def test_what_depends_goes_in_the_same_put() -> None:
    made = plan(apim_product.RESOURCE, APPROVED, subscription_required=False)
    assert made.action == UPDATE and made.body is not None and made.predicted is not None
    assert made.body["properties"] == {"displayName": "P", "subscriptionRequired": False}
    assert made.before == {"subscription_required": True, "approval_required": True, "subscriptions_limit": 2}
    assert made.after == {"subscription_required": False, "approval_required": False, "subscriptions_limit": -1}
    again = plan(
        apim_product.RESOURCE,
        made.predicted["properties"],
        subscription_required=False,
        approval_required=False,
        subscriptions_limit=-1,
    )
    assert again.action == NOOP


@pytest.mark.parametrize("found", [None, APPROVED, {"displayName": "P", "subscriptionRequired": False}])
@pytest.mark.parametrize("option", [{"approval_required": True}, {"subscriptions_limit": 0}])
def test_what_depends_is_refused_without_it(found: dict[str, Any] | None, option: dict[str, Any]) -> None:
    with pytest.raises(PlanError) as error:
        plan(apim_product.RESOURCE, found, display_name="P", subscription_required=False, **option)
    assert "only with subscription_required: true, which is false" in error.value.message


def test_the_name_of_a_version_goes_with_its_place() -> None:
    with pytest.raises(PlanError, match="version_query_name"):
        plan(
            apim_version_set.RESOURCE,
            None,
            display_name="V",
            versioning_scheme="Segment",
            version_query_name="api-version",
        )


def test_names_of_keys_go_back_to_those_of_azure() -> None:
    standard = {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"}
    found = {"displayName": "A", "path": "a", "subscriptionKeyParameterNames": {**standard, "header": "X-Key"}}
    for value in ({"header": None, "query": None}, {"header": "", "query": None}, {"header": "", "query": ""}):
        made = plan(apim_api.RESOURCE, found, subscription_key_parameter_names=value)
        assert made.body is not None
        assert made.body["properties"]["subscriptionKeyParameterNames"] == standard
        again = plan(
            apim_api.RESOURCE,
            {**found, "subscriptionKeyParameterNames": standard},
            subscription_key_parameter_names=value,
        )
        assert again.action == NOOP


@given(st.ip_addresses(), st.integers(0, 128))
def test_a_range_is_one_that_has_no_host(address: Any, length: int) -> None:
    length = min(length, address.max_prefixlen)
    text = f"{address}/{length}"
    whole = str(ipaddress.ip_network(text, strict=False))
    assert (_fields.network_prefix(text) is None) == (ipaddress.ip_network(whole).network_address == address)
    assert _fields.network_prefix(whole) is None


@given(st.integers(0, 70000), st.integers(0, 70000))
def test_a_range_of_ports_goes_upwards(low: int, high: int) -> None:
    assert (_fields.port_range(f"{low}-{high}") is None) == (low <= high <= 65535)
    assert (_fields.port_range(str(low)) is None) == (low <= 65535)


@given(st.text(max_size=8))
def test_any_text_gets_an_answer(text: str) -> None:
    for check in (_fields.network_prefix, _fields.port_range, _fields.region, _fields.address, _fields.not_blank):
        said = check(text)
        assert said is None or said
