# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private DNS zones, their links and their records, as clients write them."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.network.cloud import Cloud, Json

ZONE = "privateDnsZones/azure-api.net"
GLOBAL: Json = {"location": "global"}


def link(cloud: Cloud, network: str = "v") -> Json:
    """A link to a virtual network."""
    network_ref = cloud.ref(f"virtualNetworks/{network}")
    return {**GLOBAL, "properties": {"virtualNetwork": network_ref, "registrationEnabled": False}}


def address(*addresses: str) -> Json:
    """A set of A records."""
    return {"properties": {"ttl": 60, "aRecords": [{"ipv4Address": one} for one in addresses]}}


async def test_a_zone_comes_and_goes(cloud: Cloud) -> None:
    await cloud.network()
    assert (await cloud.call("GET", ZONE)).status == 404
    made = await cloud.call("PUT", ZONE, {**GLOBAL, "tags": {"a": "b"}})
    assert (made.status, made.body["location"], made.body["tags"]) == (201, "global", {"a": "b"})
    assert made.body["type"] == "Microsoft.Network/privateDnsZones"
    assert made.body["properties"]["numberOfRecordSets"] == 1
    assert (await cloud.call("PUT", f"{ZONE}/virtualNetworkLinks/l", link(cloud))).status == 201
    assert (await cloud.get(ZONE))["properties"]["numberOfVirtualNetworkLinks"] == 1
    shown = await cloud.get(f"{ZONE}/virtualNetworkLinks/l")
    assert shown["properties"]["virtualNetworkLinkState"] == "Completed"
    assert shown["properties"]["virtualNetwork"] == cloud.ref("virtualNetworks/v")
    assert (await cloud.refused("DELETE", ZONE))[:2] == (409, "CannotDeleteResource")
    assert (await cloud.call("DELETE", f"{ZONE}/virtualNetworkLinks/l")).status == 200
    assert (await cloud.call("DELETE", ZONE)).status == 200
    assert (await cloud.call("DELETE", ZONE)).status == 204
    assert (await cloud.call("GET", f"{ZONE}/SOA/@")).status == 404


async def test_a_link_is_a_resource_of_the_group_and_goes_with_it(cloud: Cloud) -> None:
    await cloud.network()
    await cloud.call("PUT", ZONE, GLOBAL)
    await cloud.call("PUT", f"{ZONE}/virtualNetworkLinks/l", link(cloud))
    listed = (await cloud.arm.call("GET", f"{cloud.arm.group}/resources")).body["value"]
    assert [one["name"] for one in listed] == ["v", "azure-api.net", "azure-api.net/l"]
    gone = await cloud.arm.call("DELETE", cloud.arm.group)
    assert (await cloud.arm.poll(str(header(gone, "Location")))).status == 200
    assert (await cloud.arm.call("GET", cloud.arm.group)).status == 404


async def test_records(cloud: Cloud) -> None:
    await cloud.call("PUT", ZONE, GLOBAL)
    none = {"If-None-Match": "*"}
    made = await cloud.call("PUT", f"{ZONE}/A/apim", address("10.1.0.5"), headers=none)
    assert (made.status, made.body["properties"]["fqdn"]) == (201, "apim.azure-api.net.")
    assert made.body["properties"]["metadata"] == {}  # az network private-dns record-set list fails without it
    assert (await cloud.refused("PUT", f"{ZONE}/A/apim", address("10.1.0.6"), headers=none))[0] == 412
    changed = await cloud.call("PATCH", f"{ZONE}/A/apim", {"properties": {"metadata": {"a": "b"}}})
    assert changed.body["properties"]["aRecords"] == [{"ipv4Address": "10.1.0.5"}]
    assert header(changed, "ETag") != header(made, "ETag")
    stale = {"If-Match": str(header(made, "ETag"))}
    assert (await cloud.refused("PUT", f"{ZONE}/A/apim", address("10.1.0.6"), headers=stale))[0] == 412
    await cloud.call(
        "PUT", f"{ZONE}/CNAME/portal.apim", {"properties": {"cnameRecord": {"cname": "apim.azure-api.net"}}}
    )
    names = [item["name"] for item in (await cloud.get(f"{ZONE}/ALL"))["value"]]
    assert names == ["apim", "portal.apim", "@"]
    assert [item["name"] for item in (await cloud.get(f"{ZONE}/a"))["value"]] == ["apim"]
    assert (await cloud.call("DELETE", f"{ZONE}/A/apim")).status == 200
    assert (await cloud.call("GET", f"{ZONE}/A/apim")).status == 404
    assert (await cloud.refused("DELETE", f"{ZONE}/SOA/@"))[0] == 400


async def test_lists_of_zones(cloud: Cloud) -> None:
    await cloud.call("PUT", ZONE, GLOBAL)
    everywhere = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/privateDnsZones"
    for path in ("privateDnsZones", everywhere):
        assert [item["name"] for item in (await cloud.get(path))["value"]] == ["azure-api.net"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (ZONE, {}), (ZONE, []), (ZONE, {"location": "westeurope"}), (ZONE, {"location": "global", "tags": [1]}),
        ("privateDnsZones/single", GLOBAL), (f"{ZONE}x/virtualNetworkLinks/l", GLOBAL),
        (f"{ZONE}x/virtualNetworkLinks/l", {"properties": {"virtualNetwork": {"id": "/subscriptions/none"}}}),
        (f"{ZONE}x/A/a", {}), (f"{ZONE}x/A/a", {"properties": {"aRecords": [5]}}), (f"{ZONE}x/A/a", address()),
        (f"{ZONE}x/A/a", {"properties": {"ttl": "x", "aRecords": [{}]}}), (f"{ZONE}x/TXT/a", {"properties": []}),
    ],
)  # fmt: skip
async def test_refusals(cloud: Cloud, path: str, body: Any) -> None:
    await cloud.call("PUT", f"{ZONE}x", GLOBAL)
    assert (await cloud.refused("PUT", path, body))[0] == 400


async def test_the_start_of_authority_keeps_its_host(cloud: Cloud) -> None:
    """What azurerm_private_dns_zone writes with its soa_record, and its data source reads."""
    await cloud.call("PUT", ZONE, GLOBAL)
    sent = {"email": "ops.example.com", "expireTime": 100, "host": "ns.example.com", "minimumTtl": 20}
    for body in (sent, {"email": "ops.example.com", "expireTime": 100, "minimumTtl": 20}):
        written = await cloud.call("PUT", f"{ZONE}/SOA/@", {"properties": {"ttl": 60, "soaRecord": body}})
        assert written.status == 200
        record = (await cloud.get(f"{ZONE}/SOA/@"))["properties"]["soaRecord"]
        rest = {"host": "azureprivatedns.net", "refreshTime": 3600, "retryTime": 300, "serialNumber": 1}
        assert record == {"email": "ops.example.com", "expireTime": 100, "minimumTtl": 20} | rest


async def test_records_that_nobody_may_keep(cloud: Cloud) -> None:
    """A TTL of 0, as azurerm_private_dns_cname_record takes it."""
    await cloud.call("PUT", ZONE, GLOBAL)
    body = {"properties": {"ttl": 0, "cnameRecord": {"cname": "test.example.com"}}}
    assert (await cloud.call("PUT", f"{ZONE}/CNAME/c", body)).status == 201
    assert (await cloud.get(f"{ZONE}/CNAME/c"))["properties"]["ttl"] == 0


async def test_what_does_not_exist(cloud: Cloud) -> None:
    await cloud.call("PUT", ZONE, GLOBAL)
    assert (await cloud.refused("PUT", "privateDnsZones/none.net/A/a", address("10.0.0.1")))[0] == 404
    assert (await cloud.refused("GET", f"{ZONE}/virtualNetworkLinks/none"))[0] == 404
    assert (await cloud.refused("PATCH", f"{ZONE}/A/none", address("10.0.0.1")))[0] == 404
    assert (await cloud.refused("GET", f"{ZONE}/NS"))[0] == 404
    assert (await cloud.refused("PUT", f"{ZONE}/NS/x", {}))[0] == 404
    assert (await cloud.refused("POST", f"{ZONE}/A/x", {}))[0] == 405


async def test_service_tags(cloud: Cloud) -> None:
    path = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/westeurope/serviceTags"
    found = await cloud.get(path)
    assert found["cloud"] == "Public"
    assert {"ApiManagement", "Storage", "Sql", "AzureKeyVault", "AzureMonitor"} <= {
        one["name"] for one in found["values"]
    }


@pytest.mark.parametrize(
    ("name", "region"),
    [("Storage.WestUS2", "westus2"), ("AzureKeyVault.AustraliaCentral", "australiacentral"), ("Storage", "")],
)
async def test_some_service_tags_exist_for_each_region(cloud: Cloud, name: str, region: str) -> None:
    path = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/westeurope/serviceTags"
    (one,) = [one for one in (await cloud.get(path))["values"] if one["name"] == name]
    assert (one["id"], one["properties"]["region"]) == (name, region)


async def test_the_service_tags_of_front_door(cloud: Cloud) -> None:
    path = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/westeurope/serviceTags"
    names = {one["name"] for one in (await cloud.get(path))["values"] if one["name"].startswith("AzureFrontDoor")}
    assert names == {"AzureFrontDoor.Backend", "AzureFrontDoor.FirstParty", "AzureFrontDoor.Frontend"}


@pytest.mark.parametrize("junk", [5, [5], [{"id": 5}], [{"properties": 5}], [{"id": "x", "properties": {}}]])
async def test_junk_for_the_exchange_of_frontends_is_refused(cloud: Cloud, junk: Any) -> None:
    home = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/locations/westeurope"
    answer = await cloud.call("POST", f"{home}/setLoadBalancerFrontendPublicIpAddresses", {"loadBalancers": junk})
    assert answer.status in (400, 404)
