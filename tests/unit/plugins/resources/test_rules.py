# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What declarations say can't work, before Azure is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import Plan, reconcile
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_api_operation,
    apim_backend,
    apim_group,
    apim_logger,
    apim_named_value,
    apim_service,
    apim_version_set,
    network_security_group,
    public_ip_address,
    route_table,
    vnet_subnet,
)

SERVICE = "/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim"
RULE = {"name": "r", "failure_condition": {"count": 3, "error_reasons": ["x"]}, "trip_duration": "PT1M"}


def breaker(**condition: Any) -> dict[str, Any]:
    return {"circuit_breaker": {"rules": [{**RULE, "failure_condition": condition}]}}


def parameter(name: str) -> dict[str, str]:
    return {"name": name, "type": "string"}


def logger(kind: str, **credentials: str | None) -> dict[str, Any]:
    return {"logger_type": kind, "credentials": credentials}


CHAT = {"display_name": "Chat", "api_type": "websocket", "service_url": "wss://chat.example"}
APPLIANCE = {"name": "a", "next_hop_type": "VirtualAppliance", "next_hop_ip_address": "10.0.0.4"}
APPLIANCES = {"name": "a", "next_hop_type": "VirtualApplianceEcmp"}
FINE: list[tuple[Any, str, Mapping[str, Any]]] = [
    (apim_api, "check", {}),
    (apim_api, "check", {"specification": {"format": "openapi", "content": "openapi: 3.0.3"}}),
    (apim_api, "check", {"specification": {"format": "swagger-link-json", "link": "https://x/y"}}),
    (apim_api, "check_create", {}),
    (apim_api, "check_create", {"api_revision": "2", "display_name": "Orders"}),
    (apim_api, "check_create", {"source_api": "orders"}),
    (apim_api, "check_create", {"source_api": "chat", "api_type": "websocket"}),
    (apim_api, "check_create", {**CHAT, "protocols": ["ws", "WSS"]}),
    (apim_api_operation, "check", {"url_template": "/{a}", "template_parameters": [parameter("a")]}),
    (apim_api_operation, "check", {"url_template": "/{*rest}", "template_parameters": [parameter("rest")]}),
    (apim_api_operation, "check", {"url_template": "/{a}"}),  # the other half is what Azure has
    (apim_api_operation, "check_create", {"url_template": "/"}),
    (apim_backend, "check", breaker(count=3, error_reasons=["timeout"])),
    (apim_backend, "check", breaker(percentage=50, status_code_ranges=[{"min": 500, "max": 599}])),
    (apim_backend, "check_create", {"url": "http://a", "protocol": "http"}),
    (apim_backend, "check_create", {"type": "Pool", "pool": {"services": [{"id": "a"}]}}),
    (apim_group, "check_create", {"type": "external"}),  # azurerm's acceptance tests make such
    (apim_logger, "check_create", {"logger_type": "azureMonitor"}),
    (apim_logger, "check_create", logger("azureEventHub", name="calls", connection_string="x")),
    (apim_logger, "check_create", logger("AzureEventHub", name="calls", endpoint_address="x", connection_string=None)),
    (apim_logger, "check_create", logger("applicationInsights", instrumentation_key="x")),
    (apim_logger, "check_create", logger("applicationInsights", connection_string="x")),
    (apim_named_value, "check_create", {"value": ""}),
    (apim_named_value, "check", {"key_vault": {"secret_identifier": "https://v/secrets/x"}, "is_secret": True}),
    (apim_service, "check_create", {"virtual_network_type": "None"}),
    (apim_service, "check_create", {"sku": {"name": "Consumption", "capacity": 0}}),
    (apim_service, "check_create", {"sku": {"name": "consumption", "capacity": None}}),
    (apim_service, "check_create", {"virtual_network_type": "Internal", "subnet": "v/s"}),
    (
        apim_service,
        "check_create",
        {"sku": {"name": "StandardV2", "capacity": 1}, "virtual_network_type": "External", "subnet": "v/s"},
    ),
    (apim_version_set, "check_create", {"versioning_scheme": "Segment"}),
    (apim_version_set, "check_create", {"versioning_scheme": "Query", "version_query_name": "v"}),
    (vnet_subnet, "check_create", {"address_prefixes": ["10.0.0.0/24"]}),
    (
        network_security_group,
        "check",
        {
            "security_rules": [
                {"name": "in", "direction": "Inbound", "priority": 100},
                {"name": "out", "direction": "Outbound", "priority": 100},
                {"name": "kept"},
            ]
        },
    ),
    (route_table, "check_create", {"routes": [APPLIANCE, {"name": "a", "next_hop_type": "Internet"}]}),
    (
        route_table,
        "check",
        {
            "routes": [
                {"name": "a", "address_prefix": "10.0.0.0/8"},
                {"name": "b", "address_prefix": "10.0.0.0/16"},
                {"name": "c"},
                {"name": "d"},
            ]
        },
    ),
    (route_table, "check_create", {"routes": [{**APPLIANCES, "next_hop": {"next_hop_ip_addresses": ["a", "b"]}}]}),
]

WRONG: list[tuple[Any, str, Mapping[str, Any], str]] = [
    (apim_api, "check", {"specification": {"format": "openapi"}}, "either content"),
    (apim_api, "check", {"specification": {"format": "openapi", "content": "x", "link": "y"}}, "either content"),
    (apim_api, "check", {"specification": {"format": "openapi", "link": "https://x"}}, "given by content"),
    (apim_api, "check", {"specification": {"format": "openapi-link", "content": "x"}}, "given by link"),
    (apim_api, "check_create", {"api_revision": "2"}, "the display_name of its API"),
    (apim_api, "check_create", CHAT, "needs protocols, ws, wss or both"),
    (apim_api, "check_create", {**CHAT, "protocols": ["wss", "https"]}, "needs protocols, ws, wss or both"),
    (apim_api, "check_create", {**CHAT, "service_url": "", "protocols": ["wss"]}, "needs service_url"),
    (apim_api_operation, "check", {"url_template": "/{a}/{b}", "template_parameters": [parameter("a")]}, "names b"),
    (apim_api_operation, "check", {"url_template": "/", "template_parameters": [parameter("a")]}, "describes a"),
    (apim_api_operation, "check_create", {"url_template": "/{a}"}, "names a"),
    (apim_backend, "check", breaker(count=3, percentage=50, error_reasons=["x"]), "either count or percentage"),
    (apim_backend, "check", breaker(error_reasons=["x"]), "either count or percentage"),
    (apim_backend, "check", breaker(count=3), "status_code_ranges or error_reasons"),
    (apim_backend, "check_create", {"url": "http://a"}, "protocol"),
    (apim_backend, "check_create", {}, "url and protocol"),
    (apim_backend, "check_create", {"type": "Pool"}, "pool.services"),
    (apim_group, "check_create", {"type": "system"}, "can't be created"),
    (apim_logger, "check_create", logger("azureEventHub", name="calls"), "endpoint_address"),
    (apim_logger, "check_create", logger("azureEventHub", connection_string="x"), "credentials.name"),
    (apim_logger, "check_create", logger("applicationInsights", name="x"), "instrumentation_key"),
    (apim_logger, "check_create", {"logger_type": "applicationInsights"}, "instrumentation_key"),
    (apim_named_value, "check_create", {}, "value or a key_vault"),
    (apim_named_value, "check", {"key_vault": {"secret_identifier": "x"}, "is_secret": False}, "always secret"),
    (apim_service, "check_create", {"virtual_network_type": "External"}, "needs a subnet"),
    (
        apim_service,
        "check_create",
        {"sku": {"name": "Premium"}, "virtual_network_type": "External", "subnet": "v/s"},
        "needs a public_ip_address",
    ),
    (apim_service, "check_create", {"subnet": "v/s"}, "subnet needs virtual_network_type"),
    (apim_service, "check_create", {"subnet": "v/s", "virtual_network_type": "None"}, "subnet needs virtual_network_"),
    (apim_service, "check_create", {"sku": {"name": "Consumption", "capacity": 1}}, "capacity has to be 0"),
    (apim_version_set, "check_create", {"versioning_scheme": "Query"}, "version_query_name"),
    (apim_version_set, "check_create", {"versioning_scheme": "Header"}, "version_header_name"),
    (vnet_subnet, "check_create", {}, "address_prefixes"),
    (
        network_security_group,
        "check",
        {
            "security_rules": [
                {"name": "a", "direction": "Inbound", "priority": 100},
                {"name": "b", "direction": "inbound", "priority": 100},
            ]
        },
        "both",
    ),
    (
        route_table,
        "check_create",
        {"routes": [{**APPLIANCE, "next_hop_ip_address": ""}]},
        "the route 'a' has the next_hop_type VirtualAppliance and needs next_hop_ip_address",
    ),
    (route_table, "check_create", {"routes": [APPLIANCES]}, "needs next_hop"),
    (route_table, "check_create", {"routes": [{**APPLIANCES, "next_hop": {}}]}, "needs next_hop"),
    (
        route_table,
        "check_create",
        {"routes": [{**APPLIANCES, "next_hop": {"next_hop_ip_addresses": []}}]},
        "needs next_hop",
    ),
    (
        route_table,
        "check",
        {"routes": [{"name": "a", "address_prefix": "10.0.0.0/8"}, {"name": "b", "address_prefix": "10.0.0.0/8"}]},
        "the routes 'a' and 'b' both have the address_prefix 10.0.0.0/8",
    ),
    (
        route_table,
        "check",
        {"routes": [{"name": "a", "address_prefix": "fd00::/8"}, {"name": "b", "address_prefix": "FD00:0::/8"}]},
        "the routes 'a' and 'b'",
    ),
    (
        route_table,
        "check",
        {"routes": [{"name": "a", "address_prefix": "Storage"}, {"name": "b", "address_prefix": "storage"}]},
        "the routes 'a' and 'b'",
    ),
]


def name(case: tuple[Any, ...]) -> str:
    return f"{case[0].RESOURCE.name}-{case[1]}"


@pytest.mark.parametrize("case", FINE, ids=name)
def test_what_can_work_passes(case: tuple[Any, str, Mapping[str, Any]]) -> None:
    declaration, rule, wanted = case
    assert getattr(declaration.RESOURCE, rule)(wanted) is None


@pytest.mark.parametrize("case", WRONG, ids=name)
def test_what_cannot_work_is_said(case: tuple[Any, str, Mapping[str, Any], str]) -> None:
    declaration, rule, wanted, words = case
    assert words in getattr(declaration.RESOURCE, rule)(wanted)


def test_a_basic_address_that_is_used_stays_basic() -> None:
    check = public_ip_address.RESOURCE.check_update
    assert check is not None
    found = {"sku": {"name": "Basic"}, "public_ip_allocation_method": "Static"}
    wanted = {"sku": {"name": "Standard"}}
    assert check(found, wanted) is None
    for holder in ("ip_configuration", "nat_gateway"):
        assert "while /subscriptions/x uses the address" in str(check({**found, holder: "/subscriptions/x"}, wanted))
        assert check({**found, holder: "/subscriptions/x"}, {"sku": {"name": "Basic"}}) is None


def test_a_dynamic_address_becomes_static_to_become_standard() -> None:
    """(Microsoft Learn: public-ip-upgrade-cli.)"""
    check = public_ip_address.RESOURCE.check_update
    assert check is not None
    found = {"sku": {"name": "Basic"}, "public_ip_allocation_method": "Dynamic"}
    standard = {"sku": {"name": "Standard"}}
    assert "while public_ip_allocation_method is Dynamic: set that to Static, too" in str(check(found, standard))
    assert check(found, {**standard, "public_ip_allocation_method": "Static"}) is None
    assert check(found, {"sku": {"name": "Basic"}}) is None
    still = {**standard, "public_ip_allocation_method": "Dynamic"}
    assert "set that to Static" in str(check({**found, "public_ip_allocation_method": "Static"}, still))


@pytest.mark.parametrize(
    ("before", "after", "possible"),
    [
        ("Developer", "Premium", True),
        ("BasicV2", "StandardV2", True),
        ("Developer", "StandardV2", False),
        ("StandardV2", "Premium", False),
        ("Consumption", "Developer", False),
        ("Consumption", "Consumption", True),
    ],
)
def test_a_tier_stays_in_its_generation(before: str, after: str, possible: bool) -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    said = check({"sku": {"name": before, "capacity": 1}}, {"sku": {"name": after}})
    assert (said is None) == possible
    if said:
        assert before in said and after in said


@pytest.mark.parametrize(
    ("tier", "units", "said"),
    [
        ("Developer", 1, ""),
        ("Developer", 2, "exactly 1 unit: sku.capacity can't be 2"),
        ("Basic", 3, "1 to 2 units"),
        ("Standard", 4, ""),
        ("Standard", 5, "1 to 4 units"),
        ("Premium", 31, ""),
        ("StandardV2", 11, "1 to 10 units"),
        ("Isolated", 40, ""),
        ("Isolated", 0, "at least 1 unit"),
        ("Consumption", 1, "has no units: sku.capacity has to be 0"),
        ("Consumption", 0, ""),
        ("NextV3", 0, ""),  # Azure knows it
    ],
)
def test_a_tier_has_so_many_units(tier: str, units: int, said: str) -> None:
    """(terraform-provider-azurerm.)"""
    create, update = apim_service.RESOURCE.check_create, apim_service.RESOURCE.check_update
    assert create is not None and update is not None
    wanted = {"sku": {"name": tier, "capacity": units}}
    found = {"sku": {"name": tier, "capacity": 2 if units != 2 else 1}}
    for reason in (create(wanted), update(found, {"sku": {"name": None, "capacity": units}})):
        assert (said in str(reason)) if said else reason is None
    assert update(wanted, {**wanted, "tags": {"a": "b"}}) is None  # Azure has it, so it is possible


def test_the_units_stay_with_another_tier() -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    said = check({"sku": {"name": "Premium", "capacity": 2}}, {"sku": {"name": "Developer", "capacity": None}})
    assert "Developer has exactly 1 unit: sku.capacity can't be 2" in str(said)


@pytest.mark.parametrize(
    ("tier", "mode", "said"),
    [
        ("Developer", "Internal", ""),
        ("Premium", "External", ""),
        ("StandardV2", "External", ""),
        ("StandardV2", "Internal", "in the mode External only, not Internal"),
        ("Consumption", "Internal", "can't be connected to a VNET; in the mode Internal these can: Developer"),
        ("Basic", "External", "can't be connected to a VNET"),
        ("Standard", "Internal", "can't be connected to a VNET"),
        ("BasicV2", "External", "can't be connected to a VNET"),
        ("PremiumV2", "External", ""),
    ],
)
def test_a_tier_has_its_modes(tier: str, mode: str, said: str) -> None:
    """(Microsoft Learn: virtual-network-concepts.)"""
    create, update = apim_service.RESOURCE.check_create, apim_service.RESOURCE.check_update
    assert create is not None and update is not None
    sku = {"sku": {"name": tier, "capacity": 0 if tier == "Consumption" else 1}}
    wanted = {"virtual_network_type": mode, "subnet": "v/s", "public_ip_address": "ip"}
    lower = {**sku, "virtual_network_type": "none"}
    for reason in (create({**sku, **wanted}), update(lower, wanted), update({**sku}, wanted)):
        assert (said in str(reason)) if said else reason is None
    assert update({**sku, **wanted, "subnet": SUBNET}, {"virtual_network_type": mode}) is None


@pytest.mark.parametrize(("before", "after"), [("None", "Internal"), ("Internal", "None"), ("Internal", "External")])
def test_premium_v2_is_injected_when_it_is_made(before: str, after: str) -> None:
    """(Microsoft Learn: inject-vnet-v2.)"""
    check = apim_service.RESOURCE.check_update
    assert check is not None
    found = {"sku": {"name": "PremiumV2", "capacity": 1}, "virtual_network_type": before, "subnet": SUBNET}
    said = check(found, {"virtual_network_type": after, "subnet": None if after == "None" else "v/s"})
    assert f"can't go from {before} to {after}" in str(said)


def test_a_service_in_a_network_can_not_go_to_a_tier_without() -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    found = {"sku": {"name": "Premium", "capacity": 1}, "virtual_network_type": "Internal", "subnet": SUBNET}
    basic = {"sku": {"name": "Basic", "capacity": None}}
    assert "Basic can't be connected" in str(check(found, basic))
    assert check(found, {**basic, "virtual_network_type": "None"}) is None
    zoned = {"sku": {"name": "Premium", "capacity": 2}, "zones": ["1", "2"]}
    assert "zones are for services of the tier Premium" in str(check(zoned, basic))
    assert check(zoned, {**basic, "zones": []}) is None


ADDRESS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/publicIPAddresses/one"
SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"


@pytest.mark.parametrize(
    ("found", "wanted", "possible"),
    [
        ("External", {"virtual_network_type": "Internal"}, False),
        ("External", {"virtual_network_type": "Internal", "public_ip_address": "one"}, False),
        ("External", {"virtual_network_type": "Internal", "public_ip_address": ADDRESS.upper()}, False),
        ("External", {"virtual_network_type": "Internal", "public_ip_address": "two"}, True),
        ("External", {"virtual_network_type": "Internal", "public_ip_address": "someone"}, True),
        ("External", {"virtual_network_type": "Internal", "public_ip_address": ""}, True),
        ("External", {"virtual_network_type": "External", "public_ip_address": "one"}, True),
        ("External", {"virtual_network_type": "None"}, True),
        ("None", {"virtual_network_type": "External", "public_ip_address": "one"}, True),
        ("External", {"publisher_name": "Fabrikam"}, True),
        ("External", {"subnet": "v/t"}, False),
        ("External", {"subnet": SUBNET.replace("/s", "/t"), "public_ip_address": "one"}, False),
        ("External", {"subnet": "v/t", "public_ip_address": "two"}, True),
        ("External", {"subnet": "V/S"}, True),
        ("External", {"subnet": SUBNET.upper()}, True),
        ("External", {"zones": ["1"]}, False),
        ("External", {"zones": []}, False),
        ("External", {"zones": ["2", "1"]}, True),
        ("External", {"zones": ["1"], "public_ip_address": "two"}, True),
    ],
)
def test_a_moved_service_gets_another_address(found: str, wanted: dict[str, Any], possible: bool) -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    options = {"virtual_network_type": found, "public_ip_address": ADDRESS, "subnet": SUBNET, "zones": ["1", "2"]}
    said = check({"sku": {"name": "Premium", "capacity": 2}, **options}, wanted)
    assert (said is None) == possible
    assert said is None or "one" in said


@pytest.mark.parametrize(
    ("before", "address", "wanted", "possible"),
    [
        ("External", None, {"virtual_network_type": "External"}, True),
        ("External", None, {"publisher_name": "Fabrikam"}, True),
        ("External", None, {"virtual_network_type": "External", "public_ip_address": ""}, True),
        ("External", ADDRESS, {"public_ip_address": ""}, False),
        ("Internal", None, {"virtual_network_type": "External"}, False),
        ("Internal", None, {"virtual_network_type": "External", "public_ip_address": "one"}, True),
        ("None", None, {"virtual_network_type": "External", "subnet": "v/s"}, False),
    ],
)
def test_a_service_that_goes_outside_needs_an_address(
    before: str, address: str | None, wanted: dict[str, Any], possible: bool
) -> None:
    """One that has been outside without any, as older ones are, may stay so."""
    check = apim_service.RESOURCE.check_update
    assert check is not None
    subnet = None if before == "None" else SUBNET
    found = {"virtual_network_type": before, "public_ip_address": address, "subnet": subnet}
    said = check({"sku": {"name": "Premium", "capacity": 1}, **found}, wanted)
    assert (said is None) == possible, said
    assert said is None or "needs a public_ip_address" in said


@pytest.mark.parametrize(
    ("before", "wanted", "possible"),
    [
        ("None", {"subnet": "v/s"}, False),
        ("External", {"subnet": "v/s", "virtual_network_type": "None"}, False),
        ("None", {"subnet": "", "virtual_network_type": "None"}, True),
        ("None", {"subnet": "v/s", "virtual_network_type": "Internal"}, True),
    ],
)
def test_a_subnet_is_for_services_in_a_network(before: str, wanted: dict[str, Any], possible: bool) -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    said = check({"sku": {"name": "Developer", "capacity": 1}, "virtual_network_type": before}, wanted)
    assert (said is None) == possible
    assert said is None or "subnet needs virtual_network_type" in said


def test_a_new_size_is_no_new_tier() -> None:
    check = apim_service.RESOURCE.check_update
    assert check is not None
    assert check({"sku": {"name": "Premium", "capacity": 1}}, {"sku": {"name": None, "capacity": 2}}) is None
    assert check({"sku": {"name": "Premium", "capacity": 1}}, {}) is None


MEMBERS = {"services": [{"id": f"/subscriptions/s{SERVICE}/backends/a"}]}
SINGLE = {"url": "http://a", "protocol": "http", "type": "Single"}


def changed_backend(found: dict[str, Any], **wanted: Any) -> Plan:
    options = {"resource_group": "rg", "service_name": "apim", "name": "b", "state": "present", **wanted}
    place = locate(apim_backend.RESOURCE, options, "s")
    return reconcile(place, options, {"id": place.id, "name": "b", "properties": found})


def test_a_pool_goes_when_the_backend_becomes_a_single_one() -> None:
    """Azure refuses a pool on a backend of another type, and a PUT holds the whole backend."""
    plan = changed_backend({"type": "Pool", "pool": MEMBERS}, type="Single", url="http://a", protocol="http")
    assert plan.body == {"properties": SINGLE}
    assert plan.diff["before"]["pool"] and plan.diff["after"]["pool"] is None
    assert not changed_backend(SINGLE, type="Single", url="http://a", protocol="http").changed
    assert not changed_backend(SINGLE, type="Single", pool={"services": None}).changed


def test_a_pool_makes_a_backend_a_pool() -> None:
    plan = changed_backend(SINGLE, pool={"services": [{"id": "a", "weight": None, "priority": None}]})
    assert plan.body is not None and plan.body["properties"]["type"] == "Pool"
    created = locate(apim_backend.RESOURCE, {"resource_group": "rg", "service_name": "apim", "name": "b"}, "s")
    made = reconcile(created, {"state": "present", "pool": {"services": [{"id": "a"}]}}, None)
    assert made.body is not None and made.body["properties"]["type"] == "Pool"


@pytest.mark.parametrize(
    ("found", "wanted", "said"),
    [
        ({"type": "Pool", "pool": MEMBERS}, {"type": "Single"}, "of type Single needs url and protocol"),
        ({"type": "Pool", "pool": MEMBERS, "url": "http://a"}, {"type": "Single"}, "of type Single needs protocol"),
        ({"type": "Pool", "pool": MEMBERS}, {"pool": {"services": None}}, "of type Pool needs pool.services"),
        (SINGLE, {"type": "Pool"}, "of type Pool needs pool.services"),
        (
            SINGLE,
            {"type": "Single", "pool": {"services": [{"id": "a"}]}},
            "pool is only for type: Pool, and it is Single",
        ),
    ],
)
def test_half_a_backend_is_refused(found: dict[str, Any], wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        changed_backend(found, **wanted)


@pytest.mark.parametrize(
    ("wanted", "needs"),
    [
        ({"name": "A", "next_hop_ip_address": "10.0.0.5"}, ""),
        ({"name": "A", "address_prefix": "10.0.0.0/8"}, ""),
        ({"name": "a", "next_hop_type": "Internet"}, ""),
        ({"name": "a", "next_hop_type": "VirtualApplianceEcmp"}, "next_hop"),
        ({"name": "a", "next_hop_ip_address": ""}, "next_hop_ip_address"),
        ({"name": "new", "next_hop_type": "VirtualAppliance"}, "next_hop_ip_address"),
    ],
)
def test_a_route_keeps_the_hop_that_it_has(wanted: dict[str, Any], needs: str) -> None:
    reason = route_table.RESOURCE.check_update({"routes": [APPLIANCE]}, {"routes": [wanted]})
    assert (reason or "").endswith(f"and needs {needs}" if needs else "")
    assert bool(reason) is bool(needs)
