#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: public_ip_address
short_description: Manage public IP addresses
version_added: 0.1.0
description:
  - Creates, changes and removes public IP addresses.
  - A new one is static and has the Standard SKU unless the task says otherwise, as API Management, NAT gateways and
    load balancers of AKS need it.
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
      - Name of the public IP address.
    type: str
    required: true
  location:
    description:
      - Azure region, for example V(westeurope) or V(West Europe).
      - Required when the address is created. It can't be changed afterwards.
    type: str
  sku:
    description:
      - SKU of the address. A new one has V(Standard) when this is left out.
    type: dict
    suboptions:
      name:
        description:
          - Name of the SKU.
        type: str
        choices: [Basic, Standard, StandardV2]
      tier:
        description:
          - Whether the address belongs to one region or is announced from many.
        type: str
        choices: [Regional, Global]
  public_ip_allocation_method:
    description:
      - Whether the address is fixed. A new one has V(Static) when this is left out.
      - V(Dynamic) is for O(sku.name=Basic) only. An address that becomes V(Standard) has to become V(Static) with it.
    type: str
    choices: [Static, Dynamic]
    aliases: [allocation_method]
  public_ip_address_version:
    description:
      - Version of the Internet Protocol.
      - It can't be changed after creation.
    type: str
    choices: [IPv4, IPv6]
    aliases: [version]
  dns_settings:
    description:
      - Names of the address. API Management needs a label on its public IP address.
      - An empty dictionary clears it.
    type: dict
    suboptions:
      domain_name_label:
        description:
          - First part of the name C(LABEL.REGION.cloudapp.azure.com). An empty string takes the name away.
          - It has to match C([a-z][a-z0-9-]{1,61}[a-z0-9]).
        type: str
      domain_name_label_scope:
        description:
          - Who may take the label over when the address is removed.
        type: str
        choices: [TenantReuse, SubscriptionReuse, ResourceGroupReuse, NoReuse]
      reverse_fqdn:
        description:
          - Name that reverse look-ups of the address give.
          - An empty string clears it.
        type: str
  idle_timeout_in_minutes:
    description:
      - After how many idle minutes a TCP connection is closed, from 4 to 30.
    type: int
  zones:
    description:
      - Availability zones that the address lives in.
      - It can't be changed after creation.
    type: list
    elements: str
  ip_tags:
    description:
      - IP tags, such as the routing preference.
      - An empty list clears it.
    type: list
    elements: dict
    suboptions:
      ip_tag_type:
        description:
          - Kind of the tag, for example V(RoutingPreference).
        type: str
        required: true
      tag:
        description:
          - Value of the tag, for example V(Internet).
        type: str
        required: true
  public_ip_prefix:
    description:
      - Public IP prefix that the address is taken from, by name in the same resource group or by ARM id.
      - It can't be changed after creation.
    type: str
  ddos_settings:
    description:
      - DDoS protection of the address.
      - An empty dictionary puts back what Azure has by itself.
    type: dict
    suboptions:
      protection_mode:
        description:
          - Whether the address is protected, or does as its virtual network does.
        type: str
        choices: [VirtualNetworkInherited, Enabled, Disabled]
      ddos_protection_plan:
        description:
          - DDoS protection plan, by name in the same resource group or by ARM id. An empty string takes it away.
        type: str
  delete_option:
    description:
      - What happens with the address when the virtual machine that uses it is removed.
    type: str
    choices: [Delete, Detach]
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
  - module: innergate.azure.public_ip_address_info
  - module: innergate.azure.apim_service
  - name: Microsoft.Network publicIPAddresses
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.network/publicipaddresses
"""

EXAMPLES = r"""
- name: Create a public IP address for API Management
  innergate.azure.public_ip_address:
    resource_group: contoso-rg
    name: gateway-ip
    location: westeurope
    dns_settings:
      domain_name_label: contoso-gateway

- name: Change the idle timeout and the tags
  innergate.azure.public_ip_address:
    resource_group: contoso-rg
    name: gateway-ip
    idle_timeout_in_minutes: 15
    tags:
      environment: staging

- name: Remove a public IP address
  innergate.azure.public_ip_address:
    resource_group: contoso-rg
    name: gateway-ip
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the public IP address.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPAddresses/gateway-ip
resource:
  description:
    - The public IP address as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the public IP address.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPAddresses/gateway-ip
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: gateway-ip
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
    sku:
      description:
        - SKU of the address.
      returned: when set
      type: dict
      contains:
        name:
          description:
            - Name of the SKU.
          returned: when set
          type: str
          sample: Standard
        tier:
          description:
            - Whether the address belongs to one region or is announced from many.
          returned: when set
          type: str
          sample: Regional
    public_ip_allocation_method:
      description:
        - Whether the address is fixed.
      returned: when set
      type: str
      sample: Static
    public_ip_address_version:
      description:
        - Version of the Internet Protocol.
      returned: when set
      type: str
      sample: IPv4
    dns_settings:
      description:
        - Names of the address.
      returned: when set
      type: dict
      contains:
        domain_name_label:
          description:
            - First part of the name C(LABEL.REGION.cloudapp.azure.com).
          returned: when set
          type: str
          sample: contoso-gateway
        domain_name_label_scope:
          description:
            - Who may take the label over when the address is removed.
          returned: when set
          type: str
          sample: TenantReuse
        reverse_fqdn:
          description:
            - Name that reverse look-ups of the address give.
          returned: when set
          type: str
          sample: gateway.contoso.com.
        fqdn:
          description:
            - The whole name.
          returned: when set
          type: str
          sample: contoso-gateway.westeurope.cloudapp.azure.com
    idle_timeout_in_minutes:
      description:
        - After how many idle minutes a TCP connection is closed, from 4 to 30.
      returned: when set
      type: int
      sample: 4
    zones:
      description:
        - Availability zones that the address lives in.
      returned: when set
      type: list
      elements: str
      sample:
        - '1'
        - '2'
        - '3'
    ip_tags:
      description:
        - IP tags, such as the routing preference.
      returned: when set
      type: list
      elements: dict
      contains:
        ip_tag_type:
          description:
            - Kind of the tag, for example V(RoutingPreference).
          returned: always
          type: str
          sample: RoutingPreference
        tag:
          description:
            - Value of the tag, for example V(Internet).
          returned: always
          type: str
          sample: Internet
    public_ip_prefix:
      description:
        - Public IP prefix that the address is taken from, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPPrefixes/contoso-prefix
    ddos_settings:
      description:
        - DDoS protection of the address.
      returned: when set
      type: dict
      contains:
        protection_mode:
          description:
            - Whether the address is protected, or does as its virtual network does.
          returned: when set
          type: str
          sample: VirtualNetworkInherited
        ddos_protection_plan:
          description:
            - DDoS protection plan, as ARM id.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/ddosProtectionPlans/contoso-ddos
    delete_option:
      description:
        - What happens with the address when the virtual machine that uses it is removed.
      returned: when set
      type: str
      sample: Detach
    tags:
      description:
        - Tags of the resource.
      returned: when set
      type: dict
      sample:
        environment: staging
    ip_address:
      description:
        - The address itself.
      returned: when set
      type: str
      sample: 203.0.113.10
    ip_configuration:
      description:
        - ARM id of the IP configuration that uses the address.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/loadBalancers/contoso-lb/frontendIPConfigurations/public
    nat_gateway:
      description:
        - ARM id of the NAT gateway that uses the address.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/natGateways/contoso-nat
    resource_guid:
      description:
        - Id that Azure gave the resource.
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPAddresses/gateway-ip
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
      sample: public_ip_addresses.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.public_ip_address import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
