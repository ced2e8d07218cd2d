#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_network_status_info
short_description: Get the network status of an API Management service
version_added: 0.1.0
description:
  - Says which of the Azure services that an API Management service depends on it can reach from its virtual network.
  - Azure looks about every 15 minutes, so the status can be as old as that.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope.service
options:
  location:
    description:
      - Only this region of a service that has several.
    type: str
  wait:
    description:
      - Whether to wait until everything that the service needs is reached, and to fail if it is not within
        O(wait_timeout).
    type: bool
    default: false
  wait_timeout:
    description:
      - How many seconds to wait.
    type: int
    default: 1200
  fail:
    description:
      - Whether to fail when something that the service needs is not reached. Optional dependencies only give a warning.
      - O(wait=true) implies it.
    type: bool
    default: false
seealso:
  - module: innergate.azure.apim_network_preflight
  - module: innergate.azure.apim_service_info
"""

EXAMPLES = r"""
- name: Look at the network status
  innergate.azure.apim_network_status_info:
    resource_group: contoso-rg
    service_name: contoso-apim
  register: status

- name: Require that the service reaches what it needs
  innergate.azure.apim_network_status_info:
    resource_group: contoso-rg
    service_name: contoso-apim
    wait: true
"""

RETURN = r"""
ok:
  description:
    - Whether everything that the service needs is reached.
  returned: when the status was read
  type: bool
  sample: true
locations:
  description:
    - The status by region.
  returned: when the status was read
  type: list
  elements: dict
  contains:
    location:
      description:
        - Name of the region.
      returned: always
      type: str
      sample: West Europe
    dns_servers:
      description:
        - The DNS servers that the service uses there.
      returned: always
      type: list
      elements: str
      sample: ["168.63.129.16"]
    connectivity_status:
      description:
        - What the service depends on.
      returned: always
      type: list
      elements: dict
      contains:
        name:
          description:
            - Host name of the dependency.
          returned: always
          type: str
          sample: https://contosoapim.blob.core.windows.net
        status:
          description:
            - V(success), V(failure) or V(initializing).
          returned: always
          type: str
          sample: success
        error:
          description:
            - Why it is not reached.
          returned: always
          type: str
          sample: ""
        resource_type:
          description:
            - What it is.
          returned: always
          type: str
          sample: BlobStorage
        is_optional:
          description:
            - Whether the service works without it.
          returned: always
          type: bool
          sample: false
        last_updated:
          description:
            - When Azure looked last.
          returned: always
          type: str
          sample: "2026-01-31T12:00:00.000Z"
        last_status_change:
          description:
            - When the status changed last.
          returned: always
          type: str
          sample: "2026-01-31T11:00:00.000Z"
unreached:
  description:
    - The required dependencies that are not reached, as C(region, name (type)).
  returned: when the status was read
  type: list
  elements: str
  sample: []
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
      sample: NetworkStatus
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
      sample: 'contoso-apim does not reach what it depends on.'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: contoso-apim
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
      sample: network_status.list_by_service
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH, ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._network.status import execute
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = AUTH + ArgumentSpec(
    {
        "resource_group": {"type": "str", "required": True},
        "service_name": {"type": "str", "required": True},
        "location": {"type": "str"},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 1200},
        "fail": {"type": "bool", "default": False},
    }
)

TASK = Task(SPEC, execute, clients=("apimanagement",))


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
