#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_backend
short_description: Manage backends of API Management
version_added: 0.1.0
description:
  - Creates, changes and removes backends, which policies send requests to with C(set-backend-service).
  - A backend is one address with credentials, TLS checks and a circuit breaker, or a pool of such backends.
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
      - Name (id) of the backend.
    type: str
    required: true
  url:
    description:
      - Address of the backend, for example V(http://10.225.1.4:8080). A new backend needs one, unless O(type=Pool).
      - It has at most 2000 characters. It can't be empty.
      - A user in it, and keys in its query, are starred in what is shown.
    type: str
  protocol:
    description:
      - Protocol of the backend. A new backend needs one, unless O(type=Pool).
    type: str
    choices: [http, soap]
  type:
    description:
      - Whether this is one backend or a pool of them.
      - V(Single) takes the pool of a backend away, and needs O(url) and O(protocol).
    type: str
    choices: [Single, Pool]
  title:
    description:
      - The backend as people see it. An empty string clears it.
      - It has at most 300 characters.
    type: str
  description:
    description:
      - What the backend is for. An empty string clears it.
      - It has at most 2000 characters.
    type: str
  resource_id:
    description:
      - URL in Azure Resource Manager of what stands behind the address, such as a function app. An empty string
        clears it.
      - It has at most 2000 characters.
    type: str
  credentials:
    description:
      - What requests to the backend carry. An empty dictionary clears it.
    type: dict
    suboptions:
      authorization:
        description:
          - The C(Authorization) header.
          - An empty dictionary clears it.
        type: dict
        suboptions:
          scheme:
            description:
              - Scheme, for example V(Basic).
              - Needed, unless the dictionary is empty, which clears it.
              - It has at most 100 characters.
            type: str
          parameter:
            description:
              - What follows the scheme. A named value keeps it out of the configuration; write V({{NAME}}).
              - Needed, unless the dictionary is empty, which clears it.
              - It has at most 300 characters.
            type: str
      header:
        description:
          - Headers, each with a list of values.
          - An empty dictionary clears it.
        type: dict
      query:
        description:
          - Query parameters, each with a list of values.
          - An empty dictionary clears it.
        type: dict
      certificate_ids:
        description:
          - Client certificates, by name or by ARM id.
          - An empty list clears it.
          - It has at most 32 elements.
        type: list
        elements: str
      certificate:
        description:
          - Thumbprints of client certificates.
          - An empty list clears it.
          - It has at most 32 elements.
        type: list
        elements: str
  proxy:
    description:
      - Proxy that stands before the backend. An empty dictionary clears it.
    type: dict
    suboptions:
      url:
        description:
          - Address of the proxy.
          - Needed, unless the dictionary is empty, which clears it.
          - It has at most 2000 characters.
          - A user in it, and keys in its query, are starred in what is shown.
        type: str
      username:
        description:
          - User name.
          - An empty string clears it.
        type: str
      password:
        description:
          - Password.
          - An empty string clears it.
        type: str
  tls:
    description:
      - Which checks a certificate of the backend has to pass.
      - An empty dictionary clears it.
    type: dict
    suboptions:
      validate_certificate_chain:
        description:
          - Whether the chain has to end at a trusted authority. Turn it off for self-signed certificates.
        type: bool
      validate_certificate_name:
        description:
          - Whether the name has to match. Turn it off for a backend that is called by its IP address.
        type: bool
  circuit_breaker:
    description:
      - When the gateway stops calling the backend for a while. An empty dictionary clears it.
    type: dict
    suboptions:
      rules:
        description:
          - Rules. Azure supports one rule per backend so far.
          - An empty list clears it.
          - It has at most 15 elements.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the rule.
            type: str
            required: true
          failure_condition:
            description:
              - What trips the circuit breaker. Needs either O(circuit_breaker.rules[].failure_condition.count) or
                O(circuit_breaker.rules[].failure_condition.percentage), and at least one of
                O(circuit_breaker.rules[].failure_condition.status_code_ranges) and
                O(circuit_breaker.rules[].failure_condition.error_reasons).
            type: dict
            required: true
            suboptions:
              count:
                description:
                  - Number of failures.
                type: int
              percentage:
                description:
                  - Failures among all calls, in percent.
                type: int
              interval:
                description:
                  - Time in which failures are counted, as ISO 8601 duration, for example V(PT1M).
                type: str
              status_code_ranges:
                description:
                  - Status codes that are failures.
                  - It has at most 10 elements.
                type: list
                elements: dict
                suboptions:
                  min:
                    description:
                      - First status code.
                      - It is from 200 to 599.
                    type: int
                    required: true
                  max:
                    description:
                      - Last status code.
                      - It is from 200 to 599.
                    type: int
                    required: true
              error_reasons:
                description:
                  - Errors that are failures, for example V(Server errors).
                  - It has at most 10 elements.
                type: list
                elements: str
          trip_duration:
            description:
              - How long the backend is left alone, as ISO 8601 duration, for example V(PT1M).
            type: str
            required: true
          accept_retry_after:
            description:
              - Whether a C(Retry-After) header of the backend sets the time instead.
            type: bool
  pool:
    description:
      - Members of a backend of type V(Pool).
      - An empty dictionary clears it, unless O(type=Pool).
    type: dict
    suboptions:
      services:
        description:
          - The members.
          - Needed, unless the dictionary is empty, which clears it.
        type: list
        elements: dict
        suboptions:
          id:
            description:
              - Backend, by name or by ARM id.
            type: str
            required: true
          weight:
            description:
              - Share of the calls among members of the same priority, from 0 to 100.
            type: int
          priority:
            description:
              - Members with a higher number are called only when no member with a lower one is there; from 0 to 100.
            type: int
  service_fabric_cluster:
    description:
      - Service Fabric cluster that the backend runs in.
      - An empty dictionary clears it.
    type: dict
    suboptions:
      management_endpoints:
        description:
          - Addresses of the cluster's management. A user in one, and keys in its query, are starred in what is shown.
          - Needed, unless the dictionary is empty, which clears it.
        type: list
        elements: str
      client_certificate_id:
        description:
          - Client certificate for the management, by name or by ARM id.
          - An empty string clears it.
        type: str
      client_certificate_thumbprint:
        description:
          - Thumbprint of the client certificate.
          - An empty string clears it.
        type: str
      max_partition_resolution_retries:
        description:
          - How often to look for the partition again.
        type: int
      server_certificate_thumbprints:
        description:
          - Thumbprints of certificates that the cluster may show.
          - An empty list clears it.
        type: list
        elements: str
      server_x509_names:
        description:
          - Names that certificates of the cluster may have.
          - An empty list clears it.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Common name of the certificate.
            type: str
            required: true
          issuer_certificate_thumbprint:
            description:
              - Thumbprint of the issuer.
            type: str
seealso:
  - module: innergate.azure.apim_backend_info
  - module: innergate.azure.apim_policy
  - name: Microsoft.ApiManagement service/backends
    description: Reference of the resource type.
    link: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/backends
"""

EXAMPLES = r"""
- name: Create a backend behind an internal load balancer
  innergate.azure.apim_backend:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: orders-v2
    url: http://10.225.1.4:8080
    protocol: http
    title: Orders
    credentials:
      header:
        x-gateway-token:
          - "{{ backend_token }}"
    circuit_breaker:
      rules:
        - name: too-many-failures
          failure_condition:
            count: 5
            interval: PT1M
            status_code_ranges:
              - min: 500
                max: 599
          trip_duration: PT30S
          accept_retry_after: true

- name: Change the address and the TLS checks of a backend
  innergate.azure.apim_backend:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: orders-v2
    url: https://10.225.1.4:8443
    tls:
      validate_certificate_chain: true
      validate_certificate_name: false

- name: Spread calls over two backends
  innergate.azure.apim_backend:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: orders-pool
    type: Pool
    pool:
      services:
        - id: orders-v2
          weight: 80
        - id: orders-backend
          weight: 20

- name: Remove the pool
  innergate.azure.apim_backend:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: orders-pool
    state: absent

- name: Remove a backend
  innergate.azure.apim_backend:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: orders-v2
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the backend.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/backends/orders-v2
resource:
  description:
    - The backend as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the backend.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/backends/orders-v2
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: orders-v2
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    url:
      description:
        - Address of the backend, for example V(http://10.225.1.4:8080).
      returned: when set
      type: str
      sample: http://10.225.1.4:8080
    protocol:
      description:
        - Protocol of the backend.
      returned: when set
      type: str
      sample: http
    type:
      description:
        - Whether this is one backend or a pool of them.
      returned: when set
      type: str
      sample: Single
    title:
      description:
        - The backend as people see it.
      returned: when set
      type: str
      sample: Orders
    description:
      description:
        - What the backend is for.
      returned: when set
      type: str
      sample: The orders service
    resource_id:
      description:
        - URL in Azure Resource Manager of what stands behind the address, such as a function app.
      returned: when set
      type: str
      sample: https://management.azure.com/subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Web/sites/orders
    credentials:
      description:
        - What requests to the backend carry.
      returned: when set
      type: dict
      contains:
        authorization:
          description:
            - The C(Authorization) header.
          returned: when set
          type: dict
          contains:
            scheme:
              description:
                - Scheme, for example V(Basic).
              returned: always
              type: str
              sample: Basic
        certificate_ids:
          description:
            - Client certificates, as ARM id.
          returned: when set
          type: list
          elements: str
          sample:
            - /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/certificates/client
        certificate:
          description:
            - Thumbprints of client certificates.
          returned: when set
          type: list
          elements: str
          sample:
            - 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
    proxy:
      description:
        - Proxy that stands before the backend.
      returned: when set
      type: dict
      contains:
        url:
          description:
            - Address of the proxy.
          returned: always
          type: str
          sample: http://10.225.1.9:3128
        username:
          description:
            - User name.
          returned: when set
          type: str
          sample: gateway
    tls:
      description:
        - Which checks a certificate of the backend has to pass.
      returned: when set
      type: dict
      contains:
        validate_certificate_chain:
          description:
            - Whether the chain has to end at a trusted authority.
          returned: when set
          type: bool
          sample: true
        validate_certificate_name:
          description:
            - Whether the name has to match.
          returned: when set
          type: bool
          sample: false
    circuit_breaker:
      description:
        - When the gateway stops calling the backend for a while.
      returned: when set
      type: dict
      contains:
        rules:
          description:
            - Rules.
          returned: when set
          type: list
          elements: dict
          contains:
            name:
              description:
                - Name of the rule.
              returned: always
              type: str
              sample: too-many-failures
            failure_condition:
              description:
                - What trips the circuit breaker.
              returned: always
              type: dict
              contains:
                count:
                  description:
                    - Number of failures.
                  returned: when set
                  type: int
                  sample: 5
                percentage:
                  description:
                    - Failures among all calls, in percent.
                  returned: when set
                  type: int
                  sample: 50
                interval:
                  description:
                    - Time in which failures are counted, as ISO 8601 duration, for example V(PT1M).
                  returned: when set
                  type: str
                  sample: PT1M
                status_code_ranges:
                  description:
                    - Status codes that are failures.
                  returned: when set
                  type: list
                  elements: dict
                  contains:
                    min:
                      description:
                        - First status code.
                      returned: always
                      type: int
                      sample: 500
                    max:
                      description:
                        - Last status code.
                      returned: always
                      type: int
                      sample: 599
                error_reasons:
                  description:
                    - Errors that are failures, for example V(Server errors).
                  returned: when set
                  type: list
                  elements: str
                  sample:
                    - Server errors
            trip_duration:
              description:
                - How long the backend is left alone, as ISO 8601 duration, for example V(PT1M).
              returned: always
              type: str
              sample: PT30S
            accept_retry_after:
              description:
                - Whether a C(Retry-After) header of the backend sets the time instead.
              returned: when set
              type: bool
              sample: true
    pool:
      description:
        - Members of a backend of type V(Pool).
      returned: when set
      type: dict
      contains:
        services:
          description:
            - The members.
          returned: always
          type: list
          elements: dict
          contains:
            id:
              description:
                - Backend, as ARM id.
              returned: always
              type: str
              sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/backends/orders-v2
            weight:
              description:
                - Share of the calls among members of the same priority, from 0 to 100.
              returned: when set
              type: int
              sample: 80
            priority:
              description:
                - Members with a higher number are called only when no member with a lower one is there; from 0 to 100.
              returned: when set
              type: int
              sample: 1
    service_fabric_cluster:
      description:
        - Service Fabric cluster that the backend runs in.
      returned: when set
      type: dict
      contains:
        management_endpoints:
          description:
            - Addresses of the cluster's management.
          returned: always
          type: list
          elements: str
          sample:
            - https://cluster.contoso.com:19080
        client_certificate_id:
          description:
            - Client certificate for the management, as ARM id.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/certificates/client
        client_certificate_thumbprint:
          description:
            - Thumbprint of the client certificate.
          returned: when set
          type: str
          sample: 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
        max_partition_resolution_retries:
          description:
            - How often to look for the partition again.
          returned: when set
          type: int
          sample: 5
        server_certificate_thumbprints:
          description:
            - Thumbprints of certificates that the cluster may show.
          returned: when set
          type: list
          elements: str
          sample:
            - 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
        server_x509_names:
          description:
            - Names that certificates of the cluster may have.
          returned: when set
          type: list
          elements: dict
          contains:
            name:
              description:
                - Common name of the certificate.
              returned: always
              type: str
              sample: cluster.contoso.com
            issuer_certificate_thumbprint:
              description:
                - Thumbprint of the issuer.
              returned: when set
              type: str
              sample: 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/backends/orders-v2
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
      sample: backend.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_backend import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
