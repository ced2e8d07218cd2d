# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route tables and NAT gateways."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network.declaration import (
    JOIN,
    PROVISIONING,
    WRITABLE,
    Back,
    Flag,
    Number,
    Part,
    Parts,
    Ref,
    Refs,
    Resource,
    Struct,
    Text,
    Texts,
)
from innergate_sandbox.arm.providers.network.rules import in_use, public, security

ROUTE = Part(
    type="routeTables/routes",
    methods=WRITABLE,
    fields={
        "addressPrefix": Text(),
        "nextHopType": Text(
            ("VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "VirtualApplianceEcmp", "None")
        ),
        "nextHopIpAddress": Text(),
        "nextHop": Struct({"nextHopIpAddresses": Texts()}),
    },
    defaults={"hasBgpOverride": False, "nextHopType": "None"},
    server=PROVISIONING | {"hasBgpOverride"},
)

ROUTE_TABLE = Resource(
    type="routeTables",
    fields={
        "disableBgpRoutePropagation": Flag(),
        "disablePeeringRoute": Text(("None", "All")),
        "routes": Parts(ROUTE),
    },
    defaults={"disableBgpRoutePropagation": False, "routes": []},
    server=PROVISIONING | {"resourceGuid", "subnets"},
    shows=(Back("subnets", (("virtualNetworks/subnets", "routeTable"),)),),
    rules=(security.routes,),
    in_use={"routeTables": in_use.route_table},
)

_ADDRESS, _PREFIX = Refs(Ref("publicIPAddresses", action=JOIN)), Refs(Ref("publicIPPrefixes", required=False))

NAT_GATEWAY = Resource(
    type="natGateways",
    top=("zones",),
    sku={"name": "Standard"},
    fields={
        "idleTimeoutInMinutes": Number(4, 120),
        "publicIpAddresses": _ADDRESS,
        "publicIpAddressesV6": _ADDRESS,
        "publicIpPrefixes": _PREFIX,
        "publicIpPrefixesV6": _PREFIX,
        "sourceVirtualNetwork": Ref("virtualNetworks"),
        "serviceGateway": Ref(),
        "nat64": Text(("None", "Enabled", "Disabled")),
    },
    defaults={"idleTimeoutInMinutes": 4},
    server=PROVISIONING | {"resourceGuid", "subnets"},
    shows=(Back("subnets", (("virtualNetworks/subnets", "natGateway"),)),),
    rules=(public.attach,),
    in_use={"natGateways": in_use.nat_gateway},
)
