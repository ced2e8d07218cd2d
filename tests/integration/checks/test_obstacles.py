# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the way: check mode warns of it or refuses it, and the real run fails for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from integration.checks.test_policies import APIM, running
from support.in_process import InProcess

__all__ = ["running"]

GROUP = {"resource_group": "contoso-rg"}
API = {**APIM, "name": "new", "display_name": "New"}
OPERATION = {**APIM, "api_name": "orders", "name": "o", "display_name": "O", "method": "GET"}
PARAMETERS = [{"name": "id", "type": "string", "required": True}]
SUBNET = {**GROUP, "virtual_network": "v", "name": "new"}
ABSENT = {"state": "absent"}
SERVICE = {**GROUP, "location": "westeurope", "publisher_email": "a@contoso.com", "publisher_name": "Contoso"}
SECOND = {**APIM, "name": "orders", "api_revision": "2", "source_api": "orders"}
#: What is there: module and options.
THERE: list[tuple[str, dict[str, Any]]] = [
    ("apim_version_set", {**APIM, "name": "set", "display_name": "Set", "versioning_scheme": "Segment"}),
    (
        "apim_api",
        {**APIM, "name": "v1", "display_name": "V", "path": "v", "api_version_set": "set", "api_version": "v1"},
    ),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "partners"}),
    ("apim_product", {**APIM, "name": "open", "display_name": "Open", "subscription_required": False}),
    ("apim_product", {**APIM, "name": "open2", "display_name": "Open 2", "subscription_required": False}),
    ("apim_product", {**APIM, "name": "closed", "display_name": "Closed"}),
    ("apim_product_api", {**APIM, "product_name": "open", "api_name": "v1"}),
    ("apim_product_api", {**APIM, "product_name": "closed", "api_name": "v1"}),
    ("apim_backend", {**APIM, "name": "member", "url": "https://a.example", "protocol": "http"}),
    ("apim_backend", {**APIM, "name": "pool", "type": "Pool", "pool": {"services": [{"id": "member"}]}}),
    ("apim_tag", {**APIM, "name": "old-tag", "display_name": "Old"}),
    ("apim_named_value", {**APIM, "name": "old-value", "display_name": "Old", "value": "v"}),
    ("apim_product", {**APIM, "name": "few", "display_name": "Few", "subscriptions_limit": 1}),
    ("apim_subscription", {**APIM, "name": "few", "display_name": "Few", "scope": "few"}),
    ("network_security_group", {**GROUP, "name": "n", "location": "westeurope"}),
    ("virtual_network", {**GROUP, "name": "v", "location": "westeurope", "address_prefixes": ["10.0.0.0/16"]}),
    ("vnet_subnet", {**SUBNET, "name": "old", "address_prefixes": ["10.0.0.0/24"], "network_security_group": "n"}),
    ("apim_service", {**SERVICE, "name": "gone-apim", "sku": {"name": "Developer"}}),
    ("apim_service", {**GROUP, "name": "gone-apim", **ABSENT}),
]
#: Module, options, words of the warning; "" where nothing is in the way.
WARNED: list[tuple[str, dict[str, Any], str]] = [
    ("apim_api", {**API, "path": "/ORDERS"}, "that of the API orders"),
    ("apim_api", {**API, "path": "other"}, ""),
    ("apim_api", {**API, "path": "v", "api_version_set": "set", "api_version": "V1"}, "that of the API v1 in the same"),
    ("apim_api", {**API, "path": "v", "api_version_set": "set", "api_version": "v2"}, ""),
    (
        "apim_api_operation",
        {**OPERATION, "url_template": "/get/{id}", "template_parameters": PARAMETERS},
        "GET /get/{id} is that of the operation get",
    ),
    ("apim_api_operation", {**OPERATION, "url_template": "/other"}, ""),
    ("apim_version_set", {**APIM, "name": "set", **ABSENT}, "the API v1 is a version of it"),
    ("apim_product", {**APIM, "name": "partners", **ABSENT}, "the subscription s is for it"),
    ("apim_product", {**APIM, "name": "partners", **ABSENT, "delete_subscriptions": True}, ""),
    ("apim_product_api", {**APIM, "product_name": "open2", "api_name": "v1"}, "the API is in the open product open"),
    ("apim_product_api", {**APIM, "product_name": "open2", "api_name": "orders"}, ""),
    (
        "apim_product",
        {**APIM, "name": "closed", "subscription_required": False},
        "its API v1 is in the open product open",
    ),
    ("apim_product", {**APIM, "name": "partners", "subscription_required": False}, ""),
    ("apim_backend", {**APIM, "name": "member", **ABSENT}, "it is in the pool pool"),
    ("apim_backend", {**APIM, "name": "pool", **ABSENT}, ""),
    ("apim_tag", {**APIM, "name": "new", "display_name": "old"}, "display_name 'Old' is that of old-tag"),
    ("apim_tag", {**APIM, "name": "new", "display_name": "new"}, ""),
    ("apim_group", {**APIM, "name": "new", "display_name": "Developers"}, "'Developers' is that of developers"),
    (
        "apim_named_value",
        {**APIM, "name": "new", "display_name": "old", "value": "v"},
        "display_name 'Old' is that of old-value",
    ),
    ("apim_product", {**APIM, "name": "new", "display_name": "Few"}, "display_name 'Few' is that of few"),
    (
        "apim_subscription",
        {**APIM, "name": "second", "display_name": "Second", "scope": "few"},
        "the product few allows a user 1 subscriptions, and there are 1",
    ),
    ("apim_subscription", {**APIM, "name": "second", "display_name": "Second", "scope": "partners"}, ""),
    ("virtual_network", {**GROUP, "name": "v", "address_prefixes": ["10.1.0.0/16"]}, "the subnet old (10.0.0.0/24) is"),
    ("virtual_network", {**GROUP, "name": "v", "address_prefixes": ["10.0.0.0/8"]}, ""),
    (
        "vnet_subnet",
        {**SUBNET, "address_prefixes": ["10.0.1.0/24"], "service_endpoint_policies": ["none"]},
        "service_endpoint_policies 'none' does not exist",
    ),
    ("vnet_subnet", {**SUBNET, "address_prefixes": ["10.0.0.128/25"]}, "overlaps with the subnet old (10.0.0.0/24)"),
    ("vnet_subnet", {**SUBNET, "address_prefixes": ["10.1.0.0/24"]}, "outside of the address space of the network"),
    ("vnet_subnet", {**SUBNET, "address_prefixes": ["10.0.1.0/24"]}, ""),
    ("network_security_group", {**GROUP, "name": "n", **ABSENT}, "in use by virtualNetworks/v/subnets/old"),
    (
        "apim_service",
        {**SERVICE, "name": "gone-apim", "sku": {"name": "Developer"}},
        "kept by a deleted service in West Europe",
    ),
]
#: Module, options and words of the refusal, which is the same in either mode.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("apim_api", {**SECOND, "path": "other"}, "path is 'orders' and can't become 'other' on revision 2"),
    ("apim_api", {**SECOND, "path": "orders", "description": "Other"}, "description is None and can't become"),
    ("apim_group", {**APIM, "name": "developers", **ABSENT}, "one of Azure's own groups"),
    ("apim_group", {**APIM, "name": "administrators", "display_name": "x"}, "display_name can't be changed"),
    ("apim_subscription", {**APIM, "name": "Master", **ABSENT}, "own subscription to all APIs"),
    ("apim_subscription", {**APIM, "name": "master", "scope": "/apis"}, "its scope can't be changed"),
    ("apim_service", {**SERVICE, "name": "big", "sku": {"name": "Developer", "capacity": 2}}, "exactly 1 unit"),
    ("apim_service", {**GROUP, "name": "contoso-apim", "sku": {"name": "Standard", "capacity": 5}}, "1 to 4 units"),
    (
        "apim_service",
        {
            **GROUP,
            "name": "contoso-apim",
            "sku": {"name": "Basic"},
            "virtual_network_type": "Internal",
            "subnet": "v/s",
        },
        "Basic can't be connected",
    ),
]


@pytest.fixture(scope="module")
def there(running: InProcess) -> InProcess:
    for module, options in THERE:
        made = running.run(module, options, token_age=600)
        assert made.get("changed"), made
    return running


@pytest.mark.parametrize(("module", "options", "words"), WARNED)
def test_check_mode_warns_of_what_the_real_run_fails_for(
    there: InProcess, module: str, options: dict[str, Any], words: str
) -> None:
    with there.undone():
        check = there.run(module, options, check=True, token_age=0)
        assert check["changed"] and {request.method for request in there.requests} <= {"GET", "HEAD"}
        warned = list(there.warned)
        real = there.run(module, options, token_age=0)
        assert there.warned == []
    assert bool(real.get("failed")) is bool(words), real
    assert len(warned) == bool(words)
    assert all(words in text and text.endswith("before, Azure will refuse this.") for text in warned), warned


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("module", "options", "words"), REFUSED)
def test_what_can_not_be_is_refused_in_either_mode(
    there: InProcess, module: str, options: dict[str, Any], words: str, check: bool
) -> None:
    result = there.run(module, options, check=check, token_age=0)
    assert result["failed"] and words in result["msg"], result
    assert {request.method for request in there.requests} <= {"GET"}


def test_a_subscription_to_everything_that_is_not_azures_own_can_be_deleted(there: InProcess) -> None:
    options = {**APIM, "name": "everything"}
    with there.undone():
        assert there.run("apim_subscription", {**options, "display_name": "Everything", "scope": "/"})["changed"]
        gone = there.run("apim_subscription", {**options, **ABSENT}, token_age=0)
        assert gone["changed"] and there.run("apim_subscription", options | ABSENT, token_age=0)["changed"] is False


def test_a_service_without_units_needs_no_capacity(there: InProcess) -> None:
    options = {**SERVICE, "name": "by-call-apim", "sku": {"name": "Consumption"}}
    with there.undone():
        check = there.run("apim_service", options, check=True)
        real = there.run("apim_service", options)
        assert check["changed"] and real["resource"]["sku"] == {"name": "Consumption", "capacity": 0}, real
        assert there.run("apim_service", options)["changed"] is False


def test_what_a_link_connects_may_be_given_by_id(there: InProcess) -> None:
    here = there.run("apim_service_info", {**GROUP, "name": "contoso-apim"})["id"]
    by_id = {**GROUP, "service_name": here.upper().replace("CONTOSO-APIM", "contoso-apim")}
    link = {"product_name": "/products/partners", "api_name": f"{here}/apis/orders/"}
    by_name = {**APIM, "product_name": "partners", "api_name": "orders"}
    with there.undone():
        there.run("apim_product_api", by_name | ABSENT)
        check = there.run("apim_product_api", by_id | link, check=True)
        real = there.run("apim_product_api", by_id | link)
        assert check["changed"] and real["changed"] and check["diff"] == real["diff"], (check, real)
        assert there.run("apim_product_api", by_name)["changed"] is False
        found = there.run("apim_product_api_info", by_id | link)
        assert found["id"] == f"{here}/products/partners/apis/orders", found
        assert there.run("apim_product_api", by_id | link | ABSENT)["changed"]


def test_a_logger_moves_from_a_key_to_a_connection_string(there: InProcess) -> None:
    logger = {**APIM, "name": "insights", "logger_type": "applicationInsights"}
    key, text = "11111111-2222-3333-4444-555555555555", "InstrumentationKey=11111111-2222-3333-4444-555555555555"
    with there.undone():
        there.run("apim_logger", {**logger, "credentials": {"instrumentation_key": key}})
        wanted = {**logger, "credentials": {"connection_string": text}}
        check, real = there.run("apim_logger", wanted, check=True), there.run("apim_logger", wanted)
        assert check["changed"] and real["changed"] and check["diff"] == real["diff"], (check, real)
        (sent,) = [json.loads(request.body) for request in there.requests if request.method == "PUT"]
        assert sent["properties"]["credentials"] == {"connectionString": text}
        assert there.run("apim_logger", wanted)["changed"] is False
