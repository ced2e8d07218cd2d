# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every resource type of the network API answers at every scope (azure-rest-api-specs 2025-05-01)."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.arm.providers.network.catalog import CATALOG
from innergate_sandbox.arm.providers.network.declaration import Part, Parts
from unit.sandbox.network.cloud import Cloud, rule

STANDARD = {"name": "Standard"}

RESOURCES: dict[str, dict[str, Any]] = {
    "applicationSecurityGroups": {},
    "loadBalancers": {"sku": STANDARD},
    "natGateways": {"sku": STANDARD},
    "networkInterfaces": {
        "properties": {"ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": "SUBNET"}}}]}
    },
    "networkSecurityGroups": {},
    "privateEndpoints": {"properties": {"subnet": {"id": "SUBNET"}}},
    "privateLinkServices": {
        "properties": {"ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": "SUBNET"}}}]}
    },
    "publicIPAddresses": {"sku": STANDARD, "properties": {"publicIPAllocationMethod": "Static"}, "zones": ["1"]},
    "publicIPPrefixes": {"properties": {"prefixLength": 30}},
    "ddosProtectionPlans": {},
    "routeTables": {},
    "serviceEndpointPolicies": {},
    "virtualNetworks": {"properties": {"addressSpace": {"addressPrefixes": ["10.2.0.0/16"]}}},
}

PARTS: dict[str, dict[str, Any]] = {
    "virtualNetworks/subnets": {"addressPrefix": "10.2.0.0/24"},
    "networkSecurityGroups/securityRules": rule("r", 100)["properties"],
    "routeTables/routes": {"addressPrefix": "0.0.0.0/0", "nextHopType": "None"},
    "serviceEndpointPolicies/serviceEndpointPolicyDefinitions": {
        "service": "Microsoft.Storage",
        "serviceResources": ["/x"],
    },
    "loadBalancers/backendAddressPools": {},
}


def with_subnet(value: Any, subnet: str) -> Any:
    """A body with the id of a real subnet."""
    if isinstance(value, dict):
        return {key: with_subnet(item, subnet) for key, item in value.items()}
    if isinstance(value, list):
        return [with_subnet(item, subnet) for item in value]
    return subnet if value == "SUBNET" else value


@pytest.mark.parametrize("kind", RESOURCES)
async def test_a_resource_is_created_read_listed_tagged_and_deleted(cloud: Cloud, kind: str) -> None:
    await cloud.network(s="10.1.0.0/24")
    policies = {"addressPrefix": "10.1.0.0/24", "privateLinkServiceNetworkPolicies": "Disabled"}
    await cloud.put("virtualNetworks/v/subnets/s", policies)
    body = with_subnet(RESOURCES[kind], cloud.id("virtualNetworks/v/subnets/s"))
    made = await cloud.put(
        f"{kind}/new", body.get("properties"), **{k: v for k, v in body.items() if k != "properties"}
    )
    assert made["type"] == f"Microsoft.Network/{kind}"
    assert made["properties"]["provisioningState"] == "Succeeded"
    for key in ("sku", "zones"):
        assert (
            key not in body or made[key] == {**made[key], **body[key]}
            if key == "sku"
            else made.get(key) == body.get(key)
        )
    everywhere = f"/subscriptions/{cloud.arm.subscription_id}/providers/Microsoft.Network/{kind}"
    for path in (kind, everywhere):
        assert "new" in [one["name"] for one in (await cloud.call("GET", path)).body["value"]]
    tagged = await cloud.call("PATCH", f"{kind}/new", {"tags": {"a": "b"}})
    assert (tagged.status, tagged.body["tags"]) == (200, {"a": "b"})
    await cloud.delete(f"{kind}/new")
    assert (await cloud.call("GET", f"{kind}/new")).status == 404


@pytest.mark.parametrize("kind", PARTS)
async def test_a_part_is_created_read_listed_and_deleted(cloud: Cloud, kind: str) -> None:
    parent, collection = kind.split("/")
    body = RESOURCES[parent]
    await cloud.put(f"{parent}/p", body.get("properties"), **{k: v for k, v in body.items() if k != "properties"})
    made = await cloud.put(f"{parent}/p/{collection}/new", PARTS[kind])
    assert made["id"] == cloud.id(f"{parent}/p/{collection}/new")
    assert {key: made["properties"].get(key) for key in PARTS[kind]} == PARTS[kind]
    assert (await cloud.call("GET", f"{parent}/p/{collection}")).body["value"] == [made]
    await cloud.delete(f"{parent}/p/{collection}/new")
    assert (await cloud.call("GET", f"{parent}/p/{collection}")).body["value"] == []


def parts(part: Part) -> list[Part]:
    """A part with all parts in it."""
    inner = [kind.part for kind in part.fields.values() if isinstance(kind, Parts)]
    return [part, *(below for one in inner for below in parts(one))]


def test_declarations_do_not_contradict_themselves() -> None:
    for resource in CATALOG.resources:
        for part in parts(resource):
            named = [
                kind.part.type
                for name, kind in part.fields.items()
                if isinstance(kind, Parts) and kind.part.name != name
            ]
            assert named == [], "a collection is called as its parts"
            assert all(key in part.fields or key in part.server for key in part.defaults), part.type
            shown = {back.property for back in part.shows}
            assert shown <= part.server, f"{part.type} shows what clients may set: {shown - part.server}"


def test_every_reference_leads_to_a_declared_type() -> None:
    known = {part.type for resource in CATALOG.resources for part in parts(resource)}
    for resource in CATALOG.resources:
        for part in parts(resource):
            for back in part.shows:
                sources = {
                    kind
                    for kind, dummy in back.sources
                    if kind.partition("/")[0] in {t.partition("/")[0] for t in known}
                }
                assert sources <= known, part.type
