#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_ledger_info
short_description: Read what playbooks found and what they made
version_added: 0.1.0
description:
  - Reads the ledger that M(innergate.azure.apim_ledger) keeps, with one request, and says what of the parts that are
    given is to be removed - all that was made of their kinds, whether they are still described or not.
  - Without a ledger, it is what the parts describe, whoever made it, in the same shape. Of the namespaces, only those
    are meant then that the role P(innergate.azure.aks_services#role) has labelled as its own.
author:
  - Innergate contributors (@innergate)
options:
  neighbours_in:
    description:
      - A VNET. Other API Management services in it are asked for their ledgers, to see what of the VNET and of clusters
        their environments use. So are those in the region of the own service that are in no VNET, for they may be about
        to join, or have left. This takes one request more, which lists the services of the subscription, and one for
        each of those services.
      - In the services of O(ledger.others), only environments other than O(ledger.known_environments) count, or other
        than O(ledger.others) if that is not given. What those use, the task is told.
      - Where the list is refused, the task warns and finds none. Where the ledger of a service in the VNET is
        refused, the task fails, for what is used there is not known; for one in no VNET, it warns.
    type: dict
    suboptions:
      resource_group:
        description:
          - Name of its resource group.
        type: str
        required: true
      virtual_network:
        description:
          - Its name.
        type: str
        required: true
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._ledger
seealso:
  - module: innergate.azure.apim_ledger
"""

EXAMPLES = r"""
- name: Read the ledger
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
  register: ledger

- name: See what a teardown of APIs and products would remove
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    apis: []
    products: []

- name: Find out what the environments of other services use in the same VNET
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    neighbours_in:
      resource_group: contoso-network-rg
      virtual_network: contoso-vnet
  register: ledger

- name: See what of the network a teardown would remove, and what stays for them
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
      others: "{{ ledger.neighbours }}"
    network:
      resource_group: contoso-network-rg
      virtual_network: contoso-vnet

- name: See the same, going by names
  innergate.azure.apim_ledger_info:
    products:
      - name: partners
"""

RETURN = r"""
recorded:
  description:
    - Whether there is a ledger.
  returned: success
  type: bool
  sample: true
made:
  description:
    - What was made, or is about to be, as names by kind.
  returned: success
  type: dict
  sample: {"apim_product": ["partners"]}
found:
  description:
    - What existed before, as names by kind.
  returned: success
  type: dict
  sample: {"vnet_subnet": ["contoso-rg/contoso-vnet/apim-subnet"]}
before:
  description:
    - How some of what was found was before, as texts by kind and name.
  returned: success
  type: dict
  sample: {"apim_vnet_connection": {"contoso-apim": "Internal, /subscriptions/SUBSCRIPTION/..."}}
claims:
  description:
    - For each environment that has recorded something (O(ledger.environment)), what it wants of RV(made) and
      RV(before), as names by kind, until M(innergate.azure.apim_ledger) strikes it.
    - A name that ends in C(/*) stands for all parts of what the environment refers to without describing it.
  returned: success
  type: dict
  sample: {"contoso-apim/orders": {"apim_product": ["partners"]}}
by_name:
  description:
    - Whether there is no ledger to go by, but only the names in the task.
  returned: success
  type: bool
  sample: false
removable:
  description:
    - What is to be removed, by kind. Objects of Azure as the options that name them in the modules of the same name;
      objects in a cluster, those of other clusters left out, with C(id), C(exists), C(uid) and C(definition). What goes
      with what it is part of is left out.
  returned: success
  type: dict
  sample:
    apim_product: [{"name": "partners"}]
    apim_product_api: [{"product_name": "theirs", "api_name": "random"}]
restorable:
  description:
    - How objects that were found and may have been changed were before, by kind, as the options of the modules.
    - A subnet has to be given back its network security group where C(restore) is true.
  returned: success
  type: dict
  sample:
    apim_vnet_connection:
      - name: contoso-apim
        virtual_network_type: Internal
        subnet: /subscriptions/SUBSCRIPTION/...
        public_ip_address: ""
kept:
  description:
    - What was made, or found and changed, and is neither removed nor restored, because O(ledger.others), or
      environments other than O(ledger.known_environments), use it, or what stays for them - the backend of an API, the
      network security group of a subnet. Without a ledger also namespaces among O(manifests) that the role
      P(innergate.azure.aks_services#role) has not labelled as its own.
    - Each with its C(kind) and C(name) in the ledger, a C(title) for people, and the C(reason).
  returned: success
  type: list
  elements: dict
  sample:
    - kind: vnet_subnet
      name: contoso-rg/contoso-vnet/ingress-subnet
      title: vnet_subnet contoso-rg/contoso-vnet/ingress-subnet
      reason: contoso-two uses it
neighbours:
  description:
    - Other services in the VNET O(neighbours_in), or in none, whose environments use something outside of their
      services, in the shape of O(ledger.others).
  returned: success
  type: list
  elements: dict
  sample:
    - name: API Management service contoso-two
      service: contoso-rg/contoso-two
      objects: {"vnet_subnet": ["contoso-network-rg/contoso-vnet/ingress-subnet"]}
unknown:
  description:
    - Those of O(objects) that are not in the ledger, as names by kind.
  returned: success
  type: dict
  sample: {}
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
      sample: ResourceNotFound
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
      sample: 'The service was not found.'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg
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
      sample: tag.list_by_service
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH
from ansible_collections.innergate.azure.plugins.module_utils._ledger.repeating import without_credentials
from ansible_collections.innergate.azure.plugins.module_utils._ledger.task import OF_INFO, OPTIONS
from ansible_collections.innergate.azure.plugins.module_utils._ledger.telling import inform
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

TASK = Task(AUTH + OPTIONS + OF_INFO, inform, clients=("apimanagement", "network"), shown=without_credentials)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
