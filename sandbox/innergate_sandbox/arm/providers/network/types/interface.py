# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network import actions
from innergate_sandbox.arm.providers.network.declaration import (
    JOIN,
    PROVISIONING,
    Flag,
    Json,
    Number,
    Part,
    Parts,
    Ref,
    Refs,
    Resource,
    Struct,
    Text,
    Texts,
    reads,
)
from innergate_sandbox.arm.providers.network.rules import in_use, interfaces, public

CONFIGURATION = Part(
    type="networkInterfaces/ipConfigurations",
    methods=reads(),
    address=True,
    fields={
        "privateIPAddress": Text(),
        "privateIPAllocationMethod": Text(("Static", "Dynamic")),
        "subnet": Ref("virtualNetworks/subnets", action=JOIN),
        "primary": Flag(),
        "privateIPAddressVersion": Text(("IPv4", "IPv6")),
        "privateIPAddressPrefixLength": Number(1, 128),
        "publicIPAddress": Ref("publicIPAddresses", action=JOIN),
        "applicationSecurityGroups": Refs(Ref("applicationSecurityGroups", required=False)),
        "loadBalancerBackendAddressPools": Refs(Ref("loadBalancers/backendAddressPools", action=JOIN)),
        "loadBalancerInboundNatRules": Refs(Ref("loadBalancers/inboundNatRules", required=False)),
        "gatewayLoadBalancer": Ref("loadBalancers/frontendIPConfigurations", required=False),
    },
    defaults={"privateIPAllocationMethod": "Dynamic", "privateIPAddressVersion": "IPv4"},
    server=PROVISIONING | {"privateLinkConnectionProperties"},
)

INTERFACE = Resource(
    type="networkInterfaces",
    kind="Regular",
    fields={
        "ipConfigurations": Parts(CONFIGURATION),
        "dnsSettings": Struct({"dnsServers": Texts(), "internalDnsNameLabel": Text()}),
        "networkSecurityGroup": Ref("networkSecurityGroups", action=JOIN),
        "enableAcceleratedNetworking": Flag(),
        "enableIPForwarding": Flag(),
        "disableTcpStateTracking": Flag(),
        "nicType": Text(("Standard", "Elastic")),
        "auxiliaryMode": Text(),
        "auxiliarySku": Text(),
        "workloadType": Text(),
        "migrationPhase": Text(),
        "dscpConfiguration": Json(),
    },
    # cloud-provider-azure recording interfaceclient
    defaults={
        "enableAcceleratedNetworking": False,
        "vnetEncryptionSupported": False,
        "enableIPForwarding": False,
        "disableTcpStateTracking": False,
        "hostedWorkloads": [],
        "tapConfigurations": [],
        "nicType": "Standard",
        "allowPort25Out": True,
        "defaultOutboundConnectivityEnabled": False,
        "auxiliaryMode": "None",
        "auxiliarySku": "None",
    },
    server=PROVISIONING
    | {
        "resourceGuid",
        "virtualMachine",
        "macAddress",
        "primary",
        "privateEndpoint",
        "privateLinkService",
        "hostedWorkloads",
        "tapConfigurations",
        "vnetEncryptionSupported",
        "allowPort25Out",
        "defaultOutboundConnectivityEnabled",
    },
    rules=(interfaces.configurations, interfaces.names, public.attach),
    at_once=True,
    silent=True,
    in_use={"networkInterfaces": in_use.interface},
    actions={
        "effectivenetworksecuritygroups": ("POST", actions.effective_groups),
        "effectiveroutetable": ("POST", actions.effective_routes),
        "loadbalancers": ("GET", actions.interface_balancers),
    },
)
