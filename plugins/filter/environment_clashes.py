# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: environment_clashes
short_description: Objects of a cluster that hosts of an inventory describe in different ways
version_added: 0.1.0
description:
  - Compares what a host describes in its cluster with what other hosts do, in variables as the role
    P(innergate.azure.environment#role) takes them. That is the Secrets of consumers, the Deployments and the Services.
  - Hosts may share what they describe alike, such as a service that several API Management services make public. What
    they describe in different ways each run would change again. A Secret holds the URL and the key of one API
    Management service, so that two services can't share it, nor the pods that are started anew when it changes.
  - Two clusters are the same if C(kubeconfig) and C(context) of C(innergate_cluster) lead to the same address and the
    same certificates of its authority. Where the controller can't read a kubeconfig, its place and the context count.
    What can't be read of another host is not compared.
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
      - The host whose objects are compared.
    type: str
    required: true
  hosts:
    description:
      - The hosts to compare with. Where the host itself is one of them, it is passed over.
    type: list
    elements: str
    required: true
seealso:
  - plugin: innergate.azure.other_environments
    plugin_type: filter
  - plugin: innergate.azure.item_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse what another host would change again
  ansible.builtin.assert:
    that: clashes | length == 0
    fail_msg: "{{ clashes | join('. ') }}"
  vars:
    clashes: "{{ hostvars | innergate.azure.environment_clashes(inventory_hostname, groups['apim']) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence for each host that describes the same objects in another way, with both hosts and the objects. It shows
      nothing of their contents.
  type: list
  elements: str
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.identity import Identities
from ansible_collections.innergate.azure.plugins.module_utils._ledger.clashes import clashes, described, sentence
from jinja2.exceptions import UndefinedError

#: What templates raise.
_ERRORS = (AnsibleError, UndefinedError)


def environment_clashes(hostvars: Mapping[str, Any], host: str, hosts: Iterable[str]) -> list[str]:
    """A sentence for each other host that describes objects in another way."""
    others = [other for other in hosts if other != host]
    if not others:
        return []
    identify = Identities(os.environ).of
    own = described(hostvars[host].get, identify, _ERRORS)
    if not own.objects:
        return []
    found = {
        other: clashes(own, described(hostvars[other].get, identify, _ERRORS, beside=own.cluster)) for other in others
    }
    return [sentence((host, other), places) for other, places in found.items() if places]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"environment_clashes": environment_clashes}
