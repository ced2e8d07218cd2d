#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_api
short_description: Manage APIs of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes APIs, and takes their operations from a specification.
  - Without O(api_revision) the current revision of the API is meant.
  - Display name, path, description, protocols, O(subscription_required) and O(api_version) are shared by all
    revisions of an API, and can be changed on the current one only.
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
      - Name (id) of the API.
    type: str
    required: true
  api_revision:
    description:
      - Number of the revision that is meant. One that does not exist yet is created, as a copy of O(source_api).
    type: str
  display_name:
    description:
      - The API as people see it.
      - A new API takes it from O(specification) or O(source_api), and without these gets its O(name), when this is left
        out. A new revision that takes it from neither needs this option.
      - It has at most 300 characters. It can't be empty.
    type: str
  path:
    description:
      - First part of the path of the API at the gateway, for example V(orders). Slashes at its beginning and its end
        have no meaning. An empty string is the root of the gateway, which one API can have.
      - Required when the API is created.
      - It has at most 400 characters.
    type: str
  protocols:
    description:
      - Protocols that callers may use. This is the whole list.
      - It can't be empty.
    type: list
    elements: str
    choices: [http, https, ws, wss]
  service_url:
    description:
      - Address that requests are sent to when no policy says otherwise, for example V(http://10.225.1.4:8080). An
        empty string clears it.
      - It has at most 2000 characters.
      - A user in it, and keys in its query, are starred in what is shown.
    type: str
  description:
    description:
      - What the API is for. An empty string clears it.
    type: str
  api_type:
    description:
      - Type of the API. Azure makes a new one V(http).
      - A new one of the type V(websocket) needs O(service_url), and O(protocols) of V(ws) and V(wss).
    type: str
    choices: [http, soap, websocket, graphql, odata, grpc]
  api_revision_description:
    description:
      - What is new in the revision.
      - It has at most 256 characters. An empty string clears it.
    type: str
  api_version:
    description:
      - Version that callers name, in the way that O(api_version_set) says.
      - It has at most 100 characters. An empty string clears it.
    type: str
  api_version_description:
    description:
      - What is new in the version.
      - It has at most 256 characters. An empty string clears it.
    type: str
  api_version_set:
    description:
      - Version set that the API belongs to, by name or by ARM id.
      - An empty string clears it.
    type: str
    aliases: [api_version_set_id]
  source_api:
    description:
      - API that a new API or a new revision is a copy of, by name (V(orders), V(orders;rev=2)) or by ARM id.
      - It is looked at only when the API is created.
    type: str
    aliases: [source_api_id]
  subscription_required:
    description:
      - Whether a key is needed to call the API. Azure requires one unless told otherwise.
    type: bool
  subscription_key_parameter_names:
    description:
      - Where callers put the key.
      - An empty dictionary puts back what Azure has by itself.
    type: dict
    suboptions:
      header:
        description:
          - Name of the header. Azure expects C(Ocp-Apim-Subscription-Key) unless told otherwise.
          - An empty string puts back what Azure has by itself.
        type: str
      query:
        description:
          - Name of the query parameter. Azure expects C(subscription-key) unless told otherwise.
          - An empty string puts back what Azure has by itself.
        type: str
  authentication_settings:
    description:
      - How the developer portal obtains tokens for the API.
      - An empty dictionary clears it.
    type: dict
    suboptions:
      oauth2:
        description:
          - OAuth 2.0. An empty dictionary clears it.
        type: dict
        suboptions:
          authorization_server_id:
            description:
              - Name of the authorization server in the service.
              - Needed, unless the dictionary is empty, which clears it.
            type: str
          scope:
            description:
              - Scopes to ask for.
              - An empty string clears it.
            type: str
      openid:
        description:
          - OpenID Connect. An empty dictionary clears it.
        type: dict
        suboptions:
          openid_provider_id:
            description:
              - Name of the OpenID Connect provider in the service.
              - Needed, unless the dictionary is empty, which clears it.
            type: str
          bearer_token_sending_methods:
            description:
              - Where the token is put.
              - An empty list clears it.
            type: list
            elements: str
            choices: [authorizationHeader, query]
  terms_of_service_url:
    description:
      - Address of the terms of service. An empty string clears it.
    type: str
  contact:
    description:
      - Whom to ask about the API. An empty dictionary clears it.
    type: dict
    suboptions:
      name:
        description:
          - Name of the person or organization.
          - An empty string clears it.
        type: str
      url:
        description:
          - Address of a page about them.
          - An empty string clears it.
        type: str
      email:
        description:
          - Mail address.
          - An empty string clears it.
        type: str
  license:
    description:
      - License of the API. An empty dictionary clears it.
    type: dict
    suboptions:
      name:
        description:
          - Name of the license.
          - An empty string clears it.
        type: str
      url:
        description:
          - Address of its text.
          - An empty string clears it.
        type: str
  specification:
    description:
      - Specification that the operations of the API are taken from.
      - It is imported when the API is new, and when the API does not have what it says. Azure never shows a
        specification again, so what an import made of it is compared; title, description, address of the server,
        operations and schemas, as far as it is known what becomes of them.
      - The operations of the API become those of the specification; those that stay keep their policies, and those that
        it does not describe are removed.
      - What the specification leaves out is no difference, such as a description or a schema that it had before.
      - Of OpenAPI and Swagger are not compared examples, headers of responses, schemas without a name, titles,
        descriptions and words of OpenAPI 3.1 in schemas and, in Swagger, C(produces) and what an operation with fields
        of a form takes, which Azure does not support.
      - Of a WSDL that is passed through as SOAP are compared the names and actions of its operations, the elements that
        they take and answer, and what its schemas define, as far as Azure shows anything of their namespaces.
        Descriptions, headers, faults and schemas in other documents are not. Operations with one action, or several
        without any, are refused, because Azure tells them apart by it.
      - Of a WSDL that becomes REST are compared the names of the operations only, because all else becomes policies. An
        import of another change is forced by removing one of the operations before, with
        M(innergate.azure.apim_api_operation).
      - The path of the address in a WSDL counts only where the API shows one, because it can be in a policy, too.
      - Of WADL are compared ids, methods and paths, and which query parameters and headers there are, and are required.
        Status codes and grammars count only where the API shows any; types, defaults, descriptions and what C(href)
        refers to do not.
      - OData, gRPC and GraphQL are compared as a whole, without white space and comments.
      - Options of the task, such as O(display_name) and O(service_url), win over what the specification says.
      - Title and description are not taken to a revision that is not the current one, because all revisions share
        them.
    type: dict
    suboptions:
      format:
        description:
          - Format of the specification. Formats with C(link) are given by O(specification.link), the others by
            O(specification.content). V(openapi) is YAML, V(openapi+json) is JSON.
          - YAML is read as YAML 1.2, in which V(on) and V(12:30) are texts. A key that is there twice is refused.
        type: str
        required: true
        choices:
          - openapi
          - openapi+json
          - openapi-link
          - openapi+json-link
          - swagger-json
          - swagger-link-json
          - wsdl
          - wsdl-link
          - wadl-xml
          - wadl-link-json
          - graphql-link
          - odata
          - odata-link
          - grpc
          - grpc-link
      content:
        description:
          - The document itself, for example C(lookup('ansible.builtin.file', 'openapi.yml')).
        type: str
      link:
        description:
          - Address of the document, such as V(https://contoso.example/orders/openapi.yaml). It has to be reachable from
            the public internet, also for a service in a VNET.
          - The document is also read from where the task runs, and compared like one in O(specification.content). If
            it can't be read, O(unreadable_link) says what to do. That is usual for V(graphql-link), the address of an
            endpoint.
          - A user in it, and keys in its query, are starred in what is shown.
        type: str
      wsdl_selector:
        description:
          - Which part of a WSDL document is imported. Needed where the document has several endpoints, of which API
            Management imports one only.
        type: dict
        suboptions:
          service_name:
            description:
              - Name of the service.
            type: str
          endpoint_name:
            description:
              - Name of the endpoint (port).
            type: str
      soap_api_type:
        description:
          - What a WSDL document becomes; V(soap) passes SOAP through, V(http) turns it into REST.
            Azure makes REST of it unless told otherwise.
          - An API of the other type is imported anew, and gets other operations. Left out, an API stays what it is.
          - All revisions are of one type, which can be changed on the current one only.
          - It can't be another one than O(api_type), where both are given.
        type: str
        choices: [http, soap, websocket, graphql, odata, grpc]
      translate_required_query_parameters:
        description:
          - What becomes of required query parameters; parts of the URL template, or query parameters.
        type: str
        choices: [template, query]
  unreadable_link:
    description:
      - What to do with O(specification.link) when the document behind it can't be read from where the task runs, within
        ten seconds and with the proxies and certificate authorities of its environment, so that nobody knows whether it
        is another one than Azure has.
      - V(keep) leaves an API that exists as it is, with a warning. V(send) imports in every run, which is a change each
        time. V(fail) fails the task. Left out, it is V(keep).
    type: str
    choices: [keep, send, fail]
  delete_revisions:
    description:
      - Whether O(state=absent) removes all revisions of the API. Without it, Azure refuses to remove an API whose
        current revision is not the only one.
    type: bool
seealso:
  - module: innergate.azure.apim_api_info
  - module: innergate.azure.apim_api_operation
  - module: innergate.azure.apim_product_api
  - module: innergate.azure.apim_policy
  - name: Revisions in Azure API Management
    description: What revisions share, and what they do not.
    link: https://learn.microsoft.com/azure/api-management/api-management-revisions
"""

EXAMPLES = r"""
- name: Create an API in front of an internal load balancer
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    display_name: Shipments
    path: shipments
    protocols:
      - https
    service_url: http://10.225.1.4:8080

- name: Change the address and the key names of an API
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    service_url: http://10.225.1.5:8080
    subscription_key_parameter_names:
      header: X-Api-Key
      query: api-key
    contact:
      name: Logistics
      email: logistics@contoso.com

- name: Take the operations from a specification
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    specification:
      format: openapi
      content: |
        openapi: 3.0.3
        info:
          title: Shipments
          version: "1.0"
        paths:
          /shipments:
            get:
              operationId: list-shipments
              summary: List shipments
              responses:
                "200":
                  description: The shipments
          /shipments/{id}:
            get:
              operationId: get-shipment
              summary: Get a shipment
              parameters:
                - name: id
                  in: path
                  required: true
                  schema:
                    type: string
              responses:
                "200":
                  description: The shipment

- name: Prepare a second revision
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    api_revision: "2"
    source_api: shipments
    path: shipments
    api_revision_description: Talks to the new carriers

- name: Remove an API with all its revisions
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: shipments
    state: absent
    delete_revisions: true
"""

RETURN = r"""
id:
  description:
    - ARM id of the API.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/shipments
resource:
  description:
    - The API as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the API.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/shipments
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
        - The API as people see it.
      returned: when set
      type: str
      sample: Shipments
    path:
      description:
        - First part of the path of the API at the gateway, for example V(orders).
      returned: always
      type: str
      sample: shipments
    protocols:
      description:
        - Protocols that callers may use.
      returned: when set
      type: list
      elements: str
      sample:
        - https
    service_url:
      description:
        - Address that requests are sent to when no policy says otherwise, for example V(http://10.225.1.4:8080).
      returned: when set
      type: str
      sample: http://10.225.1.4:8080
    description:
      description:
        - What the API is for.
      returned: when set
      type: str
      sample: Where orders are on their way
    api_type:
      description:
        - Type of the API.
      returned: when set
      type: str
      sample: http
    api_revision:
      description:
        - Number of the revision.
      returned: when set
      type: str
      sample: '1'
    api_revision_description:
      description:
        - What is new in the revision.
      returned: when set
      type: str
      sample: Talks to the new carriers
    api_version:
      description:
        - Version that callers name, in the way that O(api_version_set) says.
      returned: when set
      type: str
      sample: v1
    api_version_description:
      description:
        - What is new in the version.
      returned: when set
      type: str
      sample: The first one
    api_version_set:
      description:
        - Version set that the API belongs to, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apiVersionSets/shipments
    subscription_required:
      description:
        - Whether a key is needed to call the API.
      returned: when set
      type: bool
      sample: true
    subscription_key_parameter_names:
      description:
        - Where callers put the key.
      returned: when set
      type: dict
      contains:
        header:
          description:
            - Name of the header.
          returned: when set
          type: str
          sample: Ocp-Apim-Subscription-Key
        query:
          description:
            - Name of the query parameter.
          returned: when set
          type: str
          sample: subscription-key
    authentication_settings:
      description:
        - How the developer portal obtains tokens for the API.
      returned: when set
      type: dict
      contains:
        oauth2:
          description:
            - OAuth 2.0.
          returned: when set
          type: dict
          contains:
            authorization_server_id:
              description:
                - Name of the authorization server in the service.
              returned: always
              type: str
              sample: contoso-entra
            scope:
              description:
                - Scopes to ask for.
              returned: when set
              type: str
              sample: shipments.read
        openid:
          description:
            - OpenID Connect.
          returned: when set
          type: dict
          contains:
            openid_provider_id:
              description:
                - Name of the OpenID Connect provider in the service.
              returned: always
              type: str
              sample: contoso-openid
            bearer_token_sending_methods:
              description:
                - Where the token is put.
              returned: when set
              type: list
              elements: str
              sample:
                - authorizationHeader
    terms_of_service_url:
      description:
        - Address of the terms of service.
      returned: when set
      type: str
      sample: https://contoso.com/terms
    contact:
      description:
        - Whom to ask about the API.
      returned: when set
      type: dict
      contains:
        name:
          description:
            - Name of the person or organization.
          returned: when set
          type: str
          sample: Logistics
        url:
          description:
            - Address of a page about them.
          returned: when set
          type: str
          sample: https://contoso.com/logistics
        email:
          description:
            - Mail address.
          returned: when set
          type: str
          sample: logistics@contoso.com
    license:
      description:
        - License of the API.
      returned: when set
      type: dict
      contains:
        name:
          description:
            - Name of the license.
          returned: when set
          type: str
          sample: MIT
        url:
          description:
            - Address of its text.
          returned: when set
          type: str
          sample: https://opensource.org/license/mit
    is_current:
      description:
        - Whether this is the current revision.
      returned: when set
      type: bool
      sample: true
    is_online:
      description:
        - Whether the revision can be called.
      returned: when set
      type: bool
      sample: true
    provisioning_state:
      description:
        - State of the last import.
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/apis/shipments
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
      sample: api.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_api import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
