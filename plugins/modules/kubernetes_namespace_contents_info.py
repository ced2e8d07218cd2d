#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_namespace_contents_info
short_description: See what people keep in namespaces of a cluster, and of kinds
version_added: 0.1.0
description:
  - Lists the objects in namespaces by kind and name, of every kind that the cluster knows, custom ones included. So a
    playbook can tell whether a namespace can be removed without anybody losing anything.
  - What the cluster itself keeps in a namespace is left out, and so are objects that another one of the namespace owns
    (the pods of a Deployment) and objects that are about to go. One whose owner is in no namespace, and stays, counts.
  - Likewise, it tells whether a kind that was added to the cluster can be removed.
  - Contents of objects are not answered. Nothing is written to the cluster.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group_kubernetes
  - innergate.azure._kubernetes
options:
  namespaces:
    description:
      - Names of the namespaces.
    type: list
    elements: str
    default: []
  kinds:
    description:
      - Names of CustomResourceDefinitions, whose objects would go with them, wherever they are. Those that are about to
        go are left out, and so are those of which no owner will be left.
    type: list
    elements: str
    default: []
  resources:
    description:
      - Only these kinds, as their URLs name them, such as V(services) or V(apps/v1/deployments). Without this option,
        all kinds are listed, and an empty list lists none, to see whether the namespaces exist.
    type: list
    elements: str
  disregard:
    description:
      - Objects that are passed over, as M(kubernetes.core.k8s) takes them, for example what the playbook would have
        removed but for check mode. Only C(apiVersion), C(kind), and C(name) and C(namespace) in C(metadata) are used.
    type: list
    elements: dict
    default: []
notes:
  - The caller needs the rights to get the namespaces and to list what is in them, and the same for O(kinds). What it
    may not list is answered in RV(namespaces) and RV(kinds). An owner that it may not get counts as staying.
seealso:
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
- name: See who uses a kind
  innergate.azure.kubernetes_namespace_contents_info:
    kinds: [widgets.example.org]
  register: widgets

- name: See what is in a namespace
  innergate.azure.kubernetes_namespace_contents_info:
    namespaces: [orders]
  register: contents

- name: Remove it if nobody keeps anything there
  kubernetes.core.k8s:
    state: absent
    api_version: v1
    kind: Namespace
    name: orders
  when: not contents.namespaces.orders.objects and not contents.namespaces.orders.unseen
"""

RETURN = r"""
kinds:
  description:
    - The kinds by the names of their definitions.
  returned: success
  type: dict
  contains:
    NAME:
      description:
        - What was found of the kind with the definition of this name.
      returned: for each of O(kinds)
      type: dict
      contains:
        exists:
          description:
            - Whether the definition exists, as far as can be seen.
          returned: always
          type: bool
          sample: true
        empty:
          description:
            - Whether it exists, no object of the kind was found, and all could be seen.
          returned: always
          type: bool
          sample: false
        objects:
          description:
            - Its objects, by namespace, kind and name.
          returned: always
          type: list
          elements: str
          sample: [otherteam/Widget/theirs]
        unseen:
          description:
            - What the caller may not see - the definition, or the objects - or that the API server can't list.
          returned: always
          type: list
          elements: str
          sample: []
namespaces:
  description:
    - The namespaces by name.
  returned: success
  type: dict
  contains:
    NAMESPACE:
      description:
        - What was found of the namespace of this name.
      returned: for each of O(namespaces)
      type: dict
      contains:
        exists:
          description:
            - Whether the namespace exists.
          returned: always
          type: bool
          sample: true
        empty:
          description:
            - Whether it exists and nothing was found in it, and nothing of what was looked for could not be seen.
          returned: always
          type: bool
          sample: false
        labels:
          description:
            - Its labels.
          returned: always
          type: dict
          sample: {"app.kubernetes.io/managed-by": "innergate"}
        objects:
          description:
            - What is in it, by kind and name.
          returned: always
          type: list
          elements: str
          sample: [ConfigMap/settings, Deployment/api]
        unseen:
          description:
            - Kinds that the caller may not list, or whose server did not answer.
          returned: always
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
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contents import execute
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import secrets, without_contents
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "namespaces": {"type": "list", "elements": "str", "default": []},
        "kinds": {"type": "list", "elements": "str", "default": []},
        "resources": {"type": "list", "elements": "str"},
        "disregard": {"type": "list", "elements": "dict", "default": []},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=without_contents)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
