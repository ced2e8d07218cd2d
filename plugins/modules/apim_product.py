#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_product
short_description: Manage products of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes products. A product bundles APIs, and says who may call them and how.
  - M(innergate.azure.apim_product_api) adds APIs to it, M(innergate.azure.apim_product_group) shows it to a group,
    and M(innergate.azure.apim_policy) sets its policy.
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
      - Name (id) of the product.
    type: str
    required: true
  display_name:
    description:
      - The product as people see it.
      - A new product gets its O(name) when this is left out.
      - It has at most 300 characters.
    type: str
  description:
    description:
      - What the product is for. An empty string clears it.
      - It has at most 1000 characters.
    type: str
  terms:
    description:
      - Terms of use that a developer has to accept. An empty string clears them.
    type: str
  subscription_required:
    description:
      - Whether a key is needed to call the APIs of the product. Azure requires one unless told otherwise.
    type: bool
  approval_required:
    description:
      - Whether an administrator has to approve each subscription.
      - Only with O(subscription_required=true).
    type: bool
  subscriptions_limit:
    description:
      - How many subscriptions one developer may have. V(0) means none, V(-1) any number.
      - Only with O(subscription_required=true).
    type: int
  product_state:
    description:
      - Whether developers can see and subscribe to the product. Azure makes a new one V(notPublished).
    type: str
    choices: [notPublished, published]
  delete_subscriptions:
    description:
      - Whether O(state=absent) removes the subscriptions of the product too. Without it, Azure refuses to remove a
        product that has subscriptions.
    type: bool
seealso:
  - module: innergate.azure.apim_product_info
  - module: innergate.azure.apim_product_api
  - module: innergate.azure.apim_product_group
  - module: innergate.azure.apim_subscription
  - name: Microsoft.ApiManagement service/products
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/products
"""

EXAMPLES = r"""
- name: Create a product for callers inside the cluster
  innergate.azure.apim_product:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    display_name: Internal
    description: For services in the cluster
    subscription_required: true
    product_state: published

- name: Change the product so that subscriptions need an approval
  innergate.azure.apim_product:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    approval_required: true
    subscriptions_limit: 1

- name: Allow any number of subscriptions again
  innergate.azure.apim_product:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    subscriptions_limit: -1

- name: Remove a product together with its subscriptions
  innergate.azure.apim_product:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    state: absent
    delete_subscriptions: true
"""

RETURN = r"""
id:
  description:
    - ARM id of the product.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/internal
resource:
  description:
    - The product as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the product.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/internal
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: internal
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - The product as people see it.
      returned: always
      type: str
      sample: Internal
    description:
      description:
        - What the product is for.
      returned: when set
      type: str
      sample: For services in the cluster
    terms:
      description:
        - Terms of use that a developer has to accept.
      returned: when set
      type: str
      sample: Be nice.
    subscription_required:
      description:
        - Whether a key is needed to call the APIs of the product.
      returned: when set
      type: bool
      sample: true
    approval_required:
      description:
        - Whether an administrator has to approve each subscription.
      returned: when set
      type: bool
      sample: false
    subscriptions_limit:
      description:
        - How many subscriptions one developer may have.
      returned: when set
      type: int
      sample: -1
    product_state:
      description:
        - Whether developers can see and subscribe to the product.
      returned: when set
      type: str
      sample: published
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/internal
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
      sample: product.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_product import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
