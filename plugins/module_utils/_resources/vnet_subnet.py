# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/virtualNetworks/subnets.

A subnet has no PATCH, and its PUT replaces everything: the body starts from what GET returned, so that nothing the
user did not name is lost (the route table that AKS hangs on its subnet, above all). Writes below one VNET go one at a
time. (cloud-provider-azure recordings, api-version 2025-05-01.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    IfMatch,
    Items,
    Obstacle,
    Reference,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import (
    PROVISIONING_STATE,
    from_ids,
    ids,
    network_prefix,
    network_reference,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._network_obstacles import (
    has_no_room,
    in_use,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network


def delegated_to(delegations: Any) -> Any:
    """The services that a subnet is delegated to: C([{"properties": {"serviceName": x}}]) -> C([x])."""
    if delegations is None:
        return None
    return [item.get("properties", {}).get("serviceName", "") for item in delegations]


def service_type(text: str) -> str | None:
    """What a subnet is delegated to: C(Microsoft.ContainerInstance/containerGroups)."""
    return None if re.fullmatch(r"\w+(?:[./-]\w+)*", text, re.ASCII) else "is no type of a service"


def delegations(services: Sequence[str] | None) -> Any:
    """The wire form of delegations. Azure wants a name for each; the portal takes the service's name too."""
    if services is None:
        return None
    return [{"name": service.replace("/", "."), "properties": {"serviceName": service}} for service in services]


RESOURCE = ResourceType(
    name="vnet_subnet",
    arm_type="Microsoft.Network/virtualNetworks/subnets",
    client="network",
    title="subnet",
    scopes=(
        Scope(
            "subnets",
            (RESOURCE_GROUP, network("virtualNetworks", "virtual_network", max_length=64), Segment("subnets", "name")),
            list_sdk="list",
        ),
    ),
    if_match=IfMatch.BODY,
    left_out={
        "properties.ipAllocations": "written by the resource that allocates",
        "properties.applicationGatewayIPConfigurations": "written by the application gateway",
        "properties.serviceGateway": "written by the service gateway",
    },
    serialize_on="virtual_network",
    fields=(
        Field(
            "address_prefixes",
            "list",
            elements="str",
            aliases=("address_prefix",),
            scalar="properties.addressPrefix",
            compare=Compare.CIDR,
            items=Items.SET,
            min_items=1,
            unique=True,
            well_formed=network_prefix,
        ),
        network_reference("network_security_group", "properties.networkSecurityGroup", "networkSecurityGroups/{name}"),
        network_reference("route_table", "properties.routeTable", "routeTables/{name}"),
        network_reference("nat_gateway", "properties.natGateway", "natGateways/{name}"),
        Field(
            "service_endpoints",
            "list",
            elements="dict",
            items=Items.BY_KEY,
            key="service",
            purge="purge_service_endpoints",
            fields=(
                Field("service", required=True),
                Field("locations", "list", elements="str", compare=Compare.LOCATION, items=Items.SET),
            ),
        ),
        Field(
            "service_endpoint_policies",
            "list",
            elements="str",
            compare=Compare.ARM_ID,
            items=Items.SET,
            reference=Reference("{resource_group_id}/providers/Microsoft.Network/serviceEndpointPolicies/{name}"),
            from_azure=ids,
            to_azure=from_ids,
        ),
        Field(
            "delegations",
            "list",
            elements="str",
            compare=Compare.CASELESS,
            items=Items.SET,
            from_azure=delegated_to,
            to_azure=delegations,
            unique=True,
            well_formed=service_type,
        ),
        Field(
            "private_endpoint_network_policies",
            choices=("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
            compare=Compare.CASELESS,
        ),
        Field(
            "private_link_service_network_policies",
            choices=("Disabled", "Enabled"),
            compare=Compare.CASELESS,
        ),
        Field("default_outbound_access", "bool"),
        Field("sharing_scope", choices=("Tenant", "DelegatedServices"), compare=Compare.CASELESS),
        Field(
            "ipam_pool_prefix_allocations",
            "list",
            elements="dict",
            fields=(
                Field("pool", wire="pool.id", compare=Compare.ARM_ID, required=True),
                Field("number_of_ip_addresses", required=True, compare=Compare.NUMBER_TEXT),
            ),
        ),
        Field("ip_configurations", "list", elements="str", read_only=True, from_azure=ids),
        Field("private_endpoints", "list", elements="str", read_only=True, from_azure=ids),
        Field("purpose", read_only=True),
        PROVISIONING_STATE,
    ),
    obstacles=(
        Obstacle(
            has_no_room,
            sdk="virtual_networks",
            operation="get",
            names=2,
            beside="properties.subnets",
            watched=("address_prefixes",),
        ),
        in_use("properties.ipConfigurations", "properties.privateEndpoints"),
    ),
    check_create=lambda wanted: (
        None
        if wanted.get("address_prefixes") or wanted.get("ipam_pool_prefix_allocations")
        else "a new subnet needs address_prefixes (or ipam_pool_prefix_allocations)"
    ),
)
