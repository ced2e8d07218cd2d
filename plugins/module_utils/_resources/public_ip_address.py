# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/publicIPAddresses.

Without a SKU Azure makes a Basic, dynamic address; what API Management, NAT gateways and AKS need is a Standard,
static one, so that is what is sent when the user says nothing. (cloud-provider-azure recordings.)
"""

from __future__ import annotations

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
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network

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
                Field("name", choices=("Basic", "Standard", "StandardV2"), compare=Compare.CASELESS),
                Field("tier", choices=("Regional", "Global"), compare=Compare.CASELESS),
            ),
        ),
        Field(
            "public_ip_allocation_method",
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
        ),
        Field(
            "dns_settings",
            "dict",
            fields=(
                Field("domain_name_label", compare=Compare.CASELESS),
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
        Field("zones", "list", elements="str", wire="zones", items=Items.SET),
        Field(
            "ip_tags",
            "list",
            elements="dict",
            fields=(
                Field("ip_tag_type", required=True),
                Field("tag", required=True),
            ),
        ),
        network_reference("public_ip_prefix", "properties.publicIPPrefix", "publicIPPrefixes/{name}"),
        Field(
            "ddos_settings",
            "dict",
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
)
