# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/routeTables, with their routes.

Routes are found by name; those that the user does not name stay, unless C(purge_routes) is set. Where all traffic of
the subnet of API Management is routed through an appliance, its management traffic needs a route of its own (Microsoft
Learn: api-management virtual-network-reference, "Force tunnel traffic").
"""

from __future__ import annotations

import ipaddress
import re
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
    ids,
    ip_address,
    network_prefix,
    part_name,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._network_obstacles import in_use
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network

APPLIANCE, APPLIANCES = "VirtualAppliance", "VirtualApplianceEcmp"
#: What a route needs beside its next_hop_type.
HOPS = {APPLIANCE: "next_hop_ip_address", APPLIANCES: "next_hop"}


def _destination(text: str) -> str | None:
    """A range, or a service tag: C(ApiManagement), C(Storage.WestEurope)."""
    return None if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", text) else network_prefix(text)


ROUTE = (
    Field("name", required=True, well_formed=part_name),
    Field(
        "address_prefix",
        wire="properties.addressPrefix",
        compare=Compare.CIDR,
        required_on_create=True,
        well_formed=_destination,
    ),
    Field(
        "next_hop_type",
        wire="properties.nextHopType",
        choices=("VirtualNetworkGateway", "VnetLocal", "Internet", APPLIANCE, APPLIANCES, "None"),
        compare=Compare.CASELESS,
        required_on_create=True,
    ),
    Field(
        "next_hop_ip_address",
        wire="properties.nextHopIpAddress",
        only_with=("next_hop_type", APPLIANCE),
        well_formed=ip_address,
    ),
    Field(
        "next_hop",
        "dict",
        wire="properties.nextHop",
        only_with=("next_hop_type", APPLIANCES),
        fields=(
            Field(
                "next_hop_ip_addresses",
                "list",
                elements="str",
                required=True,
                min_items=2,
                max_items=64,
                well_formed=ip_address,
            ),
        ),
    ),
)


def _without_its_hop(wanted: Mapping[str, Any]) -> str | None:
    """A route to appliances names them (SDK: RoutePropertiesFormat)."""
    for route in wanted.get("routes") or ():
        needed = HOPS.get(str(route.get("next_hop_type") or ""))
        hop = route.get(needed) if needed else None
        if needed and not (any(hop.values()) if isinstance(hop, Mapping) else hop):
            return f"the route {route['name']!r} has the next_hop_type {route['next_hop_type']} and needs {needed}"
    return None


def _same_prefix_twice(wanted: Mapping[str, Any]) -> str | None:
    """A prefix can be within another one, but not be that of two routes (Microsoft Learn: manage-route-table)."""
    seen: dict[Any, str] = {}
    for route in wanted.get("routes") or ():
        text = str(route.get("address_prefix") or "")
        if not text:
            continue
        try:
            prefix: Any = ipaddress.ip_network(text, strict=False)
        except ValueError:  # a service tag
            prefix = text.casefold()
        if prefix in seen:
            return (
                f"the routes {seen[prefix]!r} and {route['name']!r} both have the address_prefix {text}; a table takes "
                "one route to each"
            )
        seen[prefix] = route["name"]
    return None


def _does_not_fit(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """The same two with what the routes that are there already have; of those that stay, the prefixes count, too."""
    given = {str(route["name"]).casefold(): route for route in wanted.get("routes") or ()}
    there = {str(route["name"]).casefold(): route for route in found.get("routes") or ()}
    merged = {}
    for name, route in given.items():
        named = {option: value for option, value in route.items() if value is not None}
        merged[name] = {**there.get(name, {}), **named}
    if not given:
        return None
    after = merged if wanted.get("purge_routes") else {**there, **merged}
    return _without_its_hop({"routes": list(merged.values())}) or _same_prefix_twice({"routes": list(after.values())})


RESOURCE = ResourceType(
    name="route_table",
    arm_type="Microsoft.Network/routeTables",
    client="network",
    title="route table",
    scopes=(Scope("route_tables", (RESOURCE_GROUP, network("routeTables")), list_sdk="list"),),
    if_match=IfMatch.BODY,
    fields=(
        LOCATION,
        Field(
            "routes",
            "list",
            elements="dict",
            items=Items.BY_KEY,
            key="name",
            purge="purge_routes",
            fields=ROUTE,
        ),
        Field("disable_bgp_route_propagation", "bool"),
        Field("disable_peering_route", choices=("None", "All"), compare=Compare.CASELESS),
        TAGS,
        Field("subnets", "list", elements="str", read_only=True, from_azure=ids),
        Field("resource_guid", read_only=True),
        PROVISIONING_STATE,
    ),
    check=_same_prefix_twice,
    check_create=_without_its_hop,
    check_update=_does_not_fit,
    obstacles=(in_use("properties.subnets"),),
)
