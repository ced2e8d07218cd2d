# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: leave_first
short_description: APIs that leave a product before others come into one
version_added: 0.1.0
description:
  - Chooses, of links between products and APIs that are to go, those that have to go before anything is added, because
    an API is in one open product at most. Open is a product for which no subscription is required.
author:
  - Innergate contributors (@innergate)
positional: products
options:
  _input:
    description:
      - The links, each with C(product_name) and C(api_name).
    type: list
    elements: dict
    required: true
  products:
    description:
      - The products as they are to be, as the role P(innergate.azure.apim_products#role) takes them.
    type: list
    elements: dict
    required: true
seealso:
  - module: innergate.azure.apim_product_api
"""

EXAMPLES = r"""
- name: Show what has to leave the product old before it can come into the product new
  ansible.builtin.debug:
    msg: "{{ [{'product_name': 'old', 'api_name': 'orders'}] | innergate.azure.leave_first(products) }}"
  vars:
    products: [{name: new, subscription_required: false, apis: [orders]}]
"""

RETURN = r"""
_value:
  description:
    - Those of the links that have to go first.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean


def leave_first(links: Iterable[Mapping[str, Any]], products: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those whose product is to be open, or whose API is to be in an open one.

    (Microsoft Learn: api-management-subscriptions.)
    """
    opened = [item for item in products if not boolean(item.get("subscription_required", True), strict=False)]
    names = {str(item.get("name")).casefold() for item in opened}
    apis = {str(name).casefold() for item in opened for name in item.get("apis") or ()}
    return [
        link
        for link in links
        if str(link["product_name"]).casefold() in names or str(link["api_name"]).casefold() in apis
    ]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"leave_first": leave_first}
