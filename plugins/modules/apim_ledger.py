#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_ledger
short_description: Record what exists and what is about to be made, so that only the latter is removed later
version_added: 0.1.0
description:
  - A playbook that removes objects by their names also removes what had such a name before it was ever run. This module
    keeps a ledger in the API Management service, in plain named values. Before a playbook makes objects, it names them
    here. Those that exist are noted as found, the others as made.
  - What exists is looked for with one request for each kind, where Azure can list it. What is in the ledger already is
    not looked at again, so that a second run, or one after a run that was killed,
    knows what the first one found.
  - The playbook that removes objects asks M(innergate.azure.apim_ledger_info) for what is to be removed, removes it,
    and strikes it from the ledger with O(state=absent).
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._ledger
options:
  existing:
    description:
      - Those of O(objects) that exist, for kinds that this module can't look for itself. Such a kind has to be a key
        here, even if none of them exists.
    type: dict
    default: {}
  removed:
    description:
      - What was removed, with O(state=absent), as M(innergate.azure.apim_ledger_info) answers it as C(removable). The
        task has nothing to do if it is empty.
    type: dict
  restored:
    description:
      - What is as it was found again, with O(state=absent), as M(innergate.azure.apim_ledger_info) answers it as
        C(restorable).
    type: dict
  claimed:
    description:
      - What a run that has failed had recorded, with O(state=absent), as the task that recorded it has answered it as
        RV(claimed). What of it does not exist is struck, for if somebody makes it now, it is theirs. The rest stays.
    type: dict
  announced:
    description:
      - What the task that recorded everything before it was made has answered. Another run may have struck some of it
        from the ledger meanwhile - a teardown at the same time, or a run that has failed and given it up. What the
        environment (O(ledger.environment)) wants of it, exists, and is not in the ledger any more, is noted again as it
        was. So this is for the end of a playbook, with O(ledger) and O(cluster) as in the first task, and not with
        O(state=absent).
    type: dict
  forget:
    description:
      - With O(state=absent), remove the whole ledger, whatever is in it.
    type: bool
    default: false
  gone_environments:
    description:
      - Environments that want nothing of what is in the ledger any more, with O(state=absent). What they wanted is
        struck from RV(claims). C(host) stands for C(host/namespace), whatever the namespace.
    type: list
    elements: str
    default: []
  state:
    description:
      - V(present) records what the ledger does not know yet.
      - V(absent) strikes O(removed), O(objects) and what of O(claimed) does not exist, and the notes on how O(restored)
        was before. When nothing is left of either, the ledger itself is removed.
    type: str
    choices: [present, absent]
    default: present
  wait_timeout:
    description:
      - How many seconds a change of the ledger may take, waiting for other changes included.
    type: int
    default: 600
seealso:
  - module: innergate.azure.apim_ledger_info
"""

EXAMPLES = r"""
- name: Record the products before they are made
  innergate.azure.apim_ledger:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    products:
      - name: partners
        groups: [developers]

- name: Record something else, of which nothing exists yet
  innergate.azure.apim_ledger:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    objects:
      dashboards: [partners]
    existing:
      dashboards: []

- name: See what of the products is to be removed
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    products: []
  register: ledger

- name: Strike the products after they were removed
  innergate.azure.apim_ledger:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
    removed: "{{ ledger.removable }}"
    state: absent
"""

RETURN = r"""
recorded:
  description:
    - Whether there is a ledger after the task.
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
      RV(before), as names by kind, until O(gone_environments) strikes it.
    - A name that ends in C(/*) stands for all parts of what the environment refers to without describing it.
  returned: success
  type: dict
  sample: {"contoso-apim/orders": {"apim_product": ["partners"]}}
claimed:
  description:
    - What this task has added to RV(made), as names by kind.
  returned: success
  type: dict
  sample: {"apim_product": ["partners"]}
unwanted:
  description:
    - What was made of that which O(apis) and O(products) are about, and is not described any more - APIs, and the
      operations, APIs and groups of those that still are described. By kind, as the options that name them in the
      modules of the same name.
    - What RV(kept) names is left out.
  returned: success, when O(state=present)
  type: dict
  sample: {"apim_product_group": [{"product_name": "partners", "group_name": "developers"}]}
kept:
  description:
    - What would be among RV(unwanted), but O(ledger.others) or environments other than O(ledger.known_environments) use
      it, or it can't be told whether they do. Each with its C(kind) and C(name) in the ledger, a C(title) for people,
      and the C(reason).
  returned: success, when O(state=present)
  type: list
  elements: dict
  sample:
    - kind: apim_api
      name: random
      title: apim_api random
      reason: contoso-two uses it
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
      sample: InvalidOptions
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
      sample: 'known: no answer of apim_ledger_info'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: known
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
      sample: backend.get
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH, ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._ledger.noting import manage
from ansible_collections.innergate.azure.plugins.module_utils._ledger.repeating import without_credentials
from ansible_collections.innergate.azure.plugins.module_utils._ledger.task import OPTIONS
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = (
    AUTH
    + OPTIONS
    + ArgumentSpec(
        {
            "existing": {"type": "dict", "default": {}},
            "removed": {"type": "dict"},
            "restored": {"type": "dict"},
            "claimed": {"type": "dict"},
            "announced": {"type": "dict"},
            "forget": {"type": "bool", "default": False},
            "gone_environments": {"type": "list", "elements": "str", "default": []},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "wait_timeout": {"type": "int", "default": 600},
        }
    )
)

TASK = Task(SPEC, manage, clients=("apimanagement", "network"), shown=without_credentials)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
