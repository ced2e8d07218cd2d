# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_manifests
short_description: Kubernetes objects of services
version_added: 0.1.0
description:
  - Makes of services, as the role P(innergate.azure.aks_services#role) takes them, a Deployment and a Service for each.
author:
  - Innergate contributors (@innergate)
positional: namespace
options:
  _input:
    description:
      - The services.
    type: list
    elements: dict
    required: true
  namespace:
    description:
      - Namespace of the services that name none themselves.
    type: str
    default: default
"""

EXAMPLES = r"""
- name: Show the Service of a service
  ansible.builtin.debug:
    msg: "{{ services | innergate.azure.service_manifests('shop') | selectattr('kind', 'eq', 'Service') }}"
  vars:
    services:
      - name: web
        image: nginx
        container_port: 80
        exposure: cluster
"""

RETURN = r"""
_value:
  description:
    - The objects, a Deployment and a Service for each service.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import manifests


def service_manifests(services: list[dict[str, Any]], namespace: str = "default") -> list[dict[str, Any]]:
    """The objects of services. Raises AnsibleFilterError."""
    try:
        return manifests.services(services, namespace)
    except ValueError as error:
        raise AnsibleFilterError(f"service_manifests: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"service_manifests": service_manifests}
