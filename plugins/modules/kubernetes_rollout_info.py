#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_rollout_info
short_description: Wait until workloads have their pods ready, or say why they have not
version_added: 0.1.0
description:
  - Waits until all pods of Deployments, StatefulSets and DaemonSets are those of the newest version and available.
  - When the time is over, the message says why the pods are not ready, as far as the cluster tells - an image that
    can't be pulled, a quota, no node with enough room, a container that ends again and again, a missing Secret, a
    readiness probe that gets no answer.
  - A Deployment that is paused is not waited for if its newest version is not rolled out, for that goes on only when
    somebody resumes it. The message says so.
  - Of CustomResourceDefinitions it waits until the API server serves their kinds, so that objects of them can be
    applied.
  - Nothing is written to the cluster.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group_kubernetes
  - innergate.azure._kubernetes
options:
  definitions:
    description:
      - Objects, as M(kubernetes.core.k8s) takes them. Only C(kind), and C(name) and C(namespace) in C(metadata) count;
        what is no Deployment, StatefulSet, DaemonSet or CustomResourceDefinition is left out.
    type: list
    elements: dict
    required: true
  wait:
    description:
      - Whether to wait. Otherwise, and in check mode, the task looks once and does not fail.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for all of them.
    type: int
    default: 300
notes:
  - The caller needs the rights to get and watch the workloads or CustomResourceDefinitions, and to list pods and events
    in the namespaces of the workloads.
seealso:
  - module: innergate.azure.kubernetes_load_balancer_info
  - module: kubernetes.core.k8s
"""

EXAMPLES = r"""
- name: Wait for a Deployment
  innergate.azure.kubernetes_rollout_info:
    definitions:
      - kind: Deployment
        metadata:
          name: api
          namespace: demo
    wait_timeout: 120
"""

RETURN = r"""
ready:
  description:
    - Whether all are ready.
  returned: success
  type: bool
  sample: true
waited:
  description:
    - Seconds that the task has waited.
  returned: success
  type: float
  sample: 3.1
workloads:
  description:
    - The workloads, in the order of O(definitions).
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description:
        - Kind of the workload.
      returned: always
      type: str
      sample: Deployment
    namespace:
      description:
        - Its namespace. Empty for a CustomResourceDefinition.
      returned: always
      type: str
      sample: demo
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: api
    ready:
      description:
        - Whether all its pods are those of the newest version and available, or its kind is served.
      returned: always
      type: bool
      sample: false
    wanted:
      description:
        - How many pods there are to be, or versions of the kind.
      returned: always
      type: int
      sample: 2
    available:
      description:
        - How many are available, or served.
      returned: always
      type: int
      sample: 1
    reason:
      description:
        - Why it is not ready. Null if it is.
      returned: always
      type: dict
      contains:
        code:
          description:
            - A word for programs.
          returned: always
          type: str
          sample: ImagePull
        message:
          description:
            - What is wrong.
          returned: always
          type: str
          sample: "pod api-5d7: image registry.example.com/api:1 can't be pulled (ImagePullBackOff: no such host)"
        advice:
          description:
            - What to do.
          returned: always
          type: str
          sample: mend the name or tag of the image
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
      sample: ClusterError
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
      sample: "The cluster can't be reached."
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: https://127.0.0.1:6443
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
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.rollout_wait import execute
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "definitions": {"type": "list", "elements": "dict", "required": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 300},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=without_contents)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
