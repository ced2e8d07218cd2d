# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public IP addresses, their prefixes, and plans that protect them."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network import actions
from innergate_sandbox.arm.providers.network.declaration import (
    PROVISIONING,
    Back,
    Items,
    Number,
    Ref,
    Resource,
    Struct,
    Text,
)
from innergate_sandbox.arm.providers.network.rules import in_use, public

PUBLIC_ADDRESS = Resource(
    type="publicIPAddresses",
    noun="PublicIpAddress",
    top=("zones",),
    sku={"name": "Basic", "tier": "Regional"},
    fields={
        "publicIPAddressVersion": Text(("IPv4", "IPv6")),
        "publicIPAllocationMethod": Text(("Static", "Dynamic")),
        "idleTimeoutInMinutes": Number(4, 30),
        "dnsSettings": Struct(
            {
                "domainNameLabel": Text(),
                "domainNameLabelScope": Text(("TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse")),
                "fqdn": Text(),
                "reverseFqdn": Text(),
            }
        ),
        "ipTags": Items(Struct({"ipTagType": Text(), "tag": Text()})),
        "ddosSettings": Struct(
            {
                "protectionMode": Text(("VirtualNetworkInherited", "Enabled", "Disabled")),
                "ddosProtectionPlan": Ref("ddosProtectionPlans", required=False),
            }
        ),
        "publicIPPrefix": Ref("publicIPPrefixes", required=False),
        "linkedPublicIPAddress": Ref("publicIPAddresses", required=False),
        "deleteOption": Text(("Delete", "Detach")),
        "migrationPhase": Text(),
    },
    defaults={
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Dynamic",
        "idleTimeoutInMinutes": 4,
        "ipTags": [],
    },
    server=PROVISIONING | {"resourceGuid", "ipAddress", "ipConfiguration", "natGateway"},
    shows=(
        Back(
            "ipConfiguration",
            (
                ("loadBalancers/frontendIPConfigurations", "publicIPAddress"),
                ("networkInterfaces/ipConfigurations", "publicIPAddress"),
                ("Microsoft.ApiManagement/service", "publicIpAddressId"),
            ),
            single=True,
        ),
        Back("natGateway", (("natGateways", "publicIpAddresses"), ("natGateways", "publicIpAddressesV6")), single=True),
    ),
    rules=(public.sku, public.zones, public.address, public.name),
    in_use={"publicIPAddresses": in_use.public_address},
    decorate=public.decorate,
    actions={
        "ddosprotectionstatus": ("POST", actions.address_ddos_status),
        "reservecloudservicepublicipaddress": ("POST", actions.itself),
        "disassociatecloudservicereservedpublicip": ("POST", actions.itself),
    },
)

PUBLIC_PREFIX = Resource(
    type="publicIPPrefixes",
    noun="PublicIpPrefix",
    top=("zones",),
    sku={"name": "Standard", "tier": "Regional"},
    fields={
        "publicIPAddressVersion": Text(("IPv4", "IPv6")),
        "prefixLength": Number(0, 128),
        "ipTags": Items(Struct({"ipTagType": Text(), "tag": Text()})),
        "customIPPrefix": Ref(),
        "natGateway": Ref("natGateways", required=False),
    },
    defaults={"publicIPAddressVersion": "IPv4", "ipTags": []},
    server=PROVISIONING | {"resourceGuid", "ipPrefix", "publicIPAddresses", "loadBalancerFrontendIpConfiguration"},
    shows=(Back("publicIPAddresses", (("publicIPAddresses", "publicIPPrefix"),)),),
    rules=(public.prefix,),
    in_use={"publicIPPrefixes": in_use.public_prefix},
)

PROTECTION_PLAN = Resource(
    type="ddosProtectionPlans",
    noun="DdosProtectionPlan",
    fields={},
    server=PROVISIONING | {"resourceGuid", "publicIPAddresses", "virtualNetworks"},
    shows=(
        Back("publicIPAddresses", (("publicIPAddresses", "ddosProtectionPlan"),), whole=True),
        Back("virtualNetworks", (("virtualNetworks", "ddosProtectionPlan"),), whole=True),
    ),
    in_use={"ddosProtectionPlans": in_use.protection_plan},
)
