#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_takeover_plan
short_description: Plan how objects pass from a client that has written them to one that applies them
version_added: 0.1.0
description:
  - With server-side apply, a field that is left out is removed, but only if nobody else has written it. Fields that
    M(kubernetes.core.k8s) has written without O(kubernetes.core.k8s#module:apply) count as somebody else's, and would
    stay for ever.
  - This module looks at objects and answers the patches after which these fields belong to who applies them. They are
    for M(kubernetes.core.k8s_json_patch). Nothing is written to the cluster.
  - Labels and annotations that the definition does not have stay with whom they are, but for those that say which
    Azure load balancer a Service gets. So does what was written by others than O(former).
  - An object that O(manager) has applied before needs no patch. The API server is asked what applying it would change;
    where that is nothing, it need not be applied, which saves the time of a module. Where it refuses the definition
    because of what is in the object beside it, the patch makes as little of that as helps O(manager)'s own, so that it
    goes when the definition is applied. Dry runs tell what helps. Secrets are left alone. So is what the API server, or
    a rule of the cluster, refuses without the definition, too.
  - Of a Secret, what O(manager) has applied as C(stringData) is nobody's in C(data), where the API server puts it. If
    the definition has neither C(stringData) nor such a key of it in C(data), the patch makes it O(manager)'s own, so
    that it goes; a key that somebody else has, too, stays.
  - A kind that is written otherwise than the cluster does, such as C(secret) or C(svc), is refused, though
    M(kubernetes.core.k8s) finds it. So is a kind that the cluster does not serve and no CustomResourceDefinition of
    O(definitions) or O(kinds) defines, an object that is described twice, and a list of objects. So are fields of
    C(metadata) that only the API server writes and that can't be applied, such as C(resourceVersion), and C(rules) of a
    ClusterRole beside C(aggregationRule).
  - An object that is being deleted is refused, for it goes whatever is applied to it.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
  - innergate.azure._attributes.action_group_kubernetes
  - innergate.azure._kubernetes
options:
  definitions:
    description:
      - Objects, as M(kubernetes.core.k8s) takes them. For the patches only C(apiVersion), C(kind), and C(name),
        C(namespace), and the names in C(labels) and C(annotations) in C(metadata) count.
    type: list
    elements: dict
    required: true
  kinds:
    description:
      - CustomResourceDefinitions that are applied by somebody else before O(definitions) are, so that objects of their
        kinds are not refused. Of these only C(spec.group), C(spec.names), C(spec.scope) and the names in
        C(spec.versions) count.
    type: list
    elements: dict
    default: []
  titles:
    description:
      - What messages call each of O(definitions), in the same order. Without it, they are C(definitions[0]) and so on.
    type: list
    elements: str
    default: []
  exposures:
    description:
      - How each of O(definitions) is to be exposed, in the same order. V(public) says of a Service that it is to have a
        load balancer with a public address. Then annotations, and C(spec.loadBalancerIP), of others that make that
        private contradict it, though the API server takes them. Anything else says nothing.
    type: list
    elements: str
    default: []
  manager:
    description:
      - The field manager that is to apply them.
    type: str
    default: innergate
  former:
    description:
      - The field managers that have written them. The client library of M(kubernetes.core.k8s) calls itself
        C(OpenAPI-Generator).
    type: list
    elements: str
    default: [OpenAPI-Generator]
  namespace:
    description:
      - Namespace of the objects that name none and are of a kind whose objects are in namespaces.
    type: str
    default: default
  namespaces:
    description:
      - Names of namespaces that other objects go to. Like those of O(definitions), the missing ones are answered.
    type: list
    elements: str
    default: []
notes:
  - The caller needs the rights to get the objects and O(namespaces). A namespace of O(definitions) that the caller may
    not get counts as existing. Without the right to patch the objects, none is
    known to be applied. An account that may not ask the API server which kinds there are has none refused.
seealso:
  - module: kubernetes.core.k8s
  - module: kubernetes.core.k8s_json_patch
  - name: Server-Side Apply
    description: How Kubernetes knows whose a field is.
    link: https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

EXAMPLES = r"""
- name: See which objects were written without server-side apply
  innergate.azure.kubernetes_takeover_plan:
    definitions:
      - apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
          namespace: default
  register: plan

- name: Take them over
  kubernetes.core.k8s_json_patch:
    api_version: "{{ item.api_version }}"
    kind: "{{ item.kind }}"
    namespace: "{{ item.namespace }}"
    name: "{{ item.name }}"
    patch: "{{ item.patch }}"
  loop: "{{ plan.objects }}"

- name: Plan to apply two objects
  innergate.azure.kubernetes_takeover_plan:
    definitions: "{{ two_objects }}"
  register: plan

- name: Apply those that would change, one after the other, so that each shows its diff
  kubernetes.core.k8s:
    definition: "{{ two_objects[item] }}"
    apply: true
    server_side_apply:
      field_manager: innergate
      force_conflicts: true
  loop: "{{ plan.pending }}"
"""

RETURN = r"""
applied:
  description:
    - The objects that are as described, so that nothing would change if O(manager) applied them, whoever else has
      their fields.
  returned: success
  type: list
  elements: dict
  contains:
    apiVersion:
      description:
        - API version.
      returned: always
      type: str
      sample: apps/v1
    kind:
      description:
        - Kind.
      returned: always
      type: str
      sample: Deployment
    metadata:
      description:
        - C(name), C(namespace) if it is in one, C(uid) and C(resourceVersion).
      returned: always
      type: dict
      sample:
        name: api
        namespace: default
        uid: 0c6c2f6e-1d5b-4a6c-8f5e-2b1f7f1f9a10
        resourceVersion: "4711"
pending:
  description:
    - Where in O(definitions) the other objects are, counted from 0. They do not exist, are to be taken over first, or
      applying them would change them.
  returned: success
  type: list
  elements: int
  sample: [0, 2]
places:
  description:
    - For each of O(definitions), what it has to be combined with to be in the namespace that it goes to. Empty for an
      object that is in none.
  returned: success
  type: list
  elements: dict
  sample: [{"metadata": {"namespace": "demo"}}, {}]
unserved:
  description:
    - Those of RV(pending) whose kind the cluster does not serve yet, but a CustomResourceDefinition of O(definitions)
      or O(kinds) defines. They can't be applied before that is.
  returned: success
  type: list
  elements: int
  sample: [2]
missing_namespaces:
  description:
    - Those of O(namespaces), and of the namespaces that O(definitions) describe or are in, that do not exist.
  returned: success
  type: list
  elements: str
  sample: [demo]
cluster:
  description:
    - What tells the cluster apart from others, in check mode with RV(missing_namespaces), which other hosts may miss,
      too. Otherwise empty.
  returned: success
  type: str
  sample: 0c6c2f6e-1d5b-4a6c-8f5e-2b1f7f1f9a10
objects:
  description:
    - The objects of O(definitions) that exist and are to be taken over, or in which something is to be put right first.
  returned: success
  type: list
  elements: dict
  contains:
    api_version:
      description:
        - Version of the API.
      returned: always
      type: str
      sample: apps/v1
    kind:
      description:
        - Kind of the object.
      returned: always
      type: str
      sample: Deployment
    namespace:
      description:
        - Its namespace. Empty where there is none.
      returned: always
      type: str
      sample: demo
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: api
    patch:
      description:
        - A JSON patch, which changes only who owns fields, and fails when somebody has changed in between who owns
          them, or what they are.
      returned: always
      type: list
      elements: dict
      sample: [{"op": "replace", "path": "/metadata/managedFields/0", "value": {"manager": "innergate"}}]
    contradicts:
      description:
        - Whether the patch is about what contradicts the definition, instead of what O(former) has written.
          Somebody else has written it, or the API server has it by default, such as the rolling update of a Deployment
          that is to have the strategy C(Recreate). The definition could not be applied beside it. What does not
          contradict it stays. So it is with what contradicts O(exposures), and with keys of Secrets that were applied
          as C(stringData) and have to go.
      returned: always
      type: bool
      sample: false
    rehearsal:
      description:
        - In check mode, where RV(objects[].contradicts), a JSON patch that makes of the object what it will be, but for
          the labels and annotations that are described. Of a Secret, it has nothing of what is in it. To see that,
          rehearse it. Otherwise empty.
      returned: always
      type: list
      elements: dict
      sample: []
    index:
      description:
        - Where in O(definitions) it is, counted from 0.
      returned: always
      type: int
      sample: 0
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
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import secrets, without_contents
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.takeover import execute
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "definitions": {"type": "list", "elements": "dict", "required": True},
        "kinds": {"type": "list", "elements": "dict", "default": []},
        "titles": {"type": "list", "elements": "str", "default": []},
        "exposures": {"type": "list", "elements": "str", "default": []},
        "manager": {"type": "str", "default": "innergate"},
        "former": {"type": "list", "elements": "str", "default": ["OpenAPI-Generator"]},
        "namespace": {"type": "str", "default": "default"},
        "namespaces": {"type": "list", "elements": "str", "default": []},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=without_contents)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
