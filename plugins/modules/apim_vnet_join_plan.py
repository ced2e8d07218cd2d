#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_vnet_join_plan
short_description: Say how an API Management service gets into a subnet, and out of it again
version_added: 0.1.0
description:
  - Looks at the service and says with which public IP address it is to join, or where it is to go back to. Nothing is
    written.
  - A service that changes its mode or its subnet can't keep the public IP address that it has. With two names, this
    module chooses the one that the service has not; a service that stays keeps the one that it has.
  - An address that has a DNS label keeps it. One that is made, or has none, gets one, which is given once in a region.
    The task fails if another public IP address of the subscription has it, as far as the identity may list them.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope.service
options:
  service:
    description:
      - The service as M(innergate.azure.apim_service_info) has just answered it, to save a request.
    type: dict
  mode:
    description:
      - V(External) keeps the gateway public, V(Internal) makes it private.
    type: str
    choices: [External, Internal]
    default: External
  virtual_network:
    description:
      - Name of the virtual network, which is in the subscription of the service.
    type: str
    required: true
  network_resource_group:
    description:
      - Resource group of the virtual network, when it is another than that of the service.
    type: str
  subnet:
    description:
      - Name of the subnet.
    type: str
    required: true
  public_ip_address:
    description:
      - Name of the public IP address that the service is to have, in its resource group.
    type: str
  other_public_ip_address:
    description:
      - Name of the one that it takes when it can't keep O(public_ip_address).
    type: str
  record:
    description:
      - With O(state=absent), what M(innergate.azure.apim_ledger_info) has answered for this connection.
    type: dict
    default: {}
  state:
    description:
      - V(present) plans how the service joins the subnet.
      - V(absent) plans how it goes back to where it was found, or out of the virtual network. A service that somebody
        else has put into another subnet stays there.
    type: str
    choices: [present, absent]
    default: present
  wait_timeout:
    description:
      - Seconds to wait, with O(state=absent), until Azure has done what another run has asked it to do with the
        service. One that is leaving a virtual network shows that it is in none, and holds the subnet until the end.
      - Check mode does not wait.
    type: int
    default: 10800
seealso:
  - module: innergate.azure.apim_network_preflight
  - module: innergate.azure.apim_service
  - module: innergate.azure.apim_ledger_info
"""

EXAMPLES = r"""
- name: Choose the public IP address
  innergate.azure.apim_vnet_join_plan:
    resource_group: contoso-rg
    service_name: contoso-apim
    mode: Internal
    virtual_network: contoso-vnet
    subnet: apim-subnet
    public_ip_address: apim-ip
    other_public_ip_address: apim-other-ip
  register: plan

- name: See whether the service would leave the virtual network, going by names
  innergate.azure.apim_vnet_join_plan:
    resource_group: contoso-rg
    service_name: contoso-apim
    virtual_network: contoso-vnet
    subnet: apim-subnet
    record:
      by_name: true
    state: absent
"""

RETURN = r"""
reason:
  description:
    - What is to be done, and why, in one sentence.
  returned: success
  type: str
  sample: contoso-apim joins subnet apim-subnet (External) with public IP address apim-ip
subnet:
  description:
    - ARM id of the subnet.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/...
connected:
  description:
    - Whether the service is there already, in this mode.
  returned: success, when O(state=present)
  type: bool
  sample: false
public_ip_address:
  description:
    - Name of the public IP address to take. Empty if none was named, and for the v2 tiers, which do not use one.
  returned: success, when O(state=present)
  type: str
  sample: apim-ip
domain_name_label:
  description:
    - DNS label to ask for that address. It is the one that the address has, or comes from the name of the service where
      there is none, for API Management takes no address without one.
    - It is empty where the service has the address already, whose label nobody asks for then.
  returned: success, when O(state=present)
  type: str
  sample: contoso-apim
service:
  description:
    - The service as it is now, as M(innergate.azure.apim_service_info) shows it.
  returned: success, when O(state=present)
  type: dict
  sample: {"name": "contoso-apim", "virtual_network_type": "None", "gateway_url": "https://contoso-apim.azure-api.net"}
leaves:
  description:
    - Whether the service has to be changed.
  returned: success, when O(state=absent)
  type: bool
  sample: true
before:
  description:
    - What it goes back to.
  returned: success, when O(state=absent)
  type: dict
  contains:
    virtual_network_type:
      description:
        - Mode.
      returned: always
      type: str
      sample: None
    subnet:
      description:
        - ARM id of the subnet. Empty for none.
      returned: always
      type: str
      sample: ""
    public_ip_address:
      description:
        - ARM id of the public IP address. Empty for none.
      returned: always
      type: str
      sample: ""
removable:
  description:
    - Those public IP addresses of O(record) that nobody needs afterwards, as C(resource_group) and C(name).
  returned: success, when O(state=absent)
  type: list
  elements: dict
  sample: [{"resource_group": "contoso-rg", "name": "apim-ip"}]
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
      sample: ClusterError
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
      sample: "The cluster can't be reached."
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: https://127.0.0.1:6443
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
from ansible_collections.innergate.azure.plugins.module_utils._network.join_planning import WISH, execute
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_service import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = AUTH + ArgumentSpec(
    {
        "resource_group": {"type": "str", "required": True},
        "service_name": {"type": "str", "required": True},
        **WISH,
        "record": {"type": "dict", "default": {}},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "wait_timeout": {"type": "int", "default": RESOURCE.wait_timeout},
    }
)

TASK = Task(SPEC, execute, clients=("apimanagement",))


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
