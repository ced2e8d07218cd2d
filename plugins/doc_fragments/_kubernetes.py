# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task reaches a cluster."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that ask a cluster. Names are those of kubernetes.core, so that credentials of AWX fit."""

    DOCUMENTATION = r"""
options:
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
      - A user in it is starred in what is shown.
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
      - A user in it is starred in what is shown.
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
"""
