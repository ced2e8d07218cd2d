# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: lost_keys
short_description: Whose keys would be lost with products and APIs
version_added: 0.1.0
description:
  - Says, of subscriptions as M(innergate.azure.apim_subscription_info) answers them, which ones Azure would remove
    together with the products and APIs that they are to.
author:
  - Innergate contributors (@innergate)
positional: products, apis, going
options:
  _input:
    description:
      - The subscriptions.
    type: list
    elements: dict
    required: true
  products:
    description:
      - The names of the products that are to go.
    type: list
    elements: str
    default: []
  apis:
    description:
      - The names of the APIs that are to go. Each stands for all its revisions.
    type: list
    elements: str
    default: []
  going:
    description:
      - The names of the subscriptions that are to go themselves, before.
    type: list
    elements: str
    default: []
seealso:
  - module: innergate.azure.apim_subscription_info
  - plugin: innergate.azure.scoped_subscriptions
    plugin_type: filter
"""

EXAMPLES = r"""
- name: List the subscriptions
  innergate.azure.apim_subscription_info:
    resource_group: prod-rg
    service_name: prod-apim
  register: found

- name: Stop where somebody would lose a key
  ansible.builtin.assert:
    that: lost | length == 0
    fail_msg: "{{ lost | join(' ') }}"
  vars:
    lost: "{{ found.resources | innergate.azure.lost_keys(products=['partners'], apis=['orders'], going=['shop']) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence for each product and API with such subscriptions, and one with what can be done about it.
  type: list
  elements: str
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.filter.scoped_subscriptions import scoped_subscriptions


def lost_keys(
    subscriptions: Sequence[Mapping[str, Any]],
    products: Sequence[str] = (),
    apis: Sequence[str] = (),
    going: Collection[str] = (),
) -> list[str]:
    """In sentences, what would be lost and which variable of a role allows it; empty if nothing would."""
    own = {name.casefold() for name in going}
    people = [item for item in subscriptions if str(item.get("name") or "").casefold() not in own]
    sentences: list[str] = []
    options: list[str] = []
    for title, part, names in (("Product", "products", products), ("API", "apis", apis)):
        for name in names:
            lost = [str(item.get("name")) for item in scoped_subscriptions(people, f"/{part}/{name}")]
            if lost:
                sentences.append(f"{title} {name} has subscriptions whose keys would be lost: {', '.join(lost)}.")
                options.append(f"apim_{part}_delete_subscriptions")
    if sentences:
        sentences.append(f"Remove them first, or set {' and '.join(dict.fromkeys(options))} to true.")
    return sentences


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"lost_keys": lost_keys}
