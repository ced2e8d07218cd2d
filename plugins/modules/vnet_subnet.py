#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vnet_subnet
short_description: Manage subnets of a virtual network
version_added: 0.1.0
description:
  - Creates, changes and removes subnets.
  - Azure replaces a subnet as a whole when it is written. This module starts from what the subnet is, so nothing that
    the task does not name is lost; the route table which AKS hangs on its subnet stays where it is.
  - Subnets of one virtual network are written one at a time; the module waits for its turn.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope
  - innergate.azure._state
  - innergate.azure._state.wait
  - innergate.azure._state.if_match
options:
  resource_group:
    description:
      - Name of the resource group that the virtual network is in.
    type: str
    required: true
  virtual_network:
    description:
      - Name of the virtual network.
    type: str
    required: true
  name:
    description:
      - Name of the subnet.
    type: str
    required: true
  address_prefixes:
    description:
      - Address ranges of the subnet, as CIDR blocks, for example V(10.225.0.0/24), without bits of a host. This is the
        whole list; most subnets have one.
      - A new subnet needs this option, or O(ipam_pool_prefix_allocations).
      - M(innergate.azure.vnet_subnet_plan) finds a free range.
      - It can't be empty. Nothing in it may be there twice.
    type: list
    elements: str
    aliases: [address_prefix]
  network_security_group:
    description:
      - Network security group, by name in the same resource group or by ARM id. An empty string takes it away.
    type: str
  route_table:
    description:
      - Route table, by name in the same resource group or by ARM id. An empty string takes it away.
    type: str
  nat_gateway:
    description:
      - NAT gateway, by name in the same resource group or by ARM id. An empty string takes it away.
    type: str
  service_endpoints:
    description:
      - Service endpoints. Those not named here are kept, unless O(purge_service_endpoints=true).
      - An empty list changes nothing; with O(purge_service_endpoints=true) it removes all.
    type: list
    elements: dict
    suboptions:
      service:
        description:
          - The service, for example V(Microsoft.Storage).
        type: str
        required: true
      locations:
        description:
          - Regions of the service that are reached by the endpoint. Azure chooses when this is left out.
        type: list
        elements: str
  purge_service_endpoints:
    description:
      - Whether service endpoints that O(service_endpoints) does not name are removed.
    type: bool
    default: false
  service_endpoint_policies:
    description:
      - Service endpoint policies, by name in the same resource group or by ARM id. This is the whole list.
      - An empty list clears it.
    type: list
    elements: str
  delegations:
    description:
      - Services that the subnet is delegated to, for example V(Microsoft.Web/serverFarms). This is the whole list.
      - The classic tiers of API Management want a subnet without delegation, the v2 tiers one that is delegated.
      - Nothing in it may be there twice. An empty list clears it.
    type: list
    elements: str
  private_endpoint_network_policies:
    description:
      - Which network policies apply to private endpoints in the subnet.
    type: str
    choices: [Disabled, Enabled, NetworkSecurityGroupEnabled, RouteTableEnabled]
  private_link_service_network_policies:
    description:
      - Whether network policies apply to private link services in the subnet.
    type: str
    choices: [Disabled, Enabled]
  default_outbound_access:
    description:
      - Whether machines in the subnet reach the internet by an address that Azure lends them.
    type: bool
  sharing_scope:
    description:
      - Who may use the subnet besides its subscription.
    type: str
    choices: [Tenant, DelegatedServices]
  ipam_pool_prefix_allocations:
    description:
      - Address ranges that Azure takes from pools of Virtual Network Manager, instead of O(address_prefixes).
      - An empty list clears it.
    type: list
    elements: dict
    suboptions:
      pool:
        description:
          - ARM id of the pool.
        type: str
        required: true
      number_of_ip_addresses:
        description:
          - How many addresses to take.
        type: str
        required: true
seealso:
  - module: innergate.azure.vnet_subnet_info
  - module: innergate.azure.vnet_subnet_plan
  - module: innergate.azure.virtual_network
  - name: Microsoft.Network virtualNetworks/subnets
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks/subnets
"""

EXAMPLES = r"""
- name: Create a subnet for internal load balancers
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: services-subnet
    address_prefix: 10.225.1.0/24

- name: Change the network security group and the endpoints of a subnet
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: services-subnet
    network_security_group: aks-nsg
    service_endpoints:
      - service: Microsoft.Storage
      - service: Microsoft.KeyVault

- name: Delegate a subnet to a v2 tier of API Management, for outbound integration
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: apim-v2-subnet
    address_prefix: 10.225.2.0/27
    network_security_group: apim-nsg
    delegations:
      - Microsoft.Web/serverFarms

- name: Take the network security group away
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: services-subnet
    network_security_group: ""

- name: Remove a subnet
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: services-subnet
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the subnet.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/services-subnet
resource:
  description:
    - The subnet as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the subnet.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/services-subnet
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: services-subnet
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: W/"5f5c4b1c-0000-0000-0000-000000000000"
    address_prefixes:
      description:
        - Address ranges of the subnet, as CIDR blocks.
      returned: when set
      type: list
      elements: str
      sample:
        - 10.225.1.0/24
    network_security_group:
      description:
        - Network security group, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/networkSecurityGroups/aks-nsg
    route_table:
      description:
        - Route table, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/routeTables/aks-routes
    nat_gateway:
      description:
        - NAT gateway, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/natGateways/contoso-nat
    service_endpoints:
      description:
        - Service endpoints.
      returned: when set
      type: list
      elements: dict
      contains:
        service:
          description:
            - The service, for example V(Microsoft.Storage).
          returned: always
          type: str
          sample: Microsoft.Storage
        locations:
          description:
            - Regions of the service that are reached by the endpoint.
          returned: when set
          type: list
          elements: str
          sample:
            - westeurope
            - northeurope
    service_endpoint_policies:
      description:
        - Service endpoint policies, as ARM id.
      returned: when set
      type: list
      elements: str
      sample:
        - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/serviceEndpointPolicies/storage
    delegations:
      description:
        - Services that the subnet is delegated to, for example V(Microsoft.Web/serverFarms).
      returned: when set
      type: list
      elements: str
      sample:
        - Microsoft.Web/serverFarms
    private_endpoint_network_policies:
      description:
        - Which network policies apply to private endpoints in the subnet.
      returned: when set
      type: str
      sample: Disabled
    private_link_service_network_policies:
      description:
        - Whether network policies apply to private link services in the subnet.
      returned: when set
      type: str
      sample: Enabled
    default_outbound_access:
      description:
        - Whether machines in the subnet reach the internet by an address that Azure lends them.
      returned: when set
      type: bool
      sample: false
    sharing_scope:
      description:
        - Who may use the subnet besides its subscription.
      returned: when set
      type: str
      sample: Tenant
    ipam_pool_prefix_allocations:
      description:
        - Address ranges that Azure takes from pools of Virtual Network Manager, instead of O(address_prefixes).
      returned: when set
      type: list
      elements: dict
      contains:
        pool:
          description:
            - ARM id of the pool.
          returned: always
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/hub-rg/providers/Microsoft.Network/networkManagers/hub/ipamPools/apps
        number_of_ip_addresses:
          description:
            - How many addresses to take.
          returned: always
          type: str
          sample: '256'
    ip_configurations:
      description:
        - ARM ids of the IP configurations in the subnet, as far as Azure shows them.
      returned: when set
      type: list
      elements: str
      sample:
        - /subscriptions/SUBSCRIPTION/resourceGroups/MC_contoso/providers/Microsoft.Network/loadBalancers/kubernetes-internal/frontendIPConfigurations/a1
    private_endpoints:
      description:
        - ARM ids of the private endpoints in the subnet.
      returned: when set
      type: list
      elements: str
      sample:
        - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/privateEndpoints/registry
    purpose:
      description:
        - What Azure made the subnet for.
      returned: when set
      type: str
      sample: PrivateEndpoints
    provisioning_state:
      description:
        - State of the last operation.
      returned: when set
      type: str
      sample: Succeeded
error:
  description:
    - What went wrong, in the same shape for every module. Options that Ansible itself refuses have none.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - Azure's error code, or a word of this module's own; V(InvalidOptions) where the options can't work.
      returned: always
      type: str
      sample: ValidationError
    status:
      description:
        - HTTP status of the answer.
      returned: when Azure answered
      type: int
      sample: 400
    message:
      description:
        - What Azure said, or why it was not asked.
      returned: always
      type: str
      sample: 'One or more fields contain incorrect values:'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/services-subnet
    request_id:
      description:
        - Id of the request, for Azure support.
      returned: when Azure answered
      type: str
      sample: 8d1f2c1e-7a53-4c7c-9d4f-2f6e0c0a5b11
    operation:
      description:
        - The operation that failed.
      returned: when one did
      type: str
      sample: subnets.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.vnet_subnet import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
