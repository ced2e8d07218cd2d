#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_named_value
short_description: Manage named values of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes named values, which policies use as C({{display_name}}).
  - A value is plain, secret, or kept in an Azure key vault.
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
      - Name (id) of the named value.
    type: str
    required: true
  display_name:
    description:
      - Name that policies use; letters, digits, dots, dashes and underscores. Unique in the service.
      - Required when the named value is created.
      - It has at most 256 characters. It has to match C([A-Za-z0-9-._]+).
    type: str
  is_secret:
    description:
      - Whether the value is kept secret. Azure then answers it only to those who may list secrets.
      - Azure calls this C(secret), which is the name of the option O(secret) to sign in with here.
    type: bool
  value:
    description:
      - The value. A new named value needs this option or O(key_vault).
      - It is never shown in output and diff, not even when O(is_secret=false). Of one that is secret, or where the
        options themselves are wrong, asterisks stand in place of the same word in messages, too.
      - It has at most 4096 characters, and more in it than white space. It can't be empty.
    type: str
  key_vault:
    description:
      - Secret of a key vault that holds the value.
      - The service reads it with its managed identity, which needs the right to get secrets.
      - O(value) takes its place. An empty dictionary is refused, for a named value needs one of them.
    type: dict
    suboptions:
      secret_identifier:
        description:
          - URL of the secret. Without a version, a new version is taken over within four hours.
          - Needed, unless the dictionary is empty, which clears it.
        type: str
      identity_client_id:
        description:
          - Client id of a user-assigned identity of the service. Without it, the system-assigned one is used.
          - An empty string clears it.
        type: str
  tags:
    description:
      - Words to filter named values by. This is the whole list.
      - An empty list clears it.
      - It has at most 32 elements.
    type: list
    elements: str
  show_value:
    description:
      - Whether the result contains the value. Register such a result under C(no_log).
    type: bool
    default: false
seealso:
  - module: innergate.azure.apim_named_value_info
  - module: innergate.azure.apim_policy
  - name: Microsoft.ApiManagement service/namedValues
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/namedvalues
"""

EXAMPLES = r"""
- name: Create a secret named value
  innergate.azure.apim_named_value:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: backend-token
    display_name: backend-token
    is_secret: true
    value: "{{ backend_token }}"
    tags:
      - orders

- name: Change the value
  innergate.azure.apim_named_value:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: backend-token
    value: "{{ next_backend_token }}"

- name: Take a value from a key vault
  innergate.azure.apim_named_value:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: carrier-password
    display_name: carrier-password
    key_vault:
      secret_identifier: https://contoso.vault.azure.net/secrets/carrier-password

- name: Remove a named value
  innergate.azure.apim_named_value:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: backend-token
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the named value.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/namedValues/backend-token
resource:
  description:
    - The named value as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the named value.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/namedValues/backend-token
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: backend-token
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - Name that policies use; letters, digits, dots, dashes and underscores.
      returned: always
      type: str
      sample: backend-token
    is_secret:
      description:
        - Whether the value is kept secret.
      returned: when set
      type: bool
      sample: true
    value:
      description:
        - The value.
      returned: when O(show_value=true)
      type: str
      sample: s3cr3t
    key_vault:
      description:
        - Secret of a key vault that holds the value.
      returned: when set
      type: dict
      contains:
        secret_identifier:
          description:
            - URL of the secret.
          returned: always
          type: str
          sample: https://contoso.vault.azure.net/secrets/carrier-password
        identity_client_id:
          description:
            - Client id of a user-assigned identity of the service.
          returned: when set
          type: str
          sample: ceaa6b06-c00f-43ef-99ac-f53d1fe876a0
        last_status:
          description:
            - How the last look at the secret went.
          returned: when set
          type: dict
          contains:
            code:
              description:
                - Success
              returned: when set
              type: str
              sample: Success
            message:
              description:
                - More about what went wrong.
              returned: when set
              type: str
              sample: The secret was read.
            time_stamp_utc:
              description:
                - When that was.
              returned: when set
              type: str
              sample: '2026-03-01T09:00:00Z'
    tags:
      description:
        - Words to filter named values by.
      returned: when set
      type: list
      elements: str
      sample:
        - orders
    provisioning_state:
      description:
        - State of the last operation.
      returned: when set
      type: str
      sample: Succeeded
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/namedValues/backend-token
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
      sample: named_value.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_named_value import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
