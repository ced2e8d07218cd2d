#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtual_network
short_description: Manage virtual networks
version_added: 0.1.0
description:
  - Creates, changes and removes virtual networks.
  - Subnets and peerings are resources of their own. This module shows them, but never changes or removes them; use
    M(innergate.azure.vnet_subnet) for subnets.
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
  name:
    description:
      - Name of the virtual network.
    type: str
    required: true
  location:
    description:
      - Azure region, for example V(westeurope) or V(West Europe).
      - Required when the virtual network is created. It can't be changed afterwards.
    type: str
  address_prefixes:
    description:
      - The address space, as CIDR blocks, for example V(10.224.0.0/12), without bits of a host. This is the whole list;
        a block that still holds subnets can't be left out.
      - Required when the virtual network is created.
    type: list
    elements: str
  dns_servers:
    description:
      - IP addresses of the DNS servers that machines in the network are given, such as V(10.0.0.4), in this order.
      - An empty list goes back to the DNS of Azure.
      - API Management reads them when it joins; after a later change it has to be told to apply network updates.
    type: list
    elements: str
  enable_ddos_protection:
    description:
      - Whether DDoS Network Protection covers the network. Needs O(ddos_protection_plan).
    type: bool
  ddos_protection_plan:
    description:
      - DDoS protection plan, by name in the same resource group or by ARM id. An empty string takes it away.
    type: str
  enable_vm_protection:
    description:
      - Whether all virtual machines in the network are protected.
    type: bool
  flow_timeout_in_minutes:
    description:
      - After how many idle minutes connection tracking forgets a flow, from 4 to 30.
    type: int
  encryption:
    description:
      - Encryption of traffic between virtual machines.
      - An empty dictionary clears it.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether it is on.
          - Needed, unless the dictionary is empty, which clears it.
        type: bool
      enforcement:
        description:
          - What happens with traffic of machines that can't encrypt.
        type: str
        choices: [DropUnencrypted, AllowUnencrypted]
  bgp_community:
    description:
      - BGP community that is announced over ExpressRoute, for example V(12076:20000).
      - An empty string clears it.
    type: str
  private_endpoint_vnet_policies:
    description:
      - Policies of private endpoints in the network.
    type: str
    choices: [Disabled, Basic]
  tags:
    description:
      - Tags of the resource. Tags not named here are kept, unless O(purge_tags=true). A tag set to null is removed.
      - A key whose value is V(null) is removed.
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not name are removed.
    type: bool
    default: false
seealso:
  - module: innergate.azure.virtual_network_info
  - module: innergate.azure.vnet_subnet
  - name: Microsoft.Network virtualNetworks
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks
"""

EXAMPLES = r"""
- name: Create a virtual network
  innergate.azure.virtual_network:
    resource_group: contoso-rg
    name: contoso-edge-vnet
    location: westeurope
    address_prefixes:
      - 10.96.0.0/16
    tags:
      environment: staging

- name: Change the address space and the DNS servers
  innergate.azure.virtual_network:
    resource_group: contoso-rg
    name: contoso-edge-vnet
    address_prefixes:
      - 10.96.0.0/16
      - 10.97.0.0/16
    dns_servers:
      - 10.96.0.4
      - 10.96.0.5
    tags:
      cost-center: "4711"

- name: Go back to the DNS of Azure
  innergate.azure.virtual_network:
    resource_group: contoso-rg
    name: contoso-edge-vnet
    dns_servers: []

- name: Remove a virtual network
  innergate.azure.virtual_network:
    resource_group: contoso-rg
    name: contoso-edge-vnet
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the virtual network.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet
resource:
  description:
    - The virtual network as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the virtual network.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: contoso-vnet
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: W/"5f5c4b1c-0000-0000-0000-000000000000"
    location:
      description:
        - Azure region, for example V(westeurope) or V(West Europe).
      returned: always
      type: str
      sample: westeurope
    address_prefixes:
      description:
        - The address space, as CIDR blocks.
      returned: always
      type: list
      elements: str
      sample:
        - 10.224.0.0/12
    dns_servers:
      description:
        - Addresses of the DNS servers that machines in the network are given, in this order.
      returned: when set
      type: list
      elements: str
      sample:
        - 10.224.0.4
    enable_ddos_protection:
      description:
        - Whether DDoS Network Protection covers the network.
      returned: when set
      type: bool
      sample: false
    ddos_protection_plan:
      description:
        - DDoS protection plan, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/ddosProtectionPlans/contoso-ddos
    enable_vm_protection:
      description:
        - Whether all virtual machines in the network are protected.
      returned: when set
      type: bool
      sample: false
    flow_timeout_in_minutes:
      description:
        - After how many idle minutes connection tracking forgets a flow, from 4 to 30.
      returned: when set
      type: int
      sample: 10
    encryption:
      description:
        - Encryption of traffic between virtual machines.
      returned: when set
      type: dict
      contains:
        enabled:
          description:
            - Whether it is on.
          returned: always
          type: bool
          sample: true
        enforcement:
          description:
            - What happens with traffic of machines that can't encrypt.
          returned: when set
          type: str
          sample: AllowUnencrypted
    bgp_community:
      description:
        - BGP community that is announced over ExpressRoute, for example V(12076:20000).
      returned: when set
      type: str
      sample: 12076:20000
    private_endpoint_vnet_policies:
      description:
        - Policies of private endpoints in the network.
      returned: when set
      type: str
      sample: Disabled
    tags:
      description:
        - Tags of the resource.
      returned: when set
      type: dict
      sample:
        environment: staging
    subnets:
      description:
        - Subnets of the network.
      returned: when set
      type: list
      elements: dict
      contains:
        id:
          description:
            - ARM id of the subnet.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/aks-subnet
        name:
          description:
            - Name of the subnet.
          returned: when set
          type: str
          sample: aks-subnet
        address_prefixes:
          description:
            - Its address ranges.
          returned: when set
          type: list
          elements: str
          sample:
            - 10.224.0.0/16
        network_security_group:
          description:
            - ARM id of its network security group.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/networkSecurityGroups/aks-nsg
        route_table:
          description:
            - ARM id of its route table.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/routeTables/aks-routes
    virtual_network_peerings:
      description:
        - Peerings with other networks.
      returned: when set
      type: list
      elements: dict
      contains:
        id:
          description:
            - ARM id of the peering.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/virtualNetworkPeerings/hub
        name:
          description:
            - Name of the peering.
          returned: when set
          type: str
          sample: hub
        remote_virtual_network:
          description:
            - ARM id of the network at the other end.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/hub-rg/providers/Microsoft.Network/virtualNetworks/hub-vnet
        peering_state:
          description:
            - State of the peering.
          returned: when set
          type: str
          sample: Connected
    resource_guid:
      description:
        - Id that Azure gave the network.
      returned: when set
      type: str
      sample: 4f7c1f0e-33ae-4a3e-8d35-f8b3b2b21a11
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet
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
      sample: virtual_networks.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.virtual_network import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
