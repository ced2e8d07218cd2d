#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_tag
short_description: Manage tags of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes tags of an API Management service.
  - Tags group APIs, operations and products in the developer portal and in the Azure portal.
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
      - Name (id) of the tag.
    type: str
    required: true
  display_name:
    description:
      - The tag as people see it.
      - Required when the tag is created.
      - It has at most 160 characters.
    type: str
seealso:
  - module: innergate.azure.apim_tag_info
  - name: Microsoft.ApiManagement service/tags
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/tags
"""

EXAMPLES = r"""
- name: Create a tag
  innergate.azure.apim_tag:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    display_name: internal

- name: Change the display name of a tag
  innergate.azure.apim_tag:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    display_name: For internal callers

- name: Remove a tag
  innergate.azure.apim_tag:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: internal
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the tag.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/tags/internal
resource:
  description:
    - The tag as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the tag.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/tags/internal
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
        - The tag as people see it.
      returned: always
      type: str
      sample: internal
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/tags/internal
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
      sample: tag.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_tag import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
