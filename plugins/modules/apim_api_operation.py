#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_api_operation
short_description: Manage operations of an API in API Management
version_added: 0.1.0
description:
  - Creates, changes and removes operations of an API. An operation is a method and a template of URLs.
  - Operations that come from a specification are better changed there; see M(innergate.azure.apim_api).
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
  - innergate.azure._scope.api
options:
  name:
    description:
      - Name (id) of the operation.
    type: str
    required: true
  display_name:
    description:
      - The operation as people see it.
      - A new operation gets its O(name) when this is left out.
      - It has at most 300 characters.
    type: str
  method:
    description:
      - HTTP method, for example V(GET).
      - Required when the operation is created.
    type: str
  url_template:
    description:
      - Path of the operation below that of the API, with parameters in braces, for example V(/orders/{order-id}).
      - Required when the operation is created.
      - It has at most 1000 characters.
    type: str
  description:
    description:
      - What the operation does. An empty string clears it.
      - It has at most 1000 characters.
    type: str
  template_parameters:
    description:
      - The parameters of O(url_template). Each of them has to be described. This is the whole list.
      - Where it is omitted, and O(url_template) changes, the parameters go that the new one does not name.
      - An empty list clears it, where O(url_template) names none.
    type: list
    elements: dict
    suboptions: &parameter
      name:
        description:
          - Name of the parameter.
        type: str
        required: true
      type:
        description:
          - Type of the parameter, for example V(string).
        type: str
        required: true
      description:
        description:
          - What the parameter means.
        type: str
      default_value:
        description:
          - Value when a caller gives none.
        type: str
      required:
        description:
          - Whether a caller has to give it.
        type: bool
      allowed_values:
        description:
          - Values that are allowed.
        aliases: [values]
        type: list
        elements: str
      schema_id:
        description:
          - Id of the schema that describes the value.
        type: str
      type_name:
        description:
          - Name of the type in the schema.
        type: str
      examples:
        description:
          - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
        type: dict
  request:
    description:
      - What callers send.
      - An empty dictionary puts back what Azure has by itself.
    type: dict
    suboptions:
      description:
        description:
          - What the request is.
          - An empty string clears it.
        type: str
      query_parameters:
        description:
          - Parameters in the query. This is the whole list.
          - An empty list clears it.
        type: list
        elements: dict
        suboptions: *parameter
      headers:
        description:
          - Headers. This is the whole list.
          - An empty list clears it.
        type: list
        elements: dict
        suboptions: *parameter
      representations: &representations
        description:
          - Bodies. This is the whole list.
          - An empty list clears it.
        type: list
        elements: dict
        suboptions:
          content_type:
            description:
              - Media type, for example V(application/json).
            type: str
            required: true
          schema_id:
            description:
              - Id of the schema that describes the body.
            type: str
          type_name:
            description:
              - Name of the type in the schema.
            type: str
          form_parameters:
            description:
              - Fields of a form.
            type: list
            elements: dict
            suboptions: *parameter
          examples:
            description:
              - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
            type: dict
  responses:
    description:
      - What callers get. This is the whole list.
      - An empty list clears it.
    type: list
    elements: dict
    suboptions:
      status_code:
        description:
          - HTTP status.
        type: int
        required: true
      description:
        description:
          - What the answer means.
        type: str
      headers:
        description:
          - Headers. This is the whole list.
        type: list
        elements: dict
        suboptions: *parameter
      representations: *representations
seealso:
  - module: innergate.azure.apim_api_operation_info
  - module: innergate.azure.apim_api
  - module: innergate.azure.apim_policy
  - name: Microsoft.ApiManagement service/apis/operations
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/apis/operations
"""

EXAMPLES = r"""
- name: Create an operation
  innergate.azure.apim_api_operation:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    name: get-order
    display_name: Get an order
    method: GET
    url_template: /{order-id}
    template_parameters:
      - name: order-id
        type: string
        required: true
    responses:
      - status_code: 200
        description: The order
        representations:
          - content_type: application/json
      - status_code: 404
        description: There is no such order

- name: Change the operation so that it takes a query parameter
  innergate.azure.apim_api_operation:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    name: get-order
    description: One order with its positions
    request:
      query_parameters:
        - name: expand
          type: string
          allowed_values:
            - positions
            - customer

- name: Remove an operation
  innergate.azure.apim_api_operation:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    name: get-order
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the API operation.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/orders/operations/get-order
resource:
  description:
    - The API operation as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the API operation.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/orders/operations/get-order
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: get-order
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    display_name:
      description:
        - The operation as people see it.
      returned: always
      type: str
      sample: Get an order
    method:
      description:
        - HTTP method, for example V(GET).
      returned: always
      type: str
      sample: GET
    url_template:
      description:
        - Path of the operation below that of the API, with parameters in braces, for example V(/orders/{order-id}).
      returned: always
      type: str
      sample: /{order-id}
    description:
      description:
        - What the operation does.
      returned: when set
      type: str
      sample: One order with its positions
    template_parameters:
      description:
        - The parameters of O(url_template).
      returned: when set
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name of the parameter.
          returned: always
          type: str
          sample: order-id
        type:
          description:
            - Type of the parameter, for example V(string).
          returned: always
          type: str
          sample: string
        description:
          description:
            - What the parameter means.
          returned: when set
          type: str
          sample: Number of the order
        default_value:
          description:
            - Value when a caller gives none.
          returned: when set
          type: str
          sample: '1'
        required:
          description:
            - Whether a caller has to give it.
          returned: when set
          type: bool
          sample: true
        allowed_values:
          description:
            - Values that are allowed.
          returned: when set
          type: list
          elements: str
          sample:
            - '1'
        schema_id:
          description:
            - Id of the schema that describes the value.
          returned: when set
          type: str
          sample: 5c0fdb9d9bbd4f4f6c0d1e2f
        type_name:
          description:
            - Name of the type in the schema.
          returned: when set
          type: str
          sample: OrderId
        examples:
          description:
            - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
          returned: when set
          type: dict
          sample:
            first:
              value: '1'
    request:
      description:
        - What callers send.
      returned: when set
      type: dict
      contains:
        description:
          description:
            - What the request is.
          returned: when set
          type: str
          sample: Nothing to send
        query_parameters:
          description:
            - Parameters in the query.
          returned: when set
          type: list
          elements: dict
          contains:
            name:
              description:
                - Name of the parameter.
              returned: always
              type: str
              sample: order-id
            type:
              description:
                - Type of the parameter, for example V(string).
              returned: always
              type: str
              sample: string
            description:
              description:
                - What the parameter means.
              returned: when set
              type: str
              sample: Number of the order
            default_value:
              description:
                - Value when a caller gives none.
              returned: when set
              type: str
              sample: '1'
            required:
              description:
                - Whether a caller has to give it.
              returned: when set
              type: bool
              sample: true
            allowed_values:
              description:
                - Values that are allowed.
              returned: when set
              type: list
              elements: str
              sample:
                - '1'
            schema_id:
              description:
                - Id of the schema that describes the value.
              returned: when set
              type: str
              sample: 5c0fdb9d9bbd4f4f6c0d1e2f
            type_name:
              description:
                - Name of the type in the schema.
              returned: when set
              type: str
              sample: OrderId
            examples:
              description:
                - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
              returned: when set
              type: dict
              sample:
                first:
                  value: '1'
        headers:
          description:
            - Headers.
          returned: when set
          type: list
          elements: dict
          contains:
            name:
              description:
                - Name of the parameter.
              returned: always
              type: str
              sample: order-id
            type:
              description:
                - Type of the parameter, for example V(string).
              returned: always
              type: str
              sample: string
            description:
              description:
                - What the parameter means.
              returned: when set
              type: str
              sample: Number of the order
            default_value:
              description:
                - Value when a caller gives none.
              returned: when set
              type: str
              sample: '1'
            required:
              description:
                - Whether a caller has to give it.
              returned: when set
              type: bool
              sample: true
            allowed_values:
              description:
                - Values that are allowed.
              returned: when set
              type: list
              elements: str
              sample:
                - '1'
            schema_id:
              description:
                - Id of the schema that describes the value.
              returned: when set
              type: str
              sample: 5c0fdb9d9bbd4f4f6c0d1e2f
            type_name:
              description:
                - Name of the type in the schema.
              returned: when set
              type: str
              sample: OrderId
            examples:
              description:
                - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
              returned: when set
              type: dict
              sample:
                first:
                  value: '1'
        representations:
          description:
            - Bodies.
          returned: when set
          type: list
          elements: dict
          contains:
            content_type:
              description:
                - Media type, for example V(application/json).
              returned: always
              type: str
              sample: application/json
            schema_id:
              description:
                - Id of the schema that describes the body.
              returned: when set
              type: str
              sample: 5c0fdb9d9bbd4f4f6c0d1e2f
            type_name:
              description:
                - Name of the type in the schema.
              returned: when set
              type: str
              sample: Order
            form_parameters:
              description:
                - Fields of a form.
              returned: when set
              type: list
              elements: dict
              contains:
                name:
                  description:
                    - Name of the parameter.
                  returned: always
                  type: str
                  sample: order-id
                type:
                  description:
                    - Type of the parameter, for example V(string).
                  returned: always
                  type: str
                  sample: string
                description:
                  description:
                    - What the parameter means.
                  returned: when set
                  type: str
                  sample: Number of the order
                default_value:
                  description:
                    - Value when a caller gives none.
                  returned: when set
                  type: str
                  sample: '1'
                required:
                  description:
                    - Whether a caller has to give it.
                  returned: when set
                  type: bool
                  sample: true
                allowed_values:
                  description:
                    - Values that are allowed.
                  returned: when set
                  type: list
                  elements: str
                  sample:
                    - '1'
                schema_id:
                  description:
                    - Id of the schema that describes the value.
                  returned: when set
                  type: str
                  sample: 5c0fdb9d9bbd4f4f6c0d1e2f
                type_name:
                  description:
                    - Name of the type in the schema.
                  returned: when set
                  type: str
                  sample: OrderId
                examples:
                  description:
                    - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
                  returned: when set
                  type: dict
                  sample:
                    first:
                      value: '1'
            examples:
              description:
                - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
              returned: when set
              type: dict
              sample:
                first:
                  value:
                    id: 1
    responses:
      description:
        - What callers get.
      returned: when set
      type: list
      elements: dict
      contains:
        status_code:
          description:
            - HTTP status.
          returned: always
          type: int
          sample: 200
        description:
          description:
            - What the answer means.
          returned: when set
          type: str
          sample: The order
        headers:
          description:
            - Headers.
          returned: when set
          type: list
          elements: dict
          contains:
            name:
              description:
                - Name of the parameter.
              returned: always
              type: str
              sample: order-id
            type:
              description:
                - Type of the parameter, for example V(string).
              returned: always
              type: str
              sample: string
            description:
              description:
                - What the parameter means.
              returned: when set
              type: str
              sample: Number of the order
            default_value:
              description:
                - Value when a caller gives none.
              returned: when set
              type: str
              sample: '1'
            required:
              description:
                - Whether a caller has to give it.
              returned: when set
              type: bool
              sample: true
            allowed_values:
              description:
                - Values that are allowed.
              returned: when set
              type: list
              elements: str
              sample:
                - '1'
            schema_id:
              description:
                - Id of the schema that describes the value.
              returned: when set
              type: str
              sample: 5c0fdb9d9bbd4f4f6c0d1e2f
            type_name:
              description:
                - Name of the type in the schema.
              returned: when set
              type: str
              sample: OrderId
            examples:
              description:
                - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
              returned: when set
              type: dict
              sample:
                first:
                  value: '1'
        representations:
          description:
            - Bodies.
          returned: when set
          type: list
          elements: dict
          contains:
            content_type:
              description:
                - Media type, for example V(application/json).
              returned: always
              type: str
              sample: application/json
            schema_id:
              description:
                - Id of the schema that describes the body.
              returned: when set
              type: str
              sample: 5c0fdb9d9bbd4f4f6c0d1e2f
            type_name:
              description:
                - Name of the type in the schema.
              returned: when set
              type: str
              sample: Order
            form_parameters:
              description:
                - Fields of a form.
              returned: when set
              type: list
              elements: dict
              contains:
                name:
                  description:
                    - Name of the parameter.
                  returned: always
                  type: str
                  sample: order-id
                type:
                  description:
                    - Type of the parameter, for example V(string).
                  returned: always
                  type: str
                  sample: string
                description:
                  description:
                    - What the parameter means.
                  returned: when set
                  type: str
                  sample: Number of the order
                default_value:
                  description:
                    - Value when a caller gives none.
                  returned: when set
                  type: str
                  sample: '1'
                required:
                  description:
                    - Whether a caller has to give it.
                  returned: when set
                  type: bool
                  sample: true
                allowed_values:
                  description:
                    - Values that are allowed.
                  returned: when set
                  type: list
                  elements: str
                  sample:
                    - '1'
                schema_id:
                  description:
                    - Id of the schema that describes the value.
                  returned: when set
                  type: str
                  sample: 5c0fdb9d9bbd4f4f6c0d1e2f
                type_name:
                  description:
                    - Name of the type in the schema.
                  returned: when set
                  type: str
                  sample: OrderId
                examples:
                  description:
                    - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
                  returned: when set
                  type: dict
                  sample:
                    first:
                      value: '1'
            examples:
              description:
                - Examples by name, each with C(summary), C(description), C(value) or C(externalValue).
              returned: when set
              type: dict
              sample:
                first:
                  value:
                    id: 1
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/orders/operations/get-order
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
      sample: api_operation.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_api_operation import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
