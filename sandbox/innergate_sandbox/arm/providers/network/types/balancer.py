# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network import actions
from innergate_sandbox.arm.providers.network.declaration import (
    JOIN,
    PROVISIONING,
    WRITABLE,
    Back,
    Flag,
    Items,
    Json,
    Number,
    Part,
    Parts,
    Ref,
    Refs,
    Resource,
    Struct,
    Text,
    reads,
)
from innergate_sandbox.arm.providers.network.rules import balancing, in_use, public

_FRONTEND = Ref("loadBalancers/frontendIPConfigurations")
_POOL = Ref("loadBalancers/backendAddressPools")
_RULES, _NAT = "loadBalancers/loadBalancingRules", "loadBalancers/inboundNatRules"
_OUTBOUND, _NAT_POOLS = "loadBalancers/outboundRules", "loadBalancers/inboundNatPools"
_INTERFACE = "networkInterfaces/ipConfigurations"
_SCALE_SET = "virtualMachineScaleSets/ipConfigurations"
_PROTOCOL = Text(("Tcp", "Udp", "All", "Quic"))

FRONTEND = Part(
    type="loadBalancers/frontendIPConfigurations",
    methods=reads(),
    top=("zones",),
    address=True,
    fields={
        "privateIPAddress": Text(),
        "privateIPAllocationMethod": Text(("Static", "Dynamic")),
        "privateIPAddressVersion": Text(("IPv4", "IPv6")),
        "subnet": Ref("virtualNetworks/subnets", action=JOIN),
        "publicIPAddress": Ref("publicIPAddresses", action=JOIN),
        "publicIPPrefix": Ref("publicIPPrefixes", required=False),
        "gatewayLoadBalancer": Ref("loadBalancers/frontendIPConfigurations", required=False),
    },
    defaults={"privateIPAllocationMethod": "Dynamic"},
    server=PROVISIONING | {"inboundNatRules", "inboundNatPools", "outboundRules", "loadBalancingRules"},
    shows=(
        Back("inboundNatRules", ((_NAT, "frontendIPConfiguration"),)),
        Back("inboundNatPools", ((_NAT_POOLS, "frontendIPConfiguration"),)),
        Back("outboundRules", ((_OUTBOUND, "frontendIPConfigurations"),)),
        Back("loadBalancingRules", ((_RULES, "frontendIPConfiguration"),)),
    ),
)

_BACKEND = Struct(
    {
        "virtualNetwork": Ref("virtualNetworks", required=False),
        "subnet": Ref("virtualNetworks/subnets", required=False),
        "ipAddress": Text(),
        "loadBalancerFrontendIPConfiguration": Ref("loadBalancers/frontendIPConfigurations", required=False),
        "adminState": Text(("None", "Up", "Down")),
    }
)

POOL = Part(
    type="loadBalancers/backendAddressPools",
    noun="LoadBalancerBackendAddressPool",
    methods=WRITABLE,
    fields={
        "loadBalancerBackendAddresses": Items(Struct({"name": Text(), "properties": _BACKEND})),
        "virtualNetwork": Ref("virtualNetworks", required=False, action="joinLoadBalancer/action"),
        "syncMode": Text(("Automatic", "Manual")),
        "drainPeriodInSeconds": Number(0),
        "location": Text(),
        "tunnelInterfaces": Json(),
    },
    server=PROVISIONING
    | {"backendIPConfigurations", "loadBalancingRules", "outboundRule", "outboundRules", "inboundNatRules"},
    shows=(
        Back(
            "backendIPConfigurations",
            ((_INTERFACE, "loadBalancerBackendAddressPools"), (_SCALE_SET, "loadBalancerBackendAddressPools")),
        ),
        Back("loadBalancingRules", ((_RULES, "backendAddressPool"), (_RULES, "backendAddressPools"))),
        Back("outboundRules", ((_OUTBOUND, "backendAddressPool"),)),
        Back("inboundNatRules", ((_NAT, "backendAddressPool"),)),
    ),
)

RULE = Part(
    type=_RULES,
    methods=reads(),
    fields={
        "frontendIPConfiguration": _FRONTEND,
        "backendAddressPool": _POOL,
        "backendAddressPools": Refs(_POOL),
        "probe": Ref("loadBalancers/probes"),
        "protocol": _PROTOCOL,
        "loadDistribution": Text(("Default", "SourceIP", "SourceIPProtocol")),
        "frontendPort": Number(0, 65535),
        "backendPort": Number(0, 65535),
        "idleTimeoutInMinutes": Number(4, 100),
        "enableFloatingIP": Flag(),
        "enableTcpReset": Flag(),
        "disableOutboundSnat": Flag(),
        "enableConnectionTracking": Flag(),
    },
    defaults={
        "enableFloatingIP": False,
        "enableTcpReset": False,
        "disableOutboundSnat": False,
        "idleTimeoutInMinutes": 4,
        "loadDistribution": "Default",
    },
    server=PROVISIONING,
)

PROBE = Part(
    type="loadBalancers/probes",
    methods=reads(),
    fields={
        "protocol": Text(("Http", "Tcp", "Https")),
        "port": Number(0, 65535),
        "intervalInSeconds": Number(5),  # "the minimum value is 5" (REST reference, load balancer probes)
        "numberOfProbes": Number(0),
        "probeThreshold": Number(0),
        "requestPath": Text(),
        "noHealthyBackendsBehavior": Text(("AllProbedDown", "AllProbedUp")),
    },
    defaults={"intervalInSeconds": 15, "numberOfProbes": 1, "probeThreshold": 1},
    server=PROVISIONING | {"loadBalancingRules"},
    shows=(Back("loadBalancingRules", ((_RULES, "probe"),)),),
)

NAT_RULE = Part(
    type=_NAT,
    methods=WRITABLE,
    fields={
        "frontendIPConfiguration": _FRONTEND,
        "backendAddressPool": _POOL,
        "protocol": _PROTOCOL,
        "frontendPort": Number(0, 65535),
        "backendPort": Number(0, 65535),
        "frontendPortRangeStart": Number(0, 65535),
        "frontendPortRangeEnd": Number(0, 65535),
        "idleTimeoutInMinutes": Number(4, 100),
        "enableFloatingIP": Flag(),
        "enableTcpReset": Flag(),
    },
    defaults={"enableFloatingIP": False, "enableTcpReset": False, "idleTimeoutInMinutes": 4},
    server=PROVISIONING | {"backendIPConfiguration"},
    shows=(Back("backendIPConfiguration", ((_INTERFACE, "loadBalancerInboundNatRules"),), single=True),),
)

NAT_POOL = Part(
    type=_NAT_POOLS,
    fields={key: kind for key, kind in NAT_RULE.fields.items() if key not in ("backendAddressPool", "frontendPort")},
    defaults={"enableFloatingIP": False, "enableTcpReset": False, "idleTimeoutInMinutes": 4},
    server=PROVISIONING,
)

OUTBOUND_RULE = Part(
    type=_OUTBOUND,
    methods=reads(),
    fields={
        "frontendIPConfigurations": Refs(_FRONTEND),
        "backendAddressPool": _POOL,
        "protocol": _PROTOCOL,
        "allocatedOutboundPorts": Number(0, 64000),
        "idleTimeoutInMinutes": Number(4, 120),
        "enableTcpReset": Flag(),
    },
    defaults={"allocatedOutboundPorts": 0, "idleTimeoutInMinutes": 4, "enableTcpReset": False},
    server=PROVISIONING,
)

LOAD_BALANCER = Resource(
    type="loadBalancers",
    sku={"name": "Basic", "tier": "Regional"},
    fields={
        "frontendIPConfigurations": Parts(FRONTEND),
        "backendAddressPools": Parts(POOL),
        "loadBalancingRules": Parts(RULE),
        "probes": Parts(PROBE),
        "inboundNatRules": Parts(NAT_RULE),
        "outboundRules": Parts(OUTBOUND_RULE),
        "inboundNatPools": Parts(NAT_POOL),
        "scope": Text(("Public", "Private")),
    },
    defaults={
        "frontendIPConfigurations": [],
        "backendAddressPools": [],
        "loadBalancingRules": [],
        "probes": [],
        "inboundNatRules": [],
        "outboundRules": [],
        "inboundNatPools": [],
    },
    server=PROVISIONING | {"resourceGuid"},
    rules=(balancing.sku, balancing.frontends, balancing.rules, public.attach),
    at_once=True,
    in_use={"loadBalancers/frontendIPConfigurations": in_use.frontend},
    actions={
        "migratetoipbased": ("POST", actions.migrate_pools),
        "queryinboundnatruleportmapping": ("POST", actions.port_mapping),
        "networkinterfaces": ("GET", actions.balanced_interfaces),
        "health": ("POST", actions.rule_health),
    },
)
