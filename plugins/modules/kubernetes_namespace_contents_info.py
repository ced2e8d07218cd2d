#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubernetes_namespace_contents_info
short_description: See what people keep in namespaces of a cluster
version_added: 0.1.0
description:
  - Lists the objects in namespaces by kind and name, of every kind that the cluster knows, custom ones included. So a
    playbook can tell whether a namespace can be removed without anybody losing anything.
  - What the cluster itself keeps in a namespace is left out, and so are objects that another one owns (the pods of a
    Deployment) and objects that are about to go.
  - Contents of objects are not answered. Nothing is written to the cluster.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
options:
  namespaces:
    description:
      - Names of the namespaces.
    type: list
    elements: str
    required: true
  resources:
    description:
      - Only these kinds, as their URLs name them, such as V(services) or V(apps/v1/deployments). Without this option,
        all kinds are listed, and an empty list lists none, to see whether the namespaces exist.
    type: list
    elements: str
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
  - The caller needs the rights to get the namespaces and to list what is in them. What it may not list is answered in
    RV(namespaces).
seealso:
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
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
namespaces:
  description:
    - The namespaces by name.
  returned: always
  type: dict
  contains:
    exists:
      description:
        - Whether the namespace exists.
      returned: always
      type: bool
      sample: true
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
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contents import execute
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(ARGUMENTS) + ArgumentSpec(
    {
        "namespaces": {"type": "list", "elements": "str", "required": True},
        "resources": {"type": "list", "elements": "str"},
    }
)

TASK = Task(SPEC, execute)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
