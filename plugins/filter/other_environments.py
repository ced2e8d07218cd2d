# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: other_environments
short_description: What other hosts of an inventory name
version_added: 0.1.0
description:
  - Makes of the variables of hosts, as the role P(innergate.azure.environment#role) takes them, what the modules
    M(innergate.azure.apim_ledger) and M(innergate.azure.apim_ledger_info) take as
    O(innergate.azure.apim_ledger#module:ledger.others). It holds names, and nothing else of the variables.
  - A host without such variables names nothing. Where a variable refers to something that is not defined, or can't be
    decrypted, the answer says that it is not known what the host names.
author:
  - Innergate contributors (@innergate)
positional: hosts, own
options:
  _input:
    description:
      - The variables of all hosts, C(hostvars).
    type: dict
    required: true
  hosts:
    description:
      - The hosts to look at.
    type: list
    elements: str
    required: true
  own:
    description:
      - C(innergate_apim) of the host that asks. What others name in API Management counts only if they mean the same
        service.
    type: dict
    required: true
seealso:
  - module: innergate.azure.apim_ledger_info
"""

EXAMPLES = r"""
- name: See what of the products may go while other hosts are in use
  innergate.azure.apim_ledger_info:
    ledger:
      resource_group: contoso-rg
      service_name: contoso-apim
      others: "{{ hostvars | innergate.azure.other_environments(['other'], innergate_apim) }}"
    products: []
"""

RETURN = r"""
_value:
  description:
    - One item for each host.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import environment
from jinja2.exceptions import UndefinedError


def other_environments(
    hostvars: Mapping[str, Any], hosts: Iterable[str], own: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What each of the hosts names."""
    return [environment(host, own, _reader(hostvars[host]), (AnsibleError, UndefinedError)) for host in hosts]


def _reader(variables: Mapping[str, Any]) -> Callable[[str], Any]:
    """Reads a variable. Since ansible-core 2.19, what is in it is templated only when it is looked at."""
    return variables.get


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"other_environments": other_environments}
