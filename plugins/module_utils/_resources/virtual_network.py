# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/virtualNetworks."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    IfMatch,
    Items,
    Obstacle,
    ResourceType,
    Scope,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import (
    LOCATION,
    PROVISIONING_STATE,
    TAGS,
    inner,
    ip_address,
    network_prefix,
    network_reference,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._network_obstacles import (
    has_busy_subnets,
    leaves_subnets_outside,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network

#: Subnets and peerings have resources of their own. They are shown, but never written through the VNET: a PUT body
#: starts from what GET returned, and so repeats them as they are.
SUBNETS = Field(
    "subnets",
    "list",
    elements="dict",
    read_only=True,
    fields=(
        Field("id"),
        Field("name"),
        Field(
            "address_prefixes",
            "list",
            elements="str",
            wire="properties.addressPrefixes",
            scalar="properties.addressPrefix",
        ),
        Field("network_security_group", wire="properties.networkSecurityGroup", from_azure=inner("id")),
        Field("route_table", wire="properties.routeTable", from_azure=inner("id")),
    ),
)

PEERINGS = Field(
    "virtual_network_peerings",
    "list",
    elements="dict",
    read_only=True,
    fields=(
        Field("id"),
        Field("name"),
        Field("remote_virtual_network", wire="properties.remoteVirtualNetwork", from_azure=inner("id")),
        Field("peering_state", wire="properties.peeringState"),
    ),
)

RESOURCE = ResourceType(
    name="virtual_network",
    arm_type="Microsoft.Network/virtualNetworks",
    client="network",
    title="virtual network",
    scopes=(Scope("virtual_networks", (RESOURCE_GROUP, network("virtualNetworks", max_length=64)), list_sdk="list"),),
    if_match=IfMatch.BODY,
    obstacles=(
        Obstacle(has_busy_subnets, deletes=True),
        Obstacle(leaves_subnets_outside, watched=("address_prefixes",)),
    ),
    foretells=("location", "address_prefixes"),
    # a VNET that is written without its subnets loses them
    keep_wire=("properties.subnets", "properties.virtualNetworkPeerings"),
    left_out={
        "extendedLocation": "edge zones know no API Management",
        "properties.ipAllocations": "written by the resource that allocates",
        "properties.summarizedGatewayPrefixes": "written by network managers",
    },
    fields=(
        LOCATION,
        Field(
            "address_prefixes",
            "list",
            elements="str",
            wire="properties.addressSpace.addressPrefixes",
            compare=Compare.CIDR,
            items=Items.SET,
            required_on_create=True,
            well_formed=network_prefix,
        ),
        Field(
            "dns_servers",
            "list",
            elements="str",
            wire="properties.dhcpOptions.dnsServers",
            empty_on_wire=[],
            well_formed=ip_address,  # (SDK: DhcpOptions.dns_servers)
        ),
        Field("enable_ddos_protection", "bool"),
        network_reference("ddos_protection_plan", "properties.ddosProtectionPlan", "ddosProtectionPlans/{name}"),
        Field("enable_vm_protection", "bool"),
        Field("flow_timeout_in_minutes", "int", minimum=4, maximum=30),
        Field(
            "encryption",
            "dict",
            fields=(
                Field("enabled", "bool", required=True),
                Field("enforcement", choices=("DropUnencrypted", "AllowUnencrypted"), compare=Compare.CASELESS),
            ),
        ),
        Field("bgp_community", wire="properties.bgpCommunities.virtualNetworkCommunity"),
        Field(
            "private_endpoint_vnet_policies",
            wire="properties.privateEndpointVNetPolicies",
            choices=("Disabled", "Basic"),
            compare=Compare.CASELESS,
        ),
        TAGS,
        SUBNETS,
        PEERINGS,
        Field("resource_guid", read_only=True),
        PROVISIONING_STATE,
    ),
)
