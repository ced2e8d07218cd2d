# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consumer_workloads
short_description: Workloads of consumers, as services
version_added: 0.1.0
description:
  - Makes of consumers, as the role P(innergate.azure.apim_consumers#role) takes them, the list of their workloads, as
    the role P(innergate.azure.aks_services#role) takes its services.
  - A workload runs in the namespace of its consumer, for that is where the Secret is that it reads. It is called like
    the consumer unless it has a name of its own.
author:
  - Innergate contributors (@innergate)
positional: namespace, secrets, answered
options:
  _input:
    description:
      - The consumers. Those without a C(workload) are left out.
    type: list
    elements: dict
    required: true
  namespace:
    description:
      - Namespace of the consumers that name none themselves.
    type: str
    default: default
  secrets:
    description:
      - The Secrets as P(innergate.azure.consumer_secrets#filter) makes them.
      - Pods are annotated with a keyed hash of what is in the one that their consumer names, so that a new key rolls
        them. The key of the hash is the C(uid) of the Secret, which only those see who may see the Secret.
    type: list
    elements: dict
    default: []
  answered:
    description:
      - The Secrets as the API server has answered them, with C(name), C(namespace) and C(uid) in C(metadata). Without
        them, pods are not annotated.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show where the workloads of two consumers run
  ansible.builtin.debug:
    msg: "{{ consumers | innergate.azure.consumer_workloads('shop') | map(attribute='namespace') }}"
  vars:
    consumers:
      - name: web
        workload: {image: nginx}
      - name: partner
"""

RETURN = r"""
_value:
  description:
    - The workloads, each with C(name) and C(namespace).
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import workloads


def consumer_workloads(
    consumers: list[dict[str, Any]],
    namespace: str = "default",
    secrets: list[dict[str, Any]] | None = None,
    answered: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The workloads of consumers. Raises AnsibleFilterError."""
    try:
        return workloads(consumers, namespace, secrets or (), answered or ())
    except ValueError as error:
        raise AnsibleFilterError(f"consumer_workloads: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"consumer_workloads": consumer_workloads}
