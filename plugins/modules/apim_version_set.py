#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_version_set
short_description: Manage API version sets of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes version sets. A version set ties the versions of an API together, and says where a
    caller names the version.
  - The APIs of a version set may share one path.
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
      - Name (id) of the version set.
    type: str
    required: true
  display_name:
    description:
      - The version set as people see it.
      - A new version set gets its O(name) when this is left out.
      - It has at most 100 characters.
    type: str
  versioning_scheme:
    description:
      - Where a caller names the version; as a segment of the path, in the query, or in a header.
      - Required when the version set is created.
    type: str
    choices: [Segment, Query, Header]
  version_query_name:
    description:
      - Name of the query parameter. Required with O(versioning_scheme=Query). An empty string clears it.
      - It has at most 100 characters.
    type: str
  version_header_name:
    description:
      - Name of the header. Required with O(versioning_scheme=Header). An empty string clears it.
      - It has at most 100 characters.
    type: str
  description:
    description:
      - What the version set is for. An empty string clears it.
    type: str
seealso:
  - module: innergate.azure.apim_version_set_info
  - module: innergate.azure.apim_api
  - name: Microsoft.ApiManagement service/apiVersionSets
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/apiversionsets
"""

EXAMPLES = r"""
- name: Create a version set
  innergate.azure.apim_version_set:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    display_name: Shipments
    versioning_scheme: Segment

- name: Change the versioning scheme to a header
  innergate.azure.apim_version_set:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    versioning_scheme: Header
    version_header_name: Api-Version
    description: Versions of the shipments API

- name: Remove a version set
  innergate.azure.apim_version_set:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the API version set.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apiVersionSets/shipments
resource:
  description:
    - The API version set as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the API version set.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apiVersionSets/shipments
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: shipments
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - The version set as people see it.
      returned: always
      type: str
      sample: Shipments
    versioning_scheme:
      description:
        - Where a caller names the version; as a segment of the path, in the query, or in a header.
      returned: always
      type: str
      sample: Header
    version_query_name:
      description:
        - Name of the query parameter.
      returned: when set
      type: str
      sample: api-version
    version_header_name:
      description:
        - Name of the header.
      returned: when set
      type: str
      sample: Api-Version
    description:
      description:
        - What the version set is for.
      returned: when set
      type: str
      sample: Versions of the shipments API
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apiVersionSets/shipments
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
      sample: api_version_set.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_version_set import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
