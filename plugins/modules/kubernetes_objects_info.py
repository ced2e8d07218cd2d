#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_objects_info
short_description: See which objects exist in a cluster
version_added: 0.1.0
description:
  - Tells of objects of any kind whether they exist, and gives each an identifier that names its cluster, too. So a
    playbook can record in M(innergate.azure.apim_ledger) what it found and what it is about to make, and can find it
    again, even if its kubeconfig leads to another cluster by then.
  - Contents of objects are not answered. Nothing is written to the cluster.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group_kubernetes
  - innergate.azure._kubernetes
options:
  definitions:
    description:
      - Objects, as M(kubernetes.core.k8s) takes them. Only C(apiVersion), C(kind), and C(name) and C(namespace) in
        C(metadata) count.
    type: list
    elements: dict
    default: []
  ids:
    description:
      - Objects by the identifiers that an earlier run of this module answered.
    type: list
    elements: str
    default: []
notes:
  - The caller needs the rights to get the objects. A cluster is told apart by the C(uid) of its namespace
    C(kube-system), or by its address where the caller may not get that.
seealso:
  - module: innergate.azure.apim_ledger
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
- name: See whether there is such a Secret
  innergate.azure.kubernetes_objects_info:
    definitions:
      - apiVersion: v1
        kind: Secret
        metadata:
          name: partners
          namespace: default
  register: seen

- name: Record it before it is made
  innergate.azure.apim_ledger:
    resource_group: contoso-rg
    service_name: contoso-apim
    objects:
      kubernetes: "{{ seen.objects | map(attribute='id') }}"
    existing:
      kubernetes: "{{ seen.objects | selectattr('exists') | map(attribute='id') }}"
"""

RETURN = r"""
objects:
  description:
    - The objects of O(definitions), then those of O(ids), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Names the object and its cluster, as C(cluster/namespace/apiVersion/kind/name). The namespace is empty where
          there is none.
      returned: always
      type: str
      sample: 0b6fe2a8-6b3c-4c6b-9f6e-4f2c3a1d5e77/default/v1/Secret/partners
    exists:
      description:
        - Whether the object exists.
      returned: always
      type: bool
      sample: true
    uid:
      description:
        - The C(uid) that the cluster has given the object; empty if it does not exist.
      returned: always
      type: str
      sample: 5f0c7d1e-9a42-4a53-9a8b-3d1a5f3f7c11
    elsewhere:
      description:
        - Whether the identifier names another cluster than the one that was asked, or that can't be told because one of
          them is known by its address only. Then the object was not looked for.
      returned: always
      type: bool
      sample: false
    definition:
      description:
        - What M(kubernetes.core.k8s) needs to find the object.
      returned: always
      type: dict
      sample: {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "partners", "namespace": "default"}}
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
      sample: Namespace shop
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
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import execute
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import secrets, without_contents
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "definitions": {"type": "list", "elements": "dict", "default": []},
        "ids": {"type": "list", "elements": "str", "default": []},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=without_contents)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
