# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual networks, their subnets and peerings."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network import actions
from innergate_sandbox.arm.providers.network.declaration import (
    JOIN,
    PROVISIONING,
    WRITABLE,
    Back,
    Flag,
    Items,
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
from innergate_sandbox.arm.providers.network.rules import in_use, peerings, subnets

POOLS = Items(Struct({"pool": Ref(), "numberOfIpAddresses": Text(), "allocatedAddressPrefixes": Texts()}))
SPACE = Struct({"addressPrefixes": Texts(), "ipamPoolPrefixAllocations": POOLS})
POLICIES = ("Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled")

DELEGATION = Part(
    type="virtualNetworks/subnets/delegations",
    fields={"serviceName": Text(), "actions": Texts()},
    server=PROVISIONING,
)

SUBNET = Part(
    type="virtualNetworks/subnets",
    methods=WRITABLE,
    fields={
        "addressPrefix": Text(),
        "addressPrefixes": Texts(),
        "networkSecurityGroup": Ref("networkSecurityGroups", action=JOIN, region=True),
        "routeTable": Ref("routeTables", action=JOIN, region=True),
        "natGateway": Ref("natGateways", action=JOIN, region=True),
        "serviceEndpoints": Items(
            Struct({"service": Text(), "locations": Texts(), "networkIdentifier": Ref("publicIPAddresses")})
        ),
        "serviceEndpointPolicies": Refs(Ref("serviceEndpointPolicies", action=JOIN)),
        "delegations": Parts(DELEGATION),
        "privateEndpointNetworkPolicies": Text(POLICIES),
        "privateLinkServiceNetworkPolicies": Text(("Enabled", "Disabled")),
        "sharingScope": Text(("Tenant", "DelegatedServices")),
        "defaultOutboundAccess": Flag(),
        "ipAllocations": Refs(Ref()),
        "ipamPoolPrefixAllocations": POOLS,
        "serviceGateway": Ref(),
    },
    defaults={
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    },
    server=PROVISIONING
    | {
        "ipConfigurations",
        "ipConfigurationProfiles",
        "privateEndpoints",
        "resourceNavigationLinks",
        "serviceAssociationLinks",
        "purpose",
    },
    shows=(
        Back(
            "ipConfigurations",
            (
                ("loadBalancers/frontendIPConfigurations", "subnet"),
                ("networkInterfaces/ipConfigurations", "subnet"),
                ("virtualMachineScaleSets/ipConfigurations", "subnet"),
                ("reservation", "subnet"),
            ),
        ),
        Back("privateEndpoints", (("privateEndpoints", "subnet"),)),
    ),
)

PEERING = Part(
    type="virtualNetworks/virtualNetworkPeerings",
    noun="VirtualNetworkPeering",
    methods=WRITABLE,
    fields={
        "remoteVirtualNetwork": Ref("virtualNetworks", action="peer/action"),
        "allowVirtualNetworkAccess": Flag(),
        "allowForwardedTraffic": Flag(),
        "allowGatewayTransit": Flag(),
        "useRemoteGateways": Flag(),
        "doNotVerifyRemoteGateways": Flag(),
        "peerCompleteVnets": Flag(),
        "enableOnlyIPv6Peering": Flag(),
        "localSubnetNames": Texts(),
        "remoteSubnetNames": Texts(),
        "remoteBgpCommunities": Struct({"virtualNetworkCommunity": Text()}),
    },
    defaults={
        "allowVirtualNetworkAccess": True,
        "allowForwardedTraffic": False,
        "allowGatewayTransit": False,
        "useRemoteGateways": False,
        "doNotVerifyRemoteGateways": False,
        "peerCompleteVnets": True,
    },
    server=PROVISIONING
    | {
        "peeringState",
        "peeringSyncLevel",
        "remoteAddressSpace",
        "remoteVirtualNetworkAddressSpace",
        "localAddressSpace",
        "localVirtualNetworkAddressSpace",
        "remoteVirtualNetworkEncryption",
        "resourceGuid",
    },
)

VIRTUAL_NETWORK = Resource(
    type="virtualNetworks",
    fields={
        "addressSpace": SPACE,
        "dhcpOptions": Struct({"dnsServers": Texts()}),
        "flowTimeoutInMinutes": Number(4, 30),
        "privateEndpointVNetPolicies": Text(("Disabled", "Basic")),
        "subnets": Parts(SUBNET),
        "virtualNetworkPeerings": Parts(PEERING),
        "enableDdosProtection": Flag(),
        "enableVmProtection": Flag(),
        "ddosProtectionPlan": Ref("ddosProtectionPlans", required=False),
        "bgpCommunities": Struct({"virtualNetworkCommunity": Text()}),
        "encryption": Struct({"enabled": Flag(), "enforcement": Text(("DropUnencrypted", "AllowUnencrypted"))}),
        "ipAllocations": Refs(Ref()),
    },
    defaults={
        "privateEndpointVNetPolicies": "Disabled",
        "subnets": [],
        "virtualNetworkPeerings": [],
        "enableDdosProtection": False,
    },
    server=PROVISIONING | {"resourceGuid", "flowLogs", "defaultPublicNatGateway"},
    rules=(subnets.keep_or_remove, subnets.space, subnets.ranges, subnets.services, subnets.occupied, peerings.connect),
    serial=True,
    in_use={SUBNET.type: in_use.subnet},
    decorate=subnets.decorate,
    gone=peerings.disconnect,
    actions={
        "checkipaddressavailability": ("GET", actions.check_address),
        "usages": ("GET", actions.usages),
        "ddosprotectionstatus": ("POST", actions.network_ddos_status),
        "preparenetworkpolicies": ("POST", actions.policies),
        "unpreparenetworkpolicies": ("POST", actions.policies),
        "resourcenavigationlinks": ("GET", actions.nothing),
        "serviceassociationlinks": ("GET", actions.association_links),
    },
)

__all__ = ["PEERING", "SUBNET", "VIRTUAL_NETWORK", "reads"]
