#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_load_balancer_info
short_description: Wait for the address of a Kubernetes Service, or say why it has none
version_added: 0.1.0
description:
  - Waits until a Service of type C(LoadBalancer) has got its address from Azure. Without an address, the task fails
    with the reason that Azure gave to the cluster, and with what to do about it; a missing role on the subnet, an
    address outside of it, a subnet that is full or does not exist, and so on.
  - An address that is left over from an earlier state of the Service does not count.
  - For a Service of type C(NodePort) it answers the addresses of the nodes. With C(externalTrafficPolicy) V(Local)
    these are only the nodes with a ready pod.
  - Nothing is written to the cluster.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group_kubernetes
  - innergate.azure._kubernetes
attributes:
  check_mode:
    details:
      - In check mode the module does not wait, and a Service that is missing or not ready is no failure.
options:
  name:
    description:
      - Name of the Service.
    type: str
    required: true
  namespace:
    description:
      - Namespace of the Service.
    type: str
    default: default
  port:
    description:
      - Name or number of the port that RV(port) is about, if the Service has several. By default the first one.
    type: str
  internal:
    description:
      - Whether an internal load balancer is wanted (V(true)) or a public one (V(false)). The task fails at once if the
        Service asks for the other kind. Without this option it may be either.
    type: bool
  expected_prefixes:
    description:
      - Address ranges that the address must be in, such as those of the subnet that the Service names. An address
        elsewhere is taken as left over from an earlier state, and the module goes on waiting.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Whether to wait. If not, the module looks once, and a Service without an address is no failure.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait.
    type: int
    default: 300
  fail_fast:
    description:
      - Whether to stop waiting as soon as Azure gives a reason that goes away only when the Service or the network is
        changed, such as an address that is not in the subnet.
    type: bool
    default: true
notes:
  - The caller needs the rights to get and watch Services and to list events in the namespace. For a Service of type
    C(NodePort) it needs to list nodes, and EndpointSlices with C(externalTrafficPolicy) V(Local).
seealso:
  - module: kubernetes.core.k8s
"""

EXAMPLES = r"""
- name: Wait for the address of the service
  innergate.azure.kubernetes_load_balancer_info:
    namespace: default
    name: api
    internal: true
  register: api

- name: Register it in API Management
  innergate.azure.apim_api:
    resource_group: contoso-rg
    service_name: contoso-apim
    name: random
    display_name: Random
    path: random
    protocols: [https]
    service_url: "http://{{ api.address }}:{{ api.port }}"
"""

RETURN = r"""
exists:
  description:
    - Whether the Service exists.
  returned: when the Service was looked at
  type: bool
  sample: true
ready:
  description:
    - Whether the Service has its address.
  returned: when the Service was looked at
  type: bool
  sample: true
address:
  description:
    - The address of the load balancer, or of the first node for a Service of type C(NodePort). Null if there is none.
  returned: when the Service was looked at
  type: str
  sample: 10.225.1.4
port:
  description:
    - The port to call there, which is the node port for a Service of type C(NodePort). Null if the Service does not
      exist.
  returned: when the Service was looked at
  type: int
  sample: 8080
addresses:
  description:
    - All addresses, with the names of the nodes for a Service of type C(NodePort).
  returned: when the Service was looked at
  type: list
  elements: dict
  contains:
    address:
      description:
        - The address.
      returned: always
      type: str
      sample: 10.224.0.5
    node:
      description:
        - Name of the node. Empty for a load balancer.
      returned: always
      type: str
      sample: aks-nodepool1-12345678-vmss000000
ports:
  description:
    - The ports of the Service.
  returned: when the Service was looked at
  type: list
  elements: dict
  contains:
    name:
      description:
        - Its name. Empty if it has none.
      returned: always
      type: str
      sample: http
    port:
      description:
        - Port of the Service.
      returned: always
      type: int
      sample: 8080
    node_port:
      description:
        - Port on the nodes. Null if it has none.
      returned: always
      type: int
      sample: 31234
    protocol:
      description:
        - Its protocol.
      returned: always
      type: str
      sample: TCP
type:
  description:
    - Type of the Service. Null if it does not exist.
  returned: when the Service was looked at
  type: str
  sample: LoadBalancer
load_balancer:
  description:
    - What annotations of the Service ask of the load balancer of Azure, by their names without
      C(service.beta.kubernetes.io/azure-load-balancer-). Empty if they ask for nothing.
  returned: when the Service was looked at
  type: dict
  sample: {"internal": "true", "internal-subnet": "api-ingress-subnet"}
uid:
  description:
    - Uid of the Service, which is another one when it was deleted and created again. Null if it does not exist.
  returned: when the Service was looked at
  type: str
  sample: 1f0c7f0e-6f0e-4d3e-9d58-0b2f8f5f3a11
reason:
  description:
    - Why there is no address. Null if there is one.
  returned: when the Service was looked at
  type: dict
  contains:
    code:
      description:
        - The code of Azure's error, or a word for another reason.
      returned: always
      type: str
      sample: LinkedAuthorizationFailed
    message:
      description:
        - The reason.
      returned: always
      type: str
      sample: the cluster's identity may not do Microsoft.Network/virtualNetworks/subnets/join/action on the subnet
    advice:
      description:
        - What to do.
      returned: always
      type: str
      sample: grant it the role Network Contributor on the subnet or its VNET
    azure:
      description:
        - What Azure itself said. Empty if it was not Azure.
      returned: always
      type: str
      sample: ""
    tries:
      description:
        - How often the cluster has tried since the last success.
      returned: always
      type: int
      sample: 3
    next_try:
      description:
        - When the cluster tries again by itself. An edit of the Service makes it try at once.
      returned: always
      type: str
      sample: "2026-01-31T12:00:20+00:00"
events:
  description:
    - The latest events of the Service, the oldest first.
  returned: when the Service was looked at
  type: list
  elements: dict
  contains:
    time:
      description:
        - When it happened last.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00+00:00"
    reason:
      description:
        - Kind of event.
      returned: always
      type: str
      sample: EnsuredLoadBalancer
    message:
      description:
        - Its text.
      returned: always
      type: str
      sample: Ensured load balancer
    count:
      description:
        - How often it happened.
      returned: always
      type: int
      sample: 1
waited:
  description:
    - How many seconds the module has waited.
  returned: when the Service was looked at
  type: float
  sample: 0.1
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
      sample: NoAddress
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
      sample: 'The Service has no address.'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: Service orders in shop
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
      sample: api_management_service.get
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import secrets, without_contents
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.task import execute
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "name": {"type": "str", "required": True},
        "namespace": {"type": "str", "default": "default"},
        "port": {"type": "str"},
        "internal": {"type": "bool"},
        "expected_prefixes": {"type": "list", "elements": "str", "default": []},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 300},
        "fail_fast": {"type": "bool", "default": True},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=without_contents)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
