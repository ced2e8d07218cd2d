# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: close_first
short_description: Products in an order in which they can be written
version_added: 0.1.0
description:
  - An API is in one open product at most. Open is a product for which no subscription is required. So a product that
    others have to subscribe to goes before an open one with one of its APIs, for it may have been the open one until
    now. The others stay in their order.
author:
  - Innergate contributors (@innergate)
options:
  _input:
    description:
      - The products as they are to be, as the role P(innergate.azure.apim_products#role) takes them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: innergate.azure.leave_first
    plugin_type: filter
  - module: innergate.azure.apim_product
"""

EXAMPLES = r"""
- name: Show that the product partners is written first
  ansible.builtin.debug:
    msg: "{{ products | innergate.azure.close_first | map(attribute='name') }}"
  vars:
    products:
      - name: everybody
        subscription_required: false
        apis: [orders]
      - name: partners
        apis: [orders]
"""

RETURN = r"""
_value:
  description:
    - The same products.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._resources._open_products import in_order


def close_first(products: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The products, those that may have to be closed before another one can be opened before that."""
    return in_order(products)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"close_first": close_first}
