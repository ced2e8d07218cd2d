# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_addresses
short_description: Addresses of services by their names
version_added: 0.1.0
description:
  - Makes of the results of M(innergate.azure.kubernetes_load_balancer_info) in a loop over services a dictionary of
    their addresses.
  - Each service is there as C(namespace/name), and as C(name) alone if there is no other of this name in another
    namespace.
author:
  - Innergate contributors (@innergate)
positional: known, namespace, foretell
options:
  _input:
    description:
      - The results of the loop, whatever its C(loop_var). Each item is a service with its C(name) and, where they
        differ from the usual, C(namespace) and C(scheme) (V(http) or V(https)). Those without an address are left out.
    type: list
    elements: dict
    required: true
  known:
    description:
      - Addresses that this filter has answered before, and to which these are added.
    type: dict
    default: {}
  namespace:
    description:
      - Namespace of the services that name none themselves.
    type: str
    default: default
  foretell:
    description:
      - Answer the addresses that the services will have once they are as the items describe them, as the role
        P(innergate.azure.aks_services#role) takes them, for check mode does not make them so. Of items without
        C(container_port) it is not known how they are described, so that what was found counts.
      - An address that only the cluster or Azure will choose is C(known-after-the-run).
    type: bool
    default: false
seealso:
  - module: innergate.azure.kubernetes_load_balancer_info
"""

EXAMPLES = r"""
- name: Find the addresses of two services
  innergate.azure.kubernetes_load_balancer_info:
    namespace: "{{ item.namespace }}"
    name: "{{ item.name }}"
  loop:
    - {name: api, namespace: orders}
    - {name: api, namespace: stock}
  register: found

- name: Show where the orders are
  ansible.builtin.debug:
    msg: "{{ (found.results | innergate.azure.service_addresses)['orders/api'].url }}"
"""

RETURN = r"""
_value:
  description:
    - By name, each with C(address), C(port) and C(url).
  type: dict
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import foretelling


def service_addresses(
    found: Sequence[Mapping[str, Any]],
    known: Mapping[str, Any] | None = None,
    namespace: str = "default",
    foretell: bool = False,
) -> dict[str, dict[str, Any]]:
    """C(address), C(port) and C(url) by C(namespace/name), and by name where that is clear."""
    whole = {key: dict(value) for key, value in (known or {}).items() if "/" in key}
    for result in found:
        address, port = _place(result, namespace, foretell)
        if address:
            item = _item(result)
            url = f"{item.get('scheme') or 'http'}://{address}{f':{port}' if port else ''}"
            place = f"{item.get('namespace') or namespace}/{item['name']}"
            whole[place] = {"address": address, "port": port, "url": url}
    count = Counter(key.partition("/")[2] for key in whole)
    short = {key.partition("/")[2]: value for key, value in whole.items()}
    return {**{name: value for name, value in short.items() if count[name] == 1}, **whole}


def _item(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The service that the result is of. Ansible says in each what the loop calls it."""
    item: Mapping[str, Any] = result[result.get("ansible_loop_var", "item")]
    return item


def _place(result: Mapping[str, Any], namespace: str, foretell: bool) -> tuple[Any, Any]:
    """Address and port. What was left out in the loop has none, in check mode either."""
    if not foretell or "exists" not in result:
        return result.get("address"), result.get("port")
    if "container_port" not in _item(result):
        return result.get("address") or foretelling.UNKNOWN, result.get("port")
    try:
        return foretelling.place(_item(result), result, namespace)
    except ValueError as error:
        raise AnsibleFilterError(f"service_addresses: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"service_addresses": service_addresses}
