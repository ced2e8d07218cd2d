#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vnet_subnet_plan
short_description: Find room for subnets in a virtual network
version_added: 0.1.0
description:
  - Says which address range each of the wanted subnets has or can have. Nothing is written.
  - A subnet that exists keeps its range. A new one gets the first free place in the smallest block that the subnets of
    others leave and that has room for it. So the same plan comes out when the module runs again with the same
    O(subnets), whether or not some of them have been created meanwhile.
  - Free is what lies in the address space of the virtual network, in none of its subnets, in nothing that O(avoid)
    names, in no virtual network that is peered, and in no range that Azure forbids. A subnet never spans two address
    prefixes.
  - Only IPv4 is planned.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope
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
  subnets:
    description:
      - The subnets that are wanted, in the order in which they get their place.
      - A list made for M(innergate.azure.vnet_subnet) can be given as it is. What does not concern the plan is ignored.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the subnet.
        type: str
        required: true
      address_prefix:
        description:
          - The range that the subnet must have. The task fails if the subnet exists with another one, or if the range
            is not free.
        type: str
      prefix_length:
        description:
          - Size of the subnet, between 2 and 29. A subnet that exists may be larger.
        type: int
      size:
        description:
          - How many addresses must be there to be assigned, at least 1. Azure keeps five of every subnet for itself.
        type: int
      for:
        description:
          - The API Management service that is to be connected to the subnet. Gives the size that it needs.
        type: dict
        suboptions:
          sku:
            description:
              - Tier of the service.
            type: str
            required: true
            choices: [Consumption, Developer, Basic, Standard, Premium, Isolated, BasicV2, StandardV2, PremiumV2]
          mode:
            description:
              - How the service is connected.
            type: str
            choices: [External, Internal]
            default: External
          units:
            description:
              - How many units the service shall be able to have, at least 1.
            type: int
            default: 1
      network_security_group:
        description:
          - Ignored here.
        type: raw
      route_table:
        description:
          - Ignored here.
        type: raw
      nat_gateway:
        description:
          - Ignored here.
        type: raw
      service_endpoints:
        description:
          - Ignored here.
        type: raw
      delegation:
        description:
          - Ignored here.
        type: raw
      delegations:
        description:
          - Ignored here.
        type: raw
  avoid:
    description:
      - Address ranges that no new subnet may touch although they are no subnets, such as the service CIDR and the pod
        CIDR of an AKS cluster (V(10.0.0.0/16) and V(10.244.0.0/16) unless it was created with others) or networks on
        premises.
      - IPv6 ranges have no effect, as no IPv4 subnet can touch them. They may stand here all the same, so that a list
        of everything that is routed can be given as it is.
    type: list
    elements: str
    default: []
  avoid_peered:
    description:
      - Whether the address ranges of peered virtual networks are avoided too.
    type: bool
    default: true
seealso:
  - module: innergate.azure.vnet_subnet
  - plugin: innergate.azure.next_cidr
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find room beside the nodes of the cluster
  innergate.azure.vnet_subnet_plan:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    avoid: [10.0.0.0/16, 10.244.0.0/16]
    subnets:
      - name: apim-subnet
        for:
          sku: Premium
          mode: Internal
          units: 2
      - name: api-ingress-subnet
        prefix_length: 24
  register: plan

- name: Create the subnets
  innergate.azure.vnet_subnet:
    resource_group: contoso-rg
    virtual_network: contoso-vnet
    name: "{{ item.key }}"
    address_prefixes: ["{{ item.value }}"]
  loop: "{{ plan.subnets | dict2items }}"
"""

RETURN = r"""
subnets:
  description:
    - Address range by the name of the subnet.
  returned: success
  type: dict
  sample: {"apim-subnet": "10.225.0.0/28", "api-ingress-subnet": "10.225.1.0/24"}
plan:
  description:
    - The same with more detail, in the order of O(subnets).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description:
        - Name of the subnet.
      returned: always
      type: str
      sample: apim-subnet
    address_prefix:
      description:
        - Its range.
      returned: always
      type: str
      sample: 10.225.0.0/28
    exists:
      description:
        - Whether the subnet is there already.
      returned: always
      type: bool
      sample: false
    usable:
      description:
        - How many addresses can be assigned.
      returned: always
      type: int
      sample: 11
free:
  description:
    - What is free beside the plan, as the largest blocks, in the order of the address space.
  returned: success
  type: list
  elements: str
  sample: ["10.225.0.16/28", "10.226.0.0/15"]
id:
  description:
    - ARM id of the virtual network.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet
location:
  description:
    - Region of the virtual network. Network security groups for its subnets must be there too.
  returned: success
  type: str
  sample: westeurope
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
      sample: NoSubnetPlan
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
      sample: 'There is no room for a /24.'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: contoso-vnet
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
      sample: virtual_networks.get
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH, ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._network.planning import execute
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import SKUS
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

RAW = {"type": "raw"}
SERVICE = {
    "sku": {"type": "str", "required": True, "choices": list(SKUS)},
    "mode": {"type": "str", "choices": ["External", "Internal"], "default": "External"},
    "units": {"type": "int", "default": 1},
}
SUBNET = {
    "name": {"type": "str", "required": True},
    "address_prefix": {"type": "str"},
    "prefix_length": {"type": "int"},
    "size": {"type": "int"},
    "for": {"type": "dict", "options": SERVICE},
    # what M(innergate.azure.vnet_subnet) and the roles take beside these, so that one list serves both
    "network_security_group": RAW,
    "route_table": RAW,
    "nat_gateway": RAW,
    "service_endpoints": RAW,
    "delegation": RAW,
    "delegations": RAW,
}
SPEC = AUTH + ArgumentSpec(
    {
        "resource_group": {"type": "str", "required": True},
        "virtual_network": {"type": "str", "required": True},
        "subnets": {"type": "list", "elements": "dict", "required": True, "options": SUBNET},
        "avoid": {"type": "list", "elements": "str", "default": []},
        "avoid_peered": {"type": "bool", "default": True},
    }
)

TASK = Task(SPEC, execute, clients=("network",))


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
