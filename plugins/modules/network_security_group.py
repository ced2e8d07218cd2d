#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: network_security_group
short_description: Manage network security groups and their rules
version_added: 0.1.0
description:
  - Creates, changes and removes network security groups, together with their security rules.
  - Rules are found by their name. Rules that the task does not name are kept, unless O(purge_security_rules=true).
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
      - Name of the network security group.
    type: str
    required: true
  location:
    description:
      - Azure region, for example V(westeurope) or V(West Europe).
      - Required when the network security group is created. It can't be changed afterwards.
    type: str
  security_rules:
    description:
      - Security rules. Those not named here are kept, unless O(purge_security_rules=true).
      - An empty list changes nothing; with O(purge_security_rules=true) it removes all.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the rule, unique in the group, for example V(AllowClients). It has letters, digits, C(.), C(-) and
            C(_), at most 80 characters, begins with a letter or digit and ends with one or with C(_).
        type: str
        required: true
      description:
        description:
          - What the rule is for, in at most 140 characters.
        type: str
      protocol:
        description:
          - Protocol of the traffic; V(*) is any. Required for a new rule.
        type: str
        choices: [Tcp, Udp, Icmp, Esp, Ah, '*']
      access:
        description:
          - Whether matching traffic may pass. Required for a new rule.
        type: str
        choices: [Allow, Deny]
      direction:
        description:
          - Direction of the traffic. Required for a new rule.
        type: str
        choices: [Inbound, Outbound]
      priority:
        description:
          - Order of evaluation, from 100 (first) to 4096, unique in each direction. Required for a new rule.
        type: int
      source_address_prefixes:
        description:
          - Where the traffic comes from, as CIDR blocks, a service tag such as V(ApiManagement), or V(*).
          - A service tag or V(*) stands alone.
        type: list
        elements: str
        aliases: [source_address_prefix]
      source_port_ranges:
        description:
          - Ports that the traffic comes from, as V(443), V(1024-65535) or V(*). A new rule has V(*) when this is left
            out.
        type: list
        elements: str
        aliases: [source_port_range]
      source_application_security_groups:
        description:
          - Application security groups that the traffic comes from, by name in the same resource group or by ARM id.
        type: list
        elements: str
      destination_address_prefixes:
        description:
          - Where the traffic goes to, as CIDR blocks, a service tag such as V(Storage), or V(*).
          - A service tag or V(*) stands alone.
        type: list
        elements: str
        aliases: [destination_address_prefix]
      destination_port_ranges:
        description:
          - Ports that the traffic goes to, as V(443), V(6381-6383) or V(*).
        type: list
        elements: str
        aliases: [destination_port_range]
      destination_application_security_groups:
        description:
          - Application security groups that the traffic goes to, by name in the same resource group or by ARM id.
        type: list
        elements: str
  purge_security_rules:
    description:
      - Whether rules that O(security_rules) does not name are removed.
    type: bool
    default: false
  flush_connection:
    description:
      - Whether connections that were made before a rule changed are evaluated again.
    type: bool
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
  - module: innergate.azure.network_security_group_info
  - module: innergate.azure.vnet_subnet
  - name: Virtual network configuration reference of API Management
    description: Ports that API Management needs.
    link: https://learn.microsoft.com/azure/api-management/virtual-network-reference
"""

EXAMPLES = r"""
- name: Create a network security group for API Management in internal mode
  innergate.azure.network_security_group:
    resource_group: contoso-rg
    name: gateway-nsg
    location: westeurope
    security_rules:
      - name: AllowApimManagement
        description: Management endpoint of API Management
        priority: 1010
        direction: Inbound
        access: Allow
        protocol: Tcp
        source_address_prefix: ApiManagement
        destination_address_prefix: VirtualNetwork
        destination_port_range: "3443"
      - name: AllowStorage
        priority: 1010
        direction: Outbound
        access: Allow
        protocol: Tcp
        source_address_prefix: VirtualNetwork
        destination_address_prefix: Storage
        destination_port_range: "443"

- name: Change one rule and add another one
  innergate.azure.network_security_group:
    resource_group: contoso-rg
    name: gateway-nsg
    security_rules:
      - name: AllowApimManagement
        priority: 1000
      - name: AllowClients
        priority: 1100
        direction: Inbound
        access: Allow
        protocol: Tcp
        source_address_prefixes:
          - 203.0.113.0/24
          - 198.51.100.0/24
        destination_address_prefix: VirtualNetwork
        destination_port_ranges:
          - "80"
          - "443"

- name: Keep only the rules given here
  innergate.azure.network_security_group:
    resource_group: contoso-rg
    name: gateway-nsg
    purge_security_rules: true
    security_rules:
      - name: AllowApimManagement
      - name: AllowStorage

- name: Remove a network security group
  innergate.azure.network_security_group:
    resource_group: contoso-rg
    name: gateway-nsg
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the network security group.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/networkSecurityGroups/gateway-nsg
resource:
  description:
    - The network security group as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the network security group.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/networkSecurityGroups/gateway-nsg
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: gateway-nsg
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
    security_rules:
      description:
        - Security rules.
      returned: when set
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name of the rule, unique in the group.
          returned: always
          type: str
          sample: AllowApimManagement
        description:
          description:
            - What the rule is for, in at most 140 characters.
          returned: when set
          type: str
          sample: Management endpoint of API Management
        protocol:
          description:
            - Protocol of the traffic;
          returned: always
          type: str
          sample: Tcp
        access:
          description:
            - Whether matching traffic may pass.
          returned: always
          type: str
          sample: Allow
        direction:
          description:
            - Direction of the traffic.
          returned: always
          type: str
          sample: Inbound
        priority:
          description:
            - Order of evaluation, from 100 (first) to 4096, unique in each direction.
          returned: always
          type: int
          sample: 1010
        source_address_prefixes:
          description:
            - Where the traffic comes from, as CIDR blocks, a service tag such as V(ApiManagement), or V(*).
          returned: when set
          type: list
          elements: str
          sample:
            - ApiManagement
        source_port_ranges:
          description:
            - Ports that the traffic comes from, as V(443), V(1024-65535) or V(*).
          returned: when set
          type: list
          elements: str
          sample:
            - '*'
        source_application_security_groups:
          description:
            - Application security groups that the traffic comes from, as ARM id.
          returned: when set
          type: list
          elements: str
          sample:
            - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/applicationSecurityGroups/web
        destination_address_prefixes:
          description:
            - Where the traffic goes to, as CIDR blocks, a service tag such as V(Storage), or V(*).
          returned: when set
          type: list
          elements: str
          sample:
            - VirtualNetwork
        destination_port_ranges:
          description:
            - Ports that the traffic goes to, as V(443), V(6381-6383) or V(*).
          returned: when set
          type: list
          elements: str
          sample:
            - '3443'
        destination_application_security_groups:
          description:
            - Application security groups that the traffic goes to, as ARM id.
          returned: when set
          type: list
          elements: str
          sample:
            - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/applicationSecurityGroups/web
    flush_connection:
      description:
        - Whether connections that were made before a rule changed are evaluated again.
      returned: when set
      type: bool
      sample: false
    tags:
      description:
        - Tags of the resource.
      returned: when set
      type: dict
      sample:
        environment: staging
    default_security_rules:
      description:
        - Rules that every network security group has, after all others.
      returned: when set
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name of the rule.
          returned: always
          type: str
          sample: DenyAllInBound
        description:
          description:
            - What the rule is for.
          returned: when set
          type: str
          sample: Deny all inbound traffic
        protocol:
          description:
            - Protocol of the traffic.
          returned: always
          type: str
          sample: '*'
        access:
          description:
            - Whether matching traffic may pass.
          returned: always
          type: str
          sample: Deny
        direction:
          description:
            - Direction of the traffic.
          returned: always
          type: str
          sample: Inbound
        priority:
          description:
            - Order of evaluation.
          returned: always
          type: int
          sample: 65500
        source_address_prefixes:
          description:
            - Where the traffic comes from.
          returned: when set
          type: list
          elements: str
          sample:
            - '*'
        source_port_ranges:
          description:
            - Ports that the traffic comes from.
          returned: when set
          type: list
          elements: str
          sample:
            - '*'
        destination_address_prefixes:
          description:
            - Where the traffic goes to.
          returned: when set
          type: list
          elements: str
          sample:
            - '*'
        destination_port_ranges:
          description:
            - Ports that the traffic goes to.
          returned: when set
          type: list
          elements: str
          sample:
            - '*'
    subnets:
      description:
        - ARM ids of the subnets that use the group.
      returned: when set
      type: list
      elements: str
      sample:
        - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/apim-subnet
    network_interfaces:
      description:
        - ARM ids of the network interfaces that use the group.
      returned: when set
      type: list
      elements: str
      sample: []
    resource_guid:
      description:
        - Id that Azure gave the group.
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/networkSecurityGroups/gateway-nsg
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
      sample: network_security_groups.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.network_security_group import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
