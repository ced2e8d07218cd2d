# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: presentable
short_description: Items without what must not be shown, to loop over
version_added: 0.1.0
description:
  - Ansible repeats the items of a loop in results, and in the output when a task fails. So a loop over items with
    secrets goes over what this filter makes of them, and the task looks up what is left out.
  - Of APIs, the credentials of backends are left out, and what lets somebody in is starred in the C(service_url) and in
    the C(link) of the C(specification).
  - Of calls, the values of all C(headers) are left out, and what lets somebody in is starred in C(url) and C(proxy).
author:
  - Innergate contributors (@innergate)
positional: kind
options:
  _input:
    description:
      - The items, as the roles P(innergate.azure.apim_apis#role) and P(innergate.azure.apim_verification#role) take
        them.
    type: list
    elements: dict
    required: true
  kind:
    description:
      - What they are.
    type: str
    choices: [apis, calls]
    required: true
seealso:
  - module: innergate.azure.apim_backend
  - module: innergate.azure.apim_gateway_probe
"""

EXAMPLES = r"""
- name: Name what answers each API
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.service_url }}"
  vars:
    apis:
      - name: orders
        service_url: https://orders.azurewebsites.net/api?code=hidden
  loop: "{{ apis | innergate.azure.presentable('apis') }}"
"""

RETURN = r"""
_value:
  description:
    - The same items. Each has C(index) as well, its place in the list, and C(confidential), whether something of it is
      not shown.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._gateway import confidential
from ansible_collections.innergate.azure.plugins.module_utils._ledger.repeating import (
    presentable as without_credentials,
)

_KINDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "apis": without_credentials,
    "calls": confidential.shown,
}


def presentable(items: Iterable[Mapping[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Each item as it may be shown, with C(index) and C(confidential)."""
    if kind not in _KINDS:
        raise AnsibleFilterError(f"presentable: {kind!r} is none of {', '.join(_KINDS)}")
    shown = [(item, _KINDS[kind](item)) for item in items]
    return [{**after, "index": index, "confidential": after != item} for index, (item, after) in enumerate(shown)]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"presentable": presentable}
