#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_logger
short_description: Manage loggers of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes loggers of an API Management service.
  - A logger says where to send what diagnostics and the policy C(log-to-eventhub) record, and how to sign in there.
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
      - Name (id) of the logger.
    type: str
    required: true
  logger_type:
    description:
      - What kind of target the logger writes to.
      - Required when the logger is created.
    type: str
    choices:
      - azureEventHub
      - applicationInsights
      - azureMonitor
  description:
    description:
      - What the logger is for.
      - It has at most 256 characters. An empty string clears it.
    type: str
  credentials:
    description:
      - How API Management signs in to the target.
      - A new logger of type V(azureEventHub) needs O(credentials.name) and O(credentials.connection_string), or with a
        managed identity O(credentials.name) and O(credentials.endpoint_address).
      - A new logger of type V(applicationInsights) needs O(credentials.connection_string) or
        O(credentials.instrumentation_key).
      - It can't be empty, unless O(logger_type=azureMonitor).
    type: dict
    suboptions:
      connection_string:
        description:
          - Connection string of the event hub or of Application Insights.
          - It takes the place of O(credentials.instrumentation_key).
          - Azure shows only that there is one, so a new one is sent where there was none, and otherwise only together
            with another change of the logger. A reference to a named value, written as C({{name}}), is compared like
            any other option; change the named value to change the secret.
          - An empty string clears it.
        type: str
      instrumentation_key:
        description:
          - Instrumentation key of Application Insights. It takes the place of O(credentials.connection_string).
          - What O(credentials.connection_string) says of secrets holds for it as well.
          - An empty string clears it.
        type: str
      name:
        description:
          - Name of the event hub.
          - An empty string clears it.
        type: str
      endpoint_address:
        description:
          - Host name of the namespace of the event hub, where a managed identity signs in.
          - An empty string clears it.
        type: str
      identity_client_id:
        description:
          - Client id of the user-assigned identity that signs in, or V(SystemAssigned).
          - An empty string clears it.
        type: str
  is_buffered:
    description:
      - Whether records are collected for a moment before they are sent. Azure's default is V(true).
    type: bool
  resource_id:
    description:
      - ARM id of the Event Hubs namespace or of the Application Insights component.
      - An empty string clears it.
    type: str
seealso:
  - module: innergate.azure.apim_logger_info
  - module: innergate.azure.apim_named_value
  - name: Microsoft.ApiManagement service/loggers
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/loggers
"""

EXAMPLES = r"""
- name: Create a logger
  innergate.azure.apim_logger:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: contoso-events
    logger_type: azureEventHub
    description: Calls of partners
    credentials:
      name: partner-calls
      connection_string: "{{ event_hub_connection_string }}"
    resource_id: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.EventHub/namespaces/contoso

- name: Change the event hub of a logger
  innergate.azure.apim_logger:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: contoso-events
    description: Calls of partners and internal callers
    credentials:
      name: all-calls

- name: Keep the key of Application Insights in a named value
  innergate.azure.apim_named_value:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: insights-key
    display_name: insights-key
    is_secret: true
    value: "{{ insights_key }}"

- name: Log to Application Insights with the key in the named value
  innergate.azure.apim_logger:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: contoso-insights
    logger_type: applicationInsights
    credentials:
      instrumentation_key: "{% raw %}{{insights-key}}{% endraw %}"

- name: Log to an event hub with the identity of the service
  innergate.azure.apim_logger:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: contoso-identity-events
    logger_type: azureEventHub
    credentials:
      name: partner-calls
      endpoint_address: contoso-events.servicebus.windows.net
      identity_client_id: SystemAssigned

- name: Remove a logger
  innergate.azure.apim_logger:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: contoso-events
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the logger.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/loggers/contoso-events
resource:
  description:
    - The logger as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the logger.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/loggers/contoso-events
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: contoso-events
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    logger_type:
      description:
        - What kind of target the logger writes to.
      returned: always
      type: str
      sample: azureEventHub
    description:
      description:
        - What the logger is for.
      returned: when set
      type: str
      sample: Calls of partners
    credentials:
      description:
        - How API Management signs in to the target.
      returned: when set
      type: dict
      contains:
        name:
          description:
            - Name of the event hub.
          returned: when set
          type: str
          sample: partner-calls
        endpoint_address:
          description:
            - Host name of the namespace of the event hub, where a managed identity signs in.
          returned: when set
          type: str
          sample: contoso-events.servicebus.windows.net
        identity_client_id:
          description:
            - Client id of the user-assigned identity that signs in, or V(SystemAssigned).
          returned: when set
          type: str
          sample: SystemAssigned
    is_buffered:
      description:
        - Whether records are collected for a moment before they are sent. Azure's default is V(true).
      returned: when set
      type: bool
      sample: true
    resource_id:
      description:
        - ARM id of the Event Hubs namespace or of the Application Insights component.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.EventHub/namespaces/contoso
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/loggers/contoso-events
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
      sample: logger.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_logger import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
