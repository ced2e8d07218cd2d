#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_network_preflight
short_description: Check whether an API Management service can be connected to a subnet
version_added: 0.1.0
description:
  - Connecting an API Management service to a virtual network takes Azure 15 to 45 minutes, and a connection that fails
    takes as long again. This module finds out before that it would fail. It only reads.
  - It checks tier and mode, the state of the service, region and subscription, the subnet (that it exists, its size,
    its delegation, what else is in it), its network security group by the rules that API Management needs, its route
    table and service endpoints, the public IP address, and the rights of the caller as far as they can be seen.
  - A service that is in the subnet already, in the mode asked for, passes without further checks.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope.service
options:
  subnet:
    description:
      - Subnet that the service is to be connected to, as an ARM id, or as C(virtual-network/subnet) in the resource
        group of the service.
    type: str
    required: true
  mode:
    description:
      - V(External) keeps the gateway public, V(Internal) makes it private. The v2 tiers are connected for outgoing
        calls with V(External).
    type: str
    choices: [External, Internal]
    default: External
    aliases: [virtual_network_type]
  public_ip_address:
    description:
      - Public IP address that the service is to have, as an ARM id, or by name in the resource group of the service.
    type: str
  service:
    description:
      - The service as M(innergate.azure.apim_service_info) has just answered it, to save a request.
    type: dict
  planned:
    description:
      - Whether the subnet is still to be made, or to be changed, by later tasks. Then only that is checked which they
        can't mend. This is the tier and the mode, the state of the service, region and subscription; of a subnet that
        exists its size, what is in it, and the rights on it.
      - The virtual network has to exist. In check mode an earlier task may have said that it makes it.
    type: bool
    default: false
  sku:
    description:
      - Tier of the service. Needed only when the service does not exist yet.
    type: str
    choices: [Consumption, Developer, Basic, Standard, Premium, Isolated, BasicV2, StandardV2, PremiumV2]
  units:
    description:
      - How many units the subnet must have room for. By default those that the service has.
    type: int
  location:
    description:
      - Region of the service. Needed only when the service does not exist yet.
    type: str
  ignore:
    description:
      - Names of checks whose errors count as warnings only.
    type: list
    elements: str
    choices:
      - connected
      - tier
      - service_state
      - platform
      - subscription
      - subnet
      - region
      - subnet_size
      - free_addresses
      - room_to_scale
      - delegation
      - occupation
      - rights
      - network_security_group
      - network_security_rules
      - routes
      - service_endpoints
      - public_ip_address
    default: []
  fail:
    description:
      - Whether the task fails when a check finds an error.
    type: bool
    default: true
seealso:
  - module: innergate.azure.apim_service
  - module: innergate.azure.apim_network_status_info
  - module: innergate.azure.vnet_subnet_plan
"""

EXAMPLES = r"""
- name: Check whether the service can be connected
  innergate.azure.apim_network_preflight:
    resource_group: contoso-rg
    service_name: contoso-apim
    subnet: contoso-vnet/apim-subnet
    mode: External
    public_ip_address: apim-ip

- name: Look at what would have to be done, without failing
  innergate.azure.apim_network_preflight:
    resource_group: contoso-rg
    service_name: contoso-apim
    subnet: contoso-vnet/apim-subnet
    mode: Internal
    fail: false
  register: preflight

- name: Check, before a subnet is made, what does not depend on it
  innergate.azure.apim_network_preflight:
    resource_group: contoso-rg
    service_name: contoso-apim
    subnet: contoso-vnet/later-subnet
    planned: true
    mode: External
"""

RETURN = r"""
ok:
  description:
    - Whether no check has found an error.
  returned: when the checks were made
  type: bool
  sample: true
checks:
  description:
    - Every check that was made.
  returned: when the checks were made
  type: list
  elements: dict
  contains:
    name:
      description:
        - What was checked.
      returned: always
      type: str
      sample: subnet_size
    ok:
      description:
        - Whether all is well.
      returned: always
      type: bool
      sample: true
    severity:
      description:
        - What a finding means. V(error) is that the connection fails or does not work, V(warning) that it may.
      returned: always
      type: str
      sample: error
    message:
      description:
        - What was found.
      returned: always
      type: str
      sample: subnet apim-subnet (10.225.0.0/28) has 11 addresses to assign, of which the service takes 3
    advice:
      description:
        - What to do. Empty when all is well.
      returned: always
      type: str
      sample: ""
connected:
  description:
    - Whether the service is connected as asked for already.
  returned: when the checks were made
  type: bool
  sample: false
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
      sample: PreflightFailed
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
      sample: "The service can't be connected to the subnet."
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: contoso-apim
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
      sample: api_management_service.get
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH, ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._network.examine import execute
from ansible_collections.innergate.azure.plugins.module_utils._network.finding import CHECKS
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import SKUS
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = AUTH + ArgumentSpec(
    {
        "resource_group": {"type": "str", "required": True},
        "service_name": {"type": "str", "required": True},
        "subnet": {"type": "str", "required": True},
        "mode": {
            "type": "str",
            "choices": ["External", "Internal"],
            "default": "External",
            "aliases": ["virtual_network_type"],
        },
        "public_ip_address": {"type": "str"},
        "service": {"type": "dict"},
        "planned": {"type": "bool", "default": False},
        "sku": {"type": "str", "choices": list(SKUS)},
        "units": {"type": "int"},
        "location": {"type": "str"},
        "ignore": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": []},
        "fail": {"type": "bool", "default": True},
    }
)

TASK = Task(SPEC, execute, clients=("apimanagement", "network"))


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
