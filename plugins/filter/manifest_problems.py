# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: manifest_problems
short_description: Manifests that name no object, or one that is described elsewhere, too
version_added: 0.1.0
description:
  - Looks for what can't be applied in Kubernetes objects as the role P(innergate.azure.aks_services#role) takes them
    beside its services. That is what lacks C(apiVersion), C(kind) or C(metadata.name), or has them as something else
    than a text, and lists of objects.
  - Then it looks for objects that are described more than once, among the manifests, services and consumers. Each run
    would change them again, and a private service could become public.
  - No cluster is asked, so that they can be refused before anything is made. Which kinds there are is not looked at.
    Nothing is shown but places, kinds and names.
author:
  - Innergate contributors (@innergate)
positional: namespace, services, consumers
options:
  _input:
    description:
      - The manifests.
    type: list
    elements: dict
    required: true
  namespace:
    description:
      - Namespace of what names none itself.
    type: str
    default: default
  services:
    description:
      - Services, as the role P(innergate.azure.aks_services#role) takes them.
    type: list
    elements: dict
    default: []
  consumers:
    description:
      - Consumers, as the role P(innergate.azure.apim_consumers#role) takes them.
    type: list
    elements: dict
    default: []
  option:
    description:
      - The variable that the manifests are in, for the sentences.
    type: str
    default: aks_services_manifests
seealso:
  - plugin: innergate.azure.item_problems
    plugin_type: filter
  - plugin: innergate.azure.environment_clashes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse a Service that one of the services has already
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join('; ') }}"
  vars:
    services:
      - name: web
        image: nginx
        container_port: 80
        exposure: cluster
    manifests:
      - apiVersion: v1
        kind: Service
        metadata: {name: web}
    problems: "{{ manifests | innergate.azure.manifest_problems('shop', services) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence without its full stop for each problem, with the place of the manifest. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import (
    same_objects,
    shape_problems,
)

Item = Mapping[str, Any]


def manifest_problems(
    manifests: Sequence[Item],
    namespace: str = "default",
    services: Sequence[Item] = (),
    consumers: Sequence[Item] = (),
    option: str = "aks_services_manifests",
) -> list[str]:
    """A sentence for each problem."""
    return shape_problems(manifests, option) or same_objects(manifests, option, namespace, services, consumers)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"manifest_problems": manifest_problems}
