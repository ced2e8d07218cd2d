#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route_table
short_description: Manage route tables and their routes
version_added: 0.1.0
description:
  - Creates, changes and removes route tables, together with their routes.
  - Routes are found by their name. Routes that the task does not name are kept, unless O(purge_routes=true).
  - A subnet gets a route table with O(innergate.azure.vnet_subnet#module:route_table).
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
      - Name (id) of the route table.
    type: str
    required: true
  location:
    description:
      - Azure region, for example V(westeurope) or V(West Europe).
      - Required when the route table is created. It can't be changed afterwards.
    type: str
  routes:
    description:
      - Routes. Those not named here are kept, unless O(purge_routes=true).
      - An empty list changes nothing; with O(purge_routes=true) it removes all.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the route, unique in the table, for example V(ApiManagement). It has letters, digits, C(.), C(-) and
            C(_), at most 80 characters, begins with a letter or digit and ends with one or with C(_).
        type: str
        required: true
      address_prefix:
        description:
          - Where the traffic goes to, as a CIDR block or a service tag such as V(ApiManagement).
          - Required for a new route. No two routes of a table can have the same.
        type: str
      next_hop_type:
        description:
          - What the traffic is handed to. Required for a new route. V(None) drops it.
        type: str
        choices:
          - VirtualNetworkGateway
          - VnetLocal
          - Internet
          - VirtualAppliance
          - VirtualApplianceEcmp
          - None
      next_hop_ip_address:
        description:
          - Address of the appliance, such as V(10.0.0.4), which has to be there for V(VirtualAppliance).
          - Azure takes it with O(routes[].next_hop_type=VirtualAppliance) only.
        type: str
      next_hop:
        description:
          - Addresses of several appliances that share the traffic.
          - Azure takes it with O(routes[].next_hop_type=VirtualApplianceEcmp) only.
        type: dict
        suboptions:
          next_hop_ip_addresses:
            description:
              - The addresses, such as V(10.0.0.4), at least 2 and at most 64.
              - Needed, unless the dictionary is empty, which clears it.
            type: list
            elements: str
  purge_routes:
    description:
      - Whether routes that O(routes) does not name are removed.
    type: bool
    default: false
  disable_bgp_route_propagation:
    description:
      - Whether routes that a gateway has learnt by BGP are kept out of the table.
    type: bool
  disable_peering_route:
    description:
      - Which routes to peered virtual networks are kept out of the table.
    type: str
    choices:
      - None
      - All
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
  - module: innergate.azure.route_table_info
  - module: innergate.azure.vnet_subnet
  - name: Microsoft.Network routeTables
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.network/routetables
"""

EXAMPLES = r"""
- name: Create a route table that sends all but the management of API Management through a firewall
  innergate.azure.route_table:
    resource_group: contoso-rg
    name: gateway-routes
    location: westeurope
    routes:
      - name: ApiManagement
        address_prefix: ApiManagement
        next_hop_type: Internet
      - name: Everything
        address_prefix: 0.0.0.0/0
        next_hop_type: VirtualAppliance
        next_hop_ip_address: 10.1.0.4

- name: Change one route and add another one
  innergate.azure.route_table:
    resource_group: contoso-rg
    name: gateway-routes
    routes:
      - name: Everything
        next_hop_ip_address: 10.1.0.5
      - name: Office
        address_prefix: 10.9.0.0/16
        next_hop_type: VirtualNetworkGateway
    tags:
      owner: network

- name: Remove a route table
  innergate.azure.route_table:
    resource_group: contoso-rg
    name: gateway-routes
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the route table.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/routeTables/gateway-routes
resource:
  description:
    - The route table as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the route table.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/routeTables/gateway-routes
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: gateway-routes
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
    routes:
      description:
        - Routes.
      returned: when set
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name of the route, unique in the table.
          returned: always
          type: str
          sample: ApiManagement
        address_prefix:
          description:
            - Where the traffic goes to, as a CIDR block or a service tag such as V(ApiManagement).
          returned: always
          type: str
          sample: ApiManagement
        next_hop_type:
          description:
            - What the traffic is handed to. V(None) drops it.
          returned: always
          type: str
          sample: Internet
        next_hop_ip_address:
          description:
            - Address of the appliance.
          returned: when set
          type: str
          sample: 10.1.0.4
        next_hop:
          description:
            - Addresses of several appliances that share the traffic.
          returned: when set
          type: dict
          contains:
            next_hop_ip_addresses:
              description:
                - The addresses.
              returned: when set
              type: list
              elements: str
              sample:
                - 10.1.0.4
                - 10.1.0.5
    disable_bgp_route_propagation:
      description:
        - Whether routes that a gateway has learnt by BGP are kept out of the table.
      returned: when set
      type: bool
      sample: true
    disable_peering_route:
      description:
        - Which routes to peered virtual networks are kept out of the table.
      returned: when set
      type: str
      sample: None
    tags:
      description:
        - Tags of the resource.
      returned: when set
      type: dict
      sample:
        owner: network
    subnets:
      description:
        - ARM ids of the subnets that have this route table.
      returned: when set
      type: list
      elements: str
      sample:
        - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/apim-subnet
    resource_guid:
      description:
        - Id that Azure gave the table.
      returned: when set
      type: str
      sample: 8a1f7c40-0000-0000-0000-000000000000
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/routeTables/gateway-routes
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
      sample: route_tables.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.route_table import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
