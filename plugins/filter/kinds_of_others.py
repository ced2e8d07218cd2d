# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: kinds_of_others
short_description: Kinds of Kubernetes that other hosts of an inventory define
version_added: 0.1.0
description:
  - Answers the CustomResourceDefinitions in C(aks_services_manifests) of other hosts with the same cluster, so that
    objects of these kinds are not taken for ones that the cluster will not know. What does not matter for that is left
    out.
  - For a host without manifests, nothing is answered. A host whose variables can't be read defines nothing.
author:
  - Innergate contributors (@innergate)
positional: host, hosts
options:
  _input:
    description:
      - The variables of all hosts, C(hostvars).
    type: dict
    required: true
  host:
    description:
      - The host that asks.
    type: str
    required: true
  hosts:
    description:
      - The hosts to look at.
    type: list
    elements: str
    required: true
seealso:
  - module: innergate.azure.kubernetes_takeover_plan
  - plugin: innergate.azure.environment_clashes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See what is to be applied, if other hosts have applied their kinds
  innergate.azure.kubernetes_takeover_plan:
    definitions: "{{ aks_services_manifests }}"
    kinds: "{{ hostvars | innergate.azure.kinds_of_others(inventory_hostname, groups['apim']) }}"
  register: plan
"""

RETURN = r"""
_value:
  description:
    - The definitions, without their schemas.
  type: list
  elements: dict
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.definitions import brief
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.identity import Identities
from ansible_collections.innergate.azure.plugins.module_utils._ledger.clashes import described
from jinja2.exceptions import UndefinedError

#: What templates raise.
_ERRORS = (AnsibleError, UndefinedError)


def kinds_of_others(hostvars: Mapping[str, Any], host: str, hosts: Iterable[str]) -> list[dict[str, Any]]:
    """The definitions, in the order of the hosts."""
    others = [other for other in hosts if other != host]
    if not others or not hostvars[host].get("aks_services_manifests"):
        return []
    identify = Identities(os.environ).of
    own = identify(hostvars[host]["innergate_cluster"])
    found = [described(hostvars[other].get, identify, _ERRORS, beside=own) for other in others]
    return brief(item for other in found if other.cluster == own for item in other.objects.values())


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"kinds_of_others": kinds_of_others}
