#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_group
short_description: Manage groups of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes groups of developers in an API Management service. Groups decide who sees a product.
  - The built-in groups C(administrators), C(developers) and C(guests) exist in every service.
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
      - Name (id) of the group.
    type: str
    required: true
  display_name:
    description:
      - The group as people see it.
      - Required when the group is created.
      - It has at most 300 characters.
    type: str
  description:
    description:
      - What the group is for. An empty string clears it.
      - It has at most 1000 characters.
    type: str
  type:
    description:
      - Where members come from. V(external) groups are those of Microsoft Entra ID.
      - It can't be changed after creation.
    type: str
    choices: [custom, system, external]
  external_id:
    description:
      - Id of an V(external) group, as C(aad://TENANT/groups/OBJECT_ID).
      - An empty string clears it.
    type: str
seealso:
  - module: innergate.azure.apim_group_info
  - module: innergate.azure.apim_product_group
  - name: Microsoft.ApiManagement service/groups
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/groups
"""

EXAMPLES = r"""
- name: Create a group
  innergate.azure.apim_group:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: logistics
    display_name: Logistics
    description: Everybody who ships what was ordered

- name: Change the description of a group
  innergate.azure.apim_group:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: logistics
    description: Carriers and warehouses

- name: Remove a group
  innergate.azure.apim_group:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: logistics
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the group.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/groups/logistics
resource:
  description:
    - The group as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the group.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/groups/logistics
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: logistics
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - The group as people see it.
      returned: always
      type: str
      sample: Logistics
    description:
      description:
        - What the group is for.
      returned: when set
      type: str
      sample: Everybody who ships what was ordered
    type:
      description:
        - Where members come from.
      returned: when set
      type: str
      sample: custom
    external_id:
      description:
        - Id of an V(external) group, as C(aad://TENANT/groups/OBJECT_ID).
      returned: when set
      type: str
      sample: aad://contoso.onmicrosoft.com/groups/1c1f3d5a-0000-0000-0000-000000000000
    built_in:
      description:
        - Whether the group exists in every service.
      returned: when set
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/groups/logistics
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
      sample: group.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_group import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
