# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: strange_environments
short_description: Environments that have recorded something and are not in an inventory
version_added: 0.1.0
description:
  - Says which of the environments that a ledger knows are none of an inventory. An environment is a host and the
    namespace that C(innergate_cluster) names for it, as V(contoso-apim/orders).
  - Of a host whose namespace can't be read, because its variable is encrypted or refers to something that is not
    defined, all are taken to be in the inventory.
author:
  - Innergate contributors (@innergate)
positional: hostvars, hosts, former
options:
  _input:
    description:
      - The environments, as M(innergate.azure.apim_ledger_info) answers them.
    type: list
    elements: str
    required: true
  hostvars:
    description:
      - The variables of all hosts, C(hostvars).
    type: dict
    required: true
  hosts:
    description:
      - The hosts that the inventory has for environments.
    type: list
    elements: str
    required: true
  former:
    description:
      - Environments, or hosts, that count as if they were in the inventory.
    type: list
    elements: str
    default: []
seealso:
  - module: innergate.azure.apim_ledger_info
  - plugin: innergate.azure.other_environments
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse to go on where somebody else has made something, too
  ansible.builtin.assert:
    that: strange | length == 0
    fail_msg: "{{ strange | join(', ') }}"
  vars:
    strange: "{{ ['apim/orders'] | innergate.azure.strange_environments(hostvars, groups['apim']) }}"
"""

RETURN = r"""
_value:
  description:
    - Those of the environments, sorted.
  type: list
  elements: str
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import namespace, strange
from jinja2.exceptions import UndefinedError


def strange_environments(
    recorded: Iterable[str], hostvars: Mapping[str, Any], hosts: Collection[str], former: Iterable[str] = ()
) -> list[str]:
    """The environments that no host of the inventory is."""
    spaces = {str(host): namespace(hostvars[host].get, (AnsibleError, UndefinedError)) for host in hosts}
    return strange(recorded, spaces, former)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"strange_environments": strange_environments}
