# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/publicIPAddresses.

Version, zones and prefix stay what they were at the creation. Azure of zones: "Zones cannot be added/updated/removed
once the resource is created. The resource cannot be updated from regional to zonal or vice-versa." (azure-powershell
issue 13656; version and prefix: terraform-provider-azurerm, public_ip_resource.go.)

Without a SKU Azure makes a Basic, dynamic address; what API Management, NAT gateways and AKS need is a Standard,
static one, so that is what is sent when the user says nothing. (cloud-provider-azure recordings.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    IfMatch,
    Items,
    ResourceType,
    Scope,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import (
    LOCATION,
    PROVISIONING_STATE,
    TAGS,
    inner,
    network_reference,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._network_obstacles import in_use
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network

_METHOD = "public_ip_allocation_method"


def _keeps_its_sku(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Basic becomes Standard while nothing uses it, and static; nothing else becomes anything else.

    (Microsoft Learn: public-ip-upgrade-cli.)
    """
    before = found.get("sku") or {}
    after = wanted.get("sku") or {}
    for part in ("name", "tier"):
        old, new = before.get(part), after.get(part)
        if not old or not new or str(old).casefold() == str(new).casefold():
            continue
        if (part, str(old).casefold(), str(new).casefold()) != ("name", "basic", "standard"):
            return (
                f"sku.{part} is {old!r} and can't become {new!r}: Azure does not allow it to change after creation. "
                "Keep the value, or remove the resource and create it anew"
            )
        if holder := found.get("ip_configuration") or found.get("nat_gateway"):
            return f"sku.name can't become {new!r} while {holder} uses the address: take it from there first"
        if (wanted.get(_METHOD) or found.get(_METHOD)) == "Dynamic":
            return f"sku.name can't become {new!r} while {_METHOD} is Dynamic: set that to Static, too"
    return _dynamic_is_basic({**wanted, "sku": {**before, **{k: v for k, v in after.items() if v is not None}}})


def _dynamic_is_basic(wanted: Mapping[str, Any]) -> str | None:
    """Only Basic addresses may change with time (Microsoft Learn: public-ip-addresses)."""
    sku = str((wanted.get("sku") or {}).get("name") or "Standard")
    if wanted.get(_METHOD) == "Dynamic" and sku != "Basic":
        return f"{_METHOD} Dynamic is for sku.name Basic only, and this is {sku}"
    return None


RESOURCE = ResourceType(
    name="public_ip_address",
    arm_type="Microsoft.Network/publicIPAddresses",
    client="network",
    title="public IP address",
    scopes=(Scope("public_ip_addresses", (RESOURCE_GROUP, network("publicIPAddresses")), list_sdk="list"),),
    if_match=IfMatch.BODY,
    keep_wire=("properties.ipAddress", "properties.natGateway"),
    left_out={
        "extendedLocation": "edge zones know no API Management",
        "properties.ipAddress": "Azure chooses it",
        "properties.natGateway": "written by the NAT gateway",
        "properties.servicePublicIPAddress": "written by Azure while it migrates an address",
        "properties.linkedPublicIPAddress": "written by Azure while it migrates an address",
        "properties.migrationPhase": "written by Azure while it migrates an address",
    },
    fields=(
        LOCATION,
        Field(
            "sku",
            "dict",
            wire="sku",
            default_on_create={"name": "Standard"},
            fields=(
                Field(
                    "name",
                    choices=("Basic", "Standard", "StandardV2"),
                    compare=Compare.CASELESS,
                    default_on_create="Standard",
                ),
                Field("tier", choices=("Regional", "Global"), compare=Compare.CASELESS),
            ),
        ),
        Field(
            _METHOD,
            aliases=("allocation_method",),
            wire="properties.publicIPAllocationMethod",
            choices=("Static", "Dynamic"),
            compare=Compare.CASELESS,
            default_on_create="Static",
        ),
        Field(
            "public_ip_address_version",
            aliases=("version",),
            wire="properties.publicIPAddressVersion",
            choices=("IPv4", "IPv6"),
            compare=Compare.CASELESS,
            immutable=True,
        ),
        Field(
            "dns_settings",
            "dict",
            fields=(
                Field("domain_name_label", pattern=r"[a-z][a-z0-9-]{1,61}[a-z0-9]", compare=Compare.CASELESS),
                Field(
                    "domain_name_label_scope",
                    choices=("TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse"),
                    compare=Compare.CASELESS,
                ),
                Field("reverse_fqdn", compare=Compare.CASELESS),
                Field("fqdn", read_only=True),
            ),
        ),
        Field("idle_timeout_in_minutes", "int", minimum=4, maximum=30),
        Field("zones", "list", elements="str", wire="zones", items=Items.SET, immutable=True),
        Field(
            "ip_tags",
            "list",
            elements="dict",
            fields=(
                Field("ip_tag_type", required=True),
                Field("tag", required=True),
            ),
        ),
        network_reference("public_ip_prefix", "properties.publicIPPrefix", "publicIPPrefixes/{name}", immutable=True),
        Field(
            "ddos_settings",
            "dict",
            vacant={"protectionMode": "VirtualNetworkInherited"},
            fields=(
                Field(
                    "protection_mode",
                    choices=("VirtualNetworkInherited", "Enabled", "Disabled"),
                    compare=Compare.CASELESS,
                ),
                network_reference("ddos_protection_plan", "ddosProtectionPlan", "ddosProtectionPlans/{name}"),
            ),
        ),
        Field("delete_option", choices=("Delete", "Detach"), compare=Compare.CASELESS),
        TAGS,
        Field("ip_address", read_only=True),
        Field("ip_configuration", read_only=True, from_azure=inner("id")),
        Field("nat_gateway", read_only=True, from_azure=inner("id")),
        Field("resource_guid", read_only=True),
        PROVISIONING_STATE,
    ),
    check_create=_dynamic_is_basic,
    check_update=_keeps_its_sku,
    obstacles=(in_use("properties.ipConfiguration", "properties.natGateway"),),
    foretells=("dns_settings",),
)
