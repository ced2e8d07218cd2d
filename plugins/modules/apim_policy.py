#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_policy
short_description: Manage policies of API Management
version_added: 0.1.0
description:
  - Sets and removes the policy of a whole service, of a product, of an API, or of one operation.
  - Which one is meant follows from the options. Without O(product_name) and O(api_name), it is the policy of the
    service.
  - Documents are compared by what they mean, so a policy that Azure has stored in another layout is no change. White
    space between elements, at the ends of a text or of the document, and comments, mean nothing. Where nothing else is
    different, the policy stays as Azure has it.
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
  product_name:
    description:
      - Name (id) of the product that the policy belongs to.
    type: str
  api_name:
    description:
      - Name (id) of the API that the policy belongs to.
    type: str
  api_revision:
    description:
      - Number of the revision of the API that is meant. Without it, the current revision is.
    type: str
  operation_name:
    description:
      - Name (id) of the operation that the policy belongs to, together with O(api_name).
    type: str
  value:
    description:
      - The policy document, or its address where O(format) is a link.
      - Required when the policy is created.
    type: str
    aliases: [content]
  format:
    description:
      - Form of O(value). In V(rawxml), C# expressions stand as they are; in V(xml), they are escaped as XML wants it,
        and a document that is no XML is refused.
        V(rawxml-link) and V(xml-link) are addresses that Azure can reach.
      - What is behind a link is read from where the task runs, and compared like a document in O(value). Azure is sent
        the link. If it can't be read, O(unreadable_link) says what to do.
      - A new policy is V(rawxml) when this is left out.
    type: str
    choices: [rawxml, xml, rawxml-link, xml-link]
  unreadable_link:
    description:
      - What to do with a link when the document behind it can't be read from where the task runs, within ten seconds
        and with the proxies and certificate authorities of its environment, so that nobody knows whether it is another
        one than Azure has.
      - V(keep) leaves a policy that exists as it is, with a warning. V(send) sends the link in every run, which is a
        change each time. V(fail) fails the task. Left out, it is V(keep).
    type: str
    choices: [keep, send, fail]
  owner:
    description:
      - Who keeps this policy, for example the name of a role. The document gets a comment that says so; Azure keeps it,
        and it has no effect on any call.
      - With O(state=absent) only a policy with the comment of this owner is removed. One that somebody else has
        written, or has taken over by removing the comment, stays.
      - A policy that is as wanted but has no such comment is written again.
    type: str
seealso:
  - module: innergate.azure.apim_policy_info
  - module: innergate.azure.apim_named_value
  - module: innergate.azure.apim_backend
  - name: API Management policy reference
    description: What a policy can do.
    link: https://learn.microsoft.com/azure/api-management/api-management-policies
"""

EXAMPLES = r"""
- name: Create a policy that limits callers of a product
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    product_name: partners
    value: |
      <policies>
        <inbound>
          <base />
          <rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription?.Id)" />
        </inbound>
        <backend>
          <base />
        </backend>
        <outbound>
          <base />
        </outbound>
        <on-error>
          <base />
        </on-error>
      </policies>

- name: Change the limit
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    product_name: partners
    value: |
      <policies>
        <inbound>
          <base />
          <rate-limit-by-key calls="20" renewal-period="60" counter-key="@(context.Subscription?.Id)" />
        </inbound>
        <backend>
          <base />
        </backend>
        <outbound>
          <base />
        </outbound>
        <on-error>
          <base />
        </on-error>
      </policies>

- name: Send the calls of an API to a backend
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    owner: the ordering team
    value: |
      <policies>
        <inbound>
          <base />
          <set-backend-service backend-id="orders-backend" />
        </inbound>
        <backend><base /></backend>
        <outbound><base /></outbound>
        <on-error><base /></on-error>
      </policies>

- name: Answer one operation without calling the backend
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    operation_name: list-orders
    value: |
      <policies>
        <inbound>
          <return-response>
            <set-status code="200" reason="OK" />
            <set-body>[]</set-body>
          </return-response>
        </inbound>
      </policies>

- name: Remove the policy of a product
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    product_name: partners
    state: absent

- name: Remove the policy of an API, unless it is one of other people
  innergate.azure.apim_policy:
    resource_group: contoso-rg
    service_name: contoso-apim
    api_name: orders
    owner: the ordering team
    state: absent
"""

RETURN = r"""
id:
  description:
    - ARM id of the policy.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/policies/policy
resource:
  description:
    - The policy as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the policy.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/policies/policy
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: policy
    etag:
      description:
        - Entity tag, for O(if_match).
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    value:
      description:
        - The policy document, or its address where O(format) is a link.
      returned: always
      type: str
      sample: "<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t</inbound>\r\n</policies>"
    format:
      description:
        - Form of O(value).
      returned: when set
      type: str
      sample: rawxml
released_backends:
  description:
    - Backends that the policy of this owner named before the task, and does not name afterwards.
  returned: when O(owner) is given
  type: list
  elements: str
  sample: [orders-backend]
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
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim/products/partners/policies/policy
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
      sample: policy.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_policy import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
