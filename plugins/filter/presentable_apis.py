# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: presentable_apis
short_description: APIs without what must not be shown, to loop over
version_added: 0.1.0
description:
  - Ansible repeats the items of a loop in results, and in the output when a task fails. So a loop over APIs that have
    credentials goes over what this filter makes of them, and the task looks up what is left out.
  - The credentials of backends are left out, and what lets somebody in is starred in O(_input[].service_url) and in the
    C(link) of O(_input[].specification).
author:
  - Innergate contributors (@innergate)
options:
  _input:
    description:
      - The APIs, as the role P(innergate.azure.apim_apis#role) takes them.
    type: list
    elements: dict
    required: true
    suboptions:
      service_url:
        description:
          - URL of what answers.
        type: str
      specification:
        description:
          - API specification.
        type: dict
seealso:
  - module: innergate.azure.apim_backend
"""

EXAMPLES = r"""
- name: Name what answers each API
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.service_url }}"
  vars:
    apis:
      - name: orders
        service_url: https://orders.azurewebsites.net/api?code=hidden
  loop: "{{ apis | innergate.azure.presentable_apis }}"
"""

RETURN = r"""
_value:
  description:
    - The same APIs. Each has C(confidential) as well, whether something of it is not shown.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger.repeating import presentable


def presentable_apis(apis: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each API as it may be shown, with C(confidential)."""
    return [{**(shown := presentable(api)), "confidential": shown != api} for api in apis]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"presentable_apis": presentable_apis}
