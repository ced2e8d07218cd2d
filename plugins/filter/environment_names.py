# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: environment_names
short_description: Names of the environments of an inventory in a ledger
version_added: 0.1.0
description:
  - Answers the names that the ledger has for environments. An environment is a host and the namespace that
    C(innergate_cluster) names for it, as V(contoso-apim/orders).
  - Of a host whose namespace can't be read, because its variable is encrypted or refers to something that is not
    defined, it is the host alone, which stands for all of its namespaces.
author:
  - Innergate contributors (@innergate)
positional: hosts
options:
  _input:
    description:
      - The variables of all hosts, C(hostvars).
    type: dict
    required: true
  hosts:
    description:
      - The hosts that are environments.
    type: list
    elements: str
    required: true
seealso:
  - module: innergate.azure.apim_ledger
  - plugin: innergate.azure.other_environments
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See what of the products is to be removed, and is wanted by nobody of another inventory
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
      known_environments: "{{ hostvars | innergate.azure.environment_names(groups['apim']) }}"
    products: []
"""

RETURN = r"""
_value:
  description:
    - The names, in the order of the hosts.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import name_in_ledger
from jinja2.exceptions import UndefinedError


def environment_names(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """The name of each host's environment."""
    return [name_in_ledger(str(host), hostvars[host].get, (AnsibleError, UndefinedError)) for host in hosts]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"environment_names": environment_names}
