#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_product_api
short_description: Add APIs to products of API Management
version_added: 0.1.0
description:
  - Adds an API to a product, or takes it out. Callers reach the API with a key of a product that it is part of.
  - The link has no properties of its own. It is there, or it is not.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope.service
  - innergate.azure._state
  - innergate.azure._state.wait
  - innergate.azure._scope.product
options:
  api_name:
    description:
      - Name (id) of the API.
    type: str
    required: true
    aliases: [name]
seealso:
  - module: innergate.azure.apim_product_api_info
  - module: innergate.azure.apim_product
  - module: innergate.azure.apim_api
"""

EXAMPLES = r"""
- name: Add an API to a product
  innergate.azure.apim_product_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    product_name: partners
    api_name: orders

- name: Take an API out of a product
  innergate.azure.apim_product_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    product_name: partners
    api_name: orders
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the API of a product.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/apis/orders
resource:
  description:
    - The API of a product as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the API of a product.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/apis/orders
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: orders
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/apis/orders
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
      sample: product_api.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_product_api import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
