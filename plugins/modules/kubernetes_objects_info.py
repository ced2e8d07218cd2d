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
  kubeconfig:
    description:
      - Path of a kubeconfig. The environment variables E(K8S_AUTH_KUBECONFIG) and E(KUBECONFIG) are alternatives;
        C(~/.kube/config) is the default.
    type: path
  context:
    description:
      - Context of the kubeconfig. The environment variable E(K8S_AUTH_CONTEXT) is an alternative.
    type: str
  host:
    description:
      - URL of the API server. The environment variable E(K8S_AUTH_HOST) is an alternative.
    type: str
  api_key:
    description:
      - Token for the API server. The environment variable E(K8S_AUTH_API_KEY) is an alternative.
    type: str
  username:
    description:
      - User name for an API server that takes HTTP basic authentication. The environment variable
        E(K8S_AUTH_USERNAME) is an alternative.
    type: str
  password:
    description:
      - Password that belongs to O(username). The environment variable E(K8S_AUTH_PASSWORD) is an alternative.
    type: str
  ca_cert:
    description:
      - Path of the certificates that the API server's is checked with. The environment variable E(K8S_AUTH_SSL_CA_CERT)
        is an alternative.
    type: path
    aliases: [ssl_ca_cert]
  client_cert:
    description:
      - Path of a client certificate. The environment variable E(K8S_AUTH_CERT_FILE) is an alternative.
    type: path
    aliases: [cert_file]
  client_key:
    description:
      - Path of the key that belongs to O(client_cert). The environment variable E(K8S_AUTH_KEY_FILE) is an alternative.
    type: path
    aliases: [key_file]
  validate_certs:
    description:
      - Whether the certificate of the API server is checked. The environment variable E(K8S_AUTH_VERIFY_SSL) is an
        alternative.
    type: bool
    aliases: [verify_ssl]
  proxy:
    description:
      - URL of an HTTP proxy. The environment variable E(K8S_AUTH_PROXY) is an alternative.
    type: str
  no_proxy:
    description:
      - Hosts that are reached without the proxy, with commas between them. The environment variable
        E(K8S_AUTH_NO_PROXY) is an alternative.
    type: str
  impersonate_user:
    description:
      - User to act as. The environment variable E(K8S_AUTH_IMPERSONATE_USER) is an alternative.
    type: str
  impersonate_groups:
    description:
      - Groups to act as. The environment variable E(K8S_AUTH_IMPERSONATE_GROUPS) is an alternative.
    type: list
    elements: str
requirements:
  - kubernetes
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
  returned: always
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
    elsewhere:
      description:
        - Whether the identifier names another cluster than the one that was asked. Then the object was not looked for.
      returned: always
      type: bool
      sample: false
    definition:
      description:
        - What M(kubernetes.core.k8s) needs to find the object.
      returned: always
      type: dict
      sample: {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "partners", "namespace": "default"}}
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import execute
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "definitions": {"type": "list", "elements": "dict", "default": []},
        "ids": {"type": "list", "elements": "str", "default": []},
    }
)

TASK = Task(SPEC, execute)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
