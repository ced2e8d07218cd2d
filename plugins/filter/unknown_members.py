# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: unknown_members
short_description: APIs and groups of products that do not exist
version_added: 0.1.0
description:
  - Says which products name an API or a group that is not known, and which known one has nearly that name.
author:
  - Innergate contributors (@innergate)
positional: apis, groups
options:
  _input:
    description:
      - The products, as the role P(innergate.azure.apim_products#role) takes them.
    type: list
    elements: dict
    required: true
  apis:
    description:
      - The names of the APIs that are known. A revision, as V(orders;rev=2), is known with its API.
    type: list
    elements: str
    required: true
  groups:
    description:
      - The names of the groups that are known, apart from those that every service has.
    type: list
    elements: str
    default: []
seealso:
  - plugin: innergate.azure.item_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find names that are misspelt
  ansible.builtin.debug:
    msg: "{{ [{'name': 'partners', 'apis': ['ordres']}] | innergate.azure.unknown_members(['orders']) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence without its full stop for each name that is not known.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import hint

#: Groups that every service has.
#: (Microsoft Learn: api-management-howto-create-groups.)
_BUILT_IN = ("administrators", "developers", "guests")


def unknown_members(
    products: Iterable[Mapping[str, Any]], apis: Iterable[str], groups: Iterable[str] = ()
) -> list[str]:
    """In words, which product names what is not known. Names are caseless, as ARM's are."""
    known = {
        "API": {name.casefold(): name for name in apis},
        "group": {name.casefold(): name for name in (*_BUILT_IN, *groups)},
    }
    return [
        problem
        for product in products
        for title, key in (("API", "apis"), ("group", "groups"))
        for problem in _unknown(f"product {product.get('name')}", title, product.get(key) or (), known[title])
    ]


def _unknown(product: str, title: str, names: Sequence[Any], known: Mapping[str, str]) -> Iterable[str]:
    for name in map(str, names):
        plain = name.casefold().partition(";rev=")[0]
        if plain in known:
            continue
        yield f"{product} names {title} {name}, which is neither described nor there{hint(plain, known.values())}"


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"unknown_members": unknown_members}
