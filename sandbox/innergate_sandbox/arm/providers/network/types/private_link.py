# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private endpoints, private link services and service endpoint policies."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network.declaration import (
    JOIN,
    PROVISIONING,
    WRITABLE,
    Back,
    Flag,
    Json,
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
from innergate_sandbox.arm.providers.network.rules import in_use, interfaces

_CONNECTION = {
    "privateLinkServiceId": Text(),
    "groupIds": Texts(),
    "requestMessage": Text(),
    "privateLinkServiceConnectionState": Struct(
        {"status": Text(), "description": Text(), "actionsRequired": Text()},
    ),
}
CONNECTION = Part(type="privateEndpoints/privateLinkServiceConnections", fields=_CONNECTION, server=PROVISIONING)
MANUAL = Part(type="privateEndpoints/manualPrivateLinkServiceConnections", fields=_CONNECTION, server=PROVISIONING)

# What a private endpoint leads to may be a resource of any provider, so its existence is not checked; nor are static
# addresses outside of the subnet refused, for the official examples have them.
PRIVATE_ENDPOINT = Resource(
    type="privateEndpoints",
    fields={
        "subnet": Ref("virtualNetworks/subnets", action=JOIN),
        "privateLinkServiceConnections": Parts(CONNECTION, named=False),
        "manualPrivateLinkServiceConnections": Parts(MANUAL, named=False),
        "customDnsConfigs": Json(),
        "applicationSecurityGroups": Refs(Ref("applicationSecurityGroups", required=False)),
        "ipConfigurations": Json(),
        "customNetworkInterfaceName": Text(),
        "ipVersionType": Text(("IPv4", "IPv6", "DualStack")),
        "networkInterfaces": Refs(Ref("networkInterfaces", required=False)),
    },
    # cloud-provider-azure recording privateendpointclient
    defaults={
        "privateLinkServiceConnections": [],
        "manualPrivateLinkServiceConnections": [],
        "customNetworkInterfaceName": "",
        "ipConfigurations": [],
        "customDnsConfigs": [],
        "isIPv6EnabledPrivateEndpoint": False,
    },
    server=PROVISIONING | {"resourceGuid", "networkInterfaces", "isIPv6EnabledPrivateEndpoint"},
    rules=(interfaces.connections, interfaces.own_interface),
    seconds=30.0,
    gone=interfaces.release,
)

LINK_CONFIGURATION = Part(
    type="privateLinkServices/ipConfigurations",
    fields={
        "privateIPAddress": Text(),
        "privateIPAllocationMethod": Text(("Static", "Dynamic")),
        "subnet": Ref("virtualNetworks/subnets", action=JOIN),
        "primary": Flag(),
        "privateIPAddressVersion": Text(("IPv4", "IPv6")),
    },
    defaults={"privateIPAllocationMethod": "Dynamic", "privateIPAddressVersion": "IPv4"},
    server=PROVISIONING,
)

LINK_SERVICE = Resource(
    type="privateLinkServices",
    fields={
        "loadBalancerFrontendIpConfigurations": Refs(Ref("loadBalancers/frontendIPConfigurations")),
        "ipConfigurations": Parts(LINK_CONFIGURATION),
        "fqdns": Texts(),
        "visibility": Struct({"subscriptions": Texts()}),
        "autoApproval": Struct({"subscriptions": Texts()}),
        "enableProxyProtocol": Flag(),
        "destinationIPAddress": Text(),
        "accessMode": Text(),
        "networkInterfaces": Refs(Ref("networkInterfaces", required=False)),
    },
    defaults={"fqdns": [], "enableProxyProtocol": False, "ipConfigurations": []},
    server=PROVISIONING | {"resourceGuid", "alias", "privateEndpointConnections", "networkInterfaces"},
    rules=(interfaces.link_service, interfaces.own_interface),
    decorate=interfaces.lead_here,
    seconds=30.0,
    gone=interfaces.release,
)

DEFINITION = Part(
    type="serviceEndpointPolicies/serviceEndpointPolicyDefinitions",
    methods=WRITABLE,
    fields={"service": Text(), "description": Text(), "serviceResources": Texts()},
    server=PROVISIONING,
)

ENDPOINT_POLICY = Resource(
    type="serviceEndpointPolicies",
    noun="ServiceEndpointPolicy",
    fields={
        "serviceEndpointPolicyDefinitions": Parts(DEFINITION),
        "contextualServiceEndpointPolicies": Texts(),
        "serviceAlias": Text(),
    },
    defaults={"serviceEndpointPolicyDefinitions": []},
    server=PROVISIONING | {"resourceGuid", "subnets"},
    shows=(Back("subnets", (("virtualNetworks/subnets", "serviceEndpointPolicies"),), always=True),),
    in_use={"serviceEndpointPolicies": in_use.endpoint_policy},
)

__all__ = ["ENDPOINT_POLICY", "LINK_SERVICE", "PRIVATE_ENDPOINT", "reads"]
