# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: next_cidr
short_description: Find a free address range in an address space
version_added: 0.1.0
description:
  - Answers the first free IPv4 range of a size in the smallest block that it fits in, as
    M(innergate.azure.vnet_subnet_plan) does.
author:
  - Innergate contributors (@innergate)
positional: prefix_length
options:
  _input:
    description:
      - The address space, such as the address prefixes of a virtual network. A free range never spans two of them.
    type: list
    elements: str
    required: true
  prefix_length:
    description:
      - Size of the range.
    type: int
    required: true
  used:
    description:
      - Ranges that are in use or must be avoided.
    type: list
    elements: str
    default: []
  count:
    description:
      - How many ranges are wanted. With more than one, the answer is a list.
    type: int
    default: 1
seealso:
  - module: innergate.azure.vnet_subnet_plan
"""

EXAMPLES = r"""
- name: Room for one more subnet
  ansible.builtin.debug:
    msg: "{{ ['10.224.0.0/12'] | innergate.azure.next_cidr(27, used=['10.224.0.0/16']) }}"
    # 10.225.0.0/27
"""

RETURN = r"""
_value:
  description:
    - The free range, or a list of them with O(count) greater than one.
  type: raw
"""

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._network import space


def next_cidr(
    address_space: str | Sequence[str], prefix_length: int, used: Sequence[str] = (), count: int = 1
) -> str | list[str]:
    """A free network of that size (or several), as text. Raises AnsibleFilterError."""
    texts = [address_space] if isinstance(address_space, str) else list(address_space)
    try:
        inside, taken = space.networks(texts), space.networks(used)
    except ValueError as error:
        raise AnsibleFilterError(f"next_cidr: {error}") from error
    if not 1 <= int(prefix_length) <= 32 or count < 1:
        raise AnsibleFilterError("next_cidr: prefix_length must be between 1 and 32, count at least 1")
    found: list[str] = []
    for dummy in range(count):
        free = space.free_blocks(inside, taken)
        chosen = space.choose(free, int(prefix_length))
        if chosen is None:
            raise AnsibleFilterError(
                f"next_cidr: no room for {count} x /{prefix_length} in {', '.join(texts)}. Free: {space.describe(free)}"
            )
        found.append(str(chosen))
        taken.append(chosen)
    return found if count > 1 else found[0]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"next_cidr": next_cidr}
