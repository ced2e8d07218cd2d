#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_subscription
short_description: Manage subscriptions of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes subscriptions. A subscription is a pair of keys that open a product, an API, or all
    APIs.
  - Azure generates the keys unless the task gives them. They are part of the result only when O(show_keys=true).
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope.service
  - innergate.azure._state
  - innergate.azure._state.wait
  - innergate.azure._state.if_match
options:
  name:
    description:
      - Name (id) of the subscription.
    type: str
    required: true
  display_name:
    description:
      - The subscription as people see it.
      - A new subscription gets its O(name) when this is left out. Required when that is longer.
      - It has at most 100 characters.
    type: str
  scope:
    description:
      - What the keys open. C(/products/NAME) is a product, C(/apis/NAME) an API, V(/apis) all APIs. A name without a
        slash means a product. A full ARM id of any of them works too.
      - That of V(master), Azure's own subscription to everything, can't be changed.
      - Required when the subscription is created.
    type: str
  owner:
    description:
      - User that the subscription belongs to, by name or by ARM id.
      - An empty string clears it.
    type: str
    aliases: [owner_id]
  subscription_state:
    description:
      - State of the subscription. Only keys of an V(active) one are accepted.
    type: str
    choices: [suspended, active, expired, submitted, rejected, cancelled]
  state_comment:
    description:
      - Why the subscription is in its state.
      - An empty string clears it.
    type: str
  allow_tracing:
    description:
      - Whether calls with the keys may be traced.
    type: bool
  primary_key:
    description:
      - The primary key. Azure generates one when this is left out.
      - It has at most 256 characters. It can't be empty.
    type: str
  secondary_key:
    description:
      - The secondary key. Azure generates one when this is left out.
      - It has at most 256 characters. It can't be empty.
    type: str
  show_keys:
    description:
      - Whether the result contains the keys. Register such a result under C(no_log).
    type: bool
    default: false
  notify:
    description:
      - Whether Azure tells the owner by mail.
    type: bool
seealso:
  - module: innergate.azure.apim_subscription_info
  - module: innergate.azure.apim_product
  - name: Subscriptions in Azure API Management
    description: What keys are for.
    link: https://learn.microsoft.com/azure/api-management/api-management-subscriptions
"""

EXAMPLES = r"""
- name: Create a subscription to a product
  innergate.azure.apim_subscription:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: storefront
    display_name: Storefront
    scope: /products/partners

- name: Change the subscription so that its keys are refused for a while
  innergate.azure.apim_subscription:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: storefront
    subscription_state: suspended
    state_comment: Too many calls

- name: Accept the keys again, and read them
  innergate.azure.apim_subscription:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: storefront
    subscription_state: active
    show_keys: true
  register: storefront
  no_log: true

- name: Remove a subscription
  innergate.azure.apim_subscription:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: storefront
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the subscription.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/subscriptions/storefront
resource:
  description:
    - The subscription as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the subscription.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/subscriptions/storefront
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: storefront
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - The subscription as people see it.
      returned: always
      type: str
      sample: Storefront
    scope:
      description:
        - What the keys open.
      returned: always
      type: str
      sample: /products/partners
    owner:
      description:
        - User that the subscription belongs to, as ARM id.
      returned: when set
      type: str
      sample: /users/1
    subscription_state:
      description:
        - State of the subscription.
      returned: when set
      type: str
      sample: active
    state_comment:
      description:
        - Why the subscription is in its state.
      returned: when set
      type: str
      sample: Too many calls
    allow_tracing:
      description:
        - Whether calls with the keys may be traced.
      returned: when set
      type: bool
      sample: false
    primary_key:
      description:
        - The primary key.
      returned: when O(show_keys=true)
      type: str
      sample: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
    secondary_key:
      description:
        - The secondary key.
      returned: when O(show_keys=true)
      type: str
      sample: f9e8d7c6b5a493827160f5e4d3c2b1a0
    created_date:
      description:
        - When the subscription was created.
      returned: when set
      type: str
      sample: '2026-03-01T09:00:00.123Z'
    start_date:
      description:
        - When it was activated.
      returned: when set
      type: str
      sample: '2026-03-01T09:00:00.123Z'
    expiration_date:
      description:
        - When it expires.
      returned: when set
      type: str
      sample: '2027-03-01T00:00:00Z'
    end_date:
      description:
        - When it was cancelled or expired.
      returned: when set
      type: str
      sample: '2027-03-01T00:00:00Z'
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/subscriptions/storefront
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
      sample: subscription.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_subscription import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
